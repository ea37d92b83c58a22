"""The tables and charts of a meeting, once for slides, documents and workbook: words made from frozen numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from fundwatch import numbers
from fundwatch.documents import Chart, Column, Series, Table
from fundwatch.meetings import compare
from fundwatch.meetings.brief import Brief, Part
from fundwatch.meetings.compare import Change
from fundwatch.meetings.decisions import Decision
from fundwatch.meetings.facts import FactAlert, FactCase, FactLine, Facts, FactTask
from fundwatch.ui.targets import target_line

NOT_YET, UNCHECKED = "尚未填写", "尚未核实"
STANDING = {"good": "达标", "bad": "未达标", "attention": "期限未到", "neutral": ""}
#: a line of fewer months is no line
LEAST_MONTHS = 3
#: tables named where data are missing
NAMED = 3
MANY = Decimal(10_000)


def lines_table(title: str, lines: Iterable[FactLine], brief: Brief) -> Table:
    """指标, 本期, 目标, 差距, and 与上次会议相比 where there was one."""
    changed = {change.line.id: change for change in brief.changes}
    columns = [Column("指标", 5), Column("本期", 3, True), Column("目标", 3, True), Column("差距", 5)]
    if brief.before is not None:
        columns.append(Column("较上次会议", 4))
    rows = []
    for line in lines:
        row = [line.name, line.value, line.target, gap_words(line)]
        if brief.before is not None:
            row.append(changed[line.id].difference or numbers.NONE if line.id in changed else numbers.NONE)
        rows.append(tuple(row))
    return Table(title, tuple(columns), tuple(rows))


def gap_words(line: FactLine) -> str:
    """未达标,差 12.1 个百分点; 达标; 期限未到,差 9.1 个百分点; without target the reason or a dash."""
    if line.number is None:
        return line.note or numbers.NONE
    word = STANDING[line.tone]
    if line.tone == "good" or not line.gap:
        return word or numbers.NONE
    return f"{word},{line.gap}" if word else line.gap


def shown_lines(part: Part) -> list[FactLine]:
    """What a group's table has: lines with a target, red first, and key figures; without any of these all that have a value."""
    order = {"bad": 0, "attention": 1, "good": 2, "neutral": 3}
    known = [line for line in part.lines if line.number is not None]
    chosen = [line for line in known if line.tone != "neutral" or line.is_key] or known
    return sorted(chosen, key=lambda line: order[line.tone])


def unknown_words(part: Part) -> str:
    """19 项没有数值,缺“检查”“自查自纠”“六项信息报送”等 8 张表的数据; empty when all have one. Each reason stands in the workbook."""
    without = [line for line in part.lines if line.number is None]
    if not without:
        return ""
    tables = list(dict.fromkeys(name for line in without for name in re.findall("“(.+?)”", line.note)))
    if not tables:
        return f"{len(without)} 项没有数值({without[0].note or '本期没有数据'})"
    named = "".join(f"“{name}”" for name in tables[:NAMED])
    more = f"等 {len(tables)} 张表" if len(tables) > NAMED else "表"
    return f"{len(without)} 项没有数值,缺{named}{more}的数据"


def changes_table(title: str, changes: Sequence[Change]) -> Table:
    """指标, 上次会议, 本次会议, 变化, 达标情况."""
    columns = (
        Column("指标", 5), Column("上次会议", 3, True), Column("本次会议", 3, True), Column("变化", 4, True), Column("说明", 4),
    )  # fmt: skip
    rows = tuple(
        (change.line.name, change.before.value, change.line.value, change.difference or numbers.NONE, change_word(change))
        for change in changes
    )  # fmt: skip
    return Table(title, columns, rows)


def change_word(change: Change) -> str:
    """仍未达标,有好转; 新增未达标; 好转; a dash where nothing is to be said."""
    trend = {"good": "好转", "bad": "变差"}.get(change.tone, "")
    if change.standing == compare.STILL_RED and trend:
        return f"{change.standing},{'有' if change.tone == 'good' else ''}{trend}"
    return change.standing or trend or numbers.NONE


