"""Coordinates of three systems, and the outline a home draws its map on."""

from __future__ import annotations

import json

import pytest

from fundwatch import geo
from fundwatch.errors import UserError
from fundwatch.home import Home

SQUARE = [[100.0, 30.0], [100.2, 30.0], [100.2, 30.2], [100.0, 30.2], [100.0, 30.0]]
HOLE = [[100.05, 30.05], [100.1, 30.05], [100.1, 30.1], [100.05, 30.1], [100.05, 30.05]]


def outline_of(*features, **more) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def feature(*rings, code="1", name="甲镇") -> dict:
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "properties": {"town_code": code, "town_name": name}, "geometry": geometry}


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home").ensure()


def own_outline(home: Home, text: str) -> None:
    (home.state / "outline.geojson").write_text(text, encoding="utf-8")


def test_wgs84_stays_as_it_is():
    assert geo.to_wgs84(103.78, 39.6, "WGS84") == (103.78, 39.6)


def test_gcj02_and_bd09_come_back_to_the_same_place_within_a_metre():
    """The point 103.78 E 39.60 N as the two map services of China print it."""
    for longitude, latitude, system in (
        (103.78270024127337, 39.60088257055924, "GCJ02"),
        (103.78912779760951, 39.60707501590823, "BD09"),
    ):
        east, north = geo.to_wgs84(longitude, latitude, system)
        assert abs(east - 103.78) < 1e-5
        assert abs(north - 39.60) < 1e-5


def test_unknown_system_is_refused():
    with pytest.raises(UserError, match="CGCS2000"):
        geo.to_wgs84(103.78, 39.6, "CGCS2000")


def test_shipped_outline_is_the_countys(home):
    outline = geo.read_outline(home, "999001")
    assert outline.source == "outline_999001.geojson"
    assert len(outline.areas) == 32
    assert all(outline.contains(area.middle) for area in outline.areas)


def test_shipped_outline_is_turned_into_wgs84(home):
    """GCJ-02 lies about 300 m east of WGS-84 here; drawn without turning, points would leave their town."""
    west, *_ = geo.read_outline(home, "999001").bounds
    assert 103.4150 < west < 103.4180


def test_own_outline_of_the_home_wins(home):
    own_outline(home, outline_of(feature(SQUARE), coord_sys="WGS84"))
    outline = geo.read_outline(home, "999001")
    assert outline.source == "outline.geojson"
    assert outline.bounds == (100.0, 30.0, 100.2, 30.2)


def test_county_without_an_outline_has_none(home):
    assert geo.read_outline(home, "123456") is None


def test_replaced_outline_is_read_again(home):
    own_outline(home, outline_of(feature(SQUARE, name="甲镇"), coord_sys="WGS84"))
    assert geo.read_outline(home, "1").areas[0].name == "甲镇"
    own_outline(home, outline_of(feature(SQUARE, name="乙镇乙镇"), coord_sys="WGS84"))
    assert geo.read_outline(home, "1").areas[0].name == "乙镇乙镇"


def test_a_hole_is_outside_and_the_middle_of_a_square_is_its_middle(home):
    own_outline(home, outline_of(feature(SQUARE, HOLE), coord_sys="WGS84"))
    area = geo.read_outline(home, "1").areas[0]
    assert area.contains((100.15, 30.15))
    assert not area.contains((100.07, 30.07))
    assert not area.contains((100.3, 30.1))
    assert area.middle == pytest.approx((100.1, 30.1))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("not json", "不是 JSON"),
        ('{"type": "FeatureCollection"}', "features"),
        (outline_of(), "没有任何区域"),
        (outline_of(feature(SQUARE[:-1]), coord_sys="WGS84"), "没有闭合"),
        (outline_of({"geometry": {"type": "Point", "coordinates": [1, 2]}}), "Point"),
        (outline_of(feature(SQUARE), coord_sys="XIAN80"), "XIAN80"),
    ],
)
def test_a_file_that_is_no_outline_is_refused_with_the_reason(home, text, why):
    own_outline(home, text)
    with pytest.raises(UserError, match=why):
        geo.read_outline(home, "1")
