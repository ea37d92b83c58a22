"""One county in memory for all tests of this folder; each test fills it anew."""

from __future__ import annotations

import pytest
from kpi_world import World


@pytest.fixture(scope="session")
def world() -> World:
    """A warehouse without files; ``fill`` replaces everything in it."""
    return World()
