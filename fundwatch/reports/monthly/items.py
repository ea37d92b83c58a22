"""Which numbers each of the six items has, and where they come from: one line per number, the same for all periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fundwatch.contracts import code_lists
from fundwatch.kpi import declarations
from fundwatch.reports.monthly.figures import Figure, official
from fundwatch.reports.monthly.gather import Gathered, Part, decimal
from fundwatch.reports.monthly.month import When

INSPECTION, DOCUMENT, SUSPICION, PAYMENT, SELF_CHECK, COMPLAINT, CAMPAIGN = (
    "inspection", "doc_d", "doc_suspt_d", "clr_pay_d", "self_check", "complaint", "campaign",
)  # fmt: skip
AGREEMENTS = ("fixmedins_b", "fixmedins_cntr_reg_d")


class Item(StrEnum):
    """The six items in the order and words of 2022医疗保障基金协议管理工作方案 三(六)."""

    DAILY = "日常稽核"
    REVIEW = "基金结算审核"
    SELF_CHECK = "自查自纠"
    COMPLAINT = "投诉举报应诉"
    CAMPAIGN = "专项检查"
    ENTRUSTED = "委托检查"

    @property
    def ledger(self) -> str:
        """The word that report_filing has for it."""
        return "投诉举报" if self is Item.COMPLAINT else self.value


@dataclass(frozen=True)
class Line:
    """One number of an item: how it is read from a period, and the tables without which it is unknown."""

    id: str
    item: Item
    label: str
    unit: str
    source: str
    tables: tuple[str, ...]
    read: Callable[[Part], Decimal | None]
    decimals: int = 0


def kpi_line(  # noqa: PLR0917
    item: Item, kpi: str, tables: Sequence[str], part: str = "value", label: str = "", unit: str = ""
) -> Line:
    """A KPI's value, or its numerator or denominator under a name of its own."""
    declared = declarations()[kpi]

    def read(known: Part) -> Decimal | None:
        return getattr(known.kpis[kpi], part)

    name = kpi if part == "value" else f"{kpi}.{part}"
    decimals = declared.decimals if part == "value" and declared.unit in ("%", "工作日") else 0
    return Line(
        name,
        item,
        label or declared.label,
        unit or declared.unit,
        f"kpi:{kpi}.{part}",
        tuple(tables),
        read,
        decimals,
    )


def inspection_line(item: Item, column: str, label: str, unit: str, method: str | None = None) -> Line:
    """A column of report_inspections for an item, of one method or all."""

    def read(known: Part) -> Decimal | None:
        row = known.inspections.get((item.value, method))
        return Decimal(0) if row is None else decimal(row[column])

    name = f"{item.name.lower()}.{column}" + (f".{method}" if method else "")
    return Line(name, item, label, unit, f"report_inspections.{column}", (INSPECTION,), read)


def query_line(item: Item, field: str, column: str, label: str, unit: str) -> Line:
    """A column of report_self_checks or report_complaints."""

    def read(known: Part) -> Decimal | None:
        return decimal(getattr(known, field)[column])

    table = SELF_CHECK if field == "self_checks" else COMPLAINT
    return Line(f"{field}.{column}", item, label, unit, f"report_{field}.{column}", (table,), read)


def _inspections(item: Item) -> list[Line]:
    return [
        inspection_line(item, "inspection_cnt", "完成检查", "次"),
        inspection_line(item, "institution_cnt", "涉及定点医药机构", "家"),
        inspection_line(item, "found_cnt", "发现问题的检查", "次"),
        inspection_line(item, "finding_amt", "问题金额", "元"),
    ]


METHODS: tuple[str, ...] = tuple(code_lists()["insp_method"])


