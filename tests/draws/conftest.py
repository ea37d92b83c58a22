from __future__ import annotations

from pathlib import Path

import pytest
from small_issue import built

from fundwatch.home import HOME_VARIABLE, Home


@pytest.fixture
def issue_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home of ``small_issue.py``, which a test may change."""
    made = built(tmp_path / "home")
    monkeypatch.setenv(HOME_VARIABLE, str(made.root))
    return made
