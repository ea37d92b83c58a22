"""举报投诉: each complaint followed from receipt to its answer, the most urgent first; by channel and by month of receipt.

Three clocks: acceptance (days until accepted, or waiting), the due day of closing, and the answer, which is owed until it is given:
a complaint that is closed and not answered stays on the list (004 一(一)4: 事事有回复). The contract holds no limit for acceptance
and answer, so these are counted and not judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pyarrow as pa

from fundwatch.kpi.value import ratio
from fundwatch.kpi.window import last_day
from fundwatch.quality import months_between
from fundwatch.screens.clocks import OPEN, URGENCY, Clock, Standing, clock_words, standing
from fundwatch.screens.fields import Field
from fundwatch.ui import numbers
from fundwatch.ui.charts import Point

Row = Mapping[str, Any]
NOTHING = Decimal("0.00")


class Stage(StrEnum):
    """How far a complaint has got; the value is the word on screen."""

    RECEIVED = "待受理"
    ACCEPTED = "办理中"
    CLOSED = "待回复"
    ANSWERED = "已回复"


#: name in the address → (word, which rows it keeps)
NARROWINGS: Mapping[str, tuple[str, Callable[[Row], bool]]] = {
    "all": ("全部(含期初未结)", lambda row: True),
    "received": ("期内收到", lambda row: row["is_received"]),
    "overdue": ("已超期未办结", lambda row: row["standing"] == Standing.OVERDUE),
    "week": ("7天内到期", lambda row: row["standing"] == Standing.WEEK),
    "open": ("未办结", lambda row: row["standing"] in OPEN),
    "waiting": ("待受理", lambda row: row["stage"] == Stage.RECEIVED),
    "no_reply": ("已办结待回复", lambda row: row["stage"] == Stage.CLOSED),
    "verified": ("期内收到且查实", lambda row: row["is_received"] and row["is_verified"]),
    "rewarded": ("期内收到且有奖励", lambda row: row["is_received"] and bool(row["reward_amt"])),
    "case": ("已关联案件", lambda row: row["case_id"] is not None),
}
FIELDS = (
    Field("clock", "时钟"),
    Field("stage", "进度"),
    Field("cmpl_id", "投诉编号"),
    Field("subject", "事由"),
    Field("channel", "渠道"),
    Field("fixmedins_name", "定点医药机构名称"),
    Field("recv_date", "收到日期", "date"),
    Field("accept_date", "受理日期", "date"),
    Field("due_date", "办结期限", "date"),
    Field("closed_date", "办结日期", "date"),
    Field("reply_date", "回复日期", "date"),
    Field("accept_words", "受理用时"),
    Field("reply_words", "回复用时"),
    Field("verified", "是否查实"),
    Field("reward_amt", "奖励金额", "amount", "元"),
    Field("case_id", "关联案件"),
    Field("case_stas", "案件状态"),
)
SCHEMA = pa.schema([
    *((name, pa.string()) for name in (
        "clock", "standing", "stage", "cmpl_id", "subject", "channel", "fixmedins_code", "fixmedins_name", "accept_words",
        "reply_words", "verified", "case_id", "case_stas",
    )),
    *((name, pa.date32()) for name in ("recv_date", "accept_date", "due_date", "closed_date", "reply_date")),
    ("reward_amt", pa.decimal128(18, 2)), ("is_received", pa.bool_()), ("is_verified", pa.bool_()),
])  # fmt: skip


def ledger(rows: Iterable[Row], first_day: dt.date, clock: Clock) -> pa.Table:
    """Rows of ``complaints_list.sql`` with their clocks: overdue first (the longest on top), then closed without answer, then by due
    day, then the answered ones, the newest first."""
    made = [_complaint(row, first_day, clock.day) for row in rows]
    made.sort(key=_order)
    return pa.Table.from_pylist(made, schema=SCHEMA)


def _complaint(row: Row, first_day: dt.date, day: dt.date) -> dict[str, Any]:
    accepted, closed, replied = (_by(row[name], day) for name in ("accept_date", "closed_date", "reply_date"))
    stage = _stage(accepted, closed, replied)
    is_verified = closed is not None and row["verified_flag"] == "1"
    return {
        **{name: row[name] for name in SCHEMA.names if name in row},
        # What came later than the day had not happened on it.
        "accept_date": accepted,
        "closed_date": closed,
        "reply_date": replied,
        "clock": f"待回复 {(day - closed).days} 天"
        if closed is not None and stage is Stage.CLOSED
        else clock_words(row["due_date"], closed, day),
        "standing": standing(row["due_date"], closed, day).value,
        "stage": stage.value,
        "accept_words": _taken(row["recv_date"], accepted, day, waits=stage is Stage.RECEIVED),
        "reply_words": _taken(row["recv_date"], replied, day, waits=True),
        "verified": None if closed is None else ("查实" if is_verified else "未查实"),
        "is_verified": is_verified,
        "is_received": row["recv_date"] >= first_day,
    }


def _by(happened: dt.date | None, day: dt.date) -> dt.date | None:
    return happened if happened is not None and happened <= day else None


def _stage(accepted: dt.date | None, closed: dt.date | None, replied: dt.date | None) -> Stage:
    if closed is not None:
        return Stage.CLOSED if replied is None else Stage.ANSWERED
    return Stage.RECEIVED if accepted is None else Stage.ACCEPTED


def _taken(since: dt.date, until: dt.date | None, day: dt.date, *, waits: bool) -> str:
    """用时 3 天, 当日, 已等 12 天; 未登记 where it is not known and nobody waits any more."""
    if until is not None:
        return "当日" if until == since else f"{(until - since).days} 天"
    return f"已等 {(day - since).days} 天" if waits else "未登记"


def _order(row: Row) -> tuple[int, int, str]:
    stands, stage = Standing(row["standing"]), row["stage"]
    if stage == Stage.ANSWERED:
        return len(URGENCY) + 2, -row["reply_date"].toordinal(), row["cmpl_id"]
    if stage == Stage.CLOSED:
        return 1, row["closed_date"].toordinal(), row["cmpl_id"]
    place = 0 if stands is Standing.OVERDUE else 1 + URGENCY[stands]
    return place, (row["due_date"] or row["recv_date"]).toordinal(), row["cmpl_id"]


@dataclass(frozen=True)
class Counts:
    """The ledger in numbers; ``received`` to ``reward`` are of those received in the period."""

    open: int
    overdue: int
    longest: int
    week: int
    waiting: int
    no_reply: int
    received: int
    replied: int
    closed: int
    verified: int
    reward: Decimal

    @property
    def verified_share(self) -> Decimal | None:
        """查实 ÷ 已办结 of those received in the period, in percent; None when none is closed."""
        return ratio(Decimal(self.verified), Decimal(self.closed), 100)


def counts(table: pa.Table, day: dt.date) -> Counts:
    """How many complaints stand how on ``day``."""
    rows = table.to_pylist()
    received = [row for row in rows if row["is_received"]]
    overdue = [row for row in rows if row["standing"] == Standing.OVERDUE]
    return Counts(
        open=sum(row["standing"] in OPEN for row in rows),
        overdue=len(overdue),
        longest=max(((day - row["due_date"]).days for row in overdue), default=0),
        week=sum(row["standing"] == Standing.WEEK for row in rows),
        waiting=sum(row["stage"] == Stage.RECEIVED for row in rows),
        no_reply=sum(row["stage"] == Stage.CLOSED for row in rows),
        received=len(received),
        replied=sum(row["reply_date"] is not None for row in received),
        closed=sum(row["closed_date"] is not None for row in received),
        verified=sum(row["is_verified"] for row in received),
        reward=sum((row["reward_amt"] for row in received if row["reward_amt"] is not None), NOTHING),
    )


def message(found: Counts, day: dt.date) -> str:
    """The screen's sentence."""
    parts = [f"截至 {numbers.date(day)},期内收到举报投诉 {found.received} 件,已回复 {found.replied} 件"]
    if found.open:
        late = (
            f",其中已超期 {found.overdue} 件(最长超期 {found.longest} 天)" if found.overdue else ",没有超期"
        )
        parts.append(f"未办结 {found.open} 件{late}")
    else:
        parts.append("没有未办结的举报投诉")
    if found.week:
        parts.append(f"7天内到期 {found.week} 件")
    if found.waiting:
        parts.append(f"待受理 {found.waiting} 件")
    if found.no_reply:
        parts.append(f"已办结而没有回复 {found.no_reply} 件")
    return ";".join(parts) + "。"


