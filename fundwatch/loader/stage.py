"""Reads a file's rows into one typed table, in one pass through DuckDB's own readers.

The table ``staged`` holds the contract's columns in the file's order, ``_faulty`` and, for faulty rows only, the cells as
written (``_cells``, held in memory for the explanation and never stored). ``gaps`` maps its rows to rows of the file.
"""
# ruff: noqa: S608 - names come from contracts and positions; values are variables or parameters

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from fundwatch.contracts import Column, Contract, code_lists
from fundwatch.loader import values
from fundwatch.loader.header import Header
from fundwatch.loader.text import TextFile

#: rejected lines kept; more of them than this fail the file anyway
REJECTS_KEPT = 1_000_000


@dataclass(frozen=True)
class Line:
    """A line that is no row: a wrong number of cells, an open quote, broken encoding. ``row`` as in the file."""

    row: int
    kind: str
    text: str


@dataclass(frozen=True)
class Cells:
    """Rows as text cells ``c0``, ``c1`` … from any reader; ``c_fault`` holds what the reader itself found wrong.

    ``relation`` is a from-clause over ``parameters``; ``first_row`` is the row number of its first row.
    """

    relation: str
    parameters: dict[str, object]
    header: Header
    first_row: int
    has_faults: bool = False
    #: the reader gives each row's number itself (``c_row``): a row of the file may have become several
    has_rows: bool = False
    text: TextFile | None = None
    #: places whose cells the reader itself turns into a type: the column's decimal, or a list of its codes
    exact: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Staged:
    """Rows read (blank ones taken out), how many of them are faulty, and the lines that were no rows."""

    rows: int
    faulty: int
    lines: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def text_cells(contract: Contract, file: TextFile, *, trust_reader: bool = True) -> Cells:
    """The rows of a delimited file through DuckDB's reader; bad lines go to its table of rejects.

    ``trust_reader`` lets the reader turn text into decimals where the survey proves that it cannot err, and into codes
    that stand in their list as they are written. A cell that is neither ends among the rejects, and the caller reads the
    file again without trust.
    """
    exact = {**_exact_decimals(contract, file), **_exact_codes(contract, file)} if trust_reader else {}
    columns = ", ".join(f"'c{place}': '{exact.get(place, 'VARCHAR')}'" for place in range(file.header.width))
    relation = (
        "read_csv($path, auto_detect = false, header = false, delim = $delimiter, quote = '\"', escape = '\"',"
        f" skip = {file.header.first_data_row - 1}, columns = {{{columns}}}, nullstr = $blank, store_rejects = true,"
        f" rejects_limit = {REJECTS_KEPT})"
    )
    parameters = {"path": str(file.path), "delimiter": file.delimiter, "blank": list(values.BLANK_WORDS)}
    return Cells(
        relation, parameters, file.header, file.header.first_data_row, text=file, exact=frozenset(exact)
    )


def _exact_decimals(contract: Contract, file: TextFile) -> dict[int, str]:
    """Cells that the reader may read as decimals: their type by place. None when a number may be written oddly."""
    if not file.survey.plain_numbers:
        return {}
    return {
        place: contract.by_name[name].sql_type
        for name, place in file.header.position.items()
        if (decimal := values.DECIMAL.fullmatch(contract.by_name[name].sql_type))
        and file.survey.decimals <= int(decimal[2])
    }


def _exact_codes(contract: Contract, file: TextFile) -> dict[int, str]:
    """Cells of listed codes as enumerations: half the work of texts in every later step, and checked by the reading."""
    found = {}
    for name, place in file.header.position.items():
        listed = contract.by_name[name].codes
        if listed and not contract.by_name[name].pattern:
            codes = ", ".join(f"''{code}''" for code in code_lists()[listed])
            found[place] = f"ENUM({codes})"
    return found


def stage(connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells) -> None:
    """Create the table ``staged`` anew; raises duckdb.InvalidInputException when DuckDB cannot go on reading."""
    positions = {name: f"c{place}" for name, place in cells.header.position.items()}
    wanted = [column for column in contract.columns if column.name in positions]
    raw = [
        *positions.values(),
        *(["c_fault"] if cells.has_faults else []),
        *(["c_row"] if cells.has_rows else []),
    ]
    read = {name for name, place in cells.header.position.items() if place in cells.exact}
    typed = ", ".join(
        f'{positions[c.name] if c.name in read else values.typed(c, positions[c.name])} as "{c.name}"'
        for c in wanted
    )
    looked_at = [
        _blank_code(c) if c.name in read else values.fault(contract, c, positions[c.name], f'"{c.name}"')
        for c in wanted
    ]
    faults = [test for test in looked_at if test]
    faults += ["c_fault is not null"] if cells.has_faults else []
    statement = (
        f"create temp table staged as select {_contract_columns(contract, wanted)}, _faulty,{' c_row,' if cells.has_rows else ''}"
        f" case when _faulty then [{', '.join(f'cast({cell} as varchar)' for cell in positions.values())}] end as _cells"
        f"{''.join(f', {test} as {name}' for name, test in _notes(contract, cells).items() if test)}"
        f" from (select *, {' or '.join(faults)} as _faulty"
        f" from (select {', '.join(raw)}, {typed} from {cells.relation}))"
    )
    for left_over in ("staged", "reject_errors", "reject_scans"):
        connection.execute(f"drop table if exists {left_over}")
    connection.execute(statement, cells.parameters)


def _blank_code(column: Column) -> str | None:
    """SQL: true where a code that the reader has read is blank and must not be; numbers may be."""
    return f'"{column.name}" is null' if values.must_not_be_blank(column) else None


def _notes(contract: Contract, cells: Cells) -> dict[str, str | None]:
    """Columns that only some files need: what the reader found wrong, the word that an alias stood in for."""
    positions = {name: f"c{place}" for name, place in cells.header.position.items()}
    return {
        "_reader_fault": "c_fault" if cells.has_faults else None,
        "_source_word": values.source_word(contract, positions),
    }


def notes_left_out(contract: Contract, cells: Cells) -> str:
    """SQL: the note columns that ``staged`` does not have, as nulls."""
    return "".join(
        f", cast(null as varchar) as {name}" for name, test in _notes(contract, cells).items() if not test
    )


def _contract_columns(contract: Contract, wanted: Iterable[Column]) -> str:
    have = {column.name for column in wanted}
    return ", ".join(
        f'"{c.name}"' if c.name in have else f'cast(null as {c.sql_type}) as "{c.name}"'
        for c in contract.columns
    )


def lake_types(contract: Contract) -> str:
    """SQL: the contract's columns of ``staged`` as the lake has them; codes may have been read as enumerations."""
    return ", ".join(f'cast("{c.name}" as {c.sql_type}) as "{c.name}"' for c in contract.columns)


def rejected_lines(connection: duckdb.DuckDBPyConnection) -> list[Line]:
    """Lines that DuckDB's reader could not cut into cells, in file order. ``text`` is cut off after 10,000 characters."""
    found = connection.execute(
        "select line, any_value(cast(error_type as varchar)), any_value(csv_line)"
        " from reject_errors group by line order by line"
    ).fetchall()
    return [Line(line, kind, (text or "").strip()) for line, kind, text in found]
