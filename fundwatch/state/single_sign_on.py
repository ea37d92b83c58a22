"""Single sign-on by OpenID Connect (统一认证): how it is configured, and which of our accounts a token names.

``[auth]`` of ``.streamlit/secrets.toml``, or of the home's ``state/secrets.toml``, holds Streamlit's own keys and ``account_claim``:
the claim of the ID token whose value is a sign-in name of the bureau's accounts. Nobody gets in whom the administrator has not added.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.keys import SECRETS_FILE, cookie_key
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import User, Users

HOME_SECRETS = "secrets.toml"
NEEDED = ("redirect_uri", "client_id", "client_secret", "server_metadata_url")
DEFAULT_CLAIM = "preferred_username"
#: marks sessions that a token began; the rest of the id is the token's hash
PREFIX = "sso-"
#: what makes two tokens of one person two sign-ins
IDENTITY = ("iss", "sub", "iat", "exp", "nonce", "at_hash", "jti", "sid")


@dataclass(frozen=True)
class SingleSignOn:
    """The configured provider. ``auth`` is what Streamlit's ``st.login`` reads."""

    claim: str
    auth: dict[str, Any] = field(repr=False)


def configured(home: Home, shared: Path = SECRETS_FILE) -> SingleSignOn | None:
    """The provider, None when there is none; raises UserError when its section is not complete."""
    for file, name in (
        (home.state / HOME_SECRETS, f"state/{HOME_SECRETS}"),
        (shared, ".streamlit/secrets.toml"),
    ):
        section = _section(file, name)
        if section is None:
            continue
        if lacking := [key for key in NEEDED if not section.get(key)]:
            raise UserError(
                f"{name} 的 [auth] 缺少 {'、'.join(lacking)},统一认证不能使用。请补全,或删除 [auth] 一节。"
            )
        claim = str(section.pop("account_claim", DEFAULT_CLAIM))
        return SingleSignOn(claim, {"cookie_secret": derived(home, "single sign-on"), **section})
    return None


def derived(home: Home, purpose: str) -> str:
    """A key for another purpose than our own cookie, the same in every process of the home."""
    return hmac.new(cookie_key(home).encode(), purpose.encode(), "sha256").hexdigest()


def session_id(claims: Mapping[str, Any]) -> str:
    """The id of the session that this token begins: the same each time the browser shows the token again."""
    parts = [str(claims.get(name, "")) for name in IDENTITY]
    return PREFIX + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[: 64 - len(PREFIX)]


def enter(home: Home, claims: Mapping[str, Any], claim: str) -> tuple[str, User | None]:
    """The token's session id, and the account it lets in: None when it names none, or its session has ended.

    A token begins one session and only while it is fresh; idle time, absolute time and revocation are those of every
    session, however long the browser keeps the token.
    """
    identifier, users = session_id(claims), Users.of(home)
    account = users.get(str(claims.get(claim) or "").strip().lower())
    if account is None or not account.enabled:
        return identifier, None
    sessions = Sessions.of(home)
    if sessions.adopt(identifier, account.username, int(claims.get("iat") or 0)):
        users.entered(account.username, "统一认证")
    return identifier, account if sessions.user_of(identifier) == account.username else None


def _section(file: Path, name: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")).get("auth")
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, OSError) as error:
        raise UserError(f"{name} 无法读取:{type(error).__name__}。请检查格式和权限。") from error
