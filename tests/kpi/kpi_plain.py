"""Every KPI once more, slow and plain: rows as dicts, loops, exact fractions; no SQL and nothing of the engine.

``number(kpi, data, start, end, by)`` gives {key: (numerator, denominator or None, has_value)}. ``data`` maps contract tables to
rows; blanks are None, dates are dates, money Decimal.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
Data = Mapping[str, list[dict[str, Any]]]
Item = dict[str, Any]
Result = dict[str | None, tuple[Fraction, Fraction | None, bool]]

OVER_FREQUENCY_LIMIT, SUSPENDED_POINTS, MEAN_MONTHS, LEAST_MONTHS = 1, 9, 12, 3
INSTITUTION = ("fixmedins_code", "fixmedins_type", "level_class", "town_code")
LEVELS = {
    **dict.fromkeys(("01", "02", "03", "04", "12"), "三级"),
    **dict.fromkeys(("05", "06", "07", "13"), "二级"),
    **dict.fromkeys(("08", "09", "10", "14"), "一级"),
}  # fmt: skip
ITEMS = ("日常稽核", "基金结算审核", "自查自纠", "投诉举报", "专项检查", "委托检查")


def number(kpi: str, data: Data, start: dt.date, end: dt.date, by: str | None) -> Result:
    """The KPI unsplit (key None) or per key of ``by``; funds are always per insutype ("310" or "310,2024-06")."""
    if by == "month" and kpi in RESTATED:
        found: Result = {}
        for first, last in months(start, end):
            inner = "insutype" if kpi in FUNDS else None
            for key, result in number(kpi, data, first, last, inner).items():
                if kpi in FUNDS:
                    found[f"{key},{first:%Y-%m}"] = result
                elif KPIS[kpi](data, first, last):
                    found[f"{first:%Y-%m}"] = result
        return found
    items = KPIS[kpi](data, start, end)
    expected = len(whole_months(start, end))
    if kpi in FUNDS:
        cells = split(items, lambda item: item["insutype"])
        if by == "month":
            cells = split(items, lambda item: f"{item['insutype']},{item['month']}")
            expected = 1
    elif by is None:
        cells = {None: items}
    else:
        cells = split(items, lambda item: attribute(data, item, by))
    return {key: total(kpi, cell, expected) for key, cell in cells.items()}


def total(kpi: str, items: list[Item], expected_months: int) -> tuple[Fraction, Fraction | None, bool]:
    if items and "once" in items[0]:
        # counted objects: each once in a cell
        return Fraction(len({item["once"] for item in items})), None, True
    numerator = sum((Fraction(item["num"]) for item in items), Fraction(0))
    if kpi in AMOUNTS:
        return numerator, None, AMOUNTS[kpi](items)
    denominator = sum((Fraction(item["den"]) for item in items), Fraction(0))
    return numerator, denominator, denominator != 0 and VALID.get(kpi, always)(items, expected_months)


def split(items: Iterable[Item], key: Callable[[Item], str | None]) -> dict[str | None, list[Item]]:
    cells: dict[str | None, list[Item]] = defaultdict(list)
    for item in items:
        cells[key(item)].append(item)
    return cells


def attribute(data: Data, item: Item, name: str) -> str | None:
    if name not in INSTITUTION:
        return item[name]
    for institution in data["fixmedins_b"]:
        if institution["fixmedins_code"] == item["inst"]:
            if name != "level_class":
                return institution[name]
            if institution["fixmedins_type"] == "2":
                return "药店"
            return LEVELS.get(institution["hosp_lv"], "未定级")
    return None


def months(start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    found, day = [], start
    while day <= end:
        last = min(month_end(day), end)
        found.append((day, last))
        day = last + dt.timedelta(days=1)
    return found


def month_end(day: dt.date) -> dt.date:
    return dt.date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


def first_of(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:]), 1)


def whole_months(start: dt.date, end: dt.date) -> list[str]:
    return [
        f"{first:%Y-%m}" for first, last in months(start, end) if first.day == 1 and last == month_end(last)
    ]


def inside(day: dt.date | None, start: dt.date, end: dt.date) -> bool:
    return day is not None and start <= day <= end


def new_year(end: dt.date) -> dt.date:
    return dt.date(end.year, 1, 1)


def money(value: Decimal | None) -> Decimal:
    return Decimal(0) if value is None else value


# ---- institutions under agreement -------------------------------------------------------------------------------------


def under_agreement(data: Data, start: dt.date, end: dt.date) -> list[str]:
    found = []
    for institution in data["fixmedins_b"]:
        if institution["vali_flag"] != "1":
            continue
        for agreement in data["fixmedins_cntr_reg_d"]:
            if agreement["fixmedins_code"] != institution["fixmedins_code"]:
                continue
            last = agreement["invd_time"].date()
            if agreement["cntr_stas"] in ("3", "4") and agreement["stas_begndate"]:
                last = min(last, agreement["stas_begndate"] - dt.timedelta(days=1))
            if agreement["efft_time"].date() <= end and last >= start:
                found.append(institution["fixmedins_code"])
                break
    return found


def covered(data: Data, first: dt.date, last: dt.date, done: set[str]) -> list[Item]:
    return [{"inst": code, "num": int(code in done), "den": 1} for code in under_agreement(data, first, last)]


def completed(data: Data) -> list[dict[str, Any]]:
    return [row for row in data["inspection"] if row["insp_stas"] == "完成"]


def inspection_coverage(
    data: Data, _start: dt.date, end: dt.date, methods: Iterable[str] | None = None
) -> list[Item]:
    done = {
        row["fixmedins_code"]
        for row in completed(data)
        if row["insp_kind"] == "协议检查"
        and inside(row["insp_date"], new_year(end), end)
        and (methods is None or row["insp_method"] in methods)
    }
    return covered(data, new_year(end), end, done)


def onsite_coverage(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return inspection_coverage(data, start, end, ("现场检查", "日常巡查"))


def self_check_coverage(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    done = {
        row["fixmedins_code"]
        for row in data["self_check"]
        if row["period_begn"].year == end.year
        and row["submit_date"] is not None
        and row["submit_date"] <= end
    }
    return covered(data, new_year(end), min(end, dt.date(end.year, 6, 30)), done)


def assessment_coverage(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    done = {row["fixmedins_code"] for row in data["assessment"] if row["year"] == end.year}
    return covered(data, new_year(end), end, done)


# ---- inspections ------------------------------------------------------------------------------------------------------


def of_inspections(data: Data, start: dt.date, end: dt.date, good: Callable[[Row], bool]) -> list[Item]:
    return [
        {"inst": row["fixmedins_code"], "month": f"{row['insp_date']:%Y-%m}", "num": int(good(row)), "den": 1}
        for row in completed(data)
        if inside(row["insp_date"], start, end)
    ]


def record_sheet_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    noticed = {row["insp_id"] for row in data["finding"] if row["insp_id"] and row["notice_no"]}

    def good(row: Row) -> bool:
        return bool(row["record_no"]) and (row["vola_found_flag"] != "1" or row["insp_id"] in noticed)

    wanted = [row for row in data["inspection"] if row["insp_method"] in ("现场检查", "日常巡查", "举报核查")]
    return of_inspections({"inspection": wanted}, start, end, good)


def problem_found_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return of_inspections(data, start, end, lambda row: row["vola_found_flag"] == "1")


def random_share(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return of_inspections(data, start, end, lambda row: row["random_flag"] == "1")


def over_frequency(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    times: dict[str, int] = defaultdict(int)
    for row in completed(data):
        if (
            row["insp_kind"] == "行政检查"
            and row["insp_method"] == "现场检查"
            and row["clue_id"] is None
            and inside(row["insp_date"], new_year(end), end)
        ):
            times[row["fixmedins_code"]] += 1
    return [{"inst": code, "once": code} for code, count in times.items() if count > OVER_FREQUENCY_LIMIT]


# ---- self-checks, reports, training -----------------------------------------------------------------------------------


def self_check_refund_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return [
        {
            "inst": row["fixmedins_code"],
            "month": f"{row['submit_date']:%Y-%m}",
            "num": money(row["refund_done"]),
            "den": money(row["refund_due"]),
        }
        for row in data["self_check"]
        if inside(row["submit_date"], start, end)
    ]


def self_check_honesty(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    items, first_submitted = [], {}
    for row in data["self_check"]:
        if inside(row["submit_date"], new_year(end), end):
            code = row["fixmedins_code"]
            first_submitted[code] = min(first_submitted.get(code, row["submit_date"]), row["submit_date"])
            items.append({"inst": code, "num": money(row["amt_found"]), "den": money(row["amt_found"])})
    for row in data["finding"]:
        first = first_submitted.get(row["fixmedins_code"])
        if first is not None and first < row["found_date"] <= end:
            items.append({"inst": row["fixmedins_code"], "num": 0, "den": row["amt"]})
    return items


def filing_timeliness(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    recorded = {(row["month"], row["item"]): row for row in data["report_filing"]}
    dues = [(row["due_date"], row["filed_date"]) for row in data["report_filing"]]
    filed_months = [row["month"] for row in data["report_filing"] if row["filed_date"]]
    if filed_months:
        day = first_of(min(filed_months))
        while day <= end:
            after = month_end(day) + dt.timedelta(days=1)
            for item in ITEMS:
                if (f"{day:%Y-%m}", item) not in recorded:
                    dues.append((after.replace(day=10), None))
            day = after
    return [
        {"month": f"{due:%Y-%m}", "num": int(filed is not None and filed <= due), "den": 1}
        for due, filed in dues
        if inside(due, start, end)
    ]


def training_pass_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return [
        {"month": f"{row['train_date']:%Y-%m}", "num": row["passed"] or 0, "den": row["persons"] or 0}
        for row in data["training"]
        if row["kind"] == "测试" and inside(row["train_date"], start, end)
    ]


# ---- handling, cases, complaints --------------------------------------------------------------------------------------


def of_case(data: Data, case_id: str | None) -> str | None:
    """The institution a case is about: the one its findings all name, else the case's own."""
    if case_id is None:
        return None
    named = {row["fixmedins_code"] for row in data["finding"] if row["case_id"] == case_id}
    if len(named) == 1:
        return named.pop()
    return next((row["fixmedins_code"] for row in data["clue_case"] if row["case_id"] == case_id), None)


