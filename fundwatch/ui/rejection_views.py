"""The parts of 审核拒付: funnel, queues, institutions, rules, insurance, separation of posts, transferred clues, late reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import DIMENSION_LABELS, KpiValue, declarations
from fundwatch.screens import rejection as view
from fundwatch.screens.kpi_rows import fields_of
from fundwatch.screens.overview import insutype_words
from fundwatch.ui import address, numbers
from fundwatch.ui.charts import Bar, bars
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import list_link, missing_table
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_rows, kpi_values, page_query
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import OPENS, Field
from fundwatch.ui.words import escaped

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code", "insutype")
HEADLINES = ("first_review_rate", "review_overdue_rate", "rejection_rate", "rejected_doc_rate")
AROUND = ("duty_breaches", "clue_transfers")
KPIS = (*HEADLINES, *AROUND, *view.AMOUNTS)
RATES = ("rejection_rate", "rejected_doc_rate")
TABLE = "doc_d"


@dataclass(frozen=True)
class Scene:
    """What every part is made of; ``values`` are the KPIs of the period."""

    page: Page
    period: Period
    filters: Filters
    values: Mapping[str, KpiValue]
    through: dt.date | None

    @property
    def context(self) -> Context:
        return Context("审核拒付", self.period, self.filters, self.through)

    def rows(self, name: str) -> pa.Table:
        chosen = {key: list(self.filters.chosen[key]) if key in self.filters.chosen else None for key in BAR}
        days = {"first_day": self.period.start, "last_day": self.period.end}
        return page_query(self.page, name, **days, **chosen)

    def split(self, by: str, kpis: Sequence[str] = RATES) -> list[KpiValue]:
        return kpi_values(
            self.page, kpis, self.period.start, self.period.end, by=by, filters=self.filters.for_kpi
        )


def institution_names(page: Page) -> dict[str, str]:
    """Code → name."""
    rows = page_query(page, "kpi_institution_names").to_pylist()
    return {row["fixmedins_code"]: row["fixmedins_name"] for row in rows}


def funnel_card(scene: Scene) -> None:
    """Declared to deducted, in documents and yuan; a row opens the list behind its yuan."""
    rungs = view.funnel(scene.values, scene.rows("review_funnel").to_pylist()[0])
    st.subheader(escaped(view.funnel_title(rungs)), anchor=False)
    columns = (
        Column("步骤", "name"), Column("单据(件)", "number"), Column("金额(万元)", "number"), Column("占申报(%)", "number"),
    )  # fmt: skip
    body = tuple(
        Row(
            (
                Cell(rung.name, strong=True),
                Cell(numbers.plain(rung.docs)),
                Cell(numbers.money_in(rung.amount, "万元"), hint=f"{numbers.plain(rung.amount, 2)} 元"),
                Cell(numbers.plain(view.share_of_first(rungs, rung), 2)),
            ),
            rung.kpi,
        )
        for rung in rungs
    )
    opened = sheet(columns, [Part("", body)], key="funnel_sheet")
    steps = [Bar(rung.name, view.in_wan(rung.amount), rung.kpi) for rung in rungs[1:]]
    clicked: Any = st.altair_chart(
        bars(steps, "万元", decimals=2),
        width="stretch",
        on_select="rerun",
        key="funnel_bars",
        selection_mode="bar",
    )
    opened = opened or next((hit["键"] for hit in clicked.selection.get("bar", [])), None)
    st.caption("按单据申报日期统计,截至本版本。同一单据可有多条疑点,只计一件。点选一行或一条打开清单。")
    if opened:
        address.open_screen("kpi-list", scene.page.entry.url_path, kpi=opened, part=None)


def queues_card(scene: Scene, day: dt.date) -> None:
    """What waits at each of the six steps on the day, by age."""
    rows = page_query(
        scene.page, "deadlines_review", day=day, next_day=day + dt.timedelta(days=1)
    ).to_pylist()
    found = view.queues(rows, day)
    st.subheader(escaped(view.queues_title(found)), anchor=False)
    columns = (
        Column("环节", "name"), Column("责任岗位"), *(Column(f"{word}(件)", "number") for word in view.AGE_WORDS),
        Column("最久(天)", "number"), Column("金额(万元)", "number"),
    )  # fmt: skip
    body = tuple(
        Row((
            Cell(queue.name, strong=bool(queue.total)), Cell(queue.owner),
            *(Cell(numbers.plain(count), tone="attention" if place == len(view.AGES) and count else "neutral",
                   marked=True) for place, count in enumerate(queue.by_age)),
            Cell(numbers.plain(queue.oldest)), Cell(numbers.money_in(queue.amount, "万元")),
        ))
        for queue in found
    )  # fmt: skip
    sheet(columns, [Part("", body)], key="queues_sheet")
    st.caption(
        f"截至{numbers.date(day)}等待处理的单据(初审)和疑点(其余环节),不受筛选影响;从进入该环节之日起计。"
    )


def institutions_taken(scene: Scene) -> Taken:
    """Rejection by institution for 导出."""
    kpis = tuple(declarations()[kpi] for kpi in RATES)
    rows = view.cells(scene.split("fixmedins_code"), institution_names(scene.page))
    fields = [Field("key", "机构编号", "code"), Field("name", "机构"), *view.CELL_FIELDS]
    return Taken("各机构审核拒付", rows, fields, scene.period, scene.filters, scene.through, kpis)


def show_part(scene: Scene) -> None:
    """The chosen part below the charts."""
    PARTS[choose_part({name: word for name, (word, _) in PARTS.items()})][1](scene)


def _cells(
    scene: Scene, by: str, names: Mapping[str, str], open_row: Callable[[dict[str, Any]], None]
) -> None:
    part_list(
        scene.page, scene.context, f"分{DIMENSION_LABELS[by]}拒付", view.cells(scene.split(by), names),
        [Field("name", DIMENSION_LABELS[by]), *view.CELL_FIELDS], key=by, money="元",
        empty=missing_table(scene.page, TABLE) or "期内没有申报单据。", open_row=open_row,
        # the institutions' caption says itself where a click leads
        hint="" if by == "fixmedins_code" else OPENS,
    )  # fmt: skip


def _institutions(scene: Scene) -> None:
    def open_row(row: dict[str, Any]) -> None:
        if row["key"]:
            address.open_screen("institution", scene.page.entry.url_path, code=row["key"], part=None)

    _cells(scene, "fixmedins_code", institution_names(scene.page), open_row)
    st.caption("按机构代码排列,不排名次;是否异常看上方漏斗图。点选一行打开机构画像。")


def _rules(scene: Scene) -> None:
    def open_row(row: dict[str, Any]) -> None:
        address.open_screen(
            "kpi-list", scene.page.entry.url_path, kpi="flagged_amount", rule_id=row["rule_id"], part=None
        )

    part_list(
        scene.page, scene.context, "各规则的检出与扣款", view.rules(scene.rows("review_rules")), view.RULE_FIELDS, key="rules",
        money="元", empty=missing_table(scene.page, "doc_suspt_d") or "期内没有检出疑点。", open_row=open_row,
    )  # fmt: skip


def _insurances(scene: Scene) -> None:
    def open_row(row: dict[str, Any]) -> None:
        if row["key"]:
            address.open_screen(
                "kpi-list", scene.page.entry.url_path, kpi="rejection_rate", insutype=row["key"], part=None
            )

    names = {code: insutype_words(code) for code in ("310", "390", "510")}
    _cells(scene, "insutype", names, open_row)


def _months(scene: Scene) -> None:
    def open_row(row: dict[str, Any]) -> None:
        address.open_screen(
            "kpi-list", scene.page.entry.url_path, kpi="rejection_rate", month=row["key"], part=None
        )

    values = scene.split("month")
    _cells(scene, "month", {str(value.key): numbers.month(str(value.key)) for value in values}, open_row)


def _listed(kpi_id: str, title: str, empty: str, note: str) -> Callable[[Scene], None]:
    """A part that shows the rows of a KPI that count against it."""

    def draw(scene: Scene) -> None:
        kpi = declarations()[kpi_id]
        rows = kpi_rows(
            scene.page, kpi_id, scene.period.start, scene.period.end, filters=scene.filters.for_kpi
        )
        if kpi.is_ratio:
            rows = rows.filter(
                pa.array([bool(value) for value in rows.column("numerator").to_pylist()], pa.bool_())
            )
        fields = [field for field in fields_of(kpi, rows) if field.name not in ("numerator", "denominator")]
        part_list(
            scene.page, scene.context, title, rows, fields, key=kpi_id, money="元",
            empty=missing_table(scene.page, TABLE) or empty, open_row=opener(scene.page, rows.column_names),
        )  # fmt: skip
        st.caption(note)
        list_link(scene.page, kpi_id, f"查看{kpi.label}清单")

    return draw


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "institutions": ("分机构", _institutions),
    "rules": ("分规则", _rules),
    "insurances": ("分险种", _insurances),
    "months": ("分月", _months),
    "late": ("初审超时", _listed(
        "review_overdue_rate", "初审超时的单据", "期内没有初审超时的单据。", "初审应在申报后规定的工作日内完成,含调休上班日。",
    )),
    "duty": ("岗位分离", _listed(
        "duty_breaches", "岗位未分离的疑点", "期内初审、复核、复审均由不同的人完成。", "初审人、复核人、复审人两两比较,空白不算。",
    )),
    "clues": ("移交线索", _listed(
        "clue_transfers", "移交监管的线索", "期内没有移交监管的线索。", "转稽核标志为是的疑点,按检出日期统计。",
    )),
}  # fmt: skip
