"""What is checked before serving, what /ready tells, and what the logs hold."""

from __future__ import annotations

import json
import logging
import sqlite3
import urllib.error
import urllib.request
from types import SimpleNamespace

import duckdb
import pytest
from homes import copy_home

from fundwatch import checks, health, logs
from fundwatch.cli.app import run
from fundwatch.cli.serve import check
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.db import URL_FILE, URL_VARIABLE
from tests.browser.stage import served

NAME, NUMBER = "赵大勇", "612301199001011234"


@pytest.fixture
def home(small_home, tmp_path) -> Home:
    copy_home(small_home.root, tmp_path / "home")
    (tmp_path / "home" / "state").chmod(0o700)
    return Home(tmp_path / "home")


def words(home: Home) -> str:
    with pytest.raises(UserError) as refused:
        check(home)
    return refused.value.message


class TestChecks:
    def test_a_sound_home_has_nothing_that_stops(self, home):
        assert [finding for finding in checks.findings(home) if finding.stops] == []

    def test_everything_wrong_is_said_at_once_with_what_to_do(self, home, monkeypatch):
        monkeypatch.setenv("FUNDWATCH_COOKIE_KEY", "short")
        for file in home.warehouse.glob("warehouse-*.duckdb"):
            file.unlink()
        key = home.state / "psn.key"
        key.write_text("0" * 64)
        key.chmod(0o644)
        said = words(home)
        assert said.startswith("不能启动,有 3 处需要先处理:\n  1. ")
        for part in ("FUNDWATCH_COOKIE_KEY 太短", "chmod 600 state/psn.key", "fundwatch build 重新生成"):
            assert part in said

    def test_a_database_address_others_can_read_stops(self, home, monkeypatch):
        monkeypatch.setenv(URL_VARIABLE, "postgresql://fw:geheim@127.0.0.1:1/fundwatch")
        (home.state / URL_FILE).write_text("postgresql://x")
        (home.state / URL_FILE).chmod(0o640)
        said = words(home)
        assert "chmod 600 state/database.url" in said
        assert "无法连接应用状态数据库" in said
        assert "geheim" not in said

    def test_damaged_state_stops(self, tmp_path):
        home = Home(tmp_path / "new").ensure()
        (home.state / "state.db").write_bytes(b"not a database" * 100)
        assert "应用状态库打不开" in words(home)

    def test_a_lake_without_its_key_is_a_warning(self, home):
        (home.state / "psn.key").unlink(missing_ok=True)
        (home.lake / "_psn_key_fingerprint").write_text("0" * 32)
        assert any("缺少人员编号加密密钥" in line for line in check(home))

    def test_versions_are_compared_with_the_lock_file(self, home, monkeypatch):
        real = checks.version
        found = {"duckdb": "1.5.5", "rich": "0.1"}
        monkeypatch.setattr(checks, "version", lambda name: found.get(name) or real(name))
        said = checks.findings(home)
        assert [finding.stops for finding in said if "duckdb 1.5.5(应为 2.0.0)" in finding.what] == [True]
        assert [finding.stops for finding in said if "rich 0.1" in finding.what] == [False]

    def test_every_line_of_the_lock_file_is_a_pin(self):
        found = checks.pins()
        assert len(found) > 50
        assert all(str(each.specifier).startswith("==") for each in found)

    def test_check_only_leaves_without_serving(self, home, capsys):
        assert run(["serve", "--check", "--home", str(home.root)]) == 0
        assert "检查通过" in capsys.readouterr().err


