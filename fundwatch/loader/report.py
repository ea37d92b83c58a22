"""What a load says about each file: the account of its rows, and why the others did not load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from fundwatch.errors import UserError

Status = Literal["loaded", "unchanged", "refused", "skipped"]
#: reasons printed per file (cli.md); the quarantine keeps all of them
REASONS_SHOWN = 100


class Refused(UserError):  # noqa: N818 - the word of the contract and of the report
    """The file as a whole cannot be loaded; the message says why and what to do."""


@dataclass(frozen=True)
class Reason:
    """Why one row did not load. ``row`` counts as a spreadsheet does; ``value`` never holds a personal value."""

    row: int
    column: str | None
    value: str | None
    reason: str


@dataclass
class FileReport:
    """The account of one file: ``rows_read = loaded + replaced + duplicates + quarantined``."""

    file: str
    table: str | None = None
    sha256: str | None = None
    status: Status = "skipped"
    rows_read: int = 0
    loaded: int = 0
    replaced: int = 0
    duplicates: int = 0
    quarantined: int = 0
    unknown_columns: list[str] = field(default_factory=list)
    #: personal columns of the file: not read
    left_out: list[str] = field(default_factory=list)
    #: ID-card and phone numbers masked in free text
    masked: int = 0
    warnings: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    refused_because: str | None = None
    batch_id: str | None = None
    #: points in force from this file; None for a file of another table
    knowledge_points: int | None = None

    @property
    def balanced(self) -> bool:
        return self.rows_read == self.loaded + self.replaced + self.duplicates + self.quarantined

    def document(self) -> dict[str, Any]:
        """The file's part of ``load --json``."""
        points = {} if self.knowledge_points is None else {"knowledge_points": self.knowledge_points}
        return {
            "file": self.file,
            "table": self.table,
            "sha256": self.sha256,
            "status": self.status,
            "rows_read": self.rows_read,
            "loaded": self.loaded,
            "replaced": self.replaced,
            "duplicates": self.duplicates,
            "quarantined": self.quarantined,
            "unknown_columns": self.unknown_columns,
            "left_out_columns": self.left_out,
            "masked": self.masked,
            "warnings": self.warnings,
            "reasons": [vars(reason) for reason in self.reasons[:REASONS_SHOWN]],
            "refused_because": self.refused_because,
            **points,
        }


@dataclass(frozen=True)
class LoadReport:
    """All files of one load, in the order they were loaded."""

    files: Sequence[FileReport]

    @property
    def exit_code(self) -> int:
        """1 when a file was refused or a row quarantined, else 0 (cli.md)."""
        return int(any(file.status == "refused" for file in self.files))

    def document(self) -> dict[str, Any]:
        """The whole of ``load --json``."""
        return {"files": [file.document() for file in self.files]}
