"""The start screen's numbers are computed before somebody waits for them: at the server's start and after each publication.

One thread of the server looks at the version and the settings; when either is new it makes the reads of 监管总览 in its default
period, the alerts of institutions, and the look for alerts, which is recorded. They go through the same caches as the screens, so a
visitor finds them there.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from fundwatch.alerts import current as current_alerts
from fundwatch.home import Home
from fundwatch.settings import Settings
from fundwatch.ui.alerts_views import facts_of
from fundwatch.ui.drift import institution_alerts
from fundwatch.ui.filters import Filters
from fundwatch.ui.lines import overview_lines
from fundwatch.ui.period import Kind, of_kind
from fundwatch.ui.query import Reads, days_through, newest_data
from fundwatch.warehouse import Warehouse

LOG = logging.getLogger("fundwatch")
#: set by ``fundwatch.server``: a test or a single page run alone starts no thread
SERVING = "FUNDWATCH_SERVING"
LOOK_EVERY_SECONDS = 10.0
#: what fell out of the caches in the meantime is made again
AGAIN_AFTER_SECONDS = 600.0
END_WITHIN_SECONDS = 5.0


def keep_warm(home: Home, current: Callable[[Home], Warehouse | None]) -> None:
    """Start the thread once per server; ``current`` gives the published version, None before the first build."""
    if os.environ.get(SERVING):
        _start(str(home.root), current)


def warm(reads: Reads) -> int:
    """Make the reads of the start screen for one version; returns the number of its rows, 0 where nothing is loaded."""
    newest = newest_data(reads)
    if newest is None:
        return 0
    days_through(reads)
    lines = overview_lines(reads, of_kind(Kind.YEAR, newest), Filters({}, {}), newest)
    institution_alerts(reads, newest)
    return len(lines)


@st.cache_resource(show_spinner=False)
def _start(root: str, _current: Callable[[Home], Warehouse | None]) -> threading.Thread:
    stop = threading.Event()
    thread = threading.Thread(
        target=_run, args=(Home(Path(root)), _current, stop), name="fundwatch-warm", daemon=True
    )
    thread.start()

    def end() -> None:
        # Otherwise DuckDB's binding reports what the thread still holds as leaked when the server stops.
        stop.set()
        thread.join(END_WITHIN_SECONDS)

    atexit.register(end)
    return thread


def _run(home: Home, current: Callable[[Home], Warehouse | None], stop: threading.Event) -> None:
    done: tuple[str, str] | None = None
    at = 0.0
    while not stop.is_set():
        if time.monotonic() - at > AGAIN_AFTER_SECONDS:
            done = None
        try:
            state = _look(home, current, done)
        except Exception:
            # a screen will meet the same error and show it; the next look tries again
            LOG.exception("warm")
        else:
            if state != done:
                done, at = state, time.monotonic()
        stop.wait(LOOK_EVERY_SECONDS)


def _look(
    home: Home, current: Callable[[Home], Warehouse | None], done: tuple[str, str] | None
) -> tuple[str, str] | None:
    """Make the reads when version or settings are not those of ``done``; returns what is made now."""
    warehouse, settings = current(home), Settings(home)
    if warehouse is None:
        return None
    state = warehouse.version, settings.version
    if state != done:
        begun = time.monotonic()
        reads = Reads(warehouse, settings)
        count = warm(reads)
        if newest := newest_data(reads):
            # the first look at a version records its alerts
            current_alerts(home, warehouse, settings, lambda: facts_of(reads, newest))
        LOG.info("warm: version %s, %d rows, %.1f s", warehouse.version, count, time.monotonic() - begun)
    return state
