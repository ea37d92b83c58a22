"""申诉与规则: appeals by rule, reviewer and institution; what became of each rule's hits."""

from __future__ import annotations

from fundwatch.screens import appeals as view
from fundwatch.screens import rule_yield
from fundwatch.state.verdicts import Verdicts
from fundwatch.workbooks.ask import DIMENSIONS, Ask
from fundwatch.workbooks.parts import Book, Part, kpi_part, months_part, split_part

SUCCESS = "appeal_success_rate"
KPIS = ("appeal_rate", SUCCESS)


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters."""
    verdicts = Verdicts.of(ask.home).all_standing()
    yielded = ask.of_period("rule_yield", *DIMENSIONS, **rule_yield.hit_ids(verdicts))
    return [
        kpi_part(ask, KPIS),
        months_part(ask, KPIS),
        _limited(ask, "appeal_rules", "rule_id", "分规则申诉"),
        _limited(ask, "appeal_reviewers", "chker", "分初审岗位申诉"),
        split_part(ask, SUCCESS, "fixmedins_code", "分机构申诉成功率"),
        Part(
            "规则成效",
            rule_yield.by_rule(yielded),
            rule_yield.FIELDS,
            f"{rule_yield.headline(yielded)}。空白为没有运行或未关联,不是零。",
            money="元",
        ),
        Part(
            "规则版本",
            rule_yield.by_version(yielded, verdicts),
            rule_yield.VERSION_FIELDS,
            "命中按现行版本保存;旧版本只保留当时作出的核实。",
        ),
    ]


def _limited(ask: Ask, query: str, key: str, name: str) -> Part:
    rows = ask.of_period(query, *DIMENSIONS)
    limits = view.limits(rows.to_pylist(), key, "申诉成功率")
    fields = view.RULE_FIELDS if key == "rule_id" else view.REVIEWER_FIELDS
    return Part(name, view.with_rates(rows, key, limits), fields, limits.text, money="元")


BOOK = Book(DIMENSIONS, lambda _: KPIS, parts, follows=("verdicts",))
