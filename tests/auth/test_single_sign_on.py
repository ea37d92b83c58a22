"""Single sign-on: whom a token lets in, for how long, and the whole way through a real provider in a browser."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

from fundwatch.access import Role
from fundwatch.checks import findings
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.state.sessions import HOUR, MINUTE, Sessions
from fundwatch.state.single_sign_on import configured, derived, enter, session_id
from fundwatch.state.users import Users
from tests.browser.stage import browser_page, free_port, served

CLAIM = "preferred_username"
SECTION = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
client_id = "fundwatch"
client_secret = "not-checked-by-this-provider"
server_metadata_url = "%s/.well-known/openid-configuration"
"""


@pytest.fixture
def users(home) -> Users:
    users = Users.of(home)
    users.add("fx01", "分析员01", [Role.ANALYST], "测试")
    return users


def token(**changes) -> dict:
    return {
        "iss": "https://idp",
        "sub": "u1",
        "iat": int(time.time()),
        "nonce": "n1",
        CLAIM: "fx01",
    } | changes


def test_a_fresh_token_lets_its_account_in_and_the_log_says_how(home, users):
    identifier, user = enter(home, token(), CLAIM)
    assert user is not None
    assert Sessions.of(home).user_of(identifier) == "fx01"
    newest = listing(engine(home))[0]
    assert (newest.user, newest.action, newest.detail) == ("fx01", "登录", {"by": "统一认证"})


def test_the_same_token_is_one_session_and_one_line_of_the_log(home, users):
    shown = token()
    (first, _), (again, user) = enter(home, shown, CLAIM), enter(home, shown, CLAIM)
    assert first == again
    assert user is not None
    assert [event.action for event in listing(engine(home))].count("登录") == 1


@pytest.mark.parametrize("changes", [{CLAIM: "nobody"}, {CLAIM: ""}, {CLAIM: None}, {CLAIM: ["fx01"]}])
def test_a_token_that_names_no_account_begins_nothing(home, users, changes):
    identifier, user = enter(home, token(**changes), CLAIM)
    assert user is None
    assert not Sessions.of(home).knows(identifier)


def test_a_disabled_account_is_kept_out(home, users):
    shown = token()
    enter(home, shown, CLAIM)
    users.set_enabled("fx01", False, "测试")
    assert enter(home, shown, CLAIM)[1] is None
    assert enter(home, token(nonce="n2"), CLAIM)[1] is None


def test_after_logout_the_token_is_worth_nothing_and_a_new_one_counts(home, users):
    shown = token()
    identifier, _ = enter(home, shown, CLAIM)
    Sessions.of(home).revoke(identifier)
    assert enter(home, shown, CLAIM)[1] is None
    assert enter(home, token(nonce="n2"), CLAIM)[1] is not None


def test_idle_and_absolute_time_are_those_of_every_session(store, clock):
    sessions, now = Sessions(store, clock=clock), int(clock())
    assert sessions.adopt("sso-a", "fx01", now)
    clock.pass_minutes(30)
    assert sessions.user_of("sso-a") is None
    assert not sessions.adopt("sso-a", "fx01", now)
    assert sessions.adopt("sso-b", "fx01", int(clock()))
    for _ in range(8 * HOUR // (20 * MINUTE) - 1):
        clock.pass_minutes(20)
        assert sessions.user_of("sso-b") == "fx01"
    clock.pass_minutes(20)
    assert sessions.user_of("sso-b") is None


def test_a_token_kept_until_its_session_is_forgotten_does_not_come_back(store, clock):
    sessions, now = Sessions(store, clock=clock), int(clock())
    sessions.adopt("sso-a", "fx01", now)
    clock.pass_minutes(60 * 24 * 40)
    sessions.issue("cs01")
    assert not sessions.knows("sso-a")
    assert not sessions.adopt("sso-a", "fx01", now)


def test_tokens_differ_by_person_and_moment():
    one = token()
    others = [
        one | {"sub": "u2"},
        one | {"iat": one["iat"] + 1},
        one | {"nonce": "n2"},
        one | {"iss": "https://other"},
    ]
    assert len({session_id(each) for each in (one, *others)}) == 5
    assert len(session_id(one)) == 64


def test_the_switch_is_the_section_in_the_secrets(home, tmp_path):
    none = tmp_path / "secrets.toml"
    assert configured(home, none) is None
    none.write_text('cookie_key = "' + "k" * 40 + '"')
    assert configured(home, none) is None
    none.write_text(SECTION % "https://idp" + 'account_claim = "employee"\n')
    provider = configured(home, none)
    assert provider is not None
    assert provider.claim == "employee"
    assert "account_claim" not in provider.auth
    assert provider.auth["cookie_secret"] == derived(home, "single sign-on")
    assert "not-checked" not in repr(provider)


def test_an_unfinished_section_stops_the_start(home):
    file = home.state / "secrets.toml"
    file.write_text('[auth]\nclient_id = "fundwatch"\n')
    file.chmod(0o600)
    with pytest.raises(UserError, match="缺少 redirect_uri、client_secret、server_metadata_url"):
        configured(home)
    assert any("统一认证不能使用" in finding.what and finding.stops for finding in findings(home))


@pytest.fixture
def provider() -> Iterator[str]:
    """A real OpenID Connect server with two people: one has an account here, the other has none."""
    port = free_port()
    people = [{"sub": "u1", CLAIM: "fx01"}, {"sub": "u2", CLAIM: "zz99"}]
    words = [word for person in people for word in ("--user-claims", json.dumps(person))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        for _ in range(200):
            try:
                opener.open(f"{address}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.browser
def test_the_whole_way_through_a_provider(home: Home, users: Users, provider: str):
    file = home.state / "secrets.toml"
    file.write_text(SECTION % provider)
    file.chmod(0o600)

    def go_through(page, person: str) -> None:
        page.get_by_role("button", name="统一认证登录").click()
        page.wait_for_url(f"{provider}/**")
        page.get_by_role("button", name=person, exact=True).first.click()

    with served(home.root) as address, browser_page() as page:
        page.goto(address)
        go_through(page, "u1")
        page.get_by_role("button", name="退出登录").wait_for()
        assert page.url.startswith(address)
        page.reload()
        page.get_by_role("button", name="退出登录").wait_for()
        copied = page.context.cookies()

        # ended on the server: the browser still holds the provider's token
        Sessions.of(home).revoke_all("fx01")
        page.reload()
        page.get_by_text("登录已过期").wait_for()
        go_through(page, "u1")
        page.get_by_role("button", name="退出登录").wait_for()
        latest = page.context.cookies()
        page.get_by_role("button", name="退出登录").click()
        # the provider ends its own session too, and may ask first
        page.wait_for_url(f"{provider}/oauth2/end_session**")
        page.get_by_role("button").first.click()
        page.goto(address)
        page.get_by_label("账号").wait_for()

        for cookies in (copied, latest):
            page.context.clear_cookies()
            page.context.add_cookies(cookies)
            page.goto(address)
            page.get_by_label("账号").wait_for()
            page.get_by_text("登录已过期").wait_for()
            assert page.get_by_role("button", name="退出登录").count() == 0

        page.context.clear_cookies()
        page.goto(address)
        go_through(page, "u2")
        page.get_by_text("没有为您开通账号").wait_for()
    assert [event.detail for event in listing(engine(home)) if event.action == "登录"] == [
        {"by": "统一认证"}
    ] * 2