class TestReadiness:
    def test_parts_of_a_sound_home(self, home):
        assert health.readiness(home) == {"warehouse": "ok", "state": "ok", "disk": "ok"}

    def test_before_the_first_build_people_may_come(self, tmp_path):
        parts = health.readiness(Home(tmp_path / "new").ensure())
        assert parts["warehouse"] == "empty"
        assert health.is_ready(parts)

    @pytest.mark.parametrize(
        ("pointer", "word"),
        [("warehouse-20200101-000000-000.duckdb", "missing"), ("../../etc/passwd", "damaged")],
    )
    def test_a_pointer_to_nothing(self, home, pointer, word):
        (home.warehouse / "CURRENT").write_text(pointer)
        parts = health.readiness(home)
        assert parts["warehouse"] == word
        assert not health.is_ready(parts)

    def test_state_that_does_not_answer(self, home, monkeypatch):
        monkeypatch.setenv(URL_VARIABLE, "postgresql://fw:geheim@127.0.0.1:1/fundwatch")
        assert health.readiness(home)["state"] == "down"

    def test_full_disk(self, home, monkeypatch):
        monkeypatch.setattr(health.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
        assert health.readiness(home)["disk"] == "low"


def ask(address: str, path: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_served_home_answers_logs_its_start_and_notices_a_lost_version(home, monkeypatch):
    with served(home.root) as address:
        assert ask(address, "/_stcore/health") == (200, "ok")
        status, body = ask(address, "/ready")
        assert (status, json.loads(body)) == (
            200,
            {"ready": True, "warehouse": "ok", "state": "ok", "disk": "ok"},
        )
        (home.warehouse / "CURRENT").write_text("warehouse-20200101-000000-000.duckdb")
        status, body = ask(address, "/ready")
        assert (status, json.loads(body)["warehouse"]) == (503, "missing")
        assert str(home.root) not in body
    lines = [
        json.loads(line)
        for file in home.logs.glob("serve-*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert lines[0]["message"].startswith("serving on 127.0.0.1:")
    assert home.logs.stat().st_mode & 0o077 == 0


class TestLogs:
    def line(self, error: Exception) -> dict:
        caught = (type(error), error, error.__traceback__)
        record = logging.LogRecord("fundwatch", logging.ERROR, __file__, 1, "incident %s", ("AB",), caught)
        record.incident = "AB"
        text = logs.JsonLines().format(record)
        assert "\n" not in text
        assert NAME not in text
        assert NUMBER not in text
        return json.loads(text)

    def test_errors_keep_type_and_place_and_lose_every_value(self):
        with duckdb.connect() as connection, pytest.raises(duckdb.Error) as caught:
            connection.sql(f"select cast('{NAME} {NUMBER}' as integer)").fetchall()
        line = self.line(caught.value)
        assert line["incident"] == "AB"
        assert line["errors"][0]["type"].endswith("ConversionException")
        assert "Could not convert string" in line["errors"][0]["words"]
        assert any("test_serving.py" in place for place in line["errors"][0]["places"])

    def test_causes_are_described_too(self):
        try:
            try:
                raise sqlite3.OperationalError(f"row {NUMBER}")
            except sqlite3.OperationalError as error:
                raise KeyError(NAME) from error
        except KeyError as error:
            line = self.line(error)
        assert [each["type"] for each in line["errors"]] == ["builtins.KeyError", "sqlite3.OperationalError"]
        assert line["errors"][1]["words"] == "row …"

    @pytest.mark.parametrize(
        "words", [f"name={NAME}", f"Key (psn)=({NUMBER})", f'"{NAME}"', f"x{NUMBER}y", f"`{NAME}`"]
    )
    def test_what_could_be_a_value_is_taken_out(self, words):
        cleaned = logs.without_values(words)
        assert NAME not in cleaned
        assert NUMBER not in cleaned
        assert "…" in cleaned

    def test_a_command_that_fails_inside_leaves_a_line_under_its_number(self, home, monkeypatch, capsys):
        def fail(*_args, **_kwargs):
            raise RuntimeError(f"row of {NAME}")

        monkeypatch.setattr("fundwatch.cli.audit.verify", fail)
        assert run(["audit", "verify", "--home", str(home.root)]) == 3
        said = capsys.readouterr().err
        line = json.loads((home.logs / "commands.jsonl").read_text(encoding="utf-8"))
        assert f"事件编号 {line['incident']}" in said
        assert NAME not in said

    def test_files_are_rotated_and_bounded(self, tmp_path, monkeypatch):
        monkeypatch.setattr(logs, "FILE_BYTES", 2000)
        monkeypatch.setattr(logs, "OLDER_FILES", 2)
        home = Home(tmp_path / "new").ensure()
        for _ in range(40):
            logs.command_incident(home, RuntimeError("full"))
        assert sorted(path.name for path in home.logs.iterdir()) == [
            "commands.jsonl",
            "commands.jsonl.1",
            "commands.jsonl.2",
        ]
