"""`rules what-if`: hits and yuan of a rule before and after a change of its parameters; nothing is changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.cli.rules import commands, read_period
from fundwatch.errors import UsageError
from fundwatch.home import find_home
from fundwatch.progress import progress
from fundwatch.rules.what_if import Cell, WhatIf, what_if
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

SCOPES = {"total": "合计", "month": "月份", "institution": "机构"}
COLUMNS = (
    "scope", "key", "name", "hits_before", "hits_after", "amount_before", "amount_after", "added", "removed",
)  # fmt: skip
HEADERS = ("范围", "键", "名称", "现命中", "改后命中", "现金额(元)", "改后金额(元)", "新增", "减少")


@commands.command("what-if", help="试算:参数改动前后的命中和金额,不改变任何设置。--set 可重复。")
def what_if_command(
    rule_id: Annotated[str, typer.Argument(metavar="ID")],
    set_: Annotated[
        list[str], typer.Option("--set", metavar="KEY=VALUE", help="要试的参数值,例如 gap_days=10")
    ],
    from_: Annotated[str | None, typer.Option("--from", metavar="D", help="起始日,例如 2024-01-01")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="D", help="结束日(含当天)")] = None,
    form: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.table,
) -> None:
    """Print totals, months and institutions with both sides; a rule that cannot run is named and ends with status 1."""
    changes = dict(_pair(text) for text in set_)
    home = find_home()
    with open_warehouse(home) as warehouse:
        start, end = read_period(warehouse, from_, to)
        with progress("试算") as step:
            found = what_if(
                warehouse, Settings(home).now(), rule_id, changes, start=start, end=end, step=step
            )
    if form is Format.json:
        print_json(_document(found))
    else:
        names = COLUMNS if form is Format.csv else HEADERS
        print_records([dict(zip(names, row, strict=True)) for row in _rows(found, form)], names, form)
    for name, (values, changed) in found.values.items():
        if changed is not None:
            echo(f"{found.rule_id}_{name}:现为 {'、'.join(values)},试算 {changed}。", err=True)
    if found.total is None:
        echo(
            f"{found.rule_id} {found.title}:{found.status}({'、'.join(found.missing)}),未运行,不是 0 条。",
            err=True,
        )
        raise typer.Exit(1)


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key.strip() or not value.strip():
        raise UsageError(f"--set 的“{text}”应写成 参数=值,例如 gap_days=10。")
    return key.strip(), value.strip()


def _document(found: WhatIf) -> dict[str, Any]:
    document = asdict(found)
    document["values"] = {
        name: {"in_force": values, "changed_to": changed} for name, (values, changed) in found.values.items()
    }
    return {
        "from" if name == "start" else "to" if name == "end" else name: value
        for name, value in document.items()
    }


def _rows(found: WhatIf, form: Format) -> list[tuple[Any, ...]]:
    cells: list[tuple[str, Cell]] = [("total", found.total)] if found.total else []
    cells += [("month", cell) for cell in found.by_month]
    cells += [("institution", cell) for cell in found.by_institution]
    return [(scope if form is Format.csv else SCOPES[scope], *asdict(cell).values()) for scope, cell in cells]
