"""Accounts: post codes, never persons' names. Passwords are bcrypt hashes; a plain one is shown once."""

from __future__ import annotations

import hashlib
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
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from fundwatch.access import Role
from fundwatch.clock import Clock, china_today, system_clock
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.settings import Settings
from fundwatch.state import passwords
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata
from fundwatch.state.sessions import Sessions

MINUTE = 60
DAY = 24 * 60 * MINUTE
LONGEST_NAME = 32
UNKNOWN = "未知账号"
#: by dialect: an insert that may find its row there already
INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
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
#: kept by the hash of the name typed in, known or not: a lock tells nothing about who exists, and a password
#: typed into the wrong field is not stored
failure = Table(
    "sign_in_failure",
    metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Integer, nullable=False),
    Column("locked_until", Integer, nullable=False),
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


@dataclass(frozen=True)
class LockOut:
    """After ``failures`` wrong tries, less than ``seconds`` apart, the name is refused for ``seconds``."""

    failures: int = 5
    seconds: int = 15 * MINUTE


class LockedError(UserError):
    """Too many failures for this name; ends by itself."""


@dataclass(frozen=True)
class Users:
    """The accounts of one home. Every change is logged under ``by``."""

    engine: Engine
    lock_out: LockOut = LockOut()
    clock: Clock = system_clock

    @classmethod
    def of(cls, home: Home) -> Users:
        """The accounts of a home, with the lock-out that its settings hold."""
        values, today = Settings(home).now(), china_today()
        failures, minutes = values.get("sign_in_failures", today), values.get("sign_in_lock_minutes", today)
        return cls(engine(home), LockOut(int(failures or 0), int(minutes or 0) * MINUTE))

    def listing(self) -> list[User]:
        """All accounts by sign-in name."""
        with self.engine.connect() as connection:
            return [
                _user(row)
                for row in connection.execute(select(account).order_by(account.c.username)).mappings()
            ]

    def get(self, username: str) -> User | None:
        """The account, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(account).where(account.c.username == username)).mappings().first()
        return _user(row) if row else None

    def add(self, username: str, post: str, roles: Iterable[Role], by: str) -> str:
        """Make an account with a random password and return the password: it is kept nowhere else."""
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
        self._log(by, "新增账号", username, {"post": post.strip(), "roles": words})
        return password

    def reset(self, username: str, by: str) -> str:
        """Give a new random password, end the user's sessions and any lock, and return the password."""
        self._known(username)
        password = passwords.new()
        self._change(username, password_hash=passwords.hashed(password), password_is_initial=True)
        self._forget_failures(username)
        Sessions(self.engine, clock=self.clock).revoke_all(username)
        self._log(by, "重置密码", username, {})
        return password

    def set_password(self, username: str, password: str) -> None:
        """The owner's own new password; raises UserError when it is too short or too long."""
        if not passwords.SHORTEST <= len(password.encode()) <= passwords.LONGEST:
            raise UserError(f"密码长度应为 {passwords.SHORTEST} 至 {passwords.LONGEST} 个字节。")
        self._known(username)
        self._change(username, password_hash=passwords.hashed(password), password_is_initial=False)
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
        if self._locked_until(name) > now:
            minutes = -(-self.lock_out.seconds // MINUTE)
            raise LockedError(f"登录失败次数过多,已暂停该账号登录。请在 {minutes} 分钟后再试。")
        if not password:
            return False
        with self.engine.connect() as connection:
            row = connection.execute(select(account).where(account.c.username == name)).mappings().first()
        right = passwords.matches(password, row["password_hash"] if row else passwords.nobody_hash())
        if right and row is not None and row["enabled"]:
            self._forget_failures(name)
            self._change(name, last_sign_in=now)
            self._log(name, "登录", "", {})
            return True
        count = self._count_failure(name, now)
        who, locked = (name if row else UNKNOWN), count >= self.lock_out.failures
        self._log(who, "登录失败", "", {"failures": count, "locked": locked})
        return False

    def entered(self, username: str, way: str) -> None:
        """Note a sign-in that another system vouched for."""
        self._change(username, last_sign_in=int(self.clock()))
        self._log(username, "登录", "", {"by": way})

    def _locked_until(self, name: str) -> int:
        key = _name_hash(name)
        with self.engine.connect() as connection:
            return (
                connection.execute(select(failure.c.locked_until).where(failure.c.name_hash == key)).scalar()
                or 0
            )

    def _count_failure(self, name: str, now: int) -> int:
        key = _name_hash(name)
        with self.engine.begin() as connection:
            connection.execute(delete(failure).where(failure.c.last_at < now - DAY))
            # Both writes wait for others at the same name: no failure is lost, on SQLite and PostgreSQL alike.
            first = INSERTS[self.engine.dialect.name](failure).values(
                name_hash=key, count=0, last_at=now, locked_until=0
            )
            connection.execute(first.on_conflict_do_nothing())
            # a try that was on its way while another locked the name adds to the lock and does not open it
            locked = failure.c.locked_until > now
            fresh = and_(failure.c.locked_until == 0, failure.c.last_at > now - self.lock_out.seconds)
            one_more = update(failure).where(failure.c.name_hash == key)
            connection.execute(
                one_more.values(
                    count=case((or_(locked, fresh), failure.c.count + 1), else_=1),
                    locked_until=case((locked, failure.c.locked_until), else_=0),
                    last_at=now,
                )
            )
            count = connection.execute(select(failure.c.count).where(failure.c.name_hash == key)).scalar_one()
            if count >= self.lock_out.failures:
                until = now + self.lock_out.seconds
                connection.execute(
                    update(failure).where(failure.c.name_hash == key).values(locked_until=until)
                )
        return count

    def _forget_failures(self, name: str) -> None:
        key = _name_hash(name)
        with self.engine.begin() as connection:
            connection.execute(delete(failure).where(failure.c.name_hash == key))

    def _known(self, username: str) -> None:
        if self.get(username) is None:
            raise UserError(f"没有账号 {username}。用 user list 查看全部账号。")

    def _change(self, username: str, **values) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(account).where(account.c.username == username).values(**values))

    def _log(self, by: str, action: str, target: str, detail: dict) -> None:
        record(self.engine, by, action, target, detail, clock=self.clock)


def _name_hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _user(row) -> User:
    return User(
        row["username"], row["post"], tuple(Role(word) for word in json.loads(row["roles"])), row["enabled"],
        row["password_is_initial"], row["last_sign_in"],
    )  # fmt: skip
