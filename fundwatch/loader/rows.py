"""Reads the rows, takes out blank ones, and gives each its number in the file."""
# ruff: noqa: S608 - names come from contracts; values are variables or parameters

from __future__ import annotations

from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.contracts import Contract
from fundwatch.loader.held import misshapen, numbered
from fundwatch.loader.limits import Intake
from fundwatch.loader.report import Refused
from fundwatch.loader.stage import (
    Cells,
    Line,
    Staged,
    lake_types,
    notes_left_out,
    rejected_lines,
    stage,
    text_cells,
    unread_places,
)
from fundwatch.loader.survey import blank_lines, survey
from fundwatch.loader.text import one_kind_of_line_end, open_text
from fundwatch.loader.trust import disproved

OPEN_QUOTE = "UNQUOTED VALUE"
BROKEN_ENCODING = "INVALID ENCODING"
TOO_FEW = "MISSING COLUMNS"


@dataclass(frozen=True)
class Reading:
    """What one reading of the file gave: the cells as they were read, the rows if held, the lines that were no rows."""

    cells: Cells
    held: pa.Table | None
    lines: list[Line] = field(default_factory=list)


def read_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, intake: Intake
) -> Staged:
    """Stage the file; afterwards the view ``numbered`` (every row, with ``_order`` and ``_row_no``) exists and, unless
    all rows are fit to load, the table ``faulty`` (those that are not, with their cells).

    ``_row_no`` counts as a spreadsheet does: rejected and blank lines are rows of the file too. Raises Refused when an
    open quote or the encoding leaves the rest of the file unreadable.
    """
    warnings: list[str] = []
    missing: list[int] = []
    if cells.text:
        reading = _stage_text(connection, contract, cells, intake)
        missing, warnings = _account_for_lines(connection, reading)
    else:
        reading = Reading(cells, stage(connection, contract, cells, intake))
    held = _number(connection, contract, reading, missing)
    if held is not None and not pc.any(held.column("_faulty")).as_py():
        return Staged(
            held.num_rows, 0, [line for line in reading.lines if line.text], warnings, held, clean=True
        )
    not_blank = "len(list_filter(_cells, lambda cell: fw_clean(cell) is not null)) > 0"
    connection.execute(f"create temp table faulty as select * from numbered where _faulty and {not_blank}")
    good, faulty = connection.execute(
        "select (select count(*) from numbered where not _faulty), (select count(*) from faulty)"
    ).fetchone()  # type: ignore[misc]
    return Staged(good + faulty, faulty, [line for line in reading.lines if line.text], warnings, held)


def good_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, batch_id: str, staged: Staged
) -> None:
    """Create the view ``good``: rows fit to load, with their batch."""
    connection.execute("set variable batch_id = $batch", {"batch": batch_id})
    connection.execute(
        f"create temp view good as select {lake_types(contract)}, getvariable('batch_id') as _batch_id, _row_no, _order"
        f" from numbered {'' if staged.clean else 'where not _faulty'}"
    )


def _stage_text(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, intake: Intake
) -> Reading:
    reading = _read(connection, contract, cells, intake)
    assert reading.cells.text
    if reading.cells.text.ascii_so_far and any(line.kind == BROKEN_ENCODING for line in reading.lines):
        # The first megabyte was plain ASCII; what follows is not UTF-8.
        file = open_text(contract, intake, encoding="gb18030")
        reading = _read(connection, contract, text_cells(contract, file), intake)
    for line in reading.lines:
        if line.kind == OPEN_QUOTE and "\n" in line.text:
            raise Refused(f"第 {line.row} 行有一个引号没有闭合,它后面的行无法分清。请改正这一行后重新载入。")
    return reading


