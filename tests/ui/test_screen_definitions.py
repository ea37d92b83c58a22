"""口径与规则库: every declaration in words, for every role."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from signed_in import screen_of, sheets

from fundwatch.access import Role
from fundwatch.contracts import code_lists, contracts
from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.kpi import declarations
from fundwatch.rules import library
from fundwatch.screens import definitions as view
from fundwatch.screens.lineage import kpis_of, models_of, tables_of
from fundwatch.settings import Settings, Values, parameters

PATH = "pages/data/definitions.py"
TODAY = dt.date(2026, 11, 1)


@pytest.fixture
def empty_home(tmp_path, monkeypatch) -> Home:
    """A home before its first load: the definitions are there all the same."""
    home = Home(tmp_path / "home").ensure()
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    return home


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_the_definitions(empty_home, role):
    app = screen_of(empty_home, PATH, role)
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == ["口径与规则库"]
    assert list(app.dataframe[0].value["指标"]) == [kpi.label for kpi in declarations().values()]


def test_kpi_named_in_the_address_is_shown_in_full(empty_home):
    app = screen_of(empty_home, PATH, Role.LEADER, kpi="payable_months")
    told = sheets(app)
    for words in (
        "参考线(来源未核实) 6 至 9 个月",
        "可支付月数最少所需月数",
        "期末结余(fund_balance)",
        "基金管理科",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("part", "count"),
    [("rules", len(library())), ("parameters", len(parameters())), ("tables", len(contracts()))],
)
def test_each_part_lists_everything_that_is_declared(empty_home, part, count):
    app = screen_of(empty_home, PATH, Role.ANALYST, part=part)
    assert not app.exception
    assert len(app.dataframe[0].value) == count


def test_list_can_be_narrowed_to_one_group(empty_home):
    app = screen_of(empty_home, PATH, Role.ANALYST, group="基金运行")
    assert set(app.dataframe[0].value["环节"]) == {"基金运行"}


def test_parameter_set_by_the_bureau_stands_with_its_history(empty_home):
    Settings(empty_home).set("suspended_points", "10", dt.date(2025, 1, 1), "新文件", "fx01")
    app = screen_of(empty_home, PATH, Role.ANALYST, part="parameters", parameter="suspended_points")
    shown = app.dataframe[0].value.set_index("标识").loc["suspended_points"]
    assert (shown["在用值"], shown["设定人"]) == ("10 分", "fx01")
    assert "9(随系统提供)" in sheets(app)
    assert "10(自 2025-01-01 起;新文件;fx01" in sheets(app)


def test_every_kpi_rule_and_table_can_be_told_in_words():
    values = Values()
    for kpi in declarations().values():
        assert all(text for _, text in view.kpi_lines(kpi, values, TODAY, []))
    for rule in library():
        assert all(text for _, text in view.rule_lines(rule, values, TODAY))
    for contract in contracts().values():
        assert view.column_rows(contract).num_rows == len(contract.columns)
    for name in code_lists():
        assert view.code_rows(name).num_rows


def test_rule_without_a_verified_source_cites_no_clause():
    unverified = [rule for rule in library().values() if rule.header.source_status]
    rows = {row["id"]: row for row in view.rule_rows().to_pylist()}
    assert all(rows[rule.rule_id]["basis"] is None for rule in unverified)


def test_lineage_reaches_the_tables_through_the_marts():
    coverage = declarations()["inspection_coverage"]
    assert "fct_inspection" in models_of(coverage)
    assert {"inspection", "fixmedins_b", "fixmedins_cntr_reg_d"} <= set(tables_of(coverage))
    assert "payable_months" in [kpi.id for kpi in kpis_of("fund_balance")]


def test_target_of_the_bureau_replaces_the_declared_one(empty_home):
    settings = Settings(empty_home)
    kpi = declarations()["inspection_coverage"]
    assert view.target_of(kpi, settings.now(), TODAY) == "100%(自 2022-01-01 起,12月31日前达到)"
    settings.set("target.inspection_coverage", "95", None, "试行", "fx01")
    assert view.target_of(kpi, settings.now(), TODAY) == "95%(本局设定)"
    assert Decimal("95") == Decimal(str(settings.now().target("inspection_coverage", TODAY)))
