"""The control chart: special months coloured only where a direction says what they mean, unfinished months hollow, limits said."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest
from signed_in import screen_of, texts
from test_charts import records

from fundwatch.access import Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.screens.control import PARTIAL, UNRIPE, Event, control_rows, control_view
from fundwatch.screens.series import Months, is_whole, series_of
from fundwatch.ui.charts import ACCENT, ATTENTION, GOOD
from fundwatch.ui.control import control_chart
from fundwatch.ui.specs import kept

CALM = [55, 65] * 6


def made(kpi, number, values, *, view=(), **changes):
    """The view of a monthly KPI from January 2023 on."""
    declared = kpi(**{"month_split": "rows", "dimensions": ["month"], **changes})
    given = [
        number(declared, None if value is None else str(value), key=f"{2023 + n // 12}-{n % 12 + 1:02d}", denominator=D(50))
        for n, value in enumerate(values)
    ]  # fmt: skip
    last = len(values) - 1
    end = dt.date(2023 + last // 12, last % 12 + 1, 28)
    series = series_of(
        declared,
        given,
        Months(dt.date(2023, 1, 1), end),
        first=None,
        **{"target": None, **dict(view and view[0])},
    )
    return control_view(declared, series, **(view[1] if len(view) > 1 else {}))


def fills(view) -> list[str]:
    return [row["填"] for row in records(control_chart(view).to_dict()) if "填" in row]


@pytest.mark.parametrize(("better", "colour"), [("higher", ATTENTION), ("lower", GOOD), ("neither", ACCENT)])
def test_a_special_month_has_the_colour_of_its_meaning(kpi, number, better, colour):
    view = made(kpi, number, [*CALM, 20], better=better)
    assert fills(view) == [ACCENT] * 12 + [colour]
    assert view.months[-1].note.endswith("超出控制限")


def test_title_says_value_change_and_target(kpi, number):
    view = made(kpi, number, [*CALM, 20], view=({"target": "90"}, {"target": "90"}))
    assert view.title == "覆盖率:2024年1月 20.0%,关注:超出控制限;对目标稳定不达标"
    assert view.target_words == "目标 90%"
    assert "异常月份:2024年1月(关注:超出控制限)" in view.text


def test_limits_are_those_of_the_worked_example(kpi, number):
    # the published example of NHSRplotthedots, with screening: mean 1.94, limits 4.60 and below 0
    view = made(kpi, number, [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], unit="件")
    stretch = view.stretches[0]
    assert (round(stretch.mean, 2), round(stretch.upper, 2)) == (D("1.94"), D("4.60"))
    assert stretch.lower is None  # no month can have fewer than no cases
    assert view.caption == "均值 2件,上控制限 5件。"


def test_few_months_are_said_to_give_trial_limits(kpi, number):
    view = made(kpi, number, CALM[:6])
    assert view.stretches[0].is_trial
    assert "不足 12 个月,控制限为试用限" in view.caption
    assert "(试用限)" in view.text


def test_a_month_that_the_data_do_not_hold_wholly_is_hollow_and_says_so(kpi, number):
    view = made(kpi, number, CALM, view=({}, {"partial": ("2024-01", D(10))}))
    assert (view.months[-1].note, view.months[-1].value) == (PARTIAL, 10)
    assert fills(view)[-1] == "#FFFFFF"
    assert view.title.startswith("覆盖率:2023年12月 65.0%")
    assert "2024年1月数据不完整" in view.caption
    words = [row["说明"] for row in records(control_chart(view).to_dict()) if row.get("空心")]
    assert words == ["不完整"]


def test_a_month_still_being_dealt_with_is_hollow_too(kpi, number):
    view = made(kpi, number, [*CALM, 20], view=({"known_to": dt.date(2024, 1, 31)},), id="recovery_rate")
    assert [month.note for month in view.months][-1] == UNRIPE
    assert view.title.startswith("覆盖率:2023年12月")


def test_events_are_numbered_and_those_outside_the_months_left_out(kpi, number):
    events = [Event("2023-09", "规则库更新"), Event("2023-02", "专项整治"), Event("2019-01", "以前")]
    anew = {"rebase": {"2023-07": "检查方式改变"}}
    view = made(kpi, number, CALM, view=(anew, {"events": events}))
    assert view.event_words == (
        "事件:① 2023年2月 专项整治;② 2023年7月 重新计算控制限:检查方式改变;③ 2023年9月 规则库更新。"
    )
    assert "2023年7月起重新计算:检查方式改变" in view.caption
    signs = [row["号"] for row in records(control_chart(view).to_dict()) if "号" in row]
    assert signs == ["①", "②", "③"]
    assert len(view.stretches) == 2


def test_what_is_not_judged_is_drawn_without_limits_and_says_why(kpi, number):
    view = made(kpi, number, range(12), month_split="restate")
    assert view.stretches == ()
    assert view.why_no_limits == "累计指标,不作波动判断"
    assert fills(view) == [ACCENT] * 12


def test_money_is_drawn_in_wan(kpi, number):
    view = made(kpi, number, [20000 + n for n in range(12)], unit="元")
    assert (view.unit, view.months[0].value) == ("万元", 2)
    assert "元" in view.title


def test_the_list_behind_the_chart_has_every_month_newest_first(kpi, number):
    rows = control_rows(made(kpi, number, [*CALM, None, 30])).to_pylist()
    assert len(rows) == 14
    assert (rows[0]["month"], rows[0]["value"]) == ("2024年2月", 30)
    assert rows[1]["value"] is None


def test_months_before_the_first_value_and_an_axis_of_one_number_are_avoided(kpi, number):
    view = made(kpi, number, [None, None, 100, 100])
    assert [one.month for one in view.months] == ["2023-03", "2023-04"]
    assert made(kpi, number, [100, 100, 100]).stretches[0].mean == 100
    few = made(kpi, number, [100])
    scales = [
        layer["encoding"]["y"]["scale"]
        for layer in control_chart(few).to_dict()["layer"]
        if "scale" in layer["encoding"].get("y", {})
    ]
    assert {"domain": [90.0, 110.0], "nice": False} in scales


def test_the_same_view_is_built_once_and_what_is_handed_out_may_be_changed(kpi, number):
    built = []

    def build(view):
        built.append(view)
        return control_chart(view)

    first = kept(build, made(kpi, number, CALM))
    before = str(first)
    first.clear()
    assert str(kept(build, made(kpi, number, CALM))) == before
    assert len(built) == 1
    kept(build, made(kpi, number, [*CALM, 61]))
    assert len(built) == 2


def test_the_list_of_a_kpi_shows_its_months(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    app = screen_of(demo_home, "pages/drill/kpi_rows.py", Role.ANALYST, kpi="record_sheet_rate")
    assert not app.exception
    assert "检查文书完整率:2026年10月" in texts(app)
    for kpi in ("benefit_amount", "fund_outlay", "inspection_coverage", "recovery_rate"):
        assert not screen_of(demo_home, "pages/drill/kpi_rows.py", Role.ANALYST, kpi=kpi).exception


def test_two_months_are_no_line(kpi, number):
    assert not made(kpi, number, [None, 60, 61]).can_draw
    assert made(kpi, number, [60, 61, 62]).can_draw


@pytest.mark.parametrize(
    ("month", "whole"),
    [
        ("2024-01", False),  # the period begins on the 10th
        ("2024-02", True),
        ("2024-05", True),  # over on the day of loading
        ("2024-06", False),  # still running when the data were loaded
        ("2024-07", False),  # beyond the period
    ],
)
def test_a_month_is_whole_inside_the_period_and_over_when_loaded(month, whole):
    span = dt.date(2024, 1, 10), dt.date(2024, 6, 30)
    assert is_whole(month, *span, dt.date(2024, 6, 29)) is whole


def test_the_split_by_month_marks_the_month_that_the_period_cuts(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    query = {"kpi": "record_sheet_rate", "by": "month", "from": "2026-03-01", "to": "2026-10-15"}
    app = screen_of(demo_home, "pages/drill/kpi_rows.py", Role.ANALYST, **query)
    assert not app.exception
    marked = [
        chart
        for chart in app.get("vega_lite_chart")
        if any("不完整".encode() in data.data.data for data in chart.proto.datasets)
    ]
    assert len(marked) == 2  # the control chart and the split
    assert "2026年10月数据不完整" in texts(app)
