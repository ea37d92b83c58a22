"""Files of the home that are damaged or gone: a clear sentence, nothing published over it, and the way back works."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from homes import copy_home
from streamlit.testing.v1 import AppTest

from fundwatch import checks, health
from fundwatch.access import Role
from fundwatch.build import publish
from fundwatch.cli.app import run
from fundwatch.errors import damage_trouble
from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.lake import Lake
from fundwatch.warehouse import open_warehouse
from tests.operations.claims import MONTHS, settlements
from tests.ui.signed_in import screen_of

KPI = ["kpi", "--kpi", "avg_inpatient_fee", "--from", "2024-01-01", "--to", "2024-12-31", "--format", "csv"]
OVERVIEW, CASE, QUALITY = "pages/overview/supervision.py", "pages/drill/case.py", "pages/data/quality.py"


@pytest.fixture(scope="module")
def claims_home(small_home, tmp_path_factory) -> Home:
    """The small home with settlements of two months, in a second version; read only."""
    home = Home(tmp_path_factory.mktemp("claims") / "home")
    copy_home(small_home.root, home.root)
    file = settlements(home.root.parent / "setl_d.csv", "100.00")
    for words in (["load", str(file)], ["build"]):
        assert run([*words, "--home", str(home.root)]) == 0
    return home


@pytest.fixture
def home(claims_home, tmp_path, monkeypatch) -> Home:
    copy_home(claims_home.root, tmp_path / "home")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def said(home, capsys) -> Callable[..., tuple[int, str]]:
    """Run a command; its status and all its words."""

    def words(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = run([*arguments, "--home", str(home.root)])
        found = capsys.readouterr()
        assert "Traceback" not in found.err
        return status, found.out + found.err

    return words


def overwrite(path: Path, first: float, last: float, seed: int = 1) -> None:
    """Random bytes from one part of the file to another (0 to 1)."""
    content = bytearray(path.read_bytes())
    start, end = int(first * len(content)), int(last * len(content))
    content[start:end] = random.Random(seed).randbytes(end - start)
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def served(home: Home) -> Path:
    return publish.serving_file(home, publish.current_version(home))


class TestPointer:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (None, "版本指针 warehouse/CURRENT 缺失"),
            (b"", "版本指针 warehouse/CURRENT 已损坏"),
            (b"\xff\xfe\x00", "CURRENT 已损坏"),
        ],
    )
    def test_without_a_pointer_everything_says_so(self, home, said, content, words):
        pointer = home.warehouse / publish.POINTER
        pointer.unlink() if content is None else pointer.write_bytes(content)
        for command in (KPI, ["status"], ["backup", "--out", str(home.root.parent / "b.tar")]):
            status, told = said(*command)
            assert (status, words in told, "fundwatch build" in told) == (1, True, True), command
        assert health.readiness(home)["warehouse"] == "damaged"
        assert any("CURRENT" in finding.what for finding in checks.findings(home) if finding.stops)

    def test_screens_say_so_and_the_next_build_repairs(self, home, said):
        before, files = said(*KPI), sorted(home.warehouse.glob("warehouse-*"))
        (home.warehouse / publish.POINTER).unlink()
        app = screen_of(home, OVERVIEW, Role.ANALYST)
        assert (len(app.exception), app.title[0].value) == (0, "数据版本不能打开")
        assert "事件编号" in app.error[0].value
        assert "fundwatch build" in app.error[0].value
        # where files are handed in and versions made, the screen stays
        app = screen_of(home, QUALITY, Role.ANALYST)
        assert (len(app.exception), app.title[0].value) == (0, "数据质量")
        status, told = said("build")
        assert (status, "修复指针" in told) == (0, True)
        assert said(*KPI) == before
        assert set(files) < set(home.warehouse.glob("warehouse-*"))


class TestServingFile:
    @pytest.mark.parametrize(
        ("damage", "ready"),
        [
            (lambda path: path.write_bytes(b""), "damaged"),
            (cut, "ok"),
            (lambda path: overwrite(path, 0.25, 0.75), "ok"),
            (Path.unlink, "missing"),
        ],
        ids=["empty", "cut", "overwritten", "gone"],
    )
    def test_a_damaged_version_is_said_and_the_others_open(self, home, said, damage, ready):
        older = publish.versions(home)[0]
        damage(served(home))
        status, told = said(*KPI)
        assert (status, "服务文件不存在或已损坏" in told, "build --full" in told) == (1, True, True)
        assert health.readiness(home)["warehouse"] == ready
        assert any(finding.stops for finding in checks._data(home))
        with open_warehouse(home, older) as warehouse:
            assert warehouse.query("select count(*) as n from fct_inspection").to_pylist() == [{"n": 2}]

    def test_screens_say_so_and_the_next_build_makes_all_anew(self, home, said):
        before = said(*KPI)
        cut(served(home))
        app = screen_of(home, OVERVIEW, Role.ANALYST)
        assert (len(app.exception), app.title[0].value) == (0, "数据版本不能打开")
        assert "事件编号" in app.error[0].value
        status, told = said("build")
        assert (status, "没有沿用" in told) == (0, True)
        assert said(*KPI) == before

    def test_damage_that_shows_only_in_a_table_is_told_and_not_carried_on(self, home, said, tmp_path):
        before = said(*KPI)
        spoil_a_table(served(home), "fct_inpatient_settlement")
        status, told = said("rows", *KPI[1:])
        assert (status, "服务文件损坏" in told) == (1, True), told
        file = settlements(tmp_path / "setl_d_b.csv", "100.00", first=5000, count=3)
        assert said("load", str(file))[0] == 0
        status, told = said("build")
        assert (status, "没有沿用" in told) == (0, True)
        assert said("rows", *KPI[1:])[0] == 0
        assert said(*KPI) != before


def spoil_a_table(file: Path, table: str) -> None:
    """Overwrite one block that opening the file does not read and the table needs."""
    content, block = file.read_bytes(), 1 << 18
    for start in range(3 * 4096, len(content), block):
        file.write_bytes(content[:start] + random.Random(1).randbytes(block) + content[start + block :])
        try:
            connection = duckdb.connect(str(file), read_only=True)
        except duckdb.Error:
            continue
        with connection:
            try:
                connection.execute("select * from _meta_files").fetchall()
                connection.execute("select * from _meta_models").fetchall()
            except duckdb.Error:
                continue
            try:
                connection.execute(f"select * from {table}").fetchall()
            except duckdb.Error:
                return
    raise AssertionError("no block is the table's alone")


def silently(path: Path) -> None:
    """Overwrite a few bytes so that DuckDB still reads the file, and other values from it."""
    content, right = path.read_bytes(), rows_of(path)
    for seed in range(200):
        chance = random.Random(seed)
        start = chance.randrange(len(content) // 2)
        path.write_bytes(content[:start] + chance.randbytes(16) + content[start + 16 :])
        try:
            if rows_of(path) != right:
                return
        except duckdb.Error:
            continue
    raise AssertionError("DuckDB has noticed every change")


def served_error(words: str) -> None:
    """An engine's error on a screen, as the server draws it."""
    import duckdb

    from fundwatch.server import say_error

    say_error(duckdb.InvalidInputException(words))


