"""The demo's fictional knowledge points: every rule that needs knowledge runs, and those of the stories find their hospital."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from read_demo import typed

from fundwatch.home import Home
from fundwatch.rules import Screening, library, run
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

#: rule, hospital of the story, item on whose lines the hit lies
STORIES = [
    ("r007", "示范县青松医院", "D99900000101"), ("r009", "示范县青松医院", "D99900000101"),
    ("r019", "示范县明川眼科医院", "C99900000101"), ("r028", "示范县明川眼科医院", "S99900000105"),
    ("r011", "示范县云岭康复医院", "S99900000102"),
    ("r024", "示范县云岭康复医院", "S99900000103"), ("r025", "示范县云岭康复医院", "S99900000101"),
    ("r026", "示范县白沙中西医结合医院", "S99900000107"), ("r033", "示范县白沙中西医结合医院", "S99900000106"),
]  # fmt: skip


@pytest.fixture(scope="module")
def screened(demo_home: Home) -> Screening:
    rules = [rule for rule in library().values() if rule.header.needs.knowledge or rule.header.needs.partial]
    ever = (dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    return run(open_warehouse(demo_home), Settings(demo_home), rules, *ever)


@pytest.fixture(scope="module")
def data(tiny: Path) -> duckdb.DuckDBPyConnection:
    return typed(tiny, "setl_d", "fee_list_d", "fixmedins_b", "kb_item_limit", "kb_item_pair")


def test_every_rule_that_reads_knowledge_has_it(screened: Screening) -> None:
    assert len(screened.outcomes) >= 24
    assert {(one.status, one.missing) for one in screened.outcomes} == {("已运行", ())}


@pytest.mark.parametrize(("rule", "hospital", "item"), STORIES)
def test_rules_of_the_stories_find_their_hospital_and_no_other(
    screened: Screening, data: duckdb.DuckDBPyConnection, rule: str, hospital: str, item: str
) -> None:
    found = {row["setl_id"] for row in screened.records() if row["rule_id"] == rule}
    billed = data.execute(
        "select distinct setl_id, fixmedins_name from fee_list_d inner join fixmedins_b using (fixmedins_code)"
        " where hilist_code = $item",
        {"item": item},
    ).fetchall()
    assert found == {setl_id for setl_id, _ in billed}
    assert {name for _, name in billed} == {hospital}
    assert len(found) >= 5


def test_amount_of_a_double_charge_is_that_of_the_dependent_lines(
    screened: Screening, data: duckdb.DuckDBPyConnection
) -> None:
    [amount] = data.execute(
        "select sum(inscp_amt) from fee_list_d where hilist_code = 'S99900000103'"
    ).fetchone()
    at_issue = [row["amount_at_issue"] for row in screened.records() if row["rule_id"] == "r024"]
    assert sum(at_issue, Decimal(0)) == amount


def test_planted_lines_leave_every_bill_as_it_was(data: duckdb.DuckDBPyConnection) -> None:
    odd = data.execute("""
        select setl_id from setl_d inner join fee_list_d using (setl_id) group by setl_id, medfee_sumamt, setl_d.inscp_amt
        having sum(det_item_fee_sumamt) <> medfee_sumamt or sum(fee_list_d.inscp_amt) <> setl_d.inscp_amt
    """).fetchall()
    assert odd == []
    assert data.execute(
        "select count(*) from fee_list_d where det_item_fee_sumamt <= 0 and init_feedetl_sn is null"
    ).fetchone() == (0,)


def test_knowledge_is_plainly_fictional(data: duckdb.DuckDBPyConnection) -> None:
    for table in ("kb_item_limit", "kb_item_pair"):
        assert data.execute(f"select distinct source from {table}").fetchall() == [
            ("示范县演示知识点(虚构)",)
        ]
