"""A change of an own list: checked as a file would be, written to the journal, and on its day carried into the lake by the loader.

The loader stays the only writer of the lake; the next version picks the row up as it picks up a file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fundwatch.bureau.journal import (
    LISTS,
    VALID,
    ListChange,
    Row,
    add,
    carried,
    changes,
    columns_of,
    key_of,
    said,
)
from fundwatch.bureau.rows import BY_HAND, SHIPPED, as_texts, rows_held
from fundwatch.clock import china_today
from fundwatch.contracts import contracts
from fundwatch.errors import UsageError, UserError
from fundwatch.home import Home
from fundwatch.loader import FileReport, load_paths, preview_paths
from fundwatch.loader.inbox import discard, receive
from fundwatch.loader.privacy import mask
from fundwatch.settings import ACTION, LONGEST
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.workdays import day_words, is_workday

SHORTEST_REASON = 2


@dataclass(frozen=True)
class Outcome:
    """What became of a change: ``carried`` into the lake, else ``why_not`` says what it waits for."""

    change: ListChange
    carried: bool
    why_not: str = ""


def record_change(
    home: Home,
    table: str,
    content: Row,
    *,
    effective_from: dt.date,
    why: str,
    by: str,
    taken_back: bool = False,
    today: dt.date | None = None,
) -> Outcome:
    """Record a row (new, changed, or ``taken_back``) from a day on; carry it into the lake when that day has come.

    Raises UsageError on what a file would be refused for, on a reason that is too short, and on personal numbers.
    """
    if table not in LISTS:
        raise UsageError(f"表 {table} 不能在设置页修改。")
    today = today or china_today()
    row = as_texts(table, {name: _text(content.get(name)) for name in columns_of(table)})
    why = checked_reason(why)
    before = row_before(home, table, key_of(table, row), effective_from)
    if taken_back and before is None:
        raise UsageError("没有这一条,不能取消。")
    if not taken_back:
        check_sense(table, row)
    if any(mask(value)[1] for value in row.values() if value):
        raise UsageError("内容中像有证件号或电话,请去掉后再保存。")
    _check_as_file(home, table, row, taken_back)
    if before == row and not taken_back:
        raise UsageError("与现有内容相同,没有需要修改的地方。")
    number = add(
        home, table, row, taken_back=taken_back, before=before, effective_from=effective_from, why=why, by=by
    )
    detail = {
        "before": None if before is None else said(table, before),
        "after": "取消" if taken_back else said(table, row),
        "since": effective_from.isoformat(),
        "why": why,
    }
    record(engine(home), by, ACTION, contracts()[table].title, detail)
    return _outcome(home, number, today)


def undo_change(home: Home, change_id: int, *, why: str, by: str, today: dt.date | None = None) -> Outcome:
    """Take a change back by a new one with the same day: the row before holds again, or the row is taken back.

    Raises UsageError when a later change of the same row exists.
    """
    known = changes(home)
    found = next((one for one in known if one.change_id == change_id), None)
    if found is None:
        raise UsageError(f"没有编号为 {change_id} 的变更。")
    if any(one.table == found.table and one.key == found.key and one.change_id > change_id for one in known):
        raise UsageError("这一条之后又改过,请直接修改。")
    return record_change(
        home, found.table, found.before or found.content, taken_back=found.before is None,
        effective_from=found.effective_from, why=why, by=by, today=today,
    )  # fmt: skip


def apply_due(home: Home, today: dt.date) -> list[ListChange]:
    """Carry every change whose day has come into the lake, in order of days; returns those carried.

    Raises UserError when another load is running; the changes then wait for the next call.
    """
    waiting = [one for one in changes(home) if one.batch_id is None and one.effective_from <= today]
    waiting.sort(key=lambda one: (one.effective_from, one.change_id))
    for one in waiting:
        with _as_files(home, one.table, _rows_to_load(home, one), f"{BY_HAND}{one.change_id}") as folder:
            [report] = load_paths(home, [folder]).files
        if _refusal(report):
            raise UserError(f"设置变更 {one.change_id} 未能载入:{_refusal(report)}")
        carried(home, one.change_id, report.batch_id or "")
    return waiting


def row_before(home: Home, table: str, key: tuple[str | None, ...], day: dt.date) -> Row | None:
    """The row that holds on a day as far as is known now: the lake's, then the changes waiting until that day."""
    found: Row | None = next((held.content for held in rows_held(home, table) if held.key == key), None)
    waiting = [one for one in changes(home, table) if one.batch_id is None and one.key == key]
    for one in sorted(waiting, key=lambda one: (one.effective_from, one.change_id)):
        if one.effective_from <= day:
            found = None if one.taken_back else one.content
    return found


