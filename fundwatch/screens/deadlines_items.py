"""The open things behind 待办预警: from ledgers, reports, review queues, coverage lists and tables to rows with clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from fundwatch.clock import OLD_AFTER_DAYS
from fundwatch.contracts import contracts
from fundwatch.kpi.window import last_day
from fundwatch.quality import TableState
from fundwatch.screens.clocks import URGENCY, Standing, clock_words, standing
from fundwatch.screens.deadlines import BY_ID, TOPICS
from fundwatch.screens.drift import Alert
from fundwatch.screens.fields import Field
from fundwatch.ui import numbers

Row = Mapping[str, Any]
STEPS = {"recheck": "待复核", "push": "待推送", "final": "待复审", "feedback": "待反馈", "deduct": "待扣款"}
FIELDS = (
    Field("clock", "时钟"),
    Field("topic_name", "事项"),
    Field("what", "内容"),
    Field("who", "机构或工作组"),
    Field("item_cnt", "件数", "int"),
    Field("due_date", "期限", "date"),
    Field("since", "起算日", "date"),
    Field("note", "说明"),
    Field("item_id", "编号"),
    Field("owner", "责任岗位"),
)
SCHEMA = pa.schema([
    *((name, pa.string()) for name in (
        "topic", "topic_name", "standing", "clock", "what", "who", "note", "item_id", "owner", "fixmedins_code", "case_id",
    )),
    ("item_cnt", pa.int64()), ("due_date", pa.date32()), ("since", pa.date32()),
])  # fmt: skip


def item(
    topic: str, day: dt.date, *, what: str, due: dt.date | None, since: dt.date | None = None, **given: Any
) -> Row:
    """One open thing with its clock; without a due day the days since it waits."""
    known = BY_ID[topic]
    waits = due is None and since is not None
    return {
        "item_cnt": 1,
        **given,
        "topic": topic,
        "topic_name": known.name,
        "owner": known.owner,
        "what": what,
        "due_date": due,
        "since": since,
        "standing": standing(due, None, day).value,
        "clock": f"已等 {(day - since).days} 天" if waits and since else clock_words(due, None, day),
    }


def of_ledgers(rows: Iterable[Row], day: dt.date) -> list[Row]:
    """Rows of ``deadlines_ledger.sql``."""
    return [
        item(
            row["topic"], day, what=row["what"], due=row["due_date"],
            # Only an owed answer is counted from the day it has been owed; a case without due day is just that.
            since=row["since"] if row["topic"] == "reply" else None,
            who=row["who"] or row["fixmedins_code"], note=row["note"], item_id=row["item_id"],
            fixmedins_code=row["fixmedins_code"], case_id=row["case_id"],
        )
        for row in rows
    ]  # fmt: skip


def of_reports(rows: Iterable[Row], day: dt.date) -> list[Row]:
    """Rows of ``deadlines_reports.sql``: what of the six items was not filed."""
    return [
        item(
            "report",
            day,
            what=f"{numbers.month(row['month'])} {row['item']}",
            due=row["due_date"],
            item_id=row["item_id"],
        )
        for row in rows
    ]


def of_review(rows: Iterable[Row], day: dt.date, limit_day: Mapping[dt.date, dt.date]) -> list[Row]:
    """Rows of ``deadlines_review.sql``. ``limit_day``: day of declaration → last day of the first review, empty without a limit."""
    made = []
    for row in rows:
        given = {
            "item_cnt": row["item_cnt"],
            "fixmedins_code": row["fixmedins_code"],
            "who": row["fixmedins_name"] or row["fixmedins_code"],
        }
        if row["step"] == "appeal":
            made.append(item("appeal", day, what="推送后可申诉的疑点", due=row["due_date"], **given))
        elif row["step"] == "first":
            due = limit_day.get(row["since"])
            what = f"{numbers.date(row['since'])} 申报、尚未初审的单据"
            made.append(item("review_first", day, what=what, due=due, since=row["since"], **given))
        else:
            made.append(
                item("review", day, what=f"{STEPS[row['step']]}的疑点", due=None, since=row["since"], **given)
            )
    return made


def of_institutions(topic: str, rows: Iterable[Row], day: dt.date, due: dt.date, what: str) -> list[Row]:
    """Rows of a coverage KPI that are not in the numerator: institutions that still have to do it, or to be seen, by ``due``."""
    return [
        item(topic, day, what=what, due=due, who=row["fixmedins_name"], fixmedins_code=row["fixmedins_code"])
        for row in rows
        if not row["numerator"]
    ]


def of_tables(states: Iterable[TableState], today: dt.date) -> list[Row]:
    """Tables that should have been loaded again: claim tables a week after their newest day, tables kept by month a week after the
    end of the following month. Ledgers without a rhythm of their own are never late."""
    made = []
    for state in states:
        newest = state.data_through
        if not (state.is_loaded and state.is_monthly and newest):
            continue
        covered = (
            newest if contracts()[state.table].by_month else last_day(last_day(newest) + dt.timedelta(days=1))
        )
        due = covered + dt.timedelta(days=OLD_AFTER_DAYS)
        made.append(
            item(
                "data",
                today,
                what=f"“{state.title}”数据截至 {numbers.date(newest)}",
                due=due,
            )
        )
    return made


def listed(items: Iterable[Row]) -> pa.Table:
    """All open things, the most urgent first: overdue by due day, then this week, then what waits without a due day."""
    places = {**URGENCY, Standing.NO_DATE: URGENCY[Standing.WEEK] + 0.5}
    order = [topic.id for topic in TOPICS]

    def place(row: Row) -> tuple[float, int, int, str]:
        day = row["due_date"] or row["since"]
        return (
            places[Standing(row["standing"])],
            day.toordinal() if day else 0,
            order.index(row["topic"]),
            str(row.get("who")),
        )

    return pa.Table.from_pylist(sorted(items, key=place), schema=SCHEMA)


ALERT_FIELDS = (
    Field("month", "预警月份"),
    Field("fixmedins_name", "定点医药机构名称"),
    Field("level_class", "级别"),
    Field("kpi", "指标"),
    Field("value", "当月数值"),
    Field("said", "预警(疑点,未核实)"),
)


def of_alerts(alerts: Iterable[Alert]) -> pa.Table:
    """Open alerts of institutions that drift from their level, as they come: the newest month first."""
    rows = [
        {
            "month": numbers.month(alert.month),
            "fixmedins_code": alert.code,
            "fixmedins_name": alert.name,
            "level_class": alert.level,
            "kpi": alert.kpi.label,
            "value": str(numbers.shown(alert.value, alert.kpi.unit)),
            "said": alert.words,
        }
        for alert in alerts
    ]
    names = ("fixmedins_code", *(field.name for field in ALERT_FIELDS))
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))
