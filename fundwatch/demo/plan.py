"""What is asked for: scale, months, seed, and the random streams that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fundwatch.errors import UsageError

#: last month of the data unless asked otherwise; fixed: the same command writes the same bytes on any day
DEFAULT_END = "2026-10"
DEFAULT_MONTHS = 18
DEFAULT_SEED = 1


@dataclass(frozen=True)
class Scale:
    """``share`` of the county's claims that is written, ``line_share`` of a full bill's fee lines.

    ``files_by_year``: claim tables as a file a year instead of a month; each file has a fixed cost of loading.
    """

    name: str
    share: float
    line_share: float
    files_by_year: bool = False


SCALES: dict[str, Scale] = {
    "tiny": Scale("tiny", 1 / 3000, 0.35, files_by_year=True),
    "small": Scale("small", 1 / 75, 0.45, files_by_year=True),
    "tenth": Scale("tenth", 1 / 10, 1.0),
    "county": Scale("county", 1.0, 1.0),
    "city": Scale("city", 6.0, 1.0),
}


@dataclass(frozen=True)
class Plan:
    """One demo: the months of claims end with ``end``; ledgers reach back further (``ledger_months``)."""

    scale: Scale
    months: int
    seed: int
    end: np.datetime64

    @cached_property
    def claim_months(self) -> list[np.datetime64]:
        return [self.end - np.timedelta64(back, "M") for back in reversed(range(self.months))]

    @property
    def year(self) -> int:
        """The year of the last month."""
        return int(str(self.end)[:4])

    @cached_property
    def years(self) -> list[int]:
        """Calendar years that the bureau's own ledgers cover: last year in full and this year."""
        return [self.year - 1, self.year]

    @cached_property
    def ledger_months(self) -> list[np.datetime64]:
        """Months of the fund's ledgers: two full years before this one, for comparisons with a base year."""
        first = np.datetime64(f"{self.year - 2}-01", "M")
        return list(np.arange(min(first, self.claim_months[0]), self.end + 1))

    @property
    def first_day(self) -> np.datetime64:
        return self.claim_months[0].astype("M8[D]")

    @property
    def last_day(self) -> np.datetime64:
        return (self.end + 1).astype("M8[D]") - 1

    @property
    def midnight(self) -> np.datetime64:
        """The first second after the data."""
        return (self.end + 1).astype("M8[s]")

    def stream(self, *path: int | str) -> np.random.Generator:
        """The random stream of one part; independent of every other part, so that parts can change alone."""
        words = [step if isinstance(step, int) else int.from_bytes(step.encode(), "big") for step in path]
        return np.random.default_rng(np.random.SeedSequence([self.seed, *words]))


def plan_for(
    scale: str, months: int = DEFAULT_MONTHS, seed: int = DEFAULT_SEED, end: str = DEFAULT_END
) -> Plan:
    """A plan from the command's words; raises UsageError in Chinese for a word that means nothing."""
    if scale not in SCALES:
        raise UsageError(f"没有规模 {scale}。可选:{'、'.join(SCALES)}。")
    if not 1 <= months <= 60:
        raise UsageError(f"月数应在 1 到 60 之间,得到 {months}。")
    if seed < 0:
        raise UsageError(f"随机种子应为非负整数,得到 {seed}。")
    try:
        last = np.datetime64(end, "M")
    except ValueError as error:
        raise UsageError(f"截止月份应写成 2026-10 的样子,得到 {end}。") from error
    if str(last) != end:
        raise UsageError(f"截止月份应写成 2026-10 的样子,得到 {end}。")
    return Plan(SCALES[scale], months, seed, last)
