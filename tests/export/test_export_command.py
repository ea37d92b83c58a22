"""`fundwatch export`: files, refusals, log, schedule; a workbook that equals the screen's."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys

import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

from fundwatch.access import PERSONAL_COLUMNS, Role
from fundwatch.cli.app import run
from fundwatch.export import schedule
from fundwatch.kpi import evaluate
from fundwatch.settings import Settings
from fundwatch.state.audit import listing
from fundwatch.state.db import engine

SPAN = ["--from", "2026-01-01", "--to", "2026-09-30"]


def exported(home, *words: str) -> int:
    return run(["export", *words, "--home", str(home.root)])


def newest_event(home):
    return listing(engine(home), limit=1, action="导出")[0]


def test_a_screen_by_its_title_is_written_and_logged_with_the_file_s_hash(demo_home, tmp_path):
    out = tmp_path / "投诉.xlsx"
    assert exported(demo_home, "--page", "举报投诉", *SPAN, "--out", str(out)) == 0
    event = newest_event(demo_home)
    assert event.object == "举报投诉工作簿"
    assert event.detail["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert event.detail["rows"] > 0
    assert "举报投诉清单" in openpyxl.load_workbook(out).sheetnames
    assert [path.name for path in tmp_path.iterdir()] == ["投诉.xlsx"]


def test_list_of_persons_needs_a_reason_and_leaves_nothing_behind(demo_home, tmp_path, capsys):
    out = tmp_path / "list.csv"
    assert exported(demo_home, "--kpi", "rejection_rate", *SPAN, "--out", str(out)) == 1
    assert "导出理由" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_what_a_killed_export_has_left_goes_with_the_next_one(demo_home, tmp_path):
    nobody = 2**22 + 1  # above the largest process number of Linux
    for name in (f".list.csv.part-{nobody}", f".list.csv.part-{os.getpid()}", f".other.csv.part-{nobody}"):
        (tmp_path / name).write_text("half")
    out = tmp_path / "list.csv"
    assert exported(demo_home, "--kpi", "recovery_rate", *SPAN, "--out", str(out)) == 0
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [f".other.csv.part-{nobody}", "list.csv", "list.csv.json"]


def test_csv_parquet_and_xlsx_of_a_list_have_its_rows_and_sums(demo_home, demo_warehouse, tmp_path):
    start, end = schedule.dt.date(2026, 1, 1), schedule.dt.date(2026, 9, 30)
    [number] = evaluate(demo_warehouse, Settings(demo_home), ["rejection_rate"], start, end)
    for ending in ("csv", "parquet", "xlsx"):
        out = tmp_path / f"list.{ending}"
        assert exported(demo_home, "--kpi", "rejection_rate", *SPAN, "--out", str(out), "--why", "核查") == 0
        event = newest_event(demo_home)
        assert (event.detail["why"], event.detail["format"]) == ("核查", ending)
        assert event.detail["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "list.parquet")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["数据"]
    assert len(lines) == table.num_rows == sheet.max_row - 1 == event.detail["rows"]
    assert sum(schedule_decimal(line["计入分子(元)"]) for line in lines) == number.numerator
    assert pc.sum(table.column("denominator")).as_py() == number.denominator
    beside = json.loads((tmp_path / "list.csv.json").read_text(encoding="utf-8"))
    assert beside["about"]["导出理由"] == "核查"
    assert beside["rows"] == len(lines)
    assert "导出理由" in table.schema.metadata[b"fundwatch"].decode()


def schedule_decimal(text: str):
    from decimal import Decimal

    return Decimal(text)


def test_columns_hidden_from_a_role_are_not_in_its_list(demo_home, tmp_path):
    out = tmp_path / "list.parquet"
    words = ["--kpi", "rejection_rate", *SPAN, "--out", str(out), "--role", Role.GROUP_MEMBER.value]
    assert exported(demo_home, *words) == 0
    assert not PERSONAL_COLUMNS & set(pq.read_schema(out).names)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--page", "没有", *SPAN, "--out", "x.xlsx"], "没有可导出的页面"),
        (["--page", "举报投诉", *SPAN, "--out", "x.csv"], "只有 .xlsx"),
        (["--kpi", "recovery_rate", *SPAN, "--out", "x.pdf"], "格式不支持"),
        (["--page", "举报投诉", "--kpi", "recovery_rate", *SPAN, "--out", "x.xlsx"], "应写一个"),
        (["--page", "举报投诉", "--out", "x.xlsx"], "缺少"),
        (["--page", "举报投诉", *SPAN, "--filter", "level_class", "--out", "x.xlsx"], "名称=值"),
        (["--page", "举报投诉", *SPAN, "--out", "no/such/x.xlsx"], "不存在"),
    ],
)
def test_wrong_usage_says_what_is_wrong(demo_home, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    assert exported(demo_home, *words) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_list_longer_than_the_parameter_points_to_csv(demo_home_copy, tmp_path, capsys):
    Settings(demo_home_copy).set("export_xlsx_rows", "1000", schedule.dt.date(2026, 1, 1), "测试", "测试")
    out = tmp_path / "list.xlsx"
    words = ["--kpi", "rejection_rate", *SPAN, "--out", str(out), "--why", "核查"]
    assert exported(demo_home_copy, *words) == 1
    assert "CSV 或 Parquet" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def scheduled(path, *items) -> str:
    path.write_text(yaml.safe_dump({"exports": list(items)}, allow_unicode=True), encoding="utf-8")
    return str(path)


def test_schedule_makes_each_file_once_until_something_changes(demo_home_copy, tmp_path, capsys):
    home = demo_home_copy
    item = {"page": "举报投诉", "period": "年初至今", "folder": "drop"}
    listed = {
        "kpi": "complaint_reply_rate",
        "period": "上季",
        "format": "csv",
        "folder": "drop",
        "name": "回复",
    }
    file = scheduled(tmp_path / "s.yaml", item, listed)
    assert exported(home, "--schedule", file) == 0
    made = {path.name: path.read_bytes() for path in (tmp_path / "drop").iterdir()}
    assert sum(name.endswith(".json") for name in made) == 2
    assert exported(home, "--schedule", file) == 0
    assert "没有变化" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in (tmp_path / "drop").iterdir()} == made
    count = len(listing(engine(home), limit=100_000, action="导出"))
    Settings(home).set("export_xlsx_rows", "5000", schedule.dt.date(2026, 1, 1), "测试", "测试")
    assert exported(home, "--schedule", file) == 0
    assert len(listing(engine(home), limit=100_000, action="导出")) == count + 2


def test_item_that_fails_does_not_keep_the_others(demo_home, tmp_path, capsys):
    persons = {"kpi": "rejection_rate", "period": "上月", "folder": "drop", "format": "csv"}
    good = {"page": "举报投诉", "period": "上月", "folder": "drop"}
    assert exported(demo_home, "--schedule", scheduled(tmp_path / "s.yaml", persons, good)) == 1
    said = capsys.readouterr()
    assert "导出理由" in said.err
    assert "已导出" in said.out


@pytest.mark.parametrize(
    "item",
    [{"page": "举报投诉", "folder": "x"}, {"page": "a", "kpi": "b", "period": "本月", "folder": "x"},
     {"page": "举报投诉", "period": "昨天", "folder": "x"}, {"page": "a", "period": "本月", "folder": "x", "extra": 1}],
)  # fmt: skip
def test_schedule_that_cannot_be_read_is_refused_with_its_item(demo_home, tmp_path, capsys, item):
    assert exported(demo_home, "--schedule", scheduled(tmp_path / "s.yaml", item)) == 2
    assert "第 1 项" in capsys.readouterr().err


def test_command_needs_no_web_server(demo_home, tmp_path):
    program = (
        "import sys; from fundwatch.cli.app import run; from fundwatch.workbooks.screens import book_of; "
        "from fundwatch.access import PAGES; [book_of(e.url_path) for e in PAGES]; "
        f"code = run(['export', '--page', 'complaints', {', '.join(map(repr, SPAN))}, '--out', sys.argv[1], '--home', sys.argv[2]]); "
        "sys.exit(code or ('streamlit' in sys.modules) * 9)"
    )
    words = [sys.executable, "-c", program, str(tmp_path / "x.xlsx"), str(demo_home.root)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
