"""Two counties on screen: a city looks at all or at one, a county's account meets nobody else's rows; one county sees none of it."""

from __future__ import annotations

import json

import pytest
from counties import FIRST, NAMES, SECOND
from seen import drawn, leaked
from signed_in import OWN_PASSWORD, screen_of, sheets, texts
from streamlit.testing.v1 import AppTest

from fundwatch.access import PAGES, Role, Sight
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.signin import SESSION
from fundwatch.warehouse import open_warehouse

MAP = "pages/map/institutions.py"
DAYS = {"from": "2026-01-01", "to": "2026-10-31"}
DENIED = "没有查看权限"
#: what a screen needs in its address to show rows
PARTS = {
    "reminder-compliance": {"part": "doctors"}, "screening": {"part": "hits"}, "high-risk": {"part": "persons"},
    "kpi-list": {"kpi": "first_review_amount"}, "cross-tab": {"kpi": "first_review_rate", "row": "fixmedins_code"},
    "institution-map": {"kpi": "inspection_coverage"},
}  # fmt: skip


@pytest.fixture
def city(county_home, monkeypatch) -> Home:
    monkeypatch.setenv(HOME_VARIABLE, str(county_home.root))
    return county_home


@pytest.fixture
def single(demo_home, monkeypatch) -> Home:
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def labels(app: AppTest) -> set[str]:
    return {one.label for one in (*app.selectbox, *app.multiselect)}


def test_one_county_sees_no_word_of_counties(single):
    app = screen_of(single, MAP, Role.LEADER, **DAYS, view="county", admdvs=SECOND)
    assert not app.exception
    assert "县区" not in labels(app)
    assert "按县区" not in str([one.options for one in app.selectbox])
    assert "县区" not in texts(app)
    app = screen_of(single, "pages/analysis/cross.py", Role.LEADER, **DAYS, kpi="rejection_rate")
    assert not any("县区" in str(one.options) for one in app.selectbox)


def test_a_city_sees_its_counties_and_then_one_of_them(city):
    app = screen_of(city, MAP, Role.LEADER, **DAYS, view="county")
    assert not app.exception
    assert app.selectbox(key="county_choice").options == ["全部县区", *NAMES.values()]
    said = texts(app)
    assert "检查覆盖率:合计" in said
    assert all(name in said for name in NAMES.values())
    assert "县区清单" in said
    [chart] = app.get("deck_gl_json_chart")
    filled = {
        feature["properties"]["tip"].split("\n")[0]
        for layer in json.loads(chart.proto.json)["layers"] if layer["@@type"] == "GeoJsonLayer"
        for feature in layer["data"]["features"]
    }  # fmt: skip
    # the outline of the demo knows the first county's towns only; nothing is drawn that no file has
    assert NAMES[FIRST] in filled
    app.selectbox(key="county_choice").select(SECOND).run()
    assert not app.exception
    assert app.query_params["admdvs"] == SECOND
    assert f"数据范围:{NAMES[SECOND]}" in texts(app)
    with open_warehouse(city) as warehouse:
        places = warehouse.query("select fixmedins_code, admdvs from dim_institution").to_pylist()
    others = {row["fixmedins_code"] for row in places if row["admdvs"] != SECOND}
    assert not leaked(drawn(app._tree), others)
    assert leaked(drawn(app._tree), {row["fixmedins_code"] for row in places} - others)


def test_screens_of_the_whole_stay_whole_and_say_so(city):
    app = screen_of(city, "pages/fund/balance.py", Role.LEADER, **DAYS, admdvs=SECOND)
    assert not app.exception
    assert "县区选择在这里不起作用" in texts(app)
    app = screen_of(city, MAP, Role.LEADER, **DAYS, admdvs="999999")
    assert "县区表中没有 999999" in texts(app)


def test_what_has_no_county_says_so_and_never_that_there_is_nothing(city):
    given = {**DAYS, "admdvs": SECOND}
    app = screen_of(city, "pages/drill/kpi_rows.py", Role.LEADER, **given, kpi="fund_income")
    assert not app.exception
    assert "“基金收入”没有分县区的数据" in texts(app)
    app = screen_of(city, "pages/analysis/cross.py", Role.LEADER, **given, kpi="fund_income")
    assert not app.exception
    app = screen_of(city, "pages/overview/deadlines.py", Role.LEADER, **given)
    assert not app.exception
    assert "报齐" not in texts(app)
    assert "没有分县区的数据" in sheets(app)


