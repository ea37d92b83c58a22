"""待办预警 drawn: reads behind the topics, tiles, the sheet of topics, and the list of what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import entry_at
from fundwatch.kpi import declarations
from fundwatch.kpi.reach import NOT_BY_COUNTY
from fundwatch.screens import deadlines as view
from fundwatch.screens import deadlines_items as items
from fundwatch.screens.clocks import SOON_DAYS, TONES, WEEK_DAYS, Clock, Standing
from fundwatch.screens.deadlines_reads import first_review_limit, open_things
from fundwatch.ui import address, numbers
from fundwatch.ui.drift import institution_alerts
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import choose_one, count_tile, list_link
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import FROM, TO, Period
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

TOPIC, WHEN = "topic", "when"
ALL = "all"
WHENS = {
    ALL: ("全部未办", frozenset(Standing)),
    "overdue": ("已超期", frozenset({Standing.OVERDUE})),
    "week": (f"{WEEK_DAYS}天内到期", frozenset({Standing.WEEK})),
    "soon": (f"8至{SOON_DAYS}天到期", frozenset({Standing.SOON})),
    "later": ("以后到期", frozenset({Standing.LATER})),
    "waiting": ("没有期限", frozenset({Standing.NO_DATE})),
}
NO_FILTERS = Filters({}, {})


@dataclass(frozen=True)
class Scene:
    """What the screen is made of. ``reports`` are the items of the six-item report that were not filed."""

    page: Page
    clock: Clock
    table: pa.Table
    lines: list[view.Line]
    reports: list[dict[str, Any]]
    why: Mapping[str, str]

    @property
    def context(self) -> Context:
        return Context("待办预警", Period(self.clock.day, self.clock.day), NO_FILTERS, self.clock.newest)


def read(page: Page, clock: Clock) -> Scene:
    """Everything open on the clock's day."""
    found = open_things(page, clock)
    return Scene(page, clock, found.table, found.lines, found.reports, found.why)


def top_tiles(scene: Scene) -> None:
    """How many topics are overdue, due this week and within a month, and the days to the six-item report."""
    with st.container(horizontal=True, gap="small", key="tiles_deadlines"):
        for name, standings in (
            ("overdue", [Standing.OVERDUE]),
            ("week", [Standing.WEEK]),
            ("soon", [Standing.SOON]),
        ):
            own = [line for line in scene.lines if line.count(*standings)]
            label = standings[0].value
            note = (
                "、".join(f"{line.topic.name} {line.count(*standings):,} {line.topic.unit}" for line in own)
                or "没有"
            )
            count_tile(name, label, f"{len(own)} 类", note, {WHEN: name, TOPIC: None})
        if scene.why["report"] == NOT_BY_COUNTY:
            return
        left, said = view.report_words(scene.reports, scene.clock.day, not scene.why["report"])
        count_tile("report", "距六项信息报送", left, said, {TOPIC: "report", WHEN: None})


def topics_sheet(scene: Scene) -> None:
    """All topics by urgency; a click shows what is behind one."""
    columns = (
        Column("事项", "name"), Column("已超期", "number"), Column(f"{WEEK_DAYS}天内", "number"),
        Column(f"8至{SOON_DAYS}天", "number", "middle"), Column("以后", "number", "wide"), Column("没有期限", "number", "middle"),
        Column("最急的一项", "text"), Column("责任岗位", "short", "middle"), Column("期限依据", "text", "wide"),
    )  # fmt: skip
    parts = [
        Part(heading, tuple(_topic_row(scene, line) for line in scene.lines if line.urgency == place))
        for place, heading in enumerate(view.PARTS)
    ]
    opened = sheet(columns, [part for part in parts if part.rows], key="topics")
    st.caption("点选一行,下方列出该类事项。数字为件数、家数或项数,不同事项不相加。")
    if opened:
        address.put({TOPIC: opened, WHEN: None})
        st.rerun()


