"""The rule library in words: each rule, the knowledge it needs, and which points of it are loaded from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from fundwatch.lake import Batch
from fundwatch.rules import Rule, explain, library
from fundwatch.rules.header import Knowledge
from fundwatch.rules.knowledge import Loaded, Source, points_loaded
from fundwatch.screens.quality import title_of
from fundwatch.screens.settings_words import UNVERIFIED, setting_words
from fundwatch.settings import Values
from fundwatch.ui import numbers

NOT_NEEDED, LOADED, OPTIONAL_MISSING, MISSING = "不需要知识", "已加载", "已加载,可选知识未加载", "未加载"
SOURCES_NAMED = 3
#: what to do about knowledge that is not there, by table
ADVICE = "未加载;载入国家两库知识点工作簿,或 kb_item_limit、kb_item_pair、kb_code 文件后,这部分才会判断"
#: (item, content) of one thing in words
Lines = list[tuple[str, str]]
#: points loaded for each kind of knowledge that some rule reads
Stock = Mapping[Knowledge, Sequence[Loaded]]


@dataclass(frozen=True)
class Standing:
    """Whether a rule's knowledge is there, how many points it can read, and from which sources."""

    words: str
    points: int | None
    sources: str | None


def stock(warehouse: Source) -> dict[Knowledge, list[Loaded]]:
    """What is loaded of each kind of knowledge that a rule reads."""
    wanted = {one for rule in library().values() for one in _wanted(rule)}
    return {one: points_loaded(warehouse, one) for one in wanted}


def standing(rule: Rule, loaded: Stock) -> Standing:
    """A rule's knowledge in one line; several kinds of a rule are added up."""
    wanted = _wanted(rule)
    if not wanted:
        return Standing(NOT_NEEDED, None, None)
    points: dict[str, int] = {}
    for found in (found for one in wanted for found in loaded.get(one, ())):
        points[found.source or "代码表"] = points.get(found.source or "代码表", 0) + found.points
    words = LOADED
    if not all(loaded.get(one) for one in rule.header.needs.partial):
        words = OPTIONAL_MISSING
    if not all(loaded.get(one) for one in rule.header.needs.knowledge):
        words = MISSING
    ordered = sorted(points.items(), key=lambda entry: (-entry[1], entry[0]))
    named = "、".join(f"{source} {count:,} 条" for source, count in ordered[:SOURCES_NAMED])
    rest = f"等 {len(ordered)} 个来源" if len(ordered) > SOURCES_NAMED else ""
    return Standing(words, sum(points.values()), named + rest or None)


def rule_rows(loaded: Stock | None) -> pa.Table:
    """One row per screening rule; ``loaded`` None: there is no version to read knowledge from."""
    rows = []
    for rule in library().values():
        own = None if loaded is None else standing(rule, loaded)
        rows.append(
            {
                "id": rule.rule_id,
                "title": rule.header.title,
                "class": rule.header.class_,
                "level": rule.header.level,
                "knowledge": "、".join(point.words for point in rule.header.needs.knowledge) or None,
                "loaded": own.words if own else None,
                "points": own.points if own else None,
                "sources": own.sources if own else None,
                "basis": None if rule.header.source_status else rule.header.basis,
                "needs": "、".join(str(title_of(table)) for table in rule.header.needs.tables),
                "owner": rule.header.owner,
                "reviewed": rule.header.reviewed,
            }
        )
    names = ("id", "title", "class", "level", "knowledge", "loaded", "sources", "basis", "needs", "owner")
    kinds = [*((name, pa.string()) for name in names), ("points", pa.int64()), ("reviewed", pa.date32())]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def message(loaded: Stock | None) -> str:
    """How many rules wait for knowledge, in one sentence."""
    needy = [rule for rule in library().values() if rule.header.needs.knowledge]
    if loaded is None:
        return f"{len(needy)} 条规则要用知识点才能运行;生成版本后,这里列出各自加载了多少。"
    waiting = [rule.header.title for rule in needy if standing(rule, loaded).words == MISSING]
    if not waiting:
        return f"{len(needy)} 条要用知识点的规则都已加载知识。"
    named = "、".join(waiting[:SOURCES_NAMED]) + (
        f"等 {len(waiting)} 条" if len(waiting) > SOURCES_NAMED else ""
    )
    return (
        f"{len(needy)} 条规则要用知识点,{len(needy) - len(waiting)} 条已加载,{len(waiting)} 条未加载:{named}。"
        "未加载知识的规则不运行,不是 0 条命中;载入国家两库知识点工作簿后自动运行。"
    )