def lines() -> list[Line]:
    """Every number of the report, by item in the order of printing."""
    daily, review, own, complaint = Item.DAILY, Item.REVIEW, Item.SELF_CHECK, Item.COMPLAINT
    documents, suspicions = (DOCUMENT,), (DOCUMENT, SUSPICION)
    return [
        *_inspections(daily),
        inspection_line(daily, "administrative_cnt", "其中行政检查", "次"),
        *(
            inspection_line(daily, column, word, unit, method)
            for method in METHODS
            for column, word, unit in (
                ("inspection_cnt", f"{method}次数", "次"),
                ("found_cnt", f"{method}发现问题", "次"),
                ("finding_amt", f"{method}问题金额", "元"),
            )
        ),
        kpi_line(daily, "record_sheet_rate", (INSPECTION,)),
        kpi_line(daily, "inspection_coverage", (INSPECTION, *AGREEMENTS), "numerator", "年内已查机构", "家"),
        kpi_line(
            daily, "inspection_coverage", (INSPECTION, *AGREEMENTS), "denominator", "年内应查机构", "家"
        ),
        kpi_line(daily, "inspection_coverage", (INSPECTION, *AGREEMENTS)),
        kpi_line(daily, "onsite_coverage", (INSPECTION, *AGREEMENTS)),
        kpi_line(review, "first_review_rate", documents, "denominator", "申报单据", "件"),
        kpi_line(review, "rejection_rate", documents, "denominator", "申报基金金额", "元"),
        kpi_line(review, "first_review_rate", documents, "numerator", "已初审单据", "件"),
        kpi_line(review, "first_review_rate", documents),
        kpi_line(review, "review_overdue_rate", documents),
        kpi_line(review, "recheck_rate", documents),
        kpi_line(review, "flagged_amount", suspicions),
        kpi_line(review, "first_review_amount", suspicions),
        kpi_line(review, "confirmed_amount", suspicions),
        kpi_line(review, "deducted_amount", suspicions),
        kpi_line(review, "rejection_rate", suspicions),
        kpi_line(review, "appeal_rate", (SUSPICION,), "denominator", "推送机构的疑点", "条"),
        kpi_line(review, "appeal_rate", (SUSPICION,), "numerator", "其中申诉", "条"),
        kpi_line(review, "clue_transfers", (SUSPICION,)),
        kpi_line(review, "instant_share", (PAYMENT,), "denominator", "拨付金额", "元"),
        kpi_line(review, "payment_cycle", (PAYMENT,)),
        query_line(own, "self_checks", "submitted_cnt", "提交自查报告", "份"),
        query_line(own, "self_checks", "problem_cnt", "其中查出问题的", "份"),
        query_line(own, "self_checks", "amt_found", "自查查出金额", "元"),
        kpi_line(own, "self_check_refund_rate", (SELF_CHECK,), "denominator", "应退金额", "元"),
        kpi_line(own, "self_check_refund_rate", (SELF_CHECK,), "numerator", "已退金额", "元"),
        kpi_line(own, "self_check_refund_rate", (SELF_CHECK,)),
        query_line(own, "self_checks", "supervised_cnt", "督导自查自纠", "家次"),
        kpi_line(own, "self_check_coverage", (SELF_CHECK, *AGREEMENTS), "numerator", "年内已提交机构", "家"),
        kpi_line(own, "self_check_coverage", (SELF_CHECK, *AGREEMENTS)),
        query_line(complaint, "complaints", "received_cnt", "收到举报投诉", "件"),
        query_line(complaint, "complaints", "accepted_cnt", "受理", "件"),
        query_line(complaint, "complaints", "closed_cnt", "办结", "件"),
        query_line(complaint, "complaints", "verified_cnt", "办结中查实", "件"),
        query_line(complaint, "complaints", "replied_cnt", "回复", "件"),
        query_line(complaint, "complaints", "reward_amt", "举报奖励", "元"),
        query_line(complaint, "complaints", "open_cnt", "期末未办结", "件"),
        query_line(complaint, "complaints", "overdue_cnt", "期末超期未办结", "件"),
        kpi_line(complaint, "complaint_reply_rate", (COMPLAINT,)),
        kpi_line(complaint, "complaint_on_time_rate", (COMPLAINT,)),
        *_inspections(Item.CAMPAIGN),
        inspection_line(Item.CAMPAIGN, "entrusted_cnt", "其中县局委托", "次"),
        *_inspections(Item.ENTRUSTED),
    ]


def figures(data: Gathered) -> dict[str, Figure]:
    """Every number of the report with its four periods, by id."""
    return {line.id: _figure(line, data) for line in lines()}


def _figure(line: Line, data: Gathered) -> Figure:
    values: dict[When, Decimal | None] = {}
    reasons: dict[When, str] = {}
    for when, part in data.parts.items():
        why = data.why_not(line.tables, *data.month.period(when))
        values[when] = None if why else line.read(part)
        if values[when] is None:
            reasons[when] = official(why or _no_rows(line, part))
    return Figure(
        line.id, line.item.value, line.label, line.unit, line.source, values, reasons, line.decimals
    )


def _no_rows(line: Line, part: Part) -> str:
    """Why a KPI has no value although its tables cover the period: nothing to divide by."""
    name = line.source.removeprefix("kpi:").split(".")[0]
    value = part.kpis.get(name)
    return str(value.extra.get("reason") or "期内没有可计算的记录") if value else "期内没有可计算的记录"
