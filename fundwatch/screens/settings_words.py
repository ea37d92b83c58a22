"""Values of settings in words: what holds, since when, where from, what comes."""

from __future__ import annotations

import datetime as dt

from fundwatch.kpi import Kpi, declarations
from fundwatch.parameters import parameters
from fundwatch.settings import NO_TARGET, SHIPPED_AGAIN, TARGET_PREFIX, Setting, Values
from fundwatch.ui import numbers
from fundwatch.ui.targets import target_words

UNVERIFIED = "参考线(来源未核实)"


def value_words(setting: Setting) -> str:
    """15 天, 未设置; a target as it is read: 不超过 20 工作日."""
    if setting.value is None:
        return "未设置"
    if setting.key.startswith(TARGET_PREFIX):
        return own_target_words(setting.key, str(setting.value))
    return with_unit(str(setting.value), setting.unit)


def own_target_words(key: str, value: str) -> str:
    """A target of the bureau's own in words."""
    if value == NO_TARGET:
        return "不设目标"
    return target_words(value, declarations()[key.removeprefix(TARGET_PREFIX)].unit)


def coming_words(values: Values, key: str, today: dt.date) -> list[str]:
    """2026-12-01 起 10 分; one for each value still to come."""
    return [
        f"{numbers.date(setting.effective_from)} 起 {_coming_value(setting)}"
        for setting in values.coming(key, today)
    ]


def coming_targets(kpi: Kpi, values: Values, today: dt.date) -> list[str]:
    """The targets of a KPI that are still to come: the bureau's own, and those of the declaration while it has none."""
    key = TARGET_PREFIX + kpi.id
    own = coming_words(values, key, today)
    if values.setting(key, today).value is not None:
        return own
    declared = [
        f"{numbers.date(target.from_)} 起 {target_words(target.value, kpi.unit)}(指标口径)"
        for target in kpi.targets
        if isinstance(target.from_, dt.date) and target.from_ > today
    ]
    return [*declared, *own]


def setting_words(values: Values, key: str, on: dt.date) -> str:
    """出院至再入院最多天数:15 天(自 2024-01-01 起;来源:…;2026-12-15 起 8 天); a value of the bureau's own gives its reason instead."""
    setting = values.setting(key, on)
    notes = [f"自 {numbers.date(setting.effective_from)} 起"] if setting.effective_from else []
    # A value of the bureau's own does not stand in the document that the shipped one comes from.
    notes.append(f"本局设定,理由:{setting.why}" if setting.set_by else f"来源:{setting.source}")
    if setting.source_status:
        notes.append(UNVERIFIED)
    return f"{setting.label}:{value_words(setting)}({';'.join([*notes, *coming_words(values, key, on)])})"


def with_unit(value: str, unit: str) -> str:
    """15 天; a unit that only says what the value is (名称, 代码) is left out, one that names choices (1=是,0=否) gives the word."""
    choices = dict(part.split("=", 1) for part in unit.split(",") if "=" in part)
    if choices:
        return choices.get(value, value)
    return value if unit in {"名称", "代码"} else f"{value} {unit}"


def _coming_value(setting: Setting) -> str:
    if setting.value is None:
        return "恢复指标口径的目标" if setting.key.startswith(TARGET_PREFIX) else "未设置"
    return value_words(setting)


def change_words(key: str, value: str | None) -> str:
    """A recorded value in words; None: nothing of the bureau's own held."""
    target = key.startswith(TARGET_PREFIX)
    if value is None:
        return "按指标口径" if target else "未设置"
    if value == SHIPPED_AGAIN:
        return "恢复指标口径的目标" if target else "恢复随系统提供的值"
    if target:
        return own_target_words(key, value)
    return with_unit(value, parameters()[key].unit)
