"""口径与规则库 drawn: a list, and below it the one chosen, in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.contracts import contracts
from fundwatch.kpi import declarations
from fundwatch.lake import Lake
from fundwatch.rules import library
from fundwatch.rules.header import Knowledge
from fundwatch.rules.knowledge import Loaded
from fundwatch.screens import definitions as view
from fundwatch.screens import rule_definitions as rules
from fundwatch.settings import parameters
from fundwatch.ui import address
from fundwatch.ui.choice import choose
from fundwatch.ui.lists import show_and_export
from fundwatch.ui.query import ENTRIES, TTL, page_query
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field
from fundwatch.ui.words import escaped
from fundwatch.warehouse import Warehouse

KPI_FIELDS = (
    Field("label", "指标"), Field("group", "环节"), Field("unit", "单位"), Field("better", "方向"), Field("target", "目标"),
    Field("numerator", "分子"), Field("denominator", "分母"), Field("policy", "依据"), Field("owner", "责任岗位"),
    Field("reviewed", "复核日期", "date"), Field("id", "标识"),
)  # fmt: skip
RULE_FIELDS = (
    Field("id", "编号"), Field("title", "规则"), Field("level", "性质"), Field("loaded", "知识"), Field("points", "知识点", "int", "条"),
    Field("sources", "知识来源"), Field("knowledge", "需要的知识"), Field("class", "类别"), Field("basis", "依据"),
    Field("needs", "需要的数据表"), Field("owner", "责任岗位"), Field("reviewed", "复核日期", "date"),
)  # fmt: skip
POINT_FIELDS = (
    Field("title", "表"), Field("point_type", "类型"), Field("source", "来源"), Field("point_cnt", "知识点", "int", "条"),
    Field("first_day", "最早生效", "date"), Field("last_day", "最晚失效", "date"), Field("file", "文件"), Field("loaded_at", "装载时间"),
    Field("batch_id", "批次"),
)  # fmt: skip
PARAMETER_FIELDS = (
    Field("label", "参数"), Field("value", "在用值"), Field("effective_from", "生效日", "date"), Field("coming", "将要生效"),
    Field("source", "来源"), Field("status", "核实情况"), Field("set_by", "设定人"), Field("why", "理由"), Field("key", "标识"),
)  # fmt: skip
TABLE_FIELDS = (
    Field("title", "表"), Field("table", "表名"), Field("origin", "来自"), Field("grain", "一行是什么"), Field("key", "主键"),
    Field("columns", "字段数", "int"), Field("kpis", "影响指标数", "int"),
)  # fmt: skip
COLUMN_FIELDS = (
    Field("name", "字段"), Field("label", "中文名"), Field("kind", "类型"), Field("unit", "单位"), Field("must", "必有"),
    Field("is_key", "主键"), Field("codes", "代码表"), Field("note", "读入时"),
)  # fmt: skip
CODE_FIELDS = (Field("code", "代码"), Field("label", "含义"))


def kpi_part(page: Page) -> None:
    """All KPIs, by group; the one clicked or named in the address below."""
    values, today = page.settings.now(), china_today()
    groups = view.groups()
    group = choose("group", "环节", groups, _given("group"))
    rows = view.kpi_rows(values, today, group)
    show_and_export(
        page,
        "指标口径",
        rows,
        KPI_FIELDS,
        key=f"kpis_{group}",
        open_row=lambda row: address.put({"kpi": row["id"]}),
    )
    kpi = declarations().get(_given("kpi"))
    if kpi is not None:
        history = page.settings.history(view.target_changes_key(kpi))
        details(kpi.label, view.kpi_lines(kpi, values, today, history), "kpi")


def rule_part(page: Page) -> None:
    """The rule library, the knowledge that each rule has, and where the points come from."""
    loaded = _stock(page.warehouse, page.warehouse.stamp) if page.has_data else None
    st.markdown(escaped(rules.message(loaded)))
    st.caption("规则命中是疑点(未核实),不是违规认定。类别归类由本系统整理,尚未核实。")
    show_and_export(
        page, "筛查规则", rules.rule_rows(loaded), RULE_FIELDS, key="rules",
        open_row=lambda row: address.put({"rule": row["id"]}),
    )  # fmt: skip
    batches = Lake(page.home).batches()
    rule = library().get(_given("rule"))
    if rule is not None:
        lines = rules.rule_lines(rule.rule_id, page.settings.now(), china_today(), loaded, batches)
        details(f"{rule.rule_id} {rule.header.title}", lines, "rule")
    if not page.has_data:
        return
    st.subheader("知识库", anchor=False)
    points = rules.source_rows(page_query(page, "rule_knowledge"), batches)
    if not points.num_rows:
        st.info(
            "还没有载入知识点。在“数据质量”的“上传”中载入国家两库知识点工作簿(XLSX),或 kb_item_limit、kb_item_pair、kb_code 文件。",
            icon=":material/inbox:",
        )
        return
    st.caption(
        "同一项目同日生效的知识点,以批次在后的为准;服务当日生效的版本起作用。来源未写生效日的,自始生效。"
    )
    show_and_export(page, "知识库", points, POINT_FIELDS, key="points")


def parameter_part(page: Page) -> None:
    """Values in force today with their source; the history of the one chosen."""
    st.caption("在用值按今天计;各页面用的是期末当天的值。修改在“参数与目标”页面办理,每次修改都留下记录。")
    show_and_export(
        page, "参数", view.parameter_rows(page.settings.now(), china_today()), PARAMETER_FIELDS, key="parameters",
        open_row=lambda row: address.put({"parameter": row["key"]}),
    )  # fmt: skip
    setting = next((one for one in page.settings.all(china_today()) if one.key == _given("parameter")), None)
    if setting is not None:
        history = view.parameter_history(parameters().get(setting.key), page.settings.history(setting.key))
        details(f"{setting.label}的历次取值", history, "parameter", ("生效日", "取值"))


def table_part(page: Page) -> None:
    """The contract tables; the fields of the one chosen."""
    show_and_export(
        page,
        "数据表",
        view.table_rows(),
        TABLE_FIELDS,
        key="tables",
        open_row=lambda row: address.put({"table": row["table"]}),
    )
    contract = contracts().get(_given("table"))
    if contract is not None:
        st.subheader(f"{contract.title}({contract.table})的字段", anchor=False)
        show_and_export(
            page,
            f"{contract.title}字段",
            view.column_rows(contract),
            COLUMN_FIELDS,
            key=f"columns_{contract.table}",
        )


def code_part(page: Page) -> None:
    """The codes of one list."""
    words = view.code_list_words()
    name = choose("codes", "代码表", words, _given("codes"))
    show_and_export(page, f"代码表_{name}", view.code_rows(name), CODE_FIELDS, key=f"codes_{name}")


def details(
    title: str, lines: Sequence[tuple[str, str]], key: str, heads: tuple[str, str] = ("项目", "内容")
) -> None:
    """One thing in words."""
    st.subheader(escaped(title), anchor=False)
    rows = tuple(Row((Cell(item), Cell(text))) for item, text in lines)
    sheet((Column(heads[0], "name"), Column(heads[1], "text")), [Part("", rows)], key=f"details_{key}")


@st.cache_data(ttl=TTL, max_entries=ENTRIES, show_spinner=False)
def _stock(_warehouse: Warehouse, stamp: str) -> dict[Knowledge, list[Loaded]]:
    return rules.stock(_warehouse)


def _given(name: str) -> str:
    return next(iter(address.values(name)), "")
