"""Review of every declared bill: 初审 → 复核 → 申诉 → 复审 → 反馈 → 扣款, the 5 % sample, transfers.

Each step has a time; a step that would fall after the data end has not happened, and nothing after it either.
Amounts never rise from one step to the next.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fundwatch.demo.columns import (
    DAY,
    NONE,
    Frame,
    date,
    flag,
    label,
    moment,
    money,
    pick,
    share_of,
    stack,
    word,
)
from fundwatch.demo.mix import KINDS
from fundwatch.demo.reminders import CHANGED
from fundwatch.demo.settlements import INPATIENT, institution_code, settlement_id, visit_id
from fundwatch.demo.vocabulary import (
    APPEAL_REASONS,
    COUNTY,
    FINAL_CHECKERS,
    RECHECKERS,
    REVIEWERS,
    RULES,
    SAMPLERS,
)
from fundwatch.demo.world import World

#: chance that a rule of the platform flags a bill
_FLAGGED = {"stay": 0.20, "chronic": 0.05, "visit": 0.012}
_LATE, _NEVER, _SAMPLED, _SAMPLE_FOUND = 0.03, 0.004, 0.05, 0.12
_BY_RULE, _NOT_COMPLIED, _BY_SAMPLE = 0, 1, 2
#: fen; what review hands over to supervision is no matter of small change
_WORTH_A_CASE = 10_000
NAT = np.datetime64("NaT", "s")
SECOND = np.timedelta64(1, "s")


def month_docs(world: World, bills: Frame) -> tuple[Frame, Frame]:
    """Documents declared from one month's bills, before the data end, and their suspicions."""
    month = bills["paid"][0].astype("M8[M]")
    rng = world.plan.stream("review", str(month))
    pharmacy = np.array([kind.med_type == "41" for kind in KINDS])[bills["kind"]]
    docs = pick(bills, (bills["refunds"] == NONE) & ~bills["refunded"] & ~pharmacy & (bills["fund"] > 0))
    count = len(docs["bill"])
    # An institution declares all its bills on one of the first nine days of the next month.
    day = (docs["institution"] * 7 + int(month.astype(int))) % 9
    seconds = rng.integers(9 * 3600, 17 * 3600, count) * SECOND
    docs["declared"] = (month + 1).astype("M8[s]") + day * DAY + seconds
    docs = pick(docs, docs["declared"] < world.plan.midnight)
    _first_review(world, docs, rng)
    suspicions = _suspicions(world, docs, rng)
    _second_review(world, docs, suspicions, rng)
    suspicions = stack([suspicions, _sample_suspicions(world, docs, rng)])
    _funnel(world, suspicions, month, rng)
    return docs, suspicions


