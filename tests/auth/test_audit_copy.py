"""The shipped copy of the log stands against a keeper who rewrites the whole database."""

from __future__ import annotations

import json

import pytest
from behind import drop_triggers

from fundwatch.cli.app import run
from fundwatch.errors import UserError
from fundwatch.state.audit import FIRST_HASH, events, hash_of, head, record, verify
from fundwatch.state.audit_copy import Shipped, difference, ship


@pytest.fixture
def copy(store, tmp_path):
    """A log of four events whose first three were shipped."""
    path = tmp_path / "audit.jsonl"
    for number in range(3):
        record(store, "fx01", "导出", str(number), {"rows": number})
    assert ship(store, path) == Shipped(added=3, rows=3)
    record(store, "fx01", "退出登录")
    return path


def rewrite(store, keep: int, changed: str) -> None:
    """What somebody with the whole database can do: a new chain with right hashes and a right end."""
    with store.begin() as connection:
        rows = [dict(row) for row in connection.execute(events.select().order_by(events.c.id)).mappings()][
            :keep
        ]
        drop_triggers(connection)
        connection.execute(events.delete())
        last = FIRST_HASH
        for row in rows:
            row |= {"prev_hash": last, "object": changed if row["id"] == 2 else row["object"]}
            last = row["hash"] = hash_of(row)
            connection.execute(events.insert().values(**row))
        connection.execute(head.update().values(rows=len(rows), hash=last))


def test_only_what_is_new_is_added(store, copy):
    assert ship(store, copy) == Shipped(added=1, rows=4)
    assert ship(store, copy) == Shipped(added=0, rows=4)
    assert [json.loads(line)["action"] for line in copy.read_text("utf-8").splitlines()] == ["导出"] * 3 + [
        "退出登录"
    ]


def test_a_line_that_a_crash_cut_is_written_again(store, copy):
    with copy.open("ab") as file:
        file.write(b'{"id": 4, "at"')
    assert ship(store, copy) == Shipped(added=1, rows=4)
    assert difference(store, copy) is None


def test_a_rewritten_log_with_right_hashes_differs_from_its_copy(store, copy):
    rewrite(store, keep=4, changed="另一张清单")
    assert verify(store).sound
    assert "第 2 条与副本不一致" in (difference(store, copy) or "")
    before = copy.read_bytes()
    with pytest.raises(UserError, match="副本未改动"):
        ship(store, copy)
    assert copy.read_bytes() == before


def test_a_shortened_log_differs_from_its_copy(store, copy):
    rewrite(store, keep=2, changed="1")
    assert verify(store).sound
    assert "末尾有记录被删除" in (difference(store, copy) or "")


def test_a_changed_copy_is_told_from_a_changed_log(store, copy):
    copy.write_text(copy.read_text("utf-8").replace("fx01", "fx02", 1), encoding="utf-8")
    with pytest.raises(UserError, match="第 1 行与校验不符,副本本身被改动过"):
        difference(store, copy)


def test_the_command_says_what_it_found_by_its_status(store, copy, capsys):
    assert run(["audit", "verify", "--copy", str(copy)]) == 0
    assert "与副本一致" in capsys.readouterr().out
    assert run(["audit", "list", "--action", "导出", "--json"]) == 0
    assert [event["object"] for event in json.loads(capsys.readouterr().out)] == ["2", "1", "0"]
    assert run(["audit", "ship", "--to", str(copy)]) == 0
    rewrite(store, keep=2, changed="1")
    assert run(["audit", "verify", "--json"]) == 0
    assert run(["audit", "verify", "--copy", str(copy), "--json"]) == 1
    assert run(["audit", "verify", "--copy", str(copy) + ".none"]) == 1
