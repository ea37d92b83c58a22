"""A served home and a browser in front of it, for the browser tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, sync_playwright

from fundwatch.home import Home
from fundwatch.state.users import Users
from fundwatch.ui.signin import COOKIE

ROOT = Path(__file__).resolve().parent.parent.parent
#: that of people who have done with their first sign-in
OWN_PASSWORD = "Own-password-2026"
#: a loaded machine draws slowly
PATIENCE_MS = 45_000
CHROMIUM_FLAGS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-proxy-server", "--disable-quic",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--lang=zh-CN",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def add_user(home: Path, name: str, *roles: str) -> str:
    """Make an account by the command a bureau uses, past its first sign-in; returns its password."""
    words = [word for role in roles for word in ("--role", role)]
    command = [sys.executable, "-m", "fundwatch", "user", "add", name, *words, "--json", "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(done.stdout)["password"]
    Users.of(Home(home)).set_password(name, OWN_PASSWORD)
    return OWN_PASSWORD


@contextmanager
def served(home: Path) -> Iterator[str]:
    """A fresh server process over the home; yields its address, ends the process afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "fundwatch", "serve", "--home", str(home), "--port", str(port)]
    log = home / "serve.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
        try:
            _wait_until_healthy(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, 15)
            process.wait(20)


def _wait_until_healthy(port: int, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 60
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with opener.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not come up:\n{log.read_text(encoding='utf-8')}")


@contextmanager
def browser_page(width: int = 1440, height: int = 900) -> Iterator[Page]:
    """One new browser with one page; downloads are accepted."""
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        try:
            yield page
        finally:
            browser.close()


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill the form that is on screen and wait until the person is in and the browser holds the cookie, which comes a moment later.

    On a loaded machine the form may be drawn anew by the page's second run just while it is filled, which empties it;
    a person would type again, and so does this, once.
    """
    inside, form = page.get_by_role("button", name="退出登录"), page.get_by_label("账号")
    for _ in range(2):
        form.wait_for()
        settle(page)
        form.fill(name)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        with suppress(TimeoutError):
            inside.wait_for(timeout=PATIENCE_MS / 2)
            break
        if not form.is_visible():
            break
    inside.wait_for()
    until = time.monotonic() + PATIENCE_MS / 1000
    while COOKIE not in {each["name"] for each in page.context.cookies()}:
        assert time.monotonic() < until, "no cookie came"
        page.wait_for_timeout(50)


def settle(page: Page) -> None:
    """Wait until the script run has ended and nothing is drawn stale."""
    page.wait_for_timeout(300)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=\"stStatusWidget\"]')"
        " && !document.querySelector('[data-stale=\"true\"]')"
    )
    page.wait_for_timeout(300)
