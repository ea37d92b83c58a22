"""自查自纠: who has handed in, what is owed, July's supervision, self-checks against later findings."""

from __future__ import annotations

from fundwatch.screens import self_check as view
from fundwatch.screens.coverage import coverage_by, unchecked
from fundwatch.screens.filters import LEVELS
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Chart, Part, kpi_part, list_part, months_part, split_part

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
COVERAGE, HONESTY = "self_check_coverage", "self_check_honesty"
KPIS = (COVERAGE, "self_check_refund_rate", HONESTY)


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters."""
    records = ask.query("self_checks", year=ask.period.end.year, last_day=ask.period.end, **ask.lists(BAR))
    state = view.standing(records, ask.period.end)
    levels = coverage_by(ask.values([COVERAGE], "level_class"), {}, LEVELS)
    missing = unchecked(ask.listed(COVERAGE))
    return [
        kpi_part(ask, KPIS),
        months_part(ask, KPIS),
        Part(
            "分级别提交情况",
            levels,
            view.level_fields(),
            "",
            (Chart("bar", "name", ("pct",), "分级别提交率"),),
        ),
        list_part(ask, COVERAGE, "自查自纠覆盖清单", "应提交自查的协议机构,计入分子的为已提交。"),
        list_part(ask, COVERAGE, "未提交自查的机构", "期末仍未提交的协议机构。", missing),
        Part(
            "退款未到位的自查",
            view.owing(records),
            view.FIELDS,
            "尚欠=应退减已退;多退的不抵别家的欠款。",
            money="元",
        ),
        Part(
            "未督导的自查", view.unsupervised(records), view.FIELDS, view.supervision_words(state), money="元"
        ),
        split_part(ask, HONESTY, "fixmedins_code", "自查与事后检查对比"),
        Part(f"{ask.period.end.year}年自查台账", records, view.FIELDS, "", money="元"),
    ]


BOOK = Book(BAR, lambda _: KPIS, parts)
