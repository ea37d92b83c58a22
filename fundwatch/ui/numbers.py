"""``fundwatch.numbers`` under the name that screens use."""

from fundwatch.numbers import (
    COUNTS,
    NONE,
    WAN,
    YI,
    Number,
    Shown,
    beside,
    date,
    difference,
    in_list,
    list_unit,
    money,
    money_in,
    money_unit,
    month,
    percent,
    plain,
    points,
    rounded,
    shown,
    signed,
)

__all__ = [
    "COUNTS", "NONE", "WAN", "YI", "Number", "Shown", "beside", "date", "difference", "in_list", "list_unit", "money", "money_in",
    "money_unit", "month", "percent", "plain", "points", "rounded", "shown", "signed",
]  # fmt: skip
