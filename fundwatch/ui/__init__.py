"""What screens are made of. The first statement of a page is ``page = start_page(__file__)``."""

from __future__ import annotations

from fundwatch.ui.shell import Page, start_page

__all__ = ["Page", "start_page"]
