"""`inspect draw`, `replay`, `inspectors`, `inspector`: double-random draws of institutions and inspectors."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.clock import china_today, clock_day
from fundwatch.draws.inspection import (
    assignments_of,
    draw_inspections,
    replay_inspections,
)
from fundwatch.draws.inspection_store import InspectDraw, frame_file, get_inspect_draw, read_frame_file
from fundwatch.draws.inspectors import listed, set_inspector
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.draws.records import drawn_at
from fundwatch.draws.service import page_rows
from fundwatch.draws.teams import Assignment, Inspector
from fundwatch.home import find_home
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse, open_warehouse

commands = typer.Typer(no_args_is_help=True, help="双随机抽取:机构和检查人员,回避、轮换、重放。")
app.add_typer(commands, name="inspect")
Form = Annotated[Format, typer.Option("--format", help="输出格式")]
COLUMNS = (
    "place", "fixmedins_code", "fixmedins_name", "level_class", "town_name", "checked", "last_checked", "team", "reason",
)  # fmt: skip
HEADERS = ("序号", "定点医药机构编号", "机构名称", "类别", "乡镇", "本年已检查", "最近检查", "检查组", "说明")


@commands.command("draw", help="抽取机构并随机派组;未检查的机构优先,检查人员回避本人片区并轮换。")
def draw_command(
    n: Annotated[int, typer.Option("--n", metavar="N", help="抽取家数")],
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="随机种子;默认随机产生")] = None,
    class_: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CLASS", help="只抽这些类别,可重复:三级 二级 一级 未定级 药店"),
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="说明")] = "",
    form: Form = Format.table,
) -> None:
    """Print the draw, one row per institution; everything in JSON."""
    home = find_home()
    with open_warehouse(home) as warehouse:
        day = draw_day(warehouse)
        made = draw_inspections(
            home, warehouse, Settings(home), size=n, seed=seed, day=day, why=why or "未说明", by=COMMAND_LINE,
            classes=class_ or [],
        )  # fmt: skip
        found = assignments_of(home, made)
        source = read_frame_file(frame_file(home, made.draw_id)).source
        record = draw_record(made, found, page_rows(warehouse, "inspect_institutions", day=day), source)
    if form is Format.json:
        print_json(record)
        return
    _print_items(record["items"], form)
    echo(f"{made.draw_id}:种子 {made.seed},检查人员来自{source}。", err=True)


@commands.command("replay", help="用冻结的名单和种子重新抽取,与登记的结果逐条核对。")
def replay_command(
    draw_id: Annotated[str, typer.Argument(metavar="DRAW_ID", help="抽取编号,例如 I2026-01")],
    form: Form = Format.table,
) -> int:
    """Print whether the draw can be repeated; exit status 1 when not."""
    home = find_home()
    found = replay_inspections(home, get_inspect_draw(home, draw_id), COMMAND_LINE)
    if form is Format.json:
        print_json({
            "draw_id": draw_id, "sound": found.sound, "frame_sound": found.frame_sound, "logged": found.logged,
            "frame_hash": found.frame_hash, "stored_frame_hash": found.draw.frame_hash, "items_hash": found.items_hash,
            "stored_items_hash": found.draw.items_hash, "differences": found.differences, "seed": found.draw.seed,
            "words": found.words(),
        })  # fmt: skip
    else:
        echo(found.words())
    return 0 if found.sound else 1


@commands.command("inspectors", help="列出检查人员名单。")
def inspectors_command(form: Form = Format.table) -> None:
    """Print the list."""
    records = [
        {"岗位": one.inspector.post, "片区": list(one.inspector.areas), "回避机构": list(one.inspector.avoids),
         "参加抽取": one.enabled}
        for one in listed(find_home())
    ]  # fmt: skip
    print_records(records, ("岗位", "片区", "回避机构", "参加抽取"), form)


@commands.command("inspector", help="登记检查人员:岗位代码、片区(乡镇代码)、回避的机构。")
def inspector_command(
    post: Annotated[str, typer.Argument(metavar="POST", help="岗位代码,例如 检查员01")],
    area: Annotated[
        list[str] | None, typer.Option("--area", metavar="TOWN", help="所在片区的乡镇代码,可重复")
    ] = None,
    avoid: Annotated[
        list[str] | None, typer.Option("--avoid", metavar="CODE", help="回避的机构编号,可重复")
    ] = None,
    enabled: Annotated[bool, typer.Option("--enable/--disable", help="是否参加抽取")] = True,
) -> None:
    """Add an inspector or replace what is listed of one."""
    set_inspector(find_home(), Inspector(post, tuple(area or ()), tuple(avoid or ())), enabled, COMMAND_LINE)
    echo(f"已登记 {post}。", err=True)


def draw_day(warehouse: Warehouse) -> dt.date:
    """The day a draw is made on: today, or the newest day of old data."""
    today = china_today()
    loaded = warehouse.meta.get("load_date")
    newest = page_rows(
        warehouse, "newest_day", load_date=dt.date.fromisoformat(loaded[:10]) if loaded else today
    )
    return clock_day(today, newest[0]["newest_day"])


def draw_record(
    made: InspectDraw, found: list[Assignment], known: list[dict[str, Any]], source: str
) -> dict[str, Any]:
    """A draw with its institutions and teams."""
    facts = {row["fixmedins_code"]: row for row in known}
    record = {key: value for key, value in vars(made).items() if key != "classes"}
    record |= {"classes": made.level_classes, "drawn_at": drawn_at(made), "inspectors_from": source}
    record["items"] = [
        {
            "place": place, "fixmedins_code": one.institution.fixmedins_code,
            "fixmedins_name": facts.get(one.institution.fixmedins_code, {}).get("fixmedins_name"),
            "level_class": one.institution.level_class, "town_code": one.institution.town_code,
            "town_name": facts.get(one.institution.fixmedins_code, {}).get("town_name"),
            "checked": one.institution.checked, "last_checked": one.institution.last_checked, "team": list(one.team),
            "reason": one.reason or None,
        }
        for place, one in enumerate(found, 1)
    ]  # fmt: skip
    return record


def _print_items(items: list[dict[str, Any]], form: Format) -> None:
    if form is Format.csv:
        print_records([{name: item[name] for name in COLUMNS} for item in items], COLUMNS, form)
        return
    rows = []
    for item in items:
        shown = {
            **item,
            "checked": "是" if item["checked"] else "否",
            "team": "、".join(item["team"]) or None,
        }
        rows.append({header: shown[name] for header, name in zip(HEADERS, COLUMNS, strict=True)})
    print_records(rows, HEADERS, form)
