"""复审抽检: its indicators and the issues; a sample leaves as its own sheet for signatures (``fundwatch.draws.workbook``)."""

from __future__ import annotations

from fundwatch.draws.store import draws
from fundwatch.kpi import declarations
from fundwatch.screens.second_review import HISTORY_FIELDS, history_table
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Part, kpi_part, months_part

KPIS = ("recheck_rate", "recheck_overturn_rate", "extrapolated_rejection")


def kpis(_: Ask) -> list[str]:
    """Those of the screen that are declared."""
    return [kpi for kpi in KPIS if kpi in declarations()]


def parts(ask: Ask) -> list[Part]:
    """The indicators, and which samples were drawn here."""
    history = history_table(draws(ask.home))
    return [
        kpi_part(ask, kpis(ask)),
        months_part(ask, kpis(ask)),
        Part("抽样记录", history, HISTORY_FIELDS, "样本明细和放大计算有单独的签字表,在页面下载。"),
    ]


BOOK = Book((), kpis, parts)
