"""The server's system calls while every screen is opened: it listens on loopback and opens no connection (``make test-deploy``)."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from homes import copy_home

from benchmarks.sessions import Counted, Visitor, signed_cookies, visit
from fundwatch.access import PAGES, Role
from fundwatch.home import Home
from tests.browser.stage import ROOT, free_port

OWN = re.compile(r'inet_addr\("127\.0\.0\.1"\)|inet_pton\(AF_INET6, "::1"')


def up(port: int, process: subprocess.Popen, longest: float = 120) -> str:
    """The address, once somebody answers; strace makes a server slow."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + longest
    while time.monotonic() < until and process.poll() is None:
        try:
            with opener.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")


def every_screen(address: str, home: Home) -> Counted:
    """Open all screens of the menu as a person with every role."""
    [cookie], counted = signed_cookies(home, 1, tuple(Role)), Counted()

    async def work(visitor: Visitor) -> None:
        for entry in PAGES:
            if entry.in_menu:
                counted.seconds.append(await visitor.open(entry, ""))

    asyncio.run(visit(address, cookie, counted, 1, work))
    return counted


def test_the_server_opens_no_connection(taihe_home, tmp_path: Path) -> None:
    copy_home(taihe_home.root, tmp_path / "home")
    home, calls, port = Home(tmp_path / "home"), tmp_path / "calls", free_port()
    server = [sys.executable, "-m", "fundwatch", "serve", "--home", str(home.root), "--port", str(port)]
    traced = ["strace", "-f", "-e", "trace=connect,bind,sendto", "-o", str(calls), *server]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(traced, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            counted = every_screen(up(port, process), home)
        finally:
            subprocess.run(["pkill", "-TERM", "-s", str(process.pid)], check=False)
            process.wait(60)
    assert counted.errors == []
    assert len(counted.seconds) == sum(entry.in_menu for entry in PAGES)
    lines = calls.read_text().splitlines()
    assert any("sendto(" in line for line in lines), "nothing was traced"
    connected = [line for line in lines if "connect(" in line and "AF_UNIX" not in line]
    assert [line for line in connected if not OWN.search(line)] == []
    bound = [line for line in lines if "bind(" in line and "AF_INET" in line]
    assert bound
    assert [line for line in bound if not OWN.search(line)] == []
