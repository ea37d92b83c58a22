"""`sample draw`, `replay`, `extrapolate`, `results`: the second review of what first review passed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.clock import china_today
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.draws.outcome import drawn_sample, estimates
from fundwatch.draws.records import (
    DRAW_WORDS,
    STRATUM_WORDS,
    draw_record,
    extrapolation_record,
    readable,
    replay_record,
)
from fundwatch.draws.result_file import read_results
from fundwatch.draws.results import Source, check, enter
from fundwatch.draws.service import design_of, draw_sample, replay
from fundwatch.draws.store import draws, get_draw, items, strata
from fundwatch.errors import UsageError
from fundwatch.home import find_home
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

commands = typer.Typer(no_args_is_help=True, help="复审抽检:抽样、重放、登记结果、放大计算。")
app.add_typer(commands, name="sample")
Form = Annotated[Format, typer.Option("--format", help="输出格式")]
DrawId = Annotated[str, typer.Argument(metavar="DRAW_ID", help="抽样编号,例如 S202406-01")]


@commands.command("draw", help="冻结一期的抽样框并抽取复审样本。")
def draw_command(  # noqa: PLR0917
    issue: Annotated[str, typer.Option("--issue", metavar="YYYYMM", help="期号")],
    rate: Annotated[str | None, typer.Option("--rate", help="抽样比例,例如 0.05;默认取参数")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="随机种子;默认随机产生")] = None,
    certainty: Annotated[
        str | None, typer.Option("--certainty", metavar="YUAN", help="达到此申报基金金额的全部抽取,0 为不设")
    ] = None,
    least: Annotated[int | None, typer.Option("--least", metavar="N", help="每层最少件数")] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="说明")] = "",
    form: Form = Format.table,
) -> None:
    """Print the draw; what it drew as well in JSON."""
    home = find_home()
    given = {"rate": _number(rate, "--rate"), "certainty": _number(certainty, "--certainty"), "least": least}
    design = design_of(Settings(home), china_today(), given)
    before = len(draws(home, issue))
    with open_warehouse(home) as warehouse:
        made = draw_sample(home, warehouse, issue, design, seed=seed, why=why or "未说明", by=COMMAND_LINE)
    if before:
        echo(f"注意:{issue} 期此前已抽样 {before} 次,历次抽样都保留。", err=True)
    record = draw_record(made, strata(home, made.draw_id), items(home, made.draw_id))
    _print_one(record, DRAW_WORDS, form)


@commands.command("replay", help="用冻结的抽样框和种子重新抽取,与登记的结果逐件核对。")
def replay_command(draw_id: DrawId, form: Form = Format.table) -> int:
    """Print whether the draw can be repeated; exit status 1 when not."""
    home = find_home()
    with open_warehouse(home) as warehouse:
        found = replay(home, get_draw(home, draw_id), warehouse, COMMAND_LINE)
    if form is Format.table:
        echo(found.words())
        if found.now_words():
            echo(found.now_words())
    else:
        _print_one(replay_record(found), {}, form)
    return 0 if found.sound else 1


@commands.command("extrapolate", help="按层放大:点估计、区间、下限、比率估计,申诉前后对照。")
def extrapolate_command(draw_id: DrawId, form: Form = Format.table) -> None:
    """Print the estimates: one row per stratum and the total as a table or CSV, everything in JSON."""
    home = find_home()
    made = get_draw(home, draw_id)
    with open_warehouse(home) as warehouse:
        sample = drawn_sample(home, made, warehouse)
    record = extrapolation_record(sample, estimates(sample, Settings(home), china_today()))
    if form is Format.json:
        print_json(record)
        return
    rows = [*record["strata"], record["total"]]
    if form is Format.csv:
        print_records(
            [{name: row.get(name) for name in STRATUM_WORDS} for row in rows], list(STRATUM_WORDS), form
        )
    else:
        print_records([readable(row, STRATUM_WORDS) for row in rows], list(STRATUM_WORDS.values()), form)
    for said in record["remarks"]:
        echo(said, err=True)


@commands.command("results", help="导入复审结果(CSV 或 XLSX)。")
def results_command(
    draw_id: DrawId,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="结果文件")],
    form: Form = Format.table,
) -> int:
    """Check and enter a file of results; refused rows are printed and set the exit status to 1."""
    home = find_home()
    made = get_draw(home, draw_id)
    if not path.is_file():
        raise UsageError(f"没有文件 {path.name}。")
    with open_warehouse(home) as warehouse:
        sample = drawn_sample(home, made, warehouse)
    read = read_results(path.name, path.read_bytes(), china_today())
    checked = check(read.entries, sample.documents, sample.found, china_today())
    entered = enter(home, made, checked, Source.FILE, COMMAND_LINE)
    refused = [*read.refused, *checked.refused]
    record = {
        "draw_id": draw_id, "entered": entered, "unchanged": checked.unchanged,
        "refused": [{"row": one.row, "doc_id": one.doc_id, "reason": one.reason} for one in refused],
    }  # fmt: skip
    if form is Format.json:
        print_json(record)
    else:
        echo(f"登记 {entered} 件,与已有结果相同 {checked.unchanged} 件,未采用 {len(refused)} 行。")
        for one in refused:
            echo(f"第 {one.row} 行 {one.doc_id}:{one.reason}", err=True)
    return 1 if refused else 0


def _print_one(record: dict[str, Any], words: dict[str, str], form: Format) -> None:
    if form is Format.json:
        print_json(record)
        return
    single = {key: value for key, value in record.items() if not isinstance(value, list)}
    if form is Format.csv:
        print_records([single], list(single), form)
    else:
        rows = [{"项目": words.get(key, key), "内容": value} for key, value in single.items()]
        print_records(rows, ("项目", "内容"), form)


def _number(text: str | None, option: str) -> Decimal | None:
    if text is None:
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise UsageError(f"{option} 的值“{text}”不是数字。") from error
    if not value.is_finite():
        raise UsageError(f"{option} 的值“{text}”不是数字。")
    return value
