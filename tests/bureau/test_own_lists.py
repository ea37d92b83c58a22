"""Rows of the bureau's own lists changed by hand: checked as a file, in force on their day, kept, taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from fundwatch.build.before import load_date
from fundwatch.build.runner import build
from fundwatch.bureau import apply_due, changes, record_change, rows_held, undo_change
from fundwatch.bureau.rows import shipped_rows
from fundwatch.clock import CHINA
from fundwatch.errors import UsageError, UserError
from fundwatch.home import Home
from fundwatch.kpi import evaluate
from fundwatch.lake import Lake
from fundwatch.loader import load_paths
from fundwatch.loader.commit import only_loader
from fundwatch.settings import Settings
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse
from fundwatch.workdays import workdays_of

TODAY = dt.date(2026, 3, 2)
MARK = {"event_date": "2026-01-01", "title": "DRG 上线", "note": None}
BASE = {"year": "2026", "insutype": "390", "base_year": "2024", "reason": "上年跨期入账"}
WHY = "县局会议纪要第3号"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def on(day: dt.date):
    """The clock at noon of a day in Shanghai."""
    seconds = dt.datetime.combine(day, dt.time(12), CHINA).timestamp()
    return lambda: seconds


def built(home: Home, sql: str, day: dt.date = TODAY) -> list[tuple]:
    build(home, Lake(home), Settings(home), clock=on(day))
    with open_warehouse(home) as warehouse:
        return [tuple(row.values()) for row in warehouse.query(sql).to_pylist()]


def change(home: Home, table: str, row: dict, **more):
    given = {"effective_from": TODAY, "why": WHY, "by": "fx01", "today": TODAY}
    return record_change(home, table, row, **{**given, **more})


EVENTS = "select title, note from fct_event_mark order by event_date, title"


def test_a_row_reaches_the_numbers_through_the_loader_like_a_file(home):
    outcome = change(home, "event_mark", MARK)
    assert outcome.carried
    [batch] = [one for one in Lake(home).batches() if one.status == "loaded"]
    assert (batch.table, batch.loaded, outcome.change.batch_id) == ("event_mark", 1, batch.batch_id)
    assert built(home, EVENTS) == [("DRG 上线", None)]
    assert list(home.inbox.iterdir()) == []


def test_a_later_file_wins_over_a_change_and_a_later_change_over_a_file(home, tmp_path):
    change(home, "base_year", BASE)
    file = tmp_path / "base_year.csv"
    file.write_text("year,insutype,base_year,reason\n2026,390,2023,按年报\n", encoding="utf-8")
    load_paths(home, [file])
    assert built(home, "select base_year, reason from fct_base_year") == [(2023, "按年报")]
    change(home, "base_year", BASE)
    assert built(home, "select base_year, reason from fct_base_year") == [(2024, "上年跨期入账")]
    assert Lake(home).history("base_year").column("base_year").to_pylist() == [2024, 2023]


def test_nothing_acts_before_its_day_and_the_first_version_from_that_day_has_it(home):
    day = TODAY + dt.timedelta(days=10)
    outcome = change(home, "event_mark", MARK, effective_from=day)
    assert not outcome.carried
    assert "2026-03-12 起的第一个新版本" in outcome.why_not
    assert built(home, EVENTS, day - dt.timedelta(days=1)) == []
    assert built(home, EVENTS, day) == [("DRG 上线", None)]
    assert [one.batch_id is None for one in changes(home)] == [False]


def test_undoing_restores_the_row_before_and_is_an_entry_of_its_own(home):
    change(home, "base_year", BASE)
    second = change(home, "base_year", {**BASE, "base_year": "2023"}).change
    assert second.before == BASE
    undo_change(home, second.change_id, why="写错年份", by="fx02", today=TODAY)
    assert [held.content for held in rows_held(home, "base_year")] == [BASE]
    assert [(one.set_by, one.content["base_year"], one.taken_back) for one in changes(home, "base_year")] == [
        ("fx01", "2024", False), ("fx01", "2023", False), ("fx02", "2024", False),
    ]  # fmt: skip


def test_undoing_the_first_change_takes_the_row_back(home):
    first = change(home, "event_mark", MARK).change
    undo_change(home, first.change_id, why="未发生", by="fx02", today=TODAY)
    assert rows_held(home, "event_mark") == []
    assert built(home, EVENTS) == []
    again = changes(home)[-1]
    undo_change(home, again.change_id, why="其实发生了", by="fx01", today=TODAY)
    assert built(home, EVENTS) == [("DRG 上线", None)]


def test_undoing_a_change_that_still_waits_leaves_nothing_on_its_day(home):
    day = TODAY + dt.timedelta(days=1)
    waiting = change(home, "event_mark", MARK, effective_from=day).change
    undo_change(home, waiting.change_id, why="取消上线", by="fx01", today=TODAY)
    assert built(home, EVENTS, day) == []


def test_a_change_that_was_changed_again_is_not_undone(home):
    first = change(home, "base_year", BASE).change
    change(home, "base_year", {**BASE, "base_year": "2023"})
    with pytest.raises(UsageError, match="之后又改过"):
        undo_change(home, first.change_id, why="写错年份", by="fx01", today=TODAY)


def test_the_first_change_of_a_category_takes_the_whole_shipped_list_along(home):
    shipped = {held.key[0]: held.content for held in shipped_rows("med_type")}
    change(home, "med_type", {**shipped["15"], "chronic": "1"})
    held = {one.key[0]: one for one in rows_held(home, "med_type")}
    assert held.keys() == shipped.keys()
    assert all(one.batch_id for one in held.values())
    assert {code for code, one in held.items() if one.content != shipped[code]} == {"15"}
    assert built(home, "select chronic from dim_med_type where med_type = '15'") == [("1",)]
    change(home, "med_type", {**shipped["11"], "med_type_name": "门诊"})
    assert len(rows_held(home, "med_type")) == len(shipped)


def test_a_working_day_exception_moves_a_deadline_by_a_day_from_its_own_day_on(home):
    monday = dt.date(2026, 3, 2)
    wednesday = {"cal_date": "2026-03-04", "workday_flag": "0", "reason": "停电放假"}
    change(home, "workday", wednesday, effective_from=dt.date(2026, 3, 3))
    before = built(home, "select workday_no from dim_workday where cal_date = '2026-03-11'", monday)
    with open_warehouse(home) as warehouse:
        assert workdays_of(warehouse).workday_after(monday, 7) == dt.date(2026, 3, 11)
    after = built(
        home, "select workday_no from dim_workday where cal_date = '2026-03-11'", dt.date(2026, 3, 3)
    )
    with open_warehouse(home) as warehouse:
        assert workdays_of(warehouse).workday_after(monday, 7) == dt.date(2026, 3, 12)
    assert before[0][0] - after[0][0] == 1


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("base_year", {**BASE, "insutype": "999"}, "险种类型“999”"),
        ("base_year", {**BASE, "base_year": "2026"}, "应早于年度"),
        ("base_year", {**BASE, "base_year": None}, "可比基年"),
        ("base_year", {**BASE, "reason": None}, "理由"),
        ("event_mark", {**MARK, "event_date": "2026-02-30"}, "日期“2026-02-30”"),
        ("event_mark", {**MARK, "title": " "}, "事件"),
        ("event_mark", {**MARK, "note": "联系 13800138000"}, "证件号或电话"),
        ("med_type", {"med_type": "11", "med_type_name": "门诊", "inpatient": "是否", "outpatient": "1",
                      "pharmacy": "0", "chronic": "0", "maternity": "0"}, "住院“是否”"),
        ("workday", {"cal_date": "2026-03-07", "workday_flag": "0", "reason": "周六"}, "本来就休息(周末)"),
        ("setl_d", {}, "不能在设置页修改"),
    ],
)  # fmt: skip
def test_what_a_file_would_be_refused_for_is_refused_in_words_and_leaves_no_trace(home, table, row, words):
    with pytest.raises(UsageError) as refused:
        change(home, table, row)
    assert words in refused.value.message
    assert changes(home) == []
    assert Lake(home).batches() == []
    assert listing(engine(home)) == []
    assert list(home.inbox.iterdir()) == []


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("", "请写明理由"),
        (" x ", "请写明理由"),
        ("长" * 401, "不超过 400 字"),
        ("电 13800138000", "证件号或电话"),
    ],
)
def test_a_change_needs_a_reason_without_personal_numbers(home, why, words):
    with pytest.raises(UsageError, match=words):
        change(home, "event_mark", MARK, why=why)


def test_the_same_row_again_is_no_change(home):
    change(home, "event_mark", MARK)
    with pytest.raises(UsageError, match="与现有内容相同"):
        change(home, "event_mark", MARK)
    with pytest.raises(UsageError, match="没有这一条"):
        change(home, "event_mark", {**MARK, "title": "别的"}, taken_back=True)


def test_each_change_stands_in_the_log_with_before_and_after(home):
    change(home, "base_year", BASE)
    change(home, "base_year", BASE, taken_back=True, why="不再比较", by="xy01")
    back, made = listing(engine(home))
    assert (back.user, back.action, back.object, back.detail["after"]) == (
        "xy01",
        "修改设置",
        "可比基年",
        "取消",
    )
    assert back.detail["before"] == made.detail["after"]
    assert made.detail["after"] == "年度 2026,险种类型 城乡居民基本医疗保险,可比基年 2024,理由 上年跨期入账"
    assert (made.detail["before"], made.detail["since"], made.detail["why"]) == (None, "2026-03-02", WHY)


def test_while_another_load_runs_nothing_is_recorded_and_a_due_change_waits_in_the_open(home):
    day = TODAY + dt.timedelta(days=1)
    change(home, "event_mark", MARK, effective_from=day)
    with only_loader(home):
        with pytest.raises(UserError, match="另一个载入正在进行"):
            change(home, "base_year", BASE)
        with pytest.raises(UserError, match="另一个载入正在进行"):
            apply_due(home, day)
        report = build(home, Lake(home), Settings(home), clock=on(day))
        assert any("未能载入" in note for note in report.notes)
    assert [one.batch_id for one in changes(home)] == [None]
    assert built(home, EVENTS, day) == [("DRG 上线", None)]


def test_a_row_changed_by_hand_is_no_new_data(home, tmp_path):
    change(home, "event_mark", MARK)
    assert load_date(Lake(home)) is None
    file = tmp_path / "event_mark_2026.csv"
    file.write_text("event_date,title\n2026-02-01,系统切换\n", encoding="utf-8")
    load_paths(home, [file])
    assert load_date(Lake(home)) is not None


def test_a_day_off_shortens_a_clock_of_a_kpi_with_the_next_version(home, tmp_path):
    file = tmp_path / "clr_pay_d.csv"
    file.write_text(
        "fixmedins_code,issue,insutype,dcla_ddln,pay_date,pay_amt\n"
        "H99900100001,202602,310,2026-03-02,2026-03-11,100.00\n",
        encoding="utf-8",
    )
    assert [report.status for report in load_paths(home, [file]).files] == ["loaded"]

    def cycle() -> Decimal | None:
        build(home, Lake(home), Settings(home), clock=on(TODAY))
        with open_warehouse(home) as warehouse:
            [number] = evaluate(
                warehouse, Settings(home), ["payment_cycle"], dt.date(2026, 1, 1), dt.date(2026, 12, 31)
            )
        return number.value

    assert cycle() == 7
    off = change(
        home, "workday", {"cal_date": "2026-03-04", "workday_flag": "0", "reason": "停电放假"}
    ).change
    assert cycle() == 6
    undo_change(home, off.change_id, why="未停电", by="fx01", today=TODAY)
    assert cycle() == 7
