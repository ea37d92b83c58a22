"""The rows an account is limited to: a town's institutions, a work group's tasks, one county of several. Without a row here it sees all.

Tables of their own, so that homes made before them have them without a change of the accounts' table.
"""

from __future__ import annotations

import re

from sqlalchemy import Column, Connection, String, Table, delete, insert

from fundwatch.errors import UserError
from fundwatch.state.db import metadata

LONGEST_GROUP = 32
TOWN, COUNTY = re.compile(r"\d{6,12}"), re.compile(r"\d{6}")

scope = Table(
    "account_scope",
    metadata,
    Column("username", String(32), primary_key=True),
    Column("town", String(12)),
    Column("group_name", String(LONGEST_GROUP)),
)
county_scope = Table(
    "account_county",
    metadata,
    Column("username", String(32), primary_key=True),
    Column("county", String(6), nullable=False),
)


def checked_county(county: str | None) -> str | None:
    """The county as it is stored; raises UserError for what cannot be one."""
    county = (county or "").strip() or None
    if county is not None and not COUNTY.fullmatch(county):
        raise UserError(f"县区代码 {county} 不合规:应为 6 位医保区划,与“县区”表的代码一致。")
    return county


def checked(town: str | None, group: str | None) -> tuple[str | None, str | None]:
    """The limits as they are stored; raises UserError for what cannot be one."""
    town, group = (town or "").strip() or None, (group or "").strip() or None
    if town is not None and not TOWN.fullmatch(town):
        raise UserError(f"乡镇代码 {town} 不合规:应为 6 至 12 位数字,与“乡镇”表的代码一致。")
    if group is not None and len(group) > LONGEST_GROUP:
        raise UserError(f"工作组名称最多 {LONGEST_GROUP} 个字。")
    return town, group


def put(
    connection: Connection, username: str, town: str | None, group: str | None, county: str | None = None
) -> None:
    """Replace an account's limits."""
    connection.execute(delete(scope).where(scope.c.username == username))
    if town or group:
        connection.execute(insert(scope).values(username=username, town=town, group_name=group))
    connection.execute(delete(county_scope).where(county_scope.c.username == username))
    if county:
        connection.execute(insert(county_scope).values(username=username, county=county))


def words(town: str | None, group: str | None, county: str | None = None) -> str:
    """县区 341222、乡镇 341222101、工作组 经办事中组; 不限 without a limit."""
    parts = [
        f"县区 {county}" if county else "",
        f"乡镇 {town}" if town else "",
        f"工作组 {group}" if group else "",
    ]
    return "、".join(part for part in parts if part) or "不限"
