"""KPI engine: declarations, numbers, and the lists behind them."""

from fundwatch.kpi.declaration import DIMENSION_LABELS, FILTERS, Kpi, declarations
from fundwatch.kpi.evaluate import data_through, evaluate, lacking
from fundwatch.kpi.list_writer import Look, Only
from fundwatch.kpi.listing import ListColumn
from fundwatch.kpi.lists import Totals, batches, rows, totals
from fundwatch.kpi.targets import standing
from fundwatch.kpi.value import KpiValue

__all__ = [
    "DIMENSION_LABELS", "FILTERS", "Kpi", "KpiValue", "ListColumn", "Look", "Only", "Totals", "batches", "data_through", "declarations",
    "evaluate", "lacking", "rows", "standing", "totals",
]  # fmt: skip
