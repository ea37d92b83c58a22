"""``fundwatch load``: files and folders into the lake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, stdout_console
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.errors import UsageError
from fundwatch.home import find_home
from fundwatch.home_file import apply_home_file
from fundwatch.loader import FileReport, LoadReport, load_paths
from fundwatch.loader.trace import STATUS, record_load
from fundwatch.progress import progress

#: reasons shown per file on a terminal; ``--json`` has the first 100
REASONS_ON_SCREEN = 10


@app.command("load", help="把文件或目录载入数据湖,逐行核对。")
def load(
    paths: Annotated[list[Path], typer.Argument(help="文件或目录(目录逐级查找)")],
    form: Annotated[Format, typer.Option("--format", help="输出格式:table 或 json")] = Format.table,
) -> int:
    """Load and report; exit status 1 when a file was refused."""
    if form is Format.csv:
        raise UsageError("load 的输出格式只有 table 和 json。")
    home = find_home()
    for folder in filter(Path.is_dir, paths):
        for line in apply_home_file(home, folder):
            typer.echo(line, err=True)
    with progress("载入") as step:
        report = load_paths(home, paths, step)
    for file in report.files:
        record_load(home, COMMAND_LINE.user, file)
    if form is Format.json:
        print_json(report.document())
    else:
        _print(report)
    return report.exit_code


def _print(report: LoadReport) -> None:
    console = stdout_console()
    table = Table("文件", "表", "结果", "读入", "新增", "替换", "重复", "隔离")
    for file in report.files:
        counts = (file.rows_read, file.loaded, file.replaced, file.duplicates, file.quarantined)
        table.add_row(Path(file.file).name, file.table or "—", STATUS[file.status], *map(str, counts))
    console.print(table)
    for file in report.files:
        for line in _notes(file):
            console.print(f"{Path(file.file).name}: {line}", markup=False)


def _notes(file: FileReport) -> list[str]:
    notes = [file.refused_because] if file.refused_because else []
    if file.left_out:
        notes.append(f"个人信息列未读取:{'、'.join(file.left_out)}")
    if file.unknown_columns:
        notes.append(f"未知列未读取:{'、'.join(file.unknown_columns)}")
    if file.masked:
        notes.append(f"自由文本中屏蔽了 {file.masked} 处身份证号或电话")
    if file.knowledge_points is not None:
        notes.append(f"现行知识点 {file.knowledge_points} 条")
    notes += file.warnings
    for reason in file.reasons[:REASONS_ON_SCREEN]:
        value = f",值“{reason.value}”" if reason.value else ""
        notes.append(f"第 {reason.row} 行{value}:{reason.reason}")
    if len(file.reasons) > REASONS_ON_SCREEN:
        notes.append(f"另有 {len(file.reasons) - REASONS_ON_SCREEN} 条原因,见 --json 或“数据质量”页")
    return notes
