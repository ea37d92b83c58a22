"""One cell after another through the loader's expressions: every kind of column of every contract, whatever stands in the cell.

The statement ends without an error; a value that comes out is what the cell says (amounts to the fen, days between 1900 and 9999, codes of
closed lists among the list's); an ID-card or phone number in a free text is gone; a person's number never comes out as it was.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import tempfile
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.hostile.tally import Family, timed
from benchmarks.hostile.words import ID_NUMBER, INSIDE, PHONE, mixed
from fundwatch.contracts import Column, Contract, code_lists, contracts
from fundwatch.home import Home
from fundwatch.loader.header import find_header
from fundwatch.loader.limits import read_limits
from fundwatch.loader.report import Refused
from fundwatch.loader.values import DECIMAL, fault, prepare, typed

#: cells of one statement
BATCH = 400
KEY = bytes(range(32))
LEFT_BESIDE_DIGITS = re.compile(r"[¥￥元,+\s()]")


def columns() -> list[tuple[Contract, Column]]:
    """One column of each way of reading there is."""
    found: dict[tuple[Any, ...], tuple[Contract, Column]] = {}
    for contract in contracts().values():
        for column in contract.columns:
            way = (
                column.kind, column.sql_type, column.pattern, column.codes, column.closed, column.minimum, column.maximum,
                column.free_text, column.pseudonym,
            )  # fmt: skip
            found.setdefault(way, (contract, column))
    return list(found.values())


def run(cases: int, seed: int) -> Family:
    """Cells in equal shares of all ways of reading, and a tenth as many headers."""
    family, chance, ways = Family("cells and headers"), random.Random(seed), columns()
    share = max(cases // len(ways), 1)
    with timed(family), tempfile.TemporaryDirectory() as folder:
        limits = read_limits(Home(Path(folder)))
        for contract, column in ways:
            left = share
            while left > 0:
                cells = [
                    mixed(chance) if chance.randrange(5) else _near(chance, column)
                    for _ in range(min(BATCH, left))
                ]
                left -= len(cells)
                with duckdb.connect() as connection:
                    prepare(connection, contract, KEY, limits)
                    _read(family, connection, contract, column, cells)
        for _ in range(cases // 10):
            _header(family, chance)
    return family


def _near(chance: random.Random, column: Column) -> str:
    """Something that looks like what the column holds, with one character changed."""
    base = {
        "date": "2026-02-28", "time": "2026-02-28 23:59:60", "month": "2026-02", "issue": "202602", "quarter": "2026Q1", "year": "2026",
    }.get(column.kind, "1,234.50")  # fmt: skip
    place = chance.randrange(len(base))
    return (
        base[:place]
        + chance.choice("0123456789０９-/.年月日eE+,()QT: ٣\x00")
        + base[place + chance.randrange(2) :]
    )


def _read(
    family: Family,
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    column: Column,
    cells: list[str],
) -> None:
    name = f"{contract.table}.{column.name}"
    connection.register("cells", pa.table({"cell": pa.array(cells, pa.string())}))
    value = typed(column, "cell")
    wrong = fault(contract, column, "cell", value) or "false"
    try:
        rows = connection.execute(f"select {value} as value, {wrong} as wrong from cells").fetchall()
    except Exception as error:  # whatever came out is what was looked for
        family.fail(f"{name}: {type(error).__name__}: {error}")
        rows = []
    for cell, (found, refused) in zip(cells, rows, strict=False):
        family.ended("refused" if refused else "blank" if found is None else "read")
        if found is not None and (words := _doubt(column, cell, found)):
            family.fail(f"{name}: {cell!r} was read as {found!r}: {words}")


def _doubt(column: Column, cell: str, found: Any) -> str:  # noqa: PLR0911
    """What is wrong with the value, or nothing."""
    if column.pseudonym:
        return "" if str(found) not in cell and len(str(found)) >= 16 else "no pseudonym"
    if DECIMAL.fullmatch(column.sql_type):
        plain = LEFT_BESIDE_DIGITS.sub(
            "", unicodedata.normalize("NFKC", cell.strip("\ufeff\u200b \t\r\n\u3000")).replace("−", "-")
        )
        try:
            return "" if abs(Decimal(plain)) == abs(found) else "another amount"
        except ArithmeticError:
            return "no number"
    if isinstance(found, dt.datetime | dt.date):
        return "" if 1900 <= found.year <= 9999 else "no such day"
    if column.codes and column.closed:
        return "" if found in code_lists()[column.codes] else "not on the list"
    if column.free_text:
        return "personal" if ID_NUMBER in str(found) or PHONE in str(found) else ""
    return ""


def _header(family: Family, chance: random.Random) -> None:
    contract = chance.choice(list(contracts().values()))
    names = [column.name for column in contract.columns]
    rows = [[mixed(chance) for _ in range(chance.randrange(6))] for _ in range(chance.randrange(4))]
    cells = names[: chance.randrange(len(names) + 1)] + [mixed(chance) for _ in range(chance.randrange(4))]
    chance.shuffle(cells)
    try:
        find_header(contract, [*rows, cells])
        family.ended("header found")
    except Refused as refused:
        family.ended("header refused")
        if INSIDE.search(refused.message):
            family.fail(f"header of {contract.table}: {refused.message}")
    except Exception as error:  # whatever came out is what was looked for
        family.ended("header failed")
        family.fail(f"header of {contract.table}: {type(error).__name__}: {error}")
