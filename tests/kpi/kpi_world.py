"""A county in memory: rows as the contract has them, the real staging and mart SQL on top as views, no files.

A case names only the columns that matter; every other one has a typed default.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa
from kpi_hits import completed_hits, is_hit_table

from fundwatch.build.hit_sums import sums
from fundwatch.build.hit_tables import create_tables
from fundwatch.build.models import read_models
from fundwatch.build.sources import create_reference, literal
from fundwatch.contracts import Contract, contracts
from fundwatch.kpi import declarations
from fundwatch.kpi.days import META, counted_marts, day_tables, fingerprint

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
    "setl_d": {"insutype": "390", "med_type": "21", "insu_admdvs": "999001", "vali_flag": "1"},
    "doc_d": {"insutype": "390", "med_type": "21", "issue": "202401"},
    "doc_suspt_d": {"suspt_souc": "1"},
    "enrolment": {"insutype": "390"},
    "intf_onln_d": {"intf_code": "3101"},
    "clr_pay_d": {"insutype": "390", "issue": "202401"},
    "post_review": {"quarter": "2024Q1"},
}
BY_KIND = {
    "date": "2024-01-15",
    "time": "2024-01-15",
    "month": "2024-01",
    "year": 2024,
    "flag": "0",
    "amount": 0,
    "score": 0,
    "int": 0,
}
#: parameters of models
PARAMETERS = {"county_admdvs": "999001", "review_workdays": 7}


class World:
    """A warehouse as the engine sees it: ``query`` and ``meta``. Made once, filled anew for each case."""

    def __init__(self) -> None:
        self.meta: dict[str, str] = {}
        self.connection = duckdb.connect()
        self._filled: set[str] = set()
        lake, views, references = _contents()
        create_reference(self.connection, references)
        create_tables(self.connection, "")
        for name, sql in sums().items():
            self.connection.execute(f"create view {name} as {sql}")
        for statement in ("create schema lake", *lake, *views):
            self.connection.execute(statement)

    def fill(
        self, given: Mapping[str, Rows], load_date: str = "2030-12-31", first_data: str = "2020-01-01"
    ) -> World:
        """Hold these rows of contract tables and stored hits and no others; unknown tables and columns are an error."""
        self.meta = {"version": "test", "load_date": load_date, "first_data": first_data}
        for table in self._filled:
            self.connection.execute(f"delete from {_place(table)}")
        self._filled = set(given)
        for table, rows in given.items():
            whole = completed_hits(table, rows) if is_hit_table(table) else completed(table, rows)
            for row in whole:
                places = ", ".join(f"${name}" for name in row)
                self.connection.execute(
                    f"insert into {_place(table)} ({', '.join(row)}) values ({places})", row
                )
        return self

    def with_sums(self) -> World:
        """The same county as a version whose sums by day were built with today's declarations and parameters."""
        tables = {table.name: fingerprint(table.sql) for table in day_tables()}
        tables |= {name: "" for kpi in declarations().values() for name in counted_marts(kpi)}
        texts = {name: str(value) for name, value in PARAMETERS.items()}
        self.meta |= {META: json.dumps(tables), "parameters": json.dumps(texts)}
        return self

    def query(self, sql: str, params: dict[str, Any]) -> pa.Table:
        return self.connection.cursor().sql(sql, params=params).to_arrow_table()

    def once(self, what: Hashable, make: Callable[[], Any]) -> Any:
        """Anew each time: the next case has other rows."""
        return make()

    def batches(self, sql: str, params: dict[str, Any]) -> Iterator[pa.RecordBatch]:
        yield from self.connection.cursor().sql(sql, params=params).to_arrow_reader(5)


def _place(table: str) -> str:
    """Stored hits are no contract table: a build makes them."""
    return table if is_hit_table(table) else f"lake.{table}"


def completed(table: str, rows: Rows) -> list[dict[str, Any]]:
    """The rows with the defaults of required columns; keys are counted through, so that rows differ."""
    contract, own = contracts()[table], DEFAULTS.get(table, {})
    found = []
    for number, row in enumerate(rows, start=1):
        typed = {
            name: BY_KIND.get(contract.by_name[name].kind, f"{name}-{number}") for name in contract.required
        }
        found.append({**typed, **own, **row})
    return found


@lru_cache(maxsize=1)
def _contents() -> tuple[list[str], list[str], list[str]]:
    """Tables of the lake, staging and marts as views, names of shipped lists: as far as a KPI reads them."""
    models = read_models().by_name
    texts = [text for kpi in declarations().values() for text in (*kpi.listing.sql_texts(), kpi.asof.source)]
    wanted = {name for name in models if any(name in text for text in texts)}
    wanted |= {name for kpi in declarations().values() for name in counted_marts(kpi)}
    # read by the writer itself
    wanted |= {"dim_institution", "fct_agreement", *(name for name in models if name.startswith("day_"))}
    for name in reversed(models):
        if name in wanted:
            wanted |= models[name].reads
    used = [model for name, model in models.items() if name in wanted]
    sources = sorted({source for model in used for source in model.sources})
    tables = [contracts()[table] for schema, table in sources if schema == "lake"]
    lake = [f"create table lake.{contract.table} ({_columns(contract)})" for contract in tables]
    views = [f"create view {model.name} as {_with_parameters(model.sql)}" for model in used]
    return lake, views, [table for schema, table in sources if schema == "reference"]


def _columns(contract: Contract) -> str:
    columns = [f"{column.name} {column.sql_type}" for column in contract.columns]
    # the lake's partition column
    month = [f"ym varchar as (strftime({contract.dated_by}, '%Y-%m'))"] if contract.by_month else []
    return ", ".join([*columns, *month])


def _with_parameters(sql: str) -> str:
    """Views take no parameters: those of models stand in the text as they are in this county."""
    for name, value in PARAMETERS.items():
        sql = sql.replace(f"${name}", literal(value) if isinstance(value, str) else str(value))
    return sql
