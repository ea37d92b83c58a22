"""Every KPI once more, slow and plain: rows as dicts, loops, exact fractions; no SQL and nothing of the engine.

``number(kpi, data, start, end, by)`` gives {key: (numerator, denominator or None, has_value)}, ``cells`` the same for two dimensions.
``data`` maps contract tables to rows; blanks are None, dates are dates, money Decimal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import kpi_plain_claims as claims
import kpi_plain_fund as fund
import kpi_plain_review as review
import kpi_plain_supervision as supervision
from kpi_hits import rule_hit_amount
from kpi_plain_days import Data, Item, Items, months, split, whole_months

Result = dict[str | None, tuple[Fraction, Fraction | None, bool]]
INSTITUTION = ("fixmedins_code", "fixmedins_type", "level_class", "town_code", "medins_natu")
LEVELS = {
    **dict.fromkeys(("01", "02", "03", "04", "12"), "三级"),
    **dict.fromkeys(("05", "06", "07", "13"), "二级"),
    **dict.fromkeys(("08", "09", "10", "14"), "一级"),
}  # fmt: skip
#: contract tables that are read
TABLES = (
    "fixmedins_b", "fixmedins_cntr_reg_d", "inspection", "finding", "handling", "clue_case", "complaint", "self_check",
    "assessment", "report_filing", "training", "work_plan", "credit_point", "fund_ledger", "fund_balance", "fund_budget",
    "base_year", "benefit_stat", "setl_d", "bffact_warn_rslt_d", "doc_d", "doc_suspt_d", "intf_onln_d", "enrolment",
    "clr_pay_d", "med_type", "post_review",
)  # fmt: skip


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


def cells(
    kpi: str, data: Data, start: dt.date, end: dt.date, pair: tuple[str, str]
) -> dict[tuple[str | None, ...], tuple[Fraction, Fraction | None, bool]]:
    """The KPI in each cell of a cross-tab, the key in the order of ``pair``."""
    if "month" in pair and kpi in RESTATED:
        [other] = [name for name in pair if name != "month"]
        found = {}
        for first, last in months(start, end):
            inner = split(KPIS[kpi](data, first, last), lambda item: attribute(data, item, other))
            for value, items in inner.items():
                key = tuple(f"{first:%Y-%m}" if name == "month" else value for name in pair)
                found[key] = total(kpi, items, len(whole_months(first, last)))
        return found
    items = KPIS[kpi](data, start, end)
    expected = 1 if "month" in pair else len(whole_months(start, end))
    inner = split(items, lambda item: tuple(attribute(data, item, name) for name in pair))
    return {key: total(kpi, cell, expected) for key, cell in inner.items()}


def total(kpi: str, items: list[Item], expected_months: int) -> tuple[Fraction, Fraction | None, bool]:
    if kpi == "extrapolated_rejection":
        return review.extrapolated(items)
    if items and "once" in items[0]:
        # counted objects: each once in a cell
        return Fraction(len({item["once"] for item in items})), None, True
    numerator = side(items, "num")
    if kpi in AMOUNTS:
        return numerator, None, AMOUNTS[kpi](items)
    denominator = side(items, "den")
    return numerator, denominator, denominator != 0 and VALID.get(kpi, fund.always)(items, expected_months)


def side(items: list[Item], name: str) -> Fraction:
    """Amounts added up, plus what counts once in the cell however often it is named, each with its weight."""
    once = {item.get(f"{name}_once") for item in items} - {None}
    weight = next((item[f"{name}_weight"] for item in items if f"{name}_weight" in item), 1)
    return sum((Fraction(item.get(name, 0)) for item in items), Fraction(0)) + len(once) * weight


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


KPIS: dict[str, Items] = {
    "inspection_coverage": supervision.inspection_coverage,
    "onsite_coverage": supervision.onsite_coverage,
    "record_sheet_rate": supervision.record_sheet_rate,
    "problem_found_rate": supervision.problem_found_rate,
    "random_share": supervision.random_share,
    "over_frequency": supervision.over_frequency,
    "self_check_coverage": supervision.self_check_coverage,
    "self_check_refund_rate": supervision.self_check_refund_rate,
    "self_check_honesty": supervision.self_check_honesty,
    "filing_timeliness": supervision.filing_timeliness,
    "assessment_coverage": supervision.assessment_coverage,
    "training_pass_rate": supervision.training_pass_rate,
    "recovered_amount": supervision.amounts("32", "amt_done", supervision.done),
    "penalty_due": supervision.amounts("61", "amt_due", supervision.decided),
    "penalty_done": supervision.amounts("61", "amt_done", supervision.done),
    "breach_due": supervision.amounts("33", "amt_due", supervision.decided),
    "breach_done": supervision.amounts("33", "amt_done", supervision.done),
    "handled_institutions": supervision.handled_institutions,
    "recovery_rate": supervision.amounts("32", "amt_done", supervision.decided),
    "handling_counts": supervision.handling_counts,
    "case_closed_rate": supervision.shares("clue_case", "opened_date", "closed_date", None),
    "case_on_time_rate": supervision.shares("clue_case", "due_date", "closed_date", "due_date"),
    "complaint_reply_rate": supervision.shares("complaint", "recv_date", "reply_date", None),
    "complaint_on_time_rate": supervision.shares("complaint", "due_date", "closed_date", "due_date"),
    "suspended_persons": supervision.suspended_persons,
    "task_on_time_rate": supervision.shares("work_plan", "due_date", "done_date", "due_date"),
    "interface_coverage": claims.interface_coverage,
    "video_coverage": claims.video_coverage,
    "reminder_compliance": claims.reminder_compliance,
    "reminder_compliance_amt": claims.reminder_compliance_amt,
    "reminder_feedback_rate": claims.reminder_feedback_rate,
    "override_reason_rate": claims.override_reason_rate,
    "override_review_rate": claims.override_review_rate,
    "avoided_amount": claims.avoided_amount,
    "rules_to_review": claims.rules_to_review,
    "actual_reimbursement": claims.actual_reimbursement,
    "policy_reimbursement": claims.policy_reimbursement,
    "avg_inpatient_fee": claims.avg_inpatient_fee,
    "admission_rate": claims.admission_rate,
    "outside_share": claims.outside_share,
    "payment_cycle": claims.payment_cycle,
    "instant_share": claims.instant_share,
    "first_review_rate": review.first_review_rate,
    "recheck_rate": review.recheck_rate,
    "recheck_overturn_rate": review.recheck_overturn_rate,
    "rejection_rate": review.rejection_rate,
    "flagged_amount": review.flagged_amount,
    "first_review_amount": review.first_review_amount,
    "confirmed_amount": review.confirmed_amount,
    "deducted_amount": review.deducted_amount,
    "rejected_doc_rate": review.rejected_doc_rate,
    "appeal_rate": review.appeal_rate,
    "appeal_success_rate": review.appeal_success_rate,
    "review_overdue_rate": review.review_overdue_rate,
    "duty_breaches": review.duty_breaches,
    "clue_transfers": review.clue_transfers,
    "extrapolated_rejection": review.extrapolated_rejection,
    "post_review_rate": review.post_review_rate,
    "rule_hit_amount": rule_hit_amount,
    "fund_income": fund.flow("收入"),
    "fund_outlay": fund.flow("支出"),
    "fund_surplus": fund.fund_surplus,
    "benefit_amount": fund.benefits("fund_amt"),
    "benefit_person_times": fund.benefits("person_times"),
    "benefit_growth": fund.benefit_growth("fund_amt"),
    "benefit_times_growth": fund.benefit_growth("person_times"),
    "fund_closing_balance": fund.fund_closing_balance,
    "payable_months": fund.payable_months,
    "budget_execution": fund.budget_execution,
    "outlay_growth": fund.outlay_growth,
}
RESTATED = {
    "inspection_coverage", "onsite_coverage", "over_frequency", "self_check_coverage", "self_check_honesty",
    "assessment_coverage", "suspended_persons", "fund_closing_balance", "payable_months", "budget_execution",
    "interface_coverage", "video_coverage", "rules_to_review", "admission_rate", "post_review_rate",
}  # fmt: skip
FUNDS = {
    "fund_income", "fund_outlay", "fund_surplus", "benefit_amount", "benefit_person_times", "benefit_growth",
    "benefit_times_growth", "fund_closing_balance", "payable_months", "budget_execution", "outlay_growth",
}  # fmt: skip
AMOUNTS: dict[str, Callable[[list[Item]], bool]] = {
    **dict.fromkeys(
        ("recovered_amount", "penalty_due", "penalty_done", "breach_due", "breach_done", "fund_income", "fund_outlay",
         "fund_closing_balance", "over_frequency", "handled_institutions", "handling_counts", "suspended_persons",
         "avoided_amount", "rules_to_review", "flagged_amount", "first_review_amount", "confirmed_amount", "deducted_amount",
         "duty_breaches", "clue_transfers", "rule_hit_amount"),
        lambda _items: True,
    ),
    "fund_surplus": fund.same_months,
    "benefit_amount": fund.nothing_crosses,
    "benefit_person_times": fund.nothing_crosses,
}  # fmt: skip
VALID = {
    "payable_months": fund.enough_months,
    "budget_execution": fund.sides_present("outlay", "budget"),
    "outlay_growth": fund.complete,
    "benefit_growth": fund.compared,
    "benefit_times_growth": fund.compared,
    "outside_share": claims.more_than_nothing,
}
