"""Reads the rows, takes out blank ones, and gives each its number in the file."""

from __future__ import annotations

import duckdb

from fundwatch.contracts import Contract
from fundwatch.loader.stage import Cells, Line, Staged, rejected_lines, stage


def number_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, cells: Cells, batch_id: str
) -> Staged:
    """Stage the file; afterwards the view ``numbered`` adds ``_row_no`` and the view ``good`` holds rows fit to load.

    ``_row_no`` counts as a spreadsheet does: rejected and blank lines are rows of the file too.
    """
    stage(connection, contract, cells)
    lines = rejected_lines(connection) if "store_rejects" in cells.relation else []
    _number(connection, cells, lines)
    connection.execute("set variable batch_id = $batch", {"batch": batch_id})
    blank = "len(list_filter(_cells, lambda cell: fw_clean(cell) is not null)) = 0"
    connection.execute(f"create temp table faulty as select * from numbered where _faulty and not ({blank})")
    names = ", ".join(f'"{column.name}"' for column in contract.columns)
    month = f"strftime(\"{contract.dated_by}\", '%Y-%m')" if contract.by_month else "cast(null as varchar)"
    connection.execute(
        f"create temp view good as select {names}, getvariable('batch_id') as _batch_id, _row_no, {month} as ym, _order"
        " from numbered where not _faulty"
    )
    good, faulty = connection.execute(
        "select (select count(*) from staged where not _faulty), (select count(*) from faulty)"
    ).fetchone()  # type: ignore[misc]
    return Staged(good + faulty, faulty, lines)


def _number(connection: duckdb.DuckDBPyConnection, cells: Cells, lines: list[Line]) -> None:
    first = cells.first_row
    missing = [line.row for line in lines]
    if not missing:
        connection.execute(
            f"create temp view numbered as select *, rowid as _order, rowid + {first} as _row_no from staged"
        )
        return
    # Before the n-th missing line (from 0) stand (line - first - n) rows that were read.
    gaps = [{"at": row - first - n, "shift": n + 1} for n, row in enumerate(missing)]
    connection.execute(
        "create temp table gaps as select unnest($gaps, recursive := true)",
        {"gaps": [{"at": -1, "shift": 0}, *gaps]},
    )
    connection.execute(
        "create temp view numbered as select staged.*, staged.rowid as _order,"
        f" staged.rowid + {first} + gaps.shift as _row_no"
        " from staged asof join (select at, max(shift) as shift from gaps group by at) as gaps on staged.rowid >= gaps.at"
    )
