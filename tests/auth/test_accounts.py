"""Accounts: random first passwords, lock-out by name and time, nothing that tells who exists."""

from __future__ import annotations

import json
import logging

import pytest
from sqlalchemy import select

from fundwatch.access import Role
from fundwatch.errors import UserError
from fundwatch.state import failures, passwords
from fundwatch.state.audit import listing
from fundwatch.state.failures import LockedError, failure
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users, account


@pytest.fixture
def users(store, clock) -> Users:
    return Users(store, clock=clock)


@pytest.fixture
def password(users) -> str:
    """The password of fx01, an analyst."""
    return users.add("fx01", "分析员01", [Role.ANALYST], "测试")


def test_right_password_signs_in_and_wrong_does_not(users, password):
    assert users.check("fx01", password)
    assert not users.check("fx01", password + "x")
    assert not users.check("fx01", "")


def test_name_is_read_without_regard_to_case_and_blanks(users, password):
    assert users.check(" FX01 ", password)


def test_first_start_makes_one_account_per_role_once(users):
    made = users.ensure_first("首次启动")
    assert [user.roles for user, _ in made] == [(role,) for role in Role]
    assert len({password for _, password in made}) == len(Role)
    assert all(len(password) == 14 and set(password) <= set(passwords.ALPHABET) for _, password in made)
    assert all(user.password_is_initial for user, _ in made)
    assert users.ensure_first("首次启动") == []


def test_passwords_are_kept_as_bcrypt_hashes_only(users, password, store):
    with store.connect() as connection:
        row = connection.execute(select(account)).mappings().one()
    assert row["password_hash"].startswith("$2b$04$")
    assert password not in str(dict(row))


def test_product_hashes_with_twelve_rounds():
    source = passwords.__file__
    with open(source, encoding="utf-8") as file:
        assert "\nROUNDS = 12" in file.read()


def test_fifth_failure_locks_for_15_minutes_and_ends_by_itself(users, password, clock):
    for _ in range(5):
        assert not users.check("fx01", "wrong")
    with pytest.raises(LockedError, match="15 分钟后再试"):
        users.check("fx01", password)
    clock.pass_minutes(14.9)
    with pytest.raises(LockedError):
        users.check("fx01", password)
    clock.pass_minutes(0.2)
    assert users.check("fx01", password)


def test_four_failures_do_not_lock_and_success_forgets_them(users, password):
    for _ in range(2):
        for _ in range(4):
            users.check("fx01", "wrong")
        assert users.check("fx01", password)


def test_failures_far_apart_do_not_add_up(users, password, clock):
    for _ in range(8):
        users.check("fx01", "wrong")
        clock.pass_minutes(16)
    assert users.check("fx01", password)


def test_after_a_lock_counting_begins_anew(users, password, clock):
    for _ in range(5):
        users.check("fx01", "wrong")
    clock.pass_minutes(15.1)
    for _ in range(4):
        assert not users.check("fx01", "wrong")
    assert users.check("fx01", password)


def test_lock_of_one_name_leaves_others_alone(users, password):
    for _ in range(5):
        users.check("cs01", "wrong")
    assert users.check("fx01", password)


def test_lock_survives_a_restart(users, password, store, clock):
    for _ in range(5):
        users.check("fx01", "wrong")
    with pytest.raises(LockedError):
        Users(store, clock=clock).check("fx01", password)


def test_unknown_name_is_locked_with_the_same_words(users, password):
    words = []
    for name in ("fx01", "nobody"):
        for _ in range(5):
            assert users.check(name, "wrong") is False
        with pytest.raises(LockedError) as locked:
            users.check(name, "wrong")
        words.append(locked.value.message)
    assert words[0] == words[1]


def test_unknown_name_costs_one_hash_like_a_known_one(users, password, monkeypatch):
    compared = []
    real = passwords.bcrypt.checkpw
    monkeypatch.setattr(
        passwords.bcrypt, "checkpw", lambda *given: compared.append(given[1][:7]) or real(*given)
    )
    users.check("fx01", "wrong")
    users.check("nobody", "wrong")
    assert compared == [b"$2b$04$", b"$2b$04$"]


def test_what_was_typed_as_an_unknown_name_is_stored_nowhere(users, store, caplog):
    caplog.set_level(logging.DEBUG)
    users.check("MyPassw0rd", "wrong")
    with store.connect() as connection:
        stored = str(connection.execute(select(failure)).all())
    logged = json.dumps([[e.user, e.object, e.detail] for e in listing(store)])
    assert "mypassw0rd" not in (stored + logged + caplog.text).lower()


