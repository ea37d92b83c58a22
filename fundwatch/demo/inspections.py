"""Inspections of the year, campaigns among them, with what they found.

The year's plan reaches every institution by December; what lies after the data end is planned or not yet entered.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from fundwatch.demo.calendar import as_date, days_after, office_day, spread_days
from fundwatch.demo.handlings import Handlings
from fundwatch.demo.vocabulary import INSPECTORS
from fundwatch.demo.world import Institution, World
from fundwatch.demo.write import Row, yuan

ON_SITE = ("现场检查", "日常巡查", "举报核查")
_METHODS = ("现场检查", "日常巡查", "数据核查", "病历审查")
_METHOD_WEIGHTS = {"1": [0.46, 0.16, 0.20, 0.18], "2": [0.52, 0.30, 0.18, 0.0]}
_RECORD_KEPT, _NOTICE_SENT = 0.96, 0.93
_FOUND = {"1": 0.30, "2": 0.42}
_NATURES = {
    "county": ("过度检查", "超标准收费", "重复收费", "超限制用药"),
    "basic": ("降低标准住院", "挂床住院", "超限制用药", "重复收费", "分解收费"),
    "village": ("超量开药", "分解处方", "管理不规范"),
    "pharmacy": ("串换", "管理不规范", "超量开药"),
}
#: mean amount of one finding, yuan, by kind of site
_AMOUNTS = {"county": 16_000, "basic": 5_200, "village": 420, "pharmacy": 380}
_ADMINISTRATIVE = 60
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


@dataclass
class Inspections:
    """The ledgers that inspections fill."""

    world: World
    rows: list[dict] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)

    @property
    def last_day(self) -> dt.date:
        return as_date(self.world.plan.last_day)

    def add(self, place: int, day: dt.date, rng: np.random.Generator, **more: object) -> dict:
        """One inspection; after the data end it is a plan and holds nothing else."""
        one = self.world.institutions[place]
        method = more.pop("insp_method", None) or rng.choice(_METHODS, p=_METHOD_WEIGHTS[one.kind])
        row = {
            "insp_id": f"JC{day.year}-{len(self.rows) + 1:04d}",
            "fixmedins_code": one.code,
            "insp_date": day,
            "insp_kind": "协议检查",
            "insp_method": str(method),
            "insp_stas": "完成" if day <= self.last_day else "计划",
            **more,
        }
        self.rows.append(row)
        if row["insp_stas"] == "完成":
            self._carry_out(row, one, rng)
        return row

    def _carry_out(self, row: dict, one: Institution, rng: np.random.Generator) -> None:
        first, second = rng.choice(len(INSPECTORS), 2, replace=False)
        found = bool(rng.random() < _FOUND[one.ownership])
        row.setdefault("vola_found_flag", "1" if found else "0")
        row.setdefault("random_flag", "1" if rng.random() < 0.35 else "0")
        row["cross_flag"] = "1" if rng.random() < 0.08 else "0"
        row["entrusted_flag"] = "1" if rng.random() < 0.06 else "0"
        row["inspectors"] = f"{INSPECTORS[min(first, second)]};{INSPECTORS[max(first, second)]}"
        if row["insp_method"] in ON_SITE and rng.random() < _RECORD_KEPT:
            row["record_no"] = f"记录{row['insp_id'][2:]}"
        if row["vola_found_flag"] == "1" and "clue_id" not in row:
            notice = rng.random() < _NOTICE_SENT
            for _ in range(int(rng.integers(1, 4))):
                fen = int(np.exp(0.7 * rng.standard_normal() - 0.245) * _AMOUNTS[one.place] * 100)
                self.find(
                    row,
                    str(rng.choice(_NATURES[one.place])),
                    fen,
                    days_after(row["insp_date"], rng, 0, 5),
                    notice,
                )

    def find(
        self, inspection: dict, nature: str, fen: int, day: dt.date, notice: bool, **more: object
    ) -> dict:
        """One finding of an inspection, found at the latest on the last day of the data."""
        number = f"WT{inspection['insp_id'][2:]}-{sum(f['insp_id'] == inspection['insp_id'] for f in self.findings) + 1}"
        finding = {
            "finding_id": number,
            "insp_id": inspection["insp_id"],
            "fixmedins_code": inspection["fixmedins_code"],
            "found_date": min(day, self.last_day),
            "vola_nature": nature,
            "amt": yuan(fen),
            "notice_no": f"告知{number[2:]}" if notice else None,
            **more,
        }
        self.findings.append(finding)
        return finding


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
            148,
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
    """All inspections but those that follow a case (cases.py adds them)."""
    made, plans = Inspections(world), campaigns(world)
    for plan in plans:
        _campaign_visits(made, plan)
    for year in world.plan.years:
        in_campaign = {
            place for plan in plans if plan.begin.year == year for place in plan.targets[: plan.reached]
        }
        _yearly_round(made, year, in_campaign)
        _administrative(made, year)
    return made, plans


def _campaign_visits(made: Inspections, plan: Campaign) -> None:
    rng = made.world.plan.stream("campaign", plan.code)
    order = [plan.targets[place] for place in rng.permutation(len(plan.targets))]
    plan.targets = order
    for place, day in zip(order, spread_days(plan.begin, plan.until, plan.reached), strict=False):
        made.add(
            place, day, rng, campaign_id=plan.code, insp_method=str(rng.choice(["现场检查", "日常巡查"]))
        )


def _yearly_round(made: Inspections, year: int, done: set[int]) -> None:
    """Everybody once, in random order from January to December; of what is still ahead only half is entered as planned."""
    world, rng = made.world, made.world.plan.stream("round", year)
    open_now = [i for i in world.local if not _closed_before(world.institutions[i], year)]
    left = [i for i in open_now if i not in done]
    order = [left[place] for place in rng.permutation(len(left))]
    skipped = 5 if year < world.plan.year else 0
    for number, (place, day) in enumerate(
        zip(order, spread_days(dt.date(year, 1, 6), dt.date(year, 12, 26), len(order)), strict=True)
    ):
        opened = as_date(world.institutions[place].opened)
        day = max(day, office_day(opened + dt.timedelta(days=75))) if opened.year == year else day
        if number < skipped or (day > made.last_day and number % 2):
            continue
        made.add(place, day, rng)
    for place in rng.choice(order, len(order) // 5, replace=False):
        day = office_day(dt.date(year, 4, 1) + dt.timedelta(days=int(rng.integers(0, 205))))
        if as_date(world.institutions[int(place)].opened) < day:
            made.add(int(place), day, rng, random_flag="1")


def _closed_before(one: Institution, year: int) -> bool:
    return one.closed is not None and as_date(one.closed).year < year


def _administrative(made: Inspections, year: int) -> None:
    """On-site checks of the authority, drawn at random; two institutions get one more than the rule allows."""
    world, rng = made.world, made.world.plan.stream("administrative", year)
    drawn = [
        int(place)
        for place in rng.choice(
            [i for i in world.local if world.institutions[i].closed is None], _ADMINISTRATIVE, replace=False
        )
    ]
    last = min(dt.date(year, 12, 10), made.last_day)
    for place, day in zip(
        [*drawn, *drawn[:2]], spread_days(dt.date(year, 2, 24), last, len(drawn) + 2), strict=True
    ):
        if as_date(world.institutions[place].opened) < day:
            made.add(
                place,
                day,
                rng,
                insp_kind="行政检查",
                insp_method="现场检查",
                random_flag="1" if rng.random() < 0.85 else "0",
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

        rows.append({
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
            "amt_recovered": sum((act["amt_done"] for act in acts if act["handle_type"] == "32"), yuan(0)),
        })  # fmt: skip
    return rows
