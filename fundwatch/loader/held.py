"""The rows of one file, held in memory as Arrow columns between reading and writing.

A table of DuckDB's, and above all its sort of whole rows, costs more than the reading itself. Here only an order of row
numbers is sorted; the columns are gathered in that order, one row group at a time, while DuckDB writes the group before.
Files too large to hold go through a table of DuckDB's, which spills to disk (``stage``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.contracts import Contract

#: text files up to this size are held: a row in memory takes about what it takes as text
HELD_BYTES = 512 << 20
#: rows gathered at a time: one row group of the file that is written
GROUP_ROWS = 122_880
#: a held column's type must be the lake's own, decimals in 64 bits among them
ARROW_VERSION = "1.5"


def hold(
    columns: pa.Table, hashed: Callable[[pa.Array], pa.Array], persons: Sequence[str], beside: Executor
) -> pa.Table:
    """The columns, each in one piece; those of persons' numbers hashed."""
    jobs = [
        beside.submit(_in_one_piece, columns.column(place), hashed if name in persons else None)
        for place, name in enumerate(columns.column_names)
    ]
    return pa.table([job.result() for job in jobs], names=columns.column_names)


def _in_one_piece(column: pa.ChunkedArray, change: Callable[[pa.Array], pa.Array] | None) -> pa.Array:
    if change:
        return pa.concat_arrays([change(chunk) for chunk in column.chunks] or [pa.array([], column.type)])
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def numbered(rows: pa.Table, first: int, missing: Sequence[int]) -> pa.Table:
    """With ``_order`` from 0, and ``_row_no`` as in the file: rows from ``first`` on, those in ``missing`` were not read."""
    order = np.arange(rows.num_rows, dtype=np.int64)
    # Before the n-th missing row (from 0) stand (row - first - n) rows that were read.
    before = np.array([row - first - number for number, row in enumerate(missing)], np.int64)
    shift = np.searchsorted(before, order, side="right") if missing else 0
    return rows.append_column("_order", pa.array(order)).append_column(
        "_row_no", pa.array(order + first + shift)
    )


def by_month(
    rows: pa.Table, contract: Contract, chosen: np.ndarray | None
) -> list[tuple[dt.date | None, np.ndarray]]:
    """Row numbers to write for each month in the order of the lake; one None for a table not kept by month.

    ``chosen`` are the rows to write in the file's order; None: all.
    """
    order = _sorted(rows, contract, np.arange(rows.num_rows) if chosen is None else chosen)
    if not contract.by_month:
        return [(None, order)]
    days = rows.column(contract.dated_by).chunk(0).cast(pa.date32()).to_numpy(zero_copy_only=False)
    months = days.astype("datetime64[M]")[order]
    return [(month.item(), order[months == month]) for month in np.unique(months)]


def _sorted(rows: pa.Table, contract: Contract, chosen: np.ndarray) -> np.ndarray:
    """By the contract's first sort column, inside it in the file's order."""
    if not contract.sort:
        return chosen
    words = rows.column(contract.sort[0]).chunk(0)
    words = words if pa.types.is_dictionary(words.type) else pc.dictionary_encode(words)
    places = pc.fill_null(words.indices, len(words.dictionary)).to_numpy(zero_copy_only=False)
    by_word = pc.sort_indices(words.dictionary).to_numpy()
    rank = np.empty(len(by_word) + 1, np.uint16 if len(by_word) < 1 << 16 else np.uint32)
    rank[by_word] = np.arange(len(by_word))
    rank[len(by_word)] = len(by_word)
    return chosen[np.argsort(rank[places[chosen]], kind="stable")]


def gathered(rows: pa.Table, order: np.ndarray) -> pa.RecordBatchReader:
    """The rows in that order, gathered while the reader is read."""

    def groups() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(order), GROUP_ROWS):
            chosen = pa.array(order[start : start + GROUP_ROWS])
            columns = [column.chunk(0).take(chosen) for column in rows.columns]
            yield pa.RecordBatch.from_arrays(columns, schema=rows.schema)

    return pa.RecordBatchReader.from_batches(rows.schema, groups())
