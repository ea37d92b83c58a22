"""提醒遵从: how reminders ended, by rule, institution and doctor, what nobody looked at, who is not connected."""

from __future__ import annotations

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.screens import reminders as view
from fundwatch.screens.coverage import unchecked
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Chart, Part, kpi_part, list_part, months_part, split_part

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
COMPLIANCE, TO_REVIEW, REVIEWED, CONNECTED = (
    "reminder_compliance", "rules_to_review", "override_review_rate", "interface_coverage",
)  # fmt: skip
KPIS = (
    COMPLIANCE, "reminder_feedback_rate", "override_reason_rate", REVIEWED, "avoided_amount", TO_REVIEW, CONNECTED,
    "video_coverage",
)  # fmt: skip


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters; rows of doctors only for those who may see them."""
    ended = view.outcomes(ask.of_period("reminder_outcomes", *BAR).to_pylist())
    found = [
        kpi_part(ask, KPIS),
        months_part(ask, KPIS),
        Part(
            "提醒结果",
            ended,
            view.OUTCOME_FIELDS,
            "占期内全部提醒的比例。",
            (Chart("bar", "name", ("share",), view.outcome_title(ended)),),
        ),
        Part(
            "分规则",
            view.rules(ask.of_period("reminder_rules", *BAR)),
            view.RULE_FIELDS,
            "各规则的遵从与审核,按规则编号排列。",
            money="元",
        ),
        list_part(ask, TO_REVIEW, "应转事中审核的规则", "不受机构筛选影响。"),
        split_part(ask, COMPLIANCE, "fixmedins_code", "分机构遵从率"),
        Part(
            "继续执行的理由",
            ask.of_period("reminder_reasons", *BAR),
            view.REASON_FIELDS,
            "按出现次数列前一百条。",
            money="元",
        ),
        list_part(
            ask,
            REVIEWED,
            "无人工审核的提醒",
            "未遵从而结算、没有人工审核的提醒。",
            unchecked(ask.listed(REVIEWED)),
        ),
        list_part(
            ask, CONNECTED, "未接入提醒的机构", "一级及以上医疗机构。", unchecked(ask.listed(CONNECTED))
        ),
    ]
    if not ask.hidden_columns & PERSONAL_COLUMNS:
        doctors = view.with_compliance(ask.of_period("reminder_doctors", *BAR))
        found.append(Part("分医师", doctors, view.DOCTOR_FIELDS, "医师只以代码出现,不排名次。", money="元"))
    return found


BOOK = Book(BAR, lambda _: KPIS, parts, personal=True)
