"""指标预警 drawn: what is new, lasts or has ended, with its reason; a row opens what is behind it, a form takes what was found out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.alerts import Alert, State, acknowledge, current
from fundwatch.alerts.observe import Facts, Kind
from fundwatch.alerts.store import may_acknowledge
from fundwatch.errors import UserError
from fundwatch.kpi import KpiValue
from fundwatch.kpi.window import last_day
from fundwatch.ui import address, numbers
from fundwatch.ui.drift import institution_alerts
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import Filters
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.period import Period
from fundwatch.ui.query import Reads, kpi_values, loaded_tables, newest_data, page_query
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page, current_warehouse
from fundwatch.ui.table import Field
from fundwatch.ui.tile import LIST_SCREEN
from fundwatch.ui.words import escaped

COLUMNS = (
    Column("理由", "text"), Column("类别", "short", "middle"), Column("起始", "short", "middle"), Column("责任岗位", "short", "wide"),
    Column("确认", "text", "wide"),
)  # fmt: skip
FIELDS = (
    Field("state", "状态"), Field("kind", "类别"), Field("reason", "理由"), Field("month", "月份"), Field("since", "起始月份"),
    Field("owner", "责任岗位"), Field("said", "确认情况"),
)  # fmt: skip
#: rows of each state that stand open; the others fold behind a word
SHOWN = 8
NEWS = "_alert_news"


def alerts_of(page: Page, newest: dt.date) -> list[Alert]:
    """The alerts of this version, read through the caches of the screens; the first look records them.

    They are of the whole county whoever looks first. Who sees one town or county gets those on its own institutions.
    """
    if not page.sight.is_local:
        return current(page.home, page.warehouse, page.settings, lambda: facts_of(page, newest))
    whole = current_warehouse(page.home)
    if whole is None:
        return []
    reads = Reads(whole, page.settings)
    own = {row["fixmedins_code"] for row in page_query(page, "kpi_institution_names").to_pylist()}
    found = current(page.home, whole, page.settings, lambda: facts_of(reads, newest_data(reads) or newest))
    return [one for one in found if one.code in own]


def facts_of(page: Page | Reads, newest: dt.date) -> Facts:
    """What a look reads, from the same cached reads that 监管总览 makes."""
    first = page.warehouse.meta.get("first_data")

    def monthly(kpis: Sequence[str], start: dt.date, end: dt.date, by: str) -> list[KpiValue]:
        return kpi_values(page, kpis, start, end, by=by, filters={})

    return Facts(
        newest,
        loaded_on(page),
        dt.date.fromisoformat(first[:10]) if first else None,
        loaded_tables(page),
        monthly,
        institution_alerts(page, newest),
    )


def alert_rows(found: Sequence[Alert]) -> pa.Table:
    """The alerts as a list for an export."""
    rows = [
        {
            "state": str(one.state), "kind": str(one.kind), "reason": one.reason, "month": numbers.month(one.month),
            "since": numbers.month(one.since), "owner": one.owner, "said": _said(one),
        }
        for one in found
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema([(field.name, pa.string()) for field in FIELDS]))


def summary(found: Sequence[Alert]) -> str:
    """新出现 2 项、持续 5 项(其中已确认 1 项)、解除 1 项."""
    counts = {state: [one for one in found if one.state is state] for state in State}
    if not found:
        return "本版本没有指标预警。"
    said = sum(one.acknowledged is not None for one in found if one.state is not State.ENDED)
    parts = [f"{state} {len(own)} 项" for state, own in counts.items()]
    return (
        "、".join(parts)
        + (f";其中已确认 {said} 项" if said else "")
        + "。预警只提示需要核实的数字,不是认定。"
    )


def show(page: Page, found: Sequence[Alert]) -> None:
    """The sentence, the table by state, and the form for what was found out."""
    st.subheader("指标预警", anchor=False)
    if news := st.session_state.pop(NEWS, ""):
        st.success(escaped(news), icon=":material/check:")
    st.markdown(escaped(summary(found)))
    if not found:
        return
    if page.can(Ability.EXPORT):
        with st.popover("导出", icon=":material/download:"):
            export_buttons(
                page, lambda: _taken(found), f"指标预警_{found[0].month}", len(found), key="export_alerts"
            )
    by_id = {one.rule_id: one for one in found}
    parts = [_part(page, state, [one for one in found if one.state is state]) for state in State]
    opened = sheet(COLUMNS, [part for part in parts if part.rows], key="alerts")
    st.caption("只判断已结束、已载入且办理完毕的月份;点选一行查看依据。")
    if opened and opened in by_id:
        screen, query = _leads_to(by_id[opened])
        address.open_screen(screen, page.entry.url_path, **query)
    if may_acknowledge(page.roles):
        _form(page, [one for one in found if one.state is not State.ENDED])


def _taken(found: Sequence[Alert]) -> Taken:
    """All alerts; the period is that of the months they speak of."""
    months = sorted(one.month for one in found)
    first, last = (dt.date.fromisoformat(f"{month}-01") for month in (months[0], months[-1]))
    return Taken(
        "指标预警", alert_rows(found), FIELDS, Period(first, last_day(last)), Filters({}, {}), last_day(last)
    )


def _part(page: Page, state: State, own: Sequence[Alert]) -> Part:
    rest = len(own) - SHOWN
    rows = tuple(_row(page, one) for one in own)
    return Part(
        str(state), rows, shown=SHOWN if rest > 0 else None, folded=f"另 {rest} 项" if rest > 0 else ""
    )


def _row(page: Page, one: Alert) -> Row:
    screen, query = _leads_to(one)
    onward = address.onward(address.current(), page.entry.url_path, query)
    is_open = one.is_open
    cells = (
        Cell(one.reason, tone="attention" if one.state is State.NEW else "neutral", marked=one.state is State.NEW, quiet=not is_open),
        Cell(str(one.kind)), Cell(numbers.month(one.since)), Cell(one.owner), Cell(_said(one), quiet=True),
    )  # fmt: skip
    return Row(cells, one.rule_id, (f"/{screen}", onward))


def _leads_to(one: Alert) -> tuple[str, dict[str, str | None]]:
    """The institution's profile at the indicator, else the rows of the KPI in that month."""
    gone = {"topic": None, "when": None}
    if one.kind == Kind.DRIFT and one.code:
        return "institution", {**gone, "code": one.code, "look": one.kpi}
    return LIST_SCREEN, {**gone, "kpi": one.kpi, "insutype": one.insutype, "by": "month"}


def _said(one: Alert) -> str:
    said = one.acknowledged
    if one.state is State.ENDED and said is None:
        return ""
    return f"{said.post} {said.at[:10]}:{said.comment}" if said else "未确认"


def _form(page: Page, standing: Sequence[Alert]) -> None:
    if not standing:
        return
    by_id = {one.rule_id: one for one in standing}
    with (
        st.expander("确认预警", icon=":material/task_alt:"),
        st.form("acknowledge", border=False, clear_on_submit=True),
    ):
        chosen = st.selectbox(
            "预警", list(by_id), key="ack_rule", format_func=lambda name: by_id[name].reason
        )
        comment = st.text_area(
            "核实情况", key="ack_comment", max_chars=400, placeholder="写明查看了什么、原因和下一步"
        )
        st.caption("确认后该项不再列为未确认;同一预警解除后再次出现需重新确认。请勿填写个人信息。")
        if not st.form_submit_button("确认", icon=":material/task_alt:"):
            return
    one = by_id[chosen]
    try:
        acknowledge(page.home, one.rule_id, one.since, comment, page.user)
    except UserError as error:
        st.error(error.message, icon=":material/error:")
        return
    st.session_state[NEWS] = f"已确认:{one.name}。"
    st.rerun()
