"""Several counties in one lake: whose a settlement is, and a county that sees what an installation of its own would show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lake_home import new_home, put, run_build

from fundwatch.access import Sight
from fundwatch.build.runner import BuildReport
from fundwatch.home import Home
from fundwatch.kpi import declarations, evaluate, totals
from fundwatch.kpi.declaration import COUNTY
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

A, B, ELSEWHERE = "999001", "999002", "999100"
AT_A, AT_B, AT_C, UNKNOWN_B = "H99900100001", "H99900200001", "H99910000001", "H99900200009"
START, END = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
STAY = {"med_type": "21", "fix_blng_admdvs": None}


def settlement(name: str, insured: str | None, place: str, fund: int, **more: Any) -> dict[str, Any]:
    return {
        **STAY, "setl_id": name, "mdtrt_id": f"M{name}", "psn_no": more.get("mdtrt_id", f"M{name}"),
        "insu_admdvs": insured, "fixmedins_code": place, "fund_pay_sumamt": fund,
        "medfee_sumamt": fund * 2, "inscp_amt": fund + 1, "setl_time": "2024-05-02T10:00:00", **more,
    }  # fmt: skip


SETTLEMENTS = [
    settlement("1", A, AT_A, 100), settlement("2", A, AT_B, 20), settlement("3", None, AT_A, 7), settlement("4", B, AT_B, 300),
    settlement("5", B, AT_A, 40), settlement("6", B, AT_C, 5), settlement("7", ELSEWHERE, AT_B, 1000),
    settlement("8", B, AT_B, 11, mdtrt_id="M4", setl_time="2024-06-03T10:00:00"), settlement("9", B, UNKNOWN_B, 2),
    settlement("10", B, AT_B, 60, med_type="11"), settlement("11", ELSEWHERE, AT_C, 9),
    settlement("12", B, AT_A, 70), settlement("13", B, AT_A, -70, mdtrt_id="M12", refd_setl_flag="1", init_setl_id="12"),
]  # fmt: skip


def fill(home: Home, county: str | None = None) -> None:
    """The lake of both counties, or what the platform gives to one: its institutions' rows, and its insured's wherever they were."""

    def mine(row: dict[str, Any]) -> bool:
        return county is None or row.get("insu_admdvs") == county or row["fixmedins_code"][1:7] == county

    def put_own(table: str, *rows: dict[str, Any]) -> None:
        put(home, table, *[row for row in rows if mine(row)])

    put(
        home, "fixmedins_b", {"fixmedins_code": AT_A, "fix_blng_admdvs": A, "hosp_lv": "05"},
        {"fixmedins_code": AT_B, "fix_blng_admdvs": B, "hosp_lv": "02"}, {"fixmedins_code": AT_C, "fix_blng_admdvs": ELSEWHERE},
    )  # fmt: skip
    put_own("setl_d", *SETTLEMENTS)
    put_own("fixmedins_cntr_reg_d", *[
        {"cntr_id": code, "fixmedins_code": code, "efft_time": "2024-01-01", "invd_time": "2024-12-31"} for code in (AT_A, AT_B)
    ])  # fmt: skip
    documents = [("D1", AT_A, 100), ("D2", AT_B, 300), ("D3", AT_B, 50), ("D4", UNKNOWN_B, 2)]
    put_own("doc_d", *[
        {"doc_id": name, "mdtrt_id": name, "fixmedins_code": code, "dcla_time": "2024-05-09", "dcla_fund_amt": amount,
         "chktime": "2024-05-10T10:00:00"}
        for name, code, amount in documents
    ])  # fmt: skip
    put(home, "doc_suspt_d", *[
        {"doc_suspt_id": f"Y{name}", "doc_id": name, "rule_id": "R1", "checkout_time": "2024-05-09", "det_flag": "1",
         "vola_det_amt": amount // 10}
        for name, code, amount in documents if county is None or code[1:7] == county
    ])  # fmt: skip
    put_own("inspection", *[
        {"insp_id": f"J{number}", "fixmedins_code": code, "insp_date": f"2024-04-0{number}"}
        for number, code in enumerate((AT_A, AT_B, AT_B), start=1)
    ])  # fmt: skip
    put_own("clue_case", *[
        {"case_id": f"A{number}", "fixmedins_code": code, "opened_date": "2024-03-01"} for number, code in enumerate((AT_A, AT_B))
    ])  # fmt: skip


def numbers(home: Home, sight: Sight | None = None, **asked: Any) -> dict[str, tuple]:
    with open_warehouse(home) as warehouse:
        found = evaluate(
            warehouse.bound(sight) if sight else warehouse, Settings(home), None, START, END, **asked
        )
    return {
        one.kpi: (one.numerator, one.denominator, one.value, one.row_cnt)
        for one in found if not one.cell and COUNTY in declarations()[one.kpi].filterable
    }  # fmt: skip


@dataclass(frozen=True)
class Grown:
    """One lake that gets a list of counties: its numbers without a list, with a list of one, and the build with a list of two."""

    home: Home
    plain: dict[str, tuple]
    of_one: dict[str, tuple]
    report: BuildReport


@pytest.fixture(scope="module")
def grown(tmp_path_factory) -> Grown:
    home = new_home(tmp_path_factory.mktemp("counties") / "home")
    fill(home)
    run_build(home)
    plain = numbers(home)
    put(home, "county", {"admdvs": A, "admdvs_name": "甲县"})
    run_build(home)
    of_one = numbers(home)
    put(home, "county", {"admdvs": A, "admdvs_name": "甲县"}, {"admdvs": B, "admdvs_name": "乙县"})
    return Grown(home, plain, of_one, run_build(home))


def test_a_list_of_one_county_changes_nothing(grown):
    assert grown.plain == grown.of_one
    assert grown.plain["actual_reimbursement"][0] == 127


def test_a_county_that_joins_the_list_rebuilds_what_depends_on_it(grown):
    modes = grown.report.modes
    assert {modes[name] for name in ("fct_inpatient_settlement", "fct_settlement_month", "fct_stay_day")} == {
        "全部"
    }
    assert modes["fct_settlement_day"] == "沿用"
    with open_warehouse(grown.home) as warehouse:
        found = warehouse.query(
            "select setl_id, insu_admdvs, is_outside from fct_inpatient_settlement order by length(setl_id), setl_id"
        )
        local = warehouse.query(
            "select is_local, sum(setl_cnt) as n from fct_settlement_month group by all order by all"
        )
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("1", A, 0), ("2", A, 1), ("3", A, 0), ("4", B, 0), ("5", B, 1), ("6", B, 1), ("8", B, 0), ("9", B, 0),
        ("12", B, 1), ("13", B, 1),
    ]  # fmt: skip
    assert local.to_pylist() == [{"is_local": 0, "n": 2}, {"is_local": 1, "n": 9}]
    assert numbers(grown.home)["actual_reimbursement"][0] == 127 + 358


def test_a_county_of_two_shows_what_an_installation_of_its_own_would(grown, tmp_path: Path):
    alone = new_home(tmp_path / "alone")
    Settings(alone).set("county_admdvs", B, None, "测试", "测试")
    fill(alone, B)
    run_build(alone)
    seen, own = numbers(grown.home, Sight(county=B)), numbers(alone)
    # institutions with settlements: alone also those elsewhere that treated its insured, which are others' to review
    assert (seen.pop("post_review_rate")[1], own.pop("post_review_rate")[1]) == (1, 3)
    assert seen == own
    assert len(seen) > 50
    # stays of 乙县's insured: 300 and 11 at home, 40 and 5 elsewhere, 2 where nobody registered the place
    with open_warehouse(grown.home) as warehouse:
        own_rows = warehouse.bound(Sight(county=B))
        listed = totals(own_rows, Settings(grown.home), "avg_inpatient_fee", START, END)
    assert (listed.numerator, listed.denominator) == seen["avg_inpatient_fee"][:2]
    told = {name: seen[name][:2] for name in ("actual_reimbursement", "outside_share", "avg_inpatient_fee")}
    assert told == {
        "actual_reimbursement": (358, 716),
        "outside_share": (45, 358),
        "avg_inpatient_fee": (716, 4),
    }
    assert seen["rejection_rate"][1] == 352
