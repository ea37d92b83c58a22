"""Fixtures that many tests share: the tiny demo county as files and as a home that was loaded and built."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from fundwatch.cli.app import run
from fundwatch.draws.lots import Signer
from fundwatch.home import Home
from fundwatch.home_file import apply_home_file
from fundwatch.meetings.freeze import make_meeting

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def _no_real_home(monkeypatch, tmp_path):
    """No test reaches a deployment's home by accident; nor does one test's --home stay for the next."""
    monkeypatch.setenv("FUNDWATCH_HOME", str(tmp_path / "unset-home"))


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory) -> Path:
    """The tiny demo county's files; read only."""
    folder = tmp_path_factory.mktemp("demo") / "files"
    assert run(["demo", "--out", str(folder), "--scale", "tiny"]) == 0
    return folder


@pytest.fixture(scope="session")
def demo_home(demo_files, tmp_path_factory) -> Home:
    """The tiny demo county loaded and built; read only (app state may be written)."""
    home = Home(tmp_path_factory.mktemp("demo-home") / "home")
    assert run(["load", str(demo_files), "--home", str(home.root)]) == 0
    assert run(["build", "--home", str(home.root)]) == 0
    return home


@pytest.fixture
def demo_home_copy(demo_home, tmp_path) -> Home:
    """A copy of the demo home that a test may change."""
    shutil.copytree(demo_home.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def taihe_home(tmp_path_factory) -> Home:
    """The public totals of one real county, loaded and built; read only (app state may be written)."""
    folder = ROOT / "data" / "sample" / "taihe_2021"
    home = Home(tmp_path_factory.mktemp("taihe-home") / "home").ensure()
    apply_home_file(home, folder)
    assert run(["load", str(folder), "--home", str(home.root)]) == 0
    assert run(["build", "--home", str(home.root)]) == 0
    return home


@pytest.fixture(scope="session")
def meeting_home(demo_home, tmp_path_factory) -> Home:
    """The demo county with one leading-group meeting in preparation, after its newest data; a test that writes takes ``held``."""
    return _with_meeting(demo_home, tmp_path_factory, dt.date(2026, 11, 5))


@pytest.fixture(scope="session")
def taihe_meeting_home(taihe_home, tmp_path_factory) -> Home:
    """The published totals of one real county with one meeting in preparation."""
    return _with_meeting(taihe_home, tmp_path_factory, dt.date(2021, 6, 20))


@pytest.fixture
def held(meeting_home, tmp_path) -> Home:
    """A copy of the home with the meeting, to be written to."""
    shutil.copytree(meeting_home.root, tmp_path / "home")
    return Home(tmp_path / "home")


def _with_meeting(home: Home, factory, day: dt.date) -> Home:
    root = factory.mktemp("meeting") / "home"
    shutil.copytree(home.root, root)
    # read once for all tests: two hundred numbers take their time
    make_meeting(Home(root), day, Signer("fx01", "分析员01"))
    return Home(root)
