"""The two kinds of error: what a person can mend, and what only the log should hold."""

from __future__ import annotations

import errno
import re
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


class DamagedError(UserError):
    """A file of the home does not hold what was written: said like any UserError, and logged under an incident number."""


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

#: engines name the file that they could not read, mostly
_LAKE_FILE = re.compile(r"lake/(?P<table>[a-z]\w*)/(?P<file>[^'\"\s]+\.parquet)")
_SERVING_FILE = re.compile(r"warehouse-(?P<version>\d{8}-\d{6}-\d{3})\.duckdb")
_BROKEN = (
    "no magic bytes", "too small to be a parquet", "failed to read file", "could not read enough bytes", "no files found that match",
    "invalid string encoding", "does not exist", "not a valid duckdb database", "cannot open file",
)  # fmt: skip
_BROKEN_PARQUET = (
    "likely corrupted", "corrupted file?", "tprotocolexception", "don't know what type", "invalid ttype", "out of buffer",
    "decompression failure",
)  # fmt: skip
_BROKEN_DATABASE = (
    "corrupt database file",
    "computed checksum",
    "database has been invalidated",
    "not a valid duckdb database",
)
AGAIN_FROM_BACKUP = "请从备份恢复该文件(见运行维护手册“备份与恢复”),再运行 fundwatch build --full。"

#: what a view over a damaged table answers with (``fundwatch.build.sources.unreadable``)
_TOLD = re.compile(f"数据湖.*{re.escape(AGAIN_FROM_BACKUP)}")


def damaged_lake_file(table: str, file: str) -> str:
    """What to tell a person of a lake file that is damaged or gone; ``file`` is its path inside the table's folder."""
    return f"数据湖的表 {table} 的文件 {file} 损坏或缺失。{AGAIN_FROM_BACKUP}"


def damaged_version(version: str) -> str:
    """What to tell a person of a serving file that is damaged or gone."""
    return (
        f"数据版本 {version} 的服务文件不存在或已损坏,不能打开。请运行 fundwatch build --full 重新生成"
        "(会议引用的旧版本请从备份恢复);数据湖中的数据未受影响。"
    )


def damage_trouble(error: BaseException) -> str | None:
    """What to tell a person when a damaged file of the home is behind an error; None for any other."""
    for one in chain(error):
        if isinstance(one, DamagedError):
            return one.message
        said = str(one)
        if found := _TOLD.search(said):
            return found[0]
        lower = said.lower()
        if any(words in lower for words in _BROKEN) and (found := _LAKE_FILE.search(said)):
            return damaged_lake_file(found["table"], found["file"])
        if any(words in lower for words in _BROKEN_PARQUET):
            return f"数据湖中有文件损坏,运行 fundwatch build --full 会指出是哪一个。{AGAIN_FROM_BACKUP}"
    return damaged_version_of(error)


def damaged_version_of(error: BaseException) -> str | None:
    """As ``damage_trouble``, of a serving file only."""
    for one in chain(error):
        said = str(one)
        lower = said.lower()
        if any(words in lower for words in _BROKEN) and (found := _SERVING_FILE.search(said)):
            return damaged_version(found["version"])
        if any(words in lower for words in _BROKEN_DATABASE):
            return (
                "现用数据版本的服务文件损坏。请运行 fundwatch build --full 重新生成;数据湖中的数据未受影响。"
            )
    return None


def known_trouble(error: BaseException) -> str | None:
    """What to tell a person of an error whose cause is the disk or a damaged file; None for any other."""
    return damage_trouble(error) or disk_trouble(error)


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
