"""`build`: marts for the months that changed, published as a new serving file."""

from __future__ import annotations

from typing import Annotated

import typer
from click import echo

from fundwatch.build.engine import DEFAULT, SPARK, find_engine
from fundwatch.build.runner import BuildReport, build
from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.home import find_home
from fundwatch.lake import Lake
from fundwatch.loader.trace import record_build
from fundwatch.progress import progress
from fundwatch.settings import Settings

#: more months than this are shown as a span
MONTHS_NAMED = 6


@app.command("build", help="按变化的月份重建统计表,检查通过后发布新版本。")
def build_command(  # noqa: PLR0917  (options, given by name)
    first: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM", help="另外重建这个月及以后")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="另外重建到这个月为止")] = None,
    full: Annotated[bool, typer.Option("--full", help="全部重建")] = False,
    engine: Annotated[
        str, typer.Option("--engine", help=f"计算引擎:{DEFAULT}(本机)或 {SPARK}(集群,见 docs/scaling.md)")
    ] = DEFAULT,
    master: Annotated[
        str | None,
        typer.Option(
            "--master",
            metavar="URL",
            help="Spark 的地址:spark://主机:端口、sc://主机:端口(Spark Connect)或 local[核数];不写为本机",
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.table,
) -> None:
    """Build and say what was done; nothing changed is no error."""
    chosen = find_engine(engine, master)
    home = find_home().ensure()
    with progress("构建") as step:
        report = build(
            home, Lake(home), Settings(home), full=full, first=first, last=last, step=step, engine=chosen
        )
    record_build(home, COMMAND_LINE.user, report)
    for note in report.notes:
        echo(note, err=True)
    if form is Format.json:
        print_json(document(report))
    elif form is Format.csv:
        print_records(_marts(report), ("统计表", "行数", "方式", "秒"), form)
    else:
        _print_words(report)


def document(report: BuildReport) -> dict[str, object]:
    """The JSON form: version, engine, months, seconds per model, rows per mart, ``changed``."""
    return {
        "version": report.version,
        "engine": report.engine,
        "changed": report.changed,
        "months": report.months,
        "seconds": {model: str(seconds) for model, seconds in report.seconds.items()},
        "rows": report.rows,
        "notes": report.notes,
    }


def _print_words(report: BuildReport) -> None:
    if not report.changed:
        echo(f"数据、模型和参数都没有变化,仍使用版本 {report.version}。")
        return
    print_records(_marts(report), ("统计表", "行数", "方式", "秒"), Format.table)
    echo(f"已发布版本 {report.version}。重建月份:{_month_words(report.months)}。")


def _month_words(months: list[str]) -> str:
    """Few months by name, many as a span with their number."""
    if len(months) <= MONTHS_NAMED:
        return "、".join(months) or "无"
    return f"{months[0]} 至 {months[-1]},共 {len(months)} 个月"


def _marts(report: BuildReport) -> list[dict[str, object]]:
    return [
        {"统计表": name, "行数": rows, "方式": report.modes.get(name), "秒": report.seconds.get(name)}
        for name, rows in report.rows.items()
    ]
