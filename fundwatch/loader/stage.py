"""Reads a file's rows into one typed table, in one pass through DuckDB's own readers.

The table ``staged`` holds the contract's columns in the file's order, ``_faulty`` and, for faulty rows only, the cells as
written (``_cells``, held in memory for the explanation and never stored). ``gaps`` maps its rows to rows of the file.
"""
# ruff: noqa: S608 - names come from contracts and positions; values are variables or parameters

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from fundwatch.contracts import Column, Contract
from fundwatch.loader import values
from fundwatch.loader.header import Header
from fundwatch.loader.held import hold, is_held
from fundwatch.loader.limits import Intake
from fundwatch.loader.pseudonyms import column_hasher
from fundwatch.loader.text import TextFile
from fundwatch.loader.trust import DATE_FORMAT, LIST_LATER, TIME_FORMAT, types_read

#: rejected lines kept; more of them than this fail the file anyway
REJECTS_KEPT = 1_000_000
#: what the reader says of a cell that it could not turn into its column's type
NOT_OF_ITS_TYPE = "CAST"


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
    #: the type of each cell (by place) that the reader itself turns into it
    exact: dict[int, str] = field(default_factory=dict)

    def is_wide(self, column: Column) -> bool:
        """Whether the reader reads a decimal with more places than the column has."""
        kind = self.exact.get(self.header.position.get(column.name, -1))
        return kind is not None and bool(values.DECIMAL.fullmatch(kind)) and kind != column.sql_type

    def has_wide(self, contract: Contract) -> bool:
        """Whether it does so for any column: then a row that is faulty may be so by that alone."""
        return any(self.is_wide(column) for column in contract.columns)

    @property
    def listed(self) -> dict[str, int]:
        """Columns (with their places) whose different values are yet to be held against their pattern."""
        return {
            name: place for name, place in self.header.position.items() if self.exact.get(place) == LIST_LATER
        }


@dataclass(frozen=True)
class Staged:
    """Rows read (blank ones taken out), how many of them are faulty, and the lines that were no rows."""

    rows: int
    faulty: int
    lines: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: every row in the file's order, where they are held in memory
    held: pa.Table | None = None
    #: no row is faulty, not even a blank one
    clean: bool = False


def text_cells(
    contract: Contract, file: TextFile, *, trust_reader: bool = True, distrusted: frozenset[int] = frozenset()
) -> Cells:
    """The rows of a delimited file through DuckDB's reader; bad lines go to its table of rejects.

    ``trust_reader`` lets the reader turn cells into their type where it cannot err (``trust``), except in ``distrusted``
    columns. A cell that is not of the type ends among the rejects, and the caller reads the file again without that trust.
    """
    exact = types_read(contract, file, distrusted) if trust_reader else {}
    columns = ", ".join(f"'c{place}': '{exact.get(place, 'VARCHAR')}'" for place in range(file.header.width))
    relation = (
        "read_csv($path, auto_detect = false, header = false, delim = $delimiter, quote = '\"', escape = '\"',"
        f" skip = {file.header.first_data_row - 1}, columns = {{{columns}}}, nullstr = $blank, store_rejects = true,"
        f" dateformat = '{DATE_FORMAT}', timestampformat = '{TIME_FORMAT}', rejects_limit = {REJECTS_KEPT})"
    )
    parameters = {"path": str(file.path), "delimiter": file.delimiter, "blank": list(values.BLANK_WORDS)}
    return Cells(relation, parameters, file.header, file.header.first_data_row, text=file, exact=exact)


def stage(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, intake: Intake
) -> pa.Table | None:
    """Read the rows into columns held in memory, or into the table ``staged`` (made anew) when they are too many for that.

    Raises duckdb.InvalidInputException when DuckDB cannot go on reading.
    """
    for left_over in ("staged", "reject_errors", "reject_scans"):
        connection.execute(f"drop table if exists {left_over}")
    if cells.text is None or not is_held(cells.text.path):
        connection.execute(f"create temp table staged as {_selected(contract, cells)}", cells.parameters)
        return None
    statement = _selected(contract, cells, persons_hashed=False)
    read = connection.sql(statement, params=cells.parameters).to_arrow_table()
    persons = [column.name for column in contract.columns if column.pseudonym]
    return hold(read, column_hasher(intake.key), persons, cells.listed, intake.beside)


def _selected(contract: Contract, cells: Cells, *, persons_hashed: bool = True) -> str:
    """SQL: the typed columns of every row, whether it is faulty, and the cells of faulty ones."""
    positions = {name: f"c{place}" for name, place in cells.header.position.items()}
    wanted = [column for column in contract.columns if column.name in positions]
    raw = [
        *positions.values(),
        *(["c_fault"] if cells.has_faults else []),
        *(["c_row"] if cells.has_rows else []),
    ]
    read = {name for name, place in cells.header.position.items() if place in cells.exact}

    def value(column: Column) -> str:
        cell = positions[column.name]
        if cells.is_wide(column):
            return f"cast({cell} as {column.sql_type})"
        if column.name in read:
            return cell
        return values.typed(column, cell) if persons_hashed else values.typed_unhashed(column, cell)

    typed = ", ".join(f'{value(column)} as "{column.name}"' for column in wanted)
    looked_at = [
        values.read_fault(contract, c)
        if c.name in read
        else values.fault(contract, c, positions[c.name], f'"{c.name}"')
        for c in wanted
    ]
    faults = [test for test in looked_at if test]
    faults += [f'coalesce({positions[c.name]} <> "{c.name}", false)' for c in wanted if cells.is_wide(c)]
    faults += ["c_fault is not null"] if cells.has_faults else []
    written = ", ".join(f"cast({cell} as varchar)" for cell in positions.values())
    return (
        f"select {_contract_columns(contract, wanted)}, _faulty,{' c_row,' if cells.has_rows else ''}"
        f" case when _faulty then [{written}] end as _cells"
        f"{''.join(f', {test} as {name}' for name, test in _notes(contract, cells).items() if test)}"
        f" from (select *, {' or '.join(faults)} as _faulty"
        f" from (select {', '.join(raw)}, {typed} from {cells.relation}))"
    )


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


def unread_places(connection: duckdb.DuckDBPyConnection) -> frozenset[int]:
    """Places where a cell was not of the type that its column was read as."""
    found = connection.execute(
        f"select distinct column_name from reject_errors where cast(error_type as varchar) = '{NOT_OF_ITS_TYPE}'"
    ).fetchall()
    return frozenset(int(name.removeprefix("c")) for (name,) in found)
