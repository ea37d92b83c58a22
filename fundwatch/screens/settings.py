"""参数与目标 as rows: what is in force, since when and by whom, what comes, where it acts, and every change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fundwatch.access import Role
from fundwatch.bureau import LISTS, Held, ListChange, said
from fundwatch.bureau.rows import by_hand
from fundwatch.clock import china_time
from fundwatch.contracts import contracts
from fundwatch.kpi import declarations
from fundwatch.lake import Batch
from fundwatch.parameters import parameters
from fundwatch.rules.library import rule_parameters
from fundwatch.screens.definitions import UNVERIFIED, target_of
from fundwatch.screens.settings_where import acts_of, needs_version
from fundwatch.screens.settings_words import change_words, coming_targets, coming_words, value_words
from fundwatch.settings import TARGET_PREFIX, Recorded, Setting, Values
from fundwatch.ui import numbers

#: who owns the bureau's values, and who what only the server feels (decision 169)
BUSINESS_ROLES = frozenset({Role.ANALYST, Role.AGREEMENTS})
SYSTEM_ROLES = frozenset({Role.ADMIN})
SHIPPED, EVER = "随系统提供", "自始"


@dataclass(frozen=True)
class Line:
    """One change of anything, as it stands in a list of changes."""

    at: dt.datetime
    item: str
    before: str
    after: str
    since: dt.date | None
    why: str
    by: str
    state: str
    #: what takes it back: "setting:12", "list:3"; empty when a later change replaced it
    undo: str = ""


def owners(key: str) -> frozenset[Role]:
    """The roles that may change a parameter or target."""
    parameter = parameters().get(key)
    return SYSTEM_ROLES if parameter and parameter.area == "system" else BUSINESS_ROLES


def may_change(roles: Iterable[Role], key: str) -> bool:
    """Whether one of the roles owns the value."""
    return not owners(key).isdisjoint(roles)


def own_keys() -> list[str]:
    """Parameters that are no rule's, in file order."""
    return [key for key in parameters() if key not in rule_parameters()]


def rule_keys() -> list[str]:
    """Parameters of the screening rules, in the order of the rules."""
    return sorted(rule_parameters())


def target_rows(values: Values, today: dt.date) -> pa.Table:
    """One row per KPI: the target in force, since when, by whom, and what comes."""
    rows = [
        {
            "key": TARGET_PREFIX + kpi.id,
            "label": kpi.label,
            "group": kpi.group,
            "value": target_of(kpi, values, today) or "未设目标",
            "coming": "、".join(coming_targets(kpi, values, today)) or None,
            "set_by": values.setting(TARGET_PREFIX + kpi.id, today).set_by or "指标口径",
            "owner": kpi.owner,
        }
        for kpi in declarations().values()
    ]
    names = ("key", "label", "group", "value", "coming", "set_by", "owner")
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))


def parameter_rows(values: Values, keys: Sequence[str], today: dt.date) -> pa.Table:
    """One row per parameter: value in force, since when, by whom, source, what comes, where it acts."""
    rows = []
    for key in keys:
        setting = values.setting(key, today)
        rows.append({
            "key": key,
            "label": setting.label,
            "value": value_words(setting),
            "since": setting.effective_from,
            "coming": "、".join(coming_words(values, key, today)) or None,
            "set_by": setting.set_by or SHIPPED,
            "source": setting.source,
            "status": UNVERIFIED if setting.source_status else None,
            "acts": acts_of(key).said(),
        })  # fmt: skip
    names = ("key", "label", "value", "coming", "set_by", "source", "status", "acts")
    schema = pa.schema([*((name, pa.string()) for name in names), ("since", pa.date32())])
    return pa.Table.from_pylist(rows, schema=schema)


def setting_lines(values: Values, key: str, today: dt.date) -> list[Line]:
    """Every change of a parameter or target, newest record first."""
    recorded = values.recorded(key)
    now = values.setting(key, today)
    return [_setting_line(one, now, today) for one in reversed(recorded)]


def list_lines(changes: Sequence[ListChange], today: dt.date) -> list[Line]:
    """Changes of the own lists, newest record first."""
    last = {(one.table, one.key): one.change_id for one in changes}
    found = []
    for one in reversed(changes):
        stands = last[one.table, one.key] == one.change_id
        if one.batch_id is None:
            state = (
                "待生成版本时载入"
                if one.effective_from <= today
                else f"将于 {numbers.date(one.effective_from)} 生效"
            )
        else:
            state = "已载入" if stands else "已被后来的变更取代"
        before = said(one.table, one.before) if one.before else "无"
        after = "取消这一条" if one.taken_back else said(one.table, one.content)
        found.append(
            Line(
                one.set_at, contracts()[one.table].title, before, after, one.effective_from, one.why, one.set_by,
                state, f"list:{one.change_id}" if stands else "",
            )
        )  # fmt: skip
    return found


