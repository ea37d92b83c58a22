"""Fictional knowledge points of the demo, and the lines on the bills of the stories that break them.

A planted line takes its amount out of the bill's line for the rest, so that no bill, fund payment or random draw changes.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from fundwatch.demo.columns import DAY, NONE, Frame, pick, stack
from fundwatch.demo.vocabulary import (
    CATALOGUE,
    DIAGNOSES,
    ITEM_LIMITS,
    ITEM_NAMES,
    ITEM_PAIRS,
    ITEMS,
    OPERATIONS,
    PLANTED,
)
from fundwatch.demo.world import World
from fundwatch.demo.write import Row

SOURCE = "示范县演示知识点(虚构)"
REMARK = "演示用,不是任何文件的内容"
#: place in the catalogue of the line that takes the rest of a bill that is not a pharmacy's
REST = len(ITEMS)
HOUR = np.timedelta64(3600, "s")
#: what a drug's code of the demo begins with, so that the chronic diseases' list covers all of them
DRUGS = "D999000"


def plant(bills: Frame, lines: Frame) -> Frame:
    """The lines of the bills with those that the stories add, two bills in three, where the rest of the bill is large enough."""
    made = [lines]
    for story, planted in PLANTED.items():
        told = (bills["story"] == story) & (bills["refunds"] == NONE) & (bills["bill"] // 10 % 3 != 0)
        cost = sum(CATALOGUE[item].price * units for item, units, _, _ in planted)
        rest = np.flatnonzero(
            np.isin(lines["bill"], bills["bill"][told]) & (lines["item"] == REST) & (lines["amount"] > cost)
        )
        if len(rest):
            made += _planted(bills, lines, rest, planted)
    return stack(made)


def _planted(
    bills: Frame, lines: Frame, rest: np.ndarray, planted: list[tuple[int, int, int, int]]
) -> list[Frame]:
    """One frame for each planted line; the lines for the rest (``rest``: their places) give up amount and scope."""
    order = np.argsort(bills["bill"])
    bill = order[np.searchsorted(bills["bill"], lines["bill"][rest], sorter=order)]
    first_day = bills["begin"][bill].astype("M8[D]").astype("M8[s]")
    whole, scope = lines["amount"][rest].copy(), lines["scope"][rest].copy()
    frames = []
    for number, (item, units, day, hour) in enumerate(planted, start=1):
        frame = pick(lines, rest)
        price = CATALOGUE[item].price
        frame["item"] = np.full(len(rest), item, dtype=frame["item"].dtype)
        frame["units"] = np.full(len(rest), units, dtype=np.int64)
        frame["price"] = np.full(len(rest), price, dtype=np.int64)
        frame["amount"] = frame["units"] * price
        frame["scope"] = frame["amount"] * scope // whole
        frame["line"] = lines["line"][rest] + number
        frame["time"] = first_day + day * DAY + hour * HOUR
        frames.append(frame)
    for name in ("amount", "scope"):
        lines[name][rest] -= sum(frame[name] for frame in frames)
    lines["price"][rest] = lines["amount"][rest]
    return frames


def item_limits(world: World) -> list[Row]:
    """kb_item_limit."""
    return [
        {
            "limit_type": one.limit_type, "item_code": one.code, "item_name": ITEM_NAMES[one.code], "match": one.match,
            "limit_value": one.value, "limit_num": one.number, "limit_unit": one.unit, "remark": REMARK, "source": SOURCE,
            "efft_date": _begin(world), "invd_date": None,
        }
        for one in ITEM_LIMITS
    ]  # fmt: skip


def item_pairs(world: World) -> list[Row]:
    """kb_item_pair."""
    return [
        {
            "pair_type": one.pair_type, "window": one.window, "item_code_a": one.code_a,
            "item_name_a": ITEM_NAMES[one.code_a], "item_code_b": one.code_b,
            "item_name_b": ITEM_NAMES[one.code_b] if one.code_b else None, "group_name": one.group, "ratio": one.ratio,
            "remark": REMARK, "source": SOURCE, "efft_date": _begin(world), "invd_date": None,
        }
        for one in ITEM_PAIRS
    ]  # fmt: skip


def codes(world: World) -> list[Row]:
    """kb_code: the diagnoses and operations of the demo, what an operation is for, and the drugs of chronic diseases."""
    rows = [
        *(("诊断编码(演示)", one.code, None) for one in DIAGNOSES),
        *(("手术操作编码(演示)", one.code, None) for one in OPERATIONS),
        *(("手术操作与诊断对照(演示)", one.code, one.diagnosis[:3]) for one in OPERATIONS),
        *(("慢特病用药(演示)", one.code, DRUGS) for one in DIAGNOSES if "c" in one.where),
    ]
    return [
        {
            "code_type": kind,
            "code": code,
            "related_code": related,
            "efft_date": _begin(world),
            "invd_date": None,
        }
        for kind, code, related in rows
    ]


def _begin(world: World) -> dt.date:
    """Before any claim of the demo."""
    return dt.date(world.plan.years[0] - 1, 1, 1)
