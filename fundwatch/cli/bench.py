"""``fundwatch bench``: what load, build and reading take on this machine, beside bare DuckDB on the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.demo import SCALES
from fundwatch.demo.plan import DEFAULT_MONTHS
from fundwatch.errors import UsageError, UserError
from fundwatch.home import PROJECT

PROGRAM = PROJECT / "benchmarks" / "year.py"
STEPS = {
    "demo": "生成文件", "load": "载入", "build": "全部构建", "month": "新到和改动一个月", "claim": "一笔结算的费用明细", "disk": "磁盘",
}  # fmt: skip
WHAT = {
    "write the files": "写出示范县文件",
    "bare read_csv of the claim files to Parquet": "对照:DuckDB 直接读取并写成 Parquet",
    "load of all files; ratio: speed to the bare read": "载入全部文件(比值:速度与对照之比)",
    "bare scan of every column of the claims": "对照:直接扫描全部列",
    "bare sum of fee lines by institution and month": "对照:费用明细按机构和月份求和",
    "full build; ratio: to the bare scan": "全部构建(比值:与扫描之比)",
    "load of the newest month of claims": "载入新到的一个月",
    "build after the newest month of claims; ratio: to the full build": "新到一个月后的构建(比值:与全部构建之比)",
    "load of one changed month of settlements": "载入改动的一个月结算",
    "build after one changed month of settlements; ratio: to the full build": "改动一个月后的构建(比值:与全部构建之比)",
    "fee lines of one settlement": "查询一笔结算的费用明细",
    "bytes": "占用空间",
}
FIGURES = {
    "ratio on the clock": "比值(时钟)", "ratio of processor": "比值(处理器)", "fee lines in all": "明细总行数",
    "settlements asked": "查询次数", "lines found": "查到行数", "p50 ms": "中位毫秒", "p95 ms": "第95百分位毫秒",
    "bare scan ms": "直接扫描毫秒", "ratio p50 to the bare scan": "中位与扫描之比", "files MB": "文件 MB", "lake MB": "数据湖 MB",
    "serving file MB": "服务文件 MB", "serving file % of lake": "服务文件占数据湖 %",
}  # fmt: skip
COLUMNS = ("步骤", "内容", "秒(时钟)", "秒(处理器)", "内存 MiB", "其他")


@app.command(
    "bench",
    help="本项目的性能基准:每一步与 DuckDB 直接处理同样数据之比。规模 county 约需 25 GB 磁盘和一小时。",
)
def bench(
    scale: Annotated[str, typer.Option("--scale", help=f"规模:{'、'.join(SCALES)}")] = "small",
    months: Annotated[int, typer.Option("--months", min=2, help="结算数据的月数")] = DEFAULT_MONTHS,
    work: Annotated[
        Path | None, typer.Option("--work", help="保留文件和数据的目录;不写则用临时目录,完成后删除")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.table,
) -> None:
    """Run the benchmark in a process of its own; nothing of the home is read or changed."""
    if scale not in SCALES:
        raise UsageError(f"没有规模 {scale}。可选:{'、'.join(SCALES)}。")
    if not PROGRAM.is_file():
        raise UserError(f"没有找到 {PROGRAM};性能基准随源代码目录提供。")
    command = [sys.executable, str(PROGRAM), "--json", "--scale", scale, "--months", str(months)]
    command += ["--work", str(work)] if work else []
    records, said = _run(command)
    if form is Format.json:
        print_json(records)
    else:
        print_records([_row(record) for record in records], COLUMNS, form)
    if said:
        raise UserError(f"性能基准没有完成:{said}")


def _run(command: list[str]) -> tuple[list[dict[str, Any]], str]:
    """The lines of the result, each told as it comes; and what went wrong, empty when nothing did."""
    records = []
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as trouble,
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=trouble, text=True) as running,  # noqa: S603 - own words only
    ):
        assert running.stdout
        for line in running.stdout:
            if line.startswith("{"):
                records.append(json.loads(line))
                typer.echo(f"已完成:{STEPS[records[-1]['step']]} · {WHAT[records[-1]['what']]}", err=True)
        if running.wait() == 0:
            return records, ""
        trouble.seek(0)
        return records, (trouble.read().strip().splitlines() or ["没有说明"])[-1]


def _row(record: dict[str, Any]) -> dict[str, object]:
    """One line as people read it."""
    beside = ";".join(
        f"{FIGURES[name]} {value:,.3f}".rstrip("0").rstrip(".") for name, value in record["figures"].items()
    )
    numbers = (
        (f"{record['wall']:.1f}", f"{record['busy']:.1f}", record["peak"])
        if "wall" in record
        else ("", "", "")
    )
    return dict(zip(COLUMNS, (STEPS[record["step"]], WHAT[record["what"]], *numbers, beside), strict=True))