def checked_reason(why: str) -> str:
    """The reason as kept; raises UsageError when it is missing, too long, or holds a personal number."""
    why = why.strip()
    if len(why) < SHORTEST_REASON:
        raise UsageError("请写明理由(依据哪份文件、谁决定的)。")
    if len(why) > LONGEST:
        raise UsageError(f"理由不超过 {LONGEST} 字。")
    if mask(why)[1]:
        raise UsageError("理由中像有证件号或电话,请去掉后再保存。")
    return why


def check_sense(table: str, row: Row) -> None:
    """What a file may hold but a person surely did not mean; raises UsageError saying so."""
    if table == "base_year" and row["year"] and row["base_year"] and row["base_year"] >= row["year"]:
        raise UsageError(f"可比基年 {row['base_year']} 应早于年度 {row['year']}。")
    if table == "workday" and row["cal_date"] and row["workday_flag"]:
        day = dt.date.fromisoformat(row["cal_date"])
        if is_workday(day) is (row["workday_flag"] == "1"):
            state = "上班" if is_workday(day) else "休息"
            raise UsageError(f"{day} 按国家安排本来就{state}({day_words(day)}),不用调整。")


def _outcome(home: Home, number: int, today: dt.date) -> Outcome:
    why_not = ""
    try:
        apply_due(home, today)
    except UserError as error:
        why_not = error.message
    change = next(one for one in changes(home) if one.change_id == number)
    if change.batch_id is None and not why_not:
        why_not = f"将于 {change.effective_from} 起的第一个新版本生效。"
    return Outcome(change, change.batch_id is not None, why_not)


def _rows_to_load(home: Home, change: ListChange) -> list[Row]:
    """The changed row; where the shipped list still holds, the whole of it with the change in it: never a mixture."""
    row = {**change.content, VALID: "0" if change.taken_back else "1"}
    held = rows_held(home, change.table)
    if change.table != SHIPPED or any(one.batch_id for one in held):
        return [row]
    return [*({**one.content, VALID: "1"} for one in held if one.key != change.key), row]


def _check_as_file(home: Home, table: str, row: Row, taken_back: bool) -> None:
    """The loader's own checks, without loading."""
    with _as_files(home, table, [{**row, VALID: "0" if taken_back else "1"}], "检查") as folder:
        [report] = preview_paths(home, [folder]).files
    if problem := _refusal(report):
        raise UsageError(problem)


def _refusal(report: FileReport) -> str:
    labels = {} if report.table is None else {c.name: c.label for c in contracts()[report.table].columns}
    reasons = [
        f"{labels.get(one.column or '', one.column or '')}“{one.value or ''}”:{one.reason}"
        for one in report.reasons
    ]
    return ";".join(reasons) or report.refused_because or ""


@contextmanager
def _as_files(home: Home, table: str, rows: Sequence[Row], name: str) -> Iterator[Path]:
    """The rows as a file of the table in an inbox folder that goes when done."""
    names = [*columns_of(table), VALID]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[row[column] or "" for column in names] for row in rows])
    content = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    folder = receive(home, [(f"{table}_{name}.csv", content)])
    try:
        yield folder
    finally:
        discard(home, folder)


def _text(value: object) -> str | None:
    return None if value is None or not str(value).strip() else str(value).strip()
