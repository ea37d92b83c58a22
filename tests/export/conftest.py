"""A question about the demo county, as a command asks it."""

from __future__ import annotations

import datetime as dt

import pytest

from fundwatch.export.question import question
from fundwatch.screens.period import Period
from fundwatch.screens.reads import remembering
from fundwatch.warehouse import open_warehouse
from fundwatch.workbooks.make import Carrier

PERIOD = Period(dt.date(2026, 1, 1), dt.date(2026, 9, 30))
AT = dt.datetime(2026, 11, 1, 9, 30)


@pytest.fixture(scope="session")
def demo_warehouse(demo_home):
    with open_warehouse(demo_home) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def ask_of(demo_home, demo_warehouse):
    """A function from filters, choices and role to the question."""

    def asked(role=None, **given):
        return question(demo_home, demo_warehouse, PERIOD, given, role)

    with remembering():
        yield asked


@pytest.fixture
def carrier() -> Carrier:
    return Carrier("test01", "分析员01(分析员)", AT, "例行核查")
