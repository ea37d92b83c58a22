"""What the two sides of a ratio are called on screen: counts, 元, or shares of counts."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from fundwatch.screens.sides import side_words, sides_of, sides_of_rows


@pytest.mark.parametrize(
    ("what", "numerator", "denominator", "expected"),
    [
        ("institutions among institutions", 0, 0, ("int", "int")),
        ("money over money", 2, 2, ("amount", "amount")),
        ("fees over visits", 2, 0, ("amount", "int")),
        ("a balance over a mean month", 2, 10, ("amount", "amount")),
        ("visits scaled to a year over mean enrolment", 14, 14, ("quantity", "quantity")),
    ],
)
def test_sides_by_their_decimal_places(what, numerator, denominator, expected):
    assert sides_of(numerator, denominator) == expected, what


def test_sides_of_a_list_come_from_its_types():
    fees = pa.table({
        "numerator": pa.array([Decimal("5.00")], pa.decimal128(38, 2)),
        "denominator": pa.array([1], pa.int32()),
    })  # fmt: skip
    assert sides_of_rows(fees) == ("amount", "int")
    wide_counts = pa.table(
        {name: pa.array([Decimal(3)], pa.decimal128(38, 0)) for name in ("numerator", "denominator")}
    )
    assert sides_of_rows(wide_counts) == ("int", "int")


@pytest.mark.parametrize(
    ("kind", "words"), [("int", "2,389"), ("amount", "2,389.31 元"), ("quantity", "2,389.31")]
)
def test_a_side_in_words(kind, words):
    assert side_words(Decimal("2389.31"), kind) == words
