"""Self-checks of the institutions (January to June), quarterly post-review, yearly assessment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np

from fundwatch.demo.calendar import as_date, days_after, office_day
from fundwatch.demo.handlings import part
from fundwatch.demo.mix import KINDS, PUBLISHED_MONTHS
from fundwatch.demo.world import World
from fundwatch.demo.write import Row, yuan

_PROBLEMS = ("重复收费", "分解收费", "超标准收费", "超限制用药", "管理不规范")
#: filed by 30 June, filed in July, never filed
_FILED = np.cumsum([0.945, 0.025])
_SELF_AMOUNTS = {"county": 26_000, "basic": 3_600, "village": 160, "pharmacy": 120}


def self_checks(world: World) -> list[Row]:
    """One a year and institution under agreement; refunds mostly in full within weeks; visits in July."""
    rows: list[Row] = []
    last = as_date(world.plan.last_day)
    for year in world.plan.years:
        rng = world.plan.stream("self-check", year)
        for place in world.local:
            one = world.institutions[place]
            luck, early = rng.random(2)
            way = int(np.searchsorted(_FILED, luck, side="right"))
            if (
                way == 2
                or as_date(one.opened).year == year
                or (one.closed and as_date(one.closed).year < year)
            ):
                continue
            wait = int(150 * early**0.5) if way == 0 else 170
            day = (
                office_day(dt.date(year, 1, 19) + dt.timedelta(days=wait))
                if way == 0
                else office_day(dt.date(year, 7, 18))
            )
            amount = yuan(
                int(np.exp(rng.standard_normal() - 0.5) * _SELF_AMOUNTS[one.place] * 100)
                if rng.random() < 0.7
                else 0
            )
            refund = days_after(day, rng, 5, 40)
            paid = amount if rng.random() < 0.9 else part(amount, 50)
            done = (
                {"refund_done": paid, "refund_date": refund}
                if amount and refund <= last
                else {"refund_done": yuan(0)}
            )
            visit = office_day(dt.date(year, 7, int(rng.integers(6, 31)))) if rng.random() < 0.3 else None
            rows.append(
                {
                    "self_check_id": f"ZC{year}-{one.code}",
                    "fixmedins_code": one.code,
                    "period_begn": dt.date(year, 1, 1),
                    "period_end": dt.date(year, 6, 30),
                    "submit_date": day,
                    "problem_type": str(rng.choice(_PROBLEMS)) if amount else "未发现问题",
                    "amt_found": amount,
                    "refund_due": amount,
                    "supervise_date": visit,
                    **done,
                }
            )
    return rows


def expected_fund(world: World) -> dict[str, Decimal]:
    """Fund paid to each local institution in a mean quarter, from the published figures and its weight."""
    fund: dict[str, float] = {}
    month = world.plan.end
    for kind in KINDS:
        for site in kind.sites:
            found, weights = world.sites(site.place, month)
            quarter = kind.times / PUBLISHED_MONTHS * 3 * site.share * site.fee * site.fund
            for place, weight in zip(found, weights / weights.sum(), strict=True):
                code = world.institutions[place].code
                fund[code] = fund.get(code, 0.0) + quarter * weight
    return {code: yuan(round(value * 100)) for code, value in fund.items()}


def post_reviews(world: World) -> list[Row]:
    """Quarterly review after payment: hospitals nearly all, clinics later and with gaps; the newest quarter has begun."""
    rows: list[Row] = []
    fund, last = expected_fund(world), as_date(world.plan.last_day)
    quarters = [(year, quarter) for year in world.plan.years for quarter in range(1, 5)]
    for year, quarter in quarters:
        rng = world.plan.stream("post-review", year, quarter)
        end = as_date(np.datetime64(f"{year}-{quarter * 3:02d}", "M") + 1) - dt.timedelta(days=1)
        for place in world.local:
            one = world.institutions[place]
            chance, share, back = rng.random(3)
            done = days_after(end, rng, 25, 85)
            if (
                one.kind != "1"
                or chance > (0.95 if one.hospital else 0.74)
                or done > last
                or one.code not in fund
            ):
                continue
            if as_date(one.opened) > end:
                continue
            found = part(fund[one.code], 1) * int(share * 150) / 100
            found = found.quantize(Decimal("0.01"))
            rows.append(
                {
                    "fixmedins_code": one.code,
                    "quarter": f"{year}Q{quarter}",
                    "done_date": done,
                    "amt_reviewed": fund[one.code],
                    "amt_vola": found,
                    "amt_recovered": found if back < 0.85 else part(found, 50),
                }
            )
    return rows


def assessments(world: World) -> list[Row]:
    """Last year everybody; this year the hospitals' mid-year assessment."""
    rows: list[Row] = []
    fund = expected_fund(world)
    for year in world.plan.years:
        rng = world.plan.stream("assessment", year)
        for place in world.local:
            one = world.institutions[place]
            tenths = (
                int(np.clip(rng.normal(905, 45), 600, 1000))
                if rng.random() < 0.97
                else int(rng.integers(560, 700))
            )
            new = as_date(one.opened).year == year or (one.closed and as_date(one.closed).year <= year)
            if new or (year == world.plan.year and not one.hospital):
                continue
            score = Decimal(tenths) / 10
            withheld = part(fund.get(one.code, yuan(0)), 2) if score < 80 else yuan(0)
            grade = next(
                word
                for least, word in ((90, "优秀"), (80, "良好"), (70, "合格"), (0, "不合格"))
                if score >= least
            )
            rows.append(
                {
                    "fixmedins_code": one.code,
                    "year": year,
                    "score": score,
                    "grade": grade,
                    "deduct_points": 100 - score,
                    "withheld_amt": withheld,
                }
            )
    return rows
