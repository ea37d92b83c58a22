"""A value against its target, and the sentence made from it."""

from __future__ import annotations

import pytest

from fundwatch.ui.sentence import change_words, finding, relative_words
from fundwatch.ui.targets import against, target_line, target_words
from fundwatch.ui.tile import tile_of


@pytest.mark.parametrize(
    ("target_value", "unit", "words"),
    [
        ("100", "%", "100%"),
        ("<=20", "工作日", "不超过 20 工作日"),
        (">=80", "%", "不低于 80%"),
        ("6-9", "月", "6 至 9 个月"),
    ],
)
def test_target_in_words(target_value, unit, words):
    assert target_words(target_value, unit) == words


def test_value_below_its_target_is_bad_and_says_by_how_much(kpi, number, target):
    rate = kpi(targets=target("100"))
    result = against(rate, number(rate, "87.7"))
    assert (result.tone, result.words) == ("bad", "目标 100% · 差 12.3 个百分点")


@pytest.mark.parametrize(
    ("value", "words", "shown"),
    [
        ("4.949", "差 0.1 个百分点", "4.9%"),
        ("4.95", "差 0.05 个百分点", "4.95%"),
        ("4.951", "差 0.05 个百分点", "4.95%"),
        ("4.996", "差不足 0.01 个百分点", "5.00%"),
        ("5", "已达到", "5.0%"),
    ],
)
def test_a_target_missed_by_a_hair_does_not_look_reached(kpi, number, target, value, words, shown):
    rate = kpi(targets=target("5"))
    assert against(rate, number(rate, value)).gap == words
    assert tile_of(rate, number(rate, value)).value == shown


def test_value_at_its_target_is_good(kpi, number, target):
    rate = kpi(targets=target("100"))
    assert against(rate, number(rate, "100")).words == "目标 100% · 已达到"
    assert against(rate, number(rate, "100")).tone == "good"


def test_yearly_target_is_no_failure_before_its_day(kpi, number, target):
    rate = kpi(targets=target("100", reach_by="12-31"))
    assert against(rate, number(rate, "50")).tone == "attention"


def test_more_than_allowed_is_named_so(kpi, number, target):
    count = kpi(unit="家", better="lower", targets=target("0"))
    assert against(count, number(count, "2", denominator=None)).words == "目标 0 家 · 超 2 家"


def test_unverified_line_colours_nothing(kpi, number, target):
    rate = kpi(targets=target("100", source_status="未核实"))
    result = against(rate, number(rate, "50"))
    assert result.tone == "neutral"
    assert result.target.startswith("参考线(来源未核实)")


def test_no_value_and_no_target_have_no_colour(kpi, number, target):
    rate = kpi(targets=target("100"))
    assert against(rate, number(rate, None)).tone == "neutral"
    assert against(kpi(), number(kpi(), "50")).words == "未设目标"
    assert against(kpi(better="neither"), number(kpi(better="neither"), "50")).words == ""


def test_line_of_a_chart_is_drawn_at_the_bound():
    assert [str(target_line(t)) for t in ("100", "<=20", "6-9", None)] == ["100", "20", "6", "None"]


def test_sentence_says_value_target_gap_and_changes(kpi, number, target):
    rate = kpi(targets=target("100"))
    said = finding(rate, number(rate, "62.4"), number(rate, "54.3"), number(rate, "64.4"))
    assert said == "覆盖率 62.4%,目标 100%,差 37.6 个百分点;较上期 +8.1 个百分点,较上年同期 -2.0 个百分点。"


def test_sentence_says_why_there_is_no_value(kpi, number):
    rate = kpi()
    said = finding(rate, number(rate, None, extra={"reason": "分母为零"}), number(rate, "54.3"))
    assert said == "覆盖率无数值:分母为零。"


def test_comparison_is_left_out_when_the_other_side_has_no_value(kpi, number):
    rate = kpi()
    assert finding(rate, number(rate, "62.4"), None, number(rate, None)) == "覆盖率 62.4%。"


def test_change_that_rounds_to_nothing_is_called_level(kpi, number):
    rate = kpi()
    assert change_words(rate, number(rate, "62.41"), number(rate, "62.4"), "较上期") == "较上期持平"


def test_growth_needs_a_positive_base(kpi, number):
    rate = number(kpi(), "110").value
    base = number(kpi(), "100").value
    assert relative_words(rate, base, "同比") == "同比 +10.0%"
    assert relative_words(rate, base * 0, "同比") == ""
    assert relative_words(None, base, "同比") == ""


def test_tile_carries_value_standing_line_and_reason(kpi, number, target):
    rate = kpi(targets=target("100"))
    months = [number(rate, value) for value in ("1", None, "3")]
    tile = tile_of(rate, number(rate, "87.7"), months)
    assert (tile.value, tile.tone, [str(v) for v in tile.line]) == ("87.7%", "bad", ["1", "3"])
    empty = tile_of(rate, number(rate, None, extra={"reason": "分母为零"}))
    assert (empty.value, empty.why_none) == ("—", "分母为零")
