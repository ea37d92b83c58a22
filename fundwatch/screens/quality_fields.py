"""Columns of the tables of 数据质量, on screen and in exports."""

from __future__ import annotations

from fundwatch.screens.fields import Field

TABLE_FIELDS = (
    Field("title", "表"), Field("table", "表名"), Field("rows", "行数", "int"), Field("first_date", "数据起", "date"),
    Field("data_through", "数据止", "date"), Field("missing_months", "缺月数", "int"), Field("loaded_at", "最近装载"),
    Field("quarantined", "隔离行数", "int"),
)  # fmt: skip
BATCH_FIELDS = (
    Field("loaded_at", "时间"), Field("file", "文件"), Field("title", "表"), Field("status", "结果"),
    Field("rows_read", "读入", "int"), Field("loaded", "新增", "int"), Field("replaced", "替换", "int"),
    Field("duplicates", "重复", "int"), Field("quarantined", "隔离", "int"), Field("note", "说明"), Field("batch_id", "批次"),
)  # fmt: skip
QUARANTINE_FIELDS = (
    Field("loaded_at", "时间"), Field("title", "表"), Field("file", "文件"), Field("row_no", "行号", "int"),
    Field("column", "列"), Field("value", "原值"), Field("reason", "原因"),
)  # fmt: skip
