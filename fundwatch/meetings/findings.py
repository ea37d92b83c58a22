"""A meeting as findings, one to a screen: what the projector shows and what the PPTX holds. Titles are made from the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from fundwatch import numbers
from fundwatch.documents import Chart, Table
from fundwatch.meetings import compare
from fundwatch.meetings import tables_shown as shown
from fundwatch.meetings.brief import (
    ALERTS_HEADING,
    Brief,
    Part,
    agenda,
    alert_words,
    carried_words,
    case_words,
    headline,
    late_task_words,
    red_title,
)
from fundwatch.meetings.facts import FactLine
from fundwatch.meetings.groups import DUTIES

#: rows that stand on one screen without scrolling
ROWS = 8
#: an alert is a sentence of two or three lines; posts and words on it stand in the document and the workbook
ALERT_ROWS, ALERT_COLUMNS = 3, ("指标或机构", "状态", "情况")
DRAFT = "讨论稿"


@dataclass(frozen=True)
class Finding:
    """One screen: section, the finding as its title, a sentence below it, and what proves it.

    ``points`` are labelled sentences (原因, 措施 …); ``big`` the value of a red line. At most one of ``chart`` and ``table`` is wide.
    """

    section: str
    title: str
    lead: str = ""
    big: str = ""
    chart: Chart | None = None
    table: Table | None = None
    points: tuple[tuple[str, str], ...] = ()
    #: row of the table → tone, for the colour beside the word
    tones: tuple[str, ...] = field(default=())
    is_cover: bool = False
    #: the last months of the chart that are still being dealt with: drawn hollow, no judgement
    open_months: int = 0


def findings(brief: Brief) -> list[Finding]:
    """All screens in the order of the meeting."""
    made = [_cover(brief), _agenda(brief)]
    if brief.before is not None:
        made += _carried(brief)
        made += _changes(brief)
    for part in brief.parts:
        made += _part(brief, part)
        made += [_red(brief, line) for line in part.red]
    made += _tasks(brief)
    made += _alerts(brief)
    made += _cases(brief)
    made += _decided(brief)
    return made


def _cover(brief: Brief) -> Finding:
    meeting, facts = brief.meeting, brief.facts
    draft = f"({DRAFT})" if brief.is_draft else ""
    return Finding(
        facts.county,
        f"{meeting.title}{draft}",
        headline(brief),
        points=(("会议日期", shown.china_date(meeting.held_on)), ("数据", shown.source_words(facts))),
        is_cover=True,
    )


def _agenda(brief: Brief) -> Finding:
    items = agenda(brief)
    points = tuple((item.heading, item.words) for item in items)
    return Finding("会议议题", f"今天的议题共 {len(items)} 项", points=points)


def _carried(brief: Brief) -> Iterator[Finding]:
    title = f"上次会议决定{carried_words(brief.carried)}" if brief.carried else "上次会议没有待落实的决定"
    if not brief.carried:
        yield Finding("上次会议决定的落实", title)
        return
    table = shown.decisions_table("上次会议决定的落实", brief.carried, with_state=True)
    tones = {"已完成": "good", "逾期": "bad", "进行中": "neutral"}
    yield from _paged(
        Finding("上次会议决定的落实", title), table, [tones[one.progress.value] for one in brief.carried]
    )


def _changes(brief: Brief) -> Iterator[Finding]:
    assert brief.before is not None
    assert brief.before_facts is not None
    found = compare.of_interest(brief.changes)
    said = compare.title(found, brief.facts, brief.before_facts)
    spans = (
        f"上次会议 {numbers.date(brief.before.held_on)},{brief.before_facts.period_words};"
        f"本次 {brief.facts.period_words}。各用各的冻结版本。{compare.names(found)}"
    )
    judged = [
        change for change in found if change.standing or change.line.tone in {"good", "bad", "attention"}
    ]
    if not judged:
        yield Finding("与上次会议相比", said, spans)
        return
    table = shown.changes_table("与上次会议相比", judged)
    yield from _paged(Finding("与上次会议相比", said, spans), table, [change.verdict for change in judged])


def _part(brief: Brief, part: Part) -> Iterator[Finding]:
    lines = shown.shown_lines(part)
    lead = "。".join(words for words in (DUTIES[part.name], shown.unknown_words(part)) if words)
    frame = Finding(part.name, part.message, lead)
    if not lines:
        yield frame
        return
    table = shown.lines_table(f"{part.name}指标", lines, brief)
    yield from _paged(frame, table, [line.tone for line in lines])


def _red(brief: Brief, line: FactLine) -> Finding:
    return Finding(
        next(part.name for part in brief.parts if line in part.lines),
        red_title(line),
        line.sentence,
        big=line.value,
        chart=shown.trend_chart(line),
        open_months=line.unripe,
        points=shown.red_points(brief, line),
    )


def _tasks(brief: Brief) -> Iterator[Finding]:
    late = brief.facts.late_tasks
    if not late:
        # the agenda has said so
        return
    frame = Finding("任务台账", f"任务台账:{late_task_words(brief.facts)}")
    yield from _paged(frame, shown.tasks_table("逾期任务", late), ["bad"] * len(late))


def _alerts(brief: Brief) -> Iterator[Finding]:
    found = brief.facts.alerts
    if not found:
        # the agenda has said so
        return
    frame = Finding(
        ALERTS_HEADING, f"{ALERTS_HEADING}:{alert_words(brief.facts)}", "预警是提示,待核实,不是结论"
    )
    table = shown.only(shown.alerts_table(ALERTS_HEADING, found), ALERT_COLUMNS)
    yield from _paged(frame, table, ["neutral"] * len(found), ALERT_ROWS)


def _cases(brief: Brief) -> Iterator[Finding]:
    frame = Finding("大额案件", case_words(brief.facts))
    if not brief.facts.cases:
        yield frame
        return
    if len(brief.facts.cases) > 1:
        yield replace(frame, chart=shown.cases_chart("金额最大的案件", brief.facts))
    table = shown.cases_table("金额最大的案件", brief.facts)
    yield replace(frame, table=table, lead=f"{table.unit};案件是线索或查处中的事项,以最终认定为准。")


def _decided(brief: Brief) -> Iterator[Finding]:
    if not brief.decided:
        title = "本次会议的决定尚未登记" if brief.is_draft else "本次会议没有登记决定事项"
        yield Finding("会议决定", title, "决定须写明责任工作组、责任岗位和完成时限,下次会议逐项报告落实情况")
        return
    frame = Finding("会议决定", f"本次会议决定 {len(brief.decided)} 项,下次会议逐项报告落实情况")
    table = shown.decisions_table("本次会议决定", brief.decided, with_state=False)
    yield from _paged(frame, table, ["neutral"] * len(brief.decided))


def _paged(frame: Finding, table: Table, tones: Sequence[str], rows: int = ROWS) -> Iterator[Finding]:
    """The frame with so many rows of the table to a screen."""
    pages = range(0, len(table.rows), rows)
    for first in pages:
        part = replace(table, rows=table.rows[first : first + rows])
        more = f"({first // rows + 1}/{len(pages)})" if len(pages) > 1 else ""
        yield replace(
            frame, section=f"{frame.section}{more}", table=part, tones=tuple(tones[first : first + rows])
        )
