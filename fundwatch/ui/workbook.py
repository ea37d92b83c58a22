"""The button for a screen's workbook: everything the screen shows under its period and filters, in one XLSX."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from fundwatch.access import Ability, roles_in_words
from fundwatch.clock import china_today
from fundwatch.export.deliver import asked as log_words
from fundwatch.export.log import record_export
from fundwatch.screens.filters import filter_options, read_filters
from fundwatch.screens.period import read_period
from fundwatch.ui import address
from fundwatch.ui.county import with_county
from fundwatch.ui.export import XLSX_TYPE, allowed, for_others, reason
from fundwatch.ui.query import newest_data
from fundwatch.ui.shell import Page
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.make import Carrier, file_name, make
from fundwatch.workbooks.parts import Book
from fundwatch.workbooks.screens import book_of


def has_workbook(page: Page) -> bool:
    """Whether this screen has a workbook to offer this person."""
    book = book_of(page.entry.url_path) if page.has_data and page.can(Ability.EXPORT) else None
    if book is None or newest_data(page) is None:
        return False
    return all(address.values(name) for name in book.needs)


def workbook_button(page: Page) -> None:
    """The button, and the question for a reason where rows of single persons are in the file."""
    book = book_of(page.entry.url_path)
    if book is None:
        return
    ask = asked(page)
    asks = book.personal and page.can(Ability.PERSONAL)
    outside = for_others("workbook")
    asks = asks and not outside
    why = reason("workbook") if asks else ""
    st.download_button(
        "导出本页工作簿(全部表和图)",
        data=allowed(page, lambda at: workbook_of(page, book, ask, at, why, outside=outside)),
        file_name=file_name(page.entry, ask),
        mime=XLSX_TYPE,
        key="export_workbook",
        icon=":material/table_view:",
        on_click="ignore",
        width="stretch",
        disabled=asks and not why,
    )


def asked(page: Page) -> Ask:
    """The question that the address of the screen stands for."""
    query = address.current()
    newest = newest_data(page) or china_today()
    period = read_period({name: values[0] for name, values in query.items() if values}, newest)
    filters = read_filters(with_county(page.sight.county, query), filter_options(page))
    choices = {name: values[0] for name, values in query.items() if values}
    return Ask(page.home, page.warehouse, page.settings, period, filters, page.hidden_columns, choices)


def workbook_of(
    page: Page, book: Book, ask: Ask, at: dt.datetime, why: str, *, outside: bool = False
) -> bytes:
    """The file, and its line in the log."""
    carrier = Carrier(page.user.username, f"{page.user.post}({roles_in_words(page.roles)})", at, why, outside)
    file = make(page.entry, book, ask, carrier)
    record_export(
        page.home,
        page.user.username,
        f"{page.entry.title}工作簿",
        rows=file.rows,
        sha256=file.sha256,
        detail={"format": "xlsx", "screen": page.entry.url_path, **log_words(ask.only(book.bar), carrier)},
    )
    return file.content
