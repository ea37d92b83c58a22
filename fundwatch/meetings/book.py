"""The meeting's numbers as a workbook: figures as figures with their units, what was said of red ones, decisions, definitions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from fundwatch.export.files import neutral
from fundwatch.meetings import tables_shown as shown
from fundwatch.meetings.brief import Brief, headline
from fundwatch.meetings.facts import FactLine
from fundwatch.meetings.groups import section_of

#: paper size 9 of the file format
A4 = 9
AMOUNT, RATE, WHOLE = "#,##0.00", "#,##0.0000", "#,##0"
HEADS = {
    "指标": ("工作组", "环节", "指标", "单位", "本期", "分子", "分母", "目标", "差距", "一句话", "责任岗位"),
    "与上次比较": ("指标", "单位", "上次会议", "本次会议", "变化", "说明"),
    "未达标说明": ("工作组", "指标", "本期", "目标", "原因", "措施", "责任人(岗位)", "完成时限"),
    "逾期任务": ("工作组", "任务", "责任人(岗位)", "完成期限", "进度(%)", "逾期天数"),
    "指标预警": ("类型", "指标或机构", "状态", "起始月份", "情况", "责任岗位", "核实说明"),
    "大额案件": ("案件编号", "案由", "来源", "机构", "状态", "立案日期", "时钟", "认定金额(元)", "应追回(元)", "已追回(元)", "余额(元)"),
    "会议决定": ("会议", "编号", "工作组", "决定事项", "责任人(岗位)", "完成时限", "办理情况"),
    "口径": ("指标", "单位", "项目", "内容"),
}  # fmt: skip
Cell = tuple[Any, str]


def as_xlsx(brief: Brief) -> bytes:
    """The workbook; the same meeting in the same state gives the same cells."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties(
            {"title": brief.meeting.title, "author": brief.facts.county, "created": brief.meeting.made_at}
        )
        formats = _formats(book)
        _about(book, brief, formats)
        for name, rows in _sheets(brief).items():
            _sheet(book, name, rows, formats)
    return target.getvalue()


def _sheets(brief: Brief) -> dict[str, list[list[Cell]]]:
    facts = brief.facts
    sheets = {"指标": [_line(line) for line in facts.lines]}
    if brief.before is not None:
        sheets["与上次比较"] = [
            [
                (change.line.name, ""), (change.line.unit, ""), _number(change.before), _number(change.line),
                (change.difference, ""), (shown.change_word(change), ""),
            ]
            for change in brief.changes
        ]  # fmt: skip
    sheets["未达标说明"] = [
        [
            (section_of(line.part), ""), (line.name, ""), (line.value, ""), (line.target, ""),
            *((words, "") for _, words in shown.red_points(brief, line)),
        ]
        for line in facts.red
    ]  # fmt: skip
    sheets["逾期任务"] = [
        [
            (task.group_name, ""), (task.title, ""), (task.owner, ""), (task.due, "date"), (task.progress, WHOLE),
            (task.late_days, WHOLE),
        ]
        for task in facts.late_tasks
    ] or [[(facts.no_tasks or "没有逾期任务", "")]]  # fmt: skip
    sheets["指标预警"] = [
        [(words, "") for words in row] for row in shown.alerts_table("指标预警", facts.alerts).rows
    ] or [[("没有新出现或持续的预警", "")]]
    sheets["大额案件"] = [
        [
            (case.case_id, ""), (case.title, ""), (case.source, ""), (case.institution, ""), (case.state, ""),
            (case.opened, "date"), (case.clock, ""), (case.found, AMOUNT), (case.due, AMOUNT), (case.done, AMOUNT),
            (case.balance, AMOUNT),
        ]
        for case in facts.cases
    ] or [[(facts.no_cases or "没有记载金额的案件", "")]]  # fmt: skip
    sheets["会议决定"] = [
        [
            ("上次及以前" if one.meeting_id != brief.meeting.meeting_id else "本次", ""), (one.decision_id, ""),
            (one.group_name, ""), (one.text, ""), (one.owner, ""), (one.due, "date"), (shown.state_words(one), ""),
        ]
        for one in (*brief.carried, *brief.decided)
    ] or [[("没有登记决定", "")]]  # fmt: skip
    sheets["口径"] = [
        [(definition.label, ""), (definition.unit, ""), (name, ""), (words, "")]
        for definition in facts.definitions
        for name, words in definition.lines
    ]
    if brief.said:
        sheets["口径"].insert(0, [("对外提供", ""), ("", ""), ("", ""), (brief.said, "")])
    return sheets


def _line(line: FactLine) -> list[Cell]:
    money = AMOUNT if line.unit == "元" or line.denominator is not None else WHOLE
    return [
        (section_of(line.part), ""), (line.part, ""), (line.name, ""), (line.unit, ""), _number(line),
        (line.numerator, money), (line.denominator, money), (line.goal, ""), (shown.gap_words(line), ""),
        (line.sentence, ""), (line.owner, ""),
    ]  # fmt: skip


def _number(line: FactLine) -> Cell:
    if line.unit == "元":
        return line.number, AMOUNT
    return line.number, RATE if line.denominator is not None else WHOLE


def _about(book: Any, brief: Brief, formats: dict[str, Any]) -> None:
    meeting, facts = brief.meeting, brief.facts
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    _paper(sheet)
    lines = (
        ("会议", f"{meeting.title}({meeting.state.value})"),
        ("会议编号", meeting.meeting_id),
        ("会议日期", meeting.held_on.isoformat()),
        ("统计区县", facts.county),
        ("结论", headline(brief)),
        ("统计期间", f"{facts.period_start.isoformat()} 至 {facts.period_end.isoformat()}"),
        ("数据", shown.source_words(facts)),
        ("冻结版本", facts.version),
        ("数字指纹", meeting.facts_hash),
        (
            "上次会议",
            f"{brief.before.meeting_id} {brief.before.held_on.isoformat()}" if brief.before else "没有",
        ),
        ("金额单位", "元(见各列标题);百分比为百分数"),
        ("内容", "只含汇总数,不含个人明细"),
    )
    for row, (name, words) in enumerate(lines):
        sheet.write_string(row, 0, name, formats["head"])
        sheet.write_string(row, 1, neutral(words), formats["text"])


def _sheet(book: Any, name: str, rows: Sequence[Sequence[Cell]], formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(name)
    _paper(sheet)
    heads = HEADS[name]
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, formats["head"])
        longest = max(
            (len(str(row[place][0])) for row in rows if len(row) > place and row[place][0]), default=4
        )
        sheet.set_column(place, place, max(10, min(46, 2 * max(len(head), min(longest, 22)) + 2)))
    for number, row in enumerate(rows, 1):
        for place, (value, form) in enumerate(row):
            _write(sheet, number, place, value, formats[form or "text"])
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if rows and len(rows[0]) == len(heads):
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)


def _write(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, column, value, form)
    elif isinstance(value, str):
        sheet.write_string(row, column, neutral(value), form)
    else:
        sheet.write_datetime(row, column, value, form)


def _paper(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_footer("&C第 &P 页,共 &N 页")


def _formats(book: Any) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#DDE3E9", "valign": "top"}
    made = {form: book.add_format({**line, "num_format": form}) for form in (AMOUNT, RATE, WHOLE)}
    made["date"] = book.add_format({**line, "num_format": "yyyy-mm-dd", "align": "left"})
    made["text"] = book.add_format({**line, "num_format": "@", "text_wrap": True})
    made["head"] = book.add_format({**line, "bold": True, "bg_color": "#F6F8FA"})
    return made
