"""Working days: holidays, make-up working days, the edge of the published calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from fundwatch.workdays import (
    FIRST_DAY,
    LAST_DAY,
    LAST_YEAR,
    Workdays,
    day_words,
    is_published,
    is_workday,
    official_days,
    workday_after,
    workdays_between,
)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("date", "works"),
    [
        ("2024-06-07", True),  # Friday
        ("2024-06-08", False),  # Saturday
        ("2024-06-10", False),  # Monday, Dragon Boat Festival
        ("2024-02-04", True),  # Sunday, made up for the Spring Festival
        ("2024-02-12", False),  # Monday in the Spring Festival
        ("2024-10-12", True),  # Saturday, made up for the National Day
    ],
)
def test_holidays_are_off_and_made_up_weekends_are_worked(date: str, works: bool) -> None:
    assert is_workday(day(date)) is works


def test_the_day_itself_is_not_counted() -> None:
    assert workday_after(day("2024-06-03"), 1) == day("2024-06-04")
    assert workday_after(day("2024-06-01"), 1) == day("2024-06-03")


def test_seven_working_days_over_a_festival_with_make_up_days() -> None:
    # 5 to 9 February worked (7 and 8 too), festival 10 to 17, Sunday the 18th made up
    assert workday_after(day("2024-02-02"), 7) == day("2024-02-18")


def test_a_count_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        workday_after(day("2024-06-03"), 0)


def test_days_between_leave_the_first_out_and_keep_the_last() -> None:
    assert workdays_between(day("2024-06-03"), day("2024-06-04")) == 1
    assert workdays_between(day("2024-06-03"), day("2024-06-03")) == 0
    assert workdays_between(day("2024-06-07"), day("2024-06-11")) == 1
    assert workdays_between(day("2024-06-11"), day("2024-06-07")) == 0


def test_beyond_the_published_calendar_monday_to_friday_are_worked_and_it_says_so() -> None:
    beyond = dt.date(LAST_YEAR + 1, 1, 1)
    assert is_published(beyond - dt.timedelta(days=1))
    assert not is_published(beyond)
    week = [beyond + dt.timedelta(days=step) for step in range(7)]
    assert [is_workday(date) for date in week] == [date.weekday() < 5 for date in week]


def test_an_exception_of_the_bureau_moves_a_deadline_by_a_day() -> None:
    # seven working days after Monday 3 June 2024: 4, 5, 6, 7, (8 to 10 weekend and festival) 11, 12, 13
    assert workday_after(day("2024-06-03"), 7) == day("2024-06-13")
    closed = Workdays({day("2024-06-05"): False})
    assert closed.workday_after(day("2024-06-03"), 7) == day("2024-06-14")
    made_up = Workdays({day("2024-06-08"): True})
    assert made_up.workday_after(day("2024-06-03"), 7) == day("2024-06-12")
    assert made_up.workdays_between(day("2024-06-03"), day("2024-06-13")) == 8


def test_every_day_is_told_in_words() -> None:
    assert day_words(day("2024-02-04")) == "春节调休上班"
    assert day_words(day("2024-02-12")) == "春节"
    assert day_words(day("2024-06-10")) == "端午节"
    assert day_words(day("2024-06-15")) == "周末"
    assert day_words(day("2024-06-12")) == "工作日"
    days = list(official_days())
    assert len({one for one, _, _ in days}) == len(days) == (LAST_DAY - FIRST_DAY).days + 1
    assert all(
        (flag == "1") is is_workday(one) for one, flag, _ in days if one.year in {2003, 2015, 2024, 2040}
    )
