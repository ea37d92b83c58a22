"""Alerts of institutions that drift away from their level: when, since when, what it means, and the budget of alerts."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal as D

import pytest

from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import declarations
from fundwatch.screens.drift import WATCHED, alerts
from fundwatch.settings import Settings
from fundwatch.ui.drift import alert_rows, institution_alerts
from fundwatch.ui.query import Reads
from fundwatch.warehouse import open_warehouse

MONTHS = [f"{2023 + n // 12}-{n % 12 + 1:02d}" for n in range(23)]
CODES = [f"H{n:02d}" for n in range(11)]
LEVELS = dict.fromkeys(CODES, "一级")
DRAWN = random.Random(1)
#: institution by month: no order of its own, so that nobody drifts
VALUES = [[DRAWN.randint(40, 80) for _ in range(24)] for _ in CODES]
NAMES = {code: f"第{code[1:]}卫生院" for code in CODES}


def county(kpi, number, *, fallen: str = "", since: int = 99, cases: int = 20):
    """23 months of eleven institutions; ``fallen`` lies below all others from month number ``since`` on."""
    return [
        number(kpi, str(5 if code == fallen and month >= since else VALUES[place][month]), by="fixmedins_code,month",
               key=f"{code},{name}", denominator=D(cases))
        for place, code in enumerate(CODES) for month, name in enumerate(MONTHS)
    ]  # fmt: skip


def watch(kpi, values, budget="5", levels=LEVELS, months=MONTHS):
    return alerts(
        {kpi.id: values}, {kpi.id: kpi}, {kpi.id: months}, names=NAMES, levels=levels, budget=D(budget)
    )


def test_an_institution_that_falls_behind_its_level_is_named_with_since_when(kpi, number):
    watched = kpi(better="higher")
    found = watch(watched, county(watched, number, fallen="H09", since=15))
    # in March it happened to be low already: the sum has risen without a break from there
    assert [(one.code, one.direction, one.meaning, one.since) for one in found.found] == [
        ("H09", "down", "concern", "2024-03")
    ]
    alert = found.found[0]
    assert alert.month == "2024-09"
    assert (alert.percentile, alert.value) == (D("4.5"), 5)  # the lowest of eleven: 100 x 0.5 / 11
    assert alert.percentile_before == 50
    assert alert.words.startswith("覆盖率自2024年3月起相对同类持续下降(百分位 ")
    assert alert.words.endswith("触发预警(疑点,未核实)")
    assert found.line == 5
    assert found.watched == 11


@pytest.mark.parametrize(
    ("better", "meaning"), [("higher", "concern"), ("lower", "favourable"), ("neither", "neutral")]
)
def test_a_fall_means_what_the_direction_says_and_only_worse_ones_stay_open(kpi, number, better, meaning):
    watched = kpi(better=better)
    found = watch(watched, county(watched, number, fallen="H09", since=15))
    assert {one.meaning for one in found.found} == {meaning}
    assert bool(found.open) == (meaning != "favourable")


def test_what_moves_everybody_moves_nobody(kpi, number):
    watched = kpi(better="higher")
    values = [
        number(watched, str(VALUES[place][month] / (3 if month > 15 else 1)), by="fixmedins_code,month",
               key=f"{code},{name}", denominator=D(20))
        for place, code in enumerate(CODES) for month, name in enumerate(MONTHS)
    ]  # fmt: skip
    assert watch(watched, values).found == watch(watched, county(watched, number)).found == ()


def test_an_old_alert_is_known_but_no_longer_open(kpi, number):
    watched = kpi(better="higher")
    found = watch(watched, county(watched, number, fallen="H09", since=13))
    assert found.found[-1].month < "2024-10"
    assert "近 3 个月" in found.text
    assert all(one.month >= "2024-10" for one in found.open)


def test_a_budget_of_nought_moves_the_line_until_history_is_silent(kpi, number):
    watched = kpi(better="higher")
    values = county(watched, number, fallen="H09", since=15)
    wide, none = watch(watched, values), watch(watched, values, budget="0")
    assert (len(wide.found) > 0, none.found) == (True, ())
    assert none.line > wide.line == 5
    assert "每月不超过 0 件" in none.text


def test_handfuls_of_cases_are_not_watched_and_counted(kpi, number):
    watched = kpi()
    found = watch(watched, county(watched, number, fallen="H09", since=15, cases=4))
    assert (found.found, found.line, found.left_out) == ((), None, 11)
    assert "暂不能监测" in found.text


def test_a_year_of_months_is_too_short_to_watch(kpi, number):
    watched = kpi()
    found = watch(watched, county(watched, number), months=MONTHS[:12])
    assert found.why_none
    assert found.left_out == 11


def test_peers_are_those_of_the_level_and_fewer_than_five_are_none(kpi, number):
    watched = kpi(better="higher")
    split = {code: "一级" if place < 7 else "二级" for place, code in enumerate(CODES)}
    found = watch(watched, county(watched, number, fallen="H09", since=15), levels=split)
    assert found.found == ()
    assert (found.watched, found.left_out) == (7, 4)


def test_an_institution_nobody_registered_is_left_out(kpi, number):
    watched = kpi()
    values = [*county(watched, number), number(watched, "1", key=",2024-01"), number(watched, "1", key=None)]
    assert watch(watched, values).watched == 11


def test_alerts_of_a_home_are_read_once_a_version(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    reads = Reads(open_warehouse(demo_home), Settings(demo_home))
    first = institution_alerts(reads, dt.date(2026, 10, 31))
    assert first.budget == 5
    assert first.text
    assert {one.kpi.id for one in first.found} <= set(WATCHED)
    monkeypatch.setattr("fundwatch.alerts.institutions.evaluate", lambda *_: pytest.fail("evaluated anew"))
    assert institution_alerts(reads, dt.date(2026, 10, 31)) == first


def test_a_row_of_the_list_names_what_it_opens(kpi, number):
    watched = kpi(better="higher")
    row = alert_rows(watch(watched, county(watched, number, fallen="H09", since=15)).found).to_pylist()[0]
    assert (row["fixmedins_code"], row["kpi_id"]) == ("H09", "coverage_rate")
    assert (row["name"], row["direction"], row["since"]) == ("第09卫生院", "相对同类持续下降", "2024年3月")
    assert (row["before"], row["percentile"]) == (D("50.0"), D("4.5"))


def test_some_of_the_kpis_to_watch_are_declared():
    assert {"reminder_compliance", "avg_inpatient_fee"} <= set(WATCHED) & set(declarations())
