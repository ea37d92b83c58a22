"""Many people at once: how long a screen takes while others work, what a session costs, whether a long session leaks.

    python benchmarks/sessions.py [--home HOME] [--people 50] [--think 10] [--minutes 3] [--publish] [--reruns 2000]

Without ``--home`` the demo county at ``--scale`` is made, loaded and built in a temporary folder. A driver speaks the websocket of
Streamlit as a browser does: each person opens a screen with a signed cookie, waits until the script has finished, thinks (around
``--think`` seconds) and opens another screen or another period. ``--publish`` builds and publishes a new version in the middle. Driver,
server and build share the machine. ``--reruns`` afterwards opens screens in one session again and again and follows the server's memory.

Anything but a finished script with no error on screen counts as an error and ends the benchmark with status 1.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import jwt
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from fundwatch.access import PAGES, Entry, Role
from fundwatch.build.publish import current_version
from fundwatch.cli.app import run
from fundwatch.home import PROJECT, Home
from fundwatch.state.keys import cookie_key
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.signin import COOKIE, ISSUER
from tests.browser.stage import served

#: what people open from the menu; the administrator's and the analyst's own screens are for one person each
SCREENS = tuple(entry for entry in PAGES if entry.in_menu and Role.LEADER in entry.roles)
PERIODS = (
    "from=2026-01-01&to=2026-06-30",
    "from=2026-01-01&to=2026-09-30",
    "from=2025-10-01&to=2026-09-30",
    "",
)
LONGEST_RUN = 120
LARGEST_MESSAGE = 64 << 20
#: an error that the screens or Streamlit show
INCIDENT = "事件编号"


@dataclass
class Counted:
    """What all visitors saw: seconds of each rerun, and each surprise in words."""

    seconds: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0


class Visitor:
    """One signed-in browser tab."""

    def __init__(self, socket: ClientConnection, counted: Counted, chance: random.Random) -> None:
        self._socket, self._counted, self._chance = socket, counted, chance
        self._titles: set[str] = set()

    async def open(self, screen: Entry, query: str) -> float:
        """Ask for a screen; returns the seconds until its script has finished. A screen without its title is an error."""
        message = BackMsg()
        # the first screen lives at "/" only
        message.rerun_script.page_name = "" if screen is PAGES[0] else screen.url_path
        message.rerun_script.query_string = query
        message.rerun_script.context_info.locale = "zh-CN"
        began = time.monotonic()
        await self._socket.send(message.SerializeToString())
        self._titles.clear()
        async with asyncio.timeout(LONGEST_RUN):
            while not self._finished(screen.title, await self._socket.recv()):
                pass
        # a screen of one object has the object's name as title
        if screen.in_menu and screen.title not in self._titles:
            self._counted.errors.append(f"{screen.title}: its title was not sent, but {self._titles}")
        return time.monotonic() - began

    def _finished(self, screen: str, content: bytes | str) -> bool:
        assert isinstance(content, bytes)
        self._counted.received += len(content)
        message = ForwardMsg.FromString(content)
        kind = message.WhichOneof("type")
        if kind == "delta":
            element = message.delta.new_element
            shown = element.WhichOneof("type")
            if shown == "heading":
                self._titles.add(element.heading.body)
            if shown == "exception" or (shown == "alert" and INCIDENT in element.alert.body):
                self._counted.errors.append(
                    f"{screen}: {(element.exception.message or element.alert.body)[:200]}"
                )
        if kind == "page_not_found":
            self._counted.errors.append(f"{screen}: not found")
        if kind != "script_finished":
            return False
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self._counted.errors.append(f"{screen}: compile error")
        return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def choice(self) -> tuple[Entry, str]:
        """A screen and a period."""
        return self._chance.choice(SCREENS), self._chance.choice(PERIODS)


async def visit(
    address: str, cookie: str, counted: Counted, number: int, work: Callable[[Visitor], Awaitable[None]]
) -> None:
    """Connect with the cookie and work; a lost connection is an error."""
    url = address.replace("http:", "ws:") + "/_stcore/stream"
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    try:
        async with connect(
            url, subprotocols=["streamlit"], additional_headers=headers, origin=address, max_size=LARGEST_MESSAGE, proxy=None
        ) as socket:  # fmt: skip
            await work(Visitor(socket, counted, random.Random(number)))
    except Exception as error:  # whatever ends a visit is counted
        counted.errors.append(f"visitor {number}: {type(error).__name__}: {error}")


async def crowd(addresses: Sequence[str], cookies: list[str], think: float, minutes: float) -> Counted:
    """All people for some minutes, arriving over one think time; each stays with one of the servers."""
    counted = Counted()
    until = time.monotonic() + 60 * minutes + think

    async def work(visitor: Visitor) -> None:
        await asyncio.sleep(visitor._chance.uniform(0, think))
        counted.first.append(await visitor.open(*visitor.choice()))
        while time.monotonic() < until:
            await asyncio.sleep(visitor._chance.uniform(0.5, 1.5) * think)
            counted.seconds.append(await visitor.open(*visitor.choice()))

    visits = (
        visit(addresses[n % len(addresses)], cookie, counted, n, work) for n, cookie in enumerate(cookies)
    )
    await asyncio.gather(*visits)
    return counted


async def long_session(
    address: str, cookie: str, reruns: int, memory: Callable[[], int]
) -> tuple[Counted, list[int]]:
    """One person's reruns, and the server's memory in MiB after each tenth of them."""
    counted, seen = Counted(), []

    async def work(visitor: Visitor) -> None:
        for turn in range(1, reruns + 1):
            counted.seconds.append(await visitor.open(*visitor.choice()))
            if turn % max(reruns // 10, 1) == 0:
                seen.append(memory())

    await visit(address, cookie, counted, 1, work)
    return counted, seen


def signed_cookies(
    home: Home, people: int, roles: Sequence[Role] = (Role.LEADER,), prefix: str = "bench"
) -> list[str]:
    """A session and its cookie for each person."""
    users, sessions = Users.of(home), Sessions.of(home)
    made = []
    for number in range(people):
        name = f"{prefix}{number}"
        if users.get(name) is None:
            users.add(name, f"岗位{number}", roles, by="benchmark")
            # with the password of somebody else no screen would open
            users.set_password(name, f"{secrets.token_urlsafe(18)}-aA1")
        identifier, end = sessions.issue(name), int(time.time()) + sessions.limits.absolute
        claims = {"username": name, "exp": end, "exp_date": end, "jti": identifier, "iss": ISSUER}
        made.append(jwt.encode(claims, cookie_key(home), algorithm="HS256"))
    return made


def resident(home: Home) -> int:
    """MiB of the servers of the home: the processes whose words name server and home."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = (status.parent / "environ").read_bytes() + (status.parent / "cmdline").read_bytes()
            if b"fundwatch.server" in words and str(home.root).encode() in words:
                line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
                found.append(int(line.split()[1]) // 1024)
        except OSError:
            continue
    if not found:
        raise RuntimeError("no server found")
    return sum(found)


def publish(home: Home) -> subprocess.Popen:
    """Build everything anew and publish it, in a process of its own."""
    command = [sys.executable, "-m", "fundwatch", "build", "--full", "--home", str(home.root)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def spread(seconds: list[float]) -> str:
    """Median, 95th percentile and largest."""
    ordered = sorted(seconds)
    return f"p50 {statistics.median(ordered):.2f} s, p95 {ordered[int(0.95 * (len(ordered) - 1))]:.2f} s, max {ordered[-1]:.2f} s"


async def measure(home: Home, wanted: argparse.Namespace) -> list[str]:
    """Serve the home and let the people work; returns the errors."""
    errors = []
    with ExitStack() as servers:
        addresses = [servers.enter_context(served(home.root)) for _ in range(wanted.processes)]
        cookies = signed_cookies(home, max(wanted.people, 1))
        # everything is imported and the first look is made before memory is taken as the start
        for address in addresses:
            await crowd([address], cookies[:1], 0.1, 0.05)
        if wanted.people:
            before, version = resident(home), current_version(home)
            work = asyncio.create_task(crowd(addresses, cookies, wanted.think, wanted.minutes))
            building = None
            if wanted.publish:
                await asyncio.sleep(wanted.think + 20 * wanted.minutes)
                building = publish(home)
            counted = await work
            after = resident(home)
            print(
                f"{wanted.people} people, {wanted.processes} server processes, think {wanted.think:g} s,"
                f" {wanted.minutes:g} min: {len(counted.seconds)} reruns"
            )
            print(f"first screen {spread(counted.first)}; reruns {spread(counted.seconds)}")
            print(
                f"server memory {before} -> {after} MiB, {(after - before) / wanted.people:.1f} MiB per session;"
                f" {counted.received / max(len(counted.seconds), 1) / 1024:.0f} KiB per rerun; errors {len(counted.errors)}"
            )
            errors += counted.errors
            if building is not None:
                ended = building.wait(600)
                print(
                    f"published meanwhile: build ended with {ended}, version changed: {current_version(home) != version}"
                )
                errors += [] if ended == 0 else ["the build failed"]
        if wanted.reruns:
            counted, seen = await long_session(
                addresses[0], cookies[0], wanted.reruns, lambda: resident(home)
            )
            print(
                f"{len(counted.seconds)} reruns of one session: {spread(counted.seconds)}; errors {len(counted.errors)}"
            )
            print(f"server memory after each tenth, MiB: {' '.join(map(str, seen))}")
            errors += counted.errors
    return errors


def main() -> int:
    """Print the figures; 1 when anything went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--scale", default="small")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--think", type=float, default=10)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument(
        "--processes", type=int, default=1, help="servers side by side, as behind deploy/nginx"
    )
    parser.add_argument("--publish", action="store_true")
    parser.add_argument("--reruns", type=int, default=0)
    wanted = parser.parse_args()
    # Streamlit's notes on being imported without a server
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(wanted.home or Path(folder) / "home")
        if wanted.home is None:
            run(["demo", "--out", f"{folder}/files", "--scale", wanted.scale])
            run(["load", f"{folder}/files", "--home", str(home.root)])
            run(["build", "--home", str(home.root)])
        errors = asyncio.run(measure(home, wanted))
    for error in errors[:20]:
        print(error)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
