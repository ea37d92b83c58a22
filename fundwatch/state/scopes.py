"""The rows an account is limited to: a town's institutions, a work group's tasks. An account without a row here sees the county.

A table of its own, so that homes made before it have it without a change of the accounts' table.
"""

from __future__ import annotations

import re

from sqlalchemy import Column, Connection, String, Table, delete, insert

from fundwatch.errors import UserError
from fundwatch.state.db import metadata

LONGEST_GROUP = 32
TOWN = re.compile(r"\d{6,12}")

scope = Table(
    "account_scope",
    metadata,
    Column("username", String(32), primary_key=True),
    Column("town", String(12)),
    Column("group_name", String(LONGEST_GROUP)),
)


def checked(town: str | None, group: str | None) -> tuple[str | None, str | None]:
    """The limits as they are stored; raises UserError for what cannot be one."""
    town, group = (town or "").strip() or None, (group or "").strip() or None
    if town is not None and not TOWN.fullmatch(town):
        raise UserError(f"乡镇代码 {town} 不合规:应为 6 至 12 位数字,与“乡镇”表的代码一致。")
    if group is not None and len(group) > LONGEST_GROUP:
        raise UserError(f"工作组名称最多 {LONGEST_GROUP} 个字。")
    return town, group


def put(connection: Connection, username: str, town: str | None, group: str | None) -> None:
    """Replace an account's limits."""
    connection.execute(delete(scope).where(scope.c.username == username))
    if town or group:
        connection.execute(insert(scope).values(username=username, town=town, group_name=group))


def words(town: str | None, group: str | None) -> str:
    """乡镇 341222101、工作组 经办事中组; 全县 without a limit."""
    parts = [f"乡镇 {town}" if town else "", f"工作组 {group}" if group else ""]
    return "、".join(part for part in parts if part) or "全县"
