"""`export`: a screen's workbook, the list of an indicator, or what a schedule declares, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.kpi import read_day, read_keys
from fundwatch.cli.output import Format, print_json
from fundwatch.clock import china_time, system_clock
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.errors import UsageError
from fundwatch.export.deliver import deliver_list, deliver_page
from fundwatch.export.question import question
from fundwatch.export.schedule import run_schedule
from fundwatch.home import find_home
from fundwatch.screens.period import Period
from fundwatch.screens.reads import remembering
from fundwatch.warehouse import open_warehouse
from fundwatch.workbooks.make import Carrier
from fundwatch.workbooks.screens import screen_named


@app.command("export", help="导出页面工作簿(--page)、指标清单(--kpi)或按清单文件定时导出(--schedule)。")
def export_command(  # noqa: PLR0917
    page: Annotated[str | None, typer.Option("--page", metavar="PAGE", help="页面名称或地址")] = None,
    kpi: Annotated[str | None, typer.Option("--kpi", metavar="ID", help="指标,导出其清单")] = None,
    schedule: Annotated[
        Path | None, typer.Option("--schedule", metavar="FILE.yaml", help="定时导出清单")
    ] = None,
    from_: Annotated[str, typer.Option("--from", metavar="D", help="起始日,例如 2024-01-01")] = "",
    to: Annotated[str, typer.Option("--to", metavar="D", help="结束日(含当天)")] = "",
    filters: Annotated[list[str] | None, typer.Option("--filter", metavar="K=V", help="筛选,可重复")] = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", metavar="DIM=VALUE", help="清单的一格,可重复")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="文件,以 .xlsx、.csv 或 .parquet 结尾")
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="导出理由,含个人级明细时必填")] = "",
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="按该角色可见的列导出")] = None,
    outside: Annotated[
        bool, typer.Option("--outside", help="对外提供:不含个人级明细,小于规定人数的格隐去")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="结果的输出格式")] = Format.table,
) -> int:
    """Print file, rows and hash; exit status 1 when an item of a schedule failed."""
    if sum(one is not None for one in (page, kpi, schedule)) != 1:
        raise UsageError("--page、--kpi、--schedule 应写一个。")
    home, at = find_home(), china_time(system_clock())
    with open_warehouse(home) as warehouse, remembering():
        if schedule is not None:
            outcomes = run_schedule(home, warehouse, schedule, at)
            if form is Format.json:
                print_json([{"item": one.item.model_dump(), "new": one.new, "error": one.error or None,
                             "file": str(one.path) if one.path else None} for one in outcomes])  # fmt: skip
            else:
                for one in outcomes:
                    echo(one.words, err=bool(one.error))
            return 1 if any(one.error for one in outcomes) else 0
        if out is None or not from_ or not to:
            raise UsageError("缺少 --from、--to 或 --out。")
        period = Period(read_day(from_, "--from"), read_day(to, "--to"))
        if period.end < period.start:
            raise UsageError("--to 早于 --from。")
        ask = question(home, warehouse, period, _read_filters(filters or []), role)
        carrier = Carrier(COMMAND_LINE.user, COMMAND_LINE.post, at, why, outside)
        if page is not None:
            made = deliver_page(screen_named(page), ask, carrier, out)
        else:
            made = deliver_list(str(kpi), read_keys(key or []), ask, carrier, out)
    if form is Format.json:
        print_json(made.record)
    else:
        echo(f"已导出 {made.path},{made.rows:,} 行,SHA-256 {made.sha256}")
    return 0


def _read_filters(texts: list[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise UsageError(f"--filter {text} 应写成 名称=值。")
        given.setdefault(name, []).append(value)
    return given
