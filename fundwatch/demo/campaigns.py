"""Campaigns: who was to be checked and was, and the ledger that adds them up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from fundwatch.demo.calendar import spread_days
from fundwatch.demo.handlings import Handlings
from fundwatch.demo.inspections import Inspections, yearly_rounds
from fundwatch.demo.world import World
from fundwatch.demo.write import Row, yuan

_SUSPENDED_IN_CAMPAIGN = 6


@dataclass
class Campaign:
    """One campaign: who was to be checked, by when; its counts are made from the inspections that name it."""

    code: str
    name: str
    begin: dt.date
    end: dt.date
    departments: str
    targets: list[int]
    #: institutions of ``targets`` that were reached, and the last day of the visits
    reached: int
    until: dt.date


def campaigns(world: World) -> list[Campaign]:
    """Four campaigns: one finished last year, the pharmacies', one late, one under way."""
    year, local = world.plan.year, world.local
    special = [
        i
        for i in local
        if world.institutions[i].specialty in ("康复", "精神", "血透", "其他")
        and world.institutions[i].hospital
    ]
    private = [i for i in local if world.institutions[i].ownership == "2" and world.institutions[i].hospital]
    late = list(dict.fromkeys([*special, *private]))[:24]
    pharmacies = [
        i for i in local if world.institutions[i].kind == "2" and world.institutions[i].closed is None
    ]
    hospitals = [
        i for i in local if world.institutions[i].hospital and world.institutions[i].ownership == "1"
    ][:20]
    return [
        Campaign(
            f"ZX{year - 1}-01",
            "血液透析与精神类机构专项检查",
            dt.date(year - 1, 9, 1),
            dt.date(year - 1, 11, 28),
            "医保局;卫健委",
            late[:8],
            8,
            dt.date(year - 1, 11, 20),
        ),
        Campaign(
            f"ZX{year}-01",
            "定点零售药店专项整治",
            dt.date(year, 3, 2),
            dt.date(year, 4, 30),
            "医保局;市监局",
            pharmacies,
            133,
            dt.date(year, 4, 29),
        ),
        Campaign(
            f"ZX{year}-02",
            "康复精神及民营医院专项检查",
            dt.date(year, 5, 6),
            dt.date(year, 7, 31),
            "医保局;卫健委;公安局",
            late,
            13,
            dt.date(year, 10, 23),
        ),
        Campaign(
            f"ZX{year}-03",
            "检查检验收费专项检查",
            dt.date(year, 9, 1),
            dt.date(year, 12, 15),
            "医保局;卫健委",
            hospitals,
            9,
            dt.date(year, 10, 27),
        ),
    ]


def inspect_all(world: World) -> tuple[Inspections, list[Campaign]]:
    """The campaigns' visits, then the yearly rounds for everybody else."""
    made, plans = Inspections(world), campaigns(world)
    reached: dict[int, set[int]] = defaultdict(set)
    for plan in plans:
        visit_targets(made, plan)
        reached[plan.begin.year] |= set(plan.targets[: plan.reached])
    yearly_rounds(made, reached)
    return made, plans


def visit_targets(made: Inspections, plan: Campaign) -> None:
    rng = made.world.plan.stream("campaign", plan.code)
    order = [plan.targets[place] for place in rng.permutation(len(plan.targets))]
    plan.targets = order
    for place, day in zip(order, spread_days(plan.begin, plan.until, plan.reached), strict=False):
        made.add(
            place, day, rng, campaign_id=plan.code, insp_method=str(rng.choice(["现场检查", "日常巡查"]))
        )


def suspend_in_campaign(made: Inspections, plans: list[Campaign], handlings: Handlings) -> None:
    """The pharmacies with the dearest findings of the campaign are talked to and suspended for a month."""
    plan = plans[1]
    visits = {row["insp_id"] for row in made.rows if row.get("campaign_id") == plan.code}
    found = [one for one in made.findings if one["insp_id"] in visits]
    found.sort(key=lambda one: (-one["amt"], one["finding_id"]))
    worst: dict[str, dict] = {}
    for one in found:
        worst.setdefault(one["fixmedins_code"], one)
    talked, begin = plan.end + dt.timedelta(days=6), plan.end + dt.timedelta(days=11)
    for code, one in list(worst.items())[:_SUSPENDED_IN_CAMPAIGN]:
        link = {"finding_id": one["finding_id"], "fixmedins_code": code}
        handlings.add("10", talked, handle_stas="已约谈", done_date=talked, **link)
        handlings.suspend(code, begin, begin + dt.timedelta(days=30), one["finding_id"])


def campaign_rows(made: Inspections, plans: list[Campaign], handlings: list[dict]) -> list[Row]:
    """The campaigns' own ledger: counts and amounts as the inspections and handlings add up to."""
    rows = []
    for plan in plans:
        visits = {
            row["insp_id"]: row
            for row in made.rows
            if row.get("campaign_id") == plan.code and row["insp_stas"] == "完成"
        }
        found = {one["finding_id"]: one for one in made.findings if one["insp_id"] in visits}
        acts = [act for act in handlings if act.get("finding_id") in found]

        def institutions(kind: str, acts: list[dict] = acts) -> int:
            return len({act["fixmedins_code"] for act in acts if act["handle_type"] == kind})

        rows.append(
            {
                "campaign_id": plan.code,
                "campaign_name": plan.name,
                "begndate": plan.begin,
                "enddate": plan.end,
                "depts": plan.departments,
                "target_cnt": len(plan.targets),
                "checked_cnt": len({row["fixmedins_code"] for row in visits.values()}),
                "talk_cnt": institutions("10"),
                "suspend_cnt": institutions("41"),
                "rectify_cnt": institutions("20"),
                "amt_found": sum((one["amt"] for one in found.values()), yuan(0)),
                "amt_recovered": sum(
                    (act["amt_done"] for act in acts if act["handle_type"] == "32"), yuan(0)
                ),
            }
        )
    return rows