def test_a_cross_tab_by_county_adds_up_and_opens_its_rows(city):
    app = screen_of(
        city,
        "pages/analysis/cross.py",
        Role.LEADER,
        **DAYS,
        kpi="first_review_amount",
        xrow="admdvs",
        xcol="none",
    )
    assert not app.exception
    assert app.selectbox(key="pick_xrow").value == "admdvs"
    app = screen_of(
        city,
        "pages/drill/kpi_rows.py",
        Role.LEADER,
        **DAYS,
        kpi="first_review_amount",
        cell=f"first_review_amount:admdvs:{SECOND}",
    )
    assert not app.exception
    assert f"县区:{NAMES[SECOND]}" in [one.label.replace("\\", "") for one in app.button]


def test_an_account_of_a_county_meets_no_other_county(city):
    with open_warehouse(city) as warehouse:
        places = {
            row["fixmedins_code"]: row["admdvs"]
            for row in warehouse.query("select fixmedins_code, admdvs from dim_institution").to_pylist()
        }
        own = warehouse.bound(Sight(county=SECOND))
        # benefits of its insured name the places that treated them
        treated = set(
            own.query("select distinct fixmedins_code from fct_inpatient_settlement").column(0).to_pylist()
        )
        hit = "select setl_id, fixmedins_code from fct_rule_hit order by amount_at_issue desc nulls last, hit_id limit 1"
        [foreign] = warehouse.bound(Sight(county=FIRST)).query(hit).to_pylist()
        [mine] = own.query(hit).to_pylist()
    others = {code for code, county in places.items() if county != SECOND}
    app = of_the_second_county(city, "county-own", Role.INSPECTOR)
    met: set[str] = set()
    for entry in PAGES:
        if not entry.open_to([Role.INSPECTOR]):
            continue
        given = {"institution": {"code": mine["fixmedins_code"]}, "case": {"setl_id": mine["setl_id"]}}.get(
            entry.url_path, {}
        )
        # an address that asks for another county changes nothing
        show(app, entry.path, {**DAYS, **PARTS.get(entry.url_path, {}), **given, "admdvs": FIRST})
        assert not app.exception, entry.title
        assert ([one.value for one in app.title] == [DENIED]) is not entry.has_counties, entry.title
        text = drawn(app._tree)
        allowed = treated if entry.url_path == "benefits-flow" else set()
        assert not leaked(text, others - allowed)[:3], entry.title
        assert "county_choice" not in {one.key for one in app.selectbox}
        met |= set(leaked(text, places.keys() - others))
    assert met
    for path, given in (
        ("institution", {"code": foreign["fixmedins_code"]}),
        ("case", {"setl_id": foreign["setl_id"]}),
    ):
        entry = next(one for one in PAGES if one.url_path == path)
        show(app, entry.path, {**DAYS, **given})
        assert not app.exception
        assert not leaked(drawn(app._tree), others - {foreign["fixmedins_code"]})
        assert foreign["fixmedins_code"] not in texts(app) or "没有" in texts(app), path


def test_accounts_are_those_of_all_counties(city):
    """An administrator limited to a county could lift its own limit there; the choice of a county changes no account."""
    screen = "pages/admin/users.py"
    app = screen_of(city, screen, Role.ADMIN, admdvs=SECOND)
    assert "县区选择在这里不起作用" in texts(app)
    assert "county_choice" not in {one.key for one in app.selectbox}
    assert app.selectbox(key="scope_town").options[0] == "全部乡镇"
    app = of_the_second_county(city, "county-admin", Role.ADMIN)
    show(app, screen, {})
    assert [one.value for one in app.title] == [DENIED]


def of_the_second_county(city: Home, name: str, role: Role) -> AppTest:
    """The app of a signed-in account that is limited to the second county."""
    users = Users.of(city)
    if users.get(name) is None:
        users.add(name, f"{role.value}31", [role], "测试", county=SECOND)
        users.set_password(name, OWN_PASSWORD)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.session_state[SESSION] = Sessions.of(city).issue(name)
    return app.run()


def show(app: AppTest, path: str, query: dict[str, str]) -> None:
    app.query_params.clear()
    app.switch_page(path)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
