"""Settlements of visits: one or two bills a visit, refunds as negative rows, and their tables."""

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
    number,
    pick,
    share_of,
    stack,
    word,
)
from fundwatch.demo.mix import KINDS
from fundwatch.demo.vocabulary import COUNTY, DIAGNOSES, NEIGHBOURS
from fundwatch.demo.world import PERSON_TYPES, World

_TWO_BILLS = {True: 0.04, False: 0.012}
_REFUNDED = 0.006
MONEY = ("fee", "fund", "scope", "account", "second")
#: last digit of a settlement number: first and second bill, refund, bill made again
FIRST, SECOND, REFUND, AGAIN = 1, 2, 5, 7

INPATIENT = np.array([kind.inpatient for kind in KINDS])
LONG_STAY = 6 * DAY


def month_settlements(world: World, visits: Frame, warm_up: bool) -> Frame:
    """Bills of the visits that have ended before the data do; refunds follow their bill by some days.

    Refunded stays are billed again. In the warm-up month a stay has one bill, so that none lies before the data.
    """
    rng = world.plan.stream("settlements", str(visits["begin"][0].astype("M8[M]")))
    ended = pick(visits, visits["end"] < world.plan.midnight)
    count = len(ended["visit"])
    stay = INPATIENT[ended["kind"]]
    long_enough = ~stay | (ended["end"] - ended["begin"] >= LONG_STAY)
    two = (
        (rng.random(count) < np.where(stay, _TWO_BILLS[True], _TWO_BILLS[False]))
        & long_enough
        & (not warm_up)
    )
    first, second = dict(ended), pick(ended, two)
    paid = ended["end"] + rng.integers(300, 3600, count) * np.timedelta64(1, "s")
    first["paid"] = np.where(two, ended["begin"] + (paid - ended["begin"]) // 2, paid)
    second["paid"] = paid[two]
    for name in MONEY:
        half = ended[name] // 2
        first[name] = np.where(two, half, ended[name])
        second[name] = (ended[name] - half)[two]
    first["bill"], second["bill"] = first["visit"] * 10 + FIRST, second["visit"] * 10 + SECOND
    bills = stack([first, second])
    bills["refunds"] = np.full(len(bills["bill"]), NONE)
    return _with_refunds(world, bills, rng)


def _with_refunds(world: World, bills: Frame, rng: np.random.Generator) -> Frame:
    count = len(bills["bill"])
    wait = rng.integers(1, 25, count) * DAY
    chosen = (
        (rng.random(count) < _REFUNDED) & (bills["paid"] + wait < world.plan.midnight) & (bills["story"] == 0)
    )
    refund = pick(bills, chosen)
    refund["refunds"] = refund["bill"].copy()
    refund["bill"] = refund["bill"] // 10 * 10 + REFUND + refund["bill"] % 10 - FIRST
    refund["paid"] = refund["paid"] + wait[chosen]
    for name in MONEY:
        refund[name] = -refund[name]
    again = pick(refund, INPATIENT[refund["kind"]])
    again["bill"] = again["bill"] - REFUND + AGAIN
    again["paid"] = again["paid"] + np.timedelta64(600, "s")
    again["refunds"] = np.full(len(again["bill"]), NONE)
    for name in MONEY:
        again[name] = -again[name]
    made = stack([bills, refund, again])
    made["refunded"] = np.isin(made["bill"], refund["refunds"])
    return pick(made, made["paid"] < world.plan.midnight)


def visit_table(world: World, visits: Frame) -> pa.Table:
    """mdtrt_d: stays not ended when the data end are in hospital."""
    inside = visits["end"] >= world.plan.midnight
    stay = INPATIENT[visits["kind"]]
    codes, names = [one.code for one in DIAGNOSES], [one.name for one in DIAGNOSES]
    known = np.where(inside, -1, visits["diagnosis"])
    return pa.table(
        {
            "mdtrt_id": visit_id(visits["visit"]),
            **person_columns(world, visits),
            "brdy": date(world.people.born[visits["person"]]),
            "fixmedins_code": institution_code(world, visits["institution"]),
            "med_type": word([kind.med_type for kind in KINDS], visits["kind"]),
            "begntime": moment(visits["begin"]),
            "endtime": moment(np.where(inside, np.datetime64("NaT"), visits["end"])),
            "dscg_maindiag_code": word(codes, known),
            "dscg_maindiag_name": word(names, known),
            "adm_dept_name": word([one.department for one in DIAGNOSES], visits["diagnosis"]),
            "chfpdr_code": doctor_code(visits),
            "dscg_way": word(["1", "2", "3", "4", "5"], np.where(stay & ~inside, visits["way"], -1)),
            "inhosp_stas": word(["0", "1"], np.where(stay, inside.astype(int), -1)),
            "ttp_pay_flag": flag(np.zeros(len(inside), dtype=int)),
            "vali_flag": flag(np.ones(len(inside), dtype=int)),
        }
    )


def settlement_table(world: World, bills: Frame) -> pa.Table:
    """setl_d: parts add up to the whole in every row, refunds included."""
    fee, fund, scope, account = (bills[name] for name in ("fee", "fund", "scope", "account"))
    own = share_of(fee - scope, 0.6)
    first = share_of(fee - scope, 0.35)
    kinds = bills["kind"]
    types = world.people.person_type[bills["person"]]
    resident = np.array([kind.insutype == "390" for kind in KINDS])[kinds]
    servant = np.where(types == PERSON_TYPES.index("1102"), share_of(fund, 0.03), 0)
    zero = np.zeros(len(fee), dtype=np.int64)
    regions = [one.region for one in world.institutions]
    return pa.table(
        {
            "setl_id": settlement_id(bills["bill"]),
            "mdtrt_id": visit_id(bills["visit"]),
            **person_columns(world, bills),
            "insutype": word([kind.insutype for kind in KINDS], kinds),
            "psn_type": word(PERSON_TYPES, types),
            "med_type": word([kind.med_type for kind in KINDS], kinds),
            "fixmedins_code": institution_code(world, bills["institution"]),
            "insu_admdvs": word(
                [*NEIGHBOURS, COUNTY], np.where(bills["elsewhere"] < 0, len(NEIGHBOURS), bills["elsewhere"])
            ),
            "fix_blng_admdvs": word(regions, bills["institution"]),
            "begndate": date(bills["begin"]),
            "enddate": date(bills["end"]),
            "setl_time": moment(bills["paid"]),
            "medfee_sumamt": money(fee),
            "fulamt_ownpay_amt": money(own),
            "overlmt_selfpay": money(fee - scope - own - first),
            "preselfpay_amt": money(first),
            "inscp_amt": money(scope),
            "hifp_pay": money(fund - bills["second"] - servant),
            "cvlserv_pay": money(servant),
            "hifmi_pay": money(np.where(resident, bills["second"], 0)),
            "hifob_pay": money(np.where(resident, 0, bills["second"])),
            "maf_pay": money(zero),
            "othfund_pay": money(zero),
            "fund_pay_sumamt": money(fund),
            "psn_pay": money(fee - fund),
            "acct_pay": money(account),
            "cash_payamt": money(fee - fund - account),
            "dise_no": word(
                [one.code for one in DIAGNOSES], np.where(_chronic()[kinds], bills["diagnosis"], -1)
            ),
            "refd_setl_flag": flag(bills["refunds"] != NONE),
            "init_setl_id": settlement_id(bills["refunds"]),
            "vali_flag": flag(np.ones(len(fee), dtype=int)),
        }
    )


def _chronic() -> np.ndarray:
    return np.array([kind.med_type == "140104" for kind in KINDS])


def person_columns(world: World, rows: Frame) -> dict[str, pa.Array]:
    """psn_no, gend, age on the day of begin."""
    born = world.people.born[rows["person"]]
    age = ((rows["begin"].astype("M8[D]") - born).astype(int) / 365.25).astype(np.int64).clip(0, 110)
    return {
        "psn_no": person_number(rows["person"]),
        "gend": word(["1", "2"], world.people.female[rows["person"]].astype(int)),
        "age": number(age),
    }


def person_number(person: np.ndarray) -> pa.Array:
    """A made-up number in no order that means anything (a stride coprime to the range keeps them distinct)."""
    return label("9990010000", (person.astype(np.int64) * 739_391 + 104_729) % 999_999_937, 12)


def visit_id(visit: np.ndarray) -> pa.Array:
    return label(f"M{COUNTY}", visit, 12)


def settlement_id(bill: np.ndarray) -> pa.Array:
    return label(f"S{COUNTY}", bill, 13)


def institution_code(world: World, institution: np.ndarray) -> pa.Array:
    return word([one.code for one in world.institutions], institution)


def doctor_code(rows: Frame) -> pa.Array:
    """D999001 + institution + doctor: a code, no person."""
    return label(f"D{COUNTY}", rows["institution"].astype(np.int64) * 1000 + rows["doctor"], 6)
