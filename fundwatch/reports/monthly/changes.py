"""As submitted against as corrected: which numbers of a submitted report are others in the current version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from fundwatch import numbers
from fundwatch.reports.monthly.figures import Figure, printed
from fundwatch.reports.monthly.month import When


@dataclass(frozen=True)
class Change:
    """One number that changed: as submitted, as it is now; None is no value."""

    item: str
    label: str
    when: When
    unit: str
    decimals: int
    then: Decimal | None
    now: Decimal | None

    @property
    def then_words(self) -> str:
        return printed(self.then, self.unit, self.decimals)

    @property
    def now_words(self) -> str:
        return printed(self.now, self.unit, self.decimals)

    @property
    def difference(self) -> Decimal | None:
        """Now less then; None when one of them has no value."""
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def difference_words(self) -> str:
        if self.difference is None:
            return "原无数据" if self.then is None else "现无数据"
        return numbers.signed(self.difference, 2 if self.unit == "元" else self.decimals)


def changes(then: Iterable[Figure], now: Mapping[str, Figure]) -> list[Change]:
    """The numbers that differ, in the order of the report; equal ones are left out. One that is gone counts as none."""
    found = []
    for figure in then:
        current = now.get(figure.id)
        for when, value in figure.values.items():
            other = current.values.get(when) if current else None
            if value != other:
                found.append(
                    Change(figure.item, figure.label, when, figure.unit, figure.decimals, value, other)
                )
    return found


def changes_in_words(found: Iterable[Change]) -> str:
    """How many numbers of the month itself and of the periods beside it changed."""
    listed = list(found)
    if not listed:
        return "提交时的各项数字与目前数据一致。"
    own = sum(change.when is When.NOW for change in listed)
    rest = len(listed) - own
    parts = [f"本月数字 {own} 个"] if own else []
    if rest:
        parts.append(f"对比和累计数字 {rest} 个")
    return f"与提交时相比,{'、'.join(parts)}有变化。"
