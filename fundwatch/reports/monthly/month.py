"""The month of a report and the periods it is held against."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from fundwatch.errors import UsageError
from fundwatch.kpi.window import last_day

#: the report is due on this day of the next month (2022医疗保障基金协议管理工作方案 三(六))
DUE_DAY = 10
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class When(StrEnum):
    """The periods that stand beside each other; the value is the column's header."""

    NOW = "本月"
    BEFORE = "上月"
    LAST_YEAR = "上年同月"
    YEAR = "本年累计"


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> Month:
        """From ``2026-10``; raises UsageError for anything else."""
        found = _MONTH.fullmatch(text.strip())
        if found is None:
            raise UsageError(f"月份应写成 YYYY-MM,例如 2026-10;得到“{text}”。")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def words(self) -> str:
        """2026年10月."""
        return f"{self.year}年{self.number}月"

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        return last_day(self.first)

    @property
    def due(self) -> dt.date:
        """The day by which the report is to be handed in: the 10th of the next month."""
        return self.back(-1).first.replace(day=DUE_DAY)

    def back(self, months: int) -> Month:
        """So many months earlier."""
        index = self.year * 12 + self.number - 1 - months
        return Month(index // 12, index % 12 + 1)

    def period(self, when: When) -> tuple[dt.date, dt.date]:
        """First and last day of a period."""
        match when:
            case When.NOW:
                return self.first, self.last
            case When.BEFORE:
                return self.back(1).first, self.back(1).last
            case When.LAST_YEAR:
                return self.back(12).first, self.back(12).last
            case _:
                return dt.date(self.year, 1, 1), self.last


def thirteen(month: Month) -> list[Month]:
    """The month and the twelve before it, oldest first: the last stands beside its own last year."""
    return [month.back(back) for back in range(12, -1, -1)]
