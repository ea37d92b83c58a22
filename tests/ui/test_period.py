"""Periods: what the picker's words mean, and what an address gives."""

from __future__ import annotations

import datetime as dt

import pytest

from fundwatch.ui.period import Kind, Period, kind_of, of_kind, read_period

NEWEST = dt.date(2024, 8, 15)


def period(start: str, end: str) -> Period:
    return Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.YEAR, period("2024-01-01", "2024-08-15")),
        (Kind.QUARTER, period("2024-07-01", "2024-08-15")),
        (Kind.MONTH, period("2024-08-01", "2024-08-15")),
    ],
)
def test_words_of_the_picker_mean_the_newest_data(kind, expected):
    assert of_kind(kind, NEWEST) == expected
    assert kind_of(expected, NEWEST) is kind


def test_without_anything_in_the_address_it_is_the_year_to_date():
    assert read_period({}, NEWEST) == period("2024-01-01", "2024-08-15")


def test_address_gives_the_period_of_a_shared_link():
    given = {"from": "2023-02-01", "to": "2023-03-31"}
    assert read_period(given, NEWEST) == period("2023-02-01", "2023-03-31")
    assert kind_of(read_period(given, NEWEST), NEWEST) is Kind.CUSTOM


@pytest.mark.parametrize(
    "given",
    [{"from": "x", "to": "2024-01-01"}, {"from": "2024-02-30", "to": "2024-03-01"}, {"from": "2024-05-01"},
     {"from": "2024-05-02", "to": "2024-05-01"}, {"from": "0001-01-01", "to": "2024-05-01"}, {"from": "2024-05-01", "to": "9999-12-31"}],
)  # fmt: skip
def test_address_that_cannot_be_read_gives_the_year_to_date(given):
    assert read_period(given, NEWEST) == of_kind(Kind.YEAR, NEWEST)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (period("2024-06-01", "2024-06-30"), "2024年6月"),
        (period("2024-01-01", "2024-06-30"), "2024年1-6月"),
        (period("2023-01-01", "2023-12-31"), "2023年"),
        (period("2024-01-01", "2024-08-15"), "2024-01-01 至 2024-08-15"),
        (period("2023-12-01", "2024-01-31"), "2023-12-01 至 2024-01-31"),
    ],
)
def test_period_in_words(given, words):
    assert given.words == words


def test_same_days_of_last_year_keep_month_ends():
    assert period("2024-02-01", "2024-02-29").year_before() == period("2023-02-01", "2023-02-28")
    assert period("2023-02-01", "2023-02-28").year_before() == period("2022-02-01", "2022-02-28")
    assert period("2025-02-01", "2025-02-28").year_before() == period("2024-02-01", "2024-02-29")


def test_period_before_is_as_long():
    assert period("2024-07-01", "2024-09-30").before() == period("2024-04-01", "2024-06-30")
    assert period("2024-01-01", "2024-01-31").before() == period("2023-12-01", "2023-12-31")
    assert period("2024-01-05", "2024-01-08").before() == period("2024-01-01", "2024-01-04")
