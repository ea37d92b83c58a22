"""What the bureau itself decides in rows: comparable base years, event marks, medical categories, working days.

The lake is the one truth: a change made on screen goes through the loader like a file, on its day (``apply``); until then, and for
its history, it stands in the journal (``journal``).
"""

from __future__ import annotations

from fundwatch.bureau.apply import Outcome, apply_due, record_change, undo_change
from fundwatch.bureau.journal import LISTS, ListChange, changes, said
from fundwatch.bureau.rows import Held, rows_held

__all__ = [
    "LISTS", "Held", "ListChange", "Outcome", "apply_due", "changes", "record_change", "rows_held", "said", "undo_change",
]  # fmt: skip
