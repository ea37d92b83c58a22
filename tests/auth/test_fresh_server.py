"""A browser at a freshly started server: nothing of a page before sign-in, deep links, logout, a copied cookie."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from fundwatch.access import PAGES, Role
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.state.users import Users
from fundwatch.ui.signin import COOKIE, PRODUCT
from tests.browser.stage import OWN_PASSWORD
from tests.browser.stage import sign_in as fill_and_enter

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-proxy-server"]
PATIENCE = 60_000
ADMIN_PAGE = next(entry for entry in PAGES if entry.roles == {Role.ADMIN})


@dataclass(frozen=True)
class Server:
    address: str
    home: Home
    passwords: dict[str, str]
    process: int


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`fundwatch serve` in a process of its own that no one has visited."""
    home = Home(tmp_path_factory.mktemp("fresh") / "home").ensure()
    passwords = {user.username: OWN_PASSWORD for user, _ in Users.of(home).ensure_first("测试")}
    for name, own in passwords.items():
        Users.of(home).set_password(name, own)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fundwatch", "serve", "--port", str(port)]
    environment = {**os.environ, HOME_VARIABLE: str(home.root)}
    log = (home.root / "serve.log").open("wb")
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(f"{address}/_stcore/health", home.root / "serve.log")
        yield Server(address, home, passwords, process.pid)
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait_until_up(url: str, log: Path) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def sign_in(tab: Page, server: Server, name: str) -> None:
    fill_and_enter(tab, name, server.passwords[name])


def listen(tab: Page) -> list[bytes]:
    """Everything that the server sends to this tab over its websocket, as it comes."""
    received: list[bytes] = []

    def keep(frame: bytes | str) -> None:
        received.append(frame if isinstance(frame, bytes) else frame.encode())

    tab.on("websocket", lambda socket: socket.on("framereceived", keep))
    return received


def cookie_of(tab: Page) -> dict:
    """The session cookie; a frame of the page sets it a moment after the sign-in."""
    for _ in range(100):
        for cookie in tab.context.cookies():
            if cookie["name"] == COOKIE:
                return cookie
        tab.wait_for_timeout(100)
    raise AssertionError("no session cookie")


def test_first_visitor_asking_for_an_inner_page_sees_nothing_of_it(server: Server, tab: Page):
    received = listen(tab)
    tab.goto(f"{server.address}/{ADMIN_PAGE.url_path}")
    tab.get_by_label("账号").wait_for()
    assert tab.get_by_role("heading", name=ADMIN_PAGE.title).count() == 0
    assert tab.get_by_text("操作日志").count() == 0
    before = b"".join(received)
    assert "密码".encode() in before
    assert "操作日志".encode() not in before
    assert "系统管理员01".encode() not in before
    sign_in(tab, server, "admin")
    tab.get_by_role("heading", name=ADMIN_PAGE.title).wait_for()
    tab.get_by_text("操作日志").first.wait_for()
    assert "操作日志".encode() in b"".join(received)


def test_every_address_asked_without_a_session_gives_the_form_and_nothing_else(server: Server):
    """Over the websocket, where all of a screen is sent; then what answers plain requests."""
    for entry in PAGES:
        sent = _sent_without_session(server.address, entry.url_path)
        kinds = {
            message.delta.new_element.WhichOneof("type")
            for message in sent
            if message.WhichOneof("type") == "delta"
        }
        words = b"".join(
            message.SerializeToString() for message in sent if message.WhichOneof("type") != "navigation"
        )
        assert "密码".encode() in words, entry.url_path
        assert not kinds & {
            "arrow_data_frame",
            "arrow_vega_lite_chart",
            "deck_gl_json_chart",
            "exception",
            "metric",
        }, entry.url_path
        titles = {
            message.delta.new_element.heading.body
            for message in sent
            if message.WhichOneof("type") == "delta"
            and message.delta.new_element.WhichOneof("type") == "heading"
        }
        assert titles == {PRODUCT, "登录"}, entry.url_path
    for path in (
        "media/",
        "media/x.csv",
        "app/static/x",
        "state/state.db",
        "component/../state/state.db",
        "_stcore/host-config",
    ):
        answer = _fetched(f"{server.address}/{path}")
        assert b"SQLite format" not in answer
        assert "操作日志".encode() not in answer


