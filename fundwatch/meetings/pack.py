"""The pack of a meeting: PPTX, DOCX, PDF, XLSX from the same frozen numbers; each file stands in the log with its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fundwatch.documents import as_docx, as_pdf
from fundwatch.draws.lots import Signer
from fundwatch.home import PROJECT, Home
from fundwatch.meetings.book import as_xlsx
from fundwatch.meetings.brief import Brief
from fundwatch.meetings.paper import document_of
from fundwatch.meetings.slides import as_pptx
from fundwatch.state.audit import record
from fundwatch.state.db import engine

TEMPLATES = PROJECT / "reports" / "meeting"
MAKERS: Mapping[str, Callable[[Brief], bytes]] = {
    "pptx": as_pptx,
    "docx": lambda brief: as_docx(document_of(brief), TEMPLATES / "meeting.docx"),
    "pdf": lambda brief: as_pdf(document_of(brief), TEMPLATES / "meeting.typ"),
    "xlsx": as_xlsx,
}
KINDS = tuple(MAKERS)
ACTION = "导出"
#: parts of a zip have this time, so that only what is in them makes a difference
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class PackFile:
    """One file of the pack."""

    name: str
    kind: str
    content: bytes
    sha256: str


def make_file(home: Home, brief: Brief, kind: str, by: Signer) -> PackFile:
    """One file, and a line in the log. Raises UserError without a Chinese font or template."""
    file = _made(brief, kind)
    _log(home, brief, [file], by)
    return file


def make_pack(home: Home, brief: Brief, by: Signer) -> list[PackFile]:
    """All four files, and a line in the log for each."""
    files = [_made(brief, kind) for kind in KINDS]
    _log(home, brief, files, by)
    return files


def zipped(files: list[PackFile]) -> bytes:
    """The files in one archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            part = zipfile.ZipInfo(file.name, ZIP_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, file.content)
    return target.getvalue()


def stem(held_on: dt.date) -> str:
    """How the files of a meeting are called."""
    return f"领导小组会议_{held_on:%Y%m%d}"


def _made(brief: Brief, kind: str) -> PackFile:
    content = MAKERS[kind](brief)
    name = f"{stem(brief.meeting.held_on)}.{kind}"
    return PackFile(name, kind, content, hashlib.sha256(content).hexdigest())


def _log(home: Home, brief: Brief, files: list[PackFile], by: Signer) -> None:
    meeting = brief.meeting
    for file in files:
        detail = {
            "format": file.kind, "rows": len(brief.facts.lines), "sha256": file.sha256, "version": meeting.version,
            "from": meeting.period_start.isoformat(), "to": meeting.period_end.isoformat(), "state": meeting.state.value,
            "screen": "leading-group", "facts_sha256": meeting.facts_hash,
            **({"outside": True} if brief.said else {}),
        }  # fmt: skip
        record(engine(home), by.user, ACTION, f"领导小组会议材料 {meeting.meeting_id}", detail)
