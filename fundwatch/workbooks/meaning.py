"""The sheet 口径: every indicator of a workbook with both sides, source, parameters, targets, how far its data reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from fundwatch.kpi import declarations
from fundwatch.quality import completeness
from fundwatch.screens.definitions import policy_words, target_of
from fundwatch.screens.fields import Field
from fundwatch.screens.lineage import tables_of
from fundwatch.screens.quality import title_of
from fundwatch.screens.reads import days_through
from fundwatch.screens.settings_used import parameters_of
from fundwatch.screens.settings_words import coming_targets, setting_words
from fundwatch.ui import numbers
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Part, table

SHEET = "口径"
WIDEST = 20
FIELDS = (
    Field("label", "指标"), Field("unit", "单位"), Field("numerator", "分子"), Field("denominator", "分母"),
    Field("sources", "来源数据表"), Field("policy", "依据"), Field("target", "目标"), Field("parameters", "参数"),
    Field("note", "说明"), Field("owner", "责任岗位"), Field("through", "数据截至", "date"), Field("complete", "完整度"),
    Field("version", "数据版本"),
)  # fmt: skip


def meaning(ask: Ask, kpis: Sequence[str], said: str = "") -> Part:
    """One row per indicator, as in force on the period's last day; ``said`` is what was left out of a file for others."""
    through = days_through(ask, tuple(kpis)) if kpis else {}
    rows = [_row(ask, name, through.get(name)) for name in dict.fromkeys(kpis)]
    note = (
        "按期末有效的参数和目标。完整度为来源数据表自首个载入月份至数据截至日已载入的表月占应有表月的比例。"
    )
    return Part(
        SHEET,
        table(rows, [field.name for field in FIELDS], {"through": pa.date32()}),
        FIELDS,
        f"{said}{note}",
        widest=WIDEST,
    )


def _row(ask: Ask, name: str, through: dt.date | None) -> dict[str, object]:
    kpi, on, values = declarations()[name], ask.period.end, ask.settings.now()
    sources = tables_of(kpi)
    return {
        "label": kpi.label,
        "unit": kpi.unit,
        "numerator": kpi.definition.numerator,
        "denominator": kpi.definition.denominator or "没有分母,直接计数或求和",
        "sources": "、".join(f"{title_of(one)}({one})" for one in sources),
        "policy": policy_words(kpi),
        "target": ";".join([target_of(kpi, values, on) or "未设目标", *coming_targets(kpi, values, on)]),
        "parameters": ";".join(setting_words(values, one, on) for one in parameters_of(kpi)) or "不用参数",
        "note": kpi.definition.note or "",
        "owner": kpi.owner,
        "through": through,
        "complete": complete_words(ask, sources, through),
        "version": ask.warehouse.version,
    }


def complete_words(ask: Ask, tables: Sequence[str] | None, to: dt.date | None) -> str:
    """98.2%(已载入 55 表月,应有 56 表月), of these tables (None: all)."""
    states = [state for name, state in ask.states.items() if tables is None or name in tables]
    never = [state.title for state in states if not state.is_loaded] if tables is not None else []
    if to is None:
        return f"未载入:{'、'.join(never)}" if never else numbers.NONE
    found = completeness(states, to)
    words = f"{numbers.percent(found.pct)}(已载入 {found.loaded} 表月,应有 {found.expected} 表月)"
    if not found.expected:
        words = "来源表不按月载入"
    return f"{words};未载入:{'、'.join(never)}" if never else words
