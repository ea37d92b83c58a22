"""The fund's ledgers at the size of the whole county: income, outlay, balance, budget, benefits; and enrolment.

They do not shrink with the scale of the claims: they follow the published person-times and amounts month by month.
Enrolment does, so that stays over enrolment are a rate of a county.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from fundwatch.demo.calendar import ONE_DAY, as_date
from fundwatch.demo.mix import (
    KINDS,
    MATERNITY_ALLOWANCE,
    PUBLISHED_MONTHS,
    SERIOUS_ILLNESS,
    Kind,
    claims_until,
    season,
    usual_factor,
)
from fundwatch.demo.plan import Plan
from fundwatch.demo.stories import stays_told
from fundwatch.demo.world import EMPLOYEES, RESIDENTS, World
from fundwatch.demo.write import Row, yuan

#: yuan a resident and year: own part and the state's; together the published 1,318,816,020 for 1,533,507 people
OWN_PART, STATE_PART = 280, 580
#: published 78,951,900 yuan of employees' contributions in four months
EMPLOYEE_MONTH = 78_951_900 // 4
#: yuan a month from May on: assumed, so that the year ends with the small surplus that the summary foresees
EMPLOYEE_LATER_MONTH = 12_200_000
#: closing balances before the first month, yuan
_OPENING = {"390": 96_000_000, "310": 54_000_000}
#: percent of the own part that comes in by month: collection runs from September to February
_COLLECTION = {9: 12, 10: 24, 11: 30, 12: 22, 1: 8, 2: 4}
_BUDGET = {"收入": 1.01, "支出": 1.015}


def persons(month: np.datetime64, insutype: str) -> int:
    """Enrolled persons: the published numbers at the start of last year's ledgers, then drifting slowly."""
    since = int((month - np.datetime64("2025-01", "M")).astype(int))
    if insutype == "390":
        return RESIDENTS - 6_400 * (since // 12)
    return EMPLOYEES + 55 * since


def sampled_share(plan: Plan) -> Fraction:
    """Stays written over those of the whole county, 1 at county scale: at the smallest scale most stays are told by stories."""

    def stays(share: float) -> int:
        claimed = [sum(claims_until(kind, plan.claim_months, share)) for kind in KINDS if kind.inpatient]
        return sum(claimed) + stays_told(plan, share)

    return Fraction(stays(plan.scale.share), stays(1.0))


def enrolment(world: World) -> list[Row]:
    """Enrolled persons behind the claims that are written; whole persons, at least one."""
    share = sampled_share(world.plan)
    return [
        {
            "month": str(month),
            "insutype": insutype,
            "persons": max(1, round(persons(month, insutype) * share)),
        }
        for month in world.plan.ledger_months
        for insutype in ("390", "310")
    ]


def ledger(world: World) -> list[Row]:
    """fund_ledger: every category of income and outlay by month; amounts in whole fen."""
    months = world.plan.ledger_months
    rows: list[Row] = []
    times = {kind.name: claims_until(kind, months, 1.0) for kind in KINDS}
    for place, month in enumerate(months):
        counted = {name: counts[place] for name, counts in times.items()}
        rows += [_row(month, entry) for entry in (*_income(month), *_outlay(month, counted))]
    return rows


class Entry(NamedTuple):
    """One category of a month: ``fen`` by direction, with person-times where people come."""

    insutype: str
    direction: str
    category: str
    fen: int
    times: int | None = None


def _row(month: np.datetime64, entry: Entry) -> Row:
    return {
        "month": str(month),
        "insutype": entry.insutype,
        "direction": entry.direction,
        "category": entry.category,
        "amt": yuan(entry.fen),
        "person_times": entry.times,
    }


def _income(month: np.datetime64) -> list[Entry]:
    number = int(str(month)[5:7])
    # The collection of autumn is for the year to come.
    payers = persons(month, "390")
    made = [Entry("390", "收入", "利息收入", 31_500_00 + 1_700_00 * (number % 3))]
    if number in _COLLECTION:
        made.append(Entry("390", "收入", "个人缴费", payers * OWN_PART * _COLLECTION[number]))
    if number in (1, 4, 7, 10):
        made.append(Entry("390", "收入", "财政补助", payers * STATE_PART * 100 // 4))
    paid_in = EMPLOYEE_MONTH if number <= PUBLISHED_MONTHS else EMPLOYEE_LATER_MONTH
    contribution = paid_in * persons(month, "310") // EMPLOYEES
    made.append(Entry("310", "收入", "征缴收入", contribution * 100))
    made.append(Entry("310", "收入", "利息收入", 6_200_00 + 450_00 * (number % 4)))
    return made


def _outlay(month: np.datetime64, times: dict[str, int]) -> list[Entry]:
    serious = round(SERIOUS_ILLNESS * 100 / PUBLISHED_MONTHS * season(month))
    allowance = round(MATERNITY_ALLOWANCE * 100 / PUBLISHED_MONTHS * season(month))
    made = [Entry("390", "支出", "大病保险", serious), Entry("310", "支出", "生育津贴", allowance)]
    for kind in KINDS:
        # The serious-illness fund pays part of the residents' stays and has its own line.
        fen = round(_paid(kind) * 100 * times[kind.name]) - (serious if kind.name == "住院" else 0)
        made.append(Entry(kind.insutype, "支出", kind.benefit, fen, times[kind.name]))
    return made


def _paid(kind: Kind) -> float:
    """Mean payment by fund and personal account, yuan: the ledger of employees holds both."""
    return kind.fund + kind.account * kind.fee


def balances(world: World, rows: list[Row]) -> list[Row]:
    """fund_balance: last month's balance plus income less outlay, to the fen."""
    moved: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        moved[row["month"], row["insutype"]] += row["amt"] if row["direction"] == "收入" else -row["amt"]
    made: list[Row] = []
    for insutype, opening in _OPENING.items():
        balance = Decimal(opening)
        for month in map(str, world.plan.ledger_months):
            balance += moved[month, insutype]
            made.append({"month": month, "insutype": insutype, "closing_balance": balance})
    return sorted(made, key=lambda row: (row["month"], row["insutype"]))


def budgets(world: World) -> list[Row]:
    """fund_budget: what the year before would lead one to plan, in round ten thousands."""
    made: list[Row] = []
    for year in world.plan.years:
        planned: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        months = [np.datetime64(f"{year}-{number:02d}", "M") for number in range(1, 13)]
        for month in months:
            entries = [
                *_income(month),
                *_outlay(month, {kind.name: _mean_times(kind, month) for kind in KINDS}),
            ]
            for entry in entries:
                planned[entry.insutype, entry.direction, entry.category] += Decimal(entry.fen)
        for (insutype, direction, category), fen in sorted(planned.items()):
            rounded = (fen / 100 * Decimal(str(_BUDGET[direction])) / 10_000).quantize(Decimal(1)) * 10_000
            made.append(
                {
                    "year": year,
                    "insutype": insutype,
                    "direction": direction,
                    "category": category,
                    "amt": rounded.quantize(Decimal("0.01")),
                }
            )
    return made


def _mean_times(kind: Kind, month: np.datetime64) -> int:
    """Person-times that the budget expects: without the step of the policy change, which came later."""
    return round(kind.times / PUBLISHED_MONTHS * usual_factor(kind, month))


def benefits(world: World, rows: list[Row]) -> list[Row]:
    """benefit_stat by month: the outlay by category as a bureau prints it, with the printed total."""
    made: list[Row] = []
    for month in world.plan.ledger_months:
        begin, end = as_date(month), as_date(month + 1) - ONE_DAY
        for insutype in ("390", "310"):
            parts = [
                row
                for row in rows
                if row["month"] == str(month) and row["insutype"] == insutype and row["direction"] == "支出"
            ]
            term = {"begndate": begin, "enddate": end, "insutype": insutype}
            for row in parts:
                printed = {"person_times": row["person_times"], "fund_amt": row["amt"]}
                made.append({**term, "category": row["category"], **printed})
            total = sum((row["amt"] for row in parts), yuan(0))
            times = sum(row["person_times"] or 0 for row in parts)
            made.append({**term, "category": "合计", "person_times": times, "fund_amt": total})
    return made


def base_years(world: World) -> list[Row]:
    """One comparison that skips a year, with its reason."""
    year = world.plan.year
    return [
        {
            "year": year,
            "insutype": "390",
            "base_year": year - 2,
            "reason": f"{year - 1}年上半年结算系统切换、部分费用跨期入账、可比性差",
        }
    ]
