"""How long a screen's script takes on the demo county: first look at a version, and every look after it.

    python benchmarks/pages.py [--scale small] [--runs 9]

Runs each screen of the menu in one process as a signed-in leader. The rerun's ratio is to the quickest screen, so that it
compares on any machine; what the browser draws is not counted.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from fundwatch.access import PAGES, Entry, Role
from fundwatch.cli.app import run
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.signin import SESSION

NAME = "bench"


def make_home(folder: Path, scale: str) -> Home:
    """The demo county, loaded and built; raises RuntimeError when a step fails."""
    home = Home(folder / "home")
    for words in (
        ["demo", "--out", str(folder / "files"), "--scale", scale],
        ["load", str(folder / "files")],
        ["build"],
    ):
        if run([*words, "--home", str(home.root)]):
            raise RuntimeError(" ".join(words))
    Users.of(home).add(NAME, NAME, [Role.LEADER, Role.ANALYST], NAME)
    return home


def seconds(app: AppTest) -> float:
    start = time.perf_counter()
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return time.perf_counter() - start


def measure(home: Home, entry: Entry, runs: int) -> tuple[float, float]:
    """Seconds of the first look, median seconds of the others."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=300)
    app.session_state[SESSION] = Sessions.of(home).issue(NAME)
    first = seconds(app)
    if entry is not PAGES[0]:
        app.switch_page(entry.path)
        first = seconds(app)
    return first, statistics.median(seconds(app) for _ in range(runs))


def main() -> None:
    """Print a line a screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="small")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="fundwatch-bench-") as folder:
        home = make_home(Path(folder), options.scale)
        os.environ[HOME_VARIABLE] = str(home.root)
        screens = [entry for entry in PAGES if entry.in_menu and entry.open_to([Role.LEADER, Role.ANALYST])]
        measured = {entry.title: measure(home, entry, options.runs) for entry in screens}
    quickest = min(rerun for _, rerun in measured.values())
    print(f"demo county at scale {options.scale}, {options.runs} reruns each")
    for title, (first, rerun) in measured.items():
        print(
            f"{title}: first look {first:.2f} s, rerun median {rerun:.3f} s, {rerun / quickest:.1f} times the quickest"
        )


if __name__ == "__main__":
    main()
