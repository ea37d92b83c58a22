"""kill -9 at random moments of load, build and switch, export, and backup: no lost or half row, and the next run completes.

    python benchmarks/kills.py [--kills 200] [--seed 1] [--only load]

On the tiny demo county. Each turn runs one command in a process of its own, kills it after a random part of the time it takes
undisturbed, checks what must hold, and runs the same command again to its end. What must hold after a kill:

    load    the month's claims are as before or as in the file, none lost, doubled or mixed; history and quarantine count only with
            their load
    build   a version is served, and every mart is as before or as a complete build makes it
    export  the file is not there, or whole: as many rows as the log says
    backup  lake and warehouse have the same bytes, and the file is not there or restores

At the end an undisturbed full build gives the same marts as the builds by month. Ends with status 1 at the first thing that is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import logging
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
from sqlalchemy import select

from fundwatch.backup import restore
from fundwatch.build.publish import current_version
from fundwatch.cli.app import run
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.state.audit import events
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

MONTH, AMOUNT = "2026-08", "medfee_sumamt"
KINDS = ("load", "build", "export", "backup")
EXPORT = (
    "export",
    "--kpi",
    "rejected_doc_rate",
    "--from",
    "2026-01-01",
    "--to",
    "2026-08-31",
    "--why",
    "核查",
)


@dataclass
class Bench:
    """The home, two versions of one month's claims, and what the last completed run left."""

    home: Home
    files: tuple[Path, Path]
    turn: int = 0

    def command(self, kind: str) -> list[str]:
        """What the turn runs."""
        out = self.home.root.parent
        words = {
            "load": ["load", str(self.files[self.turn % 2])],
            "build": ["build"],
            "export": [*EXPORT, "--out", str(out / "list.csv")],
            "backup": ["backup", "--out", str(out / "backup.tar")],
        }[kind]
        return [*words, "--home", str(self.home.root)]


def in_child(work: Callable[[], object]) -> int:
    """Start ``work`` in a forked process without output; returns its process number. Exit status 0, or 9 after an error."""
    child = os.fork()
    if child:
        return child
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        os.dup2(nowhere.fileno(), 1)
        errors = io.StringIO()
        try:
            with contextlib.redirect_stderr(errors):
                status = int(work() or 0)
        except BaseException as error:  # whatever happened must reach the parent as a status
            print(f"{type(error).__name__}: {error}", file=sys.__stderr__, flush=True)
            status = 9
        if status:
            print(errors.getvalue()[-2000:], file=sys.__stderr__, flush=True)
        os._exit(status)


def ended(child: int) -> int:
    """Wait; returns the exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_after(child: int, seconds: float) -> int:
    """Kill after so long unless it has ended; returns the exit status."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return ended(child)


def claims(home: Home) -> tuple[int, Decimal, int, int, int]:
    """Of the month: claims, different claims, amount; of the table: rows in history, rows that loads replaced."""
    paths = [str(home.root / file.path) for file in Lake(home).files("setl_d") if file.ym == MONTH]
    table = pyarrow.parquet.ParquetDataset(paths).read(columns=["setl_id", AMOUNT])
    replaced = sum(batch.replaced for batch in Lake(home).batches() if batch.table == "setl_d")
    amount = sum(table.column(AMOUNT).to_pylist(), Decimal(0))
    return (
        table.num_rows,
        amount,
        len(set(table.column("setl_id").to_pylist())),
        Lake(home).history("setl_d").num_rows,
        replaced,
    )


def marts(home: Home, version: str | None = None) -> str:
    """One hash of every row of every mart."""
    digest = hashlib.sha256()
    with open_warehouse(home, version) as warehouse:
        for name in sorted(warehouse.names()):
            if name.startswith(("dim_", "fct_")):
                rows = warehouse.query(f'select * from "{name}" order by all')
                digest.update(f"{name} {rows.num_rows} {rows.to_pylist()}".encode())
    return digest.hexdigest()


def bytes_of(home: Home) -> str:
    """One hash of every file of lake and warehouse but locks and spill."""
    digest = hashlib.sha256()
    for folder in (home.lake, home.warehouse):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(".lock"):
                digest.update(str(path.relative_to(home.root)).encode() + path.read_bytes())
    return digest.hexdigest()


