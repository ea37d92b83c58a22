"""Stored screening hits for the KPI tests: rows of an example completed, random ones, and their sum once more in plain Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kpi_plain_days import Data, Item, inside

from fundwatch.build.hit_tables import TABLES

if TYPE_CHECKING:
    from kpi_random import County

Rows = Sequence[Mapping[str, Any]]
DEFAULTS: dict[str, dict[str, Any]] = {
    "dim_rule": {
        "title": "规则", "class": "管理类", "level": "可疑", "amount_method": "M1", "line_of": "fee_list_d", "version": "v",
        "status": "已运行", "month_cnt": 1,
    },
    "fct_rule_month": {"version": "v", "params": "{}", "params_hash": "p", "status": "已运行"},
    "fct_rule_hit": {"version": "v", "params_hash": "p", "level": "可疑", "line_cnt": 1, "line_of": "fee_list_d"},
    "fct_rule_hit_line": {"line_of": "fee_list_d"},
}  # fmt: skip
RULES = ("r031", "r040", "r046")


def is_hit_table(table: str) -> bool:
    return table in TABLES


def completed_hits(table: str, rows: Rows) -> list[dict[str, Any]]:
    """The rows with what an example does not care about."""
    found = []
    for row in rows:
        made: dict[str, Any] = {}
        if table.startswith("fct_rule_hit"):
            day = dt.date.fromisoformat(str(row["hit_date"]))
            made = {"hit_id": f"{row['rule_id']}:{row['setl_id']}", "ym": f"{day:%Y-%m}"}
        found.append({**DEFAULTS[table], **made, **row})
    return found


def hit_rows(county: County) -> dict[str, list[dict[str, Any]]]:
    """Rules that ran in every month, and hits thick around the edges of periods; one rule has no amounts."""
    hits = []
    for number in range(90):
        rule = county.random.choice(RULES)
        hits.append({
            "rule_id": rule, "setl_id": f"S{number}", "hit_date": county.day(), "mdtrt_id": f"M{number}",
            "fixmedins_code": county.random.choice(county.named), "insutype": county.random.choice(("310", "390")),
            "amount_at_issue": None if rule == "r046" else abs(county.amount()), "med_type": "21",
        })  # fmt: skip
    months = [
        {"rule_id": rule, "ym": f"{year}-{month:02}"}
        for rule in RULES
        for year in (2022, 2023, 2024)
        for month in range(1, 13)
    ]
    made = {"dim_rule": [{"rule_id": rule} for rule in RULES], "fct_rule_month": months, "fct_rule_hit": hits}
    return {table: completed_hits(table, rows) for table, rows in made.items()}


def rule_hit_amount(data: Data, start: dt.date, end: dt.date) -> list[Item]:
    """Each hit of a settlement day in the period with its amount; none is 0."""
    return [
        {
            "inst": row["fixmedins_code"], "insutype": row["insutype"], "rule_id": row["rule_id"],
            "month": f"{row['hit_date']:%Y-%m}", "num": row["amount_at_issue"] or 0,
        }
        for row in data["fct_rule_hit"]
        if inside(row["hit_date"], start, end)
    ]  # fmt: skip
