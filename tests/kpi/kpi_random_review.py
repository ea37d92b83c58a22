"""Random review documents, suspicions and post reviews for a random county."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import TYPE_CHECKING, Any

from kpi_random_claims import MED_TYPES, RULES, moment, visit

if TYPE_CHECKING:
    from kpi_random import County

Rows = list[dict[str, Any]]
DOCUMENTS = 480
POSTS = ("审核岗01", "审核岗02", "审核岗03")
QUARTERS = ("2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2")


def review_rows(county: County) -> dict[str, Rows]:
    """Rows by contract table. Some suspicions name a document nobody loaded."""
    return {
        "doc_d": county.many(DOCUMENTS, lambda number: document(county, number)),
        "doc_suspt_d": county.many(300, lambda _number: suspicion(county)),
        "post_review": post_reviews(county),
    }


def later(county: County, time: dt.datetime, days: int) -> dt.datetime | None:
    """Up to ``days`` later, in its first or last second or in between; sometimes never."""
    day = time.date() + dt.timedelta(days=county.random.randrange(days + 1))
    at = county.random.choice((dt.time(0, 0), dt.time(10, 15), dt.time(23, 59, 59)))
    return county.maybe(dt.datetime.combine(day, at), 0.9)


def document(county: County, number: int) -> dict[str, Any]:
    """Two institutions have most of them, so that some strata are large enough to be extrapolated."""
    declared = moment(county)
    checked = later(county, declared, 14)
    drawn = county.random.choice(("1", "1", "1", "1", "0", None))
    return {
        "doc_id": f"D{number}",
        "mdtrt_id": visit(county),
        "fixmedins_code": county.random.choice((*county.named[:2] * 10, *county.named)),
        "insutype": county.random.choice(("310", "390", "390")),
        "med_type": county.random.choice(("21", *MED_TYPES)),
        "issue": county.random.choice(("202402", "202402", "202403")),
        "dcla_time": declared,
        "dcla_fund_amt": county.amount(),
        "chker": county.maybe(county.random.choice(POSTS)) if checked else None,
        "chktime": checked,
        "chk_vola_flag": county.random.choice(("0", "0", "0", "1", None)) if checked else None,
        "smpl_flag": drawn,
        "smpl_rchk_time": later(county, checked or declared, 9) if drawn == "1" else None,
        "smpl_vola_amt": county.maybe(county.random.choice((0, 0, county.amount()))),
    }


def suspicion(county: County) -> dict[str, Any]:
    found = moment(county)
    return {
        "doc_id": f"D{county.random.randrange(DOCUMENTS + 20)}",
        "rule_id": county.random.choice(RULES),
        "checkout_time": found,
        "checkout_suspt_amt": county.amount(),
        "chker": county.maybe(county.random.choice(POSTS)),
        "chk_vola_flag": county.flag(),
        "chk_vola_amt": county.maybe(county.amount()),
        "rchker": county.maybe(county.random.choice(POSTS)),
        "push_time": later(county, found, 20),
        "appl_flag": county.flag(),
        "finl_chker": county.maybe(county.random.choice(POSTS)),
        "finl_chktime": later(county, found, 40),
        "finl_chk_vola_flag": county.flag(),
        "cnfm_vola_amt": county.maybe(county.amount()),
        "det_flag": county.flag(),
        "vola_det_amt": county.maybe(county.amount()),
        "rvis_amt": county.maybe(county.amount(), 0.2),
        "conv_audits_flag": county.flag(),
    }


def post_reviews(county: County) -> Rows:
    keys = [key for key in product(county.named, QUARTERS) if county.random.random() < 0.7]
    return [
        {"fixmedins_code": code, "quarter": quarter, "done_date": county.maybe(county.day())}
        for code, quarter in keys
    ]
