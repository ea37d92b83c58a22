"""The parts of 待遇与流向: levels, insurance types, places outside the county, payments, published ratios."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import DIMENSION_LABELS, KpiValue, declarations
from fundwatch.screens import benefits as view
from fundwatch.screens.fund import ratio_name
from fundwatch.screens.fund_checks import span_words
from fundwatch.screens.kpi_rows import fields_of
from fundwatch.screens.overview import insutype_words
from fundwatch.ui import address, numbers
from fundwatch.ui import fund as draw
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import LEVELS, Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import list_link, missing_table
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, not_loaded_yet, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_rows, kpi_values, page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.targets import target_line

BAR = ("level_class", "medins_natu", "insutype")


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
        return Context("待遇与流向", self.period, self.filters, self.through)


def by_dimension(
    scene: Scene, dimension: str, names: Mapping[str, str], order: tuple[str, ...] = ()
) -> pa.Table:
    """The KPIs of stays side by side for every cell of a split."""
    asked = (scene.page, view.COMPARED, scene.period.start, scene.period.end)
    return view.compared(kpi_values(*asked, by=dimension, filters=scene.filters.for_kpi), names, order)


def levels(scene: Scene) -> pa.Table:
    """By level class, from the highest down."""
    return by_dimension(scene, "level_class", {}, LEVELS)


def levels_taken(scene: Scene) -> Taken:
    """The table by level for 导出."""
    kpis = tuple(declarations()[kpi] for kpi in view.COMPARED)
    fields = view.compared_fields(DIMENSION_LABELS["level_class"])
    return Taken("待遇分级别", levels(scene), fields, scene.period, scene.filters, scene.through, kpis)


def show_part(scene: Scene) -> None:
    """The chosen part below the charts."""
    # A county that has published ratios and no settlements sees those first.
    first = ["published"] if missing_table(scene.page, "setl_d") else []
    order = [*first, *(name for name in PARTS if name not in first)]
    PARTS[choose_part({name: PARTS[name][0] for name in order})][1](scene)


def _split(scene: Scene, dimension: str, rows: pa.Table) -> None:
    def open_row(row: dict[str, Any]) -> None:
        if row["key"] is not None:
            address.open_screen(
                "kpi-list",
                scene.page.entry.url_path,
                kpi="actual_reimbursement",
                part=None,
                **{dimension: row["key"]},
            )

    part_list(
        scene.page, scene.context, f"分{DIMENSION_LABELS[dimension]}", rows,
        view.compared_fields(DIMENSION_LABELS[dimension]), key=dimension, money="元",
        empty=missing_table(scene.page, "setl_d") or "期内没有本县参保人的住院结算。", open_row=open_row,
    )  # fmt: skip
    if rows.num_rows:
        st.caption(
            "本县参保人的住院结算,退费已冲减。人次在各行分别去重,跨行住院各计一次,不可相加。点选一行打开清单。"
        )


def _levels(scene: Scene) -> None:
    _split(scene, "level_class", levels(scene))


def _insurances(scene: Scene) -> None:
    rows = by_dimension(scene, "insutype", {code: insutype_words(code) for code in ("310", "390")})
    _split(scene, "insutype", rows)


def _places(scene: Scene) -> None:
    chosen = {
        name: list(scene.filters.chosen[name]) if name in scene.filters.chosen else None for name in BAR
    }
    rows = view.flow(
        page_query(
            scene.page, "benefits_flow", first_day=scene.period.start, last_day=scene.period.end, **chosen
        )
    )
    part_list(
        scene.page, scene.context, "县外就医去向", rows, view.FLOW_FIELDS, key="places", money="元",
        empty=missing_table(scene.page, "setl_d") or "期内没有本县参保人的县外住院结算。",
    )  # fmt: skip
    if rows.num_rows:
        paid = scene.values["outside_share"].numerator
        st.caption(
            f"各地合计基金支付 {numbers.plain(paid, 2)} 元,与县外就医基金占比的分子一致。按基金支付由多到少排列。"
        )
        list_link(scene.page, "outside_share", "查看县外就医基金占比清单")


def _payments(scene: Scene) -> None:
    kpi = declarations()["payment_cycle"]
    line = target_line(scene.values["payment_cycle"].target)
    rows = kpi_rows(scene.page, kpi.id, scene.period.start, scene.period.end, filters=scene.filters.for_kpi)
    if line is None and rows.num_rows:
        st.caption("本期还没有拨付周期的目标,以下列出全部拨付。")
    kept = rows if line is None else view.slow(rows, int(line))
    fields = [field for field in fields_of(kpi, kept) if field.name not in ("numerator", "denominator")]
    part_list(
        scene.page, scene.context, "拨付" if line is None else f"超过 {int(line)} 个工作日的拨付", kept, fields,
        key="payments", money="元", empty=missing_table(scene.page, "clr_pay_d") or "期内拨付均在时限内。",
        open_row=opener(scene.page, kept.column_names),
    )  # fmt: skip
    list_link(scene.page, kpi.id, "查看拨付周期清单")


def _published(scene: Scene) -> None:
    rows = page_query(
        scene.page, "fund_ratios", period_start=scene.period.start, period_end=scene.period.end
    ).to_pylist()
    st.subheader("公布的实际报销比例", anchor=False)
    if not rows:
        not_loaded_yet(scene.page, missing_table(scene.page, "benefit_stat") or "期内没有公布的报销比例。")
        return
    draw.ratio_sheet([
        (insutype_words(row["insutype"]), span_words(row["begndate"], row["enddate"]), ratio_name(row["category"]),
         numbers.plain(row["reimb_ratio_pct"], 2))
        for row in rows
    ])  # fmt: skip
    st.caption("照原文列示,不由本系统计算,也不与上方按结算算出的比例合并。")


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "levels": ("分级别", _levels),
    "insurances": ("分险种", _insurances),
    "places": ("县外去向", _places),
    "payments": ("拨付", _payments),
    "published": ("公布的比例", _published),
}
