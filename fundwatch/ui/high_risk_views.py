"""The parts of 高风险对象: institutions by combined evidence, persons with frequent visits and purchases, credit points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.kpi import declarations
from fundwatch.screens import high_risk as view
from fundwatch.screens import screening
from fundwatch.screens.peers import PeerView, funnel_of_kpi
from fundwatch.ui import address
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.drift import institution_alerts
from fundwatch.ui.export import Taken
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import as_lists, missing_table
from fundwatch.ui.paged import paged_list
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import part_list
from fundwatch.ui.query import kpi_values, page_query
from fundwatch.ui.screening_views import Choice, Scene

REMINDERS, REJECTED, SUSPENDED = "reminder_compliance", "rejected_doc_rate", "suspended_persons"
KPIS = (REMINDERS, REJECTED, SUSPENDED)
LINE = "suspended_points"
DECISION = "是否暂停或终止以处理决定为准"
NOBODY = Choice(None, None, None, {"code": None, "psn_no": None, "dr_code": None})


@dataclass(frozen=True)
class Risks:
    """What every part is made of: the scene of the hits, and the newest day of the data for the alerts."""

    scene: Scene
    newest: dt.date

    @cached_property
    def evidence(self) -> view.Evidence:
        """Everything that speaks of institutions."""
        values = self.scene.values
        days = {name: values[name] for name in ("first_day", "last_day", "true_hits", "excluded_hits")}
        rows = page_query(
            self.scene.page,
            "high_risk_institutions",
            **days,
            **screening.NO_CHOICE,
            **as_lists(self.scene.filters),
        ).to_pylist()
        names = {row["fixmedins_code"]: row["fixmedins_name"] for row in rows}
        alerts = institution_alerts(self.scene.page, self.newest).open
        return view.Evidence(rows, self._funnel(REMINDERS, names), self._funnel(REJECTED, names), alerts)

    @cached_property
    def institutions(self) -> pa.Table:
        return view.institutions(self.evidence)

    @property
    def line(self) -> int:
        """Net points from which a person is listed, in force on the period's last day."""
        return int(self.scene.page.settings.get(LINE, self.scene.period.end))

    def _funnel(self, kpi: str, names: Mapping[str, str]) -> PeerView:
        period, filters = self.scene.period, self.scene.filters.for_kpi
        values = kpi_values(
            self.scene.page, [kpi], period.start, period.end, by="fixmedins_code", filters=filters
        )
        return funnel_of_kpi(declarations()[kpi], values, names)


def taken(risks: Risks) -> Taken:
    """The institutions for 导出."""
    scene = risks.scene
    return Taken("高风险机构", risks.institutions, view.FIELDS, scene.period, scene.filters, scene.through)


def show_part(risks: Risks) -> None:
    """The chosen part."""
    personal = risks.scene.page.can(Ability.PERSONAL)
    words = {name: word for name, (word, _) in PARTS.items() if personal or name == "institutions"}
    PARTS[choose_part(words)][1](risks)


def _institutions(risks: Risks) -> None:
    page = risks.scene.page

    def open_profile(row: dict[str, Any]) -> None:
        address.open_screen("institution", page.entry.url_path, code=row["fixmedins_code"], part=None)

    part_list(
        page, risks.scene.context, "机构", risks.institutions, view.FIELDS, key="institutions", money="元",
        empty="没有来源指向任何一家机构。", open_row=open_profile,
    )  # fmt: skip
    st.caption(
        "先按指向来源的个数、再按机构编号排列,不计分、不排名。同一来源只计一次:有疑点的结算占比高于 99.8% 控制上限或有属实的疑点;"
        "提醒遵从率低于控制下限;拒付单据占比高于控制上限;近三个月持续偏离预警(归入其数据所属来源);"
        "期内未查否、未并入在办案件的举报;期末在办案件。"
    )


def _persons(risks: Risks) -> None:
    scene = risks.scene

    def open_hits(row: dict[str, Any]) -> None:
        address.open_screen("screening", scene.page.entry.url_path, psn_no=row["psn_no"], part="hits")

    total = paged_list(
        scene.page, scene.context, "频繁就医、购药的参保人", scene.reader("persons", rule_ids=list(view.FREQUENT)),
        screening.PERSON_FIELDS, key="persons", empty="期内没有频繁就医、购药的疑点。", open_row=open_hits,
    )  # fmt: skip
    note_view(scene.page, f"高风险对象 参保人 {scene.period.words}", total)
    states = {row["rule_id"]: row for row in scene.rules.to_pylist() if row["rule_id"] in view.FREQUENT}
    st.caption(
        "规则:"
        + "、".join(f"{rule} {row['title']}" for rule, row in sorted(states.items()))
        + "。参保人只以化名出现,按涉及规则条数排列。"
    )
    idle = [f"{rule}({row['state']})" for rule, row in sorted(states.items()) if row["hit_cnt"] is None]
    if idle:
        st.caption(f"未运行:{'、'.join(idle)};未运行不等于没有疑点。")


def _credit(risks: Risks) -> None:
    scene = risks.scene
    page, last = scene.page, scene.period.end
    rows = view.credit(
        page_query(page, "high_risk_credit", last_day=last, suspended_points=risks.line, **as_lists(scene.filters)), risks.line
    )  # fmt: skip

    def open_events(row: dict[str, Any]) -> None:
        address.put({"person": row["person_code"]})

    part_list(
        page, scene.context, "有记分的相关人员", rows, view.CREDIT_FIELDS, key="credit",
        empty=missing_table(page, "credit_point") or "本年没有净记分大于 0 的人员。", open_row=open_events, hint="",
    )  # fmt: skip
    note_view(page, f"高风险对象 记分人员 {scene.period.words}", rows.num_rows)
    st.caption(f"1月1日至期末净记分(记分减修复分,跨机构累计);{DECISION}。点选一行在下方列出记分记录。")
    person = next(iter(address.values("person")), None)
    if person not in rows.column("person_code").to_pylist():
        return
    events = page_query(page, "high_risk_points", person_code=person, last_day=last)
    part_list(
        page, scene.context, f"人员 {person} 的记分", events, view.POINT_FIELDS, key=f"points_{person}", empty="没有记分记录。",
        open_row=opener(page, events.column_names),
    )  # fmt: skip


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Risks], None]]] = {
    "institutions": ("机构", _institutions),
    "persons": ("参保人", _persons),
    "credit": ("记分人员", _credit),
}
