"""Accounts: post codes, never persons' names. Passwords are bcrypt hashes; a plain one is shown once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from fundwatch.access import Role, Sight, sight_of
from fundwatch.clock import Clock, china_today, system_clock
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.settings import Settings
from fundwatch.state import failures, passwords, scopes
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata
from fundwatch.state.failures import MINUTE, STANDARD, LockedError, LockOut
from fundwatch.state.sessions import Sessions

LONGEST_NAME = 32
UNKNOWN = "未知账号"
USERNAME = re.compile(r"[a-z0-9][a-z0-9_.-]{1,31}")
#: the first account of each role: sign-in name and post
FIRST_USERS: tuple[tuple[str, str, Role], ...] = (
    ("ld01", "局领导01", Role.LEADER),
    ("xz01", "领导小组01", Role.GROUP_MEMBER),
    ("cs01", "初审岗01", Role.FIRST_REVIEWER),
    ("fh01", "复核岗01", Role.RECHECKER),
    ("fs01", "复审岗01", Role.FINAL_REVIEWER),
    ("jh01", "稽核岗01", Role.INSPECTOR),
    ("xy01", "协议管理01", Role.AGREEMENTS),
    ("fx01", "分析员01", Role.ANALYST),
    ("admin", "系统管理员01", Role.ADMIN),
)

account = Table(
    "account",
    metadata,
    Column("username", String(32), primary_key=True),
    Column("post", String(32), nullable=False),
    Column("roles", Text, nullable=False),
    Column("password_hash", String(80), nullable=False),
    Column("enabled", Boolean, nullable=False),
    #: the password was made by someone else (first start, reset) and not yet replaced by its owner
    Column("password_is_initial", Boolean, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("last_sign_in", Integer),
)
ACCOUNTS = select(
    account, scopes.scope.c.town, scopes.scope.c.group_name, scopes.county_scope.c.county
).select_from(
    account.outerjoin(scopes.scope, scopes.scope.c.username == account.c.username).outerjoin(
        scopes.county_scope, scopes.county_scope.c.username == account.c.username
    )
)


@dataclass(frozen=True)
class User:
    """One account as the app needs it. ``post`` is what is shown and logged (初审岗01)."""

    username: str
    post: str
    roles: tuple[Role, ...]
    enabled: bool
    password_is_initial: bool
    last_sign_in: int | None
    #: codes of town and county, and name of the work group, that the account is limited to
    town: str | None = None
    group: str | None = None
    county: str | None = None

    @property
    def sight(self) -> Sight:
        """What this person may see of the rows."""
        return sight_of(self.roles, self.town, self.group, self.county)


@dataclass(frozen=True)
class Users:
    """The accounts of one home. Every change is logged under ``by``."""

    engine: Engine
    lock_out: LockOut = STANDARD
    clock: Clock = system_clock

    @classmethod
    def of(cls, home: Home) -> Users:
        """The accounts of a home, with the lock-out that its settings hold."""
        values, today = Settings(home).now(), china_today()
        tries, minutes = values.get("sign_in_failures", today), values.get("sign_in_lock_minutes", today)
        return cls(engine(home), LockOut(int(tries or 0), int(minutes or 0) * MINUTE))

    def listing(self) -> list[User]:
        """All accounts by sign-in name."""
        with self.engine.connect() as connection:
            rows = connection.execute(ACCOUNTS.order_by(account.c.username)).mappings()
            return [_user(row) for row in rows]

    def get(self, username: str) -> User | None:
        """The account, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(ACCOUNTS.where(account.c.username == username)).mappings().first()
        return _user(row) if row else None

    def add(
        self,
        username: str,
        post: str,
        roles: Iterable[Role],
        by: str,
        *,
        town: str | None = None,
        group: str | None = None,
        county: str | None = None,
    ) -> str:
        """Make an account with a random password and return the password: it is kept nowhere else.

        ``town``, ``county`` and ``group`` limit it to the rows of a town's or county's institutions and of a work group's tasks.
        """
        username, chosen = username.strip().lower(), tuple(dict.fromkeys(roles))
        if not USERNAME.fullmatch(username):
            raise UserError(
                f"账号 {username} 不合规:2 至 32 位小写字母、数字、点、横线或下划线,以字母或数字开头。"
            )
        if not post.strip() or len(post) > LONGEST_NAME:
            raise UserError(f"岗位名称应为 1 至 {LONGEST_NAME} 个字,例如 初审岗01。")
        if not chosen:
            raise UserError("至少需要一个角色。")
        if self.get(username):
            raise UserError(f"账号 {username} 已存在。要换密码请用 user reset。")
        (town, group), county = scopes.checked(town, group), scopes.checked_county(county)
        password = passwords.new()
        words = [role.value for role in chosen]
        new = insert(account).values(
            username=username,
            post=post.strip(),
            roles=json.dumps(words, ensure_ascii=False),
            password_hash=passwords.hashed(password),
            enabled=True,
            password_is_initial=True,
            created_at=int(self.clock()),
        )
        with self.engine.begin() as connection:
            connection.execute(new)
            scopes.put(connection, username, town, group, county)
        detail = {"post": post.strip(), "roles": words, "county": county, "town": town, "group": group}
        self._log(by, "新增账号", username, {name: value for name, value in detail.items() if value})
        return password

    def set_scope(
        self, username: str, town: str | None, group: str | None, by: str, *, county: str | None = None
    ) -> None:
        """Limit an account to a town, a work group and a county (None: no limit); what it has open changes with its next click."""
        self._known(username)
        (town, group), county = scopes.checked(town, group), scopes.checked_county(county)
        before = self.get(username)
        assert before is not None
        with self.engine.begin() as connection:
            scopes.put(connection, username, town, group, county)
        self._log(
            by,
            "变更数据范围",
            username,
            {
                "before": scopes.words(before.town, before.group, before.county),
                "after": scopes.words(town, group, county),
            },
        )

    def reset(self, username: str, by: str) -> str:
        """Give a new random password, end the user's sessions and any lock, and return the password."""
        self._known(username)
        password = passwords.new()
        self._change(username, password_hash=passwords.hashed(password), password_is_initial=True)
        failures.forget(self.engine, username)
        Sessions(self.engine, clock=self.clock).revoke_all(username)
        self._log(by, "重置密码", username, {})
        return password

    def set_password(self, username: str, password: str, keep: str | None = None) -> None:
        """The owner's own new password; ends the account's sessions but for ``keep``. Raises UserError when it breaks a rule."""
        self._known(username)
        with self.engine.connect() as connection:
            before = connection.execute(
                select(account.c.password_hash).where(account.c.username == username)
            ).scalar_one()
        passwords.check_rules(password, username, before)
        self._change(username, password_hash=passwords.hashed(password), password_is_initial=False)
        Sessions(self.engine, clock=self.clock).revoke_all(username, keep=keep)
        self._log(username, "修改密码", username, {})

    def set_enabled(self, username: str, enabled: bool, by: str) -> None:
        """Switch an account on or off; off ends its sessions at once."""
        self._known(username)
        self._change(username, enabled=enabled)
        if not enabled:
            Sessions(self.engine, clock=self.clock).revoke_all(username)
        self._log(by, "启用账号" if enabled else "停用账号", username, {})

    def ensure_first(self, by: str) -> list[tuple[User, str]]:
        """When there is no account at all, make one per role; returns them with their passwords."""
        with self.engine.connect() as connection:
            if connection.execute(select(func.count()).select_from(account)).scalar():
                return []
        made = []
        for username, post, role in FIRST_USERS:
            password = self.add(username, post, (role,), by)
            user = self.get(username)
            assert user is not None
            made.append((user, password))
        return made

    def check(self, username: str, password: str) -> bool:
        """Whether name and password belong to an enabled account. Counts and logs the outcome.

        An unknown name takes as long and answers the same as a wrong password.
        Raises LockedError while the name is locked.
        """
        name, now = username.strip().lower()[:LONGEST_NAME], int(self.clock())
        if failures.locked_until(self.engine, name, now) > now:
            minutes = -(-self.lock_out.seconds // MINUTE)
            raise LockedError(f"登录失败次数过多,已暂停该账号登录。请在 {minutes} 分钟后再试。")
        if not password:
            return False
        with self.engine.connect() as connection:
            row = connection.execute(select(account).where(account.c.username == name)).mappings().first()
        right = passwords.matches(password, row["password_hash"] if row else passwords.nobody_hash())
        if right and row is not None and row["enabled"]:
            failures.forget(self.engine, name)
            self._change(name, last_sign_in=now)
            self._log(name, "登录", "", {})
            return True
        count = failures.count(self.engine, name, now, self.lock_out)
        who, locked = (name if row else UNKNOWN), count >= self.lock_out.failures
        self._log(who, "登录失败", "", {"failures": count, "locked": locked})
        return False

    def entered(self, username: str, way: str) -> None:
        """Note a sign-in that another system vouched for."""
        self._change(username, last_sign_in=int(self.clock()))
        self._log(username, "登录", "", {"by": way})

    def _known(self, username: str) -> None:
        if self.get(username) is None:
            raise UserError(f"没有账号 {username}。用 user list 查看全部账号。")

    def _change(self, username: str, **values) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(account).where(account.c.username == username).values(**values))

    def _log(self, by: str, action: str, target: str, detail: dict) -> None:
        record(self.engine, by, action, target, detail, clock=self.clock)


def _user(row) -> User:
    return User(
        row["username"], row["post"], tuple(Role(word) for word in json.loads(row["roles"])), row["enabled"],
        row["password_is_initial"], row["last_sign_in"], row["town"], row["group_name"],
        row["county"],
    )  # fmt: skip
