"""How far a rule's window carries a change from one settlement month to others.

Windows are judged by *spans*: first and last day of all visits settled in a month. One wild date makes a span long: then more is
made anew than needed, never less.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from fundwatch.build.checks import month_filter
from fundwatch.build.engine import FAULTS, Engine
from fundwatch.build.sources import first_line
from fundwatch.errors import UserError
from fundwatch.rules.header import Reach

#: a settlement whose visit is not dated lies on its settlement day
SPANS = """
with visit as (
    select distinct mdtrt_id from stg_setl_d {where}
), day as (
    select mdtrt_id, cast(setl_time as date) as first_day, cast(setl_time as date) as last_day from stg_setl_d
    union all select mdtrt_id, begndate, coalesce(enddate, begndate) from stg_setl_d
    union all select mdtrt_id, cast(begntime as date), cast(coalesce(endtime, begntime) as date) from stg_mdtrt_d
    union all
    select settlement.mdtrt_id, min(cast(line.fee_ocur_time as date)), max(cast(line.fee_ocur_time as date))
    from stg_fee_list_d as line
    inner join stg_setl_d as settlement on line.setl_id = settlement.setl_id
    inner join visit on settlement.mdtrt_id = visit.mdtrt_id
    group by settlement.mdtrt_id
), spent as (
    select
        day.mdtrt_id,
        min(least(day.first_day, day.last_day)) as first_day,
        max(greatest(day.first_day, day.last_day)) as last_day
    from day
    inner join visit on day.mdtrt_id = visit.mdtrt_id
    group by day.mdtrt_id
)
select settlement.ym, min(spent.first_day), max(spent.last_day)
from stg_setl_d as settlement
inner join spent on settlement.mdtrt_id = spent.mdtrt_id
{where}
group by settlement.ym
"""
HALF = 6
Span = tuple[dt.date, dt.date]
Months = frozenset[str]


def spans(engine: Engine, months: Iterable[str]) -> dict[str, Span]:
    """First and last day of the visits settled in each month; raises UserError when the engine fails."""
    where, values = month_filter(sorted(months))
    try:
        found = engine.fetch(SPANS.format(where=where), values)
    except FAULTS as error:
        raise UserError(f"各月就诊的起止日期无法计算:{first_line(error)}") from error
    return {month: (first, last) for month, first, last in found}


def carried(reach: Reach | None, months: Iterable[str], known: Iterable[Mapping[str, Span]]) -> Months:
    """The months with all those whose visits lie within the rule's reach of theirs, in any of the ``known`` spans."""
    given = frozenset(months)
    all_spans = [(month, span) for one in known for month, span in one.items()]
    if reach is None or not given:
        return given
    if reach.unit == "ever":
        return given | {month for month, _ in all_spans}
    wide = [_widened(reach, span) for month, span in all_spans if month in given]
    return given | {
        month
        for month, span in all_spans
        if any(
            first <= last_day and first_day <= last
            for first, last in wide
            for first_day, last_day in [_widened_unit(reach, span)]
        )
    }


def _widened(reach: Reach, span: Span) -> Span:
    if reach.days is None:
        return _widened_unit(reach, span)
    first, last = span
    room = dt.timedelta(days=reach.days)
    return (
        first - room if first - dt.date.min > room else dt.date.min,
        last + room if dt.date.max - last > room else dt.date.max,
    )


def _widened_unit(reach: Reach, span: Span) -> Span:
    """The span from the first to the last day of the calendar units it touches; by days it stays as it is."""
    first, last = span
    match reach.unit:
        case "month":
            return first.replace(day=1), _month_end(last.year, last.month)
        case "half_year":
            begin = 1 if first.month <= HALF else HALF + 1
            return dt.date(first.year, begin, 1), _month_end(
                last.year, HALF if last.month <= HALF else 2 * HALF
            )
        case "year":
            return dt.date(first.year, 1, 1), dt.date(last.year, 12, 31)
        case _:
            return span


def _month_end(year: int, month: int) -> dt.date:
    if month == 12:
        return dt.date(year, 12, 31)
    return dt.date(year, month + 1, 1) - dt.timedelta(days=1)
