"""What the administrator's screen shows: accounts and the log, as tables."""

from __future__ import annotations

import json

import pyarrow as pa

from fundwatch.clock import china_time
from fundwatch.state.audit import Event, listing, verify
from fundwatch.state.db import engine
from fundwatch.state.users import Users
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field

#: the newest events looked through; older ones stay in the database
EVENTS_SHOWN = 2_000
ACCOUNT_FIELDS = (
    Field("username", "账号"),
    Field("post", "岗位"),
    Field("roles", "角色"),
    Field("state", "状态"),
    Field("password", "密码"),
    Field("last_sign_in", "最近登录"),
)
EVENT_FIELDS = (
    Field("at", "时间"),
    Field("user", "账号"),
    Field("action", "操作"),
    Field("object", "对象"),
    Field("detail", "详情"),
)
DETAIL_WORDS = {
    "rows": "行数", "sha256": "文件指纹", "format": "格式", "version": "数据版本", "filters": "筛选", "from": "起始日",
    "to": "截止日", "screen": "页面", "columns": "列", "failures": "连续失败次数", "locked": "已暂停登录",
    "post": "岗位", "roles": "角色", "before": "变更前", "after": "变更后", "since": "生效日", "why": "理由",
}  # fmt: skip


def accounts(page: Page) -> pa.Table:
    """One row per account."""
    rows = [
        {
            "username": user.username,
            "post": user.post,
            "roles": "、".join(user.roles),
            "state": "启用" if user.enabled else "停用",
            "password": "初始密码,未更换" if user.password_is_initial else "本人设置",
            "last_sign_in": f"{china_time(user.last_sign_in):%Y-%m-%d %H:%M}" if user.last_sign_in else None,
        }
        for user in Users.of(page.home).listing()
    ]
    return pa.Table.from_pylist(rows, schema=_texts(field.name for field in ACCOUNT_FIELDS))


def actions(page: Page) -> list[str]:
    """The kinds of act among the newest events."""
    return sorted({event.action for event in listing(engine(page.home), limit=EVENTS_SHOWN)})


def events(page: Page, action: str | None = None) -> pa.Table:
    """The newest events, one row each, newest first."""
    rows = [
        {
            "at": event.at[:19].replace("T", " "),
            "user": event.user,
            "action": event.action,
            "object": event.object,
            "detail": detail_words(event),
        }
        for event in listing(engine(page.home), limit=EVENTS_SHOWN, action=action)
    ]
    return pa.Table.from_pylist(rows, schema=_texts(field.name for field in EVENT_FIELDS))


def detail_words(event: Event) -> str:
    """行数 3;格式 csv;… — the detail with Chinese names."""
    parts = []
    for name, value in event.detail.items():
        words = {True: "是", False: "否"}.get(value) if isinstance(value, bool) else None
        text = words or (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        parts.append(f"{DETAIL_WORDS.get(name, name)} {text}")
    return ";".join(parts)


def chain_words(page: Page) -> str:
    """Whether the log is whole."""
    return verify(engine(page.home)).words


def _texts(names) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])
