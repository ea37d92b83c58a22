"""`report monthly`: the documents of the bureau as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.clock import china_today, clock_day
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.errors import UserError
from fundwatch.home import find_home
from fundwatch.reports.monthly import Month, files_of, monthly_report
from fundwatch.reports.monthly.files import NAME, write
from fundwatch.settings import Settings
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

commands = typer.Typer(no_args_is_help=True, help="报告文档:六项信息月报。")
app.add_typer(commands, name="report")
Form = Annotated[Format, typer.Option("--format", help="输出格式")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="写入的目录,没有则新建")]


@commands.callback()
def report_group() -> None:
    """Keep `report` a group with whatever number of commands."""


@commands.command("monthly", help="生成一个月的六项信息月报(DOCX 和 PDF)。")
def monthly_command(
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="月份")],
    out: Out,
    form: Form = Format.table,
) -> None:
    """Write both files; print their paths, and with JSON the numbers in them."""
    home = find_home()
    wanted = Month.read(month)
    today = china_today()
    with open_warehouse(home) as warehouse:
        report = monthly_report(warehouse, Settings(home), wanted, today)
    files = files_of(report.document)
    try:
        paths = write(files, wanted, out)
    except OSError as error:
        raise UserError(f"无法写入目录 {out}:{error.strerror}。请检查目录权限或剩余空间。") from error
    detail = {"month": str(wanted), "version": report.version, "sha256": files.hashes, "format": "docx,pdf"}
    record(engine(home), COMMAND_LINE.user, "导出", f"{NAME} {wanted.words}", detail)
    made = [
        {"file": str(path), "sha256": digest}
        for path, digest in zip(paths, files.hashes.values(), strict=True)
    ]
    lead, words = report.countdown(clock_day(today, report.newest))
    if form is Format.json:
        print_json(
            {
                "files": made,
                "deadline": {"due_date": wanted.due, "left": lead, "words": words},
                **report.record(),
            }
        )
        return
    print_records(made, ["file", "sha256"], form)
    echo(f"{wanted.words}六项信息:{lead},{words}。", err=True)
