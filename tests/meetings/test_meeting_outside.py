"""The pack for others: no small count of persons, no text of cases, said in the material and in the log."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from held_meeting import ANALYST, first

from fundwatch.documents.model import as_data
from fundwatch.export.small_cells import PERSON_UNITS
from fundwatch.meetings.book import _sheets as sheets_of
from fundwatch.meetings.brief import brief_of
from fundwatch.meetings.facts import FactAlert, FactCase
from fundwatch.meetings.outside import for_others
from fundwatch.meetings.pack import make_file
from fundwatch.meetings.paper import document_of
from fundwatch.state.audit import listing
from fundwatch.state.db import engine

LEAST = 5
SECRET = "化名甲虚假住院案"


@pytest.fixture
def brief(taihe_meeting_home):
    """The real meeting with three counts of persons put into its lines, a case and an alert."""
    found = brief_of(taihe_meeting_home, first(taihe_meeting_home))
    small, months, large = (
        replace(line, unit="人", number=Decimal(n), numerator=Decimal(n), value=f"{n} 人", sentence=f"本期 {n} 人",
                months=("2021-03", "2021-04"), values=values)
        for line, n, values in zip(
            found.facts.lines, (3, 40, 16), ((Decimal(1), Decimal(2)), (Decimal(37), Decimal(3)), (Decimal(8), Decimal(8))), strict=False
        )
    )  # fmt: skip
    case = FactCase("AJ1", SECRET, "举报", "", "办理", dt.date(2021, 3, 1), "", *[Decimal(1)] * 4)
    alert = FactAlert("突变", "中止人员", "新出现", "2021-03", "由 9 人变为 2 人", "稽核组", "已核实")
    lines = (small, months, large, *found.facts.lines[3:])
    return replace(found, facts=replace(found.facts, lines=lines, cases=(case,), alerts=(alert,)))


def test_small_counts_their_months_and_case_texts_do_not_leave(brief):
    shown = for_others(brief, LEAST)
    small, months, large = shown.facts.lines[:3]
    assert (small.value, small.number, small.numerator, small.values, small.sentence) == (
        "<5",
        None,
        None,
        (),
        "",
    )
    # the value stands; a single small month could be worked out from it
    assert (months.value, months.number, months.values) == ("40 人", Decimal(40), ())
    assert large == brief.facts.lines[2]
    assert shown.facts.lines[3:] == brief.facts.lines[3:]
    document = json.dumps(as_data(document_of(shown)), ensure_ascii=False, default=str)
    book = str(sheets_of(shown))
    for secret in (SECRET, "2 人", "3 人", "本期 3"):
        assert secret not in document, secret
        assert secret not in book, secret
    assert "小于 5 的 2 项写作“<5”" in document.replace(":", ":")
    assert "对外提供" in book
    assert SECRET in str(sheets_of(brief))


def test_the_rule_of_small_cells_holds_for_every_line_of_a_real_meeting(taihe_meeting_home):
    shown = for_others(brief_of(taihe_meeting_home, first(taihe_meeting_home)), LEAST)
    counts = [
        v for line in shown.facts.lines if line.unit in PERSON_UNITS for v in (line.number, *line.values)
    ]
    assert counts
    assert not [value for value in counts if value is not None and 0 < value < LEAST]


def test_the_file_for_others_is_marked_in_the_log(taihe_meeting_home, brief):
    for made, marked in ((brief, False), (for_others(brief, LEAST), True)):
        make_file(taihe_meeting_home, made, "xlsx", ANALYST)
        assert listing(engine(taihe_meeting_home), 1)[0].detail.get("outside", False) is marked
