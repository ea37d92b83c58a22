"""Passwords: random ones that can be read from paper, and their bcrypt hashes."""

from __future__ import annotations

import secrets
from functools import lru_cache

import bcrypt

#: about a quarter of a second per try on this kind of machine
ROUNDS = 12
#: bcrypt reads no further, in bytes
LONGEST = 72
SHORTEST = 12
#: without 0 O 1 l I, which a person reading a printout mixes up
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
RANDOM_LENGTH = 14


def new() -> str:
    """A random password: 14 of 56 signs, about 81 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))


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
