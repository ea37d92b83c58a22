"""The public reading interface: the engine's numbers, exact in every form, and the examples of docs/api.md."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal

import polars
import pyarrow as pa
import pytest

import fundwatch
from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.api import KPI_COLUMNS, SQL_ROWS, day
from fundwatch.errors import UsageError, UserError
from fundwatch.home import HOME_VARIABLE, PROJECT
from fundwatch.kpi import declarations, evaluate, rows
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

START, END = dt.date(2026, 1, 1), dt.date(2026, 10, 31)


@pytest.fixture(scope="module")
def county(demo_home):
    with fundwatch.open(demo_home.root) as opened:
        yield opened


@pytest.fixture(scope="module")
def engine(demo_home):
    with open_warehouse(demo_home) as warehouse:
        yield warehouse, Settings(demo_home)


def test_every_kpi_is_the_engines_to_the_last_digit(county, engine):
    found = county.kpi(None, START, END).arrow()
    assert found.schema == KPI_COLUMNS
    expected = evaluate(*engine, None, START, END)
    assert len(expected) > len(declarations()) - 5
    for record, value in zip(found.to_pylist(), expected, strict=True):
        for name in ("kpi", "key", "numerator", "denominator", "value", "unit", "data_through"):
            assert record[name] == getattr(value, name), (value.kpi, name)
        assert record["label"] == declarations()[value.kpi].label
        assert record["reason"] == value.extra.get("reason")


def test_days_may_be_text_and_splits_and_filters_pass_through(county, engine):
    found = (
        county.kpi("rejection_rate", "2026-01-01", "2026-10-31", by="month", filters={"medins_natu": ["1"]})
        .arrow()
        .to_pylist()
    )
    expected = evaluate(*engine, ["rejection_rate"], START, END, "month", {"medins_natu": ["1"]})
    assert [(r["key"], r["value"]) for r in found] == [(v.key, v.value) for v in expected]
    assert len(found) > 3


def test_the_list_sums_to_the_number_and_names_no_person_or_claim(county, engine):
    found = county.rows("deducted_amount", START, END).arrow()
    [whole] = county.kpi("deducted_amount", START, END).arrow().to_pylist()
    assert sum(found["numerator"].to_pylist(), Decimal(0)) == whole["value"] > 0
    assert not PERSONAL_COLUMNS.intersection(found.column_names)
    everything = rows(*engine, "deducted_amount", START, END)
    assert PERSONAL_COLUMNS.intersection(everything.column_names)
    assert found.num_rows == everything.num_rows


def test_amounts_are_exact_in_arrow_pandas_and_polars(county):
    result = county.sql("select sum(amt) as amt, max(month_end) as day from fct_fund_ledger")
    exact = result.arrow()["amt"][0].as_py()
    assert isinstance(exact, Decimal)
    assert pa.types.is_decimal128(result.arrow().schema.field("amt").type)
    frame = result.pandas()
    assert isinstance(frame["amt"].iloc[0], Decimal)
    assert frame["amt"].sum() == exact
    assert str(frame["day"].dtype).startswith("datetime64")
    other = result.polars()
    assert isinstance(other.schema["amt"], polars.Decimal)
    assert other["amt"][0] == exact
    assert len(result) == 1


def test_sql_takes_values_as_parameters_and_refuses_what_the_console_refuses(county):
    sql = "select count(*) as n from dim_institution where fixmedins_name = $name"
    assert county.sql(sql, {"name": "' or 1 = 1 --"}).arrow().to_pylist() == [{"n": 0}]
    for hostile in (
        "select * from read_text('/etc/passwd')",
        "select psn_no from fct_rule_hit",
        "drop table dim_town",
    ):
        with pytest.raises(UserError):
            county.sql(hostile)


def test_a_result_that_is_too_long_raises_instead_of_being_cut(county, monkeypatch):
    monkeypatch.setattr("fundwatch.api.SQL_ROWS", 5)
    with pytest.raises(UserError, match="结果超过 5 行"):
        county.sql("select town_code from dim_town")
    assert SQL_ROWS == 200_000


def test_the_tables_are_listed_with_labels_and_units(county):
    listed = county.tables().arrow().to_pylist()
    assert {"table": "fct_payment", "title": "拨付", "grain": "一家机构一期一险种一行", "column": "pay_amt", "label": "拨付金额",
            "unit": "元", "codes": None} in listed  # fmt: skip


def test_an_older_version_is_opened_by_name_and_an_unknown_one_is_said_so(demo_home, county):
    with fundwatch.open(demo_home.root, county.version) as again:
        assert again.version == county.version
    with pytest.raises(UserError, match="不存在"):
        fundwatch.open(demo_home.root, "20200101-000000-000")


def test_a_home_without_a_version_says_what_to_do(tmp_path):
    with pytest.raises(UserError, match="fundwatch build"):
        fundwatch.open(tmp_path)


@pytest.mark.parametrize("wrong", ["2026-13-01", "1 May", None])
def test_a_wrong_day_is_said_so(wrong):
    with pytest.raises(UserError, match="应写成 2024-06-30"):
        day(wrong)


def test_an_unknown_kpi_is_named(county):
    with pytest.raises(UsageError, match="没有指标 nobody"):
        county.kpi("nobody", START, END)


def test_importing_the_package_loads_nothing_else():
    heavy = {"duckdb", "pyarrow", "pandas", "sqlalchemy", "streamlit", "yaml"}
    code = f"import sys, fundwatch; print([m for m in sys.modules if m in {heavy}])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert done.stdout.strip() == "[]"


def test_the_examples_of_the_document_run(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    text = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) == 4
    names: dict = {}
    for block in blocks:
        exec(compile(block, "docs/api.md", "exec"), names)
    assert names["county"].version
    assert len(names["months"]) > 6
    assert len(names["paid"]) > 6
    assert names["rows"].num_rows > 0
    names["county"].close()