def _topic_row(scene: Scene, line: view.Line) -> Row:
    def number(*standings: Standing) -> Cell:
        count = line.count(*standings)
        if line.why:
            return Cell(numbers.NONE, hint=line.why)
        tone = TONES.get(standings[0], "neutral") if count else "neutral"
        return Cell(f"{count:,}", tone=tone, marked=bool(count), strong=bool(count) and tone != "neutral")

    basis = line.topic.basis
    if line.topic.id == "review_first":
        limit = first_review_limit(scene.page, scene.clock.day)
        basis = basis.format(limit=limit) if limit else "初审时限参数没有声明,按在等天数列示"
    cells = (
        Cell(f"{line.topic.name}({line.topic.unit})"), number(Standing.OVERDUE), number(Standing.WEEK), number(Standing.SOON),
        number(Standing.LATER), number(Standing.NO_DATE), Cell(line.why or line.nearest or "没有待办"), Cell(line.topic.owner),
        Cell(basis),
    )  # fmt: skip
    query = {**address.current(), TOPIC: [line.topic.id]}
    return Row(cells, line.topic.id, (f"/{scene.page.entry.url_path}", query))


def open_list(scene: Scene) -> None:
    """What is open: of one topic or all, in one urgency or all; rows lead to their case or institution."""
    left, right = st.columns(2)
    with left:
        topic = choose_one(
            "事项", TOPIC, {ALL: "全部事项", **{known.id: known.name for known in view.TOPICS}}
        )
    with right:
        when = choose_one("到期", WHEN, {name: word for name, (word, _) in WHENS.items()})
    rows = narrowed(scene.table, topic, when)
    known = view.BY_ID.get(topic)
    part_list(
        scene.page, scene.context, f"{known.name if known else '全部事项'}清单", rows, items.FIELDS, key="open",
        empty=scene.why.get(topic) or "没有这样的待办事项。", open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    if known:
        _ways_on(scene, known)


def narrowed(table: pa.Table, topic: str, when: str) -> pa.Table:
    """The rows of a topic (``all``: every one) in an urgency."""
    kept = WHENS[when][1]
    return table.filter(
        pa.array(
            [topic in (ALL, row["topic"]) and row["standing"] in kept for row in table.to_pylist()],
            pa.bool_(),
        )
    )


def _ways_on(scene: Scene, topic: view.Topic) -> None:
    """Links to the screen and the KPI's list of a topic."""
    with st.container(horizontal=True):
        own = entry_at(topic.screen)
        if own is not None and own.open_to(scene.page.roles):
            gone = {TOPIC: None, WHEN: None}
            query = address.onward(
                address.current(), scene.page.entry.url_path, {**gone, **dict(topic.query)}
            )
            st.page_link(
                own.path, label=f"打开“{own.title}”", icon=f":material/{own.icon}:", query_params=query
            )
        if topic.kpi in declarations():
            query = {TOPIC: "", WHEN: "", **_days(scene, topic)}
            list_link(scene.page, topic.kpi, f"查看{declarations()[topic.kpi].label}清单", **query)


def _days(scene: Scene, topic: view.Topic) -> dict[str, str]:
    """The period in which the KPI's list holds what waits: documents count by the day since when they wait."""
    own = narrowed(scene.table, topic.id, ALL).column("since").to_pylist()
    waits = [day for day in own if day is not None]
    if topic.id != "review_first" or not waits:
        return {}
    return {FROM: min(waits).isoformat(), TO: scene.clock.day.isoformat()}


def drift_alerts(scene: Scene) -> None:
    """Institutions that drift from those of their level; a row opens the profile."""
    newest = scene.clock.newest
    if newest is None:
        return
    found = institution_alerts(scene.page, newest)
    rows = items.of_alerts(found.open)
    part_list(
        scene.page, scene.context, "机构持续偏离预警", rows, items.ALERT_FIELDS, key="drift", empty=found.text,
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    if rows.num_rows:
        st.caption(escaped(f"{found.text}与同级别机构的百分位相比,不是认定违规;点选一行打开机构画像。"))


def list_taken(scene: Scene) -> Taken:
    """Everything that is open."""
    name = f"待办预警(截至 {numbers.date(scene.clock.day)})"
    period = scene.context.period
    return Taken(name, scene.table, items.FIELDS, period, NO_FILTERS, scene.clock.newest)


def said(scene: Scene) -> None:
    """The sentence and the day that clocks are read on."""
    st.markdown(escaped(view.message(scene.lines, scene.clock.day)))
    st.caption(escaped(f"今天 {numbers.date(scene.clock.today)}。{scene.clock.words}"))
