"""The KPIs of reminders, onboarding, benefits and payments once more: who, when, how much."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

import chinese_calendar
from kpi_plain_days import Data, Item, Items, Row, first_of, inside, money, month_end, split
from kpi_plain_supervision import under_agreement

from fundwatch.home import REFERENCE

COUNTY = "999001"
LEAST_REMINDERS, COMPLIANCE_LINE = 30, 50
#: hosp_lv 一级 and above
LEVELLED = {f"{number:02}" for number in (*range(1, 11), 12, 13, 14)}


# ---- reminders --------------------------------------------------------------------------------------------------------


def reminders(
    numerator: Callable[[Row], object],
    denominator: Callable[[Row], object] = lambda _row: 1,
    wanted: Callable[[Row], bool] = lambda _row: True,
) -> Items:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {
                "inst": row["fixmedins_code"],
                "rule_id": row["rule_id"],
                "month": f"{row['crte_time']:%Y-%m}",
                "way": row["warn_dspo_way"],
                "num": numerator(row),
                "den": denominator(row),
            }
            for row in data["bffact_warn_rslt_d"]
            if inside(row["crte_time"].date(), start, end) and wanted(row)
        ]

    return items


def changed(row: Row) -> bool:
    return row["warn_dspo_way"] == "2"


def continued(row: Row) -> bool:
    return row["warn_dspo_way"] == "1"


def amount(row: Row) -> object:
    return money(row["vola_amt"])


reminder_compliance = reminders(lambda row: int(changed(row)))
reminder_compliance_amt = reminders(lambda row: amount(row) if changed(row) else 0, amount)
reminder_feedback_rate = reminders(lambda row: int(row["warn_dspo_way"] in ("1", "2")))
override_reason_rate = reminders(lambda row: int(row["warn_dspo_way_dscr"] is not None), wanted=continued)
avoided_amount = reminders(amount, wanted=changed)


def override_review_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    settled = {row["mdtrt_id"] for row in data["setl_d"] if row["vali_flag"] == "1"}
    visit_of = {row["doc_id"]: row["mdtrt_id"] for row in data["doc_d"]}
    looked_at = {
        (visit_of[row["doc_id"]], row["rule_id"])
        for row in data["doc_suspt_d"]
        if row["chker"] and row["doc_id"] in visit_of
    }
    return reminders(
        lambda row: int((row["mdtrt_id"], row["rule_id"]) in looked_at),
        wanted=lambda row: not changed(row) and row["mdtrt_id"] in settled,
    )(data, start, end)


def rules_to_review(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    found = []
    by_rule = split(reminder_compliance(data, start, end), lambda item: item["rule_id"])
    for rule, items in by_rule.items():
        complied = sum(item["num"] for item in items)
        if len(items) >= LEAST_REMINDERS and Fraction(100 * complied, len(items)) < COMPLIANCE_LINE:
            found.append({"rule_id": rule, "once": rule})
    return found


# ---- onboarding -------------------------------------------------------------------------------------------------------


def connected(interface: str, wanted: Callable[[Row], bool]) -> Items:
    def items(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
        online = {
            row["fixmedins_code"]
            for row in data["intf_onln_d"]
            if row["intf_code"] == interface and row["onln_date"] <= end and row["stas"] != "0"
        }
        register = {row["fixmedins_code"]: row for row in data["fixmedins_b"]}
        return [
            {"inst": code, "num": int(code in online), "den": 1}
            for code in under_agreement(data, end, end)
            if register[code]["fixmedins_type"] == "1" and wanted(register[code])
        ]

    return items


interface_coverage = connected("3101", lambda row: row["hosp_lv"] in LEVELLED)
video_coverage = connected("video", lambda _row: True)


# ---- stays ------------------------------------------------------------------------------------------------------------


def shipped_med_types() -> list[Row]:
    """The list in force where the bureau has none of its own."""
    with (REFERENCE / "med_type.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stays(data: Data, start: dt.date, end: dt.date) -> list[Row]:
    """Settlements in force of the county's own insured with an inpatient category, refunds included."""
    own = [row for row in data["med_type"] if row["vali_flag"] != "0"]
    inpatient = {row["med_type"] for row in own or shipped_med_types() if row["inpatient"] == "1"}
    return [
        row
        for row in data["setl_d"]
        if row["vali_flag"] == "1"
        and row["med_type"] in inpatient
        and row["insu_admdvs"] in (None, COUNTY)
        and inside(row["setl_time"].date(), start, end)
    ]