def handlings(data: Data) -> list[Item]:
    found = []
    for row in data["handling"]:
        own = next(
            (f["fixmedins_code"] for f in data["finding"] if f["finding_id"] == row["finding_id"]), None
        )
        found.append({**row, "inst": row["fixmedins_code"] or own or of_case(data, row["case_id"])})
    return found


def amounts(handle_type: str, amount: str, dated: Callable[[Row], dt.date]) -> Callable[..., list[Item]]:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {
                "inst": row["inst"],
                "month": f"{dated(row):%Y-%m}",
                "num": money(row[amount]),
                "den": money(row["amt_due"]),
            }
            for row in handlings(data)
            if row["handle_type"] == handle_type and inside(dated(row), start, end)
        ]

    return items


def decided(row: Row) -> dt.date:
    return row["decided_date"]


def done(row: Row) -> dt.date:
    return row["done_date"] or row["decided_date"]


def handled_institutions(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return [
        {"inst": row["inst"], "month": f"{decided(row):%Y-%m}", "once": row["inst"]}
        for row in handlings(data)
        if row["inst"] and inside(decided(row), start, end)
    ]


def handling_counts(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    return [
        {
            "inst": row["inst"],
            "month": f"{decided(row):%Y-%m}",
            "handle_type": row["handle_type"],
            "once": row["handle_id"],
        }
        for row in handlings(data)
        if inside(decided(row), start, end)
    ]


def shares(table: str, dated: str, reached: str, limit: str | None) -> Callable[..., list[Item]]:
    """Rows with ``dated`` in the period; good when ``reached`` is not after ``limit`` (None: not after the period)."""

    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        found = []
        for row in data[table]:
            if inside(row[dated], start, end):
                last = end if limit is None else row[limit]
                good = row[reached] is not None and row[reached] <= last
                code = row.get("fixmedins_code") or of_case(data, row.get("case_id"))
                found.append(
                    {**row, "inst": code, "month": f"{row[dated]:%Y-%m}", "num": int(good), "den": 1}
                )
        return found

    return items


def suspended_persons(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    events = [row for row in data["credit_point"] if inside(row["event_date"], new_year(end), end)]
    net: dict[str, int] = defaultdict(int)
    for row in events:
        net[row["person_code"]] += row["points"] - (row["repair_points"] or 0)
    return [
        {"inst": row["fixmedins_code"], "once": row["person_code"]}
        for row in events
        if net[row["person_code"]] >= SUSPENDED_POINTS
    ]


# ---- the fund ---------------------------------------------------------------------------------------------------------


def ledger(data: Data, wanted_months: Iterable[str]) -> list[dict[str, Any]]:
    wanted = set(wanted_months)
    return [row for row in data["fund_ledger"] if row["month"] in wanted]


def flow(direction: str) -> Callable[..., list[Item]]:
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


def benefits(measure: str) -> Callable[..., list[Item]]:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {"insutype": row["insutype"], "num": row[measure], "span": (row["begndate"], row["enddate"])}
            for row in longest_spans(data, measure, start, end)
        ]

    return items


def nothing_crosses(items: list[Item]) -> bool:
    spans = sorted({item["span"] for item in items})
    return all(former[1] < later[0] for former, later in pairwise(spans))


def benefit_growth(measure: str) -> Callable[..., list[Item]]:
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


KPIS: dict[str, Callable[..., list[Item]]] = {
    "inspection_coverage": inspection_coverage,
    "onsite_coverage": onsite_coverage,
    "record_sheet_rate": record_sheet_rate,
    "problem_found_rate": problem_found_rate,
    "random_share": random_share,
    "over_frequency": over_frequency,
    "self_check_coverage": self_check_coverage,
    "self_check_refund_rate": self_check_refund_rate,
    "self_check_honesty": self_check_honesty,
    "filing_timeliness": filing_timeliness,
    "assessment_coverage": assessment_coverage,
    "training_pass_rate": training_pass_rate,
    "recovered_amount": amounts("32", "amt_done", done),
    "penalty_due": amounts("61", "amt_due", decided),
    "penalty_done": amounts("61", "amt_done", done),
    "breach_due": amounts("33", "amt_due", decided),
    "breach_done": amounts("33", "amt_done", done),
    "handled_institutions": handled_institutions,
    "recovery_rate": amounts("32", "amt_done", decided),
    "handling_counts": handling_counts,
    "case_closed_rate": shares("clue_case", "opened_date", "closed_date", None),
    "case_on_time_rate": shares("clue_case", "due_date", "closed_date", "due_date"),
    "complaint_reply_rate": shares("complaint", "recv_date", "reply_date", None),
    "complaint_on_time_rate": shares("complaint", "due_date", "closed_date", "due_date"),
    "suspended_persons": suspended_persons,
    "task_on_time_rate": shares("work_plan", "due_date", "done_date", "due_date"),
    "fund_income": flow("收入"),
    "fund_outlay": flow("支出"),
    "fund_surplus": fund_surplus,
    "benefit_amount": benefits("fund_amt"),
    "benefit_person_times": benefits("person_times"),
    "benefit_growth": benefit_growth("fund_amt"),
    "benefit_times_growth": benefit_growth("person_times"),
    "fund_closing_balance": fund_closing_balance,
    "payable_months": payable_months,
    "budget_execution": budget_execution,
    "outlay_growth": outlay_growth,
}
RESTATED = {
    "inspection_coverage", "onsite_coverage", "over_frequency", "self_check_coverage", "self_check_honesty",
    "assessment_coverage", "suspended_persons", "fund_closing_balance", "payable_months", "budget_execution",
}  # fmt: skip
FUNDS = {
    "fund_income", "fund_outlay", "fund_surplus", "benefit_amount", "benefit_person_times", "benefit_growth",
    "benefit_times_growth", "fund_closing_balance", "payable_months", "budget_execution", "outlay_growth",
}  # fmt: skip
AMOUNTS: dict[str, Callable[[list[Item]], bool]] = {
    **dict.fromkeys(
        ("recovered_amount", "penalty_due", "penalty_done", "breach_due", "breach_done", "fund_income", "fund_outlay",
         "fund_closing_balance", "over_frequency", "handled_institutions", "handling_counts", "suspended_persons"),
        lambda _items: True,
    ),
    "fund_surplus": same_months,
    "benefit_amount": nothing_crosses,
    "benefit_person_times": nothing_crosses,
}  # fmt: skip
VALID = {
    "payable_months": enough_months,
    "budget_execution": sides_present("outlay", "budget"),
    "outlay_growth": complete,
    "benefit_growth": compared,
    "benefit_times_growth": compared,
}
