from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.state.db import engine


class FakeClock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_minutes(self, minutes: float) -> None:
        self.seconds += 60 * minutes


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home that the app and the commands find."""
    made = Home(tmp_path / "home").ensure()
    monkeypatch.setenv(HOME_VARIABLE, str(made.root))
    return made


@pytest.fixture
def store(home: Home) -> Engine:
    return engine(home)
