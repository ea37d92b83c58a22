"""The meeting as an official document (DOCX, PDF): what was asked, what the numbers say, what was said of them, what was decided."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from fundwatch import numbers
from fundwatch.documents import Block, Document, Paragraph, Section
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
from fundwatch.meetings.findings import DRAFT
from fundwatch.meetings.groups import DUTIES
from fundwatch.meetings.store import State

_FULL = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）"}
#: 1,690 and 10:05 are left as they are
_ASCII = re.compile(r"[;()]|(?<!\d)[,:]|,(?!\d{3}(?!\d))|:(?!\d\d)")


def document_of(brief: Brief) -> Document:
    """The document; the same meeting in the same state gives the same one."""
    meeting, facts = brief.meeting, brief.facts
    state = f"({DRAFT})" if brief.is_draft else ""
    sections = [Section("会议议题", tuple(Paragraph(words) for words in _agenda(brief)))]
    if brief.before is not None:
        sections += [_carried(brief), _changes(brief)]
    sections += [_part(brief, part) for part in brief.parts]
    sections += [_tasks(brief), _alerts(brief), _cases(brief), _decided(brief), _about(brief)]
    return Document(
        title=official(f"{meeting.title}材料{state}"),
        subtitle=official(f"({shown.china_date(meeting.held_on)})"),
        lead=(Paragraph(official(headline(brief))), Paragraph(shown.source_words(facts), small=True)),
        sections=tuple(_set(section) for section in sections),
        made_at=(meeting.ended_at or meeting.made_at).replace(tzinfo=dt.UTC),
        author=facts.county,
        slots={
            "落款单位": f"{facts.county}医疗保障局",
            "落款日期": shown.china_date(meeting.held_on),
        },
    )


def official(text: str) -> str:
    """The text with the punctuation of an official document; thousands separators and times of day keep theirs."""
    return _ASCII.sub(lambda found: _FULL[found.group()], text)


def _set(section: Section) -> Section:
    """A section with its title and running text in official punctuation; tables keep the words of the screen."""
    blocks = tuple(
        replace(block, text=official(block.text)) if isinstance(block, Paragraph) else block
        for block in section.blocks
    )
    return Section(official(section.title), blocks, tuple(_set(inner) for inner in section.sections))


def _agenda(brief: Brief) -> list[str]:
    return [f"{place}.{item.heading}:{item.words}。" for place, item in enumerate(agenda(brief), 1)]


def _carried(brief: Brief) -> Section:
    blocks: list[Block] = [Paragraph(f"{carried_words(brief.carried)}。")]
    if brief.carried:
        blocks.append(shown.decisions_table("上次会议决定的落实情况", brief.carried, with_state=True))
    return Section("上次会议决定的落实", tuple(blocks))


def _changes(brief: Brief) -> Section:
    assert brief.before is not None
    assert brief.before_facts is not None
    found = compare.of_interest(brief.changes)
    blocks: list[Block] = [
        Paragraph(compare.message(found, brief.facts, brief.before_facts)),
        Paragraph(
            f"上次会议({shown.china_date(brief.before.held_on)})的数字取自当时冻结的版本 {brief.before.version},"
            f"期间为{brief.before_facts.period_words}。"
        ),
    ]
    if found:
        blocks.append(shown.changes_table("两次会议的指标", found))
    return Section("与上次会议相比", tuple(blocks))


def _part(brief: Brief, part: Part) -> Section:
    blocks: list[Block] = [Paragraph(f"{DUTIES[part.name]}。{part.message}。")]
    lines = shown.shown_lines(part)
    if lines:
        blocks.append(shown.lines_table(f"{part.name}指标", lines, brief))
    if unknown := shown.unknown_words(part):
        blocks.append(Paragraph(f"注:{unknown}。", small=True))
    chart = shown.trend_chart(part.worst) if part.worst else None
    if chart is not None:
        blocks.append(chart)
    return Section(part.name, tuple(blocks), tuple(_red(brief, line) for line in part.red))


def _red(brief: Brief, line: FactLine) -> Section:
    said = ";".join(f"{label}:{words.rstrip('。;')}" for label, words in shown.red_points(brief, line))
    detail = f"情况:{line.sentence}。" if line.sentence else ""
    return Section(red_title(line), (Paragraph(f"{detail}{said}。"),))


def _tasks(brief: Brief) -> Section:
    blocks: list[Block] = [Paragraph(f"{late_task_words(brief.facts)}。")]
    if brief.facts.late_tasks:
        blocks.append(shown.tasks_table("逾期任务", brief.facts.late_tasks))
    return Section("任务台账", tuple(blocks))


def _alerts(brief: Brief) -> Section:
    blocks: list[Block] = [Paragraph(f"{alert_words(brief.facts)}。")]
    if brief.facts.alerts:
        blocks.append(shown.alerts_table(ALERTS_HEADING, brief.facts.alerts))
        blocks.append(Paragraph("注:预警是提示,待核实,不是结论。", small=True))
    return Section(ALERTS_HEADING, tuple(blocks))


def _cases(brief: Brief) -> Section:
    blocks: list[Block] = [Paragraph(f"{case_words(brief.facts)}。")]
    if brief.facts.cases:
        blocks.append(shown.cases_table("金额最大的案件", brief.facts))
        blocks.append(Paragraph("注:案件是线索或查处中的事项,以最终认定为准。", small=True))
    return Section("大额案件", tuple(blocks))


def _decided(brief: Brief) -> Section:
    if not brief.decided:
        words = "本次会议的决定尚未登记。" if brief.is_draft else "本次会议没有登记决定事项。"
        return Section("会议决定", (Paragraph(words),))
    table = shown.decisions_table("本次会议决定", brief.decided, with_state=False)
    lead = Paragraph(f"会议决定 {len(brief.decided)} 项,下次会议逐项报告落实情况。")
    return Section("会议决定", (lead, table))


def _about(brief: Brief) -> Section:
    """Where the numbers come from, so that anybody can find them again."""
    meeting, facts = brief.meeting, brief.facts
    state = (
        f"本次会议于 {numbers.date(_day(meeting.ended_at))} 由{meeting.ended_by}定稿。"
        if meeting.state is State.CLOSED and meeting.ended_at
        else "本次会议尚未定稿,说明和决定还可能修改。"
    )
    return Section(
        "数据说明",
        (
            Paragraph(
                f"会议编号 {meeting.meeting_id}。数字取自冻结的数据版本 {facts.version} 和当时的参数与目标,此后载入的数据不影响本材料。"
                f"统计期间为{facts.period_words},期限按 {numbers.date(facts.day)} 计算。{state}"
            ),
            Paragraph(
                "各项指标的分子、分母、依据和参数见随附的 Excel 文件“口径”表。材料只含汇总数,不含个人明细。"
            ),
            *([Paragraph(brief.said)] if brief.said else []),
        ),
    )


def _day(moment: dt.datetime | None) -> dt.date | None:
    """The day in China of a time in UTC."""
    return None if moment is None else (moment + dt.timedelta(hours=8)).date()
