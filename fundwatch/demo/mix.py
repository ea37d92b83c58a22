"""What is claimed: the published figures of 太和 2021 (January to April) as averages per kind of claim.

Source: data/sample/taihe_2021 (seed 003). Person-times and fund amounts are the county's; total fees of
residents are worked back from the printed reimbursement ratios, and where the summary prints no fee the ratio
is an assumption. docs/demo.md lists both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: months that the published person-times cover
PUBLISHED_MONTHS = 4
#: month of the policy change in the demo: a higher outpatient ceiling, one step up in outpatient visits
POLICY_MONTH = np.datetime64("2026-01", "M")
POLICY_STEP = 1.25
#: claims a year more than the year before, by insurance type (assumed), around the middle of the published months
GROWTH = {"390": 0.02, "310": 0.045}
GROWTH_FROM = np.datetime64("2025-03", "M")
#: January to December, relative to the mean month: winter peaks, the Spring Festival dip, the October holiday
SEASON = np.array([1.09, 0.86, 1.06, 1.01, 0.98, 0.96, 0.97, 0.98, 0.97, 0.99, 1.04, 1.09])


@dataclass(frozen=True)
class Site:
    """Where a kind of claim happens. ``fee`` mean yuan; ``fund`` and ``scope`` as shares of the fee."""

    place: str
    share: float
    fee: float
    fund: float
    scope: float


@dataclass(frozen=True)
class Kind:
    """One kind of claim. ``times``: person-times in the four published months; ``lines``: of a full bill."""

    name: str
    insutype: str
    med_type: str
    times: int
    sites: tuple[Site, ...]
    sigma: float
    lines: float
    stay_days: float = 0.0
    account: float = 0.0
    extra: float = 0.0
    benefit: str = ""

    @property
    def inpatient(self) -> bool:
        return self.stay_days > 0

    @property
    def fee(self) -> float:
        """Mean fee, yuan."""
        return sum(site.share * site.fee for site in self.sites)

    @property
    def fund(self) -> float:
        """Mean fund payment, yuan."""
        return sum(site.share * site.fee * site.fund for site in self.sites)


# Residents' stays: 78.43 % in townships and private hospitals, 66.14 % in county hospitals, 48.29 % outside,
# 59.54 % together (with the serious-illness fund): visits and fees are chosen so that all four hold at once.
KINDS: tuple[Kind, ...] = (
    Kind(
        "住院",
        "390",
        "21",
        48_079,
        (
            Site("basic", 0.302, 4_000, 0.7843, 0.935),
            Site("county", 0.508, 8_500, 0.6614, 0.865),
            Site("outside", 0.190, 24_000, 0.4829, 0.785),
        ),
        0.50,
        90,
        stay_days=8.0,
        extra=0.1264,
        benefit="因病住院补偿",
    ),
    Kind(
        "普通门诊",
        "390",
        "11",
        1_296_737,
        (
            Site("village", 0.55, 38, 0.58, 0.96),
            Site("basic", 0.33, 62, 0.55, 0.95),
            Site("county", 0.12, 125.9, 0.4894, 0.90),
        ),
        0.45,
        7,
        benefit="普通门诊统筹补偿",
    ),
    Kind(
        "大额门诊",
        "390",
        "11",
        151,
        (Site("county", 1.0, 3_622, 0.40, 0.88),),
        0.35,
        16,
        benefit="大额门诊补偿",
    ),
    Kind(
        "住院分娩",
        "390",
        "52",
        3_034,
        (
            Site("county", 0.85, 3_300, 800 / 3_300, 0.90),
            Site("basic", 0.15, 2_600, 800 / 2_600, 0.92),
        ),
        0.20,
        45,
        stay_days=4.0,
        benefit="住院分娩补偿",
    ),
    Kind(
        "意外伤害",
        "390",
        "22",
        1_815,
        (
            Site("county", 0.70, 8_000, 0.4336, 0.85),
            Site("basic", 0.30, 3_500, 0.508, 0.90),
        ),
        0.45,
        70,
        stay_days=9.0,
        benefit="意外伤害补偿",
    ),
    Kind(
        "慢性病",
        "390",
        "140104",
        130_344,
        (
            Site("county", 0.45, 620, 0.5975, 0.93),
            Site("basic", 0.55, 350, 0.603, 0.95),
        ),
        0.45,
        10,
        benefit="慢性病补偿",
    ),
    Kind(
        "日间病房",
        "390",
        "28",
        1_125,
        (Site("county", 1.0, 1_504, 0.60, 0.90),),
        0.30,
        20,
        stay_days=1.0,
        benefit="日间病房",
    ),
    Kind(
        "职工住院",
        "310",
        "21",
        2_975,
        (
            Site("basic", 0.15, 5_000, 0.80, 0.95),
            Site("county", 0.55, 9_000, 0.73, 0.90),
            Site("outside", 0.30, 20_153, 0.6048, 0.82),
        ),
        0.50,
        100,
        stay_days=8.5,
        account=0.0753,
        extra=0.05,
        benefit="住院",
    ),
    Kind(
        "职工慢病",
        "310",
        "140104",
        7_255,
        (
            Site("county", 0.80, 690, 0.5807, 0.92),
            Site("basic", 0.20, 535.5, 0.5807, 0.94),
        ),
        0.40,
        10,
        account=0.2659,
        benefit="门诊慢病",
    ),
    Kind(
        "职工普通门诊",
        "310",
        "11",
        35_960,
        (
            Site("county", 0.70, 185, 0.0085, 0.90),
            Site("basic", 0.30, 106.8, 0.0085, 0.95),
        ),
        0.45,
        6,
        account=0.9170,
        benefit="普通门诊",
    ),
    Kind(
        "职工购药",
        "310",
        "41",
        215_263,
        (Site("pharmacy", 1.0, 77.78, 0.0, 0.92),),
        0.55,
        4,
        account=0.9991,
        benefit="药店刷卡",
    ),
    Kind(
        "职工生育",
        "310",
        "52",
        238,
        (Site("county", 1.0, 4_035, 0.9358, 0.97),),
        0.20,
        50,
        stay_days=4.0,
        benefit="生育住院",
    ),
)
KIND = {kind.name: place for place, kind in enumerate(KINDS)}
#: maternity allowance of employees, yuan in the four published months (paid by the fund, no claim behind it)
MATERNITY_ALLOWANCE = 1_447_900
#: serious-illness fund of residents in the four published months, yuan: part of the fund payment of stays
SERIOUS_ILLNESS = 36_485_000


def season(month: np.datetime64) -> float:
    """Claims of a calendar month against the mean month."""
    return float(SEASON[int(str(month)[5:7]) - 1] / SEASON.mean())


def usual_factor(kind: Kind, month: np.datetime64) -> float:
    """Claims of a month against the published mean month, as one would expect them: season and steady growth."""
    years = float((month - GROWTH_FROM).astype(int)) / 12
    return season(month) * (1 + GROWTH[kind.insutype] * years)


def month_factor(kind: Kind, month: np.datetime64) -> float:
    """Claims of a month against the published mean month: the usual ones, and the step at the policy change."""
    step = POLICY_STEP if kind.name == "普通门诊" and month >= POLICY_MONTH else 1.0
    return usual_factor(kind, month) * step


def claims_until(kind: Kind, months: list[np.datetime64], share: float) -> list[int]:
    """Claims of each month as whole numbers whose running total never drifts from the exact one."""
    exact = np.cumsum([kind.times / PUBLISHED_MONTHS * share * month_factor(kind, month) for month in months])
    # Rounded up, so that a kind of which less than one claim is due still shows once.
    return np.diff(np.ceil(exact), prepend=0).astype(int).tolist()
