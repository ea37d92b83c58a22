"""`rules list`, `rules run`, `rules explain`, `rules what-if`: the screening rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.kpi import read_day
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.clock import china_today
from fundwatch.errors import UsageError
from fundwatch.home import find_home
from fundwatch.progress import progress
from fundwatch.rules import HIT_COLUMNS, Outcome, explain, library, rules_named, run
from fundwatch.rules.what_if import Cell, WhatIf, what_if
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse, open_warehouse

LIST_COLUMNS = (
    "rule_id",
    "title",
    "class",
    "level",
    "amount_method",
    "basis",
    "source_status",
    "owner",
    "reviewed",
)
LIST_HEADERS = ("规则", "名称", "类别", "程度", "金额方法", "依据", "来源状态", "责任岗位", "复核日期")
HIT_HEADERS = (
    "规则",
    "结算ID",
    "就诊ID",
    "定点医药机构编号",
    "人员编号",
    "命中日期",
    "疑点金额",
    "证据",
    "程度",
)
SCOPES = {"total": "合计", "month": "月份", "institution": "机构"}
WHAT_IF_COLUMNS = (
    "scope", "key", "name", "hits_before", "hits_after", "amount_before", "amount_after", "added", "removed",
)  # fmt: skip
WHAT_IF_HEADERS = ("范围", "键", "名称", "现命中", "改后命中", "现金额(元)", "改后金额(元)", "新增", "减少")


Form = Annotated[Format, typer.Option("--format", help="输出格式")]

commands = typer.Typer(no_args_is_help=True, help="筛查规则:列表、运行、说明。")
app.add_typer(commands, name="rules")


@commands.command("list", help="列出全部规则。")
def listing(form: Form = Format.table) -> None:
    """Print the library, one row per rule."""
    records = [
        {column: explained[column] for column in LIST_COLUMNS}
        for explained in (explain(rule_id) for rule_id in library())
    ]
    _print(records, LIST_COLUMNS, LIST_HEADERS, form)


@commands.command("run", help="运行规则,列出命中。--rule 可重复;不写期间则为全部结算。")
def run_command(
    from_: Annotated[str | None, typer.Option("--from", metavar="D", help="起始日,例如 2024-01-01")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="D", help="结束日(含当天)")] = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", metavar="ID", help="只运行这些规则")] = None,
    form: Form = Format.table,
) -> None:
    """Print hits; rules that could not be run, or only in part, are named on stderr with what is missing."""
    rules = rules_named(rule)
    home = find_home()
    with open_warehouse(home) as warehouse:
        start, end = _period(warehouse, from_, to)
        with progress("运行规则") as step:
            screening = run(warehouse, Settings(home), rules, start, end, step=step)
    for outcome in screening.outcomes:
        if outcome.missing:
            echo(_shortfall(outcome), err=True)
    _print(screening.records(), HIT_COLUMNS, HIT_HEADERS, form)


@commands.command("explain", help="说明一条规则:依据、参数、金额方法、同样命中的合法情形。")
def explain_command(rule_id: Annotated[str, typer.Argument(metavar="ID")], form: Form = Format.table) -> None:
    """Print one rule with the parameter values in force today."""
    document = explain(rule_id, Settings(find_home()), china_today())
    if form is Format.json:
        print_json(document)
    else:
        records = [{"key": key, "value": value} for key, value in document.items()]
        print_records(records, ("key", "value"), form)


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
        start, end = _period(warehouse, from_, to)
        with progress("试算") as step:
            found = what_if(
                warehouse, Settings(home).now(), rule_id, changes, start=start, end=end, step=step
            )
    if form is Format.json:
        print_json(_document(found))
    else:
        names = WHAT_IF_COLUMNS if form is Format.csv else WHAT_IF_HEADERS
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


def _period(warehouse: Warehouse, from_: str | None, to: str | None) -> tuple[dt.date, dt.date]:
    """The period asked for; an open side ends with the settlements there are (none at all: today)."""
    found = warehouse.query(
        "select cast(min(setl_time) as date) as first_day, cast(max(setl_time) as date) as last_day from stg_setl_d"
    ).to_pylist()[0]
    first, last = found["first_day"] or china_today(), found["last_day"] or china_today()
    start = read_day(from_, "--from") if from_ else None
    end = read_day(to, "--to") if to else None
    return start or min(first, end or first), end or max(last, start or last)


def _shortfall(outcome: Outcome) -> str:
    name = f"{outcome.rule_id} {outcome.title}"
    missing = "、".join(outcome.missing)
    if outcome.hits is None:
        return f"{name}:{outcome.status}({missing}),未运行,不是 0 条。"
    return f"{name}:已运行,其中一部分未判断——未加载知识({missing})。"


def _print(
    records: list[dict[str, Any]], columns: tuple[str, ...], headers: tuple[str, ...], form: Format
) -> None:
    if form is Format.table:
        readable = [dict(zip(headers, (record[c] for c in columns), strict=True)) for record in records]
        print_records(readable, headers, form)
    else:
        print_records(records, columns, form)


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
