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
from fundwatch.screens.fund_months import NO_BAND, NOT_WHOLE, Flow, flow_title, outlooks, verdict
from fundwatch.ui.charts import INK
from fundwatch.ui.outlook import outlook_chart, outlook_words

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


def years(*amounts: int, last: int = 12) -> dict[str, Decimal]:
    """Months of whole years, each year at one amount in 万元 a month, the last one up to ``last``."""
    found = {
        f"{2021 + year}-{month:02d}": Decimal(amount * 10_000)
        for year, amount in enumerate(amounts)
        for month in range(1, 13)
    }
    return {month: value for month, value in found.items() if month <= f"{2020 + len(amounts)}-{last:02d}"}


def outlook_of(outlay: dict, income: dict | None = None):
    values = {"fund_outlay": outlay, "fund_income": income or {}, "fund_surplus": {}}
    if income:
        values["fund_surplus"] = {month: income[month] - outlay[month] for month in outlay}
    return outlooks("居民", sorted(outlay), values)


def test_growth_that_held_in_the_past_moves_the_forecast_and_says_how_both_rules_did():
    [line] = outlook_of(years(100, 110, 120, 130, last=6))
    assert (line.so_far, line.year_end, line.benchmark) == ("780", "1,560", "1,500")
    assert line.band80 == "1,560 至 1,560"
    assert line.note.startswith("后 6 个月按上年同月加今年月均增减")
    assert "误差小于上年同月法" in line.verdict
    assert "平均误差 0 万元,上年同月法 60 万元" in line.verdict
    assert verdict("居民", [line]).startswith(
        "居民支出预计全年 1,560 万元,80% 区间 1,560 至 1,560;按上年同月加"
    )


def test_a_rule_that_does_not_beat_the_benchmark_says_so_and_is_not_used():
    jumpy = years(100, 100, 100, 100, last=6)
    for month in ("2022-03", "2023-05", "2024-02"):
        jumpy[month] += 600_000
    [line] = outlook_of(jumpy)
    assert "并不比上年同月法更准" in line.verdict
    assert line.year_end == line.benchmark == "1,260"


def test_too_few_months_cannot_tell_and_say_so():
    [line] = outlook_of(years(100, 110, last=6))
    assert "历史不足以比较两种做法" in line.verdict
    assert (line.year_end, line.band80) == ("1,260", NO_BAND)
    assert NO_BAND in verdict("居民", [line])


def test_surplus_is_income_less_outlay_also_at_the_year_end():
    lines = outlook_of(years(100, 110, 120, 130, last=6), years(130, 130, 150, 150, last=6))
    ends = {line.item: line.forecast.year_end for line in lines}
    assert ends["当期结余"] == pytest.approx(ends["收入"] - ends["支出"])


def test_what_is_known_is_solid_what_is_forecast_hatched_with_bands_and_benchmark():
    lines = outlook_of(years(100, 110, 120, 130, last=6), years(130, 130, 150, 150, last=6))
    spec = outlook_chart(lines).to_dict()
    rows = [row for found in spec["datasets"].values() for row in found]
    bars = {row["名称"]: row for row in rows if "末" in row}
    assert set(bars) == {"居民支出", "居民收入"}
    assert (bars["居民支出"]["值"], bars["居民支出"]["末"], bars["居民支出"]["准"]) == (780, 1560, 1500)
    strokes = [row["值"] for row in rows if set(row) == {"名称", "值"} and row["名称"] == "居民支出"]
    assert 780 < min(strokes) < max(strokes) < 1560
    assert {"低": 1560, "高": 1560, "名称": "居民支出"} in rows
    ticks = [layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "tick"]
    assert INK in {mark.get("color") for mark in ticks}
    assert "居民支出年初至今 780 万元,预计全年 1,560 万元" in outlook_words(lines)


def test_nothing_to_forecast_draws_nothing():
    assert outlook_chart(outlook_of(years(100, 110))) is None
    assert outlook_chart(outlook_of(years(100, last=6))) is None


def test_the_screen_says_where_each_fund_may_end(demo):
    words = texts(screen_of(demo, PATH, Role.ANALYST))
    assert "职工支出预计全年" in words
    assert "居民支出预计全年" in words
    assert "上年同月法" in words
