"""Seeded lots that need no random generator: sort by SHA-256 of seed and id, take the first n.

Any language can repeat it, no library's version matters, and who knows the seed can check every single lot.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from fundwatch.errors import UsageError

ALGORITHM = "SHA-256 排序抽样"
ALGORITHM_VERSION = "1"
#: twelve digits can be read aloud in a meeting and written into minutes
LONGEST_SEED = 10**12


@dataclass(frozen=True)
class Signer:
    """Who acts: the account that the log keeps and the post that sheets show."""

    user: str
    post: str


#: what the command line signs with
COMMAND_LINE = Signer("命令行", "命令行")


def lot(seed: int, item: str) -> str:
    """The item's place in the order: 64 hex digits of SHA-256 over ``seed``, a line feed and the item (UTF-8)."""
    return hashlib.sha256(f"{seed}\n{item}".encode()).hexdigest()


def drawn(seed: int, items: Iterable[str], size: int) -> list[str]:
    """The ``size`` items with the smallest lots, in that order; all of them when there are fewer."""
    return sorted(items, key=lambda item: (lot(seed, item), item))[:size]


def new_seed() -> int:
    """A seed from the operating system, 1 to 999,999,999,999."""
    return 1 + secrets.randbelow(LONGEST_SEED - 1)


def read_seed(seed: int | None) -> int:
    """The seed given or a new one; raises UsageError outside 0 to 999,999,999,999."""
    if seed is None:
        return new_seed()
    if not 0 <= seed < LONGEST_SEED:
        raise UsageError(f"随机种子应为 0 至 {LONGEST_SEED - 1} 的整数。")
    return seed


def digest(lines: Iterable[str]) -> str:
    """SHA-256 over the lines, each ended by a line feed."""
    found = hashlib.sha256()
    for line in lines:
        found.update(line.encode())
        found.update(b"\n")
    return found.hexdigest()
