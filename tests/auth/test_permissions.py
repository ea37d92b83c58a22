"""The matrix of docs/permissions.zh-CN.md, seen: each role signs in, opens every screen, and gets exactly its line."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from fundwatch.access import DOCTOR_IDS, FREE_TEXT, LEVELS, PAGES, PERSON_IDS, Entry, Kind, Role, Text
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.permissions import document
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.signin import SESSION
from fundwatch.warehouse import open_warehouse

sys.path.insert(0, str(PROJECT / "tests" / "ui"))
from seen import drawn, leaked
from signed_in import OWN_PASSWORD

DENIED = "没有查看权限"
DAYS = {"from": "2026-01-01", "to": "2026-10-31"}
#: what a screen needs in its address to show the values that it can show
PARTS = {
    "reminder-compliance": {"part": "doctors"}, "screening": {"part": "hits"}, "high-risk": {"part": "persons"},
    "kpi-list": {"kpi": "override_reason_rate"},
}  # fmt: skip


#: screens with forms that depend on what a role may do
FORMS = {"inspection-coverage", "second-review", "case", "data-quality", "settings"}


@pytest.fixture(scope="module")
def raw(demo_home) -> dict[Kind, set[str]]:
    """The values of the demo that only some roles see."""
    with open_warehouse(demo_home) as warehouse:

        def values(*parts: tuple[str, frozenset[str] | set[str]]) -> set[str]:
            found: set[str] = set()
            for table, names in parts:
                have = set(warehouse.query(f"select * from {table} limit 0").column_names)
                for name in sorted(names & have):
                    found |= set(
                        warehouse.query(f'select distinct "{name}" from {table} where "{name}" is not null')
                        .column(0)
                        .to_pylist()
                    )
            return found

        tables = [name for name in warehouse.names() if name.startswith(("stg_", "fct_"))]
        return {
            Kind.PERSONS: values(*[(table, PERSON_IDS) for table in tables]),
            Kind.DOCTORS: values(*[(table, DOCTOR_IDS) for table in tables]),
            Kind.TEXT: values(*[(table, FREE_TEXT) for table in tables]),
        }


@pytest.fixture(scope="module")
def objects(demo_home) -> dict[str, dict[str, str]]:
    """An institution with settlements and a claim of it, for the screens that need an object."""
    with open_warehouse(demo_home) as warehouse:
        sql = "select setl_id, fixmedins_code from fct_rule_hit order by amount_at_issue desc nulls last, hit_id limit 1"
        [row] = warehouse.query(sql).to_pylist()
    return {"institution": {"code": row["fixmedins_code"]}, "case": {"setl_id": row["setl_id"]}}


@pytest.fixture
def demo(demo_home, monkeypatch) -> Home:
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def test_document_is_true():
    assert (PROJECT / "docs" / "permissions.zh-CN.md").read_text(encoding="utf-8") == document()


@pytest.mark.parametrize("role", list(Role))
def test_role_sees_its_line_of_the_matrix(demo, raw, objects, role):
    name = f"matrix{list(Role).index(role)}"
    users = Users.of(demo)
    if users.get(name) is None:
        users.add(name, f"{role.value}09", [role], "测试")
        users.set_password(name, OWN_PASSWORD)
    app = signed_in(demo, name)
    met: set[Kind] = set()
    for entry in PAGES:
        if entry.open_to([role]) and not is_first_of_its_kind(role) and entry.url_path not in FORMS:
            continue
        opened(app, entry, objects)
        assert not app.exception, entry.title
        assert ([one.value for one in app.title] == [DENIED]) is not entry.open_to([role]), entry.title
        text = drawn(app._tree)
        for kind, values in raw.items():
            if kind in met and may_show(role, entry, kind):
                continue
            found = leaked(text, values) if kind is not Kind.TEXT else [one for one in values if one in text]
            assert not found or may_show(role, entry, kind), (entry.title, kind, found[:3])
            met |= {kind} if found else set()
    if not is_first_of_its_kind(role):
        return
    level = LEVELS[role]
    # what a role may see is there to be seen: a matrix of empty screens would prove nothing
    assert (Kind.PERSONS in met, Kind.DOCTORS in met) == (level.persons, level.doctors)
    assert (Kind.TEXT in met) is (level.text is Text.ALL)


def test_account_of_a_town_meets_no_other_town(demo, objects):
    """After the roles above, whose numbers stand in the same caches; the other codes are those a whole sight would show."""
    with open_warehouse(demo) as warehouse:
        sql = "select fixmedins_code, town_code from dim_institution where town_code is not null"
        towns = {row["fixmedins_code"]: row["town_code"] for row in warehouse.query(sql).to_pylist()}
    own = Counter(towns.values()).most_common(1)[0][0]
    others = {code for code, town in towns.items() if town != own}
    users = Users.of(demo)
    if users.get("matrix-town") is None:
        users.add("matrix-town", "稽核岗21", [Role.INSPECTOR], "测试", town=own)
        users.set_password("matrix-town", OWN_PASSWORD)
    app = signed_in(demo, "matrix-town")
    met: set[str] = set()
    for entry in PAGES:
        if not entry.open_to([Role.INSPECTOR]):
            continue
        opened(app, entry, objects)
        assert not app.exception, entry.title
        assert ([one.value for one in app.title] == [DENIED]) is not entry.by_town, entry.title
        # the rule library names what a rule needs, and other tables have codes of the same form
        text = drawn(app._tree)
        assert not leaked(text, others)[:3], entry.title
        met |= set(leaked(text, towns.keys() - others))
        if entry.by_town and entry.url_path == "fund-balance":
            assert any("全县口径" in one.value for one in app.caption)
    assert met
    users.set_scope("matrix-town", None, None, "测试")
    opened(app, next(entry for entry in PAGES if entry.url_path == "institution-map"), objects)
    assert leaked(drawn(app._tree), others)


def signed_in(home: Home, name: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.session_state[SESSION] = Sessions.of(home).issue(name)
    return app.run()


def opened(app: AppTest, entry: Entry, objects: dict[str, dict[str, str]]) -> None:
    """The screen in a period of the demo, with what it needs to show an object."""
    app.query_params.clear()
    app.switch_page(entry.path)
    for key, value in {**DAYS, **PARTS.get(entry.url_path, {}), **objects.get(entry.url_path, {})}.items():
        app.query_params[key] = value
    app.run()


def is_first_of_its_kind(role: Role) -> bool:
    """Whether no role before it opens the same screens at the same level; the others differ in what they may do there."""

    def kind(one: Role) -> tuple[object, ...]:
        return (LEVELS[one], *(entry.open_to([one]) for entry in PAGES))

    return next(one for one in Role if kind(one) == kind(role)) is role


def may_show(role: Role, entry: Entry, kind: Kind) -> bool:
    level = LEVELS[role]
    allowed = {Kind.PERSONS: level.persons, Kind.DOCTORS: level.doctors, Kind.TEXT: level.text is Text.ALL}
    return allowed[kind] and kind in entry.shows and entry.open_to([role])
