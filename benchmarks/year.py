"""A county-year from files to screens: what each step takes, beside what bare DuckDB takes for the same bytes in the same run.

    python benchmarks/year.py [--scale tenth] [--months 12] [--work FOLDER] [--steps demo,load,build,month,claim,disk]

Scales are those of ``fundwatch demo`` (county: about 5 M settlements and 50 M fee lines a year, 25 GB of disk in all). The files hold one
month more than ``--months``, which arrives after the first build. ``--work`` keeps files and home, so that steps may run on different
days; a step needs those before it.

    demo    write the files
    load    all files but the newest month of claims into a new home; beside it bare ``read_csv`` of the claim files with the contract's
            types into Parquet
    build   everything: marts, sums, rules; beside it a bare scan of every column of the claims, and one bare sum by institution and month
    month   the newest month of claims arrives, then one settlement of a month changes; load each and build what it touches; beside it
            the whole build
    claim   one settlement's fee lines out of all, a hundred times; beside it a bare scan of the files for one of them
    disk    bytes of files, lake and serving file

Every command runs in a process of its own: seconds on the clock, processor seconds of all threads, largest resident memory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from fundwatch.cli.app import run
from fundwatch.contracts import contracts
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.steps import page_sql
from fundwatch.warehouse import open_warehouse

STEPS = ("demo", "load", "build", "month", "claim", "disk")
#: tables of claim scale, which the bare runs read
CLAIMS = tuple(name for name, contract in contracts().items() if contract.by_month)
LOOKS = 100
MONTH_OF_FILE = "substring(setl_time, 1, 7)"


@dataclass(frozen=True)
class Taken:
    """What one process took: seconds on the clock, processor seconds, MiB at most."""

    wall: float
    busy: float
    peak: int


@dataclass(frozen=True)
class Line:
    """One line of the result: what was done, what it took, and figures beside it (ratios, rows, milliseconds, bytes)."""

    step: str
    what: str
    taken: Taken | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        taken = self.taken and (
            f"{self.taken.wall:.1f} s on the clock, {self.taken.busy:.1f} s of processor, {self.taken.peak:,} MiB at most"
        )
        beside = ", ".join(
            f"{name} {value:,.3f}".rstrip("0").rstrip(".") for name, value in self.figures.items()
        )
        return f"{self.step}: {self.what}: " + "; ".join(part for part in (taken, beside) if part)

    @property
    def record(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "step": self.step,
            "what": self.what,
            **(asdict(self.taken) if self.taken else {}),
            "figures": dict(self.figures),
        }


def ratios(one: Taken, other: Taken) -> dict[str, float]:
    """How often ``other`` goes into ``one``."""
    return {"ratio on the clock": one.wall / other.wall, "ratio of processor": one.busy / other.busy}


def in_process(work: Callable[[], object]) -> Taken:
    """Run in a forked process with its output to a file; RuntimeError with the end of that when it fails."""
    with tempfile.TemporaryFile("w+") as said:
        began = time.monotonic()
        child = os.fork()
        if not child:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            status = 9
            try:
                status = int(work() or 0)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        _, status, usage = os.wait4(child, 0)
        wall = time.monotonic() - began
        if status:
            said.seek(0)
            raise RuntimeError(said.read()[-2000:])
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


@dataclass(frozen=True)
class Year:
    """Where files and home of one scale are."""

    work: Path
    scale: str
    months: int

    @property
    def files(self) -> Path:
        return self.work / f"files-{self.scale}"

    @property
    def home(self) -> Home:
        return Home(self.work / f"home-{self.scale}")

    @property
    def full(self) -> Path:
        """What the full build took, for the step that compares with it."""
        return self.work / f"full-{self.scale}.json"

    def command(self, *words: str) -> Taken:
        """One of our commands on the home."""
        return in_process(lambda: run([*words, "--home", str(self.home.root)]))

    def claim_files(self, *, newest: bool) -> list[Path]:
        """The files of the tables of claim scale: of the newest month, or of all others."""
        found = [path for path in sorted(self.files.glob("*.csv")) if path.stem.rsplit("_", 1)[0] in CLAIMS]
        last = max(path.stem.rsplit("_", 1)[1] for path in found)
        return [path for path in found if path.stem.endswith(last) is newest]

    def lake_files(self) -> list[Path]:
        """The Parquet files of the tables of claim scale, as they stand."""
        lake = Lake(self.home)
        return [self.home.root / file.path for table in CLAIMS for file in lake.files(table)]

    def demo(self) -> list[Line]:
        words = ["demo", "--out", str(self.files), "--scale", self.scale, "--months", str(self.months + 1)]
        return [Line("demo", "write the files", in_process(lambda: run(words)))]

    def load(self) -> list[Line]:
        bare = in_process(self._bare_read)
        with tempfile.TemporaryDirectory(dir=self.work) as first:
            for path in set(self.files.iterdir()) - set(self.claim_files(newest=True)):
                (Path(first) / path.name).hardlink_to(path)
            ours = self.command("load", first)
        return [
            Line("load", "bare read_csv of the claim files to Parquet", bare),
            Line("load", "load of all files; ratio: speed to the bare read", ours, ratios(bare, ours)),
        ]

    def _bare_read(self) -> None:
        for path in self.claim_files(newest=False):
            target = self.work / f"bare-{self.scale}.parquet"
            with duckdb.connect() as connection:
                connection.execute(
                    f"copy (from read_csv('{path}', header = true, types = {_types(path)})) to '{target}' (format parquet)"
                )
            target.unlink()

    def build(self) -> list[Line]:
        scan, total = in_process(self._bare_scan), in_process(self._bare_sum)
        ours = self.command("build", "--full")
        self.full.write_text(json.dumps(asdict(ours)))
        return [
            Line("build", "bare scan of every column of the claims", scan),
            Line("build", "bare sum of fee lines by institution and month", total),
            Line("build", "full build; ratio: to the bare scan", ours, ratios(ours, scan)),
        ]

    def _bare_scan(self) -> None:
        with duckdb.connect() as connection:
            for path in self.lake_files():
                columns = [
                    name
                    for name, *_ in connection.execute(f"describe from read_parquet('{path}')").fetchall()
                ]
                sums = ", ".join(f'max("{name}")' for name in columns)
                connection.execute(f"select {sums} from read_parquet('{path}')").fetchall()

    def _bare_sum(self) -> None:
        paths = [str(path) for path in self.lake_files() if "/fee_list_d/" in str(path)]
        with duckdb.connect() as connection:
            connection.execute(
                "select fixmedins_code, ym, sum(det_item_fee_sumamt), count(*) from read_parquet($paths, hive_partitioning = true)"
                " group by all",
                {"paths": paths},
            ).fetchall()

    def month(self) -> list[Line]:
        full = Taken(**json.loads(self.full.read_text()))
        changed = self.work / f"changed-{self.scale}" / "setl_d.csv"
        changed.parent.mkdir(exist_ok=True)
        self._change_a_month(changed)
        lines = []
        for what, files in (
            ("the newest month of claims", self.claim_files(newest=True)),
            ("one changed month of settlements", [changed]),
        ):
            load, build = self.command("load", *map(str, files)), self.command("build")
            lines += [
                Line("month", f"load of {what}", load),
                Line("month", f"build after {what}; ratio: to the full build", build, ratios(build, full)),
            ]
        return lines

    def _change_a_month(self, target: Path) -> None:
        """The last but one month of the settlements' files, one amount a fen higher."""
        files = sorted(str(path) for path in self.files.glob("setl_d*.csv"))
        with duckdb.connect() as connection:
            connection.execute(
                f"""create view rows as from read_csv({files}, header = true, all_varchar = true);
                copy (
                    select * replace (
                        case when row_number() over (order by setl_id) = 1
                        then cast(cast(psn_pay as decimal(16, 2)) + 0.01 as varchar) else psn_pay end as psn_pay)
                    from rows
                    where {MONTH_OF_FILE} = (
                        select max({MONTH_OF_FILE}) from rows where {MONTH_OF_FILE} < (select max({MONTH_OF_FILE}) from rows)
                    )
                ) to '{target}' (header, delimiter ',')"""
            )

    def claim(self) -> list[Line]:
        seconds, lines = [], 0
        sql = page_sql("case_fees")
        with open_warehouse(self.home) as warehouse:
            total = warehouse.query(
                "select sum(rows) as n from _meta_files where table_name = 'fee_list_d'"
            ).to_pylist()[0]["n"]
            claims = warehouse.query(
                "select setl_id, fixmedins_code, ym from stg_setl_d where ym = (select max(ym) from stg_fee_list_d)"
                " and vali_flag = '1' order by setl_id"
            ).to_pylist()
            for one in random.Random(1).sample(claims, LOOKS):
                first = {"first_month": one["ym"], "last_month": one["ym"]}
                began = time.perf_counter()
                lines += warehouse.query(
                    sql, {**first, "code": one["fixmedins_code"], "setl_id": one["setl_id"]}
                ).num_rows
                seconds.append(time.perf_counter() - began)
        paths = [str(path) for path in self.lake_files() if "/fee_list_d/" in str(path)]
        began = time.perf_counter()
        with duckdb.connect() as connection:
            connection.execute(
                "select * from read_parquet($paths) where setl_id = $setl_id",
                {"paths": paths, "setl_id": claims[0]["setl_id"]},
            ).fetchall()
        bare, ordered = time.perf_counter() - began, sorted(seconds)
        figures = {
            "fee lines in all": int(total), "settlements asked": LOOKS, "lines found": lines,
            "p50 ms": 1000 * statistics.median(ordered), "p95 ms": 1000 * ordered[int(0.95 * LOOKS) - 1],
            "bare scan ms": 1000 * bare, "ratio p50 to the bare scan": statistics.median(ordered) / bare,
        }  # fmt: skip
        return [Line("claim", "fee lines of one settlement", None, figures)]

    def disk(self) -> list[Line]:
        served = max(self.home.warehouse.glob("warehouse-*.duckdb")).stat().st_size
        files, lake = (_bytes(folder) for folder in (self.files, self.home.lake))
        figures = {
            "files MB": files / 1e6,
            "lake MB": lake / 1e6,
            "serving file MB": served / 1e6,
            "serving file % of lake": 100 * served / lake,
        }
        return [Line("disk", "bytes", None, figures)]


def _types(path: Path) -> dict[str, str]:
    """The contract's types of the columns that a file of claims has."""
    with path.open(encoding="utf-8") as lines:
        header = set(lines.readline().strip().split(","))
    columns = contracts()[path.stem.rsplit("_", 1)[0]].columns
    return {column.name: column.sql_type for column in columns if column.name in header}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Print the lines of each step as it ends; leaves with an error when a command fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", default="tenth")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--steps", default=",".join(STEPS))
    wanted = parser.parse_args()
    steps = wanted.steps.split(",")
    if unknown := set(steps) - set(STEPS):
        parser.error(f"no step {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        year = Year(wanted.work or Path(folder), wanted.scale, wanted.months)
        year.work.mkdir(parents=True, exist_ok=True)
        for step in STEPS:
            if step in steps:
                for line in getattr(year, step)():
                    print(json.dumps(line.record) if wanted.json else line, flush=True)


if __name__ == "__main__":
    main()
