"""机构地图: who is drawn where, in which step, what is listed instead of drawn, and who may see it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from county import new_home, put, run_build
from homes import copy_home
from signed_in import screen_of, texts

from fundwatch.access import STAFF, Role
from fundwatch.geo import read_outline
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, declarations, evaluate
from fundwatch.screens.map import Drawn, Shade, kpi_words, kpis_of_institutions, map_view, whole_months
from fundwatch.screens.map_words import finding, months_words, off_map_words
from fundwatch.screens.scale import scale_of
from fundwatch.settings import Settings
from fundwatch.ui import deck
from fundwatch.warehouse import open_warehouse

PATH = "pages/map/institutions.py"
COVERAGE, FOUND, DUE = (
    declarations()[name] for name in ("inspection_coverage", "problem_found_rate", "breach_due")
)


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture
def outline(demo_home):
    return read_outline(demo_home, "999001")


def institution(code: str, **changes) -> dict:
    """A row of map_institutions.sql in the middle of the demo county."""
    row = {
        "fixmedins_code": code, "fixmedins_name": f"机构{code}", "fixmedins_type": "1", "level_class": "一级", "hosp_lv": "08",
        "medins_natu": "1", "town_code": "999001001", "town_name": "示城镇", "lnt": 103.79, "lat": 39.59, "coord_sys": "GCJ02",
        "agreement_state": "有效", "fund_pay_sumamt": Decimal("1000.00"),
    }  # fmt: skip
    return {**row, **changes}


def value(kpi, code: str, numerator: str, denominator: str | None, result: str | None) -> KpiValue:
    return KpiValue(
        kpi.id, dt.date(2026, 1, 1), dt.date(2026, 6, 30), "fixmedins_code", code, Decimal(numerator),
        None if denominator is None else Decimal(denominator), None if result is None else Decimal(result), kpi.unit, None,
        dt.date(2026, 6, 30),
    )  # fmt: skip


def test_a_point_outside_the_county_or_without_coordinates_is_listed_and_not_drawn(outline):
    rows = [
        institution("H1"),
        institution("H2", lnt=116.4, lat=39.9),
        institution("H3", lnt=None, lat=None),
        institution("H4", lnt=39.59, lat=103.79),
    ]
    view = map_view(COVERAGE, rows, [], outline)
    assert [spot.drawn for spot in view.spots] == [
        Drawn.DRAWN, Drawn.OUTSIDE, Drawn.NO_PLACE, Drawn.BAD_PLACE,
    ]  # fmt: skip
    assert [spot.code for spot in view.on_map] == ["H1"]
    assert off_map_words(view) == "未在图上绘出 3 家:坐标在县界外 1 家、没有坐标 1 家、坐标无效 1 家。"


def test_without_an_outline_nothing_can_be_outside():
    view = map_view(COVERAGE, [institution("H1", lnt=116.4, lat=39.9)], [], None)
    assert view.spots[0].drawn is Drawn.DRAWN


def test_coverage_is_a_word_for_each_institution(outline):
    rows = [institution("H1"), institution("H2"), institution("H3", agreement_state="无有效协议")]
    values = [value(COVERAGE, "H1", "1", "1", "100"), value(COVERAGE, "H2", "0", "1", "0")]
    view = map_view(COVERAGE, rows, values, outline)
    assert [spot.shown for spot in view.spots] == ["已检查", "未检查", "不在统计范围"]
    assert [spot.shade for spot in view.spots] == [Shade.YES, Shade.NO, Shade.NONE]
    assert (
        finding(COVERAGE, view, "2026年1-6月")
        == "2026年1-6月,3 家机构中,1 家已检查,1 家未检查,另有 1 家不在统计范围。"
    )


def test_checked_and_unchecked_differ_in_more_than_one_hue():
    """Light with a grey line against solid: readable in grey print."""
    assert deck.look(Shade.YES, 0)[0] != deck.look(Shade.NO, 0)[0]
    assert deck.look(Shade.NONE, 0)[0] is None


def test_percentages_have_five_fixed_steps_with_words():
    scale = scale_of([Decimal(0), Decimal(55), Decimal(100)], FOUND)
    assert len(scale.words) == 5
    assert scale.words[0] == "很低 20%及以下"
    assert scale.words[4] == "很高 80%以上"
    assert [scale.step(Decimal(number)) for number in ("20", "20.01", "80", "100")] == [0, 1, 3, 4]


def test_amounts_have_steps_at_round_edges():
    scale = scale_of([Decimal(amount) for amount in ("1234.56", "5000", "20000", "31000", "99000")], DUE)
    assert scale.edges == (Decimal("5.0e3"), Decimal("2.0e4"), Decimal("3.1e4"))
    assert scale.words[0] == "低 0.50 万元及以下"


def test_equal_values_make_one_step():
    assert scale_of([Decimal(7), Decimal(7)], DUE).words == ("都是 7.00 元",)


def test_strong_colour_only_outside_the_limits_of_its_level(outline):
    rows = [institution(f"H{number}") for number in range(12)]
    values = [value(FOUND, f"H{number}", "50", "100", "50") for number in range(11)]
    values.append(value(FOUND, "H11", "99", "100", "99"))
    view = map_view(FOUND, rows, values, outline)
    assert [spot.code for spot in view.spots if spot.shade is Shade.LEAD] == ["H11"]
    assert "1 家超出同级别机构的 99.8% 控制限" in finding(FOUND, view, "2026年")
    assert "疑点,未核实" in finding(FOUND, view, "2026年")


def test_an_institution_alone_in_its_level_stands_out_from_nobody(outline):
    rows = [institution("H1", level_class="三级"), institution("H2")]
    values = [value(FOUND, "H1", "100", "100", "100"), value(FOUND, "H2", "0", "100", "0")]
    assert map_view(FOUND, rows, values, outline).count(Shade.LEAD) == 0


def test_money_is_not_judged_by_limits_made_for_counts(outline):
    kpi = declarations()["recovery_rate"]
    rows = [institution(f"H{number}") for number in range(12)]
    values = [value(kpi, f"H{number}", "50.00", "100.00", "50") for number in range(11)]
    values.append(value(kpi, "H11", "0.00", "100.00", "0"))
    view = map_view(kpi, rows, values, outline)
    assert not view.limits_used
    assert view.count(Shade.LEAD) == 0


def test_circle_area_follows_the_fund_paid(outline):
    rows = [institution("H1", fund_pay_sumamt=Decimal("400.00")), institution("H2", fund_pay_sumamt=Decimal("100.00")),
            institution("H3", fund_pay_sumamt=None)]  # fmt: skip
    made = json.loads(deck.institutions_deck(map_view(COVERAGE, rows, [], outline), outline, deck.WIDE))
    circles = {
        one["code"]: one
        for layer in made["layers"]
        if layer["id"] == deck.INSTITUTIONS
        for one in layer["data"]
    }
    assert circles["H1"]["radius"] == 2 * circles["H2"]["radius"]
    assert circles["H3"]["radius"] == deck.SMALLEST
    assert circles["H1"]["tip"].splitlines()[0] == "机构H1"


def test_the_deck_asks_no_tile_server(outline):
    text = deck.institutions_deck(map_view(COVERAGE, [institution("H1")], [], outline), outline, deck.WIDE)
    made = json.loads(text)
    assert "http" not in text
    # this word switches the basemap off; an empty or missing one asks a server
    assert made["mapStyle"] == "__MAP_STYLE__"
    assert "mapProvider" not in made


def test_the_county_fits_into_the_room(outline):
    wide, narrow = deck.zoom(outline.bounds, deck.WIDE), deck.zoom(outline.bounds, deck.NARROW)
    assert narrow < wide < 10


def test_whole_months_only():
    months = whole_months(dt.date(2026, 1, 1), dt.date(2026, 3, 30))
    assert months == ["2026-01", "2026-02"]
    assert months_words(months) == "2026年1月至2026年2月"
    assert whole_months(dt.date(2026, 3, 2), dt.date(2026, 3, 31)) == []
    assert months_words([]) == "期间内没有完整的月份"


def test_low_percentages_do_not_end_up_in_one_colour():
    """Rejection rates from 0.1 to 1 %: steps of 20 points would make one of them, fifths make five."""
    kpi = declarations()["rejection_rate"]
    scale = scale_of([Decimal(tenth) / 10 for tenth in range(1, 11)], kpi)
    assert scale.edges == tuple(Decimal(edge) for edge in ("0.3", "0.5", "0.7", "0.9"))
    assert scale.words[0] == "很低 0.3%及以下"


def test_percentages_keep_their_fixed_steps_while_one_in_ten_lies_elsewhere():
    kpi = declarations()["rejection_rate"]
    scale = scale_of([*(Decimal(tenth) / 10 for tenth in range(1, 10)), Decimal(50)], kpi)
    assert scale.edges[0] == 20


def test_percentages_that_are_nearly_all_complete_keep_their_fixed_steps():
    scale = scale_of([Decimal(100)] * 99 + [Decimal(99)], FOUND)
    assert scale.edges[-1] == 80


def test_the_sentence_tells_how_values_spread_and_names_nobody(outline):
    """Ten institutions with 1 to 10 %: five of them reach at most 5 %, nine at most 9 %."""
    kpi = declarations()["rejection_rate"]
    rows = [institution(f"H{number}") for number in range(1, 11)]
    values = [value(kpi, f"H{n}", f"{n}.00", "100.00", str(n)) for n in range(1, 11)]
    assert finding(kpi, map_view(kpi, rows, values, outline), "2026年") == (
        "2026年,10 家机构中,10 家有“审核拒付率”数值,一半不超过 5.00%、九成不超过 9.00%。"
    )


def test_no_amount_is_zero_yuan_and_not_zero_ten_thousand():
    scale = scale_of([Decimal(0)] * 3 + [Decimal(20000), Decimal(30000)], DUE)
    assert scale.words[0] == "低 0 元"


def test_without_data_nobody_is_said_not_to_be_covered(outline):
    kpi = declarations()["handled_institutions"]
    view = map_view(kpi, [institution("H1")], [], outline, "未载入数据:“处理台账”表从未载入")
    assert view.spots[0].shade is Shade.NONE
    assert finding(kpi, view, "2026年") == (
        "2026年,1 家机构都没有“处理机构数”数值(未载入数据:“处理台账”表从未载入)。"
    )


def test_the_chooser_goes_through_the_loop_part_by_part():
    words = list(kpi_words().values())
    groups = [one.split(" · ")[0] for one in words]
    assert list(dict.fromkeys(groups)) == ["协议检查", "事前提醒", "事中审核", "事后监管", "基金运行"]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)
    assert len(words) == len(kpis_of_institutions()) == len(set(words))


@pytest.mark.parametrize("kpi", list(kpis_of_institutions().values()), ids=lambda kpi: kpi.id)
def test_every_kpi_of_institutions_has_words_marks_and_hollow_points(demo_home, outline, kpi):
    """On the demo: a value is a step, a yes or a no; without one the point is hollow; the scale has at most five steps."""
    start, end = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    house = open_warehouse(demo_home)
    codes = house.query("select fixmedins_code from dim_institution where vali_flag = '1'").to_pylist()
    found = evaluate(house, Settings(demo_home), (kpi.id,), start, end, "fixmedins_code", {})
    values = {one.key: one.value for one in found}
    view = map_view(kpi, [institution(row["fixmedins_code"]) for row in codes], found, outline)
    assert len(view.spots) == len(codes)
    assert view.scale is None or 1 <= len(view.scale.words) == len(view.scale.edges) + 1 <= 5
    for spot in view.spots:
        hollow = deck.look(spot.shade, 0)[0] is None
        assert spot.shown
        if values.get(spot.code) is None and kpi.unit != "家":
            assert hollow
        else:
            assert not hollow
        if spot.shade is Shade.STEP:
            assert spot.value == values[spot.code]
            assert 0 <= spot.step < len(view.scale.words)


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_map_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["机构地图"] if role in STAFF else ["没有查看权限"])
    assert bool(app.get("deck_gl_json_chart")) == (role in STAFF)


@pytest.mark.parametrize(
    "kpi", ["inspection_coverage", "problem_found_rate", "recovery_rate", "breach_due", "over_frequency"]
)
def test_any_kpi_of_institutions_colours_the_map(demo, kpi):
    app = screen_of(demo, PATH, Role.ANALYST, kpi=kpi)
    assert not app.exception
    assert app.get("deck_gl_json_chart")
    assert declarations()[kpi].label in texts(app)


def test_every_institution_is_in_the_list_drawn_or_not(demo):
    app = screen_of(demo, PATH, Role.ANALYST)
    words = texts(app)
    assert "共 347 行" in words
    assert set(app.dataframe[-1].value["图上位置"]) <= {"已绘出", "没有坐标", "坐标在县界外"}


def test_filters_of_the_address_cut_map_and_list_alike(demo):
    app = screen_of(demo, PATH, Role.ANALYST, town_code="999001002")
    made = json.loads(app.get("deck_gl_json_chart")[0].proto.json)
    circles = next(layer["data"] for layer in made["layers"] if layer["id"] == deck.INSTITUTIONS)
    assert len(circles) == len(app.dataframe[-1].value)
    assert set(app.dataframe[-1].value["乡镇"]) == {"青禾镇"}


def test_a_filter_that_empties_the_map_can_be_loosened(demo):
    app = screen_of(demo, PATH, Role.ANALYST, fixmedins_type="2", level_class="三级")
    assert not app.exception
    assert not app.get("deck_gl_json_chart")
    assert "没有符合条件的机构" in texts(app)
    assert {"取消“机构类别:定点零售药店”", "取消“级别:三级”"} <= {button.label for button in app.button}


def test_a_filter_that_somebody_wrote_into_a_link_is_shown_as_text(demo):
    app = screen_of(demo, PATH, Role.ANALYST, town_code="[a](javascript:alert(1))", part="nothing")
    assert not app.exception
    assert "没有符合条件的机构" in texts(app)
    assert not [one for one in (*app.markdown, *app.caption) if "[a](" in one.value]


def test_without_an_outline_the_points_are_drawn_and_the_screen_says_so(demo_home, tmp_path, monkeypatch):
    home = type(demo_home)(tmp_path / "home")
    copy_home(demo_home.root, home.root)
    (home.state / "outline.geojson").write_text("{}", encoding="utf-8")
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    app = screen_of(home, PATH, Role.ANALYST)
    assert not app.exception
    assert "县界文件 outline.geojson 不能用" in texts(app)
    assert app.get("deck_gl_json_chart")


def test_institutions_without_coordinates_are_listed_beside_an_empty_outline(county, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(county.root))
    app = screen_of(county, PATH, Role.ANALYST)
    assert not app.exception
    assert set(app.dataframe[-1].value["图上位置"]) == {"没有坐标"}


def test_a_county_with_totals_only_is_told_which_table_the_map_needs(tmp_path, monkeypatch):
    home = new_home(tmp_path / "home")
    put(
        home,
        "fund_ledger",
        {"month": "2021-01", "insutype": "310", "direction": "收入", "category": "缴费", "amt": "1.00"},
    )
    run_build(home)
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    app = screen_of(home, PATH, Role.ANALYST)
    assert not app.exception
    assert "还没有可以画在图上的机构" in texts(app)
    assert "fixmedins_b" in texts(app)
    assert not app.get("deck_gl_json_chart")
