"""Verdicts on hits: who may, what is kept, what is refused, and that a rebuild loses none."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from fundwatch.access import Role
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.audit import listing, verify
from fundwatch.state.db import engine
from fundwatch.state.users import User
from fundwatch.state.verdicts import JUDGES, Hit, Verdicts

HIT = Hit("r040", "S1", "0123456789ab", "ba9876543210")


def user(role: Role, name: str = "jh01") -> User:
    return User(name, f"{role.value}01", (role,), True, False, None)


INSPECTOR, REVIEWER = user(Role.INSPECTOR), user(Role.FINAL_REVIEWER, "fs01")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def verdicts(home: Home) -> Verdicts:
    return Verdicts(engine(home), clock=lambda: 1_700_000_000.0)


def test_verdict_says_who_when_and_why(verdicts: Verdicts) -> None:
    given = verdicts.give(HIT, "属实", " 两次住院主诊断相同,无新病情 ", INSPECTOR)
    assert (given.verdict, given.reason) == ("属实", "两次住院主诊断相同,无新病情")
    assert (given.username, given.post, given.at) == ("jh01", "稽核岗01", "2023-11-15T06:13:20+08:00")
    assert verdicts.standing("r040", "S1") == given
    assert given.hit_id == "r040:S1"


def test_later_word_replaces_and_nothing_is_lost(verdicts: Verdicts) -> None:
    verdicts.give(HIT, "属实", "初看属实", INSPECTOR)
    verdicts.give(HIT, "排除", "复核病历,计划性再入院", REVIEWER)
    assert [(one.verdict, one.post) for one in verdicts.history("r040", "S1")] == [
        ("属实", "稽核岗01"), ("排除", "复审岗01"),
    ]  # fmt: skip
    assert verdicts.standing("r040", "S1").verdict == "排除"
    verdicts.give(HIT, "撤回", "点错了一条", REVIEWER)
    assert verdicts.standing("r040", "S1") is None
    assert verdicts.all_standing() == []
    assert len(verdicts.history("r040", "S1")) == 3


def test_what_holds_can_be_asked_for_some_rules(verdicts: Verdicts) -> None:
    other = Hit("r031", "S9", "v", "p")
    verdicts.give(other, "排除", "床位费含陪护", INSPECTOR)
    verdicts.give(HIT, "属实", "查实", INSPECTOR)
    assert [one.hit_id for one in verdicts.all_standing()] == ["r031:S9", "r040:S1"]
    assert [one.hit_id for one in verdicts.all_standing(["r040"])] == ["r040:S1"]
    assert verdicts.all_standing([]) == []


@pytest.mark.parametrize("role", Role)
def test_only_reviewers_and_inspectors_may(verdicts: Verdicts, role: Role) -> None:
    if role in JUDGES:
        assert verdicts.give(HIT, "属实", "查实", user(role)).post == f"{role.value}01"
        return
    with pytest.raises(UserError, match="只有初审岗、复核岗、复审岗、稽核岗可以核实线索"):
        verdicts.give(HIT, "属实", "查实", user(role))
    assert verdicts.history("r040", "S1") == []


@pytest.mark.parametrize(
    ("verdict", "reason", "said"),
    [
        ("成立", "查实", "核实结论只能是属实、排除、撤回"),
        ("属实", "  \u3000", "请写明核实理由"),
        ("属实", "字" * 401, "不超过 400 字,现为 401 字"),
        ("撤回", "点错了", "没有可撤回的核实结论"),
    ],
)
def test_what_is_refused_is_said_and_leaves_nothing(
    verdicts: Verdicts, verdict: str, reason: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        verdicts.give(HIT, verdict, reason, INSPECTOR)
    assert verdicts.history("r040", "S1") == []


def test_personal_numbers_in_the_reason_are_masked(verdicts: Verdicts, home: Home) -> None:
    given = verdicts.give(HIT, "属实", "患者电话13912345678确认未住院", INSPECTOR)
    assert given.reason == "患者电话[电话]确认未住院"
    with engine(home).connect() as connection:
        rows = str(connection.execute(text("select * from hit_verdict")).all())
    kept = b"".join(path.read_bytes() for path in home.state.iterdir() if path.is_file())
    assert "[电话]确认" in rows
    assert "13912345678" not in rows
    assert b"13912345678" not in kept


def test_each_verdict_is_in_the_log(verdicts: Verdicts, home: Home) -> None:
    verdicts.give(HIT, "属实", "查实", INSPECTOR)
    (event,) = listing(engine(home), action="线索核实")
    assert (event.user, event.object) == ("jh01", "r040:S1")
    assert event.detail == {
        "verdict": "属实",
        "reason": "查实",
        "version": HIT.version,
        "params": HIT.params_hash,
    }
    assert verify(engine(home)).sound


def test_verdict_on_another_version_is_told_apart(verdicts: Verdicts) -> None:
    given = verdicts.give(HIT, "属实", "查实", INSPECTOR)
    assert given.fits(HIT)
    assert not given.fits(Hit("r040", "S1", "another", HIT.params_hash))
    assert not given.fits(Hit("r040", "S1", HIT.version, "another"))


def test_version_changes_with_each_verdict(verdicts: Verdicts) -> None:
    before = verdicts.version
    verdicts.give(HIT, "属实", "查实", INSPECTOR)
    assert verdicts.version != before
