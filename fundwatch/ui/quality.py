"""数据质量 drawn: tables, months, loads, quarantine, checks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.contracts import contracts
from fundwatch.lake import Batch, Lake
from fundwatch.quality import Completeness, TableState, months_between
from fundwatch.screens import quality as view
from fundwatch.screens.quality_fields import BATCH_FIELDS, QUARANTINE_FIELDS, TABLE_FIELDS
from fundwatch.ui import numbers
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.charts import ACCENT, FONT, LINES
from fundwatch.ui.lists import show_and_export
from fundwatch.ui.query import loaded_tables, page_query
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, show_list
from fundwatch.ui.words import escaped

MONTHS_DRAWN = 24
#: the browser takes the month labels out of the height it is given
AXIS_HEIGHT = 44


def text_sheet(columns: Sequence[Column], rows: Sequence[Sequence[str]], key: str) -> None:
    """A plain table of texts; long ones are read in full on hover."""
    sheet(
        columns, [Part("", tuple(Row(tuple(Cell(text, hint=text) for text in row)) for row in rows))], key=key
    )


def overview_part(
    page: Page, states: Sequence[TableState], complete: Completeness, batches: Sequence[Batch]
) -> None:
    """Freshness and size of each table, then what was never loaded and what it would bring."""
    st.subheader("已载入的表", anchor=False)
    st.caption("按数据止日从早到晚排列:最上面的表决定各页面的数据截至日。")
    table = view.table_rows(states, complete, batches)
    show_and_export(page, "数据表状态", table, TABLE_FIELDS, key="tables")
    absent = view.never_loaded(states)
    if absent:
        st.subheader(f"从未载入的表({len(absent)} 张)", anchor=False)
        columns = (
            Column("表", "name"), Column("文件名以此开头"), Column("一行是什么", "text", "wide"),
            Column("载入后影响", "text", "middle"),
        )  # fmt: skip
        text_sheet(columns, absent, "never_loaded")


def months_part(states: Sequence[TableState], complete: Completeness) -> None:
    """Table-months that are there and those that are not; which KPIs feel a gap."""
    monthly = [state for state in states if state.is_monthly and state.months]
    if not monthly or not complete.to:
        st.info("还没有按月应有的数据。", icon=":material/inbox:")
        return
    gap = len(complete.missing)
    finding = f"缺 {gap} 个表月" if gap else "应有的表月都已载入"
    st.subheader(f"{finding},完整度 {numbers.percent(complete.pct)}", anchor=False)
    st.caption(
        f"应有月份从各表第一个月数到{numbers.month(complete.to)};图中显示最近 {MONTHS_DRAWN} 个月,实心为已载入,空心为缺。"
    )
    st.altair_chart(_grid(monthly, complete), width="stretch", key="months")
    if complete.missing:
        columns = (Column("表", "name"), Column("缺的月份", "text"), Column("影响", "text", "middle"))
        text_sheet(columns, view.missing_spans(complete, states), "missing_months")
        st.caption("有缺月的指标只按已有月份计算,或不给数值,不作估计;补齐文件并生成新版本后自动更正。")


def _grid(monthly: Sequence[TableState], complete: Completeness) -> alt.Chart:
    absent = set(complete.missing)
    records = []
    for state in monthly:
        expected = months_between(state.months[0], complete.to or "")
        for month in expected[-MONTHS_DRAWN:]:
            is_there = (state.table, month) not in absent
            records.append(
                {
                    "表": state.title,
                    "月": numbers.month(month),
                    "月份": month[2:],
                    "状态": "已载入" if is_there else "缺",
                }
            )
    colour = alt.Color(
        "状态:N", scale=alt.Scale(domain=["已载入", "缺"], range=[ACCENT, "#FFFFFF"]), legend=None
    )
    return (
        alt.Chart(pd.DataFrame(records))
        .mark_square(size=150, stroke=ACCENT, strokeWidth=1.2, opacity=1)
        .encode(
            x=alt.X(
                "月份:O",
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False, domain=False),
            ),
            y=alt.Y(
                "表:N",
                title=None,
                axis=alt.Axis(ticks=False, domain=False, gridColor=LINES, labelFont=FONT, labelLimit=180),
            ),
            color=colour,
            tooltip=[alt.Tooltip("表:N"), alt.Tooltip("月:N", title="月份"), alt.Tooltip("状态:N")],
        )
        .properties(height=26 * len(monthly) + AXIS_HEIGHT)
    )


def loads_part(page: Page, batches: Sequence[Batch]) -> None:
    """Every file a load looked at."""
    st.subheader("装载记录", anchor=False)
    if not batches:
        st.info("还没有装载过文件。", icon=":material/inbox:")
        return
    table = view.batch_rows(batches)
    show_and_export(page, "装载记录", table, BATCH_FIELDS, key="batches")


def quarantine_part(page: Page, batches: Sequence[Batch]) -> None:
    """Rows that did not load, why, and how they get in."""
    st.subheader("隔离行", anchor=False)
    rows = view.quarantine_rows(
        Lake(page.home).quarantine(), batches, page.hidden_columns | page.sight.unread
    )
    if page.can(Ability.PERSONAL):
        note_view(page, "隔离行", rows.num_rows)
    if not rows.num_rows:
        st.info("没有隔离的行,载入的文件都已逐行读准。", icon=":material/task_alt:")
        return
    st.caption("处理办法:按原因在原文件中改正这些行,重新上传整个文件;已载入的行不会重复,改正后的行自动补入。")
    reasons = (
        rows.group_by(["title", "column"])
        .aggregate([("reason", "count")])
        .sort_by([("reason_count", "descending")])
    )
    top = reasons.to_pylist()[:3]
    named = ";".join(f"{row['title']}·{row['column'] or '整行'} {row['reason_count']:,} 条" for row in top)
    st.markdown(escaped(f"共 {rows.num_rows:,} 条原因,最多的是 {named}。"))
    show_and_export(page, "隔离行", rows, QUARANTINE_FIELDS, key="quarantine")


def checks_part(page: Page) -> None:
    """Equations of a settlement, unknown categories, unknown institutions."""
    st.subheader("结算总额与各项之和", anchor=False)
    equations = [
        row for row in page_query(page, "quality_settlement_parts").to_pylist() if row["compared_cnt"]
    ]
    if equations:
        columns = (
            Column("等式", "name"), Column("核对行数", "number"), Column("不符行数(超过 0.05 元)", "number"),
            Column("差额合计(元)", "number", "middle"),
        )  # fmt: skip
        rows = tuple(
            Row((Cell(row["equation"]), Cell(f"{row['compared_cnt']:,}"), Cell(f"{row['odd_cnt']:,}", strong=row["odd_cnt"] > 0),
                 Cell(numbers.plain(Decimal(row["difference"]), 2))))
            for row in equations
        )  # fmt: skip
        sheet(columns, [Part("", rows)], key="equations")
        st.caption("不符的行照原数使用;缺少某一项的行不参加核对。待遇统计的合计核对见“收支结余”。")
    else:
        st.info("没有载入结算数据,无法核对。", icon=":material/inbox:")
    st.subheader("未归类的医疗类别", anchor=False)
    table = page_query(page, "quality_uncategorised")
    if table.num_rows:
        st.markdown(
            f"{table.num_rows} 个医疗类别代码不在类别表中,不计入住院、门诊、药店任何一类;请在 med_type 表中补充。"
        )
        fields = (
            Field("med_type", "医疗类别代码"), Field("row_cnt", "结算行数", "int"),
            Field("fund_pay_sumamt", "基金支付金额", "amount", "元"), Field("first_month", "最早月份"), Field("last_month", "最近月份"),
        )  # fmt: skip
        show_list(page, table, fields, key="uncategorised", search=False)
    else:
        # Without settlements there is no code to find: nothing was compared, and that is what is said.
        st.caption("没有未归类的代码。" if equations else "没有载入结算数据,无法核对。")
    st.subheader("未登记的机构", anchor=False)
    unknown = page_query(page, "quality_unknown_institutions")
    if unknown.num_rows:
        titles = [contracts()[name].title for name in unknown.column("table_name").to_pylist()]
        unknown = unknown.append_column("title", pa.array(titles, pa.string()))
        count = len(set(unknown.column("fixmedins_code").to_pylist()))
        st.markdown(
            f"{count} 个机构编号在业务表中出现,但不在机构名册(fixmedins_b)中;按机构拆分时显示为“未登记”。"
        )
        fields = (Field("title", "表"), Field("fixmedins_code", "机构编号"), Field("row_cnt", "行数", "int"))
        show_and_export(page, "未登记机构", unknown, fields, key="unknown_institutions")
    else:
        known = any(state.table == "fixmedins_b" and state.is_loaded for state in loaded_tables(page))
        st.caption("业务表中的机构都在名册中。" if known else "没有载入机构名册(fixmedins_b),无法核对。")
