"""A county of hostile rows, as files for the loader: every example of every rule at once, and random rows of edge values.

What the rows mean does not matter here: two engines must make the same of them. Amounts stay small enough for the sums to exist.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from fundwatch.contracts import Column, Contract, code_lists, contracts

RULES = Path(__file__).parents[1] / "rules"
sys.path.insert(0, str(RULES))

from rule_world import filled  # noqa: E402

Row = dict[str, Any]
#: names that tie rows together: each example keeps its own
NUMBERS = (
    "setl_id", "mdtrt_id", "psn_no", "bkkp_sn", "init_feedetl_sn", "init_setl_id", "setl_list_diag_id",
    "setl_list_oprn_id", "warn_rslt_id", "doc_id", "doc_suspt_id",
)  # fmt: skip
TEXTS = (
    None, "１２３", "　全角 空格　", " 前后 ", "a\\b", "it's", "100%_x", '"引号"', "中文,逗号", "😀药", "NULL", "null",
    "A" * 3000, "ÉéßﬁŉΑΣİıǆ", "ß01", "0", "Z49", "J18.9", "O80.0X1", "ｊ18", "\t制表",
)  # fmt: skip
#: what the loader reads as blank
BLANK = (None, "NULL", "null")
CODES = ("XA10BAE047A002010100001", "001102000010000", "0012", "C0101", "x", "ＸＡ10")
#: no month without settlements: a rule runs once for months that follow each other
DAYS = (
    "2024-02-29", "2024-02-28", "2024-03-01", "2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01",
    "2024-12-31", "2024-04-30", "2024-05-31", "2024-08-31", "2024-09-30", "2024-10-01", "2024-11-30",
)  # fmt: skip
TIMES = ("00:00:00", "23:59:59", "00:00:01", "12:00:00")
BIRTHS = ("2020-02-29", "2024-02-29", "2006-03-01", "1964-02-29", "1900-03-01", "2024-12-31")
AMOUNTS = ("0", "0.01", "-0.01", "0.05", "33.33", "66.67", "100.05", "-100.05", "99999.99", "1000.00", "0.10")
COUNTS = ("1", "0.5", "0.3333", "2.0050", "-1", "-0.5", "3", "1000", "0.0001", "7")
#: random rows per table
EDGES = {
    "setl_d": 260, "mdtrt_d": 200, "fee_list_d": 700, "setl_list_diag_d": 120, "setl_list_oprn_d": 60,
    "bffact_warn_rslt_d": 60, "doc_d": 80, "doc_suspt_d": 80,
}  # fmt: skip


def write_files(folder: Path, seed: int = 1) -> None:
    """CSV files, one per table, in the contract's form."""
    folder.mkdir(parents=True)
    rows = example_rows()
    for table, more in edge_rows(seed).items():
        rows.setdefault(table, []).extend(more)
    for table, found in rows.items():
        if not found:
            continue
        contract = contracts()[table]
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [column.name for column in contract.columns], extrasaction="ignore")
            writer.writeheader()
            for row in found:
                writer.writerow(
                    {
                        column.name: row.get(column.name, _required(contract, column))
                        for column in contract.columns
                    }
                )


