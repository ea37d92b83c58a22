"""The funnel of institutions: who lies outside and what it means; money and overlapping ratios get none; no ranking."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from test_charts import records

from fundwatch.screens.peers import LEAST_UNITS, NAMED, Unit, funnel_of, funnel_of_kpi
from fundwatch.stats.funnel import Position
from fundwatch.ui.charts import ATTENTION, COMPARISON, GOOD
from fundwatch.ui.funnel import funnel_chart, labels, outside_rows


def county(*others: Unit) -> list[Unit]:
    """Eleven hospitals with 50 of 100 each, and others."""
    return [Unit(f"H{n:02d}", f"第{n}医院", D(50), D(100)) for n in range(11)] + list(others)


HIGH = Unit("H90", "高值医院", D(95), D(100))
LOW = Unit("H91", "低值医院", D(5), D(100))


def test_outside_is_named_inside_is_not():
    view = funnel_of("拒付率", county(HIGH), better="lower")
    assert [peer.key for peer in view.outside] == ["H90"]
    assert view.outside[0].words == "95.00%(95 / 100),高于99.8%控制限"
    assert view.title == "拒付率:1 家机构高于 99.8% 控制上限(疑点,未核实)"
    assert "高值医院" in view.text
    assert "第3医院" not in view.text
    words = [row["名"] for row in records(funnel_chart(view).to_dict()) if row.get("名")]
    assert words == ["高值医院"]


@pytest.mark.parametrize(
    ("better", "high", "low"),
    [("lower", ATTENTION, GOOD), ("higher", GOOD, ATTENTION)],
)
def test_colour_says_what_lying_outside_means_for_this_indicator(better, high, low):
    rows = records(funnel_chart(funnel_of("率", county(HIGH, LOW), better=better)).to_dict())
    fills = {row["键"]: row["色"] for row in rows if "键" in row}
    assert (fills["H90"], fills["H91"], fills["H01"]) == (high, low, COMPARISON)


def test_without_a_direction_nothing_is_coloured_as_good_or_bad():
    rows = records(funnel_chart(funnel_of("率", county(HIGH, LOW), better="neither")).to_dict())
    assert not {GOOD, ATTENTION} & {row.get("色") for row in rows}


def test_nobody_outside_says_so():
    view = funnel_of("拒付率", county(), better="lower")
    assert view.title == "拒付率:11 家机构都在 99.8% 控制限内"
    assert "没有机构在 99.8% 控制限以外" in view.text
    assert outside_rows(view).num_rows == 0


def test_ones_own_institution_is_said_wherever_it_lies():
    view = funnel_of("拒付率", county(), better="lower", own="H03")
    assert view.text.endswith("第3医院 50.00%(50 / 100),控制限内。")
    assert [peer.name for peer in view.named] == ["第3医院"]


def test_limits_are_narrower_for_larger_institutions():
    units = [Unit(f"H{n}", f"{n}", D(5 * 2**n), D(10 * 2**n)) for n in range(8)]
    view = funnel_of("率", units, better="lower")
    widths = [edge.upper_998 - edge.lower_998 for edge in view.curve]
    assert widths == sorted(widths, reverse=True)
    assert (view.curve[0].size, view.curve[-1].size) == (10, 1280)
    first, last = view.peers[0], view.peers[-1]
    assert first.upper_998 - first.lower_998 > last.upper_998 - last.lower_998


def test_spread_beyond_chance_widens_the_limits_and_is_said():
    units = [Unit(f"H{n:02d}", str(n), D(n * 10), D(200)) for n in range(1, 20)]
    view = funnel_of("率", units, better="lower")
    assert view.is_widened
    assert "控制限已相应放宽" in view.caption


def test_institutions_without_cases_are_counted_not_drawn():
    view = funnel_of("率", county(Unit("H99", "空院", D(0), D(0))), better="lower")
    assert view.without == 1
    assert "另有 1 家本期没有件数" in view.caption
    assert "H99" not in {peer.key for peer in view.peers}


def test_too_few_institutions_get_no_limits():
    view = funnel_of("率", county()[: LEAST_UNITS - 1], better="lower")
    assert view.why_none == f"有数值的机构不足 {LEAST_UNITS} 家,不画控制限"
    assert not funnel_of("率", county()[:LEAST_UNITS], better="lower").why_none


def test_one_size_for_all_is_drawn_too():
    assert len(funnel_of("率", county(), better="lower").curve) == 1


def test_labels_are_limited_and_the_list_holds_all():
    far = [Unit(f"P{n}", f"药店{n}", D(99), D(100 + n)) for n in range(NAMED + 3)]
    units = [Unit(f"H{n:03d}", str(n), D(50), D(100)) for n in range(200)]
    view = funnel_of("率", [*units, *far], better="lower")
    assert len(view.outside) == NAMED + 3
    # These lie so close that their names would cover each other; the larger one of each bunch is named.
    assert 1 <= len(view.named) < NAMED
    apart = [
        Unit("P1", "甲", D(90), D(100)),
        Unit("P2", "乙", D(380), D(400)),
        Unit("P3", "丙", D(99), D(110)),
    ]
    assert [peer.name for peer in funnel_of("率", [*units, *apart], better="lower").named] == ["乙", "丙"]
    assert "等 11 家" in view.text
    rows = outside_rows(view)
    assert rows.column("fixmedins_code").to_pylist() == sorted(unit.key for unit in far)


def test_labels_do_not_lie_over_one_another():
    units = [Unit(f"H{n:03d}", str(n), D(20), D(100 + n)) for n in range(200)]
    low = [Unit(f"P{n}", f"药店{n}", D(0), D(250 + n)) for n in range(3)]
    view = funnel_of("率", [*units, *low, Unit("P9", "高值药店", D(90), D(100))], better="lower", own="P0")
    assert [peer.key for peer in view.outside] == ["P0", "P1", "P2", "P9"]
    assert labels(view) == {"P0", "P9"}
    rows = {row["键"]: row for row in records(funnel_chart(view).to_dict()) if "键" in row}
    assert (rows["P0"]["侧"], rows["P9"]["侧"], rows["P1"]["名"]) == ("right", "left", "")


def ratio(kpi, number, pairs):
    return [
        number(kpi, None if not whole else str(D(part) * 100 / D(whole)), by="fixmedins_code", key=key,
               numerator=D(part), denominator=D(whole))
        for key, part, whole in pairs
    ]  # fmt: skip


def test_a_kpi_by_institution(kpi, number):
    counted = kpi(better="higher")
    pairs = [(f"H{n}", "5", "10") for n in range(9)] + [("H9", "0", "40"), (None, "1", "2")]
    view = funnel_of_kpi(counted, ratio(counted, number, pairs), {"H9": "城关医院"}, size_label="检查次数")
    assert view.size_label == "检查次数"
    assert len(view.peers) == 10
    far = view.peers[-1]
    assert (far.name, far.position, far.meaning) == ("城关医院", Position.BELOW_998, "concern")


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([(f"H{n}", "5.00", "10.00") for n in range(9)], "按金额计算的比率不画控制限"),
        ([(f"H{n}", "12", "10") for n in range(9)], "分子可以超过分母,不画控制限"),
        ([], "本期没有按机构的数值"),
    ],
)
def test_where_limits_would_mislead_the_reason_stands_in_their_place(kpi, number, pairs, why):
    counted = kpi()
    view = funnel_of_kpi(counted, ratio(counted, number, pairs), {})
    assert view.why_none == why
    assert view.title == f"覆盖率:{why}"


def test_amounts_and_counts_are_no_ratio(kpi, number):
    amount = kpi(unit="元")
    assert funnel_of_kpi(amount, [number(amount, "5", key="H1")], {}).why_none == "不是比率,不画控制限"
