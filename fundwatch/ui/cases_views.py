"""The parts of 案件台账: headline tiles, money ladder, sources, and the lists below them, one at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import cases as view
from fundwatch.screens.cases_money import bridge, held_against, held_words, steps, title
from fundwatch.screens.clocks import Clock
from fundwatch.screens.kpi_rows import split_table
from fundwatch.ui import address, numbers
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import choose_one, choose_several, list_link, missing_table, monthly
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, not_loaded_yet, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_rows, kpi_values, page_query
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, contract_fields, show_list
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.waterfall import waterfall, waterfall_in_words
from fundwatch.ui.words import escaped

HEADLINES = ("case_closed_rate", "case_on_time_rate", "recovery_rate", "recovered_amount")
PENALTIES = ("penalty_due", "penalty_done", "breach_due", "breach_done")
HANDLINGS = ("handled_institutions", "handling_counts")
POST_REVIEW = "post_review_rate"
KPIS = (*HEADLINES, *PENALTIES, *HANDLINGS)
SHOW, SOURCE = "show", "souc"
CLICKED = "case_ladder_clicked"


@dataclass(frozen=True)
class Scene:
    """What every part of the screen is made of. ``asked`` are the values of the page queries."""

    page: Page
    period: Period
    filters: Filters
    clock: Clock
    cases: pa.Table
    money: Mapping[str, Any]
    asked: Mapping[str, Any]
    through: dt.date | None

    @property
    def context(self) -> Context:
        return Context("案件台账", self.period, self.filters, self.through)


def headline_tiles(scene: Scene) -> None:
    """Closing and recovery, each with its months and its list."""
    _kpi_tiles(scene, HEADLINES)


def _kpi_tiles(scene: Scene, kpis: Sequence[str]) -> None:
    asked = (scene.page, kpis, scene.period.start, scene.period.end)
    values = {value.kpi: value for value in kpi_values(*asked, filters=scene.filters.for_kpi)}
    months = monthly(scene.page, kpis, scene.period, scene.filters)
    tiles(scene.page, [tile_of(declarations()[kpi], values[kpi], months[kpi]) for kpi in kpis])


def ladder_card(scene: Scene) -> None:
    """The waterfall; a bar narrows the list below to the cases behind it."""
    st.subheader(escaped(title(scene.money)), anchor=False)
    if not scene.money["case_cnt"]:
        st.caption("期内没有案件,没有可以画出的金额。")
        return
    rungs = steps(scene.money)
    clicked = st.altair_chart(
        waterfall(rungs), width="stretch", on_select="rerun", key="ladder", selection_mode="bar"
    )
    _narrow(_hit(clicked))
    held = held_against(scene.money, scene.cases)
    words = held_words(held, scene.cases.num_rows)
    if any(one.difference for one in held):
        st.error(escaped(words), icon=":material/error:")
    else:
        st.caption(escaped(f"{words}点选一条,下方清单只列有关案件。罚款、违约金另计,不冲减追回余额。"))
    with st.expander("文字说明"):
        st.write(escaped(waterfall_in_words(rungs)))


def sources_card(scene: Scene) -> None:
    """Where the cases come from; a row narrows the list to that source."""
    groups = view.by(scene.cases, "case_souc").to_pylist()
    with_open, late = [row for row in groups if row["open"]], sum(row["overdue"] for row in groups)
    said = "没有在办案件"
    if with_open:
        said = f"在办案件来自 {len(with_open)} 个来源" + (f",已超期 {late} 件" if late else "")
    st.subheader(said, anchor=False)
    if not groups:
        st.caption("期内没有案件。")
        return
    columns = (
        Column("案件来源", "name"), Column("在办(件)", "number"), Column("已超期(件)", "number"), Column("已办结(件)", "number"),
    )  # fmt: skip
    body = tuple(
        Row(
            (
                Cell(row["name"]), Cell(numbers.plain(row["open"])),
                Cell(numbers.plain(row["overdue"]), tone="bad" if row["overdue"] else "neutral", marked=True),
                Cell(numbers.plain(row["closed"])),
            ),
            row["name"], (f"/{scene.page.entry.url_path}", {**address.current(), SOURCE: [row["name"]]}),
        )
        for row in groups
    )  # fmt: skip
    opened = sheet(columns, [Part("", body)], key="sources")
    st.caption("点选一行,下方清单只列该来源的案件。")
    if opened:
        address.put({SOURCE: opened, SHOW: None, "part": None})
        st.rerun()


def _hit(clicked: Any) -> str | None:
    return next((hit["键"] for hit in clicked.selection.get("bar", [])), None)


def _narrow(show: str | None) -> None:
    """Bring a click on the ladder to the list, once: the selection stays in the chart."""
    if show == st.session_state.get(CLICKED):
        return
    st.session_state[CLICKED] = show
    if show:
        address.put({SHOW: show, "part": None})
        st.rerun()


def show_part(scene: Scene) -> None:
    """The chosen part below the charts."""
    PARTS[choose_part({name: word for name, (word, _) in PARTS.items() if _is_there(name)})][1](scene)


def _is_there(name: str) -> bool:
    return name != "post_review" or POST_REVIEW in declarations()


def list_taken(scene: Scene) -> Taken:
    """All cases of the ledger."""
    kpis = [declarations()[kpi] for kpi in HEADLINES]
    name = f"案件台账(截至 {numbers.date(scene.clock.day)})"
    return Taken(name, scene.cases, view.FIELDS, scene.period, scene.filters, scene.through, kpis)


def _cases(scene: Scene) -> None:
    left, right = st.columns(2)
    with left:
        show = choose_one("清单范围", SHOW, {name: word for name, (word, _, _) in view.NARROWINGS.items()})
    with right:
        sources = choose_several("案件来源", SOURCE, sorted(set(scene.cases.column("case_souc").to_pylist())))
    rows = view.narrowed(scene.cases, show, sources)
    part_list(
        scene.page, scene.context, "案件清单", rows, view.FIELDS, key="cases", money="元",
        empty=missing_table(scene.page, "clue_case") or "所选范围内没有案件。", open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    if rows.num_rows:
        word, _, amount = view.NARROWINGS[show]
        said = f"{word} {rows.num_rows} 件,{view.AMOUNT_WORDS[amount]}合计 {numbers.plain(view.total(rows, amount), 2)} 元。"
        st.caption(escaped(f"{said}按时钟排列:超期最久的在前,办结的在后。金额按本版本登记,不随期末回溯。"))


def _groups(scene: Scene) -> None:
    for column, label, opens in (("case_souc", "案件来源", _open_source), ("case_stas", "案件状态", None)):
        fields = [Field("name", label), *view.GROUP_FIELDS]
        part_list(
            scene.page, scene.context, f"按{label}", view.by(scene.cases, column), fields, key=column, money="元",
            empty="期内没有案件。", open_row=opens,
        )  # fmt: skip
    st.caption("案件状态按台账原文列示;是否办结只看办结日期。")


def _open_source(row: dict[str, Any]) -> None:
    address.put({SOURCE: row["name"], SHOW: None, "part": None})
    st.rerun()


def _bridge(scene: Scene) -> None:
    values = kpi_values(
        scene.page, ["recovery_rate"], scene.period.start, scene.period.end, filters=scene.filters.for_kpi
    )
    rows = page_query(scene.page, "cases_bridge", last_day=scene.period.end, **scene.asked).to_pylist()
    lines = bridge(rows, scene.money, values[0] if values else None)
    st.subheader("追回指标与金额阶梯如何对应", anchor=False)
    columns = (
        Column("构成", "text"), Column("处理次数", "number", "middle"), Column("应追回(元)", "number"),
        Column("已追回(元)", "number"), Column("余额(元)", "number", "middle"), Column("核对", "text", "middle"),
    )  # fmt: skip
    body = tuple(
        Row((
            Cell(line.name, strong=line.strong), Cell(numbers.plain(line.recovery_cnt)), Cell(numbers.plain(line.due, 2)),
            Cell(numbers.plain(line.done, 2)), Cell(numbers.plain(line.balance, 2)),
            Cell(line.note, tone="bad" if "相差" in line.note else "neutral", marked=True),
        ))
        for line in lines
    )  # fmt: skip
    sheet(columns, [Part("", body)], key="bridge")
    # On a phone the last column is left out.
    st.markdown(escaped(";".join(f"{line.name}{line.note}" for line in lines if line.note) + "。"))
    st.caption(
        "违规金额追回率按处理日期统计全部追回,含没有立案的;金额阶梯只列本页案件,含期外决定的。两者在此逐项对应。"
    )
    list_link(scene.page, "recovery_rate", "查看违规金额追回率清单")


def _transfers(scene: Scene) -> None:
    asked = {name: value for name, value in scene.asked.items() if name != "day"}
    rows = page_query(scene.page, "cases_transfers", last_day=scene.period.end, **asked)
    names = (
        "decided_date",
        "handle_type",
        "case_id",
        "fixmedins_code",
        "amt_due",
        "amt_done",
        "handle_stas",
        "handle_id",
    )
    fields = contract_fields("handling", names)
    fields[3:3] = [Field("title", "案由"), Field("fixmedins_name", "定点医药机构名称")]
    part_list(
        scene.page, scene.context, "移送与行政处罚", rows, fields, key="transfers", money="元",
        empty=missing_table(scene.page, "handling") or "期内没有移送行政部门、公安、纪检、卫健市监或行政处罚的处理。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    if scene.money["moved_cnt"]:
        moved = f"本页案件中 {scene.money['moved_cnt']} 件已移送,其追回余额 {numbers.plain(scene.money['moved_amt'], 2)} 元"
        st.caption(escaped(f"{moved}(含期外移送)。处理台账不登记移送的金额,此处为该案应追回减已追回。"))


def _handlings(scene: Scene) -> None:
    _kpi_tiles(scene, PENALTIES)
    _kpi_tiles(scene, HANDLINGS)
    kpi = declarations()["handling_counts"]
    values = kpi_values(
        scene.page,
        [kpi.id],
        scene.period.start,
        scene.period.end,
        by="handle_type",
        filters=scene.filters.for_kpi,
    )
    table, fields = split_table(kpi, "handle_type", values, {})
    st.subheader("处理处罚分布", anchor=False)
    if not table.num_rows:
        not_loaded_yet(scene.page, missing_table(scene.page, "handling") or "期内没有处理处罚。")
        return

    def open_row(row: dict[str, Any]) -> None:
        address.open_screen(
            "kpi-list", scene.page.entry.url_path, kpi=kpi.id, handle_type=row["key"], part=None
        )

    show_list(scene.page, table, fields, key="handlings", open_row=open_row, search=False)
    listed = kpi_rows(scene.page, kpi.id, scene.period.start, scene.period.end, filters=scene.filters.for_kpi)
    if words := view.unfilled_words(listed):
        st.caption(words)


def _post_review(scene: Scene) -> None:
    _kpi_tiles(scene, (POST_REVIEW,))
    kpi = declarations()[POST_REVIEW]
    rows = kpi_rows(
        scene.page, POST_REVIEW, scene.period.start, scene.period.end, filters=scene.filters.for_kpi
    )
    quarters = view.by_quarter(rows)
    st.subheader("季度事后审核", anchor=False)
    if not quarters.num_rows:
        not_loaded_yet(
            scene.page, missing_table(scene.page, "post_review") or "期末前一年内没有应做事后审核的季度。"
        )
        return
    show_list(scene.page, quarters, view.QUARTER_FIELDS, key="quarters", search=False)
    st.caption(f"{kpi.definition.denominator}。")
    list_link(scene.page, POST_REVIEW, "查看机构清单")


PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "list": ("案件清单", _cases),
    "group": ("来源与状态", _groups),
    "bridge": ("金额对账", _bridge),
    "transfer": ("移送处罚", _transfers),
    "handling": ("处理处罚", _handlings),
    "post_review": ("季度事后审核", _post_review),
}
