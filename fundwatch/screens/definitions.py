"""口径与规则库 as rows: every KPI, rule, parameter, table and code list in words, from the declarations themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from fundwatch.contracts import Contract, code_lists, contracts
from fundwatch.kpi import DIMENSION_LABELS, Kpi, declarations
from fundwatch.kpi.declaration import Target
from fundwatch.screens.lineage import kpis_of, models_of, tables_of
from fundwatch.screens.quality import ORIGIN, title_of
from fundwatch.screens.rule_definitions import Lines
from fundwatch.screens.settings_words import (
    UNVERIFIED,
    coming_targets,
    coming_words,
    setting_words,
    value_words,
)
from fundwatch.settings import NO_TARGET, TARGET_PREFIX, Change, Parameter, Values
from fundwatch.ui import numbers
from fundwatch.ui.targets import target_words

BETTER = {"higher": "越高越好", "lower": "越低越好", "neither": "不分好坏"}
MONTHS = {"rows": "各行按所属月份归集", "restate": "逐月按月末重新计算,各月不相加", None: "不按月拆分"}
KINDS = {
    "code": "代码", "text": "文字", "flag": "标志", "amount": "金额", "quantity": "数量", "price": "单价", "percent": "百分数",
    "score": "分数", "coordinate": "经纬度", "int": "整数", "date": "日期", "time": "时间", "month": "月份", "quarter": "季度",
    "year": "年度", "issue": "期号",
}  # fmt: skip


def kpi_rows(values: Values, on: dt.date, group: str = "") -> pa.Table:
    """One row per KPI of the group (empty: all), in declared order; the target is the one in force on the day."""
    rows = [
        {
            "id": kpi.id,
            "label": kpi.label,
            "group": kpi.group,
            "unit": kpi.unit,
            "better": BETTER[kpi.better],
            "target": target_of(kpi, values, on),
            "numerator": kpi.definition.numerator,
            "denominator": kpi.definition.denominator,
            "policy": policy_words(kpi),
            "owner": kpi.owner,
            "reviewed": kpi.reviewed,
        }
        for kpi in declarations().values()
        if group in {"", kpi.group}
    ]
    names = (
        "id",
        "label",
        "group",
        "unit",
        "better",
        "target",
        "numerator",
        "denominator",
        "policy",
        "owner",
    )
    schema = pa.schema([*((name, pa.string()) for name in names), ("reviewed", pa.date32())])
    return pa.Table.from_pylist(rows, schema=schema)


def groups() -> dict[str, str]:
    """The KPI groups that occur, with how many KPIs; the empty one is all."""
    found: dict[str, int] = {}
    for kpi in declarations().values():
        found[kpi.group] = found.get(kpi.group, 0) + 1
    return {
        "": f"全部({len(declarations())})",
        **{group: f"{group}({count})" for group, count in found.items()},
    }


def target_of(kpi: Kpi, values: Values, on: dt.date) -> str | None:
    """The target in force, in words; targets for one insurance type only are named with it."""
    own = values.target(kpi.id, on)
    if own is not None:
        return None if own == NO_TARGET else f"{target_words(own, kpi.unit)}(本局设定)"
    begun = [target for target in kpi.targets if target.from_ == "first_data" or target.from_ <= on]
    return ";".join(_target(kpi, target) for target in begun[-1:]) or None


def kpi_lines(kpi: Kpi, values: Values, on: dt.date, changes: Sequence[Change]) -> Lines:
    """Everything a declaration says, in words; ``changes`` are those of the home's own target."""
    lines: Lines = [("分子", kpi.definition.numerator)]
    if kpi.definition.denominator:
        lines.append(("分母", kpi.definition.denominator))
    if kpi.definition.note:
        lines.append(("说明", kpi.definition.note))
    lines += [
        ("单位与方向", f"{kpi.unit},{BETTER[kpi.better]},保留 {kpi.decimals} 位小数"),
        *(("目标", _target(kpi, target)) for target in kpi.targets),
        *(("本局目标", _change(change)) for change in changes),
        *(("将要生效的目标", words) for words in coming_targets(kpi, values, on)),
        ("依据", policy_words(kpi)),
        ("责任岗位", kpi.owner),
        ("口径复核日期", numbers.date(kpi.reviewed)),
        ("可拆分维度", "、".join(DIMENSION_LABELS[name] for name in kpi.dimensions) or "不拆分"),
        ("按月", MONTHS[kpi.month_split]),
        ("各部分相加", "等于总数" if kpi.additive else "不等于总数,总数另行计算"),
    ]
    lines += [("所用参数", setting_words(values, name, on)) for name in kpi.parameters]
    lines += [
        ("读取的统计表", "、".join(models_of(kpi))),
        ("来源数据表", "、".join(f"{title_of(table)}({table})" for table in tables_of(kpi))),
        ("清单列", "、".join(column.label for column in kpi.columns)),
    ]
    return lines