def _after(world: World, time: np.ndarray, wait: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """``wait`` days after ``time`` in office hours (none: twenty minutes later).

    NaT after the data, and where the step before never came.
    """
    hours = rng.integers(9 * 3600, 17 * 3600, len(time)) * SECOND
    day = (time + wait * DAY).astype("M8[D]")
    # 1970-01-01 was a Thursday; Saturday and Sunday become Monday.
    weekday = (day.astype(np.int64) + 3) % 7
    later = (day + np.maximum(7 - weekday, 0) * (weekday > 4)).astype("M8[s]") + hours
    later = np.where(wait == 0, time + 1200 * SECOND, later)
    return np.where(later < world.plan.midnight, later, NAT)


def _first_review(world: World, docs: Frame, rng: np.random.Generator) -> None:
    count = len(docs["bill"])
    wait = np.where(rng.random(count) < _LATE, rng.integers(13, 20, count), rng.integers(1, 7, count))
    time = _after(world, docs["declared"], wait, rng)
    docs["checked"] = np.where(rng.random(count) < _NEVER, NAT, time)
    docs["checker"] = np.where(np.isnat(docs["checked"]), -1, rng.integers(0, len(REVIEWERS), count))


def _suspicions(world: World, docs: Frame, rng: np.random.Generator) -> Frame:
    """Rows of rules, and rows of reminders that were not complied with (all but a few are looked at)."""
    count = len(docs["bill"])
    stay, chronic = INPATIENT[docs["kind"]], np.array(["慢" in kind.name for kind in KINDS])[docs["kind"]]
    chance = np.where(stay, _FLAGGED["stay"], np.where(chronic, _FLAGGED["chronic"], _FLAGGED["visit"]))
    by_rule = pick(docs, rng.random(count) < chance)
    by_rule["souc"] = np.full(len(by_rule["bill"]), _BY_RULE)
    by_rule["rule"] = rng.integers(0, len(RULES), len(by_rule["bill"]))
    ignored = (docs["rule"] >= 0) & (docs["answer"] != CHANGED) & (rng.random(count) < 0.93)
    reminded = pick(docs, ignored)
    reminded["souc"] = np.full(len(reminded["bill"]), _NOT_COMPLIED)
    rows = stack([by_rule, reminded])
    rows["number"] = rows["bill"] * 10 + rows["souc"]
    rows["found"] = rows["declared"] + rng.integers(600, 7200, len(rows["bill"])) * np.timedelta64(1, "s")
    rows["at_issue"] = share_of(rows["fund"], 0.03 + 0.17 * rng.random(len(rows["bill"]))).clip(1, None)
    wrong = rng.random(len(rows["bill"])) < 0.62
    rows["wrong"] = np.where(np.isnat(rows["checked"]), -1, wrong.astype(np.int64))
    return rows


def _second_review(world: World, docs: Frame, suspicions: Frame, rng: np.random.Generator) -> None:
    """The documents' own verdict, and the draw of 5 % of what first review passed, by institution."""
    count = len(docs["bill"])
    wrong = np.isin(docs["bill"], suspicions["bill"][suspicions["wrong"] == 1])
    done = ~np.isnat(docs["checked"])
    docs["wrong"] = np.where(done, wrong.astype(np.int64), -1)
    passed = np.flatnonzero(done & ~wrong)
    passed = passed[np.argsort(docs["institution"][passed], kind="stable")]
    every = round(1 / _SAMPLED)
    drawn = np.zeros(count, dtype=bool)
    drawn[passed[int(rng.integers(0, every)) :: every]] = True
    time = np.where(drawn, _after(world, docs["checked"], rng.integers(3, 11, count), rng), NAT)
    looked = ~np.isnat(time)
    found = looked & (rng.random(count) < _SAMPLE_FOUND)
    docs["drawn"] = np.where(done, drawn.astype(np.int64), -1)
    docs["sampled"] = time
    docs["sampler"] = np.where(looked, rng.integers(0, len(SAMPLERS), count), -1)
    amount = share_of(docs["fund"], 0.05 + 0.15 * rng.random(count)).clip(1, None)
    docs["sample_found"] = np.where(found, amount, np.where(looked, 0, NONE))


def _sample_suspicions(world: World, docs: Frame, rng: np.random.Generator) -> Frame:
    """What the second review found goes the same way from there."""
    found = (docs["sample_found"] != NONE) & (docs["sample_found"] > 0)
    rows = {name: values[found] for name, values in docs.items()}
    rows["at_issue"] = rows["sample_found"]
    rows["rule"] = rng.integers(0, len(RULES), int(found.sum()))
    rows["souc"] = np.full(int(found.sum()), _BY_SAMPLE)
    rows["number"] = rows["bill"] * 10 + _BY_SAMPLE
    rows["found"] = rows["sampled"]
    # Looked at by the sampling post, which counts as its first review.
    rows["checked"] = rows["sampled"]
    rows["checker"] = len(REVIEWERS) + rows["sampler"]
    rows["wrong"] = np.ones(int(found.sum()), dtype=np.int64)
    for name in ("drawn", "sampled", "sampler", "sample_found"):
        del rows[name]
    return rows


def _funnel(world: World, rows: Frame, month: np.datetime64, rng: np.random.Generator) -> None:
    """All steps after first review; every amount is a part of the one before."""
    count = len(rows["bill"])
    luck = rng.random((8, count))
    wrong = rows["wrong"] == 1
    rows["first"] = np.where(wrong, share_of(rows["at_issue"], 0.5 + 0.5 * luck[0]).clip(1, None), NONE)
    rechecked = np.where(wrong, _after(world, rows["checked"], rng.integers(1, 4, count), rng), NAT)
    rows["rechecked"] = rechecked
    rows["rechecker"] = np.where(np.isnat(rechecked), -1, rng.integers(0, len(RECHECKERS), count))
    _breach(world, rows, month)
    upheld = luck[1] < 0.93
    rows["recheck_wrong"] = np.where(np.isnat(rechecked), -1, upheld.astype(np.int64))
    rows["pushed"] = np.where(upheld, _after(world, rechecked, rng.integers(0, 2, count), rng), NAT)
    pushed = ~np.isnat(rows["pushed"])
    rows["deadline"] = np.where(pushed, rows["pushed"] + 7 * DAY, NAT)
    appealed = np.where(luck[2] < 0.38, _after(world, rows["pushed"], rng.integers(1, 6, count), rng), NAT)
    rows["appealed"] = appealed
    appeal = ~np.isnat(appealed)
    rows["appeal_amount"] = np.where(appeal, share_of(rows["first"], 0.3 + 0.7 * luck[3]), NONE)
    rows["appeal_reason"] = np.where(appeal, rng.integers(0, len(APPEAL_REASONS), count), -1)
    start = np.where(appeal, appealed, rows["deadline"])
    rows["finished"] = _after(world, start, rng.integers(1, 6, count), rng)
    finished = ~np.isnat(rows["finished"])
    rows["finisher"] = np.where(finished, rng.integers(0, len(FINAL_CHECKERS), count), -1)
    stands = ~appeal | (luck[4] < 0.64)
    rows["final_wrong"] = np.where(finished, stands.astype(np.int64), -1)
    part = np.where(appeal, 0.4 + 0.6 * luck[5], 1.0)
    confirmed = np.where(stands, share_of(rows["first"], part).clip(1, None), 0)
    rows["confirmed"] = np.where(finished, confirmed, NONE)
    rows["answered"] = _after(world, rows["finished"], np.ones(count, dtype=int), rng)
    rows["deducted_on"] = np.where(
        stands, _after(world, rows["answered"], rng.integers(2, 9, count), rng), NAT
    )
    deducted = ~np.isnat(rows["deducted_on"])
    rows["deducted"] = np.where(deducted, rows["confirmed"], NONE)
    rows["given_back"] = np.where(
        deducted & (luck[6] < 0.03), share_of(rows["confirmed"], 0.3), np.where(deducted, 0, NONE)
    )
    rows["handed_over"] = finished & stands & (rows["confirmed"] >= _WORTH_A_CASE) & (luck[7] < 0.15)


def _breach(world: World, rows: Frame, month: np.datetime64) -> None:
    """Three planted cases of one person in two posts, in three different months: first reviewer = rechecker."""
    months = world.plan.claim_months
    if month not in {months[len(months) // 4], months[len(months) // 2], months[-1] - 3}:
        return
    fit = np.flatnonzero((rows["rechecker"] >= 0) & (rows["souc"] == _BY_RULE))
    if len(fit):
        rows["rechecker"][fit[0]] = len(RECHECKERS) + rows["checker"][fit[0]]


def doc_table(world: World, docs: Frame) -> pa.Table:
    month = docs["paid"].astype("M8[M]").astype(np.int64)
    issue = (1970 + month // 12) * 100 + month % 12 + 1
    return pa.table(
        {
            "doc_id": label(f"B{COUNTY}", docs["bill"], 13),
            "setl_id": settlement_id(docs["bill"]),
            "mdtrt_id": visit_id(docs["visit"]),
            "fixmedins_code": institution_code(world, docs["institution"]),
            "insutype": word([kind.insutype for kind in KINDS], docs["kind"]),
            "med_type": word([kind.med_type for kind in KINDS], docs["kind"]),
            "issue": label("", issue, 6),
            "dcla_time": moment(docs["declared"]),
            "medfee_sumamt": money(docs["fee"]),
            "dcla_fund_amt": money(docs["fund"]),
            "chker": word(REVIEWERS, docs["checker"]),
            "chktime": moment(docs["checked"]),
            "chk_vola_flag": flag(docs["wrong"]),
            "smpl_flag": flag(docs["drawn"]),
            "smpl_rchker": word(SAMPLERS, docs["sampler"]),
            "smpl_rchk_time": moment(docs["sampled"]),
            "smpl_vola_amt": money(docs["sample_found"]),
        }
    )


def suspicion_table(rows: Frame) -> pa.Table:
    appealed = np.where(np.isnat(rows["pushed"]), -1, (~np.isnat(rows["appealed"])).astype(int))
    return pa.table(
        {
            "doc_suspt_id": label(f"Y{COUNTY}", rows["number"], 14),
            "doc_id": label(f"B{COUNTY}", rows["bill"], 13),
            "rule_id": word([rule.code for rule in RULES], rows["rule"]),
            "rule_name": word([rule.name for rule in RULES], rows["rule"]),
            "rule_sev_deg": word([rule.severity for rule in RULES], rows["rule"]),
            "suspt_souc": word(["1", "2", "3"], rows["souc"]),
            "checkout_time": moment(rows["found"]),
            "checkout_suspt_amt": money(rows["at_issue"]),
            "chker": word([*REVIEWERS, *SAMPLERS], rows["checker"]),
            "chktime": moment(rows["checked"]),
            "chk_vola_flag": flag(rows["wrong"]),
            "chk_vola_amt": money(rows["first"]),
            "rchker": word([*RECHECKERS, *REVIEWERS], rows["rechecker"]),
            "rchk_time": moment(rows["rechecked"]),
            "rchk_vola_flag": flag(rows["recheck_wrong"]),
            "push_time": moment(rows["pushed"]),
            "appl_ddln": date(rows["deadline"]),
            "appl_flag": flag(appealed),
            "appl_time": moment(rows["appealed"]),
            "appl_amt": money(rows["appeal_amount"]),
            "appl_rea": word(APPEAL_REASONS, rows["appeal_reason"]),
            "finl_chker": word(FINAL_CHECKERS, rows["finisher"]),
            "finl_chktime": moment(rows["finished"]),
            "finl_chk_vola_flag": flag(rows["final_wrong"]),
            "cnfm_vola_amt": money(rows["confirmed"]),
            "fdbk_time": moment(rows["answered"]),
            "det_flag": flag(
                np.where(np.isnat(rows["answered"]), -1, (rows["deducted"] != NONE).astype(int))
            ),
            "det_time": moment(rows["deducted_on"]),
            "vola_det_amt": money(rows["deducted"]),
            "rvis_amt": money(rows["given_back"]),
            "conv_audits_flag": flag(rows["handed_over"].astype(int)),
        }
    )
