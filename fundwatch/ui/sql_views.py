"""自助查询: the editor, kept queries, the tables in words, the rows and their chart."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from fundwatch.analyst.run import limits_of
from fundwatch.analyst.tables import analyst_tables
from fundwatch.errors import UserError
from fundwatch.screens import sql as view
from fundwatch.state.queries import LONGEST_NAME, Queries, Query
from fundwatch.ui import address, sql_run
from fundwatch.ui.charts import ACCENT, Bar, bars
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, show_list
from fundwatch.ui.words import escaped

#: the statement as it stands, what the box began with, how often it was written into, and the kept query last opened
TEXT, BEGAN, WRITTEN, OPENED = "_sql_text", "_sql_began", "_sql_written", "_sql_opened"
NEWS = "_sql_news"
QUERY = "query"
EDITOR_HEIGHT = 230
CHART_HEIGHT = 300


def editor(page: Page) -> None:
    """The statement, the button that runs it, and while it runs the one that ends it."""
    _open_from_address(page)
    busy = sql_run.working() is not None
    _box()
    with st.container(horizontal=True, vertical_alignment="center", key="sql_actions"):
        pressed = st.button(
            "运行", type="primary", icon=":material/play_arrow:", disabled=busy, key="sql_start"
        )
        _keep_form(page)
        if (found := sql_run.result()) is not None:
            with st.popover("导出", icon=":material/download:"):
                sql_run.export_result(page, found)
    st.caption(view.limit_words(limits_of(page.settings)))
    if pressed:
        with st.spinner("正在运行"):
            sql_run.begin(page, st.session_state[TEXT])
        st.rerun()
    if busy:
        sql_run.watch()


def _box() -> None:
    """The text as typed. A new box for each text that is written into it: a default always reaches the browser, a value set
    in a run that another one overtakes does not. Never disabled: a disabled box forgets what was typed.
    """
    key = f"sql_text_{st.session_state.setdefault(WRITTEN, 0)}"
    if key not in st.session_state:
        st.session_state[BEGAN] = st.session_state.get(TEXT, next(iter(view.EXAMPLES.values())))
    st.session_state[TEXT] = st.text_area(
        "查询语句(一条 select)", st.session_state[BEGAN], key=key, height=EDITOR_HEIGHT
    )


def outcome(page: Page) -> None:
    """The rows of the last run, or why there are none."""
    if words := sql_run.trouble():
        st.error(escaped(words), icon=":material/error:")
    found = sql_run.result()
    if found is None:
        return
    words = view.outcome_words(found.outcome, found.limits)
    if found.outcome.more:
        st.warning(escaped(words), icon=":material/content_cut:")
    else:
        st.markdown(escaped(words))
    if found.version != page.warehouse.version:
        st.info(
            f"结果来自版本 {found.version},现已有新版本 {page.warehouse.version},可重新运行。",
            icon=":material/update:",
        )
    if not found.rows.num_rows:
        st.info("没有符合条件的行。请检查 where 条件和关联字段。", icon=":material/inbox:")
        return
    fields = [Field(column.name, column.header, column.kind) for column in view.columns_of(found.rows)]
    show_list(page, found.rows, fields, key="sql_rows")
    chart(found)


def chart(found: sql_run.Result) -> None:
    """One simple chart of two columns of the result."""
    acrosses, ups = view.chart_choices(found.rows)
    if not ups:
        return
    words = view.names_in_words(found.rows, [*acrosses, *ups])
    with st.container(horizontal=True, key="sql_chart_choices"):
        shape = st.selectbox(
            "图形", ["", *view.SHAPES], format_func=lambda s: view.SHAPES.get(s, "不画图"), key="sql_shape"
        )
        across = st.selectbox("横轴(分类)", acrosses, format_func=words.__getitem__, key="sql_across")
        up = st.selectbox("数值", ups, format_func=words.__getitem__, key="sql_up")
    if not shape:
        return
    drawn = view.drawn(found.rows, across, up, shape)
    if drawn.points and shape == view.BAR:
        rows = [Bar(label, value) for label, value in drawn.points]
        st.altair_chart(bars(rows, words[up], decimals=2), width="stretch")
    elif drawn.points:
        st.altair_chart(_line(drawn, words[up]), width="stretch")
    if drawn.note:
        st.caption(escaped(drawn.note))


def browser() -> None:
    """The tables and columns that can be read, with Chinese labels, and a statement to begin with."""
    tables = analyst_tables()
    st.subheader("数据表", anchor=False)
    name = st.selectbox(
        "数据表", list(tables), format_func=lambda n: view.table_words(tables[n]), key="sql_table", label_visibility="collapsed"
    )  # fmt: skip
    table = tables[name]
    st.caption(escaped(f"{table.grain}。共 {len(table.columns)} 个字段。"))
    st.dataframe(
        view.column_rows(table), hide_index=True, width="stretch", height="content", key=f"sql_columns_{name}"
    )
    st.button(
        "写出这张表的查询", icon=":material/edit_note:", on_click=_write, args=(view.first_look(table),), key="sql_look",
        disabled=sql_run.working() is not None,
    )  # fmt: skip
    st.caption("不含人员、医师、结算和单据编号,不含诊断和文字内容;单笔明细请到各页面的清单查看。")


def kept(page: Page) -> None:
    """Examples, one's own queries and those that others share."""
    queries = Queries.of(page.home)
    standing = queries.seen_by(page.user)
    with st.expander(f"已存查询({len(standing)})和示例", icon=":material/bookmark:", key="kept_queries"):
        if news := st.session_state.pop(NEWS, ""):
            st.caption(escaped(news))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for number, (name, sql) in enumerate(view.EXAMPLES.items()):
                st.button(
                    name, key=f"example_{number}", icon=":material/lightbulb:", type="tertiary",
                    on_click=_write, args=(sql,),
                )  # fmt: skip
        for one in standing:
            _line_of(page, queries, one)


