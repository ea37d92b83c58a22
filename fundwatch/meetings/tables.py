"""The meetings' rows in the app state. Rows are only added: a later comment, state or report stands, the earlier ones stay readable."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, Table, Text

from fundwatch.state.db import metadata

#: characters of a text field
LONGEST, LONGEST_TITLE, LONGEST_POST = 400, 60, 40

MEETING = Table(
    "meeting",
    metadata,
    Column("meeting_id", String(20), primary_key=True),
    Column("held_on", Date, nullable=False, index=True),
    Column("title", String(LONGEST_TITLE), nullable=False),
    Column("version", String(40), nullable=False),
    #: the last change of settings that counts (``Settings.version``)
    Column("settings_version", String(20), nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    #: the numbers as JSON, read from the frozen version when the meeting was made, and their SHA-256
    Column("facts", Text, nullable=False),
    Column("facts_hash", String(64), nullable=False),
    Column("made_by", String(80), nullable=False),
    #: UTC, as all times here
    Column("made_at", DateTime, nullable=False),
)
STATE = Table(
    "meeting_state",
    metadata,
    Column("state_id", Integer, primary_key=True),
    Column("meeting_id", String(20), ForeignKey("meeting.meeting_id"), nullable=False, unique=True),
    #: 定稿 or 作废, once
    Column("state", String(8), nullable=False),
    Column("why", String(LONGEST), nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", DateTime, nullable=False),
)
COMMENT = Table(
    "meeting_comment",
    metadata,
    Column("comment_id", Integer, primary_key=True),
    Column("meeting_id", String(20), ForeignKey("meeting.meeting_id"), nullable=False, index=True),
    #: the KPI, of funds with the insurance type (case_on_time_rate, payable_months.310)
    Column("line_id", String(80), nullable=False),
    Column("cause", String(LONGEST), nullable=False),
    Column("measure", String(LONGEST), nullable=False),
    Column("owner", String(LONGEST_POST), nullable=False),
    Column("due", Date, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", DateTime, nullable=False),
)
DECISION = Table(
    "meeting_decision",
    metadata,
    Column("decision_id", String(24), primary_key=True),
    Column("meeting_id", String(20), ForeignKey("meeting.meeting_id"), nullable=False, index=True),
    Column("group_name", String(20), nullable=False),
    Column("text", String(LONGEST), nullable=False),
    Column("owner", String(LONGEST_POST), nullable=False),
    Column("due", Date, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", DateTime, nullable=False),
)
REPORT = Table(
    "meeting_decision_report",
    metadata,
    Column("report_id", Integer, primary_key=True),
    Column("decision_id", String(24), ForeignKey("meeting_decision.decision_id"), nullable=False, index=True),
    #: 进行中, 已完成 or 撤销
    Column("state", String(8), nullable=False),
    Column("done_on", Date),
    Column("note", String(LONGEST), nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", DateTime, nullable=False),
)
