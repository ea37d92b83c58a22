"""Workbooks that people hand in, opened so that no file can take the process down.

Calamine holds a sheet as one rectangle from A1 to the last cell: two cells in A1 and XFD1048576 are a file of 5 KB and 550 GB of
memory, and an allocation that fails in Rust ends the process, server included. So the cells' places are looked at before.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

#: r="XFD12" of a cell, r="12" of a row, however it is quoted
PLACE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]{0,9})([0-9]{1,400})")
CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
#: what the file format holds
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: a rectangle of so many cells is always read (64 MB); a larger one must not be emptier than one cell in so many
SMALL_AREA, EMPTIEST = 2_000_000, 20
CHUNK, OVERLAP = 1 << 20, 512
SCATTERED = (
    "工作表的单元格过于分散:最后一个单元格在第 {row} 行第 {column} 列,中间几乎全是空白。"
    "请删除数据区以外的行和列,另存后重新载入。"
)


class Unreadable(ValueError):  # noqa: N818 - says what the file is
    """A workbook that cannot be read; ``message`` says why in Chinese when there is more to say than that."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[CalamineWorkbook]:
    """The workbook; whatever goes wrong while it is opened or read inside is ``Unreadable``."""
    try:
        check_places(source)
        if isinstance(source, Path):
            yield CalamineWorkbook.from_path(str(source))
        else:
            source.seek(0)
            yield CalamineWorkbook.from_filelike(source)
    except (zipfile.BadZipFile, CalamineError, IndexError, EOFError, RuntimeError, zlib.error) as error:
        raise Unreadable from error
    except BaseException as error:
        # a panic of the Rust library; its class is no Exception and can be had by name only
        if type(error).__name__ == "PanicException":
            raise Unreadable from error
        raise


def check_places(source: Path | BinaryIO) -> None:
    """Raise Unreadable when a sheet's cells lie so far apart that holding it would cost far more than the file holds."""
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            with archive.open(member) as part:
                _check_part(part)


def _check_part(part: BinaryIO) -> None:
    rows = columns = placed = cells = lines = 0
    tail = b""
    while chunk := part.read(CHUNK):
        # a place cut by the edge is seen whole with the next chunk; a few are counted twice, which does no harm
        seen = tail + chunk
        for letters, digits in PLACE.findall(seen):
            # a number of so many digits is beyond the format, and Rust would read its last bits only
            rows = max(rows, int(digits[:10]))
            columns = max(columns, _column(letters.upper()))
            placed += bool(letters)
        cells += len(CELL.findall(seen))
        lines += len(ROW.findall(seen))
        tail = seen[-OVERLAP:]
    if cells and (rows > MOST_ROWS or columns > MOST_COLUMNS):
        raise Unreadable
    # cells and rows without a place follow the one before
    columns = min(columns + max(cells - placed, 0), MOST_COLUMNS)
    rows = min(max(rows, lines), MOST_ROWS)
    if rows * columns > max(SMALL_AREA, EMPTIEST * max(cells, placed)):
        raise Unreadable(SCATTERED.format(row=f"{rows:,}", column=f"{columns:,}"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
