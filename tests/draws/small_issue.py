"""An issue small enough to know by heart: two institutions, 240 documents that passed first review."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent / "build"))

from lake_home import new_home, put, run_build

from fundwatch.draws.lots import Signer
from fundwatch.home import Home

HOSPITAL, CLINIC = "H99900100001", "H99900100002"
ISSUE = "202405"
REVIEWER = Signer("fs01", "复审岗01")


def document(number: int, code: str = HOSPITAL, **changes: Any) -> dict[str, Any]:
    """A document of 100 yuan, 60 of them from the fund, that passed first review."""
    return {
        "doc_id": f"D{number:04d}", "setl_id": f"S{number:04d}", "mdtrt_id": f"M{number:04d}", "fixmedins_code": code,
        "insutype": "390", "med_type": "11", "issue": ISSUE, "dcla_time": "2024-06-03T10:00:00", "medfee_sumamt": "100.00",
        "dcla_fund_amt": "60.00", "chker": "初审岗01", "chktime": "2024-06-05T10:00:00", "chk_vola_flag": "0", **changes,
    }  # fmt: skip


def rows(**changes: Any) -> list[dict[str, Any]]:
    """200 outpatient documents of the hospital, 30 inpatient ones of it (two of 40,000 yuan fund), 10 of the clinic.

    One of these has no flag, but was looked at. One that failed first review, one that waits for it and one of another issue stay
    out of the frame.
    """
    found = [document(number, **changes) for number in range(1, 201)]
    found += [
        document(number, med_type="21", medfee_sumamt="5000.00", dcla_fund_amt="3000.00")
        for number in range(201, 229)
    ]
    found += [
        document(number, med_type="21", medfee_sumamt="60000.00", dcla_fund_amt="40000.00")
        for number in (229, 230)
    ]
    found += [document(number, CLINIC) for number in range(231, 240)]
    found.append(document(240, CLINIC, chk_vola_flag=None))
    found += [
        document(241, chk_vola_flag="1"),
        document(242, chk_vola_flag=None, chker=None, chktime=None),
        document(243, issue="202404"),
    ]
    return found  # fmt: skip


def built(path: Path, *documents: Mapping[str, Any], suspicions: list[dict[str, Any]] | None = None) -> Home:
    """A home with these documents (default: ``rows()``), built."""
    home = new_home(path)
    put(
        home, "fixmedins_b",
        {"fixmedins_code": HOSPITAL, "fixmedins_name": "甲医院", "hosp_lv": "05"},
        {"fixmedins_code": CLINIC, "fixmedins_name": "乙卫生院", "hosp_lv": "08"},
    )  # fmt: skip
    put(home, "doc_d", *(documents or rows()))
    if suspicions:
        put(home, "doc_suspt_d", *suspicions)
    run_build(home)
    return home


def reload(home: Home, *documents: Mapping[str, Any]) -> None:
    """Replace the month's documents and build again."""
    put(home, "doc_d", *documents)
    run_build(home)
