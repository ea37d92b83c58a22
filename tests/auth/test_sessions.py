"""A sign-in lives on the server: it ends by itself, by logout, and for every copy of its cookie."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fundwatch.settings import Settings
from fundwatch.state.sessions import Limits, Sessions


@pytest.fixture
def sessions(store, clock) -> Sessions:
    return Sessions(store, clock=clock)


def test_a_new_session_belongs_to_its_user(sessions):
    assert sessions.user_of(sessions.issue("fx01")) == "fx01"


def test_an_unknown_or_empty_id_belongs_to_nobody(sessions):
    sessions.issue("fx01")
    assert sessions.user_of("made-up") is None
    assert sessions.user_of("") is None
    assert sessions.user_of(None) is None


def test_session_ends_after_30_minutes_without_a_click(sessions, clock):
    identifier = sessions.issue("fx01")
    clock.pass_minutes(29.9)
    assert sessions.user_of(identifier, touch=False) == "fx01"
    clock.pass_minutes(0.1)
    assert sessions.user_of(identifier) is None


def test_a_click_extends_the_idle_time_and_looking_does_not(sessions, clock):
    clicked, looked_at = sessions.issue("fx01"), sessions.issue("fx01")
    clock.pass_minutes(20)
    sessions.user_of(clicked)
    sessions.user_of(looked_at, touch=False)
    clock.pass_minutes(20)
    assert sessions.user_of(clicked) == "fx01"
    assert sessions.user_of(looked_at) is None


def test_session_ends_after_8_hours_however_busy(sessions, clock):
    identifier = sessions.issue("fx01")
    for _ in range(8 * 60 // 20 - 1):
        clock.pass_minutes(20)
        assert sessions.user_of(identifier) == "fx01"
    clock.pass_minutes(20)
    assert sessions.user_of(identifier) is None


def test_an_ended_session_does_not_come_back_when_the_clock_is_set_back(sessions, clock):
    identifier = sessions.issue("fx01")
    sessions.revoke(identifier)
    clock.pass_minutes(-5)
    assert sessions.user_of(identifier) is None


@pytest.mark.parametrize(
    ("minutes", "alive"), [(-5, True), (-60, False), (-24 * 60, False), (24 * 60, False)]
)
def test_no_session_outlives_a_clock_that_jumps(sessions, clock, minutes, alive):
    identifier = sessions.issue("fx01")
    clock.pass_minutes(minutes)
    assert (sessions.user_of(identifier) is not None) == alive
    # whoever signs in by the new time stays in
    assert sessions.user_of(sessions.issue("fx01")) == "fx01"


def test_logout_ends_one_session_and_leaves_the_others(sessions):
    here, elsewhere = sessions.issue("fx01"), sessions.issue("fx01")
    sessions.revoke(here)
    assert sessions.user_of(here) is None
    assert sessions.user_of(elsewhere) == "fx01"


def test_all_sessions_of_a_user_can_be_ended_at_once(sessions):
    first, second, other = sessions.issue("fx01"), sessions.issue("fx01"), sessions.issue("cs01")
    sessions.revoke_all("fx01")
    assert [sessions.user_of(s) for s in (first, second, other)] == [None, None, "cs01"]


def test_limits_are_parameters(store, clock):
    short = Sessions(store, Limits(idle=60, absolute=120, write_every=1), clock)
    identifier = short.issue("fx01")
    clock.pass_minutes(1)
    assert short.user_of(identifier) is None


def test_another_process_sees_the_session_and_its_end(home, store):
    sessions = Sessions(store)
    identifier = sessions.issue("fx01")
    look = (
        "import sys; from fundwatch.home import find_home; from fundwatch.state.db import engine; "
        "from fundwatch.state.sessions import Sessions; print(Sessions(engine(find_home())).user_of(sys.argv[1]))"
    )

    def seen() -> str:
        found = subprocess.run(
            [sys.executable, "-c", look, identifier], capture_output=True, text=True, check=True
        )
        return found.stdout.strip()

    assert seen() == "fx01"
    sessions.revoke(identifier)
    assert seen() == "None"


def test_limits_come_from_the_settings_of_the_home(home):
    Settings(home).set("session_idle_minutes", "10", None, "测试", "测试")
    assert Sessions.of(home).limits == Limits(idle=600, absolute=8 * 3600)
