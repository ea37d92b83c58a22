"""A small county in memory for the rules' examples: typed ``stg_`` tables, rows that name only what matters.

What an example leaves out is filled in: a settlement S1 belongs to visit M1 of person P1 at institution H1, lasts from begndate
to enddate and is settled on enddate; a fee line belongs to S1, happens on the settlement's first day, costs cnt × pric, is
wholly in scope. Institution H1 is a second-class hospital, Y1 a pharmacy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from fundwatch.build.models import read_models
from fundwatch.build.sources import create_reference
from fundwatch.contracts import contracts
from fundwatch.rules.library import Rule

DAY = dt.date(2024, 3, 1)
Rows = list[dict[str, Any]]
#: marts that rules read, made as views of the same text
MARTS = ("dim_town", "dim_institution", "dim_med_type", "dim_fee_item")


class World:
    """Answers selects like a warehouse."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("set threads = 1")
        self._used: set[str] = set()
        create_reference(self._connection, ["med_type"])
        for table in contracts():
            columns = ", ".join(f'"{name}" {sql_type}' for name, sql_type in _types(table).items())
            self._connection.execute(f'create table "stg_{table}" ({columns})')
        models = read_models().by_name
        for name in MARTS:
            self._connection.execute(f'create view "{name}" as {models[name].sql}')

    def fill(self, given: Mapping[str, Rows]) -> None:
        """Hold these rows and no others."""
        for table, rows in filled(given).items():
            if table in self._used:
                self._connection.execute(f'delete from "stg_{table}"')
                self._used.remove(table)
            if rows:
                self._used.add(table)
            for row in rows:
                self._insert(table, row)

    def query(self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> pa.Table:
        return self._connection.sql(sql, params=params).to_arrow_table()

    def refund(self, setl_id: str) -> None:
        """Add the row that refunds a settlement."""
        self._connection.execute(
            "insert into stg_setl_d (setl_id, init_setl_id, refd_setl_flag, vali_flag, mdtrt_id, psn_no, med_type, "
            "fixmedins_code, setl_time, begndate) select 'refund of ' || setl_id, setl_id, '1', '1', mdtrt_id, psn_no, "
            "med_type, fixmedins_code, setl_time, begndate from stg_setl_d where setl_id = $setl_id",
            {"setl_id": setl_id},
        )

    def close(self) -> None:
        self._connection.close()

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        unknown = row.keys() - _types(table).keys()
        if unknown:
            raise AssertionError(f"{table} has no columns {sorted(unknown)}")
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(f"${name}" for name in row)
        self._connection.execute(f'insert into "stg_{table}" ({names}) values ({marks})', dict(row))


def _types(table: str) -> dict[str, str]:
    contract = contracts()[table]
    types = {column.name: column.sql_type for column in contract.columns}
    return types | ({"ym": "VARCHAR"} if contract.by_month else {})


class Defaults:
    """Parameter values as declared, or as a case sets them."""

    def __init__(self, rule: Rule, own: Mapping[str, Any] | None = None) -> None:
        shipped = {name: declared.value for name, declared in rule.header.params.items()}
        unknown = (own or {}).keys() - shipped.keys()
        if unknown:
            raise AssertionError(f"{rule.rule_id} has no parameters {sorted(unknown)}")
        self._values = {
            rule.setting_key(name): number(str(text)) for name, text in {**shipped, **(own or {})}.items()
        }

    def get(self, key: str, on: dt.date) -> int | Decimal:
        return self._values[key]


def number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)


