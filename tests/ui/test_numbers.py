"""Numbers as the design writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from fundwatch.ui import numbers


@pytest.mark.parametrize(
    ("yuan", "words", "note"),
    [
        ("0", "0.00 元", ""),
        ("9999.99", "9,999.99 元", ""),
        ("10000", "1.00 万元", ""),
        ("-123456.78", "-12.35 万元", ""),
        ("99999999.99", "10,000.00 万元", ""),
        ("374297200", "37,429.72 万元", "3.74 亿元"),
        (None, "—", ""),
    ],
)
def test_amount_on_a_tile(yuan, words, note):
    shown = numbers.money(None if yuan is None else D(yuan))
    assert (str(shown), shown.note) == (words, note)


def test_rounding_is_half_away_from_zero_and_never_minus_zero():
    assert [numbers.plain(D(v), 1) for v in ("0.25", "-0.25", "0.35", "-0.04")] == [
        "0.3",
        "-0.3",
        "0.4",
        "0.0",
    ]


def test_exact_decimals_survive_where_binary_floats_would_not():
    assert numbers.plain(D("9999999999999.99"), 2) == "9,999,999,999,999.99"
    assert numbers.money(D("1.005") * 10_000).text == "1.01"


def test_percent_has_one_decimal_on_tiles_and_two_in_lists():
    assert str(numbers.shown(D("88.8034"), "%")) == "88.8%"
    assert numbers.in_list(D("88.8034"), "%") == "88.80"


def test_counts_have_no_decimals():
    assert str(numbers.shown(D("1481285"), "人次")) == "1,481,285 人次"


def test_no_value_is_a_dash_without_unit():
    assert str(numbers.shown(None, "%")) == "—"
    assert numbers.in_list(None, "元") == "—"


@pytest.mark.parametrize(
    ("new", "old", "unit", "words"),
    [
        ("62.4", "54.3", "%", "+8.1 个百分点"),
        ("52.3", "54.3", "%", "-2.0 个百分点"),
        ("54.31", "54.3", "%", "0.0 个百分点"),
        ("250000", "374000", "元", "-12.40 万元"),
        ("1250", "1000", "元", "+250.00 元"),
        ("5", "2", "家", "+3 家"),
    ],
)
def test_difference_in_words(new, old, unit, words):
    assert numbers.difference(D(new), D(old), unit) == words


def test_table_column_keeps_one_unit():
    assert numbers.money_unit([D("9999.99"), None]) == "元"
    assert numbers.money_unit([D("1"), D("-10000")]) == "万元"
    assert numbers.money_in(D("6743900"), "万元") == "674.39"


def test_dates_and_months():
    assert numbers.date(dt.date(2024, 6, 3)) == "2024-06-03"
    assert numbers.month("2024-06") == numbers.month(dt.date(2024, 6, 30)) == "2024年6月"
    assert numbers.date(None) == numbers.month(None) == "—"
