"""自查自纠: who has handed in by 30 June, what is owed, July's supervision."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import screen_of, texts

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, evaluate
from fundwatch.screens.self_check import (
    Standing,
    levels_title,
    message,
    months_title,
    owing,
    standing,
    supervision_words,
    unsupervised,
)
from fundwatch.settings import Settings
from fundwatch.ui.self_check_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/inspection/self_check.py"
D = Decimal


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_self_checks_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["自查自纠"] if role in STAFF else ["没有查看权限"])


def test_sentence_and_list_say_the_engine_s_numbers(demo):
    asked = (["self_check_coverage"], dt.date(2026, 1, 1), dt.date(2026, 10, 31))
    [number] = evaluate(open_warehouse(demo), Settings(demo), *asked)
    app = screen_of(demo, PATH, Role.LEADER)
    assert f"{number.denominator} 家协议机构中 {number.numerator} 家已提交自查自纠" in texts(app)
    assert len(app.dataframe[0].value) == number.denominator - number.numerator


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there_and_can_be_taken_away(demo, part):
    app = screen_of(demo, PATH, Role.INSPECTOR, part=part)
    assert not app.exception
    assert not app.error
    assert [button.label for button in app.get("download_button")].count("导出 CSV") == 2


def test_a_county_without_self_checks_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“自查自纠”表没有可用的记录" in texts(app)


def records(*rows: tuple[str, dt.date | None, str, dt.date | None]) -> pa.Table:
    """(number, handed in, still owed, supervised on)."""
    names = ("self_check_id", "submit_date", "rest_amt", "supervise_date")
    schema = pa.schema([(names[0], pa.string()), (names[1], pa.date32()), (names[2], pa.decimal128(16, 2)),
                        (names[3], pa.date32())])  # fmt: skip
    made = [dict(zip(names, (key, day, D(rest), seen), strict=True)) for key, day, rest, seen in rows]
    return pa.Table.from_pylist(made, schema=schema)


JUNE, JULY = dt.date(2024, 6, 20), dt.date(2024, 7, 10)


def test_only_what_was_handed_in_counts_and_the_largest_debt_comes_first():
    rows = records(
        ("A", JUNE, "5.00", JULY), ("B", JUNE, "0.01", None), ("C", JUNE, "0.00", None), ("D", None, "9.00", None),
        ("E", JUNE, "300.00", None),
    )  # fmt: skip
    assert standing(rows, dt.date(2024, 7, 31)) == Standing(dt.date(2024, 7, 31), 5, 4, 3, D("305.01"), 1)
    assert owing(rows).column("self_check_id").to_pylist() == ["E", "A", "B"]
    assert unsupervised(rows).column("self_check_id").to_pylist() == ["B", "C", "E"]


def coverage(done: int, due: int) -> KpiValue:
    value = D(done * 100) / due if due else None
    return KpiValue("self_check_coverage", JUNE, JUNE, None, None, D(done), D(due), value, "%", "100", JUNE)


@pytest.mark.parametrize(
    ("day", "done", "words"),
    [
        (dt.date(2024, 6, 29), 8, "还有 2 家,距6月30日 1 天"),
        (dt.date(2024, 6, 30), 8, "还有 2 家,距6月30日 0 天"),
        (dt.date(2024, 7, 1), 8, "2 家过了6月30日仍未提交"),
        (dt.date(2024, 7, 1), 10, "全部提交"),
    ],
)
def test_the_last_day_to_hand_in_still_counts(day, done, words):
    assert words in message(coverage(done, 10), Standing(day, 10, done, 0, D(0), 0))


def test_without_anyone_to_hand_in_there_is_no_number():
    assert "无数值" in message(coverage(0, 0), Standing(JUNE, 0, 0, 0, D(0), 0))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2024, 6, 30), "自2024-07-01开始"),
        (dt.date(2024, 7, 1), "距7月31日 30 天:已提交的 4 份自查中 1 份有督导日期,3 份没有"),
        (dt.date(2024, 7, 31), "距7月31日 0 天"),
        (dt.date(2024, 8, 1), "7月督导期已过"),
    ],
)
def test_supervision_is_july_s(day, words):
    assert words in supervision_words(Standing(day, 5, 4, 0, D(0), 1))


def month(key: str, value: str | None) -> KpiValue:
    return KpiValue(
        "self_check_coverage", JUNE, JUNE, "month", key, D(0), D(1), None if value is None else D(value), "%", "100", JUNE
    )  # fmt: skip


def test_titles_say_where_the_last_month_and_the_lowest_level_stand():
    months = [month("2024-05", "70"), month("2024-06", "97.06"), month("2024-07", None)]
    assert months_title(months, D(100)) == "2024年6月底累计提交 97.1%,差 2.9 个百分点"
    assert months_title(months, D("97.06")) == "2024年6月底累计提交 97.1%,达到目标"
    assert months_title(months, None) == "2024年6月底累计提交 97.1%"
    assert months_title([], D(100)) == "本年还没有完整的月份"
    assert levels_title([("二级", D(100)), ("药店", D("95.6")), ("未定级", None)]) == "药店提交率最低,95.6%"
    assert levels_title([("二级", D(100))]) == "各级别均已全部提交"
