"""收支结余: the published figures of a real county, the demo county's months, and who may look."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.screens.fund import largest_share
from fundwatch.screens.fund_checks import check_message, checks
from fundwatch.screens.fund_months import NO_BAND, NOT_WHOLE, Flow, flow_title, outlooks

PATH = "pages/fund/balance.py"


@pytest.fixture
def taihe(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    return taihe_home


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("query", [{}, {"from": "2021-01-01", "to": "2021-06-30"}])
def test_published_figures_of_the_real_county_stand_on_the_screen(taihe, query):
    app = screen_of(taihe, PATH, Role.LEADER, **query)
    assert not app.exception
    shown = {(tile.label, tile.value) for tile in app.metric}
    assert ("待遇支出", "37,429.72 万元") in shown
    assert ("受益人次", "1,481,285 人次") in shown
    words = texts(app)
    assert "较2019年同期 -12.00%" in words
    assert "较2019年同期 -32.38%" in words
    assert "2020年第一季度受疫情影响" in words
    assert "公布 5,454.48 万元,各项相加 5,454.49 万元,相差 0.01 万元" in words


def test_what_the_county_did_not_publish_is_named_with_the_file_that_brings_it(taihe):
    app = screen_of(taihe, PATH, Role.LEADER)
    words, tables = texts(app), sheets(app)
    assert "“基金收支”表没有居民支出" in words
    assert "“期末结余”表从未载入" in words
    assert "没有逐月支出,不画趋势,也不作全年预测" in words
    assert "fund_balance_*.csv" in tables
    assert [tile.value for tile in app.metric if tile.label == "当期结余"] == ["—", "—"]


def test_published_reimbursement_ratios_are_shown_as_printed(taihe):
    tables = sheets(screen_of(taihe, PATH, Role.LEADER))
    for level, ratio in (
        ("乡镇及民营医院", "78.43"),
        ("县级医院", "66.14"),
        ("县外医疗机构", "48.29"),
        ("综合", "59.54"),
    ):
        assert level in tables
        assert ratio in tables


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_fund_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["收支结余"] if role in STAFF else ["没有查看权限"])
    assert bool(app.metric) == (role in STAFF)


def test_funds_stand_side_by_side_and_are_never_added(demo):
    app = screen_of(demo, PATH, Role.ANALYST)
    assert [tile.label for tile in app.metric].count("基金支出") == 2
    assert [head.value for head in app.subheader][:2] == ["职工基本医疗保险", "城乡居民基本医疗保险"]


def test_choosing_one_insurance_type_leaves_the_other_out(demo):
    app = screen_of(demo, PATH, Role.ANALYST, insutype="390")
    assert [tile.label for tile in app.metric].count("基金支出") == 1
    assert "职工基本医疗保险" not in [head.value for head in app.subheader]


def test_reference_line_of_unknown_source_says_so_and_judges_nothing(demo):
    words = texts(screen_of(demo, PATH, Role.ANALYST))
    assert "参考线(来源未核实) 6 至 9 个月" in words
    assert "已达到" not in words


def row(**changes):
    found = {
        "begndate": dt.date(2024, 1, 1), "enddate": dt.date(2024, 6, 30), "insutype": "390", "category": "合计",
        "measure": "基金支付", "unit": "元", "printed": Decimal("100.00"), "added": Decimal("100.00"),
        "difference": Decimal("0.00"), "part_cnt": 2,
    }  # fmt: skip
    return {**found, **changes}


def test_difference_below_a_hundredth_of_ten_thousand_is_shown_in_yuan():
    [check] = checks([row(printed=Decimal("112.00"), difference=Decimal("12.00"))])
    assert (check.difference, check.differs) == ("+12.00 元", True)


def test_subtotal_of_unknown_parts_is_shown_and_not_compared():
    found = checks([row(category="小计:其他", added=None, difference=None), row()])
    assert found[0].added == "构成未登记,不作核对"
    assert check_message(found) == "公布的合计、小计核对 1 项,与各项之和全部一致。"


def test_largest_share_needs_a_positive_sum():
    assert largest_share([("甲", Decimal(3)), ("乙", Decimal(1)), ("丙", None)]) == ("甲", Decimal(75))
    assert largest_share([("甲", None)]) is None


def test_title_counts_the_months_in_which_more_was_paid_than_taken_in():
    months = [
        Flow("2024-01", Decimal(2), Decimal(1)),
        Flow("2024-02", Decimal(1), Decimal(2)),
        Flow("2024-03", Decimal(1), None),
    ]
    assert flow_title("居民", months) == "居民近 2 个月中 1 个月支出大于收入"


def test_year_end_without_last_year_is_not_guessed_and_a_short_history_gives_no_band():
    few = {f"2024-{month:02d}": Decimal(100_000_000) for month in range(1, 7)}
    values = {"fund_outlay": few, "fund_income": {}, "fund_surplus": {}}
    [line] = outlooks("居民", sorted(few), values)
    assert (line.year_end, line.note) == ("—", NOT_WHOLE)
    longer = {f"{year}-{month:02d}": Decimal(100_000_000) for year in (2023, 2024) for month in range(1, 13)}
    months = sorted(longer)[:14]
    [line] = outlooks("居民", months, {**values, "fund_outlay": {month: longer[month] for month in months}})
    assert (line.year_end, line.band80) == ("120,000", NO_BAND)
