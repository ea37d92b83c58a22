"""`status`: how far the data reach, what was loaded, what is served, what is due."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.errors import UserError
from fundwatch.home import find_home
from fundwatch.loader.trace import STATUS
from fundwatch.quality import SOON_DAYS, Completeness, Status, status

MEBIBYTE = 1024 * 1024
LOAD_LABELS = {
    "loaded_at": "时间",
    "file": "文件",
    "table": "表",
    "status": "结果",
    "rows_read": "读入",
    "loaded": "新增",
    "replaced": "替换",
    "duplicates": "重复",
    "quarantined": "隔离",
}
TABLE_LABELS = {
    "table": "表",
    "title": "名称",
    "rows": "行数",
    "first_date": "最早日期",
    "data_through": "数据截至",
    "months": "月份数",
}
DISK_LABELS = {
    "lake": "数据湖",
    "warehouse": "服务文件(全部版本)",
    "state": "应用状态",
    "inbox": "收件箱",
    "serving_file": "当前服务文件",
    "free": "剩余空间",
}
TABLE_FIELDS = tuple(TABLE_LABELS)


@app.command("status", help="数据截至、版本、载入、隔离、磁盘、上次构建和到期事项。")
def status_command(
    form: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.table,
) -> None:
    """Print the state of the home; before the first load and build it says so."""
    home = find_home()
    if not home.root.is_dir():
        raise UserError(f"数据目录 {home.root} 不存在。请先运行 fundwatch load <文件或目录>。")
    found = status(home)
    if form is Format.json:
        print_json(document(found))
    elif form is Format.csv:
        print_records(_tables(found), TABLE_FIELDS, form)
    else:
        _print_words(found)


def document(found: Status) -> dict[str, Any]:
    """The JSON form. ``tables`` are the loaded ones; ``completeness.pct`` is a string or null."""
    complete = found.completeness
    return {
        "home": found.home,
        "version": found.version,
        "built_at": found.built_at,
        "engine": found.engine,
        "load_date": found.load_date,
        "versions": found.versions,
        "tables": _tables(found),
        "never_loaded": list(complete.never_loaded) if complete else [],
        "not_built": list(found.not_built),
        "completeness": _completeness(complete) if complete else None,
        "loads": [asdict(load) for load in found.loads],
        "quarantine": {"rows": sum(found.quarantined.values()), "by_table": found.quarantined},
        "disk": found.disk,
        "deadlines_on": found.deadlines_on,
        "deadlines": [asdict(deadline) for deadline in found.deadlines],
    }


def _completeness(found: Completeness) -> dict[str, Any]:
    missing = [f"{table} {month}" for table, month in found.missing]
    counts = {"to": found.to, "loaded": found.loaded, "expected": found.expected, "pct": found.pct}
    return {**counts, "missing": missing}


def _tables(found: Status) -> list[dict[str, Any]]:
    return [
        {
            "table": state.table,
            "title": state.title,
            "rows": state.rows,
            "first_date": state.first_date,
            "data_through": state.data_through,
            "months": len(state.months),
        }
        for state in found.tables
        if state.is_loaded
    ]


def _print_words(found: Status) -> None:
    echo(f"数据目录 {found.home}")
    if found.version is None:
        echo("还没有构建。请运行 fundwatch load <文件或目录>,再运行 fundwatch build。")
    else:
        echo(f"版本 {found.version}(引擎 {found.engine},构建于 {found.built_at})")
        echo(f"可打开的版本 {found.versions} 个")
        _print_table(_tables(found), TABLE_LABELS)
    if found.completeness:
        _print_completeness(found.completeness)
    if found.not_built:
        echo(f"有新数据尚未构建:{'、'.join(found.not_built)}。请运行 fundwatch build。")
    loads = [asdict(load) for load in found.loads]
    for load in loads:
        load["status"] = STATUS.get(load["status"], load["status"])
    echo(f"最近 {len(loads)} 次载入:" if loads else "还没有载入记录。")
    if loads:
        _print_table(loads, LOAD_LABELS)
    echo(f"隔离 {sum(found.quarantined.values())} 行" + _by_table(found.quarantined))
    sizes = "、".join(f"{DISK_LABELS[name]} {size / MEBIBYTE:.1f} MiB" for name, size in found.disk.items())
    echo(f"磁盘:{sizes}")
    if found.deadlines_on:
        echo(f"到期事项按 {found.deadlines_on} 计算:")
    for deadline in found.deadlines:
        echo(f"{deadline.kind}:超期 {deadline.overdue},{SOON_DAYS} 天内到期 {deadline.due_soon}")


def _print_table(records: list[dict[str, Any]], labels: dict[str, str]) -> None:
    shown = [{label: record[name] for name, label in labels.items()} for record in records]
    print_records(shown, list(labels.values()), Format.table)


def _print_completeness(found: Completeness) -> None:
    pct = "—" if found.pct is None else f"{found.pct:.1f}%"
    echo(f"完整度 {pct}(表月 {found.loaded}/{found.expected},截至 {found.to or '—'})")
    if found.never_loaded:
        echo(f"从未载入:{'、'.join(found.never_loaded)}")


def _by_table(counts: dict[str, int]) -> str:
    return "(" + "、".join(f"{table} {count}" for table, count in counts.items()) + ")" if counts else ""
