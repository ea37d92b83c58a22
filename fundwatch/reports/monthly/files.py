"""The report's files: DOCX and PDF of one document, with their hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fundwatch.documents import Document, as_docx, as_pdf
from fundwatch.home import REPORTS
from fundwatch.reports.monthly.month import Month

NAME = "六项信息月报"
FOLDER = REPORTS / "monthly"
TEMPLATES = {"docx": FOLDER / "monthly.docx", "pdf": FOLDER / "monthly.typ"}
WRITERS = {"docx": as_docx, "pdf": as_pdf}


@dataclass(frozen=True)
class Files:
    """Both files in full."""

    docx: bytes
    pdf: bytes

    def of(self, ending: str) -> bytes:
        return self.docx if ending == "docx" else self.pdf

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each, by ending."""
        return {ending: sha256(self.of(ending)) for ending in TEMPLATES}


def file_of(document: Document, ending: str) -> bytes:
    """One file; ``ending`` is docx or pdf. Raises UserError without a Chinese font or with a broken template."""
    return WRITERS[ending](document, TEMPLATES[ending])


def files_of(document: Document) -> Files:
    """Both files."""
    return Files(file_of(document, "docx"), file_of(document, "pdf"))


def file_name(month: Month, ending: str) -> str:
    """六项信息月报_2026-10.docx."""
    return f"{NAME}_{month}.{ending}"


def write(files: Files, month: Month, folder: Path) -> list[Path]:
    """Write both files into a folder that is made when it is not there; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for ending in TEMPLATES:
        path = folder / file_name(month, ending)
        path.write_bytes(files.of(ending))
        written.append(path)
    return written


def sha256(content: bytes) -> str:
    """The hash that log and submission keep."""
    return hashlib.sha256(content).hexdigest()
