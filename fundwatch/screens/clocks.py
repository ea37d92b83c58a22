"""Which day clocks are read on, and how a thing with a due date stands on that day.

A platform export that is weeks old does not know what was closed since. So clocks stand still on the newest day of the data once
these are older than a week, and the screen says so; fresher data are read with today's date (decision 180).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from fundwatch.clock import OLD_AFTER_DAYS, clock_day
from fundwatch.ui import numbers
from fundwatch.ui.targets import Tone

#: what counts as this week, and as soon
WEEK_DAYS, SOON_DAYS = 7, 30


@dataclass(frozen=True)
class Clock:
    """The day that clocks are read on, beside today and the newest day of the data."""

    day: dt.date
    today: dt.date
    newest: dt.date | None

    @property
    def stands_still(self) -> bool:
        """Whether the data are too old for today's date."""
        return self.day != self.today

    @property
    def words(self) -> str:
        """What the day is and what follows from it."""
        if not self.stands_still:
            return f"时钟按今天({numbers.date(self.today)})计算。"
        if self.day != clock_day(self.today, self.newest):
            return f"时钟按期末({numbers.date(self.day)})计算。"
        days = (self.today - self.day).days
        return (
            f"时钟按数据截止日 {numbers.date(self.day)} 计算:数据距今 {days} 天(超过 {OLD_AFTER_DAYS} 天),"
            "之后的办理情况还没有载入,不能按今天判定超期。"
        )


def clock_of(today: dt.date, newest: dt.date | None, period_end: dt.date | None = None) -> Clock:
    """The clock of a screen. A screen with a period is read as it stood at the period's end, as its KPIs are."""
    day = clock_day(today, newest)
    return Clock(min(day, period_end) if period_end else day, today, newest)


class Standing(StrEnum):
    """How something with a due date stands; the value is the word on screen."""

    OVERDUE = "已超期"
    WEEK = "7天内到期"
    SOON = "8至30天到期"
    LATER = "30天后到期"
    NO_DATE = "未登记期限"
    IN_TIME = "按期办结"
    LATE = "超期办结"
    DONE = "已办结"


#: the most urgent first
URGENCY = {standing: place for place, standing in enumerate(Standing)}
OPEN = frozenset({Standing.OVERDUE, Standing.WEEK, Standing.SOON, Standing.LATER, Standing.NO_DATE})
TONES: dict[Standing, Tone] = {Standing.OVERDUE: "bad", Standing.WEEK: "attention"}


def standing(due: dt.date | None, done: dt.date | None, day: dt.date) -> Standing:
    """How it stands on ``day``. On time = on the due day or before (precise.md); what was done later than ``day`` was open then."""
    if done is not None and done <= day:
        if due is None:
            return Standing.DONE
        return Standing.IN_TIME if done <= due else Standing.LATE
    if due is None:
        return Standing.NO_DATE
    left = (due - day).days
    if left < 0:
        return Standing.OVERDUE
    if left <= WEEK_DAYS:
        return Standing.WEEK
    return Standing.SOON if left <= SOON_DAYS else Standing.LATER


def clock_words(due: dt.date | None, done: dt.date | None, day: dt.date) -> str:
    """超期 12 天, 今日到期, 还有 3 天, 超期 5 天办结, 按期办结, 未登记期限."""
    stands = standing(due, done, day)
    if due is None:
        return stands.value
    match stands:
        case Standing.OVERDUE:
            return f"超期 {(day - due).days} 天"
        case Standing.LATE:
            return f"超期 {(done - due).days} 天办结" if done else stands.value
        case Standing.WEEK | Standing.SOON | Standing.LATER:
            return "今日到期" if due == day else f"还有 {(due - day).days} 天"
    return stands.value
