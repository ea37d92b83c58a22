"""The rows of the bureau's own lists as the lake holds them now, each with the load that brought it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from fundwatch.build.sources import reference_file
from fundwatch.bureau.journal import VALID, Row, columns_of, key_of
from fundwatch.home import Home
from fundwatch.lake import Batch, Lake

#: the list that ships with the product and holds as long as the bureau has none of its own
SHIPPED = "med_type"
#: what the name of a file goes on with that carries a change of the settings screen
BY_HAND = "设置"


@dataclass(frozen=True)
class Held:
    """One row in force as texts; ``batch_id`` None: shipped with the product."""

    table: str
    content: Row
    batch_id: str | None

    @property
    def key(self) -> tuple[str | None, ...]:
        return key_of(self.table, self.content)


def rows_held(home: Home, table: str) -> list[Held]:
    """The rows in force in the order of their key; for ``med_type`` the shipped ones while the bureau has none of its own."""
    lake = Lake(home)
    found = []
    for file in lake.files(table):
        for row in pq.ParquetFile(home.root / file.path).read().to_pylist():
            if row.get(VALID) != "0":
                found.append(Held(table, as_texts(table, row), row["_batch_id"]))
    if not found and table == SHIPPED:
        found = shipped_rows(table)
    return sorted(found, key=lambda held: [part or "" for part in held.key])


def shipped_rows(table: str) -> list[Held]:
    """The list that ships with the product."""
    with reference_file(table).open(encoding="utf-8", newline="") as file:
        return [Held(table, as_texts(table, row), None) for row in csv.DictReader(file)]


def batches_of(home: Home, table: str) -> dict[str, Batch]:
    """The loads of a table by their number: which file brought a row, and when."""
    return {batch.batch_id: batch for batch in Lake(home).batches() if batch.table == table}


def by_hand(batch: Batch) -> bool:
    """Whether the load carried a change of the settings screen, and no file of the bureau."""
    return batch.table is not None and batch.file.startswith(f"{batch.table}_{BY_HAND}")


def as_texts(table: str, row: Mapping[str, Any]) -> dict[str, str | None]:
    """The columns that a person fills, as texts; dates ISO, blanks None."""
    texts = {name: row.get(name) for name in columns_of(table)}
    return {name: None if value is None or value == "" else str(value) for name, value in texts.items()}
