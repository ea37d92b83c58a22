"""The question of a command or a schedule: version, period, filters and choices, and whose eyes it is made for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fundwatch.access import EVERYTHING, Role, sight_of
from fundwatch.errors import UsageError
from fundwatch.home import Home
from fundwatch.kpi.declaration import COUNTY
from fundwatch.screens.filters import filter_options, read_filters
from fundwatch.screens.period import Period
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse
from fundwatch.workbooks.ask import Ask

#: what a screen's address may name besides period and filters
CHOICES = ("kpi", "code", "level", "rule", "verdict")


def question(
    home: Home, warehouse: Warehouse, period: Period, given: Mapping[str, Sequence[str]], role: str | None = None
) -> Ask:  # fmt: skip
    """The question. Raises UsageError for an unknown filter, a code that the data do not know, or an unknown role."""
    settings = Settings(home)
    sight, whole = EVERYTHING, warehouse
    if role is not None:
        if role not in {one.value for one in Role}:
            raise UsageError(f"没有角色“{role}”。可用:{'、'.join(one.value for one in Role)}。")
        sight = sight_of([role])
        warehouse = warehouse.bound(sight)
    options = filter_options(Ask(home, warehouse, settings, period))
    for name, values in given.items():
        if name in CHOICES:
            continue
        if name not in options:
            raise UsageError(f"没有筛选 {name}。可用:{'、'.join([*options, *CHOICES])}。")
        unknown = [value for value in values if value not in options[name]]
        if unknown:
            raise UsageError(f"筛选 {name} 没有取值 {'、'.join(unknown)}。可用:{'、'.join(options[name])}。")
    if counties := given.get(COUNTY):
        if len(counties) > 1:
            raise UsageError("筛选 admdvs 一次只能取一个县区。")
        # as on screen: everything in the file is of that county
        warehouse = whole.bound(replace(sight, county=counties[0]))
    choices = {name: values[0] for name, values in given.items() if name in CHOICES and values}
    return Ask(home, warehouse, settings, period, read_filters(given, options), sight.hidden, choices)
