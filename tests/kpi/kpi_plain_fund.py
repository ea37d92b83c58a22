"""The fund KPIs once more, and what each needs to have a value."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from kpi_plain_days import Data, Item, Items, Row, first_of, month_end, new_year, split, whole_months

MEAN_MONTHS, LEAST_MONTHS = 12, 3


# ---- the fund ---------------------------------------------------------------------------------------------------------


def ledger(data: Data, wanted_months: Iterable[str]) -> list[dict[str, Any]]:
    wanted = set(wanted_months)
    return [row for row in data["fund_ledger"] if row["month"] in wanted]


def flow(direction: str) -> Items:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {"insutype": row["insutype"], "month": row["month"], "num": row["amt"]}
            for row in ledger(data, whole_months(start, end))
            if row["direction"] == direction
        ]

    return items


def fund_surplus(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return [
        {
            "insutype": row["insutype"],
            "month": row["month"],
            "side": row["direction"],
            "num": row["amt"] if row["direction"] == "收入" else -row["amt"],
        }
        for row in ledger(data, whole_months(start, end))
    ]


def same_months(items: list[Item]) -> bool:
    sides = split(items, lambda item: item["side"])
    return {item["month"] for item in sides["收入"]} == {item["month"] for item in sides["支出"]}


def last_balances(data: Data, end: dt.date) -> dict[str, tuple[str, Decimal]]:
    found: dict[str, tuple[str, Decimal]] = {}
    for row in sorted(data["fund_balance"], key=lambda row: row["month"]):
        if month_end(first_of(row["month"])) <= end:
            found[row["insutype"]] = (row["month"], row["closing_balance"])
    return found


def fund_closing_balance(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    return [
        {"insutype": code, "month": month, "num": amt}
        for code, (month, amt) in last_balances(data, end).items()
    ]


def payable_months(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    items = [
        {"insutype": code, "num": amt, "den": 0, "side": "balance"}
        for code, (_, amt) in last_balances(data, end).items()
    ]
    outlay: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in data["fund_ledger"]:
        if row["direction"] == "支出" and month_end(first_of(row["month"])) <= end:
            outlay[row["insutype"]][row["month"]] += row["amt"]
    for code, by_month in outlay.items():
        latest = sorted(by_month)[-MEAN_MONTHS:]
        items += [
            {"insutype": code, "num": 0, "den": Fraction(by_month[month]) / len(latest), "side": "outlay"}
            for month in latest
        ]
    return items


def budget_execution(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    gone = whole_months(new_year(end), end)
    items: list[Item] = [
        {"insutype": row["insutype"], "num": row["amt"], "den": 0, "side": "outlay"}
        for row in ledger(data, gone)
        if row["direction"] == "支出"
    ]
    items += [
        {
            "insutype": row["insutype"],
            "num": 0,
            "den": Fraction(row["amt"]) * len(gone) / 12,
            "side": "budget",
        }
        for row in data["fund_budget"]
        if row["year"] == end.year and row["direction"] == "支出"
    ]
    return items


def base_year(data: Data, year: int, insutype: str) -> int:
    for row in data["base_year"]:
        if (row["year"], row["insutype"]) == (year, insutype):
            return row["base_year"]
    return year - 1


def outlay_growth(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    items = []
    for month in whole_months(start, end):
        for row in data["fund_ledger"]:
            if row["direction"] != "支出":
                continue
            base = f"{base_year(data, int(month[:4]), row['insutype'])}{month[4:]}"
            common = {"insutype": row["insutype"], "month": month}
            if row["month"] == month:
                items.append({**common, "num": row["amt"], "den": 0, "side": "now"})
            if row["month"] == base:
                items.append({**common, "num": -row["amt"], "den": row["amt"], "side": "base"})
    return items


def counted_figures(data: Data, measure: str) -> list[dict[str, Any]]:
    """Rows that give the measure: the 合计 of a span where it has one, else its parts."""
    spans: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for row in data["benefit_stat"]:
        spans[row["insutype"], row["begndate"], row["enddate"]].append(row)
    found = []
    for rows in spans.values():
        whole = [row for row in rows if row["category"] == "合计" and row[measure] is not None]
        parts = [
            row
            for row in rows
            if row["category"] != "合计" and not row["category"].startswith(("小计", "实际报销比例"))
        ]
        found += whole or [row for row in parts if row[measure] is not None]
    return found


def longest_spans(data: Data, measure: str, start: dt.date, end: dt.date) -> list[dict[str, Any]]:
    rows = [
        row for row in counted_figures(data, measure) if start <= row["begndate"] and row["enddate"] <= end
    ]

    def contains(wide: Row, row: Row) -> bool:
        same_days = (wide["begndate"], wide["enddate"]) == (row["begndate"], row["enddate"])
        within = wide["begndate"] <= row["begndate"] and row["enddate"] <= wide["enddate"]
        return wide["insutype"] == row["insutype"] and within and not same_days

    return [row for row in rows if not any(contains(other, row) for other in rows)]


def benefits(measure: str) -> Items:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {"insutype": row["insutype"], "num": row[measure], "span": (row["begndate"], row["enddate"])}
            for row in longest_spans(data, measure, start, end)
        ]

    return items


def nothing_crosses(items: list[Item]) -> bool:
    spans = sorted({item["span"] for item in items})
    return all(former[1] < later[0] for former, later in pairwise(spans))


def benefit_growth(measure: str) -> Items:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        found = []
        now = longest_spans(data, measure, start, end)
        for row in now:
            span = (row["begndate"], row["enddate"])
            found.append(
                {"insutype": row["insutype"], "num": row[measure], "den": 0, "side": "now", "span": span}
            )
        for code, first, last in {(row["insutype"], row["begndate"], row["enddate"]) for row in now}:
            year = base_year(data, last.year, code)
            for base in counted_figures(data, measure):
                same_start = (base["begndate"].month, base["begndate"].day) == (first.month, first.day)
                same_end = (base["enddate"].month, base["enddate"].day) == (last.month, last.day)
                if last == month_end(last):
                    # the end of February is the end of February, in a leap year too
                    same_end = (
                        base["enddate"] == month_end(base["enddate"]) and base["enddate"].month == last.month
                    )
                same_years = (
                    base["enddate"].year == year and base["begndate"].year == year - last.year + first.year
                )
                if base["insutype"] == code and same_start and same_end and same_years:
                    item = {
                        "num": -base[measure],
                        "den": base[measure],
                        "side": "base",
                        "span": (first, last),
                    }
                    found.append({"insutype": code, **item})
        return found

    return items


# ---- what is needed for a value ---------------------------------------------------------------------------------------


def always(_items: list[Item], _expected_months: int) -> bool:
    return True


def sides_present(*sides: str) -> Callable[[list[Item], int], bool]:
    return lambda items, _: {item["side"] for item in items} >= set(sides)


def enough_months(items: list[Item], _expected: int) -> bool:
    outlay = [item for item in items if item["side"] == "outlay"]
    return len(outlay) >= LEAST_MONTHS and any(item["side"] == "balance" for item in items)


def complete(items: list[Item], expected: int) -> bool:
    return all(
        len({item["month"] for item in items if item["side"] == side}) == expected for side in ("now", "base")
    )


def compared(items: list[Item], _expected: int) -> bool:
    now = {item["span"] for item in items if item["side"] == "now"}
    base = {item["span"] for item in items if item["side"] == "base"}
    return now == base and nothing_crosses([item for item in items if item["side"] == "now"])
