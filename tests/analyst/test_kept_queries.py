"""Kept queries: whose they are, who sees them, what is refused, and that each change is on record without the statement's text."""

from __future__ import annotations

import pytest

from fundwatch.access import Role
from fundwatch.analyst.run import Limits, limits_of, statement_hash
from fundwatch.clock import china_today
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.settings import Settings
from fundwatch.state import queries as kept
from fundwatch.state.audit import listing, verify
from fundwatch.state.db import engine
from fundwatch.state.queries import Queries
from fundwatch.state.users import User

ONE = User("fx01", "分析员01", (Role.ANALYST,), True, False, None)
OTHER = User("fx02", "分析员02", (Role.ANALYST,), True, False, None)
SQL = "select sum(amt) from fct_fund_ledger"


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def queries(home) -> Queries:
    return Queries.of(home)


def test_others_see_what_is_shared_and_nothing_else(queries):
    queries.keep(ONE, "甲", SQL, shared=False)
    shared = queries.keep(ONE, "乙", SQL, shared=True)
    own = queries.keep(OTHER, "丙", SQL, shared=False)
    assert [one.name for one in queries.seen_by(ONE)] == ["乙", "甲"]
    assert queries.seen_by(OTHER) == [own, shared]
    queries.share(ONE, shared.query_id, False)
    assert queries.seen_by(OTHER) == [own]


def test_the_same_name_again_takes_the_place_of_the_own_one_only(queries):
    queries.keep(OTHER, "甲", "select 2", shared=True)
    queries.keep(ONE, "甲", "select 0", shared=False)
    queries.keep(ONE, " 甲 ", "select 1", shared=False)
    assert [(one.username, one.sql) for one in queries.seen_by(ONE)] == [
        ("fx01", "select 1"),
        ("fx02", "select 2"),
    ]


def test_only_the_owner_shares_or_removes(queries):
    one = queries.keep(ONE, "甲", SQL, shared=True)
    for act in (
        lambda: queries.share(OTHER, one.query_id, False),
        lambda: queries.remove(OTHER, one.query_id),
    ):
        with pytest.raises(UserError, match="只能修改或删除自己保存的"):
            act()
    queries.remove(ONE, one.query_id)
    with pytest.raises(UserError, match="已被删除"):
        queries.remove(ONE, one.query_id)
    assert queries.seen_by(ONE) == []


@pytest.mark.parametrize(
    ("name", "sql", "words"),
    [
        ("", SQL, "1 至 40 个字"),
        ("甲" * 41, SQL, "1 至 40 个字"),
        ("甲", "  ", "1 至 20,000 个字符"),
        ("甲", "x" * 20_001, "1 至 20,000 个字符"),
        ("甲", "select * from dim_town where town_name = '340000199001011234'", "身份证号或电话号码"),
        ("13800138000", SQL, "身份证号或电话号码"),
    ],
)
def test_what_must_not_be_kept_is_refused_and_leaves_no_trace(home, queries, name, sql, words):
    with pytest.raises(UserError, match=words):
        queries.keep(ONE, name, sql, shared=False)
    assert queries.seen_by(ONE) == []
    assert listing(engine(home)) == []


def test_one_person_keeps_no_endless_list(queries, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for name in ("甲", "乙"):
        queries.keep(ONE, name, SQL, shared=False)
    with pytest.raises(UserError, match="最多保存 2 条"):
        queries.keep(ONE, "丙", SQL, shared=False)
    queries.keep(ONE, "乙", "select 1", shared=False)
    assert [one.name for one in queries.seen_by(ONE)] == ["乙", "甲"]


def test_the_log_has_the_hash_and_never_the_text(home, queries):
    one = queries.keep(ONE, "甲", SQL, shared=True)
    queries.remove(ONE, one.query_id)
    events = listing(engine(home))
    assert [event.action for event in events] == [kept.REMOVE, kept.KEEP]
    assert {event.detail["sha256"] for event in events} == {statement_hash(SQL)}
    assert SQL not in str(events)
    assert verify(engine(home)).sound


def test_limits_are_settings(home):
    settings = Settings(home)
    assert limits_of(settings) == Limits(10_000, 30, 1024)
    settings.set("analyst_sql_rows", "500", china_today(), "试行", "admin")
    settings.set("analyst_sql_seconds", "10", china_today(), "试行", "admin")
    assert limits_of(Settings(home)) == Limits(500, 10, 1024)
