"""Two counties in one installation, asked below every screen: each sees itself only, and together they are the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from counties import FIRST, NAMES, SECOND
from homes import copy_home

from fundwatch.access import Role, Sight, sight_of
from fundwatch.build.publish import current_version, serving_file
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.kpi import declarations, evaluate, rows, totals
from fundwatch.kpi.declaration import COUNTY
from fundwatch.kpi.reach import NOT_BY_COUNTY
from fundwatch.masking import COUNTY as OF_ALL
from fundwatch.masking import OF_INSURED, Lens
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse, open_warehouse

START, END = dt.date(2026, 1, 1), dt.date(2026, 9, 30)
BENEFITS = [name for name, kpi in declarations().items() if kpi.listing.county]


@pytest.fixture(scope="module")
def whole(county_home) -> Iterator[Warehouse]:
    with open_warehouse(county_home) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def own(whole) -> dict[str, Warehouse]:
    return {county: whole.bound(Sight(county=county)) for county in NAMES}


def values(warehouse: Warehouse, sql: str) -> set:
    return set(warehouse.query(sql).column(0).to_pylist())


def test_every_kpi_with_institutions_is_the_sum_of_its_counties(county_home, whole):
    settings = Settings(county_home)
    numbers = {one.kpi: one for one in evaluate(whole, settings, None, START, END) if not one.cell}
    split: dict[str, list] = {}
    for one in evaluate(whole, settings, None, START, END, COUNTY):
        split.setdefault(one.kpi, []).append(one)
    added = [name for name in split if declarations()[name].additive]
    assert len(added) > 30
    for name in added:
        whole_number = numbers[name]
        assert sum(one.numerator for one in split[name]) == whole_number.numerator, name
        if whole_number.denominator is not None:
            assert sum(one.denominator for one in split[name]) == whole_number.denominator, name
    assert set(BENEFITS) <= split.keys()
    assert {one.key for one in split["actual_reimbursement"]} == set(NAMES)
    assert all(one.numerator > 0 for one in split["actual_reimbursement"])


def test_a_county_sees_its_part_of_every_kpi_and_its_lists_add_up(county_home, whole, own):
    settings = Settings(county_home)
    for county, warehouse in own.items():
        parts = {
            one.kpi: one for one in evaluate(whole, settings, None, START, END, COUNTY) if one.key == county
        }
        seen = {one.kpi: one for one in evaluate(warehouse, settings, None, START, END) if not one.cell}
        for name, kpi in declarations().items():
            if COUNTY not in kpi.filterable:
                assert name not in seen or (seen[name].value, seen[name].extra["reason"]) == (
                    None,
                    NOT_BY_COUNTY,
                )
                with pytest.raises(UserError, match="没有分县区"):
                    totals(warehouse, settings, name, START, END)
                continue
            if kpi.listing.kind in ("rows", "state", "distinct") and name in parts:
                assert (seen[name].numerator, seen[name].denominator) == (
                    parts[name].numerator,
                    parts[name].denominator,
                ), name
            listed = totals(warehouse, settings, name, START, END)
            assert (listed.numerator, listed.denominator) == (seen[name].numerator, seen[name].denominator), (
                name
            )
    [fund] = evaluate(own[SECOND], settings, ["fund_income"], START, END)
    assert (fund.value, fund.extra["reason"], fund.cell) == (None, NOT_BY_COUNTY, {"insutype": None})
    assert not evaluate(own[SECOND], settings, ["fund_income"], START, END, "month")


def test_a_county_filter_is_the_county_and_never_the_whole_instead(county_home, whole, own):
    settings = Settings(county_home)
    [part] = evaluate(whole, settings, ["rejection_rate"], START, END, filters={COUNTY: [SECOND]})
    [seen] = evaluate(own[SECOND], settings, ["rejection_rate"], START, END)
    assert (part.numerator, part.denominator) == (seen.numerator, seen.denominator)
    [none] = evaluate(whole, settings, ["admission_rate"], START, END, filters={COUNTY: [SECOND]})
    assert (none.value, none.extra["reason"]) == (None, NOT_BY_COUNTY)
    # who sees one county gets nothing of another, whatever is asked
    [other] = evaluate(own[SECOND], settings, ["first_review_amount"], START, END, filters={COUNTY: [FIRST]})
    assert (other.numerator, other.row_cnt) == (0, 0)


def test_no_view_of_a_county_has_a_row_of_another(whole, own):
    registered = {
        row["fixmedins_code"]: row["admdvs"]
        for row in whole.query("select fixmedins_code, admdvs from dim_institution").to_pylist()
    }
    assert {
        registered[code] for code in values(own[SECOND], "select fixmedins_code from dim_institution")
    } == {SECOND}
    for county, warehouse in own.items():
        for view in warehouse.names():
            name = ".".join(f'"{part}"' for part in view.split("."))
            names = warehouse.query(f"select * from {name} limit 0").column_names
            if view in OF_INSURED or (view.startswith("day_") and COUNTY in names):
                assert values(
                    warehouse, f"select {COUNTY if COUNTY in names else 'insu_admdvs'} from {name}"
                ) == {county}, view
            elif "fixmedins_code" in names:
                found = values(warehouse, f"select distinct fixmedins_code from {name}")
                assert {registered.get(code, str(code)[1:7]) for code in found} <= {county}, view
            if "town_code" in names:
                assert {
                    str(code)[:6]
                    for code in values(warehouse, f"select town_code from {name} where town_code is not null")
                } <= {county}
            if view.removeprefix("stg_").removeprefix("lake.") in OF_ALL:
                assert warehouse.query(f"select * from {name}").num_rows == 0, view
        assert values(warehouse, "select admdvs from dim_county") == {county}
        counted = "select sum(setl_cnt) from fct_settlement_day"
        assert values(warehouse, counted) == values(
            warehouse, "select count(*) from stg_setl_d where vali_flag = '1'"
        )
    for view in ("dim_institution", "stg_setl_d", "fct_rule_hit", "fct_case", "stg_case_event"):
        parts = [warehouse.query(f"select * from {view}").num_rows for warehouse in own.values()]
        assert all(0 < part < whole.query(f"select * from {view}").num_rows for part in parts), view


def test_benefits_of_a_county_name_the_institution_elsewhere_and_count_it_as_outside(county_home, whole, own):
    settings = Settings(county_home)
    listed = rows(own[SECOND], settings, "outside_share", dt.date(2025, 1, 1), END).to_pylist()
    elsewhere = [row for row in listed if row["fix_blng_admdvs"] == FIRST]
    assert elsewhere
    assert all(
        row["fixmedins_name"] and row["level_class"] and row["numerator"] == row["fund_pay_sumamt"]
        for row in elsewhere
    )
    assert not [row for row in listed if row["fix_blng_admdvs"] == SECOND and row["numerator"]]
    # the insured of every county are the installation's own
    assert values(whole, "select distinct insu_admdvs from fct_inpatient_settlement") == set(NAMES)
    assert values(whole, "select sum(is_local * setl_cnt) from fct_settlement_month") == values(
        whole,
        "select sum(case when refd_setl_flag = '1' then -1 else 1 end) from stg_setl_d"
        f" where vali_flag = '1' and coalesce(insu_admdvs, '{FIRST}') in ('{FIRST}', '{SECOND}')",
    )


def test_a_town_within_a_county_is_both(whole):
    town = values(whole, f"select max(town_code) from dim_institution where admdvs = '{SECOND}'").pop()
    both, other = whole.bound(Sight(town=town, county=SECOND)), whole.bound(Sight(town=town, county=FIRST))
    assert values(both, "select distinct town_code from dim_institution") == {town}
    assert other.query("select * from dim_institution").num_rows == 0


def test_an_institution_that_nobody_registered_is_where_its_code_says():
    lens = Lens(Sight(county=SECOND), "k", ["H99900100002"], lambda table: "", ["H99900600009"])
    kept = lens.select("fct_case", [("fixmedins_code", "VARCHAR")], "given")
    with duckdb.connect() as connection:
        connection.execute("create table given (fixmedins_code varchar)")
        connection.execute(
            "insert into given values ('H99900100001'), ('H99900100002'), ('H99900600009'), ('H99900600001'), (null)"
        )
        assert connection.execute(f"{kept} order by all").fetchall() == [("H99900100002",), ("H99900600001",)]
    with pytest.raises(UserError, match="fct_new"):
        lens.select("fct_new", [("ym", "VARCHAR")], "given")


def test_masking_and_county_hold_together(whole):
    warehouse = whole.bound(sight_of([Role.AGREEMENTS], county=SECOND))
    assert warehouse.counting.sight == Sight(county=SECOND)
    raw = values(whole, "select psn_no from stg_setl_d")
    assert not values(warehouse, "select distinct psn_no from stg_setl_d") & raw
    assert (
        warehouse.query("select * from stg_setl_d").num_rows
        == warehouse.counting.query("select * from stg_setl_d").num_rows
    )


def test_a_version_built_before_counties_were_known_gives_what_it_gave(county_home, tmp_path):
    copy_home(county_home.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    with open_warehouse(home) as warehouse:
        before = evaluate(warehouse, Settings(home), None, START, END)
    file = serving_file(home, str(current_version(home)))
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table dim_county")
        connection.execute("alter table dim_institution drop column admdvs")
        for table in sorted(OF_INSURED):
            connection.execute(f"alter table {table} drop column insu_admdvs")
        connection.execute("update _meta set value = '{}' where key = 'day_tables'")
    with open_warehouse(home) as warehouse:
        assert evaluate(warehouse, Settings(home), None, START, END) == before
        assert warehouse.query("select * from dim_county").num_rows == 0
        found = evaluate(warehouse, Settings(home), ["rejection_rate"], START, END, COUNTY)
        assert {one.key for one in found} >= set(NAMES)
        assert sum((one.numerator for one in found), Decimal(0)) > 0
