"""Where app state is kept: upgrades from older homes, refusal of newer ones, PostgreSQL's address."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from fundwatch.cli.app import run
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state import db, migrate
from fundwatch.state.audit import listing, record, verify
from fundwatch.state.users import Users

#: a home's state as written by the program before tables had numbers and the log had a registered end
OLD = Path(__file__).parent / "state_before_0001.sql"


@pytest.fixture
def old_home(tmp_path) -> Home:
    home = Home(tmp_path / "old").ensure()
    with closing(sqlite3.connect(home.state / "state.db")) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    return home


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home").ensure()


def revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return migrate.revision_of(connection)


class TestUpgrade:
    @pytest.fixture(autouse=True)
    def _sqlite(self, monkeypatch):
        monkeypatch.setattr(db, "_url_of_file", lambda home: "")

    def test_old_state_is_brought_up_and_keeps_what_it_holds(self, old_home):
        engine = db.engine(old_home)
        assert revision(engine) == migrate.newest()
        assert [user.username for user in Users.of(old_home).listing()] == ["admin", "fx01"]
        assert [event.action for event in listing(engine)] == ["登录", "新增账号", "新增账号"]
        assert verify(engine).sound
        record(engine, "fx01", "退出登录")
        assert verify(engine).sound
        assert verify(engine).rows == 4

    def test_rows_cut_off_before_the_upgrade_cannot_be_told_but_later_ones_can(self, old_home):
        engine = db.engine(old_home)
        with engine.begin() as connection:
            connection.execute(sa.text("drop trigger audit_event_no_delete"))
            connection.execute(sa.text("delete from audit_event where id = 3"))
        assert verify(engine).is_cut

    def test_an_upgrade_does_not_register_a_log_that_was_cut_under_a_number(self, home):
        """Only databases without a number get their end registered; else a cut log would become sound."""
        engine = db.engine(home)
        record(engine, "fx01", "登录")
        with engine.begin() as connection:
            connection.execute(sa.text("delete from audit_head"))
        db._POOL.close()
        assert verify(db.engine(home)).is_cut

    def test_a_second_process_upgrades_nothing_again(self, old_home):
        db.engine(old_home)
        db._POOL.close()
        before = (old_home.state / "state.db").read_bytes()
        db.engine(old_home)
        assert (old_home.state / "state.db").read_bytes() == before

    def test_column_is_added_once_and_only_where_its_table_is(self, home):
        from alembic.operations import Operations
        from alembic.runtime.migration import MigrationContext

        engine = db.engine(home)
        record(engine, "fx01", "登录")
        with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
            for _ in range(2):
                migrate.add_column("audit_head", sa.Column("note", sa.String(8), server_default="x"))
            migrate.add_column("no_such_table", sa.Column("note", sa.String(8)))
            assert connection.execute(sa.text("select note from audit_head")).scalars().all() == ["x"]

    def test_processes_that_start_together_upgrade_once(self, old_home):
        look = (
            "import sys; from pathlib import Path; from fundwatch.home import Home; from fundwatch.state.db import engine; "
            "from fundwatch.state.audit import verify; print(verify(engine(Home(Path(sys.argv[1])))).words)"
        )

        def start(_number: int) -> str:
            command = [sys.executable, "-c", look, str(old_home.root)]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        with ThreadPoolExecutor(3) as pool:
            assert set(pool.map(start, range(3))) == {"日志共 3 条,逐条校验一致,未被改动。\n"}


def test_state_of_a_newer_program_is_refused_and_left_alone(home):
    engine = db.engine(home)
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    db._POOL.close()
    with pytest.raises(
        UserError,
        match=r"更新版本的程序写入(结构版本 9999,本程序为 \d{4})".replace("(", "[(]").replace(")", "[)]"),
    ):
        db.engine(home)
    plain = sa.create_engine(db.state_url(home))
    assert revision(plain) == "9999"
    plain.dispose()


def test_revisions_are_one_line_of_numbers():
    """Alembic's own reading of the files agrees with their names: one base, one head, each after the one before."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(migrate.MIGRATIONS))
    walked = [step.revision for step in script.walk_revisions()]
    assert tuple(reversed(walked)) == migrate.revisions()
    assert all(re.fullmatch(r"\d{4}", number) for number in walked)


def test_home_names_its_database_in_a_file_and_the_environment_wins(home, monkeypatch):
    (home.state / db.URL_FILE).write_text(
        "postgresql://fw:p%40ss@db.example:5433/fundwatch\n", encoding="utf-8"
    )
    url = db.state_url(home)
    assert (url.drivername, url.host, url.port, url.password) == (
        "postgresql+psycopg",
        "db.example",
        5433,
        "p@ss",
    )
    monkeypatch.setenv(db.URL_VARIABLE, "postgres://other@elsewhere/db")
    assert db.state_url(home).host == "elsewhere"


@pytest.mark.parametrize("value", ["postgresql://", "mysql://u:geheim@h/db", "geheim", "sqlite:///geheim.db"])
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(home, monkeypatch, value):
    monkeypatch.setenv(db.URL_VARIABLE, value)
    with pytest.raises(UserError, match="应形如 postgresql://") as refused:
        db.engine(home)
    assert "geheim" not in refused.value.message


def test_a_server_that_does_not_answer_is_named_without_the_password(home, monkeypatch):
    monkeypatch.setenv(db.URL_VARIABLE, "postgresql://fw:geheim@127.0.0.1:1/fundwatch")
    with pytest.raises(UserError, match=r"无法连接应用状态数据库 127\.0\.0\.1:1/fundwatch") as refused:
        db.engine(home)
    assert "geheim" not in refused.value.message


def test_a_command_says_so_too(home, monkeypatch, capsys):
    monkeypatch.setenv(db.URL_VARIABLE, "postgresql://fw:geheim@127.0.0.1:1/fundwatch")
    assert run(["audit", "verify", "--home", str(home.root)]) == 1
    assert "PostgreSQL 是否已启动" in capsys.readouterr().err
