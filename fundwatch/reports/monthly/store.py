"""Submitted reports in the app state: content, files and hashes are added once and never changed.

The files lie under ``<home>/state/reports``: a template or font that changes later does not change what was submitted.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column as DbColumn
from sqlalchemy import DateTime, Integer, String, Table, Text, insert, select

from fundwatch.access import ABILITIES, Ability, may, roles_in_words
from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.documents.model import Document, as_data, from_data
from fundwatch.draws.store import numbered
from fundwatch.errors import UsageError, UserError
from fundwatch.home import Home
from fundwatch.reports.monthly.figures import Figure
from fundwatch.reports.monthly.files import Files, files_of, sha256
from fundwatch.reports.monthly.month import Month
from fundwatch.reports.monthly.report import MonthlyReport
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata
from fundwatch.state.users import User

ACTION = "提交月报"
LONGEST = 400

SUBMITTED = Table(
    "monthly_report",
    metadata,
    #: YB202610-01
    DbColumn("report_id", String(20), primary_key=True),
    DbColumn("month", String(7), nullable=False, index=True),
    DbColumn("number", Integer, nullable=False),
    DbColumn("data_version", String(40), nullable=False),
    DbColumn("settings_version", String(40), nullable=False),
    #: JSON: figures, filings and the document
    DbColumn("content", Text, nullable=False),
    DbColumn("docx_sha256", String(64), nullable=False),
    DbColumn("pdf_sha256", String(64), nullable=False),
    DbColumn("note", String(LONGEST), nullable=False),
    DbColumn("submitted_by", String(80), nullable=False),
    #: UTC
    DbColumn("submitted_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Submission:
    """A report as it was handed in; ``submitted_at`` is UTC, ``submitted_by`` the post."""

    report_id: str
    month: str
    number: int
    data_version: str
    settings_version: str
    content: str
    docx_sha256: str
    pdf_sha256: str
    note: str
    submitted_by: str
    submitted_at: dt.datetime

    @property
    def at(self) -> str:
        """Time of Asia/Shanghai, as screens show it."""
        return f"{china_time(self.submitted_at.replace(tzinfo=dt.UTC).timestamp()):%Y-%m-%d %H:%M}"

    @property
    def figures(self) -> list[Figure]:
        """The numbers as they were."""
        return [Figure.from_record(one) for one in json.loads(self.content)["figures"]]

    @property
    def document(self) -> Document:
        """The document as it was."""
        return from_data(json.loads(self.content)["document"])


def submit(
    home: Home,
    report: MonthlyReport,
    settings_version: str,
    user: User,
    note: str = "",
    *,
    clock: Clock = system_clock,
) -> Submission:
    """Freeze a report: content and both files, under the next number of its month, with a line in the log.

    Raises UserError for a role that may not, a note that is too long, or when the files cannot be made.
    """
    if not may(user.roles, Ability.SUBMIT):
        raise UserError(f"月报由{roles_in_words(ABILITIES[Ability.SUBMIT])}提交。")
    if len(note) > LONGEST:
        raise UserError(f"说明不超过 {LONGEST} 字,现为 {len(note)} 字。")
    files = files_of(report.document)
    content = json.dumps(_content(report), ensure_ascii=False, sort_keys=True, default=_plain)
    now = dt.datetime.fromtimestamp(clock(), dt.UTC).replace(tzinfo=None, microsecond=0)

    def make(connection: Any, number: int) -> Submission:
        made = Submission(
            report_id=f"YB{str(report.month).replace('-', '')}-{number:02d}", month=str(report.month), number=number,
            data_version=report.version, settings_version=settings_version, content=content,
            docx_sha256=files.hashes["docx"], pdf_sha256=files.hashes["pdf"], note=note.strip(), submitted_by=user.post,
            submitted_at=now,
        )  # fmt: skip
        connection.execute(insert(SUBMITTED), vars(made))
        _keep(home, made.report_id, files)
        return made

    store = engine(home)
    made = numbered(store, SUBMITTED, SUBMITTED.c.month == str(report.month), make)
    detail = {
        "month": made.month, "version": made.data_version, "settings": settings_version, "docx_sha256": made.docx_sha256,
        "pdf_sha256": made.pdf_sha256, "content_sha256": sha256(content.encode()), "note": made.note,
    }  # fmt: skip
    record(store, user.username, ACTION, made.report_id, detail, clock=clock)
    return made


def submissions(home: Home, month: Month | None = None) -> list[Submission]:
    """All submissions or those of a month, the newest first."""
    query = select(SUBMITTED).order_by(SUBMITTED.c.submitted_at.desc(), SUBMITTED.c.report_id.desc())
    if month is not None:
        query = query.where(SUBMITTED.c.month == str(month))
    with engine(home).connect() as connection:
        return [Submission(**row) for row in connection.execute(query).mappings()]


def get_submission(home: Home, report_id: str) -> Submission:
    """The submission of that number; raises UsageError naming what there is."""
    with engine(home).connect() as connection:
        query = select(SUBMITTED).where(SUBMITTED.c.report_id == report_id)
        row = connection.execute(query).mappings().first()
    if row is None:
        known = "、".join(one.report_id for one in submissions(home)[:5]) or "还没有提交过月报"
        raise UsageError(f"没有编号为 {report_id} 的月报。最近提交:{known}。")
    return Submission(**row)


def submitted_files(home: Home, submission: Submission) -> Files:
    """The very files that were handed in. Raises UserError when one is gone or no longer what its hash says."""
    folder = home.state / "reports"
    found: dict[str, bytes] = {}
    for ending, hashed in (("docx", submission.docx_sha256), ("pdf", submission.pdf_sha256)):
        path = folder / f"{submission.report_id}.{ending}"
        if not path.is_file():
            raise UserError(f"提交时的文件 {path.name} 不在数据目录中。请从备份恢复 state/reports。")
        found[ending] = path.read_bytes()
        if sha256(found[ending]) != hashed:
            raise UserError(f"文件 {path.name} 与提交时登记的校验值不符,可能被改动。请从备份恢复。")
    return Files(**found)


def _keep(home: Home, report_id: str, files: Files) -> None:
    folder = home.state / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    for ending in ("docx", "pdf"):
        (folder / f"{report_id}.{ending}").write_bytes(files.of(ending))


def _content(report: MonthlyReport) -> dict[str, Any]:
    return {**report.record(), "document": as_data(report.document)}


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")
