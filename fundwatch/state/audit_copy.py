"""A second copy of the log as JSON lines, for a place that the database's keeper cannot write.

A line holds one row as it stands in ``audit_event`` (id, at, user, action, object, detail, prev_hash, hash). Shipping adds the
rows that the copy does not have; comparing tells whether the log still begins with everything that was ever shipped.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from fundwatch.errors import UserError
from fundwatch.state.audit import FIRST_HASH, hash_of, rows_after, verify


@dataclass(frozen=True)
class Shipped:
    """What a shipping did: rows added, rows in the copy now."""

    added: int
    rows: int


def ship(engine: Engine, path: Path) -> Shipped:
    """Add what is new to the copy at ``path`` (made when missing), safely on disk.

    A last line that a crash has cut is written again. Raises UserError when the log is not whole or does not go on from the
    copy: then the copy is the evidence and stays as it is.
    """
    verdict = verify(engine)
    if not verdict.sound:
        raise UserError(f"{verdict.words}副本未改动。")
    held, size = _held(path)
    if found := _first_difference(engine, held):
        raise UserError(f"{found}副本未改动。")
    added = 0
    with open(path, "r+b" if path.exists() else "x+b") as file:
        file.truncate(size)
        file.seek(size)
        for row in rows_after(engine, len(held)):
            file.write(_line(row))
            added += 1
        file.flush()
        os.fsync(file.fileno())
    return Shipped(added, len(held) + added)


def difference(engine: Engine, path: Path) -> str | None:
    """Where the log differs from its copy, as a Chinese sentence; None when it begins with all of the copy."""
    if not path.is_file():
        raise UserError(f"没有副本文件 {path}。")
    return _first_difference(engine, _held(path)[0])


def _held(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Rows of the copy and how many bytes they take; an unfinished last line is not among them."""
    if not path.exists():
        return [], 0
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    try:
        rows = [json.loads(line) for line in whole.splitlines()]
        expected = FIRST_HASH
        for number, row in enumerate(rows, start=1):
            if row["prev_hash"] != expected or row["hash"] != hash_of(row):
                raise UserError(f"副本 {path} 第 {number} 行与校验不符,副本本身被改动过。")
            expected = row["hash"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} 不是操作日志的副本(应为每行一条 JSON)。") from error
    return rows, len(whole)


def _first_difference(engine: Engine, held: list[dict[str, Any]]) -> str | None:
    kept = rows_after(engine, 0)
    for number, copy in enumerate(held, start=1):
        row = next(kept, None)
        if row is None:
            return f"日志只有 {number - 1:,} 条,副本有 {len(held):,} 条:日志末尾有记录被删除。"
        if row["hash"] != copy["hash"]:
            return f"日志第 {number:,} 条与副本不一致:日志在上次送出副本之后被改写。"
    return None


def _line(row: dict[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n").encode()
