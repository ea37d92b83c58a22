"""Addresses read in-process: query strings to periods, filters, cells, choices and trails, whatever they hold.

No error; a period begins before it ends and has words, a year before and a period before; what is shown of an address
is escaped; words that no table knows choose nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlencode

from hypothesis import strategies as st

from benchmarks.hostile.tally import Family, generated
from benchmarks.hostile.words import DATES, VALUES
from fundwatch.access import PAGES, entry_at
from fundwatch.kpi import declarations
from fundwatch.screens.cross import NO_COLUMN, choice_of
from fundwatch.screens.filters import DIMENSIONS, read_filters
from fundwatch.screens.kpi_rows import CELL, cell_of, cell_words, question, splits
from fundwatch.screens.period import kind_of, read_period
from fundwatch.ui.address import Query, back_to, onward, trail_of
from fundwatch.ui.words import escaped

NAMES = (
    "from", "to", "fixmedins_type", "level_class", "medins_natu", "town_code", "insutype", "kpi", "by", "part", "code", "setl_id",
    "case_id", "sample", "level", "show", "month", "report", "meeting", "souc", "topic", "when", "via", "query", "channel", "cell",
    "rule", "page", "person", "view", "value", "key", "row", "col", "share", "heat", "look", "ym", "cluster", "distance", "measure",
    "only", "x' or 1=1", "",
)  # fmt: skip
OPTIONS = {name: {"1": "甲", "2": "乙"} for name in DIMENSIONS}
NEWEST = dt.date(2026, 10, 31)
BARE = re.compile(r"(?<!\\)(\\\\)*[\[\]<>`*$!]")
value = st.one_of(st.sampled_from(VALUES), st.text(max_size=40), st.sampled_from(sorted(declarations())))
day = st.one_of(st.sampled_from(DATES), st.dates().map(str), value)
query = st.dictionaries(
    st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), st.text(max_size=8)), st.lists(value, min_size=1, max_size=3), max_size=6
)  # fmt: skip


def run(cases: int, seed: int) -> Family:
    """A third of the cases each: periods, everything a query string chooses, texts shown."""
    family = Family("query strings")
    generated(family, "periods", st.tuples(day, day), cases // 3, seed, _period)
    generated(family, "choices", query, cases // 3, seed, _choices)
    generated(family, "texts shown", value, cases - 2 * (cases // 3), seed, _shown)
    return family


def _period(days: tuple[str, str]) -> None:
    period = read_period({"from": days[0], "to": days[1]}, NEWEST)
    assert period.start <= period.end
    for each in (period, period.year_before(), period.before(), period.before().year_before()):
        assert each.start <= each.end
        assert each.words
    kind_of(period, NEWEST)


def _choices(given: Query) -> None:
    # as the browser sends it and the server takes it apart
    text = urlencode([(name, each) for name, values in given.items() for each in values], errors="replace")
    read: Query = parse_qs(text, keep_blank_values=True)
    filters = read_filters(read, OPTIONS)
    assert set(filters.chosen) <= set(OPTIONS)
    assert filters.words
    assert not BARE.search(escaped(filters.words))
    choice = choice_of(
        {name: (read.get(name) or [None])[0] for name in ("kpi", "row", "col", "show", "share")}
    )
    if choice is not None:
        assert choice.row in choice.kpi.splittable
        assert choice.col in (None, NO_COLUMN, "", *choice.kpi.splittable)
    known = declarations()
    kpi = known.get((read.get("kpi") or [""])[0], known["rejected_doc_rate"])
    cell = cell_of(kpi, read)
    assert set(cell) <= {*kpi.splittable, "fixmedins_code"}
    question(kpi, filters.chosen, cell)
    cell_words(cell, {})
    splits(kpi, cell)
    assert all(entry_at(word) for word in trail_of(read))
    went = onward(read, PAGES[0].url_path, {CELL: read.get(CELL, [])})
    for position in range(len(trail_of(went)) + 1):
        back_to(went, position)


def _shown(text: str) -> None:
    made = escaped(text)
    assert not BARE.search(made), made
    assert "\n" not in made
    assert entry_at(text) is None or entry_at(text) in PAGES
