"""Values as text that no spreadsheet runs, a whole batch at a time: code words, dates, neutralised beginnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.contracts import code_lists

#: a cell that begins with one of these is read as a formula by spreadsheet programs; by Chinese and Japanese ones also full-width
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FIRST_BYTES = sorted({sign.encode()[0] for sign in FORMULA_SIGNS})
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
#: Arrow writes smaller decimals as 1E-7
PLAIN_SCALE = 6


@dataclass(frozen=True)
class Column:
    """One column of an export: field name, header with unit, and the list that turns its codes into words."""

    name: str
    header: str
    codes: str | None = None


def neutral(text: str) -> str:
    """The text, with a leading quote where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def readable(batch: pa.RecordBatch, columns: Sequence[Column]) -> list[pa.Array]:
    """The columns as they are read: text neutralised, codes as words, flags as 是 and 否; numbers and dates untouched."""
    return [_readable(batch.column(column.name), column) for column in columns]


def printed(values: pa.Array) -> pa.Array:
    """A readable column as CSV has it: times to the second, decimals with all their places."""
    kind = values.type
    if pa.types.is_timestamp(kind):
        return pc.strftime(values.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S")
    if pa.types.is_decimal(kind) and kind.scale > PLAIN_SCALE:
        return pa.array(
            [None if value is None else format(value, "f") for value in values.to_pylist()], pa.string()
        )
    return values


def _readable(values: pa.Array, column: Column) -> pa.Array:
    if column.codes:
        words = code_lists()[column.codes]
        found = values.cast(pa.string()).dictionary_encode()
        said = [neutral(words.get(code, code)) for code in found.dictionary.to_pylist()]
        return pa.array(said, pa.string()).take(found.indices)
    kind = values.type
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "是", "否")
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)) or not _is_risky(
        values
    ):
        return values
    risky = pc.match_substring_regex(values, FORMULA)
    quote, nothing = (pa.scalar(text, values.type) for text in ("'", ""))
    return pc.if_else(risky, pc.binary_join_element_wise(quote, values, nothing), values)


def _is_risky(values: pa.Array) -> bool:
    """Whether any text begins with a sign of ``FORMULA_SIGNS``: looks at first bytes only, four times as quick as a pattern."""
    _, offsets, data = values.buffers()
    if not data or not len(values):
        return False
    width = np.int64 if pa.types.is_large_string(values.type) else np.int32
    starts = np.frombuffer(offsets, dtype=width)[values.offset : values.offset + len(values) + 1]
    first = np.frombuffer(data, dtype=np.uint8)[starts[:-1][starts[1:] > starts[:-1]]]
    return bool(np.isin(first, FIRST_BYTES).any())
