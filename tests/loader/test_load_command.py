"""``fundwatch load``: exit status, JSON, and what a person reads."""

from __future__ import annotations

import json

import pytest
from desk import Desk, row

from fundwatch.cli.app import run

SHAPE = {
    "file", "table", "sha256", "status", "rows_read", "loaded", "replaced", "duplicates", "quarantined", "unknown_columns",
    "reasons", "refused_because",
}  # fmt: skip


def test_json_has_the_shape_of_the_command_line_contract(desk: Desk, capsys: pytest.CaptureFixture[str]):
    rows = [row("inspection", insp_id=str(number), 天气="晴") for number in range(30)]
    path = desk.put_rows("inspection.csv", [*rows, row("inspection", insp_id="x", insp_date="?", 天气="雨")])
    assert run(["load", str(path), "--json", "--home", str(desk.home.root)]) == 0
    output = capsys.readouterr()
    files = json.loads(output.out)["files"]
    assert set(files[0]) >= SHAPE
    assert {key: files[0][key] for key in ("table", "status", "rows_read", "loaded", "quarantined", "unknown_columns")} == {
        "table": "inspection", "status": "loaded", "rows_read": 31, "loaded": 30, "quarantined": 1,
        "unknown_columns": ["天气"],
    }  # fmt: skip
    assert set(files[0]["reasons"][0]) == {"row", "column", "value", "reason"}
    assert len(files[0]["sha256"]) == 64
    assert "载入" in output.err


def test_a_refused_file_makes_the_exit_status_one(desk: Desk, capsys):
    assert run(["load", str(desk.put("inspection.csv", "")), "--home", str(desk.home.root)]) == 1
    assert "inspection.csv: 文件是空的。" in capsys.readouterr().out


def test_a_missing_path_is_wrong_usage(desk: Desk, capsys):
    assert run(["load", str(desk.folder / "nothing.csv"), "--home", str(desk.home.root)]) == 2
    assert "找不到文件或目录" in capsys.readouterr().err


def test_a_skipped_file_does_not_change_the_exit_status(desk: Desk, capsys):
    desk.put("说明.txt", "x")
    assert run(["load", str(desk.folder), "--home", str(desk.home.root)]) == 0
    assert "跳过" in capsys.readouterr().out


def test_a_person_reads_counts_and_reasons(desk: Desk, capsys):
    path = desk.put_rows(
        "inspection.csv",
        [row("inspection", 姓名="化名甲"), row("inspection", insp_id="x", insp_kind="抽查", 姓名="")],
    )
    run(["load", str(path), "--home", str(desk.home.root)])
    said = capsys.readouterr().out
    assert "个人信息列未读取:姓名" in said
    assert "第 3 行,值“抽查”:检查性质(insp_kind)不在代码表内,应为:协议检查、行政检查" in said
    assert "化名甲" not in said


def test_another_load_at_the_same_time_is_told_so(desk: Desk, capsys):
    from fundwatch.loader.commit import only_loader

    path = desk.put_rows("inspection.csv", [row("inspection")])
    with only_loader(desk.home.ensure()):
        assert run(["load", str(path), "--home", str(desk.home.root)]) == 1
    assert "另一个载入正在进行,请等它结束后再试。" in capsys.readouterr().err