def _read(connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, intake: Intake) -> Reading:
    """Stage the file; read columns again as text where the reader was trusted with what it cannot read exactly."""
    assert cells.text
    distrusted: frozenset[int] = frozenset()
    try:
        while True:
            held = stage(connection, contract, cells, intake)
            wrong = unread_places(connection) | disproved(cells.exact, cells.text.survey)
            if held is not None:
                wrong |= {cells.listed[name] for name in misshapen(held, contract, cells.listed)}
            if not wrong and cells.has_wide(contract) and _any_faulty(connection, held):
                # perhaps a decimal too many, which only the careful reading can tell from the cell as written
                wrong = frozenset(cells.header.position[c.name] for c in contract.columns if cells.is_wide(c))
            if not wrong:
                return Reading(cells, held, rejected_lines(connection))
            distrusted |= wrong
            cells = text_cells(contract, cells.text, distrusted=distrusted)
    except duckdb.InvalidInputException:
        path = one_kind_of_line_end(cells.text.path, intake.work / "lines.csv")
        file = replace(cells.text, path=path, surveyed=intake.beside.submit(survey, path))
        cells = text_cells(contract, file, trust_reader=False)
        return Reading(cells, stage(connection, contract, cells, intake), rejected_lines(connection))


def _account_for_lines(
    connection: duckdb.DuckDBPyConnection, reading: Reading
) -> tuple[list[int], list[str]]:
    """Row numbers at which no row was read, and a warning when the file seems cut off."""
    cells, lines = reading.cells, reading.lines
    assert cells.text
    rows = _rows_staged(connection) if reading.held is None else reading.held.num_rows
    empty = blank_lines(cells.text.path, cells.text.survey, cells.first_row - 1 + rows + len(lines))
    missing = sorted({line.row for line in lines} | {row for row in empty if row >= cells.first_row})
    warnings = []
    if cells.text.survey.ends_mid_line:
        last_row = cells.first_row - 1 + rows + len(missing)
        cut = (
            bool(lines)
            and lines[-1].row == last_row
            and lines[-1].kind in (TOO_FEW, OPEN_QUOTE, BROKEN_ENCODING)
        )
        warnings.append(
            "最后一行不完整,文件可能被截断,该行已隔离" if cut else "最后一行没有换行符,请确认文件完整"
        )
    return missing, warnings


def _any_faulty(connection: duckdb.DuckDBPyConnection, held: pa.Table | None) -> bool:
    if held is not None:
        return bool(pc.any(held.column("_faulty")).as_py())
    return connection.execute("select coalesce(bool_or(_faulty), false) from staged").fetchone()[0]  # type: ignore[index]


def _rows_staged(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute("select count(*) from staged").fetchone()[0]  # type: ignore[index]


def _number(
    connection: duckdb.DuckDBPyConnection, contract: Contract, reading: Reading, missing: list[int]
) -> pa.Table | None:
    """Create the view ``numbered``; returns the rows with their numbers if they are held."""
    cells, notes = reading.cells, notes_left_out(contract, reading.cells)
    if reading.held is not None:
        held = numbered(reading.held, cells.first_row, missing)
        connection.register("staged", held)
        connection.execute(f"create temp view numbered as select *{notes} from staged")
        return held
    source, number = "staged", f"staged.rowid + {cells.first_row}"
    if cells.has_rows:
        number = "c_row"
    elif missing:
        # Before the n-th missing row (from 0) stand (row - first - n) rows that were read.
        since = [-1, *(row - cells.first_row - place for place, row in enumerate(missing))]
        connection.execute(
            "create temp table gaps as select since, max(shift) as shift"
            " from (select unnest($since) as since, unnest($shift) as shift) group by since",
            {"since": since, "shift": list(range(len(since)))},
        )
        source, number = "staged asof join gaps on staged.rowid >= gaps.since", f"{number} + shift"
    left_out = " exclude (c_row)" if cells.has_rows else ""
    connection.execute(
        f"create temp view numbered as select staged.*{left_out}, staged.rowid as _order, {number} as _row_no{notes}"
        f" from {source}"
    )
    return None
