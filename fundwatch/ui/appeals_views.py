"""The parts of 申诉与规则: appeals by rule, by first reviewer, by institution, and what each rule has brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import KpiValue, declarations
from fundwatch.screens import appeals as view
from fundwatch.screens import rule_yield
from fundwatch.screens.kpi_rows import split_table
from fundwatch.state.verdicts import Verdict, Verdicts
from fundwatch.ui import address
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.ledger import list_link, missing_table
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_values, page_query
from fundwatch.ui.rejection_views import BAR, institution_names
from fundwatch.ui.shell import Page

RATE, SUCCESS = "appeal_rate", "appeal_success_rate"
KPIS = (RATE, SUCCESS)
TABLE = "doc_suspt_d"


@dataclass(frozen=True)
class Scene:
    """What every part is made of."""

    page: Page
    period: Period
    filters: Filters
    values: Mapping[str, KpiValue]
    through: dt.date | None

    @property
    def context(self) -> Context:
        return Context("申诉与规则", self.period, self.filters, self.through)

    def rows(self, name: str) -> pa.Table:
        chosen = {key: list(self.filters.chosen[key]) if key in self.filters.chosen else None for key in BAR}
        return page_query(self.page, name, first_day=self.period.start, last_day=self.period.end, **chosen)


def rules(scene: Scene) -> pa.Table:
    """Appeals by rule with their limits."""
    rows = scene.rows("appeal_rules")
    return view.with_rates(rows, "rule_id", view.limits(rows.to_pylist(), "rule_id", "申诉成功率"))


def rules_taken(scene: Scene) -> Taken:
    """Appeals by rule for 导出."""
    kpis = tuple(declarations()[kpi] for kpi in KPIS)
    return Taken(
        "各规则申诉", rules(scene), view.RULE_FIELDS, scene.period, scene.filters, scene.through, kpis
    )


def show_part(scene: Scene) -> None:
    """The chosen part below the charts."""
    PARTS[choose_part({name: word for name, (word, _) in PARTS.items()})][1](scene)


def _rules(scene: Scene) -> None:
    def open_row(row: dict[str, Any]) -> None:
        address.open_screen(
            "kpi-list", scene.page.entry.url_path, kpi=RATE, rule_id=row["rule_id"], part=None
        )

    part_list(
        scene.page, scene.context, "各规则的申诉", rules(scene), view.RULE_FIELDS, key="rules", money="元",
        empty=missing_table(scene.page, TABLE) or "期内没有推送疑点。", open_row=open_row,
    )  # fmt: skip
    st.caption("按推送日期统计。控制限按全部规则合计的成功率和各自件数计算;件数少时高低属正常差异,不排名次。")


def _reviewers(scene: Scene) -> None:
    rows = scene.rows("appeal_reviewers")
    limits = view.limits(rows.to_pylist(), "chker", "申诉成功率")
    part_list(
        scene.page, scene.context, "各初审岗位的申诉", view.with_rates(rows, "chker", limits), view.REVIEWER_FIELDS,
        key="reviewers", money="元", empty=missing_table(scene.page, TABLE) or "期内没有推送疑点。",
    )  # fmt: skip
    st.caption(f"{limits.text} 初审人以岗位代码出现;是否超出控制限只提示复核规则口径和培训,不作考核结论。")


def _institutions(scene: Scene) -> None:
    kpi = declarations()[SUCCESS]
    asked = (scene.page, [SUCCESS], scene.period.start, scene.period.end)
    values = kpi_values(*asked, by="fixmedins_code", filters=scene.filters.for_kpi)
    rows, fields = split_table(kpi, "fixmedins_code", values, institution_names(scene.page))

    def open_row(row: dict[str, Any]) -> None:
        address.open_screen("institution", scene.page.entry.url_path, code=row["key"], part=None)

    part_list(
        scene.page, scene.context, "各机构的申诉成功率", rows, fields, key="institutions",
        empty=missing_table(scene.page, TABLE) or "期内没有已复审的申诉。", open_row=open_row,
    )  # fmt: skip
    list_link(scene.page, SUCCESS, "查看申诉成功率清单")


def _yield(scene: Scene) -> None:
    verdicts = Verdicts.of(scene.page.home).all_standing()
    rows = _yield_rows(scene, verdicts)
    st.markdown(f"{rule_yield.headline(rows)}。")
    if why := rule_yield.not_joined(rows):
        st.info(f"{why}。", icon=":material/link_off:")
    part_list(
        scene.page, scene.context, "规则成效:从命中到追回", rule_yield.by_rule(rows), rule_yield.FIELDS, key="yield", money="元",
        empty="没有规则。",
    )  # fmt: skip
    st.caption(
        "疑点(未核实)经人核实才计入属实;“—”为没有运行或未关联,不是零。选择整年期间即为该年规则评估,可导出存档。"
    )


def _versions(scene: Scene) -> None:
    verdicts = Verdicts.of(scene.page.home).all_standing()
    part_list(
        scene.page, scene.context, "各版本的核实", rule_yield.by_version(_yield_rows(scene, verdicts), verdicts),
        rule_yield.VERSION_FIELDS, key="versions", empty="期内没有命中,也没有核实过的命中。",
    )  # fmt: skip
    st.caption("命中按现行版本保存;旧版本只保留当时作出的核实。")


def _yield_rows(scene: Scene, verdicts: Sequence[Verdict]) -> pa.Table:
    chosen = {key: list(scene.filters.chosen[key]) if key in scene.filters.chosen else None for key in BAR}
    days = {"first_day": scene.period.start, "last_day": scene.period.end}
    return page_query(scene.page, "rule_yield", **days, **chosen, **rule_yield.hit_ids(verdicts))


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "rules": ("分规则", _rules),
    "reviewers": ("分初审岗位", _reviewers),
    "institutions": ("分机构", _institutions),
    "yield": ("规则成效", _yield),
    "versions": ("规则版本", _versions),
}
