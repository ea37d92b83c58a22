"""A county in memory with stored hits, review and cases, for the results behind 申诉与规则."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from rule_world import World

from fundwatch.build.hit_tables import TABLES, create_tables
from fundwatch.build.models import read_models
from fundwatch.steps import page_sql

FILTERS = dict.fromkeys(("insutype", "fixmedins_type", "level_class", "medins_natu", "town_code"))
MARCH = {"first_day": dt.date(2024, 3, 1), "last_day": dt.date(2024, 3, 31)}
DEFAULTS: dict[str, dict[str, Any]] = {
    "dim_rule": {
        "class": "管理类", "level": "可疑", "amount_method": "M1", "line_of": "fee_list_d", "version": "v2",
        "status": "已运行", "month_cnt": 1,
    },
    "fct_rule_month": {"version": "v2", "params": "{}", "params_hash": "p", "status": "已运行"},
    "fct_rule_hit": {
        "version": "v2", "params_hash": "p", "level": "可疑", "line_cnt": 1, "line_of": "fee_list_d", "insutype": "390",
        "fixmedins_code": "H1",
    },
    "fct_rule_hit_line": {"line_of": "fee_list_d", "fixmedins_code": "H1"},
}  # fmt: skip


class YieldWorld(World):
    """The rules' world with the tables of screening and of handling."""

    def __init__(self) -> None:
        super().__init__()
        create_tables(self._connection, "")
        models = read_models().by_name
        for name in ("fct_finding", "fct_case", "fct_handling", "fct_suspicion"):
            for needed in (*models[name].reads, name):
                if not needed.startswith("stg_"):
                    self._connection.execute(f'create or replace view "{needed}" as {models[needed].sql}')

    def store(self, **tables: list[dict[str, Any]]) -> None:
        """Hold these rows of the tables of screening; a hit brings its line when none is given."""
        for name in TABLES:
            self._connection.execute(f"delete from {name}")
            for row in tables.get(name, []):
                self._put(name, {**DEFAULTS[name], **_whole(name, row)})

    def page(self, name: str, **values: Any) -> pa.Table:
        """The result of ``queries/pages/<name>.sql``."""
        return self.query(page_sql(name), {**FILTERS, **MARCH, **values})

    def _put(self, table: str, row: dict[str, Any]) -> None:
        names, marks = ", ".join(row), ", ".join(f"${name}" for name in row)
        self._connection.execute(f"insert into {table} ({names}) values ({marks})", row)


def _whole(table: str, row: dict[str, Any]) -> dict[str, Any]:
    if table == "dim_rule":
        return {"title": row["rule_id"], **row}
    if table == "fct_rule_month":
        return row
    day = row.get("hit_date", dt.date(2024, 3, 5))
    return {"hit_id": f"{row['rule_id']}:{row['setl_id']}", "hit_date": day, "ym": f"{day:%Y-%m}", **row}
