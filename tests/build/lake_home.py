"""A small home for tests: tables put straight into the lake, row by row, with every column defaulted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, write_deltalake

from fundwatch.build.runner import BuildReport, build
from fundwatch.contracts import Column, contracts
from fundwatch.home import Home
from fundwatch.lake import BATCH_KEY, Batch, Lake
from fundwatch.settings import Settings

ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(16,2)": pa.decimal128(16, 2),
    "DECIMAL(16,4)": pa.decimal128(16, 4),
    "DECIMAL(16,6)": pa.decimal128(16, 6),
    "DECIMAL(9,4)": pa.decimal128(9, 4),
    "DECIMAL(10,2)": pa.decimal128(10, 2),
}
#: what a required column holds when a test does not care; texts are "x", amounts 0
DEFAULTS: dict[str, Any] = {
    "vali_flag": "1",
    "refd_setl_flag": "0",
    "fixmedins_code": "H99900100001",
    "fixmedins_type": "1",
    "insu_admdvs": "999001",
    "fix_blng_admdvs": "999001",
    "month": "2024-01",
    "quarter": "2024Q1",
    "insutype": "310",
    "direction": "支出",
    "cntr_stas": "1",
    "insp_kind": "协议检查",
    "insp_method": "现场检查",
    "insp_stas": "完成",
    "item": "日常稽核",
    "handle_type": "32",
}


def new_home(path: Path) -> Home:
    """A home with its folders and the demo county's code set."""
    home = Home(path).ensure()
    Settings(home).set("county_admdvs", "999001", None, "测试", "测试")
    return home


def put(home: Home, table: str, *rows: Mapping[str, Any], loaded_at: str = "2024-12-31T09:00:00") -> None:
    """Make ``rows`` the table's content: all of it, or of a table kept by month the months they lie in."""
    contract = contracts()[table]
    full = [_row(table, row, number) for number, row in enumerate(rows, start=2)]
    fields = [(column.name, ARROW[column.sql_type]) for column in contract.columns]
    fields += [
        ("_batch_id", pa.string()),
        ("_row_no", pa.int64()),
        *([("ym", pa.string())] if contract.by_month else []),
    ]
    months = sorted({row["ym"] for row in full}) if contract.by_month else []
    write_deltalake(
        str(home.lake / table),
        pa.Table.from_pylist(full, schema=pa.schema(fields)),
        mode="overwrite",
        partition_by=["ym"] if contract.by_month else None,
        predicate=f"ym in ({', '.join(repr(month) for month in months)})"
        if months and (home.lake / table).exists()
        else None,
        commit_properties=CommitProperties(custom_metadata={BATCH_KEY: _batch(table, loaded_at).to_json()}),
    )


def run_build(home: Home, **options: Any) -> BuildReport:
    """Build a home as the command does."""
    return build(home, Lake(home), Settings(home), **options)


def _row(table: str, given: Mapping[str, Any], number: int) -> dict[str, Any]:
    contract = contracts()[table]
    unknown = given.keys() - contract.by_name.keys()
    assert not unknown, f"{table} has no {unknown}"
    row = {
        column.name: _value(column, given.get(column.name, _default(column))) for column in contract.columns
    }
    month = {"ym": str(row[contract.dated_by])[:7]} if contract.by_month else {}
    return {**row, "_batch_id": "20241231T090000-00000000", "_row_no": number, **month}


def _default(column: Column) -> Any:
    if not column.required:
        return None
    other = {"DATE": "2024-01-01", "TIMESTAMP": "2024-01-01", "VARCHAR": "x", "INTEGER": 2024}.get(
        column.sql_type, 0
    )
    return DEFAULTS.get(column.name, other)


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.sql_type:
        case "DATE":
            return dt.date.fromisoformat(value)
        case "TIMESTAMP":
            return dt.datetime.fromisoformat(value)
        case kind if kind.startswith("DECIMAL"):
            return Decimal(str(value))
        case _:
            return value


def _batch(table: str, loaded_at: str) -> Batch:
    return Batch(f"20241231T090000-{table:0<8.8}", loaded_at, f"{table}.csv", "0" * 64, table, "loaded")
