"""What no statement can do: read files, write, change settings, look into the catalog, run on, or bring the server down."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import duckdb
import pytest
from hostile import HOSTILE, THROUGH

from fundwatch.analyst.child import _config
from fundwatch.analyst.file import analyst_file
from fundwatch.analyst.guard import check
from fundwatch.analyst.run import AT_A_TIME, Limits, Outcome, start
from fundwatch.build.publish import current_version
from fundwatch.errors import UserError

LIMITS = Limits(rows=1_000, seconds=3, memory_mb=256)
#: starting the process, the engine's limit, the alarm after it; a busy machine takes its time
IN_TIME = 45
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGINE_WORDS = re.compile(r"Error|LINE \d|duckdb\.|Traceback|Candidate|Possible solutions")


@pytest.fixture(scope="module")
def file(demo_home):
    return analyst_file(demo_home, current_version(demo_home))


@pytest.fixture(scope="module")
def outcomes(file) -> dict[str, tuple[Outcome, float]]:
    """What comes of each statement. The guard alone answers for most, as it does first of all in the process; what it would let
    through and what could hurt it goes through the real process, as many at a time as the server allows.
    """
    found, waiting = {}, []
    with duckdb.connect(str(file), read_only=True, config=_config(asdict(LIMITS) | {"threads": 1})) as engine:
        tables = [name for (name,) in engine.execute("select table_name from duckdb_tables()").fetchall()]
        for sql in HOSTILE:
            if sql in THROUGH:
                waiting.append(sql)
                continue
            try:
                check(engine, sql, tables)
                waiting.append(sql)
            except UserError as error:
                found[sql] = (Outcome("refused", error.message), 0.0)

    def one(sql: str) -> tuple[str, tuple[Outcome, float]]:
        begun = time.monotonic()
        outcome = start(file, sql, LIMITS).outcome(IN_TIME * 2)
        return sql, (outcome, time.monotonic() - begun)

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return found | dict(pool.map(one, waiting))


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


@pytest.mark.parametrize("sql", HOSTILE, ids=lambda sql: ascii(sql)[:50])
def test_statement_gives_nothing_and_ends_in_time(outcomes, demo_home, sql):
    outcome, seconds = outcomes[sql]
    assert outcome.kind in {"refused", "failed", "stopped"}
    assert outcome.rows is None
    assert seconds < IN_TIME
    assert CHINESE.search(outcome.message)
    assert not ENGINE_WORDS.search(outcome.message)
    assert str(demo_home.root) not in outcome.message
    assert "/" not in outcome.message


def test_only_what_runs_too_long_gets_as_far_as_running(outcomes):
    """All but a few are refused by the guard, before anything is carried out."""
    ran = [sql for sql, (outcome, _) in outcomes.items() if outcome.kind != "refused"]
    assert len(ran) <= 10


def test_the_console_works_after_all_of_them(outcomes, file, demo_home):
    assert len(outcomes) == len(HOSTILE)
    outcome = start(file, "select count(*) as n from dim_town", LIMITS).outcome(IN_TIME)
    assert outcome.kind == "done"
    with duckdb.connect(str(file), read_only=True) as plain:
        assert outcome.rows.to_pylist() == [
            {"n": plain.execute("select count(*) from dim_town").fetchone()[0]}
        ]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "select * from glob('/*')",
        "copy dim_town to '/tmp/fundwatch-never.csv'",
        "attach '/tmp/fundwatch-never.duckdb' as other",
        "install httpfs",
        "set memory_limit = '100GB'",
        "set enable_external_access = true",
        "create table t as select 1",
        "delete from dim_town",
    ],
)
def test_the_engine_refuses_too_should_the_guard_ever_let_one_through(file, sql):
    request = {"seconds": 3, "memory_mb": 256, "threads": 1}
    with duckdb.connect(str(file), read_only=True, config=_config(request)) as connection:
        connection.execute("set lock_configuration = true")
        with pytest.raises(duckdb.Error):
            connection.execute(sql).fetchall()


def test_the_process_gets_nothing_of_the_servers_environment(monkeypatch, file):
    monkeypatch.setenv("FUNDWATCH_COOKIE_KEY", "a secret")
    run = start(file, "select count(*) from fct_payment a, fct_payment b, fct_payment c", LIMITS)
    try:
        with open(f"/proc/{run._process.pid}/environ", "rb") as environ:
            assert b"a secret" not in environ.read()
        assert os.readlink(f"/proc/{run._process.pid}/cwd") == "/"
    finally:
        run.cancel()
    assert run.outcome(IN_TIME).kind == "cancelled"
