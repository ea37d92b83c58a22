"""Visits that begin in one month, with the money of each: who, where, when, why, how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fundwatch.demo.columns import DAY, Frame, pick, share_of, spread_choice, spread_normal, stack
from fundwatch.demo.mix import KINDS, Kind, Site
from fundwatch.demo.vocabulary import DIAGNOSES
from fundwatch.demo.world import World

#: share of a county's own claims that people insured elsewhere bring
_INSURED_ELSEWHERE = 0.02
#: weekday weights Monday to Sunday: outpatient and pharmacy, inpatient admissions
_WEEK = {
    False: np.array([1.15, 1.1, 1.08, 1.05, 1.05, 0.85, 0.72]),
    True: np.array([1.2, 1.12, 1.08, 1.05, 1.0, 0.8, 0.75]),
}
_DIAGNOSIS_OF_SPECIALTY = {"眼科": "e", "康复": "r", "精神": "F20.900", "血透": "N18.500"}
_DIAGNOSIS_OF_KIND = {"住院分娩": "b", "职工生育": "b", "意外伤害": "a", "慢性病": "c", "职工慢病": "c"}
#: leaves on the doctor's word, by transfer, to the community, against advice, dies
_WAY_WEIGHTS = np.array([0.93, 0.02, 0.02, 0.025, 0.005])
_DOCTORS_PER_BED = 0.08


@dataclass(frozen=True)
class Draw:
    """A month of the county and the random stream that its visits come from."""

    world: World
    month: np.datetime64
    rng: np.random.Generator


def visit_number(month: np.datetime64, count: int) -> np.ndarray:
    """Numbers of a month's visits: months since 2020, then a running number."""
    return int((month - np.datetime64("2020-01", "M")).astype(int)) * 10**8 + np.arange(1, count + 1)


def month_visits(world: World, month: np.datetime64, counts: list[int], extra: list[Frame]) -> Frame:
    """All visits that begin in ``month``: ``counts`` of each kind and the stories' own, numbered by begin."""
    draw = Draw(world, month, world.plan.stream("visits", str(month)))
    frames = [_kind_visits(draw, place, counts[place]) for place in range(len(KINDS)) if counts[place]]
    made = stack([*frames, *extra])
    made = pick(made, np.argsort(made["begin"], kind="stable"))
    made["visit"] = visit_number(month, len(made["begin"]))
    return made


def _kind_visits(draw: Draw, place: int, count: int) -> Frame:
    kind = KINDS[place]
    dealt = spread_choice(draw.rng, count, np.array([site.share for site in kind.sites]))
    parts = []
    for which, site in enumerate(kind.sites):
        here = int((dealt == which).sum())
        institutions, weights = draw.world.sites(site.place, draw.month)
        where = institutions[spread_choice(draw.rng, here, weights)]
        parts.append(make_visits(draw, place, site, where))
    return stack(parts)


def make_visits(draw: Draw, place: int, site: Site, where: np.ndarray) -> Frame:
    """One visit at each institution of ``where``, of the kind at ``place``, with fees around the site's mean."""
    world, rng, kind, count = draw.world, draw.rng, KINDS[place], len(where)
    begin = _begin(draw.month, kind, count, rng)
    stay = np.maximum(1, np.rint(kind.stay_days * np.exp(0.45 * spread_normal(rng, count) - 0.1))).astype(int)
    minutes = rng.integers(20, 150, count) * np.timedelta64(60, "s")
    fee = share_of(
        np.full(count, site.fee * 100), np.exp(kind.sigma * spread_normal(rng, count) - kind.sigma**2 / 2)
    )
    fund = share_of(fee, site.fund)
    elsewhere = np.where(
        (rng.random(count) < _INSURED_ELSEWHERE) & (site.place != "outside"), rng.integers(0, 3, count), -1
    )
    return {
        "kind": np.full(count, place),
        "institution": where,
        "person": _persons(world, kind, count, rng),
        "begin": begin,
        "end": (begin + stay * DAY if kind.inpatient else begin) + minutes,
        "fee": fee,
        "fund": fund,
        "scope": np.maximum(share_of(fee, site.scope), fund),
        "account": np.minimum(share_of(fee, kind.account), fee - fund),
        # Only dear bills reach the second fund; 0.454 of a log-normal bill's money lies above 1.2 times its mean.
        "second": np.where(fee > 120 * site.fee, share_of(fund, kind.extra / 0.454), 0),
        "diagnosis": _diagnoses(world, kind, where, rng),
        "doctor": rng.integers(
            1, 2 + np.rint(_beds(world)[where] * _DOCTORS_PER_BED).astype(int).clip(1, 60)
        ),
        "way": spread_choice(rng, count, _WAY_WEIGHTS),
        "elsewhere": elsewhere,
        "story": np.zeros(count, dtype=np.int64),
    }


def _beds(world: World) -> np.ndarray:
    return np.array([one.beds for one in world.institutions])


def _begin(month: np.datetime64, kind: Kind, count: int, rng: np.random.Generator) -> np.ndarray:
    days = np.arange(month.astype("M8[D]"), (month + 1).astype("M8[D]"))
    # 1970-01-01 was a Thursday.
    weights = _WEEK[kind.inpatient][(days.astype(int) + 3) % 7]
    hours = (8, 21) if kind.sites[0].place == "pharmacy" else (8, 17)
    seconds = rng.integers(hours[0] * 3600, hours[1] * 3600, count) * np.timedelta64(1, "s")
    return days[spread_choice(rng, count, weights)].astype("M8[s]") + seconds


def _persons(world: World, kind: Kind, count: int, rng: np.random.Generator) -> np.ndarray:
    """Older people come more often; the chronically ill are from the oldest third."""
    if kind.med_type == "52":
        pool = world.people.mothers[kind.insutype]
        return pool[rng.integers(0, len(pool), count)]
    order = world.people.age_order[kind.insutype]
    reach = 0.35 if "慢" in kind.name else 1.0
    lean = 1.8 if kind.inpatient else 1.25
    return order[(rng.random(count) ** lean * reach * len(order)).astype(int)]


def _diagnoses(world: World, kind: Kind, where: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    usual = _DIAGNOSIS_OF_KIND.get(kind.name, "i" if kind.inpatient else "o")
    chosen = _one_of(usual, len(where), rng)
    if usual in ("i", "o"):
        specialties = np.array([one.specialty for one in world.institutions])[where]
        for specialty, wanted in _DIAGNOSIS_OF_SPECIALTY.items():
            here = specialties == specialty
            chosen[here] = _one_of(wanted, int(here.sum()), rng)
    return chosen


def _one_of(wanted: str, count: int, rng: np.random.Generator) -> np.ndarray:
    fit = [place for place, one in enumerate(DIAGNOSES) if wanted in (one.code, *one.where)]
    return np.array(fit)[rng.integers(0, len(fit), count)]