def filled(given: Mapping[str, Rows]) -> dict[str, Rows]:
    """Every contract table, the given rows completed."""
    unknown = given.keys() - contracts().keys()
    if unknown:
        raise AssertionError(f"no such tables: {sorted(unknown)}")
    settlements = [settlement(row) for row in given.get("setl_d", [])]
    known = {row["setl_id"]: row for row in settlements}
    for table in ("fee_list_d", "setl_list_diag_d", "setl_list_oprn_d"):
        for row in given.get(table, []):
            setl_id = row.get("setl_id", "S1")
            if setl_id is not None and setl_id not in known:
                known[setl_id] = settlement({"setl_id": setl_id})
                settlements.append(known[setl_id])
    tables: dict[str, Rows] = {table: list(given.get(table, [])) for table in contracts()}
    tables["setl_d"] = settlements
    tables["mdtrt_d"] = [visit(row) for row in given.get("mdtrt_d", [])]
    tables["fee_list_d"] = [
        fee_line(position, row, known) for position, row in enumerate(given.get("fee_list_d", []), start=1)
    ]
    tables["setl_list_diag_d"] = [
        listed("D", position, row, known, "setl_list_diag_id", {"maindiag_flag": "1", "diag_type": "1"})
        for position, row in enumerate(given.get("setl_list_diag_d", []), start=1)
    ]
    tables["setl_list_oprn_d"] = [
        listed("O", position, row, known, "setl_list_oprn_id", {"main_oprn_flag": "1"})
        for position, row in enumerate(given.get("setl_list_oprn_d", []), start=1)
    ]
    tables["fixmedins_b"] = [institution(row) for row in [*given.get("fixmedins_b", []), *PLACES]]
    tables["fixmedins_b"] = list(
        {row["fixmedins_code"]: row for row in reversed(tables["fixmedins_b"])}.values()
    )
    for point in tables["kb_item_limit"]:
        point.setdefault("match", "编码")
    return tables


PLACES: Rows = [
    {"fixmedins_code": "H1", "hosp_lv": "05"}, {"fixmedins_code": "H2", "hosp_lv": "05"},
    {"fixmedins_code": "H3", "hosp_lv": "05"},
    *({"fixmedins_code": f"Y{n}", "fixmedins_type": "2", "hosp_lv": "11"} for n in (1, 2, 3)),
]  # fmt: skip


def settlement(row: Mapping[str, Any]) -> dict[str, Any]:
    setl_id = row["setl_id"]
    begin = row.get("begndate", DAY)
    end = row.get("enddate", begin)
    return {
        "mdtrt_id": setl_id.replace("S", "M", 1), "psn_no": "P1", "insutype": "390", "med_type": "11",
        "fixmedins_code": "H1", "insu_admdvs": "999001", "begndate": begin, "enddate": end,
        "setl_time": dt.datetime.combine(end or begin, dt.time(15)) if setl_id else None, "medfee_sumamt": 100,
        "inscp_amt": 80, "hifp_pay": 60, "fund_pay_sumamt": 60, "refd_setl_flag": "0", "vali_flag": "1", **row,
        "ym": str(row.get("setl_time", end or begin))[:7],
    }  # fmt: skip


def visit(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "psn_no": "P1", "fixmedins_code": "H1", "med_type": "21", "begntime": DAY, "vali_flag": "1", **row,
        "ym": str(row.get("begntime", DAY))[:7],
    }  # fmt: skip


def fee_line(
    position: int, row: Mapping[str, Any], settlements: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    setl_id = row.get("setl_id", "S1")
    owner = settlements.get(setl_id, {})
    when = row.get("fee_ocur_time", owner.get("begndate", DAY))
    price = Decimal(str(row.get("pric", 10)))
    total = Decimal(str(row.get("cnt", 1))) * price
    return {
        "bkkp_sn": f"F{position}", "setl_id": setl_id, "mdtrt_id": owner.get("mdtrt_id", "M1"),
        "psn_no": owner.get("psn_no", "P1"), "fixmedins_code": owner.get("fixmedins_code", "H1"),
        "fee_ocur_time": when, "hilist_code": "A", "hilist_name": f"项目{row.get('hilist_code', 'A')}",
        "list_type": "201", "cnt": 1, "pric": price, "det_item_fee_sumamt": total,
        "inscp_amt": row.get("det_item_fee_sumamt", total), **row, "ym": str(when)[:7],
    }  # fmt: skip


def listed(
    letter: str,
    position: int,
    row: Mapping[str, Any],
    settlements: Mapping[str, Any],
    key: str,
    more: dict[str, Any],
) -> dict[str, Any]:
    setl_id = row.get("setl_id", "S1")
    return {
        key: f"{letter}{position}", "setl_id": setl_id, "mdtrt_id": settlements[setl_id]["mdtrt_id"], **more, **row,
    }  # fmt: skip


def institution(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "fixmedins_name": row["fixmedins_code"], "fixmedins_type": "1", "fix_blng_admdvs": "999001", "vali_flag": "1", **row,
    }  # fmt: skip