def narrowed(table: pa.Table, show: str, channels: Iterable[str] = ()) -> pa.Table:
    """The rows that a narrowing keeps, of the chosen channels (none chosen: all)."""
    keep, wanted = NARROWINGS[show][1], set(channels)
    chosen = [keep(row) and (not wanted or channel_of(row) in wanted) for row in table.to_pylist()]
    return table.filter(pa.array(chosen, pa.bool_()))


UNKNOWN = "未登记渠道"


def channel_of(row: Row) -> str:
    """The channel, or 未登记渠道."""
    return row["channel"] or UNKNOWN


COUNTED = (
    "received_cnt",
    "accepted_cnt",
    "closed_cnt",
    "replied_cnt",
    "overdue_cnt",
    "verified_cnt",
    "rewarded_cnt",
)
GROUP_FIELDS = (
    Field("received_cnt", "收到", "int", "件"),
    Field("accepted_cnt", "已受理", "int", "件"),
    Field("closed_cnt", "已办结", "int", "件"),
    Field("replied_cnt", "已回复", "int", "件"),
    Field("overdue_cnt", "已超期", "int", "件"),
    Field("verified_cnt", "查实", "int", "件"),
    Field("verified_pct", "查实率", "percent", "%"),
    Field("reward_amt", "奖励金额", "amount", "元"),
)