def decisions_table(title: str, decisions: Sequence[Decision], *, with_state: bool) -> Table:
    """工作组, 决定事项, 责任人, 完成时限, and how it stands."""
    columns = [Column("工作组", 3), Column("决定事项", 7), Column("责任人(岗位)", 4), Column("完成时限", 3)]
    if with_state:
        columns.append(Column("办理情况", 4))
    rows = []
    for one in decisions:
        row = [one.group_name, one.text, one.owner, numbers.date(one.due)]
        if with_state:
            row.append(state_words(one))
        rows.append(tuple(row))
    return Table(title, tuple(columns), tuple(rows))


def state_words(one: Decision) -> str:
    """已完成(2026-11-25); 进行中:正在核查; 逾期."""
    day = f"({numbers.date(one.done_on)})" if one.done_on else ""
    return f"{one.progress.value}{day}{f':{one.note}' if one.note else ''}"


def tasks_table(title: str, tasks: Sequence[FactTask]) -> Table:
    """工作组, 任务, 责任人, 完成期限, 进度, 逾期."""
    columns = (
        Column("工作组", 3), Column("任务", 7), Column("责任人(岗位)", 3), Column("完成期限", 3), Column("进度", 2, True),
        Column("逾期天数", 2, True),
    )  # fmt: skip
    rows = tuple(
        (
            task.group_name, task.title, task.owner or numbers.NONE, numbers.date(task.due),
            numbers.NONE if task.progress is None else f"{task.progress}%", str(task.late_days),
        )
        for task in tasks
    )  # fmt: skip
    return Table(title, columns, rows)


def alerts_table(title: str, alerts: Sequence[FactAlert]) -> Table:
    """类型, 对象, 状态, 自何月, 情况, 责任岗位, 核实说明."""
    columns = (
        Column("类型", 3), Column("指标或机构", 4), Column("状态", 2), Column("起始月份", 3), Column("情况", 9), Column("责任岗位", 3),
        Column("核实说明", 4),
    )  # fmt: skip
    rows = tuple(
        (
            one.kind,
            one.name,
            one.state,
            numbers.month(one.since),
            one.reason,
            one.owner,
            one.said or UNCHECKED,
        )
        for one in alerts
    )
    return Table(title, columns, rows)


def only(table: Table, headers: Sequence[str]) -> Table:
    """The table with these columns alone, in its own order."""
    kept = [place for place, column in enumerate(table.columns) if column.header in headers]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


def cases_table(title: str, facts: Facts) -> Table:
    """案由, 来源, 状态, 认定, 应追回, 已追回, 余额; amounts in one unit, the last row all cases of the period."""
    totals = facts.case_totals
    amounts = [case.found for case in facts.cases]
    unit = numbers.money_unit([*amounts, totals.found])
    columns = (
        Column("案由", 8), Column("来源", 3), Column("状态", 3), Column("认定金额", 3, True), Column("应追回", 3, True),
        Column("已追回", 3, True), Column("余额", 3, True),
    )  # fmt: skip

    def words(*values: Decimal | None) -> tuple[str, ...]:
        return tuple(numbers.money_in(value, unit) for value in values)

    rows = [
        (
            case_name(facts, case),
            case.source,
            case.state,
            *words(case.found, case.due, case.done, case.balance),
        )
        for case in facts.cases
    ]
    balance = None if totals.due is None or totals.done is None else totals.due - totals.done
    rows.append(
        (f"本期全部 {totals.count} 件", "", "", *words(totals.found, totals.due, totals.done, balance))
    )
    return Table(title, columns, tuple(rows), unit=f"单位:{unit}", total_rows=1)


