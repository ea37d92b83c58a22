"""数据质量: what is loaded, what did not load and why, how complete it is, and the way to load more."""

from fundwatch.ui import start_page
from fundwatch.ui.header import header

page = start_page(__file__, needs_warehouse=False)
header(page)
