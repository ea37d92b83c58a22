from __future__ import annotations

from pathlib import Path

import pytest
from lake_home import new_home

from fundwatch.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")
