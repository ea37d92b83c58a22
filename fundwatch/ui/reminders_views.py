"""The parts of 提醒遵从: rules, rules to move to review, doctors, reasons, what nobody looked at, who is not connected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import Text
from fundwatch.kpi import declarations
from fundwatch.screens import reminders as view
from fundwatch.screens.coverage import unchecked
from fundwatch.screens.kpi_rows import fields_of
from fundwatch.ui import address
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import as_lists, list_link, missing_table
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_rows, page_query
from fundwatch.ui.shell import Page

COMPLIANCE, TO_REVIEW, REVIEWED = "reminder_compliance", "rules_to_review", "override_review_rate"
ANSWERS = (COMPLIANCE, "reminder_feedback_rate", "override_reason_rate", REVIEWED)
AROUND = ("avoided_amount", TO_REVIEW, "interface_coverage", "video_coverage")
KPIS = (*ANSWERS, *AROUND)
TABLE = "bffact_warn_rslt_d"
#: parameters of rules_to_review: reminders at least, compliance below
LIMITS = ("rules_review_reminders", "rules_review_compliance")


@dataclass(frozen=True)
class Scene:
    """What every part is made of."""

    page: Page
    period: Period
    filters: Filters
    through: dt.date | None

    @property
    def context(self) -> Context:
        return Context("提醒遵从", self.period, self.filters, self.through)

    def rows(self, name: str) -> pa.Table:
        days = {"first_day": self.period.start, "last_day": self.period.end}
        return page_query(self.page, name, **days, **as_lists(self.filters))


def rules(scene: Scene) -> pa.Table:
    """Every rule that reminded."""
    return view.rules(scene.rows("reminder_rules"))


def rules_taken(scene: Scene) -> Taken:
    """The rules for 导出."""
    kpis = tuple(declarations()[kpi] for kpi in ANSWERS)
    return Taken("提醒规则", rules(scene), view.RULE_FIELDS, scene.period, scene.filters, scene.through, kpis)


def show_part(scene: Scene) -> None:
    """The chosen part below the charts."""
    words = {
        name: word
        for name, (word, _) in PARTS.items()
        if (name != "doctors" or scene.page.sight.doctors)
        and (name != "reasons" or scene.page.sight.text is Text.ALL)
    }
    PARTS[choose_part(words)][1](scene)


def open_rule(scene: Scene) -> Callable[[dict[str, Any]], None]:
    """A click on a rule opens its reminders."""

    def open_row(row: dict[str, Any]) -> None:
        address.open_screen(
            "kpi-list", scene.page.entry.url_path, kpi=COMPLIANCE, rule_id=row["rule_id"], part=None
        )

    return open_row


def _rules(scene: Scene) -> None:
    part_list(
        scene.page, scene.context, "各规则的遵从与审核", rules(scene), view.RULE_FIELDS, key="rules", money="元",
        empty=missing_table(scene.page, TABLE) or "期内没有提醒。", open_row=open_rule(scene),
    )  # fmt: skip
    st.caption(
        "未遵从已结算 = 继续执行或未反馈、且该就诊已结算的提醒;已人工审核 = 同一就诊的单据上有同一规则、已填初审人的疑点。按规则编号排列。"
    )


def _to_review(scene: Scene) -> None:
    kpi = declarations()[TO_REVIEW]
    rows = kpi_rows(
        scene.page, TO_REVIEW, scene.period.start, scene.period.end, filters=scene.filters.for_kpi
    )
    fields = [field for field in fields_of(kpi, rows) if field.name != "numerator"]
    part_list(
        scene.page, scene.context, "应转事中审核的规则", rows, fields, key="to_review", money="元",
        empty=missing_table(scene.page, TABLE) or "期内没有规则达到转事中的条件。", open_row=open_rule(scene),
    )  # fmt: skip
    least, share = (scene.page.settings.get(name, scene.period.end) for name in LIMITS)
    st.caption(f"条件:期内提醒不少于 {least} 次且遵从率低于 {share}%。本清单不受机构筛选影响。")


def _doctors(scene: Scene) -> None:
    rows = view.with_compliance(scene.rows("reminder_doctors"))
    part_list(
        scene.page, scene.context, "各医师的遵从", rows, view.DOCTOR_FIELDS, key="doctors", money="元",
        empty=missing_table(scene.page, TABLE) or "期内没有带医师代码的提醒。",
        open_row=opener(scene.page, ["fixmedins_code"]), hint="",
    )  # fmt: skip
    st.caption("医师只以代码出现;次数少时遵从率波动大,不排名次。点选一行打开所在机构。")


def _reasons(scene: Scene) -> None:
    part_list(
        scene.page, scene.context, "继续执行的理由", scene.rows("reminder_reasons"), view.REASON_FIELDS, key="reasons",
        money="元", empty=missing_table(scene.page, TABLE) or "期内没有写明理由的继续执行。",
    )  # fmt: skip
    st.caption("按出现次数列前一百条。证件号、电话在载入时已隐去。")
    list_link(scene.page, "override_reason_rate", "查看继续执行理由填写率清单")


def _unseen(scene: Scene) -> None:
    kpi = declarations()[REVIEWED]
    rows = unchecked(
        kpi_rows(scene.page, REVIEWED, scene.period.start, scene.period.end, filters=scene.filters.for_kpi)
    )
    fields = [field for field in fields_of(kpi, rows) if field.name not in ("numerator", "denominator")]
    part_list(
        scene.page, scene.context, "未遵从而无人工审核的提醒", rows, fields, key="unseen", money="元",
        empty=missing_table(scene.page, TABLE) or "未遵从而结算的提醒均已人工审核。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    st.caption("依据:全流程审核工作方案二(三),事前未遵从的作为重点人工审核。")


def _unconnected(scene: Scene) -> None:
    kpi = declarations()["interface_coverage"]
    rows = unchecked(
        kpi_rows(scene.page, kpi.id, scene.period.start, scene.period.end, filters=scene.filters.for_kpi)
    )
    fields = [f for f in fields_of(kpi, rows) if f.name not in ("numerator", "denominator", "onln_date")]
    part_list(
        scene.page, scene.context, "未接入事前提醒的机构", rows, fields, key="unconnected",
        empty=missing_table(scene.page, "intf_onln_d") or "一级及以上医疗机构均已接入。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    list_link(scene.page, "video_coverage", "查看视频监控接入率清单")


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "rules": ("分规则", _rules),
    "to_review": ("应转事中", _to_review),
    "doctors": ("分医师", _doctors),
    "reasons": ("理由", _reasons),
    "unseen": ("未人工审核", _unseen),
    "unconnected": ("未接入机构", _unconnected),
}
