"""The rows of one file, held in memory as Arrow columns between reading and writing.

A table of DuckDB's, and above all its sort of whole rows, costs more than the reading itself. Here only an order of row
numbers is sorted; the columns are gathered in that order, one row group at a time, while DuckDB writes the group before.
Files too large to hold go through a table of DuckDB's, which spills to disk (``stage``).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.contracts import Contract

#: text files up to this size are held, and no more than an eighth of the machine's memory: a load stands at some 3.5 times the file
HELD_BYTES = 2 << 30
#: rows gathered at a time: one row group of the file that is written
GROUP_ROWS = 122_880
#: a held column's type must be the lake's own, decimals in 64 bits among them
ARROW_VERSION = "1.5"


def is_held(path: Path) -> bool:
    """Whether the rows of a text file are held in memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return path.stat().st_size <= min(HELD_BYTES, memory // 8)


def hold(
    columns: pa.Table,
    hashed: Callable[[pa.Array], pa.Array],
    persons: Collection[str],
    listed: Collection[str],
    beside: Executor,
) -> pa.Table:
    """The columns, each in one piece: those of persons' numbers hashed, ``listed`` ones as a dictionary of their values."""

    def ready(name: str) -> pa.Array:
        column = columns.column(name)
        if name in persons:
            column = pa.chunked_array([hashed(chunk) for chunk in column.chunks], column.type)
        elif name in listed:
            column = column.dictionary_encode()
        return _in_one_piece(column)

    jobs = [beside.submit(ready, name) for name in columns.column_names]
    return pa.table([job.result() for job in jobs], names=columns.column_names)


def _in_one_piece(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def misshapen(rows: pa.Table, contract: Contract, listed: Collection[str]) -> frozenset[str]:
    """The ``listed`` columns that hold a value not of their pattern; each different value is looked at once."""
    return frozenset(
        name
        for name in listed
        for pattern in [re.compile(contract.by_name[name].pattern or "", re.ASCII)]
        if not all(pattern.fullmatch(word) for word in rows.column(name).chunk(0).dictionary.to_pylist())
    )


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
    takers = [_taker(column.chunk(0)) for column in rows.columns]

    def groups() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(order), GROUP_ROWS):
            chosen = order[start : start + GROUP_ROWS]
            yield pa.RecordBatch.from_arrays([take(chosen) for take in takers], schema=rows.schema)

    return pa.RecordBatchReader.from_batches(rows.schema, groups())


def _taker(column: pa.Array) -> Callable[[np.ndarray], pa.Array]:
    """Gathers a column. Numbers of claims and persons are of one length, and then gathered three times as fast as texts are."""
    if not pa.types.is_string(column.type) or column.null_count or not len(column):
        return lambda chosen: column.take(pa.array(chosen))
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    length = int(offsets[1] - offsets[0])
    if not length or not (np.diff(offsets) == length).all():
        return lambda chosen: column.take(pa.array(chosen))
    texts = np.frombuffer(column.buffers()[2], f"V{length}", len(column), int(offsets[0]))

    def take(chosen: np.ndarray) -> pa.Array:
        ends = np.arange(len(chosen) + 1, dtype=np.int32) * length
        return pa.Array.from_buffers(
            pa.string(), len(chosen), [None, pa.py_buffer(ends), pa.py_buffer(texts[chosen])]
        )

    return take
