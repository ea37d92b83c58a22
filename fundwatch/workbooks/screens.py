"""Which screens have a workbook: a module of this package named after the address (``fund-balance`` → ``fund_balance``)."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from fundwatch.access import PAGES, Entry
from fundwatch.errors import UsageError
from fundwatch.workbooks.parts import Book


@cache
def book_of(url_path: str) -> Book | None:
    """The workbook of a screen, None where it has none."""
    module = f"{__package__}.screen_{url_path.replace('-', '_')}"
    return import_module(module).BOOK if find_spec(module) else None


def screen_named(text: str) -> Entry:
    """The screen that a command means, by address or title. Raises UsageError naming those that have a workbook."""
    known = [entry for entry in PAGES if book_of(entry.url_path)]
    for entry in known:
        if text in (entry.url_path, entry.title):
            return entry
    offered = "、".join(f"{entry.title}({entry.url_path})" for entry in known)
    raise UsageError(f"没有可导出的页面“{text}”。可用:{offered}。")
