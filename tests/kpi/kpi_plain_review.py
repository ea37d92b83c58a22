"""The KPIs of review once more: documents, suspicions, the second review, and the quarters to be looked at afterwards."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import chinese_calendar
from kpi_plain_claims import counting, shipped_med_types
from kpi_plain_days import Data, Item, Items, Row, inside, money, split

FIRST_REVIEW_WORKDAYS, LEAST_SAMPLE = 7, 10


# ---- documents --------------------------------------------------------------------------------------------------------


def documents(
    numerator: Callable[[Row], object],
    denominator: Callable[[Row], object] = lambda _row: 1,
    wanted: Callable[[Row], bool] = lambda _row: True,
) -> Items:
    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        return [
            {**of_document(row), "num": numerator(row), "den": denominator(row)}
            for row in data["doc_d"]
            if inside(row["dcla_time"].date(), start, end) and wanted(row)
        ]

    return items


def of_document(row: Row) -> Item:
    return {"inst": row["fixmedins_code"], "insutype": row["insutype"], "month": f"{row['dcla_time']:%Y-%m}"}


def passed(row: Row) -> bool:
    """Not found wrong; a blank flag is 0."""
    return row["chk_vola_flag"] in ("0", None)


first_review_rate = documents(lambda row: int(row["chktime"] is not None))
recheck_rate = documents(lambda row: int(row["smpl_flag"] == "1"), wanted=passed)
recheck_overturn_rate = documents(
    lambda row: int(money(row["smpl_vola_amt"]) > 0), wanted=lambda row: row["smpl_rchk_time"] is not None
)


def deductions(data: Data) -> dict[str, Decimal]:
    """Taken less paid back, by document."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in data["doc_suspt_d"]:
        if row["det_flag"] == "1":
            found[row["doc_id"]] += money(row["vola_det_amt"]) - money(row["rvis_amt"])
    return found


def rejection_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    taken = deductions(data)
    return documents(lambda row: taken.get(row["doc_id"], 0), lambda row: row["dcla_fund_amt"])(
        data, start, end
    )


def rejected_doc_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    taken = deductions(data)
    return documents(lambda row: int(taken.get(row["doc_id"], 0) > 0))(data, start, end)


def review_overdue_rate(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    def overdue(row: Row) -> bool:
        day, left = row["dcla_time"].date(), FIRST_REVIEW_WORKDAYS
        while left:
            day += dt.timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        return end > day if row["chktime"] is None else row["chktime"].date() > day

    return documents(lambda row: int(overdue(row)))(data, start, end)


# ---- suspicions -------------------------------------------------------------------------------------------------------


def suspicions(
    time: str,
    numerator: Callable[[Row], object],
    denominator: Callable[[Row], object] = lambda _row: 1,
    wanted: Callable[[Row], bool] = lambda _row: True,
) -> Items:
    """``time`` is a field of the suspicion, or dcla_time of its document."""

    def items(data: Data, start: dt.date, end: dt.date) -> list[Item]:
        document_of = {row["doc_id"]: row for row in data["doc_d"]}
        found = []
        for row in data["doc_suspt_d"]:
            document = document_of.get(row["doc_id"])
            at = row[time] if time != "dcla_time" else document["dcla_time"] if document else None
            if at is None or not inside(at.date(), start, end) or not wanted(row):
                continue
            found.append({
                "inst": document["fixmedins_code"] if document else None,
                "insutype": document["insutype"] if document else None,
                "rule_id": row["rule_id"],
                "month": f"{at:%Y-%m}",
                "num": numerator(row),
                "den": denominator(row),
            })  # fmt: skip
        return found

    return items


def is_set(flag: str) -> Callable[[Row], bool]:
    return lambda row: row[flag] == "1"


def same_person(row: Row) -> bool:
    named = [row[post] for post in ("chker", "rchker", "finl_chker") if row[post] is not None]
    return len(set(named)) < len(named)


flagged_amount = suspicions("dcla_time", lambda row: money(row["checkout_suspt_amt"]))
first_review_amount = suspicions(
    "dcla_time", lambda row: money(row["chk_vola_amt"]), wanted=is_set("chk_vola_flag")
)
confirmed_amount = suspicions(
    "dcla_time", lambda row: money(row["cnfm_vola_amt"]), wanted=is_set("finl_chk_vola_flag")
)
deducted_amount = suspicions(
    "dcla_time", lambda row: money(row["vola_det_amt"]) - money(row["rvis_amt"]), wanted=is_set("det_flag")
)
appeal_rate = suspicions("push_time", lambda row: int(row["appl_flag"] == "1"))
appeal_success_rate = suspicions(
    "push_time",
    lambda row: int(row["finl_chk_vola_flag"] in ("0", None)),
    wanted=lambda row: row["appl_flag"] == "1" and row["finl_chktime"] is not None,
)
duty_breaches = suspicions("checkout_time", lambda _row: 1, wanted=same_person)
clue_transfers = suspicions("checkout_time", lambda _row: 1, wanted=is_set("conv_audits_flag"))


# ---- second review ----------------------------------------------------------------------------------------------------


def extrapolated_rejection(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    own = [row for row in data["med_type"] if row["vali_flag"] != "0"]
    inpatient = {row["med_type"] for row in own or shipped_med_types() if row["inpatient"] == "1"}
    return [
        {
            **of_document(row),
            "stratum": (row["fixmedins_code"], row["issue"], row["med_type"] in inpatient),
            "reviewed": row["smpl_flag"] == "1" and row["smpl_rchk_time"] is not None,
            "found": money(row["smpl_vola_amt"]),
        }
        for row in data["doc_d"]
        if inside(row["dcla_time"].date(), start, end) and passed(row)
    ]


def extrapolated(items: list[Item]) -> tuple[Fraction, None, bool]:
    """The strata of one cell, each half away from zero to the fen; those with few reviewed documents add nothing."""
    total = Fraction(0)
    for documents_of in split(items, lambda item: item["stratum"]).values():
        sample = [item["found"] for item in documents_of if item["reviewed"]]
        if len(sample) >= LEAST_SAMPLE:
            fen = Fraction(sum(sample)) * 100 * len(documents_of) / len(sample)
            whole = (2 * abs(fen.numerator) + fen.denominator) // (2 * fen.denominator)
            total += Fraction(whole if fen >= 0 else -whole, 100)
    return total, None, True


# ---- afterwards -------------------------------------------------------------------------------------------------------


def post_review_rate(data: Data, _start: dt.date, end: dt.date) -> list[Item]:
    counts = counting(data)
    medical = {row["fixmedins_code"] for row in data["fixmedins_b"] if row["fixmedins_type"] == "1"}
    settled = {
        (row["fixmedins_code"], row["setl_time"].year, (row["setl_time"].month - 1) // 3)
        for row in data["setl_d"]
        if row["vali_flag"] == "1" and counts(row) and row["fixmedins_code"] in medical
    }
    done = {(row["fixmedins_code"], row["quarter"]): row["done_date"] for row in data["post_review"]}
    found = []
    for code, year, number in settled:
        first = dt.date(year, 3 * number + 1, 1)
        after = dt.date(year + number // 3, (3 * number + 4 - 1) % 12 + 1, 1)
        if after <= end + dt.timedelta(days=1) and first > year_before(end):
            day = done.get((code, f"{year}Q{number + 1}"))
            found.append({"inst": code, "num": int(day is not None and day <= end), "den": 1})
    return found


def year_before(day: dt.date) -> dt.date:
    """Twelve months earlier; 29 February becomes the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return dt.date(day.year - 1, day.month, 28 if is_leap_day else day.day)
