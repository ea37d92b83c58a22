"""How long exports take beside the bare libraries, and how much memory they hold: each pair in one run, one after the other.

    python benchmarks/exports.py [--xlsx 100000] [--csv 1000000] [--runs 3]

Rows are those of a claim list: ids, an institution's name, a code with words, dates, money. XLSX is compared with xlsxwriter in
constant memory writing the same cells with no check; CSV with pyarrow's own writer over the same batches. The rows are
made in pieces as the engine hands them out, so that neither side holds them. Peak memory is that of a process of its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import xlsxwriter

from fundwatch.export.files import XLSX_MOST_ROWS, write_csv, write_parquet, write_xlsx
from fundwatch.export.text import Column

PIECE = 20_000
COLUMNS = [
    Column("setl_id", "结算ID"), Column("fixmedins_code", "机构编号"), Column("fixmedins_name", "机构名称"),
    Column("fixmedins_type", "机构类别", "fixmedins_type"), Column("setl_date", "结算日期"), Column("medfee", "医疗费总额(元)"),
    Column("fund", "基金支付(元)"), Column("days", "天数(天)"),
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """``num_rows`` rows, made a piece at a time."""

    num_rows: int

    @property
    def schema(self) -> pa.Schema:
        return piece(0, 1).schema

    @property
    def column_names(self) -> list[str]:
        return self.schema.names

    def to_batches(self, max_chunksize: int | None = None) -> Iterator[pa.RecordBatch]:
        whole = piece(0, PIECE)
        for start in range(0, self.num_rows, PIECE):
            part = whole.slice(0, min(PIECE, self.num_rows - start))
            yield from pa.Table.from_batches([part]).to_batches(max_chunksize)


def piece(start: int, count: int) -> pa.RecordBatch:
    """Rows ``start`` to ``start + count``."""
    numbers = range(start, start + count)
    return pa.record_batch({
        "setl_id": [f"S{number:012d}" for number in numbers],
        "fixmedins_code": [f"H9990010{number % 400:04d}" for number in numbers],
        "fixmedins_name": [f"第{number % 400}卫生院" for number in numbers],
        "fixmedins_type": [str(1 + number % 2) for number in numbers],
        "setl_date": pa.array([dt.date(2024, 1, 1) + dt.timedelta(number % 366) for number in numbers], pa.date32()),
        "medfee": pa.array([Decimal(100_000 + number % 900_000).scaleb(-2) for number in numbers], pa.decimal128(14, 2)),
        "fund": pa.array([Decimal(50_000 + number % 700_000).scaleb(-2) for number in numbers], pa.decimal128(14, 2)),
        "days": pa.array([number % 30 for number in numbers], pa.int64()),
    })  # fmt: skip


def bare_xlsx(path: Path, rows: Made) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        number = 0
        for batch in rows.to_batches():
            for record in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                for place in range(4):
                    sheet.write_string(number, place, record[place])
                sheet.write_datetime(number, 4, record[4], date)
                for place in range(5, 8):
                    sheet.write_number(number, place, record[place])


def our_xlsx(path: Path, rows: Made) -> None:
    with path.open("wb") as target:
        write_xlsx(target, rows, COLUMNS, [("内容", "基准")], XLSX_MOST_ROWS)


def bare_csv(path: Path, rows: Made) -> None:
    with path.open("wb") as target, pyarrow.csv.CSVWriter(target, rows.schema) as writer:
        for batch in rows.to_batches():
            writer.write_batch(batch)


def our_csv(path: Path, rows: Made) -> None:
    with path.open("wb") as target:
        write_csv(target, rows, COLUMNS)


def our_parquet(path: Path, rows: Made) -> None:
    with path.open("wb") as target:
        write_parquet(target, rows, COLUMNS, [("内容", "基准")])


WAYS: dict[str, Callable[[Path, Made], None]] = {
    "bare_xlsx": bare_xlsx, "our_xlsx": our_xlsx, "bare_csv": bare_csv, "our_csv": our_csv, "our_parquet": our_parquet,
}  # fmt: skip


def seconds(way: str, path: Path, rows: int) -> float:
    """Processor seconds of this process, so that neighbours on the machine do not count."""
    start = time.process_time()
    WAYS[way](path, Made(rows))
    return time.process_time() - start


def compare(ours: str, bare: str, path: Path, rows: int, runs: int) -> None:
    """The two in turn; prints medians and the median of the ratios."""
    pairs = [(seconds(bare, path, rows), seconds(ours, path, rows)) for _ in range(runs)]
    took = [statistics.median(side) for side in zip(*pairs, strict=True)]
    ratio = statistics.median(own / plain for plain, own in pairs)
    print(f"{ours} {rows:,} rows: {took[1]:.2f} s, {bare} {took[0]:.2f} s, ratio {ratio:.2f}")


def high_water() -> int:
    """This process's own peak memory in MB; what getrusage tells begins with that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def peak(way: str, path: Path, rows: int) -> int:
    """Peak memory in MB of a process that does only this."""
    words = [sys.executable, __file__, "--only", way, str(path), str(rows)]
    return int(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Print a line a pair, then the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--xlsx", type=int, default=100_000)
    parser.add_argument("--csv", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs=3, metavar=("WAY", "PATH", "ROWS"))
    options = parser.parse_args()
    if options.only:
        way, path, rows = options.only
        WAYS[way](Path(path), Made(int(rows)))
        print(high_water())
        return
    with tempfile.TemporaryDirectory(prefix="fundwatch-bench-") as folder:
        path = Path(folder) / "file"
        compare("our_xlsx", "bare_xlsx", path, options.xlsx, options.runs)
        compare("our_csv", "bare_csv", path, options.csv, options.runs)
        for way, counts in (
            ("our_xlsx", (10_000, options.xlsx)),
            ("our_csv", (10_000, 100_000, options.csv)),
            ("our_parquet", (10_000, options.csv)),
        ):
            for rows in counts:
                print(f"{way} {rows:,} rows: peak memory {peak(way, path, rows)} MB")


if __name__ == "__main__":
    main()
