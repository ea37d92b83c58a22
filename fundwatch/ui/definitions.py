"""口径与规则库 drawn: a list, and below it the one chosen, in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.contracts import contracts
from fundwatch.kpi import declarations
from fundwatch.rules import library
from fundwatch.screens import definitions as view
from fundwatch.settings import parameters
from fundwatch.ui import address
from fundwatch.ui.choice import choose
from fundwatch.ui.lists import show_and_export
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field
from fundwatch.ui.words import escaped

KPI_FIELDS = (
    Field("label", "指标"), Field("group", "环节"), Field("unit", "单位"), Field("better", "方向"), Field("target", "目标"),
    Field("numerator", "分子"), Field("denominator", "分母"), Field("policy", "依据"), Field("owner", "责任岗位"),
    Field("reviewed", "复核日期", "date"), Field("id", "标识"),
)  # fmt: skip
RULE_FIELDS = (
    Field("id", "编号"), Field("title", "规则"), Field("class", "类别"), Field("level", "性质"), Field("basis", "依据"),
    Field("needs", "需要的数据表"), Field("knowledge", "需要的知识"), Field("owner", "责任岗位"), Field("reviewed", "复核日期", "date"),
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
    """The rule library."""
    st.caption("规则命中是疑点(未核实),不是违规认定。类别归类由本系统整理,尚未核实。")
    show_and_export(
        page, "筛查规则", view.rule_rows(), RULE_FIELDS, key="rules",
        open_row=lambda row: address.put({"rule": row["id"]}),
    )  # fmt: skip
    rule = library().get(_given("rule"))
    if rule is not None:
        lines = view.rule_lines(rule.rule_id, page.settings.now(), china_today())
        details(f"{rule.rule_id} {rule.header.title}", lines, "rule")


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


def _given(name: str) -> str:
    return next(iter(address.values(name)), "")
