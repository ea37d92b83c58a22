"""`export`: a screen's workbook, a list, or what a schedule declares, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.kpi import read_day
from fundwatch.clock import china_time, system_clock
from fundwatch.home import find_home
from fundwatch.screens.filters import filter_options, read_filters
from fundwatch.screens.period import Period
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.make import Carrier, make
from fundwatch.workbooks.screens import book_of, screen_named


@app.command("export", help="导出一个页面的工作簿。")
def export_command(
    page: Annotated[str, typer.Option("--page", metavar="PAGE", help="页面名称或地址")],
    from_: Annotated[str, typer.Option("--from", metavar="D")],
    to: Annotated[str, typer.Option("--to", metavar="D")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE")],
    filters: Annotated[list[str] | None, typer.Option("--filter", metavar="K=V")] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT")] = "",
) -> None:
    home = find_home()
    entry = screen_named(page)
    book = book_of(entry.url_path)
    warehouse = open_warehouse(home)
    given = {}
    for text in filters or []:
        k, _, v = text.partition("=")
        given.setdefault(k, []).append(v)
    ask0 = Ask(warehouse, Settings(home), Period(read_day(from_, "--from"), read_day(to, "--to")))
    options = filter_options(ask0)
    ask = Ask(
        ask0.warehouse,
        ask0.settings,
        ask0.period,
        read_filters(given, options),
        frozenset(),
        {k: v[0] for k, v in given.items() if k not in options},
    )
    file = make(entry, book, ask, Carrier("命令行", "命令行", china_time(system_clock()), why))
    out.write_bytes(file.content)
    echo(f"{file.rows} {file.sha256}")
