"""No page shows anything of itself without a session or to a role that may not open it."""

from __future__ import annotations

import ast

import pytest
from streamlit.testing.v1 import AppTest

from fundwatch.access import ABILITIES, PAGES, Ability, Entry, Role, hidden_columns, may
from fundwatch.home import PROJECT
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.signin import SESSION

FILES = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "pages").rglob("*.py"))
by_path = pytest.mark.parametrize("path", FILES)


def alone(path: str, session: str | None = None) -> AppTest:
    """A page file run without app.py, as a fresh server could be made to."""
    app = AppTest.from_file(str(PROJECT / path), default_timeout=60)
    if session:
        app.session_state[SESSION] = session
    return app.run()


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


@by_path
def test_page_without_session_shows_only_the_hint(home, path):
    app = alone(path)
    assert not app.exception
    assert titles(app) == ["请先登录"]
    assert [element.value for element in app.markdown] == ["登录后可继续打开此页面。"]
    drawn = [*app.metric, *app.dataframe, *app.caption, *app.selectbox, *app.button, *app.subheader]
    assert drawn == []


@by_path
def test_page_with_an_ended_session_shows_only_the_hint(home, store, path):
    Users(store).add("ld01", "局领导01", [Role.LEADER], "测试")
    session = Sessions(store).issue("ld01")
    Sessions(store).revoke(session)
    assert titles(alone(path, session)) == ["请先登录"]


@by_path
def test_guard_is_the_first_statement_of_a_page(path):
    """Imports and the docstring aside, nothing may run before the role check."""
    body = ast.parse((PROJECT / path).read_text(encoding="utf-8")).body
    first = next(
        node
        for node in body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    )
    assert isinstance(first, ast.Assign)
    assert ast.unparse(first).startswith("page = start_page(__file__")


def test_page_table_and_files_are_in_step():
    assert sorted(entry.path for entry in PAGES) == FILES


def test_every_page_lies_in_a_sub_folder():
    """A file directly in pages/ can be run without sign-in by the first visitor of a fresh server."""
    assert all(len(path.split("/")) == 3 for path in FILES)


def test_addresses_titles_and_files_are_unique():
    for name in ("path", "title", "url_path"):
        values = [getattr(entry, name) for entry in PAGES]
        assert len(set(values)) == len(values)


def test_start_page_is_open_to_every_role():
    assert PAGES[0].roles == frozenset(Role)


def test_administrators_see_no_cases_and_take_nothing_away():
    assert may([Role.ADMIN], Ability.MANAGE_USERS)
    assert not may([Role.ADMIN], Ability.EXPORT)
    assert hidden_columns([Role.ADMIN]) == hidden_columns([Role.GROUP_MEMBER]) != frozenset()
    assert "psn_no" in hidden_columns([Role.ADMIN])
    assert not any(entry.open_to([Role.ADMIN]) for entry in PAGES if entry.group == "下钻")


def test_reviewers_and_leaders_see_single_claims():
    for role in (Role.FIRST_REVIEWER, Role.RECHECKER, Role.FINAL_REVIEWER, Role.LEADER, Role.ANALYST):
        assert hidden_columns([role]) == frozenset()


def test_every_ability_belongs_to_some_role():
    assert set(ABILITIES) == set(Ability)
    assert all(ABILITIES.values())


def test_entry_is_open_when_one_of_several_roles_may():
    entry = Entry("pages/x/y.py", "甲", "乙", "list", "x", frozenset({Role.ANALYST}))
    assert entry.open_to([Role.ADMIN, Role.ANALYST])
    assert not entry.open_to([Role.ADMIN])