def test_very_long_password_is_wrong_and_no_error(users, password):
    assert not users.check("fx01", password + "x" * 100)


def test_disabled_account_cannot_sign_in_and_loses_its_sessions(users, password, store, clock):
    session = Sessions(store, clock=clock).issue("fx01")
    users.set_enabled("fx01", False, "测试")
    assert not users.check("fx01", password)
    assert Sessions(store, clock=clock).user_of(session) is None
    users.set_enabled("fx01", True, "测试")
    assert users.check("fx01", password)


def test_reset_gives_a_new_password_and_ends_sessions_and_lock(users, password, store, clock):
    session = Sessions(store, clock=clock).issue("fx01")
    for _ in range(5):
        users.check("fx01", "wrong")
    fresh = users.reset("fx01", "测试")
    assert users.check("fx01", fresh)
    assert not users.check("fx01", password)
    assert Sessions(store, clock=clock).user_of(session) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("Short-1", "密码长度"), ("Aa1-" * 19, "密码长度"), ("onlylowerletters", "三种"), ("a-longer-phrase-of-mine", "三种"),
        ("Mine-is-FX01-2026", "不能包含账号"),
    ],
)  # fmt: skip
def test_password_that_breaks_a_rule_is_refused(users, password, given, why):
    with pytest.raises(UserError, match=why):
        users.set_password("fx01", given)
    assert users.check("fx01", password)


def test_new_password_is_another_one(users, password):
    users.set_password("fx01", "A-longer-phrase-of-mine")
    with pytest.raises(UserError, match="现在的密码"):
        users.set_password("fx01", "A-longer-phrase-of-mine")


def test_new_password_ends_every_session_but_the_one_it_was_given_in(users, password, store, clock):
    sessions = Sessions(store, clock=clock)
    here, elsewhere = sessions.issue("fx01"), sessions.issue("fx01")
    users.set_password("fx01", "A-longer-phrase-of-mine", keep=here)
    assert sessions.user_of(here) == "fx01"
    assert sessions.user_of(elsewhere) is None


def test_own_password_is_no_longer_initial(users, password):
    users.set_password("fx01", "A-longer-phrase-of-mine")
    assert users.check("fx01", "A-longer-phrase-of-mine")
    user = users.get("fx01")
    assert user is not None
    assert not user.password_is_initial


@pytest.mark.parametrize("name", ["a", "中文", "has blank", "x" * 40, "-x"])
def test_name_that_does_not_fit_is_refused_in_chinese(users, name):
    with pytest.raises(UserError, match="不合规"):
        users.add(name, "分析员02", [Role.ANALYST], "测试")


def test_same_name_twice_is_refused(users, password):
    with pytest.raises(UserError, match="已存在"):
        users.add("FX01", "分析员01", [Role.ANALYST], "测试")


def test_signing_in_failing_and_changes_are_logged(users, password, store):
    users.check("fx01", "wrong")
    users.check("fx01", password)
    users.set_enabled("fx01", False, "admin")
    done = [(event.user, event.action) for event in reversed(listing(store))]
    assert done == [("测试", "新增账号"), ("fx01", "登录失败"), ("fx01", "登录"), ("admin", "停用账号")]
    assert all(password not in str(event) for event in listing(store))


def test_a_try_on_its_way_while_the_name_is_locked_does_not_open_it(users, clock, monkeypatch):
    for number in range(5):
        users.check("fx01", f"wrong-password-{number}")
    with monkeypatch.context() as before:
        # it had looked before the fifth failure was written
        before.setattr(failures, "locked_until", lambda engine, name, now: 0)
        assert not users.check("fx01", "wrong-password-6")
    with pytest.raises(LockedError):
        users.check("fx01", "wrong-password-7")
    clock.pass_minutes(16)
    assert not users.check("fx01", "wrong-password-8")


def test_a_lock_from_before_the_clock_was_set_back_does_not_outlast_it(users, clock):
    for number in range(5):
        users.check("fx01", f"wrong-password-{number}")
    with pytest.raises(LockedError):
        users.check("fx01", "wrong-password-5")
    clock.pass_minutes(-24 * 60)
    # counted from one again, and the fifth locks as ever
    for number in range(5):
        assert not users.check("fx01", f"wrong-password-{number}")
    with pytest.raises(LockedError):
        users.check("fx01", "wrong-password-5")
    clock.pass_minutes(16)
    assert not users.check("fx01", "wrong-password-6")
