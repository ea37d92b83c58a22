"""口径与规则库: every KPI and rule in words, the values in force, and what each field of each table is."""

import streamlit as st

from fundwatch.contracts import contracts
from fundwatch.kpi import declarations
from fundwatch.rules import library
from fundwatch.settings import parameters
from fundwatch.ui import definitions as draw
from fundwatch.ui import start_page
from fundwatch.ui.header import header
from fundwatch.ui.part import choose_part
from fundwatch.ui.query import newest_data
from fundwatch.ui.states import guarded

page = start_page(__file__, needs_warehouse=False)
PARTS = {
    "": ("指标", draw.kpi_part),
    "rules": ("规则", draw.rule_part),
    "parameters": ("参数", draw.parameter_part),
    "tables": ("数据表", draw.table_part),
    "codes": ("代码表", draw.code_part),
}
header(page, data_through=newest_data(page) if page.has_data else None)
st.markdown(
    f"共 {len(declarations())} 个指标、{len(library())} 条筛查规则、{len(parameters())} 个参数、{len(contracts())} 张数据表。"
    "页面、报表和导出都按这里的口径计算。"
)
part = choose_part({key: word for key, (word, _) in PARTS.items()})
word, section = PARTS[part]
with guarded(word):
    section(page)
