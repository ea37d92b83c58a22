"""双随机抽取 as tables and sentences: a draw with its teams, all draws, the inspectors listed, the sheet to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from fundwatch.draws.calculation import Block
from fundwatch.draws.inspection_store import InspectDraw
from fundwatch.draws.inspectors import Listed
from fundwatch.draws.teams import Assignment
from fundwatch.screens.fields import Field
from fundwatch.screens.second_review import local
from fundwatch.ui import numbers

Facts = Mapping[str, Mapping[str, Any]]
ITEM_FIELDS = (
    Field("place", "序号", "int"), Field("fixmedins_name", "机构"), Field("level_class", "类别"), Field("town_name", "乡镇"),
    Field("checked", "本年已检查"), Field("last_checked", "最近检查"), Field("team", "检查组"), Field("reason", "说明"),
    Field("fixmedins_code", "定点医药机构编号"),
)  # fmt: skip
HISTORY_FIELDS = (
    Field("draw_id", "抽取编号"), Field("drawn_at", "抽取时间", "time"), Field("drawn_by", "抽取人"), Field("size", "抽取", "int", "家"),
    Field("frame_size", "候选机构", "int", "家"), Field("inspector_count", "检查人员", "int", "人"), Field("classes", "类别"),
    Field("seed", "随机种子"), Field("why", "说明"), Field("frame_hash", "名单哈希"),
)  # fmt: skip
INSPECTOR_FIELDS = (
    Field("post", "岗位"), Field("areas", "片区"), Field("avoids", "回避机构"), Field("enabled", "参加抽取"),
)  # fmt: skip
#: how the draw is made, for the foot of the sheet
DEFINITIONS = (
    ("候选机构", "本年在协议期内的机构;抽取时冻结并计算哈希。"),
    ("抽取机构", "本年尚未检查的优先,按各类别剩余家数分配(最大余数法);同类之内按“种子、换行、机构编号”的 SHA-256 从小到大抽取。"),
    ("回避", "检查人员不去本人片区(乡镇)的机构,也不去登记为回避的机构。"),
    ("轮换", "该机构上次检查组的人员至多一人再去;上次抽取中同组的人员尽量不再同组。"),
    ("派组", "其余人员中任务少的优先,相同的按 SHA-256 抽签;不能组成检查组的机构列明原因,须另行指定。"),
)  # fmt: skip


def message(draw: InspectDraw, found: Sequence[Assignment], source: str) -> str:
    """What the draw gave, in one sentence."""
    classes = Counter(one.institution.level_class for one in found)
    parts = "、".join(f"{name} {count} 家" for name, count in sorted(classes.items()))
    said = f"{draw.draw_id} 从 {draw.frame_size:,} 家协议机构中抽取 {draw.size:,} 家({parts}),检查人员 {draw.inspector_count:,} 人"
    alone = sum(not one.team for one in found)
    said += f",{alone:,} 家须另行指定检查组。" if alone else ",均已派组。"
    return f"{said}检查人员来自{source}。"


def items_table(found: Sequence[Assignment], facts: Facts) -> pa.Table:
    """One row per institution drawn, in order."""
    rows = [
        {
            "place": place, "fixmedins_name": _name(one, facts), "level_class": one.institution.level_class,
            "town_name": _town(one, facts), "checked": "是" if one.institution.checked else "否",
            "last_checked": one.institution.last_checked, "team": "、".join(one.team) or None, "reason": one.reason or None,
            "fixmedins_code": one.institution.fixmedins_code,
        }
        for place, one in enumerate(found, 1)
    ]  # fmt: skip
    kinds = {"place": pa.int64()}
    schema = pa.schema([(field.name, kinds.get(field.name, pa.string())) for field in ITEM_FIELDS])
    return pa.Table.from_pylist(rows, schema=schema)


def history_table(draws: Sequence[InspectDraw]) -> pa.Table:
    """One row per draw, newest first."""
    rows = [
        {
            "draw_id": draw.draw_id, "drawn_at": local(draw.drawn_at), "drawn_by": draw.drawn_by, "size": draw.size,
            "frame_size": draw.frame_size, "inspector_count": draw.inspector_count,
            "classes": "、".join(draw.level_classes) or "全部", "seed": str(draw.seed), "why": draw.why or None,
            "frame_hash": draw.frame_hash,
        }
        for draw in draws
    ]  # fmt: skip
    kinds = {
        "drawn_at": pa.timestamp("s"),
        "size": pa.int64(),
        "frame_size": pa.int64(),
        "inspector_count": pa.int64(),
    }
    schema = pa.schema([(field.name, kinds.get(field.name, pa.string())) for field in HISTORY_FIELDS])
    return pa.Table.from_pylist(rows, schema=schema)


def inspectors_table(people: Sequence[Listed], towns: Mapping[str, str], facts: Facts) -> pa.Table:
    """One row per inspector listed."""
    rows = [
        {
            "post": one.inspector.post, "areas": "、".join(towns.get(code, code) for code in one.inspector.areas) or None,
            "avoids": "、".join(str(facts.get(code, {}).get("fixmedins_name", code)) for code in one.inspector.avoids) or None,
            "enabled": "是" if one.enabled else "否",
        }
        for one in people
    ]  # fmt: skip
    return pa.Table.from_pylist(
        rows, schema=pa.schema([(field.name, pa.string()) for field in INSPECTOR_FIELDS])
    )


def sheet_blocks(draw: InspectDraw, found: Sequence[Assignment], facts: Facts, source: str) -> list[Block]:
    """The printed list: how it was drawn, the institutions with their teams, how it works."""
    lines = (
        ("抽取编号", draw.draw_id), ("抽取时间", f"{local(draw.drawn_at):%Y-%m-%d %H:%M}"), ("抽取人", draw.drawn_by),
        ("候选", f"协议机构 {draw.frame_size:,} 家,检查人员 {draw.inspector_count:,} 人(来自{source})"),
        ("类别", "、".join(draw.level_classes) or "全部"), ("每组人数", f"{draw.team_size} 人"), ("随机种子", str(draw.seed)),
        ("算法", f"{draw.algorithm} 版本 {draw.algorithm_version}"), ("名单哈希", draw.frame_hash), ("说明", draw.why or numbers.NONE),
    )  # fmt: skip
    rows = tuple(
        (
            place, one.institution.fixmedins_code, _name(one, facts), one.institution.level_class, _town(one, facts) or "未登记",
            one.institution.last_checked or numbers.NONE, "、".join(one.team) or numbers.NONE, one.reason,
        )
        for place, one in enumerate(found, 1)
    )  # fmt: skip
    columns = (
        ("序号", "int"), ("机构编号", "text"), ("机构名称", "text"), ("类别", "text"), ("乡镇", "text"), ("最近检查", "text"),
        ("检查组", "text"), ("说明", "text"),
    )  # fmt: skip
    return [
        Block("抽取", (("项目", "text"), ("内容", "text")), lines),
        Block("抽取结果", columns, rows),  # type: ignore[arg-type]
        Block("办法", (("项目", "text"), ("说明", "text")), DEFINITIONS),
    ]


def _name(one: Assignment, facts: Facts) -> str:
    code = one.institution.fixmedins_code
    return str(facts.get(code, {}).get("fixmedins_name") or code)


def _town(one: Assignment, facts: Facts) -> str | None:
    """The town's name, or its code where today's register has another."""
    known = facts.get(one.institution.fixmedins_code, {})
    if known.get("town_code") == one.institution.town_code:
        return known.get("town_name") or one.institution.town_code
    return one.institution.town_code