def policy_words(kpi: Kpi) -> str:
    """The documents and clauses; an unverified source cites no clause."""
    if kpi.source_status:
        return UNVERIFIED
    return ";".join(f"{policy.document} {policy.clause}" for policy in kpi.policy)


def parameter_rows(values: Values, on: dt.date) -> pa.Table:
    """One row per parameter and own target with the value in force and what comes."""
    rows = [
        {
            "key": setting.key,
            "label": setting.label,
            "value": None if setting.value is None else value_words(setting),
            "effective_from": setting.effective_from,
            "coming": "、".join(coming_words(values, setting.key, on)) or None,
            "source": setting.source,
            "status": UNVERIFIED if setting.source_status else None,
            "set_by": setting.set_by or "随系统提供",
            "why": setting.why,
        }
        for setting in values.all(on)
    ]
    names = ("key", "label", "value", "coming", "source", "status", "set_by", "why")
    schema = pa.schema([*((name, pa.string()) for name in names), ("effective_from", pa.date32())])
    return pa.Table.from_pylist(rows, schema=schema)


def parameter_history(parameter: Parameter | None, changes: Sequence[Change]) -> Lines:
    """The shipped values, then every change made here, oldest first."""
    shipped = [
        (numbers.date(value.from_) if value.from_ else "自始", f"{value.value}(随系统提供)")
        for value in (parameter.values if parameter else ())
    ]
    own = [
        (numbers.date(one.effective_from) if one.effective_from else "自始", _change(one)) for one in changes
    ]
    return [*shipped, *own]


def table_rows() -> pa.Table:
    """One row per contract table."""
    rows = [
        {
            "table": contract.table,
            "title": contract.title,
            "origin": ORIGIN[contract.origin],
            "grain": contract.grain,
            "key": "、".join(contract.by_name[name].label for name in contract.key),
            "columns": len(contract.columns),
            "kpis": len(kpis_of(contract.table)),
        }
        for contract in contracts().values()
    ]
    names = ("table", "title", "origin", "grain", "key")
    counts = [("columns", pa.int64()), ("kpis", pa.int64())]
    return pa.Table.from_pylist(rows, schema=pa.schema([*((name, pa.string()) for name in names), *counts]))


def column_rows(contract: Contract) -> pa.Table:
    """One row per field of a table, in the contract's order."""
    rows = [
        {
            "name": column.name,
            "label": column.label,
            "kind": KINDS[column.kind],
            "unit": column.unit,
            "must": "必有" if column.name in contract.required else "可选",
            "is_key": "主键" if column.name in contract.key else None,
            "codes": column.codes,
            "note": _column_note(column.closed, column.free_text, column.pseudonym, column.refers_to),
        }
        for column in contract.columns
    ]
    names = ("name", "label", "kind", "unit", "must", "is_key", "codes", "note")
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))


def code_rows(name: str) -> pa.Table:
    """Codes of one list with their words."""
    rows = [{"code": code, "label": label} for code, label in code_lists()[name].items()]
    return pa.Table.from_pylist(rows, schema=pa.schema([("code", pa.string()), ("label", pa.string())]))


def code_list_words() -> dict[str, str]:
    """Code list → the label of the first field that uses it: insutype → 险种类型(insutype)."""
    labels: dict[str, str] = {}
    for contract in contracts().values():
        for column in contract.columns:
            if column.codes:
                labels.setdefault(column.codes, column.label)
    return {name: f"{labels[name]}({name})" if name in labels else name for name in code_lists()}


def target_changes_key(kpi: Kpi) -> str:
    """The key under which a bureau sets its own target."""
    return TARGET_PREFIX + kpi.id


def _target(kpi: Kpi, target: Target) -> str:
    since = "有数据起" if target.from_ == "first_data" else f"自 {numbers.date(target.from_)} 起"
    only = "、".join(code_lists().get(name, {}).get(code, code) for name, code in target.only.items())
    month, _, day = (target.reach_by or "").partition("-")
    due = f",{int(month)}月{int(day)}日前达到" if target.reach_by else ""
    lead = f"{UNVERIFIED} " if target.source_status or kpi.source_status else ""
    return f"{lead}{target_words(target.value, kpi.unit)}({since}{f',{only}' if only else ''}{due})"


def _change(change: Change) -> str:
    since = f"自 {numbers.date(change.effective_from)} 起" if change.effective_from else "自始"
    return f"{change.value}({since};{change.why};{change.set_by} 于 {change.set_at:%Y-%m-%d} 设定)"


def _column_note(closed: bool, free_text: bool, pseudonym: bool, refers_to: str | None) -> str | None:
    notes = ["代码表以外的值隔离"] if closed else []
    if free_text:
        notes.append("屏蔽证件号和电话")
    if pseudonym:
        notes.append("换成假名")
    if refers_to:
        table, column = refers_to.split(".")
        notes.append(f"对应{title_of(table)}的 {column}")
    return ";".join(notes) or None
