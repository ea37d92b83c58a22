"""The start screen's numbers are there before somebody asks: what is made ahead is what the screen reads."""

from __future__ import annotations

import threading

import pytest
import streamlit as st
from signed_in import screen_of, sheets

from fundwatch.access import Role
from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.kpi import declarations
from fundwatch.settings import Settings
from fundwatch.ui.query import Reads
from fundwatch.ui.warm import SERVING, keep_warm, warm
from fundwatch.warehouse import open_warehouse


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "fundwatch-warm"]


def test_the_screen_finds_everything_that_was_made_ahead(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    rows = warm(Reads(open_warehouse(demo_home), Settings(demo_home)))
    assert rows > len(declarations())  # funds have a row for each insurance type
    monkeypatch.setattr("fundwatch.screens.reads.evaluate", lambda *_: pytest.fail("evaluated again"))
    monkeypatch.setattr("fundwatch.screens.reads.data_through", lambda *_: pytest.fail("evaluated again"))
    app = screen_of(demo_home, "pages/overview/supervision.py", Role.LEADER, show="all")
    assert not app.exception
    assert sheets(app).count("<tr") == rows + 1


def test_another_setting_is_another_answer(demo_home_copy, monkeypatch):
    # Copies of one home in one process have one version: what another test computed must not answer here.
    st.cache_data.clear()
    reads = Reads(open_warehouse(demo_home_copy), Settings(demo_home_copy))
    warm(reads)
    asked = []
    monkeypatch.setattr("fundwatch.screens.reads.evaluate", lambda *call: asked.append(call) or [])
    reads.settings.set("target.recovery_rate", "95", None, "试", "局长")
    warm(reads)
    assert asked


def test_only_a_server_starts_the_thread(tmp_path, monkeypatch):
    monkeypatch.delenv(SERVING, raising=False)
    keep_warm(Home(tmp_path).ensure(), lambda _: None)
    assert threads() == []
