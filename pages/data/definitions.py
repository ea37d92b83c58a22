"""口径与规则库: every KPI and rule in words, the values in force, and what each field of each table is."""

from fundwatch.ui import start_page
from fundwatch.ui.header import header

page = start_page(__file__, needs_warehouse=False)
header(page)
