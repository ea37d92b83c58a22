"""口径与规则库: every declaration in words, for every role."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import Role
from fundwatch.contracts import code_lists, contracts
from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.kpi import declarations
from fundwatch.rules import library
from fundwatch.screens import definitions as view
from fundwatch.screens import rule_definitions as rules
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
        assert all(text for _, text in rules.rule_lines(rule, values, TODAY))
    for contract in contracts().values():
        assert view.column_rows(contract).num_rows == len(contract.columns)
    for name in code_lists():
        assert view.code_rows(name).num_rows


def test_rule_without_a_verified_source_cites_no_clause():
    unverified = [rule for rule in library().values() if rule.header.source_status]
    rows = {row["id"]: row for row in rules.rule_rows(None).to_pylist()}
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


def test_rules_say_how_many_points_they_have_and_from_where(demo_home_copy, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    app = screen_of(demo_home_copy, PATH, Role.ANALYST, part="rules", rule="r024")
    assert not app.exception
    assert not app.error
    shown = app.dataframe[0].value.set_index("编号")
    assert (shown.loc["r024", "知识"], shown.loc["r024", "知识点(条)"]) == ("已加载", 2)
    assert shown.loc["r024", "知识来源"] == "示范县演示知识点(虚构) 2 条"
    assert shown.loc["r040", "知识"] == "不需要知识"
    assert "24 条要用知识点的规则都已加载知识" in texts(app)
    assert "文件 kb_item_pair.csv" in sheets(app)
    stock = app.dataframe[1].value
    assert stock["知识点(条)"].sum() == 19 + 7 + 38


def test_rules_without_knowledge_say_so_and_what_to_do(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER, part="rules", rule="r009")
    assert not app.exception
    assert set(app.dataframe[0].value["知识"]) == {"未加载", "不需要知识", "已加载,可选知识未加载"}
    assert "24 条规则要用知识点,0 条已加载,24 条未加载" in texts(app)
    assert "还没有载入知识点" in texts(app)
    assert "载入国家两库知识点工作簿" in sheets(app)


def test_points_of_several_sources_are_added_up_and_missing_kinds_named():
    limit, price = library()["r009"].header.needs.knowledge[0], library()["r027"].header.needs.partial[0]
    day = dt.date(2025, 3, 1)
    found = {
        limit: [
            rules.Loaded("两库第六批", "b1", 1147, None),
            rules.Loaded("本局", "b2", 3, day),
            rules.Loaded("两库第六批", "b3", 10, None),
        ]
    }
    assert rules.standing(library()["r009"], found) == rules.Standing(
        "已加载", 1160, "两库第六批 1,157 条、本局 3 条"
    )
    assert rules.standing(library()["r010"], found).words == "未加载"
    assert rules.standing(library()["r027"], found).words == "已加载,可选知识未加载"
    assert rules.standing(library()["r027"], {price: [rules.Loaded("本局", "b", 1, None)]}).words == "已加载"
    assert rules.standing(library()["r040"], found) == rules.Standing("不需要知识", None, None)
