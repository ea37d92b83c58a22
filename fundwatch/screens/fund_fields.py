"""Columns of the tables of 收支结余, on screen and in exports."""

from __future__ import annotations

from fundwatch.screens.fields import Field

FIGURE_FIELDS = (
    Field("fund", "险种"), Field("name", "指标"), Field("value", "本期", "price"), Field("unit", "单位"),
    Field("growth", "比可比基年"), Field("note", "说明"),
)  # fmt: skip
LEDGER_FIELDS = (
    Field("insutype", "险种类型", codes="insutype"), Field("direction", "收支方向"), Field("category", "类别"),
    Field("amt", "金额", "amount", "元"), Field("person_times", "人次", "int", "人次"),
    Field("month_cnt", "月数", "int", "月"), Field("last_month", "最近月份"),
)  # fmt: skip
BENEFIT_FIELDS = (
    Field("insutype", "险种类型", codes="insutype"), Field("category", "类别"), Field("role", "公布为"),
    Field("fund_amt", "基金支付金额", "amount", "元"), Field("person_times", "人次", "int", "人次"),
    Field("medfee_amt", "医疗总费用", "amount", "元"), Field("acct_amt", "其中个人账户", "amount", "元"),
    Field("begndate", "开始日期", "date"), Field("enddate", "结束日期", "date"),
)  # fmt: skip
CHECK_FIELDS = (
    Field("insutype", "险种类型", codes="insutype"), Field("begndate", "开始日期", "date"), Field("enddate", "结束日期", "date"),
    Field("category", "公布项"), Field("measure", "内容"), Field("printed", "公布数", "price"), Field("added", "各项之和", "price"),
    Field("difference", "差额", "price"), Field("unit", "单位"),
)  # fmt: skip