def of_stay(row: Row) -> Item:
    return {
        "inst": row["fixmedins_code"],
        "insutype": row["insutype"],
        "month": f"{row['setl_time']:%Y-%m}",
    }


def of_stays(numerator: Callable[[Data, Row], object], denominator: str) -> Items:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {**of_stay(row), "num": numerator(data, row), "den": money(row[denominator])}
            for row in stays(data, start, end)
        ]

    return items


def outside(data: Data, row: Row) -> bool:
    named = row["fix_blng_admdvs"]
    for institution in data["fixmedins_b"]:
        if named is None and institution["fixmedins_code"] == row["fixmedins_code"]:
            named = institution["fix_blng_admdvs"]
    return (named or row["fixmedins_code"][1:7]) != COUNTY


actual_reimbursement = of_stays(lambda _data, row: row["fund_pay_sumamt"], "medfee_sumamt")
policy_reimbursement = of_stays(lambda _data, row: row["fund_pay_sumamt"], "inscp_amt")
outside_share = of_stays(
    lambda data, row: row["fund_pay_sumamt"] if outside(data, row) else 0, "fund_pay_sumamt"
)


def more_than_nothing(items: list[Item], _months: int) -> bool:
    return sum(item["den"] for item in items) > 0


def counting(data: Data) -> Callable[[Row], bool]:
    """Whether a settlement makes its visit count: no refund, and no refund in force names it."""
    refunded = {
        row["init_setl_id"]
        for row in data["setl_d"]
        if row["vali_flag"] == "1" and row["refd_setl_flag"] == "1"
    }
    return lambda row: row["refd_setl_flag"] != "1" and row["setl_id"] not in refunded


def avg_inpatient_fee(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    counts = counting(data)
    return [
        {**of_stay(row), "num": row["medfee_sumamt"], "den_once": row["mdtrt_id"] if counts(row) else None}
        for row in stays(data, start, end)
    ]


def admission_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    counts, weight = counting(data), Fraction(365, (end - start).days + 1)
    items: list[Item] = [
        {"insutype": row["insutype"], "num_once": row["mdtrt_id"], "num_weight": weight}
        for row in stays(data, start, end)
        if counts(row)
    ]
    persons: dict[str, list[int]] = defaultdict(list)
    for row in data["enrolment"]:
        first = first_of(row["month"])
        if first <= end and month_end(first) >= start:
            persons[row["insutype"]].append(row["persons"])
    means = {insutype: Fraction(sum(counts), len(counts)) for insutype, counts in persons.items()}
    return [*items, *({"insutype": insutype, "den": printed(mean)} for insutype, mean in means.items())]


def printed(exact: Fraction) -> Fraction:
    """Half up to the 14 decimals that the list shows: each insurance type's mean is rounded, then they are added."""
    return Fraction(math.floor(exact * 10**14 + Fraction(1, 2)), 10**14)


# ---- payments ---------------------------------------------------------------------------------------------------------


def payments(numerator: Callable[[Row], object], denominator: Callable[[Row], object]) -> Items:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {
                "inst": row["fixmedins_code"],
                "month": f"{row['pay_date']:%Y-%m}",
                "num": numerator(row),
                "den": denominator(row),
            }
            for row in data["clr_pay_d"]
            if inside(row["pay_date"], start, end)
        ]

    return items


def workdays_to_pay(row: Row) -> int:
    days = (row["pay_date"] - row["dcla_ddln"]).days
    return sum(
        chinese_calendar.is_workday(row["dcla_ddln"] + dt.timedelta(days=step)) for step in range(1, days + 1)
    )


payment_cycle = payments(workdays_to_pay, lambda _row: 1)
instant_share = payments(
    lambda row: row["pay_amt"] if row["instant_flag"] == "1" else 0, lambda row: row["pay_amt"]
)
