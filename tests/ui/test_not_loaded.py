"""What screens say of data that are not there, or not there yet."""

from __future__ import annotations

import pytest
from signed_in import screen_of, texts

from fundwatch.access import Role
from fundwatch.home import HOME_VARIABLE


@pytest.mark.parametrize(
    "path", ["pages/inspection/coverage.py", "pages/review/rejection.py", "pages/post/screening.py"]
)
def test_a_screen_whose_tables_were_never_loaded_leads_to_where_they_are_loaded(
    taihe_home, monkeypatch, path
):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, path, Role.LEADER)
    assert not app.exception
    assert "本页指标无数据 · 版本" in texts(app)
    assert "打开“数据质量”" in [link.proto.label for link in app.get("page_link")]


def test_a_planned_inspection_is_no_data_yet(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    assert "数据截至 2026-10-31 · 版本" in texts(
        screen_of(demo_home, "pages/inspection/coverage.py", Role.LEADER)
    )