def all_lines(values: Values, changes: Sequence[ListChange], today: dt.date) -> list[Line]:
    """Every change ever made in this home, newest record first."""
    found = [line for key in values.changed_keys() for line in setting_lines(values, key, today)]
    return sorted([*found, *list_lines(changes, today)], key=lambda line: line.at, reverse=True)


def line_rows(lines: Sequence[Line]) -> pa.Table:
    """The lines as a table for list and export; ``at`` is the wall clock of Shanghai."""
    rows = [
        {
            "at": at_words(line.at), "item": line.item, "before": line.before, "after": line.after,
            "since": numbers.date(line.since) if line.since else EVER, "why": line.why, "by": line.by, "state": line.state,
        }
        for line in lines
    ]  # fmt: skip
    names = ("at", "item", "before", "after", "since", "why", "by", "state")
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))


def held_rows(table: str, held: Sequence[Held], batches: Mapping[str, Batch]) -> pa.Table:
    """The rows of an own list in force, with what brought them; ``id`` is the key joined by bars."""
    names = [column.name for column in contracts()[table].columns if column.name in held_names(table)]
    rows = [
        {**{name: one.content[name] for name in names}, "id": "|".join(str(part) for part in one.key),
         "brought": brought(one, batches)}
        for one in held
    ]  # fmt: skip
    return pa.Table.from_pylist(
        rows, schema=pa.schema([(name, pa.string()) for name in (*names, "id", "brought")])
    )


def held_names(table: str) -> list[str]:
    """The columns shown: all but the validity flag."""
    return [column.name for column in contracts()[table].columns if column.name != "vali_flag"]


def brought(held: Held, batches: Mapping[str, Batch]) -> str:
    """设置页 or 文件 base_year.csv, with the time."""
    batch = batches.get(held.batch_id or "")
    if batch is None:
        return SHIPPED
    source = "设置页" if by_hand(batch) else f"文件 {batch.file}"
    return f"{source}({batch.loaded_at[:16].replace('T', ' ')})"


def message(values: Values, changes: Sequence[ListChange], today: dt.date) -> str:
    """The screen's sentence: what the bureau set itself, what comes next, what changed last."""
    own = [values.setting(key, today) for key in values.changed_keys()]
    own = [setting for setting in own if setting.set_by and setting.value is not None]
    targets = sum(setting.key.startswith(TARGET_PREFIX) for setting in own)
    waiting = [(one.effective_from, contracts()[one.table].title) for one in changes if one.batch_id is None]
    for key in values.changed_keys():
        waiting += [
            (one.effective_from, one.label) for one in values.coming(key, today) if one.effective_from
        ]
    parts = [
        f"本局自行设定 {targets} 个目标、{len(own) - targets} 个参数" if own else "目前全部使用随系统提供的值"
    ]
    if waiting:
        day, what = min(waiting)
        parts.append(f"{len(waiting)} 项变更将要生效,最近一项:{label_of(what)},自 {numbers.date(day)} 起")
    else:
        parts.append("没有等待生效的变更")
    lines = all_lines(values, changes, today)
    if lines:
        parts.append(f"最近一次修改:{label_of(lines[0].item)},{at_words(lines[0].at)}({lines[0].by})")
    return ";".join(parts) + "。"


def not_in_version(values: Values, built_at: dt.datetime, today: dt.date) -> list[str]:
    """Labels of values that the version served was not made with: changed, or begun, since it was built."""
    found = []
    for key in filter(needs_version, values.changed_keys()):
        for one in values.recorded(key):
            begins = one.change.effective_from or dt.date.min
            set_at = one.change.set_at.replace(tzinfo=dt.UTC)
            if begins <= today and (set_at > built_at or begins > built_at.date()):
                found.append(parameters()[key].label)
    return list(dict.fromkeys(found))


def label_of(item: str) -> str:
    """目标值 inspection_coverage → 协议检查覆盖率的目标; other words as they are."""
    kpi = declarations().get(item.removeprefix("目标值 "))
    return f"{kpi.label}的目标" if kpi else item


def at_words(at: dt.datetime) -> str:
    """UTC as the wall clock of Shanghai, to the minute."""
    return f"{china_time(at.replace(tzinfo=dt.UTC).timestamp()):%Y-%m-%d %H:%M}"


def list_words() -> dict[str, str]:
    """Table → title of the lists edited on screen."""
    return {table: contracts()[table].title for table in LISTS}


def _setting_line(one: Recorded, now: Setting, today: dt.date) -> Line:
    change, key = one.change, one.change.key
    if change.effective_from and change.effective_from > today:
        state = (
            f"将于 {numbers.date(change.effective_from)} 生效" if one.stands else "已被同日的后一次变更取代"
        )
    else:
        current = one.stands and now.set_by is not None and now.effective_from == change.effective_from
        state = "在用" if current else "已被取代"
    return Line(
        change.set_at, label_of(now.label), change_words(key, None if one.before is None else str(one.before)),
        change_words(key, change.value), change.effective_from, change.why, change.set_by, state,
        f"setting:{change.setting_id}" if one.stands else "",
    )  # fmt: skip
