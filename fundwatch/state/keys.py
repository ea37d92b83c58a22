"""The key that signs the sign-in cookie: from the environment, from secrets.toml, or made once per home."""

from __future__ import annotations

import os
import secrets
import stat
import tomllib
from contextlib import suppress
from pathlib import Path

from fundwatch.errors import UserError
from fundwatch.home import PROJECT, Home

COOKIE_KEY_VARIABLE = "FUNDWATCH_COOKIE_KEY"
SECRETS_FILE = PROJECT / ".streamlit" / "secrets.toml"
#: HS256 wants at least as many bytes as its digest
KEY_BYTES = 32


def cookie_key(home: Home, secrets_file: Path = SECRETS_FILE) -> str:
    """The signing key; raises UserError when a configured one is too short to be safe."""
    configured = os.environ.get(COOKIE_KEY_VARIABLE) or _from_secrets(secrets_file)
    if configured:
        if len(configured.encode()) < KEY_BYTES:
            raise UserError(f"{COOKIE_KEY_VARIABLE} 太短:至少需要 {KEY_BYTES} 个字节的随机内容。")
        return configured
    return _own_key(home.ensure().state / "cookie.key")


def _from_secrets(path: Path) -> str:
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8")).get("cookie_key", ""))
    except FileNotFoundError:
        return ""
    except tomllib.TOMLDecodeError as error:
        raise UserError(f".streamlit/secrets.toml 无法读取:{error}") from error


def _own_key(path: Path) -> str:
    """The home's own key; the first process to ask makes it, others read what it made."""
    if not path.exists():
        _make_key(path)
    key = path.read_text(encoding="ascii").strip()
    if len(key) < KEY_BYTES:
        raise UserError("登录密钥文件 state/cookie.key 不完整。请删除它后重新启动,已登录的人员需要重新登录。")
    return key


def _make_key(path: Path) -> None:
    """Write a key beside the file and give it the name only when whole; another process may have been first."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES))
        with suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink()


def open_to_others(path: Path) -> bool:
    """Whether someone else on the machine could read a key file (POSIX permissions)."""
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
