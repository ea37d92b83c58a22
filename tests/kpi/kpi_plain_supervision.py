"""The supervision KPIs once more: agreements, inspections, self-checks, handling, cases. Each gives items: who, when, how much."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from kpi_plain_days import Data, Item, Items, Row, first_of, inside, money, month_end, new_year

OVER_FREQUENCY_LIMIT, SUSPENDED_POINTS = 1, 9
ITEMS = ("日常稽核", "基金结算审核", "自查自纠", "投诉举报", "专项检查", "委托检查")


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


def amounts(handle_type: str, amount: str, dated: Callable[[Row], dt.date]) -> Items:
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


def shares(table: str, dated: str, reached: str, limit: str | None) -> Items:
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
