"""The log's end is registered for homes whose log is older than ``audit_head``.

Without it ``audit verify`` would call such a log cut, for good: the head moves only from where it stands.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    found = sa.inspect(connection)
    if not found.has_table("audit_event"):
        return
    if not found.has_table("audit_head"):
        op.create_table(
            "audit_head",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("rows", sa.Integer, nullable=False),
            sa.Column("hash", sa.String(64), nullable=False),
        )
    events, head = (
        sa.table("audit_event", *map(sa.column, ("id", "hash"))),
        sa.table("audit_head", *map(sa.column, ("id", "rows", "hash"))),
    )
    if connection.execute(sa.select(head.c.id)).first() is not None:
        return
    count = connection.execute(sa.select(sa.func.count()).select_from(events)).scalar_one()
    last = connection.execute(sa.select(events.c.hash).order_by(events.c.id.desc()).limit(1)).scalar()
    if last is not None:
        connection.execute(sa.insert(head).values(id=1, rows=count, hash=last))
