"""Sums by day: the same numbers as from the rows, and read only where they may be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from depth import DEEP, cases
from kpi_compare import compare
from kpi_random import END, START, County
from kpi_world import World

from fundwatch.build.models import read_models
from fundwatch.errors import UserError
from fundwatch.home import QUERIES, Home
from fundwatch.kpi import Kpi, declarations, evaluate, totals
from fundwatch.kpi.days import META, counted_marts, day_tables, is_summed
from fundwatch.kpi.declaration import read_declaration
from fundwatch.settings import Change, Settings, Values
from fundwatch.warehouse import Warehouse, open_warehouse

SUMMED = [kpi for kpi in declarations().values() if kpi.by_day]
COUNTED = [kpi for kpi in declarations().values() if kpi.number]
FILTERS = {"level_class": ["一级", None], "insutype": ["390"], "fixmedins_type": ["1"]}


@dataclass
class Watched:
    """A warehouse that remembers what was asked; without ``with_sums`` it is one that holds no sums by day."""

    warehouse: Warehouse | World
    with_sums: bool = True
    asked: list[str] = field(default_factory=list)

    @property
    def meta(self) -> Mapping[str, str]:
        return {name: text for name, text in self.warehouse.meta.items() if self.with_sums or name != META}

    def query(self, sql: str, params: dict[str, Any]) -> pa.Table:
        self.asked.append(sql)
        return self.warehouse.query(sql, params)

    def once(self, what: Hashable, make: Callable[[], Any]) -> Any:
        return make()


@pytest.fixture(scope="module")
def warehouse(demo_home: Home) -> Warehouse:
    return open_warehouse(demo_home)


def splits(kpi: Kpi) -> Iterator[str | None]:
    yield None
    yield from kpi.dimensions
    pairs = combinations(kpi.dimensions, 2)
    yield from (",".join(pair) for pair in pairs if DEEP or pair[0] == kpi.dimensions[0])


@pytest.mark.parametrize("filters", [None, FILTERS], ids=["all", "filtered"])
@pytest.mark.parametrize("kpi", [*SUMMED, *COUNTED], ids=lambda kpi: kpi.id)
def test_the_demo_county_has_the_same_numbers_by_day_and_by_row(
    demo_home: Home, warehouse: Warehouse, kpi: Kpi, filters: dict[str, list[str | None]] | None
) -> None:
    settings = Settings(demo_home)
    last = dt.date.fromisoformat(warehouse.meta["load_date"])
    first = dt.date(last.year - 1, 11, 12)
    days, rows = Watched(warehouse), Watched(warehouse, with_sums=False)
    for by in splits(kpi):
        found = evaluate(days, settings, [kpi.id], first, last, by, filters)
        assert [number.record() for number in found] == [
            number.record() for number in evaluate(rows, settings, [kpi.id], first, last, by, filters)
        ]
    sums = counted_marts(kpi) if kpi.number else {f"day_{kpi.id}"}
    assert any(sums <= set(re.findall(r"\w+", sql)) for sql in days.asked)
    # both ways may read a mart that has no claims, as the enrolment
    assert not any(sums <= set(re.findall(r"\w+", sql)) for sql in rows.asked)


@pytest.mark.parametrize("filters", [None, FILTERS], ids=["all", "filtered"])
@pytest.mark.parametrize("kpi", SUMMED, ids=lambda kpi: kpi.id)
def test_totals_of_a_list_are_the_same_by_day_and_by_row(
    demo_home: Home, warehouse: Warehouse, kpi: Kpi, filters: dict[str, list[str | None]] | None
) -> None:
    settings = Settings(demo_home)
    last = dt.date.fromisoformat(warehouse.meta["load_date"])
    first = dt.date(last.year - 1, 11, 12)
    days, rows = Watched(warehouse), Watched(warehouse, with_sums=False)
    for key in ({}, {"level_class": "二级"}, {"month": f"{last:%Y}-03"}, {"fixmedins_code": None}):
        asked = (settings, kpi.id, first, last, key, filters)
        assert totals(days, *asked) == totals(rows, *asked)
    found = totals(days, settings, kpi.id, first, last)
    assert found.row_cnt > 0
    assert {type(found.row_cnt), type(found.short_cnt), type(found.counted_cnt)} == {int}
    assert all(f"day_{kpi.id}" in sql for sql in days.asked)
    assert not any(f"day_{kpi.id}" in sql for sql in rows.asked)


@pytest.mark.parametrize("seed", cases((4, 5), 1))
def test_a_random_county_equals_the_plain_recomputation_by_day(world: World, seed: int) -> None:
    data = County(seed).rows()
    assert compare(world.fill(data).with_sums(), Values(), data, START, END) > 300


@pytest.mark.parametrize("kpi", SUMMED, ids=lambda kpi: kpi.id)
def test_a_version_built_with_another_text_or_parameter_is_read_by_row(world: World, kpi: Kpi) -> None:
    world.fill({}).with_sums()
    assert is_summed(kpi, world.meta, Values(), END)
    changed = kpi.model_copy(update={"listing": kpi.listing.model_copy(update={"where": "1 = 1"})})
    assert not is_summed(changed, world.meta, Values(), END)
    world.fill({})
    assert not is_summed(kpi, world.meta, Values(), END)


def test_sums_are_built_and_follow_the_months_of_their_source(warehouse: Warehouse) -> None:
    models = read_models().by_name
    for table in day_tables():
        assert table.name in warehouse.names()
        months = table.months_of
        assert models[table.name].header.months_of == ((months,) if months else None)
    reminders = models["day_reminder_compliance"]
    assert reminders.header.by_month == "ym"
    assert reminders.reads == {"stg_bffact_warn_rslt_d"}


def test_the_sums_count_every_row_of_the_list(warehouse: Warehouse) -> None:
    [row] = warehouse.query(
        "select sum(row_cnt) as summed, (select count(*) from stg_bffact_warn_rslt_d) as row_cnt from day_reminder_compliance"
    ).to_pylist()
    assert row["summed"] == row["row_cnt"] > 0


@pytest.mark.parametrize(
    ("kpi", "change", "fault"),
    [
        ("reminder_compliance", {"numerator": "case when institution.hosp_lv = '05' then 1 end"}, "机构属性"),
        ("reminder_compliance", {"where": "fact.crte_time <= $period_end"}, "依赖期间"),
        ("reminder_compliance", {"numerator": "case when fact.crte_time < $ytd_start then 1 end"}, "依赖期间"),
        ("reminder_compliance", {"date": None}, "只用于 kind rows"),
    ],
)  # fmt: skip
def test_a_list_that_depends_on_more_than_its_day_is_refused(
    tmp_path: Path, kpi: str, change: dict[str, Any], fault: str
) -> None:
    text = yaml.safe_load((QUERIES / "kpis" / f"{kpi}.yaml").read_text(encoding="utf-8"))
    listing = {key: value for key, value in {**text["list"], **change}.items() if value is not None}
    path = tmp_path / f"{kpi}.yaml"
    path.write_text(yaml.safe_dump({**text, "list": listing}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UserError, match=f"(?s)by_day:.*{fault}"):
        read_declaration(path)


def test_a_limit_changed_from_a_day_on_is_read_by_row_from_that_day(world: World) -> None:
    # 2024-03-01 is a Friday: the fifth working day after it is the 8th, the seventh the 12th
    document = {"dcla_time": "2024-03-01", "chktime": "2024-03-11"}
    world.fill({"doc_d": [document]}).with_sums()
    changed = Change("review_workdays", "5", dt.date(2024, 4, 1), "试行", "测试", dt.datetime(2024, 4, 1))
    values = Values([changed])
    watched = Watched(world)
    asked = (watched, values, ["review_overdue_rate"], dt.date(2024, 3, 1))
    [before], [after] = evaluate(*asked, dt.date(2024, 3, 31)), evaluate(*asked, dt.date(2024, 4, 1))
    assert (before.numerator, after.numerator) == (0, 1)
    read = [
        "day_review_overdue_rate" in sql for sql in watched.asked if "step_review_due" in sql or "day_" in sql
    ]
    assert read == [True, False]
