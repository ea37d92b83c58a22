"""Inspections of the year, campaigns among them, with what they found.

The year's plan reaches every institution by December; what lies after the data end is planned or not yet entered.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from fundwatch.demo.calendar import as_date, days_after, office_day, spread_days
from fundwatch.demo.vocabulary import INSPECTORS
from fundwatch.demo.world import Institution, World
from fundwatch.demo.write import yuan

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


@dataclass
class Inspections:
    """The ledgers that inspections fill."""

    world: World
    rows: list[dict] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)
    _numbers: Counter[int] = field(default_factory=Counter)

    @property
    def last_day(self) -> dt.date:
        return as_date(self.world.plan.last_day)

    def add(self, place: int, day: dt.date, rng: np.random.Generator, **more: object) -> dict:
        """One inspection; after the data end it is a plan and holds nothing else."""
        one = self.world.institutions[place]
        method = more.pop("insp_method", None) or rng.choice(_METHODS, p=_METHOD_WEIGHTS[one.kind])
        self._numbers[day.year] += 1
        row = {
            "insp_id": f"JC{day.year}-{self._numbers[day.year]:04d}",
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


def yearly_rounds(made: Inspections, in_campaign: dict[int, set[int]]) -> None:
    """All inspections but those of campaigns (campaigns.py) and those that follow a case (casebook.py).

    ``in_campaign`` holds for each year the institutions that a campaign reached: they count as checked.
    """
    for year in made.world.plan.years:
        _yearly_round(made, year, in_campaign.get(year, set()))
        _administrative(made, year)


def _yearly_round(made: Inspections, year: int, done: set[int]) -> None:
    """Everybody once, in random order, February to December; of what is still ahead only half is entered as planned."""
    world, rng = made.world, made.world.plan.stream("round", year)
    open_now = [i for i in world.local if not _closed_before(world.institutions[i], year)]
    left = [i for i in open_now if i not in done]
    order = [left[place] for place in rng.permutation(len(left))]
    skipped = 5 if year < world.plan.year else 0
    days = spread_days(dt.date(year, 2, 24), dt.date(year, 12, 26), len(order))
    for number, (place, planned) in enumerate(zip(order, days, strict=True)):
        day = max(planned, _settled_in(world.institutions[place]))
        if number >= skipped and (day <= made.last_day or number % 2 == 0):
            made.add(place, day, rng)
    for place in rng.choice(order[: len(order) * 2 // 3], len(order) // 5, replace=False).tolist():
        day = office_day(dt.date(year, 7, 1) + dt.timedelta(days=int(rng.integers(0, 120))))
        if _settled_in(world.institutions[place]) <= day:
            made.add(place, day, rng, random_flag="1")


def _settled_in(one: Institution) -> dt.date:
    """No inspection in the first weeks of an institution's first agreement."""
    return office_day(as_date(one.opened) + dt.timedelta(days=75))


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
        if _settled_in(world.institutions[place]) <= day:
            made.add(
                place,
                day,
                rng,
                insp_kind="行政检查",
                insp_method="现场检查",
                random_flag="1" if rng.random() < 0.85 else "0",
            )
