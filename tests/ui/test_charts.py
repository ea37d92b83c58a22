"""Charts: what stands in the specification that the browser draws."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from fundwatch.ui.charts import BAR_HEIGHT, Bar, Mark, Point, bars, trend, trend_in_words

POINTS = [
    Point("2024-04", D("50.1"), last_year=D("40")),
    Point("2024-05", None),
    Point("2024-06", D("62.4"), whole=False, last_year=D("54.3")),
]


def records(spec: dict) -> list[dict]:
    return [row for rows in spec["datasets"].values() for row in rows]


def types(spec: object) -> set[str]:
    """Every declared field type below a specification."""
    if isinstance(spec, dict):
        own = {spec["type"]} if isinstance(spec.get("type"), str) and "field" in spec else set()
        return own.union(*(types(value) for value in spec.values()))
    if isinstance(spec, list):
        return set().union(*(types(value) for value in spec))
    return set()


def test_partial_month_is_named_and_a_missing_one_is_a_gap():
    rows = [row for row in records(trend(POINTS, "%").to_dict()) if "标注" in row]
    assert [row["标注"] for row in rows] == ["", "", "不完整"]
    assert [row["本期"] for row in rows] == [50.1, None, 62.4]


def test_target_last_year_and_events_are_drawn_when_given():
    plain = trend([Point("2024-04", D(1)), Point("2024-05", D(2))], "%").to_dict()
    full = trend(POINTS, "%", target=D(100), marks=[Mark(dt.date(2024, 5, 1), "政策调整")]).to_dict()
    assert len(full["layer"]) == len(plain["layer"]) + 5
    assert any(row.get("字") == "政策调整" for row in records(full))
    assert any(row.get("字") == "目标 100%" for row in records(full))


def test_values_are_quantities_never_names():
    assert types(trend(POINTS, "%", target=D(100)).to_dict()) <= {"quantitative", "temporal", "nominal"}
    spec = bars([Bar("甲", D("1.5")), Bar("乙", D("2"))], "万元").to_dict()
    (across,) = {layer["encoding"]["x"]["type"] for layer in spec["layer"]}
    assert across == "quantitative"


def test_bars_begin_at_zero_are_sorted_and_high_enough_to_name():
    spec = bars([Bar("甲", D("1.5"), "H1"), Bar("乙", D("2"), "H2")] * 10, "万元").to_dict()
    encoding = spec["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["zero"] is True
    assert encoding["y"]["sort"] == "-x"
    assert BAR_HEIGHT >= 22
    assert spec["height"] >= 20 * BAR_HEIGHT


def test_tooltips_show_rounded_words_with_unit():
    rows = [
        row
        for row in records(trend([Point("2024-04", D("354.991692"))], "万元", decimals=2).to_dict())
        if "提示" in row
    ]
    assert rows[0]["提示"] == "354.99 万元"


def test_text_alternative_names_first_last_lowest_and_highest():
    words = trend_in_words(POINTS, "%")
    assert words == "从2024年4月 50.1 %到2024年6月 62.4 %;最低2024年4月 50.1 %,最高2024年6月 62.4 %。"
    assert trend_in_words([Point("2024-04", None)], "%") == "没有可以画出的月份。"


def test_chart_fetches_nothing_from_elsewhere():
    assert "://" not in str({k: v for k, v in trend(POINTS, "%").to_dict().items() if k != "$schema"})
