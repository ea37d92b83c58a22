"""待办预警: what is open by topic and item by item, institutions that drift. As of today: the period does not act."""

from __future__ import annotations

import pyarrow as pa

from fundwatch.screens import deadlines_items as items
from fundwatch.screens.clocks import SOON_DAYS, WEEK_DAYS, Standing, clock_of
from fundwatch.screens.deadlines import message
from fundwatch.screens.deadlines_reads import open_things
from fundwatch.screens.drift_reads import asked, drifting
from fundwatch.screens.fields import Field
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Part, table

COUNTS = {
    "overdue": ("已超期", Standing.OVERDUE), "week": (f"{WEEK_DAYS}天内", Standing.WEEK), "soon": (f"8至{SOON_DAYS}天", Standing.SOON),
    "later": ("以后", Standing.LATER), "no_date": ("没有期限", Standing.NO_DATE),
}  # fmt: skip
TOPIC_FIELDS = (
    Field("name", "事项"), Field("unit", "单位"), *(Field(name, word, "int") for name, (word, _) in COUNTS.items()),
    Field("nearest", "最急的一项"), Field("owner", "责任岗位"),
)  # fmt: skip


def parts(ask: Ask) -> list[Part]:
    """The topics, all items, the alerts."""
    clock = clock_of(ask.today, ask.newest)
    found = open_things(ask, clock)
    rows = [
        {
            "name": line.topic.name,
            "unit": line.topic.unit,
            "nearest": line.why or line.nearest or "没有待办",
            "owner": line.topic.owner,
        }
        | {name: None if line.why else line.count(stands) for name, (_, stands) in COUNTS.items()}
        for line in found.lines
    ]
    topics = table(rows, [field.name for field in TOPIC_FIELDS], dict.fromkeys(COUNTS, pa.int64()))
    made = [
        Part("事项", topics, TOPIC_FIELDS, f"{message(found.lines, clock.day)}{clock.words}"),
        Part("待办清单", found.table, items.FIELDS, clock.words),
    ]
    if ask.newest is not None:
        alerts = drifting(ask.warehouse, ask.settings, **asked(ask, ask.newest))
        made.append(Part("机构持续偏离预警", items.of_alerts(alerts.open), items.ALERT_FIELDS, alerts.text))
    return made


BOOK = Book((), lambda _: (), parts, follows=("day",))
