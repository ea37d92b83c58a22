"""Which files a load looks at, and which contract table each holds: both by name alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fundwatch.contracts import contracts
from fundwatch.errors import UsageError

#: what may follow a table's id in a file name: ``setl_d_2024-06.csv``, ``setl_d-06.csv``, ``setl_d2024.csv``, ``setl_d.csv``
AFTER_TABLE = re.compile(r"[_\-0-9.]")


@dataclass(frozen=True)
class Found:
    """A file to look at; ``named`` when the caller named it rather than its folder."""

    path: Path
    shown: str
    named: bool


def find_files(paths: Sequence[Path]) -> list[Found]:
    """Files named and files under folders named, each once, in order of name; a later one is loaded later.

    Raises UsageError naming every path that does not exist.
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"找不到文件或目录:{'、'.join(missing)}。")
    found: dict[Path, Found] = {}
    for path in paths:
        for file in _files_of(path):
            seen = found.get(file.path.resolve())
            if seen is None or (file.named and not seen.named):
                found[file.path.resolve()] = file
    return sorted(found.values(), key=lambda file: (file.path.name, str(file.path)))


def _files_of(path: Path) -> Iterator[Found]:
    if not path.is_dir():
        yield Found(path, str(path), named=True)
        return
    for inner in sorted(path.rglob("*")):
        if inner.is_file() and not any(part.startswith(".") for part in inner.relative_to(path).parts):
            yield Found(inner, str(inner), named=False)


def table_of(name: str) -> str | None:
    """The contract table with the longest id that starts the file name, or None."""
    lower = name.lower()
    fitting = [
        table
        for table in contracts()
        if lower.startswith(table) and AFTER_TABLE.match(lower[len(table) : len(table) + 1])
    ]
    return max(fitting, key=len, default=None)