def _keep_form(page: Page) -> None:
    with st.popover("保存", icon=":material/bookmark_add:"), st.form("keep_query", border=False):
        name = st.text_input("名称", max_chars=LONGEST_NAME, key="query_name", placeholder="例如 各机构扣款")
        shared = st.checkbox("共享给其他分析员", key="query_shared")
        if st.form_submit_button("保存当前语句"):
            try:
                one = Queries.of(page.home).keep(page.user, name, st.session_state[TEXT], shared=shared)
            except UserError as error:
                st.error(error.message, icon=":material/error:")
                return
            st.session_state[NEWS] = f"已保存查询“{one.name}”。"
            st.rerun()


def _line_of(page: Page, queries: Queries, one: Query) -> None:
    own = one.username == page.user.username
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            escaped(one.name), key=f"query_{one.query_id}", icon=":material/open_in_new:", type="tertiary",
            on_click=_open, args=(one,),
        )  # fmt: skip
        whose = ("本人,已共享" if one.shared else "本人") if own else f"{one.post} 共享"
        st.caption(escaped(f"{whose} · {one.at[:10]}"), width="content")
        if own:
            word, icon = ("取消共享", "lock") if one.shared else ("共享", "group")
            st.button(
                word, key=f"query_share_{one.query_id}", icon=f":material/{icon}:", type="tertiary",
                on_click=queries.share, args=(page.user, one.query_id, not one.shared),
            )  # fmt: skip
            st.button(
                "删除", key=f"query_remove_{one.query_id}", icon=":material/delete:", type="tertiary",
                on_click=queries.remove, args=(page.user, one.query_id),
            )  # fmt: skip


def _open_from_address(page: Page) -> None:
    """A link to a kept query (``?query=12``) brings its statement, once."""
    wanted = next(iter(address.values(QUERY)), "")
    if not wanted or st.session_state.get(OPENED) == wanted:
        return
    st.session_state[OPENED] = wanted
    found = [one for one in Queries.of(page.home).seen_by(page.user) if str(one.query_id) == wanted]
    if found:
        _into_box(found[0].sql)
    else:
        st.warning("链接中的查询已被删除或未共享。", icon=":material/link_off:")


def _open(one: Query) -> None:
    _into_box(one.sql)
    st.session_state[OPENED] = str(one.query_id)
    address.put({QUERY: str(one.query_id)})


def _write(sql: str) -> None:
    _into_box(sql)
    address.put({QUERY: None})


def _into_box(sql: str) -> None:
    st.session_state[TEXT] = sql
    st.session_state[WRITTEN] = st.session_state.get(WRITTEN, 0) + 1


def _line(drawn: view.Drawn, unit: str) -> alt.Chart:
    frame = pd.DataFrame({
        "横轴": [label for label, _ in drawn.points], "数值": [float(value) for _, value in drawn.points],
    })  # fmt: skip
    across = alt.X(
        "横轴:N", sort=None, title=None, axis=alt.Axis(labelOverlap=True, labelAngle=0, grid=False)
    )
    up = alt.Y("数值:Q", title=unit, axis=alt.Axis(format=",.2~f", tickCount=5))
    tooltip = [alt.Tooltip("横轴:N", title="横轴"), alt.Tooltip("数值:Q", title=unit, format=",.2f")]
    line = alt.Chart(frame).mark_line(color=ACCENT, strokeWidth=2, point=alt.OverlayMarkDef(color=ACCENT))
    return line.encode(x=across, y=up, tooltip=tooltip).properties(height=CHART_HEIGHT)
