"""What only a real PostgreSQL shows (``make test-postgres``): processes that share it, the log that only grows, a backup beside it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from fundwatch.access import Role
from fundwatch.cli.app import run
from fundwatch.health import readiness
from fundwatch.home import Home
from fundwatch.state import db
from fundwatch.state.audit import record, verify
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import LockedError, Users


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home").ensure()


def test_state_is_in_postgresql_and_no_sqlite_file_appears(home):
    engine = db.engine(home)
    record(engine, "fx01", "登录")
    assert engine.dialect.name == "postgresql"
    assert {"audit_event", "audit_head", "alembic_version"} <= set(inspect(engine).get_table_names())
    assert not list(home.state.glob("state.db*"))
    assert readiness(home)["state"] == "ok"


@pytest.mark.parametrize(
    "change", ["update audit_event set at = '2020-01-01'", "delete from audit_event", "truncate audit_event"]
)
def test_the_log_only_grows(home, change):
    engine = db.engine(home)
    record(engine, "fx01", "登录")
    with pytest.raises(IntegrityError, match="only grows"), engine.begin() as connection:
        connection.execute(text(change))
    assert verify(engine).sound


def in_process(home: Home, code: str) -> str:
    head = (
        "import sys; from pathlib import Path; from fundwatch.home import Home; from fundwatch.state.db import engine; "
        "from fundwatch.state.audit import record, verify; from fundwatch.state.sessions import Sessions; "
        "home = Home(Path(sys.argv[1])); "
    )
    command = [sys.executable, "-c", head + code, str(home.root)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_processes_that_start_together_make_one_set_of_tables_and_one_chain(home):
    db._url_of_file(home)
    code = "[record(engine(home), 'fx01', '导出', str(n)) for n in range(20)]; print('done')"
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: in_process(home, code), range(4))) == ["done"] * 4
    assert verify(db.engine(home)).words == "日志共 80 条,逐条校验一致,未被改动。"


def test_a_session_of_one_process_holds_in_another_until_it_is_ended_there(home):
    sessions = Sessions.of(home)
    identifier = sessions.issue("fx01")
    assert in_process(home, f"print(Sessions.of(home).user_of({identifier!r}))") == "fx01"
    in_process(home, f"Sessions.of(home).revoke({identifier!r})")
    assert sessions.user_of(identifier) is None


def test_failures_counted_by_several_threads_lock_the_name(home):
    users = Users.of(home)
    users.add("fx01", "分析员01", [Role.ANALYST], "测试")

    def guess(number: int) -> bool:
        try:
            return users.check("fx01", f"wrong-password-{number}")
        except LockedError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert not any(pool.map(guess, range(8)))
    with pytest.raises(LockedError):
        users.check("fx01", "whatever")


def test_backup_names_what_it_does_not_hold(home, tmp_path, capsys):
    record(db.engine(home), "fx01", "登录")
    assert run(["backup", "--out", str(tmp_path / "b.tar"), "--home", str(home.root)]) == 0
    said = capsys.readouterr()
    assert "pg_dump" in said.out + said.err
    listed = subprocess.run(
        ["tar", "tf", tmp_path / "b.tar"], capture_output=True, text=True, check=True
    ).stdout
    assert "database.url" not in listed
    assert "state.db" not in listed
