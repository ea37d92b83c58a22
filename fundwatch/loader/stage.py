"""Reads a file's rows into one typed table, in one pass through DuckDB's own readers.

The table ``staged`` holds the contract's columns in the file's order, ``_faulty`` and, for faulty rows only, the cells as
written (``_cells``, held in memory for the explanation and never stored). ``gaps`` maps its rows to rows of the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from fundwatch.contracts import Column, Contract
from fundwatch.loader import values
from fundwatch.loader.header import Header
from fundwatch.loader.report import Refused
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


@dataclass(frozen=True)
class Staged:
    """Rows read into the table ``staged`` (blank rows taken out) and the lines that were no rows."""

    rows: int
    faulty: int
    lines: list[Line] = field(default_factory=list)


def text_cells(file: TextFile) -> Cells:
    """The rows of a delimited file through DuckDB's reader; bad lines go to its table of rejects."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(file.header.width))
    relation = (
        "read_csv($path, auto_detect = false, header = false, delim = $delimiter, quote = '\"', escape = '\"',"
        f" skip = {file.skip}, columns = {{{columns}}}, store_rejects = true, rejects_limit = {REJECTS_KEPT})"
    )
    parameters = {"path": str(file.path), "delimiter": file.delimiter}
    return Cells(relation, parameters, file.header, file.header.first_data_row)


def stage(connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells) -> None:
    """Create the table ``staged``; raises Refused when DuckDB cannot go on reading."""
    positions = {name: f"c{place}" for name, place in cells.header.position.items()}
    wanted = [column for column in contract.columns if column.name in positions]
    raw = [*positions.values(), *(["c_fault"] if cells.has_faults else [])]
    typed = ", ".join(f'{values.typed(c, positions[c.name])} as "{c.name}"' for c in wanted)
    faults = [values.fault(contract, c, positions[c.name], f'"{c.name}"') for c in wanted]
    faults += ["c_fault is not null"] if cells.has_faults else []
    statement = (
        f"create temp table staged as select {_contract_columns(contract, wanted)}, _faulty,"
        f" case when _faulty then [{', '.join(positions.values())}] end as _cells,"
        f" {'c_fault' if cells.has_faults else 'cast(null as varchar)'} as _reader_fault"
        f" from (select *, {' or '.join(faults)} as _faulty"
        f" from (select {', '.join(raw)}, {typed} from {cells.relation}))"
    )
    try:
        connection.execute(statement, cells.parameters)
    except duckdb.InvalidInputException as error:
        raise Refused(f"文件无法按 CSV 读取:{_first_line(error)}") from error


def _contract_columns(contract: Contract, wanted: Iterable[Column]) -> str:
    have = {column.name for column in wanted}
    return ", ".join(
        f'"{c.name}"' if c.name in have else f'cast(null as {c.sql_type}) as "{c.name}"'
        for c in contract.columns
    )


def rejected_lines(connection: duckdb.DuckDBPyConnection) -> list[Line]:
    """Lines that DuckDB's reader could not cut into cells, in file order; lines of white space only are no rows."""
    found = connection.execute(
        "select line, any_value(cast(error_type as varchar)), any_value(csv_line) from reject_errors group by line order by line"
    ).fetchall()
    return [Line(line, kind, text or "") for line, kind, text in found if (text or "").strip()]


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def empty_arrow(width: int) -> pa.Table:
    """No rows of ``width`` text cells."""
    return pa.table({f"c{place}": pa.array([], pa.string()) for place in range(width)})
