"""Ten thousand and more hostile cases in families, with figures.

    python -m benchmarks.hostile [--home HOME] [--share 1.0] [--seed 1] [--only FAMILY]

``--share`` of the usual numbers; ``--only`` one family. Without ``--home`` the tiny demo county is made in a temporary folder. Ends with
status 1 when a case failed, when the server no longer answers, or when a made-up ID number, telephone number or name stands in a log.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.hostile import cells, exports, online, queries, uploads
from benchmarks.hostile.tally import SHOWN, Family, left_in_logs
from benchmarks.kill_promises import marts
from benchmarks.sessions import signed_cookies
from fundwatch.access import Role
from fundwatch.cli.app import run
from fundwatch.home import Home
from tests.browser.stage import served

#: family → usual number of cases
USUAL = {
    "cells": 20_000,
    "queries": 6_000,
    "exports": 4_000,
    "uploads": 1_500,
    "addresses": 1_500,
    "widgets": 600,
}
#: accounts that share the sessions
PEOPLE = 3


def tried(home: Home, share: float, seed: int, names: Sequence[str]) -> tuple[list[Family], list[str]]:
    """The families, each with its share of the usual number of cases, and what went wrong beyond a single case."""
    number = {name: max(round(share * USUAL[name]), 1) for name in names}
    inside: dict[str, Callable[[], Family]] = {
        "cells": lambda: cells.run(number["cells"], seed),
        "queries": lambda: queries.run(number["queries"], seed),
        "exports": lambda: exports.run(number["exports"], seed),
        "uploads": lambda: uploads.run(home, number["uploads"], seed, large=share >= 1),
    }
    families, wrong = [], []
    for name, work in inside.items():
        if name in names:
            families.append(work())
            print(families[-1].line(), flush=True)
    if asked := [name for name in online.FAMILIES if name in names]:
        before = marts(home)
        with served(home.root) as address:
            for name in asked:
                cookies = signed_cookies(home, PEOPLE, tuple(Role), f"hostile-{name}")
                attack = online.addresses if name == "addresses" else online.widgets
                families.append(attack(address, cookies, number[name], seed))
                print(families[-1].line(), flush=True)
            # it still answers, and well
            last = online.addresses(address, signed_cookies(home, 1, tuple(Role), "last"), 5, seed)
            wrong += [f"afterwards: {failure}" for failure in last.failures]
        if marts(home) != before:
            wrong.append("the marts have changed")
    return families, wrong + left_in_logs(home, home.root / "serve.log")


def main() -> int:
    """Print the figures of each family; 1 when anything failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=USUAL)
    wanted = parser.parse_args()
    logging.disable(logging.WARNING)
    # Streamlit's notes on being imported without a server
    logging.getLogger("streamlit").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(wanted.home or Path(folder) / "home")
        if wanted.home is None:
            run(["demo", "--out", f"{folder}/files", "--scale", "tiny"])
            run(["load", f"{folder}/files", "--home", str(home.root)])
            run(["build", "--home", str(home.root)])
        families, wrong = tried(
            home, wanted.share, wanted.seed, [wanted.only] if wanted.only else list(USUAL)
        )
    failed = [f"{family.name}: {failure}" for family in families for failure in family.failures] + wrong
    print(f"{sum(family.cases for family in families):,} hostile cases, failed {len(failed)}")
    for family in families:
        for failure in family.failures[:SHOWN]:
            print(f"{family.name}: {failure}")
    for words in wrong:
        print(words)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