def cases_chart(title: str, facts: Facts) -> Chart:
    """The large cases as lying bars: what was found beside what came back."""
    amounts = [case.found for case in facts.cases]
    unit = numbers.money_unit(amounts)

    def scaled(value: Decimal | None) -> Decimal | None:
        return value / MANY if value is not None and unit == "万元" else value

    has_recovery = any(case.done is not None for case in facts.cases)
    series = [Series("认定金额", tuple(scaled(value) for value in amounts))]
    if has_recovery:
        series.append(Series("已追回", tuple(scaled(case.done) for case in facts.cases)))
    words = ";".join(f"{case.title} {numbers.money(case.found)}" for case in facts.cases)
    return Chart(
        title,
        "bar",
        unit,
        tuple(case_name(facts, case) for case in facts.cases),
        tuple(series),
        words,
        decimals=2,
    )


def case_name(facts: Facts, case: FactCase) -> str:
    """The title, with the number where two cases have the same."""
    same = sum(other.title == case.title for other in facts.cases)
    return f"{case.title}({case.case_id})" if same > 1 else case.title


def trend_chart(line: FactLine) -> Chart | None:
    """The last twelve months of a line with its target; None where there are too few months for a line."""
    known = [value for value in line.values if value is not None]
    if len(known) < LEAST_MONTHS:
        return None
    in_wan = line.unit == "元" and max(abs(value) for value in known) >= MANY
    unit = "万元" if in_wan else numbers.beside(line.unit)
    values = tuple(None if v is None else (v / MANY if in_wan else v) for v in line.values)
    series = [Series(line.name, values)]
    goal = target_line(line.goal)
    if goal is not None:
        series.append(Series("目标", tuple(goal / MANY if in_wan else goal for _ in values)))
    months = tuple(month_words(month, not place) for place, month in enumerate(line.months))
    first, last = _ends(line)
    note = f"末 {line.unripe} 个月仍在办理,数值还会变化" if line.unripe else ""
    return Chart(
        f"{line.name}(按月)", "line", unit, months, tuple(series), f"{first};{last}", decimals_of(line), note
    )


def decimals_of(line: FactLine) -> int:
    """Decimals of a line's months on a chart: those of its own value (4.98 %), at least one."""
    if line.unit == "元":
        return 2
    shown = re.search(r"\.(\d+)", line.value)
    return 0 if line.unit in numbers.COUNTS else max(1, len(shown.group(1)) if shown else 0)


def month_words(month: str, with_year: bool) -> str:
    """11月; 25年11月 for the first month and each January."""
    year, number = month[2:4], int(month[5:])
    return f"{year}年{number}月" if with_year or number == 1 else f"{number}月"


def red_points(brief: Brief, line: FactLine) -> tuple[tuple[str, str], ...]:
    """原因, 措施, 责任人(岗位), 完成时限 of a red line; what is not there yet says so."""
    said = brief.comments.get(line.id)
    if said is None:
        return tuple((word, NOT_YET) for word in ("原因", "措施", "责任人(岗位)", "完成时限"))
    return (
        ("原因", said.cause),
        ("措施", said.measure),
        ("责任人(岗位)", said.owner),
        ("完成时限", numbers.date(said.due)),
    )


def source_words(facts: Facts) -> str:
    """What every page carries: data through, version, completeness."""
    share = numbers.percent(facts.completeness) if facts.completeness is not None else numbers.NONE
    return f"数据截至 {numbers.date(facts.newest)} · 冻结版本 {facts.version} · 完整度 {share} · {facts.period_words}"


def china_date(day: dt.date) -> str:
    """2026年11月5日, as a document is dated."""
    return f"{day.year}年{day.month}月{day.day}日"


def _ends(line: FactLine) -> tuple[str, str]:
    known = [
        (month, value) for month, value in zip(line.months, line.values, strict=True) if value is not None
    ]
    first, last = known[0], known[-1]
    said = [
        f"{numbers.month(month)} {numbers.shown(value, line.unit)}" for month, value in (first, last)
    ]  # fmt: skip
    return said[0], said[1]
