"""Fixtures that many tests share: the tiny demo county as files and as a home that was loaded and built."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from counties import make_two_counties
from homes import copy_home
from streamlit.components.v2 import manifest_scanner

from fundwatch.cli.app import run
from fundwatch.draws.lots import Signer
from fundwatch.home import Home
from fundwatch.home_file import apply_home_file
from fundwatch.meetings.freeze import make_meeting
from fundwatch.state import passwords

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def _no_real_home(monkeypatch, tmp_path):
    """No test reaches a deployment's home by accident; nor does one test's --home stay for the next."""
    monkeypatch.setenv("FUNDWATCH_HOME", str(tmp_path / "unset-home"))


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    """What costs time in every test and proves nothing there; what the product does is looked at in tests of its own.

    bcrypt at its fewest rounds; the installed packages looked through for components of Streamlit once, not at every run of a screen
    (a server does it when it starts).
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "ROUNDS", 4)
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        passwords.nobody_hash.cache_clear()
        yield
    passwords.nobody_hash.cache_clear()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Make a folder once for all workers of a run: the first that asks makes it, the others wait and get a copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        whole = shared / f"made-{name}"
        with open(shared / f"made-{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                draft = shared / f"making-{name}"
                # What a worker that failed has left is no start for another.
                shutil.rmtree(draft, ignore_errors=True)
                make(draft)
                draft.rename(whole)
        own = tmp_path_factory.mktemp(name) / name
        copy_home(whole, own)
        return own

    return made


@pytest.fixture(scope="session")
def demo_files(made_once) -> Path:
    """The tiny demo county's files; read only."""

    def make(folder: Path) -> None:
        assert run(["demo", "--out", str(folder), "--scale", "tiny"]) == 0

    return made_once("files", make)


@pytest.fixture(scope="session")
def demo_home(demo_files, made_once) -> Home:
    """The tiny demo county loaded and built; read only (app state may be written)."""

    def make(folder: Path) -> None:
        assert run(["load", str(demo_files), "--home", str(folder)]) == 0
        assert run(["build", "--home", str(folder)]) == 0

    return Home(made_once("home", make))


@pytest.fixture(scope="session")
def county_home(demo_home, made_once) -> Home:
    """The tiny demo as an installation of two counties (``counties.NAMES``); read only (app state may be written)."""
    return Home(made_once("counties", lambda folder: make_two_counties(demo_home, folder)))


@pytest.fixture
def demo_home_copy(demo_home, tmp_path) -> Home:
    """A copy of the demo home that a test may change."""
    copy_home(demo_home.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def taihe_home(made_once) -> Home:
    """The public totals of one real county, loaded and built; read only (app state may be written)."""
    source = ROOT / "data" / "sample" / "taihe_2021"

    def make(folder: Path) -> None:
        apply_home_file(Home(folder).ensure(), source)
        assert run(["load", str(source), "--home", str(folder)]) == 0
        assert run(["build", "--home", str(folder)]) == 0

    return Home(made_once("taihe", make))


@pytest.fixture(scope="session")
def meeting_home(demo_home, made_once) -> Home:
    """The demo county with one leading-group meeting in preparation, after its newest data; a test that writes takes ``held``."""
    return _with_meeting(demo_home, made_once, "meeting", dt.date(2026, 11, 5))


@pytest.fixture(scope="session")
def taihe_meeting_home(taihe_home, made_once) -> Home:
    """The published totals of one real county with one meeting in preparation."""
    return _with_meeting(taihe_home, made_once, "taihe-meeting", dt.date(2021, 6, 20))


@pytest.fixture
def held(meeting_home, tmp_path) -> Home:
    """A copy of the home with the meeting, to be written to."""
    copy_home(meeting_home.root, tmp_path / "home")
    return Home(tmp_path / "home")


def _with_meeting(home: Home, made_once, name: str, day: dt.date) -> Home:
    def make(folder: Path) -> None:
        copy_home(home.root, folder)
        # read once for all tests: two hundred numbers take their time
        make_meeting(Home(folder), day, Signer("fx01", "分析员01"))

    return Home(made_once(name, make))