def by(rows: Iterable[Row], column: str) -> pa.Table:
    """Rows of ``complaints_groups.sql`` added up by channel (most received first) or by month (in order)."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(channel_of(row) if column == "channel" else row[column], []).append(row)
    made = [_group(name, own) for name, own in groups.items()]
    made.sort(key=lambda row: row["name"] if column == "month" else (-row["received_cnt"], row["name"]))
    schema = [("name", pa.string()), *((name, pa.int64()) for name in COUNTED)]
    schema += [("verified_pct", pa.decimal128(20, 10)), ("reward_amt", pa.decimal128(18, 2))]
    return pa.Table.from_pylist(made, schema=pa.schema(schema))


def _group(name: str, rows: list[Row]) -> dict[str, Any]:
    sums = {counted: sum(row[counted] for row in rows) for counted in COUNTED}
    return {
        "name": name,
        **sums,
        "verified_pct": ratio(Decimal(sums["verified_cnt"]), Decimal(sums["closed_cnt"]), 100),
        "reward_amt": sum((row["reward_amt"] for row in rows), NOTHING),
    }


def months(
    now: Iterable[Row], then: Iterable[Row], first_day: dt.date, day: dt.date, has_last_year: bool
) -> list[Point]:
    """Complaints received in each month from ``first_day`` to ``day``, beside the same month a year earlier; a month cut by either
    end is not whole."""
    received, before = _by_month(now), _by_month(then)
    points = []
    for month in months_between(f"{first_day:%Y-%m}", f"{day:%Y-%m}"):
        start = dt.date.fromisoformat(f"{month}-01")
        is_whole = first_day <= start and last_day(start) <= day
        year_ago = before.get(f"{start.year - 1:04d}{month[4:]}", 0) if has_last_year and is_whole else None
        value = Decimal(received.get(month, 0))
        points.append(Point(month, value, is_whole, None if year_ago is None else Decimal(year_ago)))
    return points


def _by_month(rows: Iterable[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row["month"]] = found.get(row["month"], 0) + row["received_cnt"]
    return found
