"""The reads behind 待办预警: everything open on the clock's day, from ledgers, reports, review queues, coverage lists, tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from fundwatch.kpi import declarations
from fundwatch.kpi.reach import NOT_BY_COUNTY
from fundwatch.masking import COUNTY
from fundwatch.screens import deadlines as view
from fundwatch.screens import deadlines_items as items
from fundwatch.screens.clocks import Clock
from fundwatch.screens.reads import PersonReading, Reading, kpi_rows, loaded_tables, page_query
from fundwatch.screens.sources import NO_ROWS_AT_ALL, NOT_LOADED
from fundwatch.workdays import workdays_of


@dataclass(frozen=True)
class Open:
    """What is open: all rows, a line per topic, the reports not filed, why a topic has nothing."""

    table: pa.Table
    lines: list[view.Line]
    reports: list[dict[str, Any]]
    why: Mapping[str, str]


def open_things(reading: PersonReading, clock: Clock) -> Open:
    """Everything open on the clock's day."""
    day = clock.day
    why = {topic.id: _why(reading, topic) for topic in view.TOPICS}
    ledgers = page_query(reading, "deadlines_ledger", day=day).to_pylist()
    reports = page_query(
        reading, "deadlines_reports", day=day, next_due=view.next_report_day(day)
    ).to_pylist()
    review = page_query(reading, "deadlines_review", day=day, next_day=day + dt.timedelta(days=1)).to_pylist()
    found = [
        *items.of_ledgers(ledgers, day),
        *items.of_reports(reports, day),
        *items.of_review(review, day, _first_review_days(reading, review, day)),
        *_institutions(reading, "self_check", day, day.replace(month=6, day=30), f"未提交{day.year}年自查"),
        *_institutions(reading, "coverage", day, day.replace(month=12, day=31), f"{day.year}年尚未检查"),
        *items.of_tables(loaded_tables(reading), clock.today),
    ]
    table = items.listed(row for row in found if not why[row["topic"]])
    return Open(table, view.lines(table, why), reports, why)


def first_review_limit(reading: Reading, day: dt.date) -> int | None:
    """The working days of the first review, the parameter that KPI review_overdue_rate names."""
    kpi = declarations().get(view.BY_ID["review_first"].kpi)
    if kpi is None or not kpi.parameters:
        return None
    return int(reading.settings.get(kpi.parameters[0], day))


def missing_table(reading: Reading, table: str) -> str:
    """Why a table gives nothing (never loaded, no row, or none of one county); an empty string when it has rows."""
    if reading.warehouse.sight.county and table in COUNTY:
        return NOT_BY_COUNTY
    state = next(state for state in loaded_tables(reading) if state.table == table)
    if not state.is_loaded:
        return f"{NOT_LOADED}:“{state.title}”表从未载入"
    return "" if state.rows else f"{NO_ROWS_AT_ALL}:“{state.title}”表没有可用的记录"


def _why(reading: Reading, topic: view.Topic) -> str:
    return next((why for table in topic.tables if (why := missing_table(reading, table))), "")


def _institutions(
    reading: PersonReading, topic: str, day: dt.date, due: dt.date, what: str
) -> list[Mapping[str, Any]]:
    """Those of the coverage KPI's own list that are not in its numerator, so that list and number are the same rows."""
    rows = kpi_rows(reading, view.BY_ID[topic].kpi, day.replace(month=1, day=1), day)
    return items.of_institutions(topic, rows.to_pylist(), day, due, what)


def _first_review_days(
    reading: Reading, review: list[dict[str, Any]], day: dt.date
) -> dict[dt.date, dt.date]:
    limit = first_review_limit(reading, day)
    if limit is None:
        return {}
    calendar = workdays_of(reading.warehouse)
    return {
        row["since"]: calendar.workday_after(row["since"], limit) for row in review if row["step"] == "first"
    }