def _sent_without_session(address: str, page: str) -> list[ForwardMsg]:
    """Everything that the server sends to somebody without a cookie who asks for a screen."""
    message = BackMsg()
    message.rerun_script.page_name = page
    url = address.replace("http:", "ws:") + "/_stcore/stream"
    sent = []
    with connect(url, subprotocols=["streamlit"], origin=address, max_size=None, proxy=None) as socket:
        socket.send(message.SerializeToString())
        while not sent or sent[-1].WhichOneof("type") != "script_finished":
            sent.append(ForwardMsg.FromString(socket.recv(timeout=60)))
    return sent


def _fetched(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.read()


def test_deep_link_with_its_parameters_survives_the_sign_in(server: Server, tab: Page):
    link = f"{server.address}/{ADMIN_PAGE.url_path}?from=2024-01-01&to=2024-03-31"
    tab.goto(link)
    sign_in(tab, server, "admin")
    tab.get_by_role("heading", name=ADMIN_PAGE.title).wait_for()
    assert tab.url == link


def test_wrong_role_gets_a_chinese_page_that_names_the_right_one(server: Server, tab: Page):
    tab.goto(f"{server.address}/{ADMIN_PAGE.url_path}")
    sign_in(tab, server, "ld01")
    tab.get_by_role("heading", name="没有查看权限").wait_for()
    assert tab.get_by_text("系统管理员").count() > 0
    assert tab.get_by_text("操作日志").count() == 0


def test_unknown_address_gets_a_chinese_page_and_no_english_box(server: Server, tab: Page):
    tab.goto(f"{server.address}/no-such-page")
    sign_in(tab, server, "ld01")
    tab.get_by_role("heading", name="没有这个页面").wait_for()
    assert tab.get_by_role("dialog").count() == 0


def test_reload_and_second_tab_stay_signed_in(server: Server, tab: Page):
    tab.goto(server.address)
    sign_in(tab, server, "ld01")
    cookie_of(tab)
    tab.reload()
    tab.get_by_role("button", name="退出登录").wait_for()
    second = tab.context.new_page()
    second.goto(server.address)
    second.get_by_role("button", name="退出登录").wait_for(timeout=PATIENCE)


def test_after_logout_neither_reload_nor_a_copied_cookie_gets_in(server: Server, browser: Browser, tab: Page):
    tab.goto(server.address)
    sign_in(tab, server, "ld01")
    copied = cookie_of(tab)
    tab.get_by_role("button", name="退出登录").click()
    tab.get_by_label("账号").wait_for()
    tab.reload()
    tab.get_by_label("账号").wait_for()
    thief = browser.new_context(locale="zh-CN")
    thief.add_cookies([copied])
    window = thief.new_page()
    window.goto(server.address)
    window.get_by_label("账号").wait_for(timeout=PATIENCE)
    assert window.get_by_role("button", name="退出登录").count() == 0
    thief.close()


def test_sign_in_page_asks_only_this_server(server: Server, tab: Page):
    hosts: set[str] = set()
    tab.on("request", lambda request: hosts.add(request.url.split("/")[2]) if "://" in request.url else None)
    tab.goto(server.address)
    tab.get_by_label("账号").wait_for()
    assert hosts == {server.address.removeprefix("http://")}


def test_stopping_serve_leaves_no_server_behind(server: Server):
    """`serve` becomes the web server, so the process that was started is the one that answers."""
    port = server.address.rsplit(":", 1)[1]
    command = Path(f"/proc/{server.process}/cmdline").read_bytes().split(b"\0")
    assert b"fundwatch.server" in command
    assert port.encode() in command
