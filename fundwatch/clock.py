"""The one clock of the app's state, so that tests can move it. All stored times are UTC seconds."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

#: seconds since 1970 in UTC
Clock = Callable[[], float]
CHINA = ZoneInfo("Asia/Shanghai")
system_clock: Clock = time.time
#: data older than this many days do not know what was done since
OLD_AFTER_DAYS = 7


def china_time(seconds: float) -> dt.datetime:
    """Stored seconds as a wall-clock time of Asia/Shanghai, cut to whole seconds."""
    return dt.datetime.fromtimestamp(seconds, CHINA).replace(microsecond=0)


def china_today(clock: Clock = system_clock) -> dt.date:
    """Today in Asia/Shanghai, whatever the machine's own time zone is."""
    return china_time(clock()).date()


def clock_day(today: dt.date, newest: dt.date | None) -> dt.date:
    """The day that deadlines are read on: today, or the newest day of the data when these are older than a week."""
    if newest is None or (today - newest).days <= OLD_AFTER_DAYS:
        return today
    return newest
