"""What must hold of a home after a kill, read the same way before and after it (see kills.py)."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet
from sqlalchemy import select

from fundwatch.backup import restore
from fundwatch.build.publish import current_version
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.state.audit import events
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

MONTH, AMOUNT = "2026-08", "medfee_sumamt"
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
    """The home, two versions of one month's claims, and how many loads there have been."""

    home: Home
    files: tuple[Path, Path]
    loads: int = 0

    @property
    def file(self) -> Path:
        """The one that the newest load brought, or brings."""
        return self.files[self.loads % 2]

    @property
    def out(self) -> Path:
        return self.home.root.parent

    def command(self, kind: str) -> list[str]:
        """What is run and killed."""
        words = {
            "load": ["load", str(self.file)],
            "build": ["build"],
            "publish": ["build"],
            "export": [*EXPORT, "--out", str(self.out / "list.csv")],
            "backup": ["backup", "--out", str(self.out / "backup.tar")],
        }[kind]
        return [*words, "--home", str(self.home.root)]


def claims(home: Home) -> tuple[int, Decimal, int, int, int]:
    """Of the month: claims, amount, different claims; of the table: rows in history, rows that loads replaced."""
    lake = Lake(home)
    paths = [str(home.root / file.path) for file in lake.files("setl_d") if file.ym == MONTH]
    table = pyarrow.parquet.ParquetDataset(paths).read(columns=["setl_id", AMOUNT])
    replaced = sum(batch.replaced for batch in lake.batches() if batch.table == "setl_d")
    return (
        table.num_rows,
        pyarrow.compute.sum(table.column(AMOUNT)).as_py(),
        pyarrow.compute.count_distinct(table.column("setl_id")).as_py(),
        lake.history("setl_d").num_rows,
        replaced,
    )


def marts(home: Home, version: str | None = None) -> str:
    """One hash of every row of every mart: of each, how many rows and the sum of the rows' hashes, whatever their order."""
    digest = hashlib.sha256()
    with open_warehouse(home, version) as warehouse:
        for name in sorted(warehouse.names()):
            if name.startswith(("dim_", "fct_")):
                rows = warehouse.query(
                    f'select count(*) as n, sum(cast(hash(t) as hugeint)) as h from "{name}" as t'
                )
                digest.update(f"{name} {rows.to_pylist()}".encode())
    return digest.hexdigest()


def bytes_of(home: Home) -> str:
    """One hash of every file of lake and warehouse but locks and spill."""
    digest = hashlib.sha256()
    for folder in (home.lake, home.warehouse):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(".lock"):
                digest.update(str(path.relative_to(home.root)).encode())
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


class Promise:
    """What must hold of one kind: ``note`` before, ``check`` after the kill, ``check_done`` after the next run.

    They run in forked processes, so that nothing of the home stays open or remembered; what is noted goes through files.
    """

    def __init__(self, bench: Bench, kind: str) -> None:
        self.bench, self.kind = bench, "build" if kind == "publish" else kind
        self.note_file = bench.out / f"note-{self.kind}"

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

    def check_done(self) -> None:
        self.check()
        home = self.bench.home
        if self.kind == "load":
            assert claims(home)[:2] == self._in_file(), "the completed load has not brought the file"
        elif self.kind == "build":
            # the lake holds one of two states, so the marts are one of two
            known, now = self.bench.out / f"marts-{self.bench.loads % 2}", self._served
            if known.exists():
                assert now == known.read_text(), "the completed build gives other marts than the one before"
            known.write_text(now)
        else:
            name = {"export": "list.csv", "backup": "backup.tar"}[self.kind]
            assert (self.bench.out / name).exists(), "the completed command has left no file"

    def _in_file(self) -> tuple[int, Decimal]:
        file = pyarrow.csv.read_csv(
            self.bench.file,
            convert_options=pyarrow.csv.ConvertOptions(column_types={AMOUNT: pyarrow.decimal128(18, 2)}),
        )
        return file.num_rows, pyarrow.compute.sum(file.column(AMOUNT)).as_py()

    def _load(self) -> None:
        rows, amount, different, history, replaced = claims(self.bench.home)
        before = self.note_file.read_text()
        assert repr((rows, amount)) == before or (rows, amount) == self._in_file(), "claims are mixed"
        assert rows == different, "a claim is doubled"
        assert history == replaced, "history and loads differ"

    def _build(self) -> None:
        home = self.bench.home
        version, before = self.note_file.read_text().split()
        served = current_version(home)
        assert served is not None, "nothing is served"
        assert marts(home, version) == before, "the version before has changed"
        # a version that is served opens and every mart of it can be read
        self._served = before if served == version else marts(home)

    def _export(self) -> None:
        file = self.bench.out / "list.csv"
        if not file.exists():
            return
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        with engine(self.bench.home).connect() as connection:
            logged = [
                row.detail for row in connection.execute(select(events).where(events.c.action == "导出"))
            ]
        assert any(digest in str(detail) for detail in logged), "a file that the log does not know"

    def _backup(self) -> None:
        bench = self.bench
        assert bytes_of(bench.home) == self.note_file.read_text(), "the backup has changed the home"
        file = bench.out / "backup.tar"
        if not file.exists():
            return
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            new = Home(Path(folder) / "new")
            restore(file, new, by="核对")
            assert marts(new) == marts(bench.home), "the backup restores other marts"