class Promise:
    """What must hold of one kind after a kill: ``note`` before, ``check`` after; both run in processes of their own."""

    def __init__(self, bench: Bench, kind: str, folder: Path) -> None:
        self.bench, self.kind, self.note_file = bench, kind, folder / f"note-{kind}"

    def note(self) -> None:
        home = self.bench.home
        if self.kind == "load":
            self.note_file.write_text(repr(claims(home)[:2]))
        elif self.kind == "build":
            self.note_file.write_text(f"{current_version(home)} {marts(home)}")
        elif self.kind == "backup":
            self.note_file.write_text(bytes_of(home))

    def check(self) -> None:
        getattr(self, f"_{self.kind}")()

    def _load(self) -> None:
        home = self.bench.home
        rows, amount, different, history, replaced = claims(home)
        file = pyarrow.csv.read_csv(self.bench.files[self.bench.turn % 2])
        wanted = (
            file.num_rows,
            sum((Decimal(str(cell)) for cell in file.column(AMOUNT).to_pylist()), Decimal(0)),
        )
        assert repr((rows, amount)) == self.note_file.read_text() or (rows, amount) == wanted, (
            "claims are mixed"
        )
        assert rows == different, "a claim is doubled"
        assert history == replaced, "history and loads differ"

    def _build(self) -> None:
        home = self.bench.home
        version, before = self.note_file.read_text().split()
        served = current_version(home)
        assert served is not None, "nothing is served"
        now = marts(home)
        assert served != version or now == before, "the served version has changed"
        assert marts(home, version) == before, "the version before has changed"

    def _export(self) -> None:
        file = self.bench.home.root.parent / "list.csv"
        if not file.exists():
            return
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        with engine(self.bench.home).connect() as connection:
            logged = [
                row.detail for row in connection.execute(select(events).where(events.c.action == "导出"))
            ]
        assert any(digest in str(detail) for detail in logged), "a file that the log does not know"
        file.unlink()

    def _backup(self) -> None:
        bench = self.bench
        assert bytes_of(bench.home) == self.note_file.read_text(), "the backup has changed the home"
        file = bench.home.root.parent / "backup.tar"
        if not file.exists():
            return
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            new = Home(Path(folder) / "new")
            restore(file, new, by="核对")
            assert marts(new) == marts(bench.home), "the backup restores other marts"
        file.unlink()


def make(folder: Path) -> Bench:
    """The home and the two files of one month, the second with other amounts."""
    home, files = Home(folder / "home"), folder / "files"

    def work() -> int:
        return (
            run(["demo", "--out", str(files), "--scale", "tiny"])
            or run(["load", str(files), "--home", str(home.root)])
            or run(["build", "--home", str(home.root)])
        )

    assert ended(in_child(work)) == 0
    first, second = folder / "setl_d_first.csv", folder / "setl_d_second.csv"
    lines = (files / "setl_d_2026.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].lstrip("\ufeff").split(",")
    place, when = header.index(AMOUNT), header.index("setl_time")
    rows = [cells for cells in (line.split(",") for line in lines[1:]) if cells[when].startswith(MONTH)]
    for path, more in ((first, Decimal(0)), (second, Decimal("1.00"))):
        changed = [
            [str(Decimal(cell) + more) if n == place else cell for n, cell in enumerate(cells)]
            for cells in rows
        ]
        path.write_text("\n".join(",".join(cells) for cells in [header, *changed]) + "\n", encoding="utf-8")
    return Bench(home, (first, second))


def one(bench: Bench, kind: str, part: float, took: dict[str, float], folder: Path) -> str:
    """One kill; returns "killed" or "finished". Raises RuntimeError when something does not hold."""
    promise = Promise(bench, kind, folder)
    if kind == "build":
        # something to build: the other amounts of the month
        assert ended(in_child(lambda: run(bench.command("load")))) == 0
    assert ended(in_child(promise.note)) == 0
    status = killed_after(in_child(lambda: run(bench.command(kind))), part * took[kind])
    began = time.monotonic()
    if ended(in_child(promise.check)):
        raise RuntimeError(f"{kind}, killed after {part:.2f} of its time")
    for name in ("list.csv", "backup.tar"):
        (folder / name).unlink(missing_ok=True)
    began = time.monotonic()
    if ended(in_child(lambda: run(bench.command(kind)))):
        raise RuntimeError(f"{kind} does not complete after the kill")
    took[kind] = max(took[kind] * 0.7, time.monotonic() - began)
    if ended(in_child(promise.check)):
        raise RuntimeError(f"{kind}, completed after the kill")
    for name in ("list.csv", "backup.tar"):
        (folder / name).unlink(missing_ok=True)
    left = [path.name for path in folder.iterdir() if ".part" in path.name]
    if left:
        raise RuntimeError(f"{kind} has left {left}")
    return "finished" if status == 0 else "killed"


def main() -> int:
    """Print how many kills were survived; 1 when something did not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KINDS)
    wanted = parser.parse_args()
    logging.disable(logging.WARNING)
    chance, counted = random.Random(wanted.seed), Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = make(folder)
        took: dict[str, float] = {}
        for kind in KINDS:
            began = time.monotonic()
            assert ended(in_child(lambda kind=kind: run(bench.command(kind)))) == 0
            took[kind] = time.monotonic() - began
            for left in ("list.csv", "backup.tar"):
                (folder / left).unlink(missing_ok=True)
        kinds = (wanted.only,) if wanted.only else KINDS
        while sum(count for (_, how), count in counted.items() if how == "killed") < wanted.kills:
            bench.turn += 1
            kind = kinds[bench.turn % len(kinds)] if len(kinds) == 1 else chance.choice(kinds)
            counted[kind, one(bench, kind, chance.uniform(0.05, 1.0), took, folder)] += 1
        assert ended(in_child(lambda: _same_as_full(bench.home))) == 0
    for kind in kinds:
        print(f"{kind}: killed {counted[kind, 'killed']}, had finished before {counted[kind, 'finished']}")
    killed = sum(count for (_, how), count in counted.items() if how == "killed")
    print(
        f"{killed} kills: nothing lost, doubled or half; every next run completed; full build equal to the builds by month"
    )
    return 0


def _same_as_full(home: Home) -> int:
    run(["build", "--home", str(home.root)])
    before = marts(home)
    run(["build", "--full", "--home", str(home.root)])
    return 0 if marts(home) == before else 9


if __name__ == "__main__":
    sys.exit(main())
