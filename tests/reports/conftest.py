from __future__ import annotations

import datetime as dt

import pytest

from fundwatch.reports.monthly import Month, MonthlyReport, monthly_report
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

#: a month with a campaign, entrusted inspections, self-checks supervised and a report that nobody handed in
DEMO_MONTH = Month(2026, 7)
SIGNED = dt.date(2026, 8, 8)


@pytest.fixture(scope="session")
def demo_report(demo_home) -> MonthlyReport:
    return monthly_report(open_warehouse(demo_home), Settings(demo_home), DEMO_MONTH, SIGNED)


@pytest.fixture(scope="session")
def taihe_report(taihe_home) -> MonthlyReport:
    """The month in which the published campaign ran."""
    return monthly_report(
        open_warehouse(taihe_home), Settings(taihe_home), Month(2021, 4), dt.date(2021, 5, 8)
    )
