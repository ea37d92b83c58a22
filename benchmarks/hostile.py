"""Hostile addresses: screens asked with parameters that no link of ours carries, over the websocket, as a signed-in person with every role.

    python benchmarks/hostile.py [--home HOME] [--cases 2000] [--seed 1]

Each case is a screen and one to four parameters with values that try to be SQL, a formula, Markdown, HTML, a path, a format, a date that
does not exist, a number out of range, or just very long. A case fails when the script does not end, an error with an incident
number or a traceback is shown, the screen's title is missing, or Markdown or HTML of a value reaches the browser as such.
Ends with status 1 when a case failed. Without ``--home`` the tiny demo county is made in a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.sessions import Counted, Visitor, signed_cookies, spread, visit
from fundwatch.access import PAGES, Entry, Role
from fundwatch.cli.app import run
from fundwatch.home import Home
from tests.browser.stage import served

NAMES = (
    "from", "to", "fixmedins_type", "level_class", "medins_natu", "town_code", "insutype", "kpi", "by", "part", "code", "setl_id",
    "case_id", "sample", "level", "show", "month", "report", "meeting", "souc", "topic", "when", "via", "query", "channel", "cell",
    "rule", "page", "person", "view", "value", "key", "x' or 1=1", "",
)  # fmt: skip
IMAGE, SCRIPT = "![x](http://nobody.invalid/x.png)", "<script>alert(1)</script><img src=x onerror=alert(1)>"
VALUES = (
    "'; drop table dim_town; --", "' or '1'='1", "\") union select * from fct_case --", "$period_start", "{0.__class__}", "%(x)s %n",
    "=1+1", "@SUM(A1)",
    IMAGE, SCRIPT, "[a](javascript:alert(1))", ":material/home: :red[x] $\\frac{a}{b}$", "`x` **x** ~~x~~", "../../../../etc/passwd",
    "C:\\windows", "\x00", "\u202e\u200b", "１２３", "２０２６-０１-０１", "2026-02-30", "0000-00-00", "9999-12-31", "-1",
    "1e309", "NaN", "null",
    "999999999999999999999999", "2026-13", "2026-01-01", "true", "甲" * 3000, "😀" * 50, "a.b.c.d.e.f.g.h", "all",
    "一级", "310", "recovery_rate",
    "setl_id", "H99900100001", "\n\r\t", "a,b,,c", "%00%2e%2e", "{\"a\": 1}", "[]", "insutype,month,town_code,level_class",
)  # fmt: skip
#: people's own words never come as these
RAW = (IMAGE, "<script>alert(1)", "[a](javascript:alert")


class Attacker(Visitor):
    """A tab that looks at every Markdown and HTML element it gets."""

    def _finished(self, screen: str, content: bytes | str) -> bool:
        assert isinstance(content, bytes)
        message = ForwardMsg.FromString(content)
        if message.WhichOneof("type") == "delta":
            element = message.delta.new_element
            for body in (element.markdown.body, element.heading.body, element.alert.body, element.html.body):
                if any(raw in body for raw in RAW):
                    self._counted.errors.append(f"{screen}: a value came through as it is: {body[:120]}")
        return super()._finished(screen, content)


def case(chance: random.Random) -> tuple[Entry, str]:
    """A screen and a query string."""
    pairs = [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.randint(1, 4))]
    return chance.choice(PAGES), urlencode(pairs)


async def attack(address: str, cookie: str, cases: int, seed: int) -> Counted:
    """All cases in one session."""
    counted, chance = Counted(), random.Random(seed)

    async def work(visitor: Visitor) -> None:
        attacker = Attacker(visitor._socket, counted, chance)
        for _ in range(cases):
            entry, query = case(chance)
            before = len(counted.errors)
            counted.seconds.append(await attacker.open(entry, query))
            counted.errors[before:] = [f"{error} | {query[:300]}" for error in counted.errors[before:]]

    await visit(address, cookie, counted, seed, work)
    return counted


def main() -> int:
    """Print how many cases were tried; 1 when one failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(wanted.home or Path(folder) / "home")
        if wanted.home is None:
            run(["demo", "--out", f"{folder}/files", "--scale", "tiny"])
            run(["load", f"{folder}/files", "--home", str(home.root)])
            run(["build", "--home", str(home.root)])
        with served(home.root) as address:
            began = time.monotonic()
            [cookie] = signed_cookies(home, 1, tuple(Role), "hostile")
            counted = asyncio.run(attack(address, cookie, wanted.cases, wanted.seed))
    took = time.monotonic() - began
    print(f"{len(counted.seconds)} hostile addresses in {took:.0f} s, {spread(counted.seconds)}")
    print(f"failed: {len(counted.errors)}")
    for error in counted.errors[:40]:
        print(error)
    return 1 if counted.errors else 0


if __name__ == "__main__":
    sys.exit(main())
