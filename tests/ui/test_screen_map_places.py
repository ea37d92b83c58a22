"""机构地图, planning: what towns have for their people, and institutions that stand close together."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from county import new_home, put, run_build
from signed_in import screen_of, texts
from test_screen_map import PATH, institution

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import declarations
from fundwatch.screens import clusters, density
from fundwatch.screens.density import MEASURES
from fundwatch.screens.map import Shade, map_view
from fundwatch.ui import deck

COVERAGE = declarations()["inspection_coverage"]
#: a metre at 39.59° north, in degrees
EAST, NORTH = 1 / 85_909.0, 1 / 111_030.0


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def town(code: str, people: int | None, **counts) -> dict:
    """A row of map_towns.sql."""
    row = {"town_code": code, "town_name": f"{code}镇", "population": people, "institution_cnt": 0, "medical_cnt": 0,
           "hospital_cnt": 0, "pharmacy_cnt": 0, "bed_cnt": None, "bed_known_cnt": 0}  # fmt: skip
    return {**row, **counts}


def stands(code: str, east: float = 0, north: float = 0, **changes) -> dict:
    """An institution so many metres east and north of 103.79, 39.59 (WGS-84)."""
    place = {"lnt": 103.79 + east * EAST, "lat": 39.59 + north * NORTH, "coord_sys": "WGS84"}
    return institution(code, **{**place, **changes})


def found_in(rows: list[dict], limit: int) -> clusters.Clusters:
    return clusters.clusters_of(map_view(COVERAGE, rows, [], None), limit)


def test_density_is_the_count_per_ten_thousand_people():
    """3 pharmacies for 20,000 are 1.5; 1 for 30,000 is 0.33; together 4 for 50,000 are 0.8."""
    found = density.density(
        MEASURES["pharmacy"], [town("甲", 20_000, pharmacy_cnt=3), town("乙", 30_000, pharmacy_cnt=1)]
    )
    assert [row["value"] for row in found.towns] == [Decimal("1.50"), Decimal("0.33")]
    assert density.finding(found) == (
        "每万人口定点零售药店,甲镇最多(1.50 家),乙镇最少(0.33 家);各乡镇平均 0.80 家(按人口)。"
    )


def test_a_town_without_any_is_said_and_is_not_the_fewest():
    rows = [
        town("甲", 20_000, pharmacy_cnt=3),
        town("乙", 30_000, pharmacy_cnt=1),
        town("丙", 10_000, medical_cnt=1),
    ]
    found = density.density(MEASURES["pharmacy"], rows)
    assert "其余乙镇最少(0.33 家),1 个乡镇没有;各乡镇平均 0.67 家(按人口)" in density.finding(found)
    assert density.gaps(found) == ["没有定点零售药店的乡镇 1 个:丙镇。"]
    assert found.towns[2]["note"] == "没有"


@pytest.mark.parametrize("people", [None, 0])
def test_a_town_without_population_is_said_and_left_out_of_the_whole(people):
    rows = [town("甲", 20_000, institution_cnt=4), town("乙", people, institution_cnt=9)]
    found = density.density(MEASURES["all"], rows)
    assert found.towns[1]["value"] is None
    assert found.whole == Decimal("2.00")
    assert density.gaps(found) == ["没有人口数、不能计算的乡镇 1 个:乙镇。"]


def test_institutions_without_a_town_are_counted_beside_the_towns():
    found = density.density(MEASURES["all"], [town("甲", 10_000, institution_cnt=1), {**town("", None), "town_code": None,
                                                                                     "institution_cnt": 6}])  # fmt: skip
    assert len(found.towns) == 1
    assert density.gaps(found) == ["6 家机构没有登记乡镇,不计入任何乡镇。"]


def test_beds_not_reported_are_not_zero_beds():
    rows = [
        town("甲", 10_000, medical_cnt=2, bed_cnt=50, bed_known_cnt=1),
        town("乙", 10_000, medical_cnt=2),
        town("丙", 10_000, pharmacy_cnt=1),
    ]
    found = density.density(MEASURES["beds"], rows)
    assert [row["value"] for row in found.towns] == [Decimal("50.00"), None, Decimal("0.00")]
    assert density.gaps(found) == ["没有床位的乡镇 1 个:丙镇。", "未填报床位、不能计算的乡镇 1 个:乙镇。"]


def test_without_population_anywhere_the_sentence_says_what_is_missing():
    found = density.density(MEASURES["all"], [town("甲", None, institution_cnt=3)])
    assert found.scale is None
    assert "常住人口" in density.finding(found)
    assert density.finding(density.density(MEASURES["beds"], [town("甲", 100)])) == (
        "1 个有人口数的乡镇都没有床位。"
    )


def test_none_is_white_unknown_is_grey_and_some_is_a_step():
    scale = density.density(
        MEASURES["all"], [town("甲", 10_000, institution_cnt=1), town("乙", 10_000, institution_cnt=5)]
    ).scale
    assert deck.town_colour(Decimal(0), scale) == deck.WHITE
    assert deck.town_colour(None, scale) == deck.UNKNOWN
    assert deck.town_colour(Decimal(5), scale) == deck.TOWN_STEPS[-1]
    assert len({deck.WHITE, deck.UNKNOWN, *deck.TOWN_STEPS}) == 7


def test_neighbours_up_to_the_limit_make_a_cluster():
    """A and B stand 99 m apart, C 101 m beyond B: at 100 m C is alone, at 102 m it belongs."""
    rows = [stands("A"), stands("B", east=99), stands("C", east=200)]
    found = found_in(rows, 100)
    assert [[member.spot.code for member in one.members] for one in found.clusters] == [["A", "B"]]
    wider = found_in(rows, 102)
    assert [member.spot.code for member in wider.clusters[0].members] == ["A", "B", "C"]
    assert [(row["nearest_name"], row["metres"]) for row in clusters.member_rows(wider)] == [
        ("机构B", 99), ("机构A", 99), ("机构B", 101),
    ]  # fmt: skip
    assert clusters.cluster_rows(wider)[0]["width"] == 200


def test_systems_of_coordinates_are_brought_together_first():
    """The same numbers in two systems are some 500 m apart, so they are no neighbours."""
    rows = [
        institution("A", coord_sys="GCJ02"),
        institution("B", coord_sys="GCJ02"),
        institution("C", coord_sys="WGS84"),
    ]
    found = found_in(rows, 100)
    assert [member.spot.code for member in found.clusters[0].members] == ["A", "B"]
    assert clusters.cluster_rows(found)[0]["least"] == 0


def test_who_has_no_agreement_or_no_place_takes_no_part_and_is_counted():
    rows = [stands("A"), stands("B", east=10, agreement_state="无有效协议"), stands("C", lnt=None, lat=None)]
    found = found_in(rows, 100)
    assert found.clusters == ()
    assert (found.taken, found.without_place, found.without_agreement) == (1, 1, 1)
    assert clusters.finding(found) == "1 家有协议、有坐标的机构中,没有两家相距在 100 米以内。"
    assert clusters.gaps(found) == ["1 家没有可用的坐标,不参加计算。", "1 家没有有效协议,不参加计算。"]


def test_the_largest_cluster_comes_first_and_the_sentence_names_its_town():
    rows = [stands("A"), stands("B", east=50), stands("X", north=5000, town_name="乙镇"),
            stands("Y", north=5050, town_name="乙镇"), stands("Z", north=5100, town_name="乙镇", fixmedins_type="2")]  # fmt: skip
    found = found_in(rows, 60)
    assert clusters.finding(found) == (
        "5 家有协议、有坐标的机构中,5 家聚集在 2 处(相邻不超过 60 米),最多的一处 3 家(乙镇)。"
    )
    first = clusters.cluster_rows(found)[0]
    assert (first["number"], first["members"], first["medical"], first["pharmacies"]) == (1, 3, 2, 1)


def test_members_are_solid_others_pale_and_those_left_out_hollow():
    rows = [
        stands("A"),
        stands("B", east=30),
        stands("C", east=900),
        stands("D", agreement_state="无有效协议"),
    ]
    view = map_view(COVERAGE, rows, [], None)
    made = clusters.drawn(view, clusters.clusters_of(view, 100))
    assert [spot.shade for spot in made.spots] == [Shade.NO, Shade.NO, Shade.YES, Shade.NONE]
    assert made.spots[0].shown == "聚集 1(2 家),距机构B 30 米"


@pytest.mark.parametrize("view", ["density", "cluster"])
@pytest.mark.parametrize("role", list(Role))
def test_staff_see_both_views_and_the_administrator_is_refused(demo, role, view):
    app = screen_of(demo, PATH, role, view=view)
    assert not app.exception
    assert bool(app.get("deck_gl_json_chart")) == (role in STAFF)
    assert bool(app.dataframe) == (role in STAFF)


@pytest.mark.parametrize("measure", list(MEASURES))
def test_each_measure_colours_the_towns_and_lists_them(demo, measure):
    app = screen_of(demo, PATH, Role.LEADER, view="density", measure=measure)
    assert not app.exception
    assert len(app.dataframe[0].value) == 32
    assert f"每万人口{MEASURES[measure].label}" in texts(app)
    layers = json.loads(app.get("deck_gl_json_chart")[0].proto.json)["layers"]
    towns = next(layer["data"]["features"] for layer in layers if layer["id"] == deck.TOWNS)
    assert len({tuple(one["properties"]["fill"]) for one in towns}) > 1


def test_clusters_follow_the_distance_in_the_address(demo):
    """The demo's pairs within 500 m are more than those within 100 m; an unknown distance falls back to the bureau's."""
    members = {}
    for distance in ("100", "500", "7"):
        app = screen_of(demo, PATH, Role.ANALYST, view="cluster", distance=distance)
        assert not app.exception
        members[distance] = len(app.dataframe[-1].value)
        assert (app.dataframe[-1].value["距离(米)"] <= (200 if distance == "7" else int(distance))).all()
    assert members["100"] < members["7"] < members["500"]


def test_one_cluster_can_be_looked_at_alone(demo):
    app = screen_of(demo, PATH, Role.ANALYST, view="cluster", distance="500")
    code = app.dataframe[-1].value["机构编号"].iloc[0]
    size = int(app.dataframe[0].value["机构(家)"].iloc[0])
    app = screen_of(demo, PATH, Role.ANALYST, view="cluster", distance="500", cluster=code)
    assert len(app.dataframe[-1].value) == size
    next(button for button in app.button if button.label == "看全部聚集").click().run()
    assert len(app.dataframe[-1].value) > size


def test_filters_hold_for_clusters_too(demo):
    app = screen_of(demo, PATH, Role.ANALYST, view="cluster", distance="500", fixmedins_type="2")
    assert set(app.dataframe[-1].value["机构类别"]) == {"定点零售药店"}


@pytest.mark.parametrize("view", ["density", "cluster"])
def test_without_coordinates_and_people_both_views_say_what_is_missing(county, monkeypatch, view):
    monkeypatch.setenv(HOME_VARIABLE, str(county.root))
    app = screen_of(county, PATH, Role.ANALYST, view=view)
    assert not app.exception
    assert ("常住人口" if view == "density" else "没有既有有效协议又有可用坐标的机构") in texts(app)


@pytest.mark.parametrize("view", ["density", "cluster"])
def test_a_county_with_totals_only_is_told_which_table_is_missing(tmp_path, monkeypatch, view):
    home = new_home(tmp_path / "home")
    put(
        home,
        "fund_ledger",
        {"month": "2021-01", "insutype": "310", "direction": "收入", "category": "缴费", "amt": "1.00"},
    )
    run_build(home)
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    app = screen_of(home, PATH, Role.ANALYST, view=view)
    assert not app.exception
    assert "fixmedins_b" in texts(app)
    assert not app.get("deck_gl_json_chart")