def rule_lines(
    rule_id: str, values: Values, on: dt.date, loaded: Stock | None = None, batches: Iterable[Batch] = ()
) -> Lines:
    """One rule in words, with the values in force on the day and the points it can read."""
    told: dict[str, Any] = explain(rule_id, values, on)
    lines: Lines = [
        ("类别", f"{told['class']}(归类{told['class_status']})"),
        ("性质", f"{told['level']};命中是疑点,经人核实后才是问题"),
        ("依据", told["basis"] or UNVERIFIED),
        ("金额算法", told["amount"]),
        ("证据", f"找到:{told['evidence']['found']};比照:{told['evidence']['limit']}"),
        ("不属违规的情形", told["not_a_violation"]),
    ]
    if told["note"]:
        lines.append(("说明", told["note"]))
    for one in told["params"]:
        lines.append(("参数", setting_words(values, one["key"], on)))
    lines.append(
        ("需要的数据表", "、".join(f"{title_of(table)}({table})" for table in told["needs"]["tables"]))
    )
    needs, known = library()[rule_id].header.needs, {batch.batch_id: batch for batch in batches}
    for name, kinds in (("需要的知识", needs.knowledge), ("可选的知识", needs.partial)):
        for one in kinds:
            lines.append((name, one.words))
            lines += [("已加载", _loaded(found, known)) for found in (loaded or {}).get(one, ())]
            lines += [("已加载", ADVICE)] if loaded is not None and not loaded.get(one) else []
    lines += [
        ("责任岗位", told["owner"]),
        ("复核日期", numbers.date(told["reviewed"])),
        ("规则文本版本", told["version"]),
    ]
    return lines


def source_rows(found: pa.Table, batches: Iterable[Batch]) -> pa.Table:
    """The knowledge base by table, type, source and load, as ``queries/pages/rule_knowledge.sql`` gives it."""
    known = {batch.batch_id: batch for batch in batches}
    rows = [
        {
            "title": title_of(row["table_name"]),
            "point_type": row["point_type"],
            "source": row["source"],
            "point_cnt": row["point_cnt"],
            "first_day": row["first_day"],
            "last_day": row["last_day"],
            "file": known[row["batch_id"]].file if row["batch_id"] in known else None,
            "loaded_at": _when(known.get(row["batch_id"])),
            "batch_id": row["batch_id"],
        }
        for row in found.to_pylist()
    ]
    words = [
        (name, pa.string()) for name in ("title", "point_type", "source", "file", "loaded_at", "batch_id")
    ]
    days = [("first_day", pa.date32()), ("last_day", pa.date32())]
    return pa.Table.from_pylist(rows, schema=pa.schema([*words, ("point_cnt", pa.int64()), *days]))


def _wanted(rule: Rule) -> tuple[Knowledge, ...]:
    return (*rule.header.needs.knowledge, *rule.header.needs.partial)


def _loaded(found: Loaded, known: Mapping[str, Batch]) -> str:
    """两库第六批 1,147 条,自始生效;文件 …,2026-11-25 12:03 装载."""
    since = f"最早自 {numbers.date(found.first_day)} 起生效" if found.first_day else "来源未写生效日,自始生效"
    batch = known.get(found.batch_id)
    came = f";文件 {batch.file},{_when(batch)} 装载" if batch else ""
    return f"{found.source or '代码表'} {found.points:,} 条,{since}{came}"


def _when(batch: Batch | None) -> str | None:
    return batch.loaded_at[:16].replace("T", " ") if batch else None
