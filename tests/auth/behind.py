"""What somebody does who has the database itself."""

from __future__ import annotations

from sqlalchemy import Connection, text


def drop_triggers(connection: Connection) -> None:
    """Take away what keeps rows of the log from being changed."""
    table = " on audit_event" if connection.dialect.name == "postgresql" else ""
    for verb in ("update", "delete"):
        connection.execute(text(f"drop trigger if exists audit_event_no_{verb}{table}"))
