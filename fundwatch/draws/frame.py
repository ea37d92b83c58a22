"""The frozen sampling frame: documents of one issue that passed first review, with their amounts and a hash.

Kept as Parquet under ``<home>/state/draws``, so that a draw can be repeated exactly after later loads have changed the data.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fundwatch.draws.lots import digest
from fundwatch.errors import UserError
from fundwatch.home import Home

FOLDER = "draws"
INPATIENT, OUTPATIENT = "住院", "门诊"
SCHEMA = pa.schema([
    ("doc_id", pa.string()), ("fixmedins_code", pa.string()), ("care_kind", pa.string()),
    ("medfee_fen", pa.int64()), ("fund_fen", pa.int64()), ("chker", pa.string()),
    ("setl_id", pa.string()),
])  # fmt: skip
#: the first reviewer is kept for the separation of posts, the settlement for the way to the claim; neither takes part in the draw
HASHED = ("doc_id", "fixmedins_code", "care_kind", "medfee_fen", "fund_fen")


@dataclass(frozen=True)
class Document:
    """One document of the frame; ``medfee_fen`` and ``fund_fen`` are whole fen."""

    doc_id: str
    fixmedins_code: str
    care_kind: str
    medfee_fen: int
    fund_fen: int
    chker: str | None
    setl_id: str | None = None


def fen(amount: Decimal | None) -> int:
    """An amount in 元 as whole fen; a blank amount adds 0. Raises ValueError for fractions of a fen."""
    value = (amount or Decimal(0)) * 100
    if value != value.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of fen")
    return int(value)


def yuan(amount: int) -> Decimal:
    """Whole fen as an amount in 元 with two decimals."""
    return Decimal(amount).scaleb(-2)


def documents(rows: Sequence[Mapping[str, Any]]) -> list[Document]:
    """The rows of sample_frame.sql in order of ``doc_id``."""
    found = [
        Document(
            row["doc_id"], row["fixmedins_code"], row["care_kind"], fen(row["medfee_sumamt"]),
            fen(row["dcla_fund_amt"]), row["chker"], row["setl_id"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda document: document.doc_id)


def frame_hash(frame: Sequence[Document]) -> str:
    """SHA-256 over ``doc_id|fixmedins_code|care_kind|medfee|fund`` of each document in order of id, amounts in fen."""
    return digest("|".join(str(getattr(document, name)) for name in HASHED) for document in frame)


def frame_path(home: Home, draw_id: str) -> Path:
    """Where the frame of a draw lies."""
    return home.state / FOLDER / f"{draw_id}.parquet"


def write_frame(path: Path, frame: Sequence[Document]) -> None:
    """Write the frame; a half-written file never stands under its name."""
    columns = {name: [getattr(document, name) for document in frame] for name in SCHEMA.names}
    write_whole(path, lambda to: pq.write_table(pa.table(columns, schema=SCHEMA), to, compression="zstd"))


def read_frame(path: Path) -> list[Document]:
    """The frozen frame; raises UserError when the file is gone or cannot be read."""
    try:
        rows = pq.read_table(path, schema=SCHEMA).to_pylist()
    except (OSError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise UserError(f"抽样框文件 {path.name} 缺失或已损坏,无法重放。请从备份恢复 state 目录。") from error
    return [Document(**row) for row in rows]


def write_whole(path: Path, write: Any) -> None:
    """Call ``write`` with a path beside ``path`` and move the finished file there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    write(part)
    os.replace(part, path)
