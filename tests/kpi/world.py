"""A county in memory: rows as the contract has them, the real staging and mart SQL on top as views, no files.

A case names only the columns that matter; every other one has a typed default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa

from fundwatch.build.models import read_models
from fundwatch.contracts import Contract, contracts
from fundwatch.kpi import declarations
from fundwatch.kpi.declaration import Kpi

Rows = Sequence[Mapping[str, Any]]
#: required columns that need more than an empty string; the rest follow from the column's kind
DEFAULTS: dict[str, dict[str, Any]] = {
    "fixmedins_b": {"fixmedins_type": "1", "hosp_lv": "05", "vali_flag": "1", "fix_blng_admdvs": "999001"},
    "fixmedins_cntr_reg_d": {"efft_time": "2020-01-01", "invd_time": "2030-12-31", "cntr_stas": "1"},
    "inspection": {"insp_kind": "协议检查", "insp_method": "现场检查", "insp_stas": "完成"},
    "finding": {"vola_nature": "重复收费", "amt": 0},
    "handling": {"handle_type": "32"},
    "self_check": {"period_begn": "2024-01-01", "period_end": "2024-06-30"},
    "training": {"kind": "测试"},
    "clue_case": {"case_souc": "稽核", "opened_date": "2024-01-15"},
    "complaint": {"recv_date": "2024-01-15"},
    "work_plan": {"group_name": "办公室", "begndate": "2024-01-01"},
    "credit_point": {"points": 1},
    "fund_ledger": {"direction": "支出", "category": "住院", "insutype": "310", "amt": 0},
    "fund_balance": {"insutype": "310"},
    "fund_budget": {"direction": "支出", "category": "住院", "insutype": "310"},
    "benefit_stat": {"insutype": "390", "category": "合计"},
    "base_year": {"insutype": "390", "reason": "无可比性"},
    "report_filing": {"item": "日常稽核"},
}
BY_KIND = {"date": "2024-01-15", "time": "2024-01-15", "month": "2024-01", "year": 2024, "flag": "0"}


class World:
    """A warehouse as the engine sees it: ``query`` and ``meta``."""

    def __init__(self, load_date: str = "2024-12-31", first_data: str = "2020-01-01") -> None:
        self.meta = {"version": "test", "load_date": load_date, "first_data": first_data}
        self.connection = duckdb.connect()
        for statement in _statements():
            self.connection.execute(statement)

    def fill(self, given: Mapping[str, Rows]) -> World:
        """Put rows of contract tables in; unknown tables and columns are an error."""
        for table, rows in given.items():
            contract = contracts()[table]
            for number, row in enumerate(rows, start=1):
                full = {**defaults(contract, number), **row}
                names = list(full)
                places = ", ".join(f"${name}" for name in names)
                self.connection.execute(
                    f"insert into lake.{table} ({', '.join(names)}) values ({places})", full
                )
        return self

    def query(self, sql: str, params: dict[str, Any]) -> pa.Table:
        return self.connection.cursor().sql(sql, params=params).to_arrow_table()


def defaults(contract: Contract, number: int) -> dict[str, Any]:
    """Values of the required columns: keys are counted through, so that rows differ."""
    own = DEFAULTS.get(contract.table, {})
    found = {}
    for name in contract.required:
        column = contract.by_name[name]
        found[name] = own.get(
            name, BY_KIND.get(column.kind, f"{name}-{number}" if column.kind in ("code", "text") else 0)
        )
    return found | own


@lru_cache(maxsize=1)
def _statements() -> tuple[str, ...]:
    """Tables of the lake, then staging and marts as views, as far as a KPI reads them."""
    models = read_models().by_name
    wanted = {
        name
        for name in models
        if any(name in text for kpi in declarations().values() for text in _texts(kpi))
    }
    wanted |= {"dim_institution", "fct_agreement"}
    for name in reversed(models):
        if name in wanted:
            wanted |= models[name].reads
    tables = sorted({table for name in wanted for _, table in models[name].sources})
    creates = [f"create table lake.{table} ({_columns(contracts()[table])})" for table in tables]
    views = [f"create view {name} as {models[name].sql}" for name in models if name in wanted]
    return ("create schema lake", *creates, *views)


def _texts(kpi: Kpi) -> list[str]:
    return [*kpi.listing.sql_texts(), kpi.asof.source]


def _columns(contract: Contract) -> str:
    return ", ".join(f"{column.name} {column.sql_type}" for column in contract.columns)


def day(text: str | dt.date) -> dt.date:
    return text if isinstance(text, dt.date) else dt.date.fromisoformat(text)
