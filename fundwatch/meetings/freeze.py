"""Making a meeting: its numbers are read once from the version and the settings of the moment, and kept with both.

``reread`` reads them again from the same version and settings, for the proof that nothing has changed since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from fundwatch import alerts
from fundwatch.clock import china_today
from fundwatch.draws.lots import Signer
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.kpi import Kpi, KpiValue, data_through, declarations, evaluate
from fundwatch.meetings.facts import (
    CaseTotals,
    Definition,
    FactAlert,
    FactCase,
    FactLine,
    Facts,
    FactTask,
    as_text,
    from_text,
    hash_of,
)
from fundwatch.meetings.store import Meeting, NewMeeting, add_meeting
from fundwatch.quality import TableState, completeness, table_states
from fundwatch.screens.clocks import clock_of, clock_words
from fundwatch.screens.loop import Ground, Numbers, loop_lines
from fundwatch.screens.overview import Line
from fundwatch.screens.period import Kind, Period, of_kind
from fundwatch.screens.settings_used import parameters_of
from fundwatch.screens.settings_words import setting_words
from fundwatch.screens.sources import NOT_LOADED, earliest_day, with_reasons
from fundwatch.settings import Settings, Values
from fundwatch.steps import page_sql
from fundwatch.warehouse import Warehouse, open_warehouse

TITLE = "医保基金监管领导小组会议"
#: cases named in the agenda; the totals speak of all
CASES_NAMED = 6
NO_FILTER = dict.fromkeys(("fixmedins_type", "level_class", "medins_natu", "town_code", "insutype"))
CASE_FILTERS = ("fixmedins_type", "level_class", "medins_natu", "town_code")


def make_meeting(
    home: Home, held_on: dt.date, by: Signer, *, title: str = TITLE, period: Period | None = None
) -> Meeting:
    """Freeze the served version and the settings as they are now, read the numbers and store the meeting.

    ``period`` None: the year to date of the newest data, not beyond the day of the meeting. Raises UserError before the first build
    and where no data with a date are loaded.
    """
    settings = Settings(home)
    settings_version = settings.version
    values = settings.as_of(settings_version)
    with open_warehouse(home) as warehouse:
        today = min(china_today(), held_on)
        chosen = period or default_period(warehouse, held_on)
        facts = read_facts(warehouse, values, settings_version, chosen, today)
        facts = replace(facts, alerts=_alerts(home, warehouse, settings))
    text = as_text(facts)
    new = NewMeeting(
        held_on=held_on, title=title, version=facts.version, settings_version=settings_version,
        period_start=chosen.start, period_end=chosen.end, facts=text, facts_hash=hash_of(text),
    )  # fmt: skip
    return add_meeting(home, new, by)


def facts_of(meeting: Meeting) -> Facts:
    """The numbers as they were frozen. Raises UserError when they are not those that the log knows."""
    if hash_of(meeting.facts) != meeting.facts_hash:
        raise UserError(f"会议 {meeting.meeting_id} 的冻结数字与登记的指纹不一致,请核对审计日志。")
    return from_text(meeting.facts)


def reread(home: Home, meeting: Meeting) -> list[str]:
    """Names of indicators whose number, read again from the frozen version and settings, differs; empty: all are the same.

    Differences come from a later program, never from later data.
    """
    kept = facts_of(meeting)
    values = Settings(home).as_of(meeting.settings_version)
    with open_warehouse(home, meeting.version) as warehouse:
        numbers = _numbers(warehouse, values, table_states(warehouse))
        found = {
            (value.kpi, value.key if value.by else None): value
            for value in numbers(list(declarations()), meeting.period_start, meeting.period_end)
        }
    return [line.name for line in kept.lines if _differs(line, found.get((line.kpi, line.insutype)))]


def default_period(warehouse: Warehouse, held_on: dt.date) -> Period:
    """The year to date of the newest data, not beyond the day of the meeting. Raises UserError without any dated data."""
    newest = newest_day(warehouse)
    if newest is None:
        raise UserError("本版本没有载入任何有日期的数据,不能生成会议。请先载入数据并生成版本。")
    return of_kind(Kind.YEAR, min(newest, held_on))


def newest_day(warehouse: Warehouse) -> dt.date | None:
    """The newest day of the data, as every screen has it."""
    loaded = warehouse.meta.get("load_date")
    if not loaded:
        return None
    day = dt.date.fromisoformat(loaded[:10])
    found: dt.date | None = warehouse.query(page_sql("newest_day"), {"load_date": day}).to_pylist()[0][
        "newest_day"
    ]
    return found


def read_facts(
    warehouse: Warehouse, values: Values, settings_version: str, period: Period, today: dt.date
) -> Facts:
    """Everything that the meeting shows, from one version and one state of the settings."""
    states = table_states(warehouse)
    newest = newest_day(warehouse)
    day = min(clock_of(today, newest).day, today)
    loaded = dt.date.fromisoformat(warehouse.meta["load_date"][:10])
    ground = Ground(_numbers(warehouse, values, states), states, values, loaded, newest or period.end)
    lines = loop_lines(ground, period)
    tasks, no_tasks = _tasks(warehouse, states, day)
    cases, totals, no_cases = _cases(warehouse, states, period, day)
    return Facts(
        county=str(values.get("county_name", day) or ""),
        version=warehouse.version,
        settings_version=settings_version,
        period_start=period.start,
        period_end=period.end,
        period_words=period.words,
        day=day,
        data_through=earliest_day(data_through(warehouse, values)),
        newest=newest,
        completeness=completeness(states, newest).pct,
        lines=tuple(_line(line) for line in lines),
        tasks=tasks,
        no_tasks=no_tasks,
        cases=cases,
        case_totals=totals,
        no_cases=no_cases,
        definitions=tuple(_definition(kpi, values, period.end) for kpi in declarations().values()),
    )


def _numbers(warehouse: Warehouse, values: Values, states: Sequence[TableState]) -> Numbers:
    def numbers(
        kpis: Sequence[str], start: dt.date, end: dt.date, *, by: str | None = None
    ) -> list[KpiValue]:
        return with_reasons(evaluate(warehouse, values, kpis, start, end, by), states)

    return numbers


def _line(line: Line) -> FactLine:
    number, kpi = line.number, line.kpi
    return FactLine(
        id=line.id,
        kpi=kpi.id,
        insutype=line.insutype,
        part=kpi.group,
        name=line.name,
        unit=kpi.unit,
        better=kpi.better,
        owner=kpi.owner,
        is_key=line.is_key,
        numerator=number.numerator if number else None,
        denominator=number.denominator if number else None,
        number=number.value if number else None,
        goal=number.target if number else None,
        value=line.value,
        target=line.target,
        gap=line.gap,
        tone=line.tone,
        change=line.change,
        sentence=line.sentence,
        note=line.note,
        months=line.series.drawn_months,
        values=line.series.drawn,
        unripe=min(len(line.series.unripe), len(line.series.drawn)),
    )


def _tasks(
    warehouse: Warehouse, states: Sequence[TableState], day: dt.date
) -> tuple[tuple[FactTask, ...], str]:
    why = _not_loaded(states, "work_plan")
    rows = [] if why else warehouse.query(page_sql("meeting_tasks"), {"day": day}).to_pylist()
    return tuple(
        FactTask(
            task_id=row["task_id"], group_name=row["group_name"], title=row["title"], owner=row["owner"] or "",
            due=row["due_date"], progress=None if row["progress"] is None else int(row["progress"]),
            late_days=(day - row["due_date"]).days if row["is_late"] else 0,
        )
        for row in rows
    ), why  # fmt: skip


def _cases(
    warehouse: Warehouse, states: Sequence[TableState], period: Period, day: dt.date
) -> tuple[tuple[FactCase, ...], CaseTotals, str]:
    why = _not_loaded(states, "clue_case")
    given = {
        "first_day": period.start,
        "day": day,
        "shown": CASES_NAMED,
        **{name: NO_FILTER[name] for name in CASE_FILTERS},
    }
    rows = [] if why else warehouse.query(page_sql("meeting_cases"), given).to_pylist()
    first = rows[0] if rows else {}
    totals = CaseTotals(
        first.get("case_cnt", 0), first.get("all_found_amt"), first.get("all_due_amt"), first.get("all_done_amt")
    )  # fmt: skip
    return tuple(
        FactCase(
            case_id=row["case_id"], title=row["title"], source=row["case_souc"], state=row["case_stas"],
            institution=row["fixmedins_name"] or "", opened=row["opened_date"],
            clock=clock_words(row["due_date"], row["closed_date"], day), found=row["found_amt"],
            due=row["due_amt"], done=row["done_amt"], balance=row["balance_amt"],
        )
        for row in rows
    ), totals, why  # fmt: skip


def _alerts(home: Home, warehouse: Warehouse, settings: Settings) -> tuple[FactAlert, ...]:
    """Alerts of the version that are new or last, in the order of 待办预警; those that have ended need no meeting."""
    return tuple(
        FactAlert(
            kind=str(one.kind), name=one.name, state=one.state.value, since=one.since, reason=one.reason, owner=one.owner,
            said=one.acknowledged.comment if one.acknowledged else "",
        )
        for one in alerts.current(home, warehouse, settings)
        if one.state is not alerts.State.ENDED
    )  # fmt: skip


def _not_loaded(states: Sequence[TableState], table: str) -> str:
    state = next(state for state in states if state.table == table)
    return "" if state.is_loaded else f"{NOT_LOADED}:“{state.title}”表从未载入"


def _definition(kpi: Kpi, values: Values, on: dt.date) -> Definition:
    lines = [("分子", kpi.definition.numerator)]
    if kpi.definition.denominator:
        lines.append(("分母", kpi.definition.denominator))
    if kpi.definition.note:
        lines.append(("说明", kpi.definition.note))
    lines += [("依据", f"{policy.document} {policy.clause}") for policy in kpi.policy]
    lines += [("参数", setting_words(values, name, on)) for name in parameters_of(kpi)]
    return Definition(kpi.id, kpi.label, kpi.unit, (*lines, ("责任岗位", kpi.owner)))


def _differs(line: FactLine, value: KpiValue | None) -> bool:
    now = (value.numerator, value.denominator, value.value, value.target) if value else (None,) * 4
    return now != (line.numerator, line.denominator, line.number, line.goal)
