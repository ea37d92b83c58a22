"""Who and what there is: towns, institutions, insured persons. Everything else refers to their positions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fundwatch.demo.outline import places
from fundwatch.demo.plan import Plan
from fundwatch.demo.vocabulary import (
    CITY,
    COUNTY,
    COUNTY_HOSPITALS,
    COUNTY_NAME,
    OUTSIDE_HOSPITALS,
    PHARMACY_CHAINS,
    PRIVATE_HOSPITALS,
    TOWNS,
    VILLAGES,
    Hospital,
)

#: enrolment of 太和 2021 (seed 003)
RESIDENTS, EMPLOYEES = 1_533_507, 63_774
MEDICAL_INSTITUTIONS, PHARMACIES = 180, 161
_VILLAGE_CLINICS, _COMMUNITY = 84, 6
#: the pharmacy that gave up its agreement in August of last year
_ENDED_PHARMACY = 87
_CLINIC_SPECIALTIES = ("口腔", "中医", "其他")
#: persons drawn at least, so that the smallest demo still has people who come again
_FEWEST = {"residents": 400, "employees": 60}


@dataclass(frozen=True)
class Institution:
    """One institution; ``place`` is the kind of site that claims are dealt to (mix.Site)."""

    code: str
    name: str
    kind: str
    level: str
    ownership: str
    specialty: str
    region: str
    town: int
    beds: int
    place: str
    opened: np.datetime64
    closed: np.datetime64 | None = None

    @property
    def local(self) -> bool:
        return self.region == COUNTY

    @property
    def hospital(self) -> bool:
        """Level 一级 or above: the ones that must have the reminder interface."""
        return self.kind == "1" and self.level != "11"


@dataclass(frozen=True)
class People:
    """Insured persons by position: residents first, then employees."""

    residents: int
    female: np.ndarray
    born: np.ndarray
    person_type: np.ndarray

    @cached_property
    def age_order(self) -> dict[str, np.ndarray]:
        """Positions of each insurance type, oldest first."""
        order = np.argsort(self.born, kind="stable")
        return {"390": order[order < self.residents], "310": order[order >= self.residents]}

    @cached_property
    def mothers(self) -> dict[str, np.ndarray]:
        """Women of 20 to 40 by insurance type, at the middle of the data."""
        fit = (
            self.female
            & (self.born > np.datetime64("1986-01-01"))
            & (self.born < np.datetime64("2006-01-01"))
        )
        found = np.flatnonzero(fit)
        return {"390": found[found < self.residents], "310": found[found >= self.residents]}


PERSON_TYPES = ("14", "151001", "11", "1102", "1103", "1201")


@dataclass(frozen=True)
class World:
    plan: Plan
    institutions: tuple[Institution, ...]
    coordinates: np.ndarray
    people: People

    @cached_property
    def local(self) -> list[int]:
        """Positions of the county's own institutions."""
        return [place for place, one in enumerate(self.institutions) if one.local]

    @cached_property
    def position(self) -> dict[str, int]:
        return {one.name: place for place, one in enumerate(self.institutions)}

    def sites(self, place: str, month: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Institutions of a kind of site that are open in the month, with the weight of each."""
        found = [i for i, one in enumerate(self.institutions) if one.place == place and _open(one, month)]
        return np.array(found), np.array([max(self.institutions[i].beds, 1) for i in found], dtype=float)


def _open(one: Institution, month: np.datetime64) -> bool:
    return one.opened <= month and (one.closed is None or month <= one.closed)


def make_world(plan: Plan) -> World:
    """The county of a plan. Names, codes and places do not depend on the scale."""
    institutions = [*_medical(plan), *_pharmacies(plan), *_outside()]
    rng = plan.stream("coordinates")
    towns = np.array([max(one.town, 0) for one in institutions])
    coordinates = places(towns, rng.random(len(towns)), rng.random(len(towns)))
    return World(plan, tuple(institutions), coordinates, _people(plan))


def _medical(plan: Plan) -> list[Institution]:
    """The 180 medical institutions: county, private, township, community, village and private clinics."""
    rows: list[tuple[str, str, str, str, int, int, str]] = []
    for one in COUNTY_HOSPITALS:
        rows.append(
            (
                one.name,
                one.level,
                one.ownership,
                one.specialty,
                1 if one.specialty == "精神" else 0,
                one.beds,
                "county",
            )
        )
    for place, one in enumerate(PRIVATE_HOSPITALS):
        rows.append(
            (one.name, one.level, one.ownership, one.specialty, _named_town(one, place), one.beds, "basic")
        )
    for town, name in enumerate(TOWNS):
        rows.append(
            (f"{name}卫生院", ("08", "09", "10")[town % 3], "1", "基层", town, 99 - town * 2, "basic")
        )
    for number in range(_COMMUNITY):
        rows.append((f"示城镇第{'一二三四五六'[number]}社区卫生服务站", "14", "1", "基层", 0, 12, "village"))
    for number in range(_VILLAGE_CLINICS):
        town, village = number % len(TOWNS), VILLAGES[(number * 5 + number // len(TOWNS)) % len(VILLAGES)]
        rows.append((f"{TOWNS[town]}{village}村卫生室", "11", "1", "基层", town, 6 + number % 5, "village"))
    for number in range(MEDICAL_INSTITUTIONS - len(rows)):
        specialty, town = _CLINIC_SPECIALTIES[number % 3], (number * 7) % len(TOWNS)
        kind = {"口腔": "口腔诊所", "中医": "中医诊所", "其他": "综合诊所"}[specialty]
        rows.append(
            (f"{COUNTY_NAME}{TOWNS[town][:-1]}{kind}", "11", "2", specialty, town, 3 + number % 3, "village")
        )
    new = np.datetime64(f"{plan.year}-04", "M")
    old = np.datetime64("2015-01", "M")
    return [
        Institution(
            f"H{COUNTY}{n:05d}",
            name,
            "1",
            level,
            ownership,
            specialty,
            COUNTY,
            town,
            beds,
            place,
            opened=new if n in (170, 176) else old,
        )
        for n, (name, level, ownership, specialty, town, beds, place) in enumerate(rows, start=1)
    ]


def _named_town(one: Hospital, otherwise: int) -> int:
    """The town whose name the hospital bears, else any."""
    return next((town for town, word in enumerate(TOWNS) if word[:-1] in one.name), otherwise % len(TOWNS))


def _pharmacies(plan: Plan) -> list[Institution]:
    """161 pharmacies; one gave up its agreement in the middle of last year."""
    made = []
    for number in range(1, PHARMACIES + 1):
        town = 0 if number % 4 == 0 else (number * 3) % len(TOWNS)
        name = f"{PHARMACY_CHAINS[number % len(PHARMACY_CHAINS)]}{TOWNS[town][:-1]}{number:03d}店"
        closed = np.datetime64(f"{plan.year - 1}-08", "M") if number == _ENDED_PHARMACY else None
        weight = 12 if town == 0 else 5 + number % 4
        made.append(
            Institution(
                f"P{COUNTY}{number:05d}",
                name,
                "2",
                "11",
                "2",
                "其他",
                COUNTY,
                town,
                weight,
                "pharmacy",
                opened=np.datetime64("2015-01", "M"),
                closed=closed,
            )
        )
    return made


def _outside() -> list[Institution]:
    return [
        Institution(
            f"H{one.region}{n:05d}",
            one.name,
            "1",
            one.level,
            "1",
            "综合",
            one.region,
            -1,
            1500 if one.region == CITY else 900,
            "outside",
            opened=np.datetime64("2015-01", "M"),
        )
        for n, one in enumerate(OUTSIDE_HOSPITALS, start=1)
    ]


def _people(plan: Plan) -> People:
    """Persons in proportion to the claims written, so that a person comes as often as the published figures say."""
    rng = plan.stream("people")
    share = plan.scale.share
    residents = max(_FEWEST["residents"], round(RESIDENTS * share))
    employees = max(_FEWEST["employees"], round(EMPLOYEES * share))
    everyone = residents + employees
    working_age = np.concatenate([rng.uniform(0, 90, residents), rng.uniform(20, 85, employees)])
    born = np.datetime64(f"{plan.year}-07-01", "D") - (working_age * 365.25).astype("m8[D]")
    resident_type = np.where(working_age[:residents] < 18, 0, 1)
    active = rng.choice([2, 3, 4], employees, p=[0.68, 0.14, 0.18])
    employee_type = np.where(working_age[residents:] >= 60, 5, active)
    return People(residents, rng.random(everyone) < 0.5, born, np.concatenate([resident_type, employee_type]))
