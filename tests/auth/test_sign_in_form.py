"""The real form through app.py: wrong and right passwords, lock-out, roles, logout, a copied cookie, an ended session."""

from __future__ import annotations

import jwt
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fundwatch.access import Role
from fundwatch.home import PROJECT
from fundwatch.state.audit import listing
from fundwatch.state.keys import cookie_key
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.signin import COOKIE, ISSUER, SESSION, TOKEN

OWN = "Own-password-2026"


@pytest.fixture
def password(store) -> str:
    """The password of a person who has done with the first sign-in."""
    Users(store).add("fx01", "分析员01", [Role.ANALYST], "测试")
    Users(store).set_password("fx01", OWN)
    return OWN


@pytest.fixture
def cookies(monkeypatch) -> dict[str, str]:
    """What the browser sends along when it opens the page."""
    jar: dict[str, str] = {}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _self: jar))
    return jar


def opened() -> AppTest:
    return AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()


def signed_in(name: str, password: str) -> AppTest:
    return fill(opened(), name, password)


def fill(app: AppTest, name: str, password: str) -> AppTest:
    app.text_input[0].set_value(name)
    app.text_input[1].set_value(password)
    app.button[0].click().run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    """Everything readable on the screen."""
    kinds = (app.title, app.markdown, app.caption, app.error, app.info, app.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


def asks_to_sign_in(app: AppTest) -> bool:
    return [field.label for field in app.text_input] == ["账号", "密码"]


def test_first_visit_shows_the_form_and_nothing_else(home, password, cookies):
    app = opened()
    assert not app.exception
    assert asks_to_sign_in(app)
    assert [title.value for title in app.title] == ["医保基金监管驾驶舱"]
    assert not app.sidebar.button


def test_right_password_opens_the_start_page(home, password, cookies):
    app = signed_in("fx01", password)
    assert not asks_to_sign_in(app)
    assert "还没有可以查看的数据" in words(app)
    assert [button.label for button in app.sidebar.button] == ["退出登录"]


def test_initial_password_opens_nothing_but_the_form_for_a_new_one(home, store, cookies):
    initial = Users(store).add("cs01", "初审岗01", [Role.FIRST_REVIEWER], "测试")
    app = signed_in("cs01", initial)
    assert [title.value for title in app.title] == ["请设置新密码"]
    assert not app.sidebar.button
    page = AppTest.from_file(str(PROJECT / "pages/admin/settings.py"), default_timeout=60)
    page.session_state[SESSION] = app.session_state[SESSION]
    assert [title.value for title in page.run().title] == ["请先设置新密码"]

    def given(first: str, second: str) -> list[str]:
        app.text_input[0].set_value(first)
        app.text_input[1].set_value(second)
        app.button[0].click().run()
        assert not app.exception
        return [error.value for error in app.error]

    assert given(OWN, "Another-phrase-2026") == ["两次输入的新密码不一致,请重新输入。"]
    assert "三种" in given("onlylowerletters", "onlylowerletters")[0]
    assert given(OWN, OWN) == []
    assert "还没有可以查看的数据" in words(app)
    assert Users(store).check("cs01", OWN)
    assert [event.action for event in listing(store)][:2] == ["登录", "修改密码"]


def test_wrong_password_and_unknown_name_get_the_same_answer(home, password, cookies):
    wrong = [error.value for error in signed_in("fx01", "wrong").error]
    unknown = [error.value for error in signed_in("nobody", "wrong").error]
    assert wrong == unknown == ["账号或密码不正确。连续输错 5 次将暂停登录 15 分钟。"]


def test_sixth_try_is_locked_even_with_the_right_password(home, password, cookies):
    app = opened()
    for _ in range(5):
        fill(app, "fx01", "wrong")
    fill(app, "fx01", password)
    assert asks_to_sign_in(app)
    assert "暂停" in app.error[0].value
    assert SESSION not in app.session_state


def test_disabled_account_gets_the_same_answer_as_a_wrong_password(home, password, cookies, store):
    Users(store).set_enabled("fx01", False, "测试")
    assert "账号或密码不正确" in signed_in("fx01", password).error[0].value


def test_cookie_opens_a_new_tab_without_the_form(home, password, cookies):
    cookies[COOKIE] = signed_in("fx01", password).session_state[TOKEN]
    assert not asks_to_sign_in(opened())


def test_logout_shows_the_form_and_a_copied_cookie_is_refused(home, password, cookies, store):
    app = signed_in("fx01", password)
    copied = app.session_state[TOKEN]
    app.sidebar.button[0].click().run()
    assert not app.exception
    assert asks_to_sign_in(app)
    assert "已退出登录。" in words(app)
    cookies[COOKIE] = copied
    assert asks_to_sign_in(opened())
    assert [event.action for event in listing(store)][:2] == ["退出登录", "登录"]


def test_after_logout_the_same_tab_can_sign_in_again(home, password, cookies):
    app = signed_in("fx01", password)
    app.sidebar.button[0].click().run()
    assert not asks_to_sign_in(fill(app, "fx01", password))


def test_open_tab_is_sent_to_the_form_when_its_session_ended_elsewhere(home, password, cookies, store):
    app = signed_in("fx01", password)
    Sessions(store).revoke_all("fx01")
    app.run()
    assert asks_to_sign_in(app)
    assert "登录已过期,请重新登录。" in words(app)


def test_open_tab_is_closed_when_its_account_is_disabled(home, password, cookies, store):
    app = signed_in("fx01", password)
    Users(store).set_enabled("fx01", False, "测试")
    assert asks_to_sign_in(app.run())


@pytest.mark.parametrize("forged", ["", "rubbish", "a.b.c"])
def test_rubbish_in_the_cookie_shows_the_form(home, password, cookies, forged):
    cookies[COOKIE] = forged
    assert asks_to_sign_in(opened())


def test_cookie_signed_with_another_key_or_for_another_user_is_refused(home, password, cookies, store):
    session = Sessions(store).issue("fx01")
    claims = {
        "username": "fx01",
        "exp": 4_000_000_000,
        "exp_date": 4_000_000_000,
        "jti": session,
        "iss": ISSUER,
    }
    cookies[COOKIE] = jwt.encode(claims, "x" * 64, algorithm="HS256")
    assert asks_to_sign_in(opened())
    Users(store).add("admin", "系统管理员01", [Role.ADMIN], "测试")
    cookies[COOKIE] = jwt.encode({**claims, "username": "admin"}, cookie_key(home), algorithm="HS256")
    assert asks_to_sign_in(opened())


def test_cookie_past_its_end_is_refused(home, password, cookies, store):
    session = Sessions(store).issue("fx01")
    claims = {
        "username": "fx01",
        "exp": 1_700_000_000,
        "exp_date": 4_000_000_000,
        "jti": session,
        "iss": ISSUER,
    }
    cookies[COOKIE] = jwt.encode(claims, cookie_key(home), algorithm="HS256")
    assert asks_to_sign_in(opened())
