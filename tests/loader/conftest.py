"""Fixtures of the loader's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import KEY, Desk

from fundwatch.loader.privacy import KEY_VARIABLE


@pytest.fixture(autouse=True)
def _known_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
