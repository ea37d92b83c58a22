"""Clocks: which day they are read on, and how a thing with a due date stands on its boundary days."""

from __future__ import annotations

import datetime as dt

import pytest

from fundwatch.screens.clocks import Standing, clock_of, clock_words, standing

DUE = dt.date(2024, 6, 30)


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "done", "stands", "words"),
    [
        ("2024-07-01", None, Standing.OVERDUE, "超期 1 天"),
        ("2024-06-30", None, Standing.WEEK, "今日到期"),
        ("2024-06-29", None, Standing.WEEK, "还有 1 天"),
        ("2024-06-23", None, Standing.WEEK, "还有 7 天"),
        ("2024-06-22", None, Standing.SOON, "还有 8 天"),
        ("2024-05-31", None, Standing.SOON, "还有 30 天"),
        ("2024-05-30", None, Standing.LATER, "还有 31 天"),
        # on the due day it is on time, a day later it is not
        ("2024-07-05", "2024-06-30", Standing.IN_TIME, "按期办结"),
        ("2024-07-05", "2024-07-01", Standing.LATE, "超期 1 天办结"),
        # what was done after the day had not been done on it
        ("2024-07-01", "2024-07-02", Standing.OVERDUE, "超期 1 天"),
        ("2024-07-02", "2024-07-02", Standing.LATE, "超期 2 天办结"),
    ],
)
def test_a_due_day_and_the_days_around_it(on, done, stands, words):
    assert standing(DUE, day(done), day(on)) is stands
    assert clock_words(DUE, day(done), day(on)) == words


def test_without_a_due_day_nothing_is_judged():
    assert clock_words(None, None, DUE) == "未登记期限"
    assert clock_words(None, DUE, DUE) == "已办结"
    assert clock_words(None, dt.date(2024, 7, 1), DUE) == "未登记期限"


@pytest.mark.parametrize(
    ("today", "newest", "period_end", "read_on", "words"),
    [
        # seven days after the newest data today's date still holds, on the eighth the clock stands still
        ("2024-07-07", "2024-06-30", None, "2024-07-07", "时钟按今天(2024-07-07)计算。"),
        ("2024-07-08", "2024-06-30", None, "2024-06-30", "时钟按数据截止日 2024-06-30 计算:数据距今 8 天"),
        ("2024-07-07", None, None, "2024-07-07", "时钟按今天(2024-07-07)计算。"),
        # a screen with a period is read at its end, but never beyond what the data know
        ("2024-07-08", "2024-06-30", "2024-06-30", "2024-06-30", "时钟按数据截止日 2024-06-30 计算"),
        ("2024-07-08", "2024-06-30", "2024-03-31", "2024-03-31", "时钟按期末(2024-03-31)计算。"),
        ("2024-07-08", "2024-06-30", "2024-12-31", "2024-06-30", "时钟按数据截止日 2024-06-30 计算"),
        ("2024-07-07", "2024-06-30", "2024-06-30", "2024-06-30", "时钟按期末(2024-06-30)计算。"),
        ("2024-07-07", "2024-06-30", "2024-12-31", "2024-07-07", "时钟按今天(2024-07-07)计算。"),
    ],
)
def test_the_day_that_clocks_are_read_on(today, newest, period_end, read_on, words):
    clock = clock_of(day(today), day(newest), day(period_end))
    assert clock.day == day(read_on)
    assert clock.words.startswith(words)
