"""A stored draw: its frame stays as it was after later loads, and whoever changes file or rows is found out."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_issue import CLINIC, HOSPITAL, ISSUE, REVIEWER, document, reload, rows
from sqlalchemy import update

from fundwatch.draws.design import Cell, Design
from fundwatch.draws.frame import frame_path
from fundwatch.draws.service import DRAWN, draw_sample, replay
from fundwatch.draws.store import SAMPLE_DRAW, SAMPLE_ITEM, draws, get_draw, items, strata
from fundwatch.errors import UsageError, UserError
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

DESIGN = Design(Decimal("0.05"), Decimal(30000), 1)


def made(home, seed=20240605, issue=ISSUE):
    with open_warehouse(home) as warehouse:
        return draw_sample(home, warehouse, issue, DESIGN, seed=seed, why="第一次", by=REVIEWER)


def again(home, draw):
    with open_warehouse(home) as warehouse:
        return replay(home, draw, warehouse, REVIEWER)


def test_frame_is_what_passed_first_review_and_strata_are_institution_by_kind(issue_home):
    draw = made(issue_home)
    assert (draw.draw_id, draw.frame_size, draw.sample_size) == ("S202405-01", 240, 15)
    found = [(one.cell, one.size, one.sample) for one in strata(issue_home, draw.draw_id)]
    assert found == [
        (Cell(HOSPITAL, "住院"), 28, 2), (Cell(HOSPITAL, "住院", True), 2, 2), (Cell(HOSPITAL, "门诊"), 200, 10),
        (Cell(CLINIC, "门诊"), 10, 1),
    ]  # fmt: skip
    chosen = [one.doc_id for _, one in items(issue_home, draw.draw_id)]
    assert {"D0229", "D0230"} <= set(chosen)
    assert not {"D0241", "D0242", "D0243"} & set(chosen)


def test_a_replay_gives_the_same_documents_and_is_logged(issue_home):
    draw = made(issue_home)
    found = again(issue_home, draw)
    assert found.sound
    assert found.words() == "重放一致:抽样框 240 件哈希相符,重新抽取的 15 件与原结果逐件相同。"
    assert found.now_words() == "现有数据与冻结的抽样框相同。"
    (event,) = listing(engine(issue_home), action=DRAWN)
    assert (event.user, event.object, event.detail["seed"]) == ("fs01", "S202405-01", 20240605)


def test_later_loads_do_not_change_a_replay_and_are_counted(issue_home):
    draw = made(issue_home)
    changed = [one for one in rows() if one["doc_id"] not in ("D0001", "D0241")]
    changed[0] = document(2, dcla_fund_amt="61.00")
    reload(issue_home, *changed, document(900), document(901))
    found = again(issue_home, draw)
    assert found.sound
    assert found.now == (2, 1, 1)
    assert "新增 2 件、减少 1 件、改变 1 件" in found.now_words()


def test_numbers_count_up_within_an_issue_and_no_draw_is_lost(issue_home):
    first, second, other = made(issue_home), made(issue_home, seed=1), made(issue_home, issue="202404")
    assert [one.draw_id for one in (first, second, other)] == ["S202405-01", "S202405-02", "S202404-01"]
    assert {one.draw_id for one in draws(issue_home, ISSUE)} == {"S202405-01", "S202405-02"}
    assert again(issue_home, first).sound
    assert again(issue_home, second).sound


def test_without_a_seed_each_draw_has_its_own(issue_home):
    assert made(issue_home, seed=None).seed != made(issue_home, seed=None).seed


def test_a_changed_frame_file_is_found_out(issue_home):
    draw = made(issue_home)
    path = frame_path(issue_home, draw.draw_id)
    table = pq.read_table(path).to_pylist()
    table[5]["fund_fen"] += 1
    pq.write_table(pa.Table.from_pylist(table, schema=pq.read_schema(path)), path)
    found = again(issue_home, draw)
    assert not found.sound
    assert "抽样框与抽样时的哈希不符" in found.words()


def test_a_lost_or_broken_frame_file_is_told(issue_home):
    draw = made(issue_home)
    path = frame_path(issue_home, draw.draw_id)
    path.write_bytes(b"not parquet")
    with pytest.raises(UserError, match="缺失或已损坏"):
        again(issue_home, draw)
    path.unlink()
    with pytest.raises(UserError, match="缺失或已损坏"):
        again(issue_home, draw)


def test_an_exchanged_document_is_found_out(issue_home):
    draw = made(issue_home)
    chosen = {one.doc_id for _, one in items(issue_home, draw.draw_id)}
    stranger = next(f"D{n:04d}" for n in range(1, 201) if f"D{n:04d}" not in chosen)
    with engine(issue_home).begin() as connection:
        connection.execute(update(SAMPLE_ITEM).where(SAMPLE_ITEM.c.place == 6).values(doc_id=stranger))
    found = again(issue_home, draw)
    assert (found.sound, found.differences) == (False, 2)
    assert "有 2 件与登记的抽样结果不同" in found.words()


def test_a_seed_chosen_afterwards_is_found_out_even_with_fitting_hashes(issue_home):
    """Somebody redraws until it suits and puts the outcome in the place of the first: only the log knows."""
    draw, suits = made(issue_home), made(issue_home, seed=42)
    store = engine(issue_home)
    with store.begin() as connection:
        connection.execute(
            update(SAMPLE_DRAW)
            .where(SAMPLE_DRAW.c.draw_id == draw.draw_id)
            .values(seed=42, items_hash=suits.items_hash)
        )
        connection.execute(SAMPLE_ITEM.delete().where(SAMPLE_ITEM.c.draw_id == draw.draw_id))
        connection.execute(
            update(SAMPLE_ITEM).where(SAMPLE_ITEM.c.draw_id == suits.draw_id).values(draw_id=draw.draw_id)
        )
    found = again(issue_home, get_draw(issue_home, draw.draw_id))
    assert found.frame_sound
    assert not found.differences
    assert not found.sound
    assert "与操作日志中的种子或哈希不符" in found.words()


def test_what_cannot_be_drawn_is_told(issue_home):
    with pytest.raises(UserError, match="没有初审通过的单据"):
        made(issue_home, issue="202401")
    for wrong in ("2024-05", "202413", "20240"):
        with pytest.raises(UsageError, match="应写成 202406"):
            made(issue_home, issue=wrong)
    with pytest.raises(UsageError, match="没有编号为 S1 的抽样"):
        get_draw(issue_home, "S1")
