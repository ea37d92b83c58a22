"""Filters of screens and exports: institution class, level, ownership, town, insurance type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fundwatch.contracts import code_lists
from fundwatch.kpi import DIMENSION_LABELS, Kpi
from fundwatch.kpi.declaration import COUNTY
from fundwatch.screens.reads import Reading, page_query

#: the bar's filters in order; level classes from the highest down
DIMENSIONS = ("fixmedins_type", "level_class", "medins_natu", "town_code", "insutype")
#: counties from this number on are told apart
SEVERAL = 2
LEVELS = ("三级", "二级", "一级", "未定级", "药店")
Options = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Filters:
    """What is chosen: dimension → codes (only those with a choice), and the words for each code."""

    chosen: Mapping[str, tuple[str, ...]]
    options: Options

    @property
    def for_kpi(self) -> dict[str, list[str]]:
        """As ``fundwatch.kpi`` takes them."""
        return {name: list(codes) for name, codes in self.chosen.items()}

    @property
    def words(self) -> str:
        """机构类别:定点零售药店;乡镇:城关镇、双浮镇 — or 全部."""
        parts = [f"{DIMENSION_LABELS[name]}:{self.words_of(name)}" for name in self.chosen]
        return ";".join(parts) or "全部"

    def words_of(self, name: str) -> str:
        """The words of one dimension's choice."""
        labels = self.options.get(name, {})
        return "、".join(labels.get(code, code) for code in self.chosen.get(name, ()))

    def without(self, name: str) -> Filters:
        """The same with one filter loosened."""
        return Filters({key: codes for key, codes in self.chosen.items() if key != name}, self.options)

    def ignored_by(self, kpi: Kpi) -> list[str]:
        """Labels of the chosen filters that a KPI has no dimension for; the screen says so. Without counties it has no value instead."""
        return [DIMENSION_LABELS[name] for name in self.chosen if name not in (*kpi.filterable, COUNTY)]


def read_filters(given: Mapping[str, Sequence[str]], options: Options) -> Filters:
    """The filters in an address; a code unknown here stays, so that the screen can say so."""
    chosen = {name: tuple(dict.fromkeys(given[name])) for name in options if given.get(name)}
    return Filters(chosen, options)


def options_of(records: Sequence[Mapping[str, str | None]]) -> dict[str, dict[str, str]]:
    """Rows of ``filter_options.sql`` (dimension, code, label) as dimension → code → word."""
    found: dict[str, dict[str, str]] = {name: {} for name in DIMENSIONS}
    for record in records:
        name, code = str(record["dimension"]), str(record["code"])
        found.setdefault(name, {})[code] = record["label"] or code_lists().get(name, {}).get(code, code)
    levels = found["level_class"]
    found["level_class"] = {level: level for level in LEVELS if level in levels}
    return found


def filter_options(reading: Reading) -> dict[str, dict[str, str]]:
    """What can be chosen in this version of the data."""
    found = options_of(page_query(reading, "filter_options").to_pylist())
    if len(found.get(COUNTY, {})) < SEVERAL and not reading.warehouse.sight.county:
        # an installation of one county does not speak of counties
        found.pop(COUNTY, None)
    return found
