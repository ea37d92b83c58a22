"""``fundwatch bench`` says in Chinese what the program measured, and what it did not get done."""

from __future__ import annotations

import json

import pytest

from benchmarks import year
from fundwatch.cli import bench
from fundwatch.cli.app import run

SAYS = "import json, sys\nfor line in {lines}:\n    print(json.dumps(line), flush=True)\n{then}\n"
LINES = [
    {"step": "demo", "what": "write the files", "wall": 1.25, "busy": 2.5, "peak": 300, "figures": {}},
    {"step": "claim", "what": "fee lines of one settlement", "figures": {"p95 ms": 12.5, "fee lines in all": 2000}},
]  # fmt: skip


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a program that says these lines in place of the benchmark."""

    def put(then: str = "") -> None:
        path = tmp_path / "year.py"
        path.write_text(SAYS.format(lines=LINES, then=then), encoding="utf-8")
        monkeypatch.setattr(bench, "PROGRAM", path)

    return put


def test_the_lines_are_told_in_chinese(program, capsys):
    program()
    assert run(["bench", "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[1:] == [
        "生成文件,写出示范县文件,1.2,2.5,300,",
        '一笔结算的费用明细,查询一笔结算的费用明细,,,,"第95百分位毫秒 12.5;明细总行数 2,000"',
    ]
    assert "已完成:生成文件" in said.err


def test_what_was_measured_is_kept_when_it_ends_early(program, capsys):
    program(then="sys.exit('no room')")
    assert run(["bench", "--json"]) == 1
    said = capsys.readouterr()
    assert [line["step"] for line in json.loads(said.out)] == ["demo", "claim"]
    assert "性能基准没有完成:no room" in said.err


def test_an_unknown_scale_is_wrong_usage(capsys):
    assert run(["bench", "--scale", "huge"]) == 2
    assert "没有规模 huge" in capsys.readouterr().err


def test_every_step_of_the_program_has_its_chinese_name():
    assert set(bench.STEPS) == set(year.STEPS)
