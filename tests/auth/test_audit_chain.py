"""The log only grows, and a change to any row shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from behind import drop_triggers
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fundwatch.state.audit import events, hash_of, listing, record, verify


def test_events_are_read_newest_first_with_their_detail(store, clock):
    record(store, "fx01", "导出", "检查清单", {"rows": 3, "sha256": "ab"}, clock=clock)
    record(store, "fx01", "退出登录", clock=clock)
    newest, oldest = listing(store)
    assert (newest.action, oldest.action) == ("退出登录", "导出")
    assert oldest.detail == {"rows": 3, "sha256": "ab"}
    assert oldest.at == "2023-11-15T06:13:20+08:00"


def test_untouched_chain_is_sound(store):
    for number in range(5):
        record(store, "fx01", "导出", str(number))
    assert verify(store).sound
    assert verify(store).rows == 5


@pytest.mark.parametrize("change", ["update audit_event set at = '2020-01-01'", "delete from audit_event"])
def test_rows_can_be_neither_changed_nor_removed(store, change):
    record(store, "fx01", "登录")
    with pytest.raises(IntegrityError, match="only grows"), store.begin() as connection:
        connection.execute(text(change))


@pytest.mark.parametrize(
    "change",
    [
        "update audit_event set detail = '{}' where id = 3",
        "update audit_event set at = '2020-01-01' where id = 3",
        "delete from audit_event where id = 2",
    ],
)
def test_a_change_behind_the_app_breaks_the_chain_at_that_row(store, change):
    for number in range(5):
        record(store, "fx01", "导出", str(number), {"rows": number})
    _behind_the_app(store, change)
    assert verify(store).broken_at == 3


def _behind_the_app(store, *changes: str) -> None:
    with store.begin() as connection:
        drop_triggers(connection)
        for change in changes:
            connection.execute(text(change))


def test_rows_that_change_places_break_the_chain(store):
    for number in range(5):
        record(store, "fx01", "导出", str(number))
    _behind_the_app(
        store,
        "update audit_event set id = 99 where id = 3",
        "update audit_event set id = 3 where id = 4",
        "update audit_event set id = 4 where id = 99",
    )
    assert verify(store).broken_at == 3


@pytest.mark.parametrize("change", ["delete from audit_event where id = 5", "delete from audit_event"])
def test_rows_cut_off_at_the_end_show_and_go_on_showing(store, change):
    for number in range(5):
        record(store, "fx01", "导出", str(number))
    _behind_the_app(store, change)
    assert verify(store).is_cut
    record(store, "fx01", "登录")
    assert not verify(store).sound


def test_a_row_added_behind_the_app_shows_even_with_a_right_hash(store):
    record(store, "fx01", "登录")
    last = listing_hash(store)
    forged = {
        "prev_hash": last,
        "at": "2026-01-01",
        "user": "fx01",
        "action": "导出",
        "object": "",
        "detail": "{}",
    }
    with store.begin() as connection:
        connection.execute(events.insert().values(**forged, hash=hash_of(forged)))
    assert verify(store).is_cut


def listing_hash(store) -> str:
    with store.connect() as connection:
        return connection.execute(text("select hash from audit_event order by id desc limit 1")).scalar_one()


def test_writers_at_the_same_time_keep_one_chain(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: record(store, f"fx{n:02d}", "登录"), range(40)))
    assert verify(store).sound
    assert verify(store).rows == 40


def test_table_has_the_agreed_columns():
    assert [c.name for c in events.columns] == [
        "id",
        "at",
        "user",
        "action",
        "object",
        "detail",
        "prev_hash",
        "hash",
    ]
