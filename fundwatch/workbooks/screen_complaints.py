"""举报投诉: every complaint with its clock, by channel and by month."""

from __future__ import annotations

from fundwatch.screens import complaints as view
from fundwatch.screens.clocks import clock_of
from fundwatch.screens.fields import Field
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Chart, Part, kpi_part, months_part

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
KPIS = ("complaint_reply_rate", "complaint_on_time_rate")


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters."""
    clock = clock_of(ask.today, ask.newest, ask.period.end)
    asked = {"first_day": ask.period.start, "day": clock.day, **ask.lists(BAR)}
    listed = view.ledger(ask.query("complaints_list", **asked).to_pylist(), ask.period.start, clock)
    groups = ask.query("complaints_groups", **asked).to_pylist()
    by_month = Chart("column", "name", ("received_cnt",), "各月收到举报投诉")
    by_channel = Chart("bar", "name", ("received_cnt",), "各渠道收到举报投诉")
    return [
        kpi_part(ask, KPIS),
        months_part(ask, KPIS),
        Part("举报投诉清单", listed, view.FIELDS, clock.words, money="元"),
        Part(
            "分渠道",
            view.by(groups, "channel"),
            [Field("name", "渠道"), *view.GROUP_FIELDS],
            "期内收到的举报投诉。",
            (by_channel,),
            money="元",
        ),
        Part(
            "分月",
            view.by(groups, "month"),
            [Field("name", "收到月份"), *view.GROUP_FIELDS],
            "期内收到的举报投诉。",
            (by_month,),
            money="元",
        ),
    ]


BOOK = Book(BAR, lambda _: KPIS, parts, follows=("day",))
