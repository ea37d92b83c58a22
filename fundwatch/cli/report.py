"""`report monthly`, `report meeting`: the documents of the bureau as files."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.clock import china_today, clock_day
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.errors import UsageError, UserError
from fundwatch.export.small_cells import threshold
from fundwatch.home import find_home
from fundwatch.reports.monthly import Month, files_of, monthly_report
from fundwatch.reports.monthly.files import NAME, write
from fundwatch.settings import Settings
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

commands = typer.Typer(no_args_is_help=True, help="报告文档:六项信息月报、领导小组会议材料。")
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


@commands.command(
    "meeting", help="生成领导小组会议材料(PPTX、DOCX、PDF、XLSX);当天还没有会议时先冻结数据新建一次。"
)
def meeting_command(
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="会议日期")],
    out: Out,
    outside: Annotated[
        bool, typer.Option("--outside", help="对外提供:小于规定人数的数隐去,不含案件文字")
    ] = False,
    form: Form = Format.table,
) -> int:
    """Write the four files; exit status 1 when the frozen version no longer gives the frozen numbers."""
    # imported here: every command imports this module, and the screens' words come with these
    with _quiet():
        from fundwatch.meetings.brief import brief_of
        from fundwatch.meetings.freeze import make_meeting, reread
        from fundwatch.meetings.outside import for_others
        from fundwatch.meetings.pack import make_pack
        from fundwatch.meetings.store import meeting_on

    home, day = find_home(), _day(date)
    found = meeting_on(home, day)
    meeting = found or make_meeting(home, day, COMMAND_LINE)
    if found is None:
        echo(f"{day} 还没有会议,已冻结版本 {meeting.version} 新建 {meeting.meeting_id}。", err=True)
    brief = brief_of(home, meeting)
    differs = reread(home, meeting)
    if outside:
        brief = for_others(brief, threshold(Settings(home), china_today()))
    files = make_pack(home, brief, COMMAND_LINE)
    made = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file in files:
            (out / file.name).write_bytes(file.content)
            made.append({"file": str(out / file.name), "sha256": file.sha256})
    except OSError as error:
        raise UserError(f"无法写入目录 {out}:{error.strerror}。请检查目录权限或剩余空间。") from error
    if form is Format.json:
        print_json({**_record(brief), "differs": differs, "files": made})
    else:
        print_records(made, ["file", "sha256"], form)
    if brief.missing and brief.is_draft:
        names = "、".join(line.name for line in brief.missing)
        echo(f"讨论稿:还有 {len(brief.missing)} 项未达标指标没有说明:{names}。", err=True)
    if differs:
        echo(f"注意:按冻结版本重算,{len(differs)} 项与冻结的数字不同:{'、'.join(differs)}。", err=True)
    return 1 if differs else 0


@contextmanager
def _quiet() -> Iterator[None]:
    """The words of the screens come with their framework, which warns on import that no server runs."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _record(brief: Any) -> dict[str, Any]:
    meeting, facts = brief.meeting, brief.facts
    return {
        "meeting_id": meeting.meeting_id, "date": meeting.held_on, "title": meeting.title, "state": meeting.state.value,
        "version": meeting.version, "from": meeting.period_start, "to": meeting.period_end, "data_through": facts.newest,
        "before": brief.before.meeting_id if brief.before else None,
        "red": [{"id": line.id, "name": line.name, "value": line.number, "target": line.goal} for line in facts.red],
        "missing": [line.id for line in brief.missing],
    }  # fmt: skip


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"日期“{text}”应写成 YYYY-MM-DD,例如 2026-11-05。") from error
