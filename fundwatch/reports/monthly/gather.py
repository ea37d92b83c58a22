"""Everything a report reads, in one place: KPIs and page queries for its four periods, and what the tables cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fundwatch import numbers
from fundwatch.contracts import contracts
from fundwatch.kpi import KpiValue, evaluate
from fundwatch.quality import TableState, newest_day, table_states
from fundwatch.reports.monthly.month import Month, When, thirteen
from fundwatch.settings import Values
from fundwatch.steps import page_sql
from fundwatch.warehouse import Warehouse

KPIS = (
    "inspection_coverage", "onsite_coverage", "record_sheet_rate", "first_review_rate", "review_overdue_rate", "recheck_rate",
    "flagged_amount", "first_review_amount", "confirmed_amount", "deducted_amount", "rejection_rate", "appeal_rate",
    "clue_transfers", "payment_cycle", "instant_share", "self_check_coverage", "self_check_refund_rate", "complaint_reply_rate",
    "complaint_on_time_rate",
)  # fmt: skip
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """What is known of one period."""

    kpis: Mapping[str, KpiValue]
    #: (item, method) → row of report_inspections; None stands for all
    inspections: Mapping[tuple[str | None, str | None], Row]
    self_checks: Row
    complaints: Row


@dataclass(frozen=True)
class Gathered:
    """The data of a report; one version of the warehouse, settings as they were read."""

    month: Month
    version: str
    newest: dt.date
    states: Mapping[str, TableState]
    parts: Mapping[When, Part]
    #: item → month → completed inspections, for the chart
    inspection_months: Mapping[str, Mapping[str, int]]
    complaint_months: Mapping[str, int]
    channels: Sequence[Row]
    campaigns: Sequence[Row]
    #: the same campaigns held against the inspection ledger up to the newest day, as far as their reports reach
    campaigns_to_date: Sequence[Row]
    filings: Sequence[Row]
    #: the reports due in the year so far
    filings_of_year: Sequence[Row]
    timeliness: KpiValue

    def why_not(self, tables: Sequence[str], start: dt.date, end: dt.date) -> str:
        """Why these tables give nothing for a period; an empty string when they cover it.

        A ledger without an entry in a month that the data reach is a true 0: only tables of claim scale end on their own last day.
        """
        for name in tables:
            state = self.states[name]
            if not state.is_loaded:
                return f"未载入“{state.title}”数据"
            if not state.rows:
                return f"“{state.title}”没有记录"
            if state.first_date is None or state.data_through is None:
                # a register without dates holds for every period
                continue
            if end < state.first_date:
                return f"“{state.title}”数据始于{numbers.month(state.first_date)}"
            reach = state.data_through if contracts()[name].by_month else max(self.newest, state.data_through)
            if start > reach:
                return f"“{state.title}”数据截至{numbers.date(reach)}"
        return ""

    def missing(self, tables: Sequence[str]) -> str:
        """The same for the month of the report."""
        return self.why_not(tables, *self.month.period(When.NOW))


def gather(warehouse: Warehouse, values: Values, month: Month, newest: dt.date) -> Gathered:
    """Read everything for a month. ``newest`` is the newest day of the data."""

    def rows(name: str, **given: object) -> list[dict[str, Any]]:
        return warehouse.query(page_sql(name), given).to_pylist()

    months = thirteen(month)
    span = {"first_day": months[0].first, "last_day": month.last}
    by_item: dict[str, dict[str, int]] = {}
    for row in rows("report_inspection_months", **span):
        by_item.setdefault(row["item"], {})[row["month"]] = row["inspection_cnt"]
    year_due = dt.date(month.due.year, 1, 1)
    until = max(year_due, min(month.due, newest))
    [timeliness] = evaluate(warehouse, values, ["filing_timeliness"], year_due, until)
    campaigns = rows("campaigns", first_day=month.first, last_day=month.last)
    ids = {row["campaign_id"] for row in campaigns}
    to_date = rows("campaigns", first_day=month.first, last_day=max(newest, month.last))
    no_filter = dict.fromkeys(("fixmedins_type", "level_class", "medins_natu", "town_code"))
    return Gathered(
        month=month,
        version=warehouse.version,
        newest=newest,
        states={state.table: state for state in table_states(warehouse)},
        parts={when: _part(warehouse, values, *month.period(when)) for when in When},
        inspection_months=by_item,
        complaint_months={
            row["month"]: row["received_cnt"] for row in rows("report_complaint_months", **span)
        },
        channels=rows("complaints_groups", first_day=month.first, day=month.last, **no_filter),
        campaigns=campaigns,
        campaigns_to_date=[row for row in to_date if row["campaign_id"] in ids],
        filings=rows("report_filings", first_due=month.due, last_due=month.due),
        filings_of_year=rows("report_filings", first_due=year_due, last_due=until),
        timeliness=timeliness,
    )


def newest_of(warehouse: Warehouse) -> dt.date | None:
    """The newest day of the data; None when nothing dated is loaded."""
    return newest_day(warehouse)


def _part(warehouse: Warehouse, values: Values, start: dt.date, end: dt.date) -> Part:
    def rows(name: str) -> list[dict[str, Any]]:
        return warehouse.query(page_sql(name), {"first_day": start, "last_day": end}).to_pylist()

    return Part(
        kpis={value.kpi: value for value in evaluate(warehouse, values, KPIS, start, end)},
        inspections={(row["item"], row["insp_method"]): row for row in rows("report_inspections")},
        self_checks=rows("report_self_checks")[0],
        complaints=rows("report_complaints")[0],
    )


def decimal(value: Any) -> Decimal | None:
    """A count or amount as Decimal; None stays None."""
    return None if value is None else Decimal(value)
