"""Reminders before the charge: complied with, overridden or left without answer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fundwatch.demo.columns import Frame, label, moment, money, pick, share_of, word
from fundwatch.demo.settlements import INPATIENT, doctor_code, institution_code, person_number, visit_id
from fundwatch.demo.vocabulary import COUNTY, OVERRIDE_REASONS, REHABILITATION, RULE, RULES
from fundwatch.demo.world import World

_REMINDED = {True: 0.24, False: 0.02}
#: continue, change, no answer; by rule, usual first
_USUAL_WAYS = np.array([0.33, 0.58, 0.09])
_WAYS_OF_RULE = {"PT-0059": np.array([0.66, 0.22, 0.12]), "PT-0069": np.array([0.52, 0.36, 0.12])}
#: the institution of the story overrides nine reminders in ten
_STORY_WAYS = np.array([0.90, 0.04, 0.06])
_REASON_GIVEN = 0.88
CONTINUED, CHANGED, UNANSWERED = 0, 1, 2
OVERRIDE_STORY = 1


def remind(world: World, visits: Frame, online: np.ndarray) -> None:
    """Add ``rule`` (−1 no reminder), ``answer`` and ``reminded`` (the amount) to the visits.

    ``online`` holds for each institution the day its interface came on, NaT for never.
    """
    rng = world.plan.stream("reminders", str(visits["begin"][0].astype("M8[M]")))
    count = len(visits["visit"])
    stay = INPATIENT[visits["kind"]]
    story = visits["story"] == OVERRIDE_STORY
    reached = visits["begin"].astype("M8[D]") >= online[visits["institution"]]
    chance = np.where(story, 1.0, np.where(stay, _REMINDED[True], _REMINDED[False]))
    reminded = reached & (rng.random(count) < chance)
    rule = rng.integers(0, len(RULES), count)
    rule = np.where(story & (rng.random(count) < 0.8), RULE["PT-0070"], rule)
    luck, answer = rng.random(count), np.zeros(count, dtype=np.int64)
    for place, one in enumerate(RULES):
        ways = np.cumsum(_WAYS_OF_RULE.get(one.code, _USUAL_WAYS))
        answer = np.where(rule == place, np.searchsorted(ways, luck, side="right"), answer)
    habit = visits["institution"] == world.position[REHABILITATION]
    answer = np.where(habit, np.searchsorted(np.cumsum(_STORY_WAYS), luck, side="right"), answer)
    visits["rule"] = np.where(reminded, rule, -1)
    visits["answer"] = answer.clip(0, 2)
    visits["reminded"] = share_of(visits["fee"], 0.02 + 0.10 * rng.random(count))


def reminder_table(world: World, visits: Frame) -> pa.Table:
    """bffact_warn_rslt_d of the visits that were reminded."""
    rows = pick(visits, visits["rule"] >= 0)
    rng = world.plan.stream("reminder times", str(visits["begin"][0].astype("M8[M]")))
    count = len(rows["visit"])
    length = np.minimum(rows["end"], world.plan.midnight) - rows["begin"]
    time = rows["begin"] + (rng.random(count) * 0.8 * length.astype(np.int64)).astype(
        np.int64
    ) * np.timedelta64(1, "s")
    reason = np.where(rng.random(count) < _REASON_GIVEN, rng.integers(0, len(OVERRIDE_REASONS), count), -1)
    stay = INPATIENT[rows["kind"]]
    return pa.table(
        {
            "warn_rslt_id": label(f"W{COUNTY}", rows["visit"], 12),
            "mdtrt_id": visit_id(rows["visit"]),
            "psn_no": person_number(rows["person"]),
            "fixmedins_code": institution_code(world, rows["institution"]),
            "trig_scen": word(["2", "6", "4", "5"], stay * 2 + rng.integers(0, 2, count)),
            "rule_id": word([rule.code for rule in RULES], rows["rule"]),
            "rule_name": word([rule.name for rule in RULES], rows["rule"]),
            "rule_sev_deg": word([rule.severity for rule in RULES], rows["rule"]),
            "vola_amt": money(rows["reminded"]),
            "crte_time": moment(time),
            "warn_dspo_way": word(["1", "2", None], rows["answer"]),
            "warn_dspo_way_dscr": word(OVERRIDE_REASONS, np.where(rows["answer"] == CONTINUED, reason, -1)),
            "dr_code": doctor_code(rows),
        }
    )
