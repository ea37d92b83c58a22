"""The two kinds of error: what a person can mend, and what only the log should hold."""

from __future__ import annotations

import errno
import secrets


class UserError(Exception):
    """A Chinese message shown as it stands: what was found, what is wanted, what to do.

    ``exit_code`` is the command's exit status: 1 refused or failed a check, 2 wrong usage.
    """

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code


class UsageError(UserError):
    """Wrong usage of a command: exit status 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, exit_code=2)


#: what systems and engines say of a disk → what a person reads; errors of DuckDB, Delta and SQLite carry no number, only words
DISK_FULL = "磁盘空间不足,本次操作没有完成;原有数据未受影响。请腾出空间后重试。"
NOT_WRITABLE = (
    "目录不能写入(只读或没有权限),本次操作没有完成;原有数据未受影响。请检查数据目录和目标目录的权限后重试。"
)
NOT_OPENED = "应用状态数据库不能打开:数据目录只读、没有权限,或磁盘已满。原有数据未受影响;请检查后重试。"
_NUMBERS = {
    errno.ENOSPC: DISK_FULL, errno.EDQUOT: DISK_FULL, errno.EROFS: NOT_WRITABLE, errno.EACCES: NOT_WRITABLE, errno.EPERM: NOT_WRITABLE,
}  # fmt: skip
_WORDS = {
    "no space left on device": DISK_FULL, "database or disk is full": DISK_FULL, "disk quota exceeded": DISK_FULL,
    "read-only file system": NOT_WRITABLE, "readonly database": NOT_WRITABLE, "permission denied": NOT_WRITABLE,
    "unable to open database file": NOT_OPENED, "disk i/o error": NOT_OPENED,
}  # fmt: skip


def chain(error: BaseException) -> list[BaseException]:
    """The error and what caused it, newest first."""
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return found


def disk_trouble(error: BaseException) -> str | None:
    """What to tell a person when a full or read-only disk is behind an error; None for any other."""
    for one in chain(error):
        if isinstance(one, OSError) and one.errno in _NUMBERS:
            return _NUMBERS[one.errno]
        said = str(one).lower()
        for words, told in _WORDS.items():
            if words in said:
                return told
    return None


def incident_number() -> str:
    """A short number that ties what a person saw to the entry in the log; carries no data."""
    return secrets.token_hex(4).upper()
