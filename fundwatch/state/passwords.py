"""Passwords: random ones that can be read from paper, the rules for people's own, and their bcrypt hashes."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache

import bcrypt

from fundwatch.errors import UserError

#: about a quarter of a second per try on this kind of machine
ROUNDS = 12
#: bcrypt reads no further, in bytes
LONGEST = 72
SHORTEST = 12
#: without 0 O 1 l I, which a person reading a printout mixes up
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
RANDOM_LENGTH = 14
#: lower case, upper case, digits, anything else
KINDS = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
LEAST_KINDS = 3
RULES = (
    f"密码至少 {SHORTEST} 个字符,含大写字母、小写字母、数字、其他符号中的三种,不含账号,不与现在的密码相同。"
)


def new() -> str:
    """A random password: 14 of 56 signs, about 81 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))


def check_rules(password: str, username: str, hash_before: str) -> None:
    """Raises UserError when a person's own password does not fit the rules."""
    if len(password) < SHORTEST or len(password.encode()) > LONGEST:
        raise UserError(f"密码长度应为 {SHORTEST} 至 {LONGEST} 个字符(汉字按三个计)。")
    if sum(bool(re.search(kind, password)) for kind in KINDS) < LEAST_KINDS:
        raise UserError("密码应含大写字母、小写字母、数字、其他符号中的三种。")
    if username.lower() in password.lower():
        raise UserError("密码不能包含账号。")
    if matches(password, hash_before):
        raise UserError("新密码不能与现在的密码相同。")


def hashed(password: str) -> str:
    """The bcrypt hash of a password of at most 72 bytes."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=ROUNDS)).decode()


def matches(password: str, hash_of_it: str) -> bool:
    """Whether the password has this hash; one that is too long takes as long and does not."""
    given = password.encode()
    # bcrypt raises on longer input; comparing the head takes the same time, then the answer is no.
    return bcrypt.checkpw(given[:LONGEST], hash_of_it.encode()) and len(given) <= LONGEST


@lru_cache(maxsize=1)
def nobody_hash() -> str:
    """A hash that no one has the password of: compared with when a name is unknown, for the time it takes."""
    return hashed(new())
