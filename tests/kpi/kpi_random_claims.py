"""Random reminders, settlements, interfaces, enrolment and payments for a random county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpi_random import County

Rows = list[dict[str, Any]]
VISITS, SETTLEMENTS = 45, 110
MED_TYPES = ("21", "21", "21", "52", "11", "41", "9999")
#: two rules that many reminders name, one of them mostly overridden; two that few name
RULES = ("R1",) * 6 + ("R2",) * 5 + ("R3", "R4")
WAYS: Mapping[str, tuple[str | None, ...]] = {"R1": ("1", "1", "2", None)}
TIMES = (dt.time(0, 0), dt.time(9, 30), dt.time(23, 59, 59))


def claim_rows(county: County) -> dict[str, Rows]:
    """Rows by contract table."""
    return {
        "setl_d": county.many(SETTLEMENTS, lambda number: settlement(county, number)),
        "bffact_warn_rslt_d": county.many(260, lambda number: reminder(county, number)),
        "intf_onln_d": interfaces(county),
        "enrolment": enrolment(county),
        "clr_pay_d": payments(county),
        "med_type": med_types(county),
    }


def moment(county: County) -> dt.datetime:
    return dt.datetime.combine(county.day(), county.random.choice(TIMES))


def visit(county: County) -> str:
    return f"M{county.random.randrange(VISITS)}"


def settlement(county: County, number: int) -> dict[str, Any]:
    """Every sixth one is a refund; some refunds name nothing, some name a settlement of another visit."""
    refund = county.random.random() < 0.16
    sign = -1 if refund else 1
    named = county.maybe(f"S{county.random.randrange(SETTLEMENTS)}")
    return {
        "setl_id": f"S{number}",
        "mdtrt_id": visit(county),
        "insutype": county.random.choice(("310", "390", "390")),
        "med_type": county.random.choice(MED_TYPES),
        "fixmedins_code": county.random.choice(county.named),
        "insu_admdvs": county.random.choice(("999001", "999001", "999001", None, "999002")),
        "fix_blng_admdvs": county.random.choice(("999001", "999002", None)),
        "setl_time": moment(county),
        "medfee_sumamt": sign * county.amount(),
        "inscp_amt": sign * county.amount(),
        "fund_pay_sumamt": sign * county.amount(),
        "refd_setl_flag": "1" if refund else "0",
        "init_setl_id": named if refund else None,
        "vali_flag": county.random.choice(("1", "1", "1", "1", "0")),
    }


def reminder(county: County, number: int) -> dict[str, Any]:
    rule = county.random.choice(RULES)
    way = county.random.choice(WAYS.get(rule, ("1", "2", "2", None)))
    return {
        "warn_rslt_id": f"W{number}",
        "mdtrt_id": visit(county),
        "fixmedins_code": county.random.choice(county.named),
        "rule_id": rule,
        "crte_time": moment(county),
        "vola_amt": county.maybe(county.amount()),
        "warn_dspo_way": way,
        "warn_dspo_way_dscr": county.maybe("病情需要", 0.6),
    }


def interfaces(county: County) -> Rows:
    keys = [key for key in product(county.named, ("3101", "video")) if county.random.random() < 0.75]
    return [
        {
            "fixmedins_code": code,
            "intf_code": interface,
            "onln_date": county.day(),
            "stas": county.random.choice(("1", None, "0")),
        }
        for code, interface in keys
    ]


def enrolment(county: County) -> Rows:
    """Months are missing, differently for each insurance type; one has no visits, so that only its side of the pair is there."""
    months = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
    return [
        {"month": month, "insutype": insutype, "persons": county.random.randrange(1, 4000)}
        for insutype, share in (("310", 0.9), ("390", 0.6), ("340", 0.3))
        for month in months
        if county.random.random() < share
    ]


def med_types(county: County) -> Rows:
    """Every other county has a list of its own, where 52 is no stay and one row was taken back."""
    if county.random.random() < 0.5:
        return []
    return [
        {"med_type": "21", "med_type_name": "住院", "inpatient": "1"},
        {"med_type": "11", "med_type_name": "普通门诊"},
        {"med_type": "9999", "med_type_name": "误记", "inpatient": "1", "vali_flag": "0"},
    ]


def payments(county: County) -> Rows:
    keys = list(product(county.named, ("202312", "202401", "202402"), ("310", "390")))
    return [
        {
            "fixmedins_code": code,
            "issue": issue,
            "insutype": insutype,
            "dcla_ddln": (deadline := county.day()),
            "pay_date": county.maybe(deadline + dt.timedelta(days=county.random.randrange(-5, 60))),
            "pay_amt": county.amount(),
            "instant_flag": county.flag(),
        }
        for code, issue, insutype in county.random.sample(keys, 40)
    ]
