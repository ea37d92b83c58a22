"""The planted stories on claims: what an attentive reader should find. docs/demo.md tells them in words."""

from __future__ import annotations

import numpy as np

from fundwatch.demo.columns import DAY, Frame, stack
from fundwatch.demo.mix import KIND, KINDS, PUBLISHED_MONTHS, Site
from fundwatch.demo.plan import Plan
from fundwatch.demo.reminders import OVERRIDE_STORY
from fundwatch.demo.visits import Draw, make_visits
from fundwatch.demo.vocabulary import CASE_HOSPITAL, DIAGNOSIS, EYES, REHABILITATION, SPLITTING
from fundwatch.demo.world import World

SPLIT_STORY, SHIFT_STORY, CASE_STORY = 2, 3, 4
#: stays a month of each story at least; larger scales take a share of all resident stays if that is more
_FEWEST = {OVERRIDE_STORY: 4, SPLIT_STORY: 4, SHIFT_STORY: 6, CASE_STORY: 4}
#: a split stay is two
STAYS_EACH = {SPLIT_STORY: 2}
_OF_STAYS = {OVERRIDE_STORY: 0.012, SPLIT_STORY: 0.001, SHIFT_STORY: 0.012, CASE_STORY: 0.0}


def story_visits(world: World, month: np.datetime64) -> list[Frame]:
    """Visits of the stories that begin in the month (a readmission may fall into the next)."""
    draw = Draw(world, month, world.plan.stream("stories", str(month)))
    told = _told(world.plan, month)
    made = [_stays(draw, REHABILITATION, OVERRIDE_STORY, "M51.200", 3_900)]
    if SPLIT_STORY in told:
        made.append(_split_stays(draw))
    if SHIFT_STORY in told:
        made.append(_stays(draw, EYES, SHIFT_STORY, "H25.900", 4_200))
    if CASE_STORY in told:
        made.append(_stays(draw, CASE_HOSPITAL, CASE_STORY, "K29.700", 4_600))
    return made


def stays_told(plan: Plan, share: float) -> int:
    """Stays of all stories in the months of the data, were ``share`` of the county's claims written."""
    return sum(
        _count(story, share) * STAYS_EACH.get(story, 1)
        for month in plan.claim_months
        for story in _told(plan, month)
    )


def _told(plan: Plan, month: np.datetime64) -> list[int]:
    """The stories that are told in the month."""
    year = np.datetime64(f"{plan.year}-01", "M")
    told = [OVERRIDE_STORY]
    told += [SPLIT_STORY] if year + 2 <= month <= year + 7 else []
    told += [SHIFT_STORY] if month >= year + 3 else []
    told += [CASE_STORY] if year + 1 <= month <= year + 3 else []
    return told


def _count(story: int, share: float) -> int:
    stays = KINDS[KIND["住院"]].times / PUBLISHED_MONTHS * share
    return max(_FEWEST[story], round(_OF_STAYS[story] * stays))


def _stays(draw: Draw, hospital: str, story: int, diagnosis: str, fee: float) -> Frame:
    """The month's stays of a story at one hospital, all with the same diagnosis."""
    world = draw.world
    count = _count(story, world.plan.scale.share)
    where = np.full(count, world.position[hospital])
    visits = make_visits(draw, KIND["住院"], Site("basic", 1.0, fee, 0.78, 0.94), where)
    visits["diagnosis"] = np.full(count, DIAGNOSIS[diagnosis])
    visits["story"] = np.full(count, story)
    visits["elsewhere"] = np.full(count, -1)
    return visits


def _split_stays(draw: Draw) -> Frame:
    """Pairs of stays: discharge, and within one to six days the same person with the same diagnosis again."""
    first = _stays(draw, SPLITTING, SPLIT_STORY, "I63.900", 4_300)
    again = _stays(draw, SPLITTING, SPLIT_STORY, "I63.900", 4_100)
    rng, count = draw.rng, len(first["begin"])
    first["way"] = np.zeros(count, dtype=np.int64)
    first["end"] = first["begin"] + rng.integers(6, 9, count) * DAY
    for name in ("person", "way", "doctor"):
        again[name] = first[name]
    again["begin"] = first["end"] + rng.integers(1, 7, count) * DAY
    again["end"] = again["begin"] + rng.integers(6, 9, count) * DAY
    return stack([first, again])
