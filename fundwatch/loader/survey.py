"""What a text file's bytes tell at the speed of reading, before any cell is looked at.

DuckDB's reader turns text into decimals several times faster than any expression does, but it rounds what has too many
decimals without a word. The survey proves for a whole file that there is nothing to round: how many digits follow a
decimal point at most, and that no number is written in a form the reader would take too kindly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CHUNK = 1 << 20
#: an amount has two decimals; fewer need not be told apart
FEW_DECIMALS = 2
#: digits after a point are counted up to this many
MOST_DECIMALS = 7
#: bytes carried over, so that a number cut by the edge of a chunk is seen whole
OVERLAP = MOST_DECIMALS + 1
POINT, MINUS, ZERO, LETTER_E, LOWER, LINE_FEED = (ord(character) for character in ".-0e \n")
DIGITS = 10
GROUPED_BY_UNDERSCORE = re.compile(rb"\d_\d")


@dataclass(frozen=True)
class Survey:
    """Line ends, and whether the reader may be trusted with decimals of so many places (``MOST_DECIMALS``: or more)."""

    lines: int
    quoted: bool
    ends_mid_line: bool
    decimals: int
    plain_numbers: bool
    #: no ``epoch`` or ``infinity``, which the reader takes for dates
    plain_dates: bool = True


def survey(path: Path) -> Survey:
    """Read the file once."""
    ends, quoted, decimals, plain, dates, last, tail = 0, False, 0, True, True, b"\n", b""
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            ends += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == LINE_FEED))
            quoted = quoted or b'"' in chunk
            last = chunk[-1:]
            seen = tail + chunk
            plain = plain and plain_numbers(seen)
            dates = dates and plain_dates(seen)
            decimals = most_decimals(seen, decimals)
            tail = seen[-OVERLAP:]
    mid_line = last not in (b"\n", b"\r")
    return Survey(ends + (last != b"\n"), quoted, mid_line, decimals, plain, dates)


def most_decimals(data: bytes, at_least: int = 0) -> int:
    """The longest run of digits after a point, if longer than ``at_least`` (``FEW_DECIMALS`` or fewer count as that)."""
    cells = np.frombuffer(data, np.uint8)
    run = FEW_DECIMALS
    # Bytes below zero wrap around and become great: one comparison tells a digit.
    third = cells[FEW_DECIMALS + 1 :] - np.uint8(ZERO) < DIGITS
    # Most points are followed by two digits; looking at the third byte first leaves almost none to look at again.
    points = np.flatnonzero((cells[: third.size] == POINT) & third)
    for place in range(1, FEW_DECIMALS + 1):
        points = _followed_by_digit(cells, points, place)
    while points.size and run < MOST_DECIMALS:
        run += 1
        points = _followed_by_digit(cells, points, run + 1)
    return max(run, at_least)


def _followed_by_digit(cells: np.ndarray, points: np.ndarray, place: int) -> np.ndarray:
    points = points[points + place < cells.size]
    return points[cells[points + place] - np.uint8(ZERO) < DIGITS]


def plain_numbers(data: bytes) -> bool:
    """No 1_000 and no 1E-7: the reader takes the first for 1000 and rounds the second to 0."""
    if b"_" in data and GROUPED_BY_UNDERSCORE.search(data):
        return False
    if b"e" not in data and b"E" not in data:
        return True
    cells = np.frombuffer(data, np.uint8)
    return not bool((((cells[:-1] | LOWER) == LETTER_E) & (cells[1:] == MINUS)).any())


def plain_dates(data: bytes) -> bool:
    """No word that the reader takes for a date."""
    small = data.lower()
    return b"epoch" not in small and b"infinity" not in small


def blank_lines(path: Path, found: Survey, records: int) -> list[int]:
    """Row numbers of the file's empty lines, given how many other rows it has; walks through the lines only if needed."""
    if not found.quoted and found.lines == records:
        return []
    empty, row, inside = [], 1, False
    with open(path, "rb") as file:
        for line in file:
            if not inside and not line.strip():
                empty.append(row)
            # A line end between quotes belongs to the cell, not to the row.
            inside ^= line.count(b'"') % 2 == 1
            row += not inside
    return empty
