"""Averages and counts follow what 太和 published for January to April 2021 (data/sample/taihe_2021)."""

from __future__ import annotations

import csv
from dataclasses import replace
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest
from read_demo import typed

from fundwatch.demo import make_demo, plan_for
from fundwatch.demo.fund import enrolment
from fundwatch.demo.mix import KINDS, PUBLISHED_MONTHS, season
from fundwatch.demo.plan import Scale
from fundwatch.home import PROJECT

SAMPLE = PROJECT / "data" / "sample" / "taihe_2021"
#: a fortieth of the county, few lines: 44,000 settlements, enough for the tolerances below
SHARE = 1 / 40
MONTHS = [np.datetime64(f"2025-{month:02d}", "M") for month in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """January to April 2025, the months that were published, before any policy change; stories left out."""
    plan = replace(plan_for("tiny", months=4, end="2025-04"), scale=Scale("test", SHARE, 0.05))
    folder = tmp_path_factory.mktemp("figures") / "demo"
    make_demo(folder, plan)
    data = typed(folder, "setl_d", "fixmedins_b")
    data.execute("""
        create view bill as
        select s.*, f.hosp_lv, f.fixmedins_type, f.fix_blng_admdvs <> '999001' as outside
        from setl_d as s inner join fixmedins_b as f using (fixmedins_code)
        where f.fixmedins_name not in ('示范县云岭康复医院', '示范县青松医院', '示范县明川眼科医院', '示范县白沙中西医结合医院')
    """)
    return data


def published(insutype: str, category: str) -> dict[str, str]:
    with (SAMPLE / "benefit_stat.csv").open(encoding="utf-8", newline="") as file:
        return next(
            row for row in csv.DictReader(file)
            if row["insutype"] == insutype and row["category"] == category and row["begndate"] == "2021-01-01"
        )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_mix_is_the_published_one(kind) -> None:
    """The table of averages itself: person-times exactly, fund per person-time within half a percent."""
    row = published(kind.insutype, kind.benefit)
    assert kind.times == int(row["person_times"])
    if kind.benefit in ("生育住院",):
        return  # its published amount holds the maternity allowance, which has no claim
    fund = float(row["fund_amt"]) + (36_485_000 if kind.name == "住院" else 0)
    assert (kind.fund + kind.account * kind.fee) * kind.times == pytest.approx(fund, rel=0.005)


@pytest.mark.parametrize(
    ("insutype", "med_type", "person_times"),
    [
        ("390", "21", 48_079),
        ("390", "11", 1_296_737 + 151),
        ("390", "140104", 130_344),
        ("310", "11", 35_960),
        ("310", "41", 215_263),
    ],
)
def test_visits_by_category(
    quarter: duckdb.DuckDBPyConnection, insutype: str, med_type: str, person_times: int
) -> None:
    """5 %: the stories add some forty stays, refunds take some visits back, stays of the warm-up come and go."""
    found = quarter.execute(
        "select count(distinct mdtrt_id) from setl_d where insutype = $insutype and med_type = $med_type and refd_setl_flag = '0'",
        {"insutype": insutype, "med_type": med_type},
    ).fetchone()[0]
    winter = sum(season(month) for month in MONTHS) / PUBLISHED_MONTHS
    assert found == pytest.approx(person_times * SHARE * winter, rel=0.05)


@pytest.mark.parametrize(
    ("place", "where", "ratio"),
    [
        ("乡镇及民营医院", "not outside and hosp_lv not in ('03', '05', '06', '07')", 78.43),
        ("县级医院", "not outside and hosp_lv in ('03', '05', '06', '07')", 66.14),
        ("县外医疗机构", "outside", 48.29),
    ],
)
def test_reimbursement_of_stays_by_level(
    quarter: duckdb.DuckDBPyConnection, place: str, where: str, ratio: float
) -> None:
    """0.1 points: within a place every bill has the same ratio, only rounding to the fen differs."""
    found = quarter.execute(
        f"select sum(fund_pay_sumamt) * 100 / sum(medfee_sumamt) from bill where insutype = '390' and med_type = '21' and {where}"
    ).fetchone()[0]
    assert float(found) == pytest.approx(ratio, abs=0.1), place


def test_reimbursement_of_stays_together(quarter: duckdb.DuckDBPyConnection) -> None:
    """2 points: the mean of the three places moves with which place drew the dear bills (about 1,200 stays)."""
    found = quarter.execute("""
        select sum(fund_pay_sumamt) * 100 / sum(medfee_sumamt) from bill where insutype = '390' and med_type = '21'
    """).fetchone()[0]
    assert float(found) == pytest.approx(59.54, abs=2.0)


@pytest.mark.parametrize(
    ("insutype", "med_type", "fee"),
    [
        ("390", "11", 55.8),
        ("390", "140104", 471.4),
        ("310", "11", 161.5),
        ("310", "140104", 659.1),
        ("310", "41", 77.8),
    ],
)
def test_fee_of_a_visit(quarter: duckdb.DuckDBPyConnection, insutype: str, med_type: str, fee: float) -> None:
    """5 %: a few hundred log-normal bills of employees' chronic illness have a standard error of 2 %."""
    found = quarter.execute(
        """
        select sum(medfee_sumamt) / count(distinct mdtrt_id) from bill
        where insutype = $insutype and med_type = $med_type and refd_setl_flag = '0'
        """,
        {"insutype": insutype, "med_type": med_type},
    ).fetchone()[0]
    assert float(found) == pytest.approx(fee, rel=0.05)


def test_fee_of_an_employees_stay(quarter: duckdb.DuckDBPyConnection) -> None:
    """Published 11,746 yuan; 20 %: about 75 stays whose fees differ fourfold between places."""
    fee, share, with_account = quarter.execute("""
        select sum(medfee_sumamt) / count(distinct mdtrt_id), sum(fund_pay_sumamt) * 100 / sum(medfee_sumamt),
            sum(fund_pay_sumamt + acct_pay) * 100 / sum(medfee_sumamt)
        from bill where insutype = '310' and med_type = '21' and refd_setl_flag = '0'
    """).fetchone()
    assert float(fee) == pytest.approx(11_746, rel=0.20)
    assert float(share) == pytest.approx(67.01, abs=2.5)
    assert float(with_account) == pytest.approx(74.54, abs=2.5)


def test_enrolment_of_the_county_is_the_published_one() -> None:
    """Only plan and months are needed: the county's 1.5 million persons are not drawn."""
    rows = enrolment(SimpleNamespace(plan=plan_for("county")))
    persons = {(row["month"], row["insutype"]): row["persons"] for row in rows}
    assert persons["2025-01", "390"] == 1_533_507
    assert persons["2025-01", "310"] == 63_774


def test_enrolment_shrinks_with_the_stays_so_that_their_rate_is_a_countys(read) -> None:
    """Published 48,079 + 3,034 + 1,815 + 1,125 + 2,975 + 238 stays of 1,597,281 persons in four months: 10.8 % a year."""
    stays = {
        row["mdtrt_id"] for row in read("setl_d")
        if row["med_type"] in ("21", "22", "28", "52") and row["refd_setl_flag"] == "0" and row["insu_admdvs"] == "999001"
    }  # fmt: skip
    months = [row for row in read("enrolment") if row["month"] >= "2025-05"]
    persons = sum(int(row["persons"]) for row in months) / len({row["month"] for row in months})
    assert len(stays) / persons / 18 * 12 * 100 == pytest.approx(10.8, abs=1.5)


def test_outlay_grows_steadily_from_year_to_year(read) -> None:
    """Assumed 4.5 % a year for employees and 2 % for residents, whose outpatient step comes in 2026 only."""
    outlay = {
        (insutype, year): sum(
            float(row["amt"]) for row in read("fund_ledger")
            if row["insutype"] == insutype and row["month"][:4] == year and row["direction"] == "支出"
        )
        for insutype in ("310", "390") for year in ("2024", "2025")
    }  # fmt: skip
    growth = {code: outlay[code, "2025"] / outlay[code, "2024"] - 1 for code in ("310", "390")}
    assert growth["310"] == pytest.approx(0.045, abs=0.003)
    assert growth["390"] == pytest.approx(0.02, abs=0.002)


def test_income_is_the_published_one(read) -> None:
    year = sum(
        float(row["amt"]) for row in read("fund_ledger")
        if row["month"][:4] == "2025" and row["insutype"] == "390" and row["category"] in ("个人缴费", "财政补助")
    )  # fmt: skip
    assert year == pytest.approx(1_318_816_020, rel=0.001)


def test_ledger_does_not_shrink_with_the_claims(read) -> None:
    """Outlay of residents in January to April 2025: published 374,297,200 yuan, 1.4 % more for the winter months."""
    found = sum(
        float(row["amt"]) for row in read("fund_ledger")
        if "2025-01" <= row["month"] <= "2025-04" and row["insutype"] == "390" and row["direction"] == "支出"
    )  # fmt: skip
    winter = sum(season(month) for month in MONTHS) / PUBLISHED_MONTHS
    assert found == pytest.approx(374_297_200 * winter, rel=0.005)