def rows_of(path: Path) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet($path)", {"path": str(path)}).fetchall()


class TestLake:
    @pytest.mark.parametrize(
        ("damage", "shows"),
        [(cut, True), (Path.unlink, True), (silently, False)],
        ids=["cut", "gone", "other values"],
    )
    def test_a_damaged_file_is_named_and_nothing_is_published(self, home, said, tmp_path, damage, shows):
        lost = home.root / next(file.path for file in Lake(home).files("setl_d") if file.ym == MONTHS[0])
        number = said(*KPI)
        damage(lost)
        version, digest = publish.current_version(home), hashlib.sha256(served(home).read_bytes()).digest()
        replacing = settlements(tmp_path / "setl_d_b.csv", "200.00")
        for command in (["build", "--full"], ["load", str(replacing)]):
            status, told = said(*command)
            assert (status, f"表 setl_d 的文件 ym={MONTHS[0]}/{lost.name}" in told) == (1, True), told
        assert publish.current_version(home) == version
        assert hashlib.sha256(served(home).read_bytes()).digest() == digest
        assert not list(home.warehouse.glob(f"{publish.BUILDING}*.duckdb"))
        # numbers stand in the version itself
        assert said(*KPI) == number
        if shows:
            with open_warehouse(home) as warehouse:
                for sql in ("select count(*) from lake.setl_d", "from stg_setl_d where setl_id = 'S1'"):
                    with pytest.raises(duckdb.Error) as raised:
                        warehouse.query(sql)
                    assert "表 setl_d 的文件" in (damage_trouble(raised.value) or "")
            # the screen does not go on without the rows; what it has not caught the server says (decision 212)
            assert len(screen_of(home, CASE, Role.ANALYST, setl_id="S1").exception) == 1
            app = AppTest.from_function(served_error, args=(str(raised.value),)).run()
            assert len(app.exception) == 0
            assert all(words in app.error[0].value for words in ("表 setl_d 的文件", "事件编号", "备份"))

    @pytest.mark.parametrize(
        "damage", [cut, lambda path: overwrite(path, 0, 1), Path.unlink], ids=["cut", "overwritten", "gone"]
    )
    def test_a_damaged_record_of_commits_is_named(self, home, said, damage):
        version = publish.current_version(home)
        damage(next((home.lake / "setl_d" / "_delta_log").glob("*.json")))
        status, told = said("build")
        assert (status, "lake/setl_d/_delta_log" in told, "备份" in told) == (1, True, True), told
        assert publish.current_version(home) == version
        assert said(*KPI)[0] == 0
