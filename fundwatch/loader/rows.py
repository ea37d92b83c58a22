"""Reads the rows, takes out blank ones, and gives each its number in the file."""
# ruff: noqa: S608 - names come from contracts; values are variables or parameters

from __future__ import annotations

from dataclasses import replace

import duckdb

from fundwatch.contracts import Contract
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
)
from fundwatch.loader.survey import blank_lines, survey
from fundwatch.loader.text import one_kind_of_line_end, open_text

OPEN_QUOTE = "UNQUOTED VALUE"
BROKEN_ENCODING = "INVALID ENCODING"
TOO_FEW = "MISSING COLUMNS"
NOT_A_NUMBER = "CAST"


def read_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, intake: Intake
) -> Staged:
    """Stage the file; afterwards the views ``numbered`` (every row, with ``_order`` and ``_row_no``) and the table
    ``faulty`` (rows that must not load, with their cells) exist.

    ``_row_no`` counts as a spreadsheet does: rejected and blank lines are rows of the file too. Raises Refused when an
    open quote or the encoding leaves the rest of the file unreadable.
    """
    lines: list[Line] = []
    warnings: list[str] = []
    missing: list[int] = []
    if cells.text:
        cells, lines = _stage_text(connection, contract, cells, intake)
        missing, warnings = _account_for_lines(connection, cells, lines)
    else:
        stage(connection, contract, cells)
    _number(connection, contract, cells, missing)
    not_blank = "len(list_filter(_cells, lambda cell: fw_clean(cell) is not null)) > 0"
    connection.execute(f"create temp table faulty as select * from numbered where _faulty and {not_blank}")
    good, faulty = connection.execute(
        "select (select count(*) from staged where not _faulty), (select count(*) from faulty)"
    ).fetchone()  # type: ignore[misc]
    return Staged(good + faulty, faulty, [line for line in lines if line.text], warnings)


def good_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, batch_id: str) -> None:
    """Create the view ``good``: rows fit to load, with their batch."""
    connection.execute("set variable batch_id = $batch", {"batch": batch_id})
    connection.execute(
        f"create temp view good as select {lake_types(contract)}, getvariable('batch_id') as _batch_id, _row_no, _order"
        " from numbered where not _faulty"
    )


def _stage_text(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, intake: Intake
) -> tuple[Cells, list[Line]]:
    cells, lines = _read(connection, contract, cells, intake)
    assert cells.text
    if cells.text.ascii_so_far and any(line.kind == BROKEN_ENCODING for line in lines):
        # The first megabyte was plain ASCII; what follows is not UTF-8.
        file = open_text(contract, intake, encoding="gb18030")
        cells, lines = _read(connection, contract, text_cells(contract, file), intake)
    for line in lines:
        if line.kind == OPEN_QUOTE and "\n" in line.text:
            raise Refused(f"第 {line.row} 行有一个引号没有闭合,它后面的行无法分清。请改正这一行后重新载入。")
    return cells, lines


def _read(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, intake: Intake
) -> tuple[Cells, list[Line]]:
    """Stage the file; read it again as text alone where a number was not what the reader expects."""
    assert cells.text
    try:
        stage(connection, contract, cells)
        lines = rejected_lines(connection)
        if not any(line.kind == NOT_A_NUMBER for line in lines):
            return cells, lines
        cells = text_cells(contract, cells.text, trust_reader=False)
        stage(connection, contract, cells)
    except duckdb.InvalidInputException:
        one_kind = one_kind_of_line_end(cells.text.path, intake.work / "lines.csv")
        cells = text_cells(
            contract, replace(cells.text, path=one_kind, survey=survey(one_kind)), trust_reader=False
        )
        stage(connection, contract, cells)
    return cells, rejected_lines(connection)


def _account_for_lines(
    connection: duckdb.DuckDBPyConnection, cells: Cells, lines: list[Line]
) -> tuple[list[int], list[str]]:
    """Row numbers at which no row was read, and a warning when the file seems cut off."""
    assert cells.text
    rows = connection.execute("select count(*) from staged").fetchone()[0]  # type: ignore[index]
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


def _number(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, missing: list[int]
) -> None:
    first, notes = cells.first_row, notes_left_out(contract, cells)
    if cells.has_rows:
        connection.execute(
            f"create temp view numbered as select * exclude (c_row), rowid as _order, c_row as _row_no{notes} from staged"
        )
        return
    if not missing:
        connection.execute(
            f"create temp view numbered as select *, rowid as _order, rowid + {first} as _row_no{notes} from staged"
        )
        return
    # Before the n-th missing row (from 0) stand (row - first - n) rows that were read.
    since = [-1, *(row - first - number for number, row in enumerate(missing))]
    connection.execute(
        "create temp table gaps as select since, max(shift) as shift"
        " from (select unnest($since) as since, unnest($shift) as shift) group by since",
        {"since": since, "shift": list(range(len(since)))},
    )
    connection.execute(
        f"create temp view numbered as select staged.*, staged.rowid as _order, staged.rowid + {first} + shift as _row_no{notes}"
        " from staged asof join gaps on staged.rowid >= gaps.since"
    )
