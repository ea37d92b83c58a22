"""本页参数: the targets, parameters and own lists that make the numbers of a screen, as in force on its last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fundwatch.bureau import LISTS
from fundwatch.contracts import code_lists, contracts
from fundwatch.kpi import Kpi
from fundwatch.kpi.declaration import Target
from fundwatch.screens.lineage import models_of, tables_of
from fundwatch.screens.settings_where import model_parameters
from fundwatch.screens.settings_words import (
    UNVERIFIED,
    coming_targets,
    coming_words,
    own_target_words,
    value_words,
)
from fundwatch.settings import TARGET_PREFIX, Values
from fundwatch.ui import numbers
from fundwatch.ui.targets import target_words

#: lists of which only the bureau's own rows are told
SHIPPED_BESIDE = {
    "med_type": "随系统提供的分类",
    "workday": "国家放假安排",
    "base_year": "与上年比较",
    "event_mark": "没有",
}


@dataclass(frozen=True)
class Used:
    """One value that a screen uses. ``part`` and ``key`` say where it is changed."""

    label: str
    value: str
    note: str
    part: str
    key: str


def used(
    values: Values, kpis: Sequence[Kpi], keys: Iterable[str], on: dt.date, first_data: dt.date | None
) -> list[Used]:
    """Targets of the KPIs, their parameters and the further ``keys``, each once, as in force on the day."""
    found = [line for kpi in kpis for line in _targets(values, kpi, on, first_data)]
    wanted = dict.fromkeys([*(name for kpi in kpis for name in parameters_of(kpi)), *keys])
    return [*found, *(_parameter(values, key, on) for key in wanted)]


def used_lists(kpis: Sequence[Kpi], rows: Mapping[str, int], more: Iterable[str] = ()) -> list[Used]:
    """The own lists that the KPIs read, and ``more`` of them; ``rows``: how many rows the version holds."""
    read = {table for kpi in kpis for table in tables_of(kpi)} | set(more)
    return [
        Used(
            contracts()[table].title,
            f"{rows[table]:,} 行" if rows.get(table) else SHIPPED_BESIDE[table],
            "由本局维护" if rows.get(table) else "",
            table,
            "",
        )
        for table in LISTS
        if table in read
    ]


def parameters_of(kpi: Kpi) -> list[str]:
    """The parameters that decide the KPI's value: those it declares, and those of the models it reads."""
    behind = [key for key, models in model_parameters().items() if models.intersection(models_of(kpi))]
    return list(dict.fromkeys([*kpi.parameters, *behind]))


def _targets(values: Values, kpi: Kpi, on: dt.date, first_data: dt.date | None) -> list[Used]:
    key = TARGET_PREFIX + kpi.id
    own = values.setting(key, on)
    coming = coming_targets(kpi, values, on)
    if own.value is not None:
        note = f"{_since(own.effective_from)};本局设定,理由:{own.why}"
        return [_used(f"目标 {kpi.label}", own_target_words(key, str(own.value)), [note, *coming], "", key)]
    found = []
    for target in _in_force(kpi, on, first_data):
        only = "、".join(code_lists().get(name, {}).get(code, code) for name, code in target.only.items())
        since = "有数据起" if target.from_ == "first_data" else _since(target.from_)
        notes = [since, UNVERIFIED if target.source_status or kpi.source_status else kpi.policy[0].document]
        name = f"目标 {kpi.label}({only})" if only else f"目标 {kpi.label}"
        found.append(_used(name, target_words(target.value, kpi.unit), [*notes, *coming], "", key))
    if not found and coming:
        found.append(_used(f"目标 {kpi.label}", "未设目标", coming, "", key))
    return found


def _in_force(kpi: Kpi, on: dt.date, first_data: dt.date | None) -> list[Target]:
    """The declared target in force, one for each kind of row that has its own."""
    found: dict[tuple[tuple[str, str], ...], tuple[dt.date, Target]] = {}
    for target in kpi.targets:
        begins = first_data if target.from_ == "first_data" else target.from_
        kind = tuple(sorted(target.only.items()))
        if begins is not None and begins <= on and (kind not in found or begins >= found[kind][0]):
            found[kind] = (begins, target)
    return [target for _, target in found.values()]


def _parameter(values: Values, key: str, on: dt.date) -> Used:
    setting = values.setting(key, on)
    notes = [_since(setting.effective_from)] if setting.effective_from else []
    if setting.set_by:
        notes.append(f"本局设定,理由:{setting.why}")
    else:
        notes.append(UNVERIFIED if setting.source_status else setting.source)
    part = "rules" if key.startswith("r0") else "parameters"
    return _used(setting.label, value_words(setting), [*notes, *coming_words(values, key, on)], part, key)


def _used(label: str, value: str, notes: Sequence[str], part: str, key: str) -> Used:
    return Used(label, value, ";".join(notes), part, key)


def _since(day: dt.date | None) -> str:
    return f"自 {numbers.date(day)} 起" if day else "自始"
