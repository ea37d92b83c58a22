"""A KPI names the screen that shows it by the address of the page table."""

import pytest

from fundwatch.access import entry_at
from fundwatch.kpi import declarations


@pytest.mark.parametrize("kpi", declarations().values(), ids=lambda kpi: kpi.id)
def test_the_screen_of_a_kpi_is_in_the_page_table(kpi):
    assert entry_at(kpi.screen) is not None