def example_rows() -> dict[str, list[Row]]:
    """All cases of all rules in one county. Their knowledge points meet: the more hits the better."""
    rows: dict[str, list[Row]] = {}
    for path in sorted((RULES / "examples").glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            own = f"{path.stem}-{number}-"
            for table, found in filled(case["given"]).items():
                rows.setdefault(table, []).extend(_to_the_fen(_named(own, row)) for row in found)
    return rows


def edge_rows(seed: int) -> dict[str, list[Row]]:
    """Random rows that meet each other's numbers, refunds twice over among them."""
    dice = random.Random(seed)
    found: dict[str, list[Row]] = {}
    for table, count in EDGES.items():
        contract = contracts()[table]
        found[table] = [_edge(dice, contract, number) for number in range(count)]
    # two refunds of one settlement
    for number in range(20):
        twice = found["setl_d"][number]["setl_id"]
        for place in (200 + number, 230 + number):
            found["setl_d"][place] |= {"refd_setl_flag": "1", "init_setl_id": twice, "vali_flag": "1"}
    return found


def _named(own: str, row: Row) -> Row:
    return {
        name: f"{own}{value}" if name in NUMBERS and value is not None else value
        for name, value in row.items()
    } | ({"fixmedins_code": _place(row["fixmedins_code"])} if row.get("fixmedins_code") else {})


def _to_the_fen(row: Row) -> Row:
    """Amounts that the examples' county works out from quantity and price."""
    return {
        name: value.quantize(Decimal("0.01"))
        if name.endswith("_sumamt") and isinstance(value, Decimal)
        else value
        for name, value in row.items()
    }


def _place(short: str) -> str:
    """An institution of the examples under a code that the loader takes: H1 is H99900100001, Y1 a pharmacy."""
    return f"{'P' if short.startswith('Y') else 'H'}999001{int(short[1:]):05}"


def _edge(dice: random.Random, contract: Contract, number: int) -> Row:
    row = {column.name: _value(dice, column) for column in contract.columns}
    pools = {
        "setl_id": f"E{dice.randrange(200)}", "mdtrt_id": f"V{dice.randrange(150)}", "psn_no": f"P{dice.randrange(12)}",
        "init_setl_id": dice.choice((None, None, f"E{dice.randrange(200)}")),
        "init_feedetl_sn": dice.choice((None, None, f"L{dice.randrange(500)}")),
        "doc_id": f"D{dice.randrange(70)}",
    }  # fmt: skip
    row |= {name: value for name, value in pools.items() if name in row}
    key = contract.key[0]
    letter = {"setl_d": "E", "mdtrt_d": "V", "fee_list_d": "L", "doc_d": "D"}.get(contract.table, "K")
    return row | {key: f"{letter}{number}"}


def _value(dice: random.Random, column: Column) -> Any:
    name, kind = column.name, column.sql_type
    fixed = {
        "vali_flag": ("1", "1", "1", "0"), "refd_setl_flag": ("0", "0", "0", "1"), "gend": ("1", "2", "9", None),
        "med_type": ("11", "21", "41", "14", "13", "2105", "52"), "insutype": ("310", "390", "510"),
        "fixmedins_code": (*map(_place, ("H1", "H2", "H3", "Y1")), "H99900199999"), "hilist_code": CODES, "brdy": BIRTHS,
        "issue": ("202402", "202412"), "insu_admdvs": ("999001", "110101"), "fix_blng_admdvs": ("999001", "110101"),
        "age": (0, 1, 5, 17, 18, 60, 120),
    }.get(name)  # fmt: skip
    if fixed:
        return dice.choice(fixed)
    if column.codes:
        return dice.choice([*code_lists()[column.codes], *([] if column.required else [None])])
    if not column.required and dice.random() < 0.15:
        return None
    if column.kind == "flag":
        return dice.choice(("0", "1"))
    match kind:
        case "DATE":
            return dice.choice(DAYS)
        case "TIMESTAMP":
            return f"{dice.choice(DAYS)} {dice.choice(TIMES)}"
        case "BIGINT" | "INTEGER":
            return dice.choice((0, 1, 5, 17, 18, 60, 120))
        case "DECIMAL(16,2)":
            return dice.choice(_above(column, AMOUNTS))
        case text if text.startswith("DECIMAL"):
            return dice.choice(_above(column, COUNTS))
        case _:
            return dice.choice([text for text in TEXTS if not column.required or text not in BLANK])


def _above(column: Column, numbers: tuple[str, ...]) -> list[str]:
    return [text for text in numbers if column.minimum is None or Decimal(text) >= column.minimum]


def _required(contract: Contract, column: Column) -> Any:
    """What an example leaves out and the contract wants."""
    if not column.required:
        return None
    own = {
        "vali_flag": "1", "refd_setl_flag": "0", "fixmedins_code": _place("H1"), "fixmedins_type": "1", "insutype": "310",
        "insu_admdvs": "999001", "fix_blng_admdvs": "999001",
    }  # fmt: skip
    day = dt.date(2024, 3, 1)
    kinds = {"DATE": day, "TIMESTAMP": f"{day} 08:00:00", "VARCHAR": "x", "BIGINT": 1, "INTEGER": 1}
    return own.get(column.name, kinds.get(column.sql_type, Decimal(0)))
