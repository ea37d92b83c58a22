"""A meeting put together: frozen numbers, what was said of red ones, decisions old and new, and the meeting before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundwatch import numbers
from fundwatch.draws.lots import Signer
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.meetings.comments import Comment, comments
from fundwatch.meetings.compare import Change, changes
from fundwatch.meetings.decisions import Decision, Progress, carried, decided
from fundwatch.meetings.facts import FactLine, Facts, FactTask
from fundwatch.meetings.freeze import facts_of
from fundwatch.meetings.groups import FUND, OFFICE, SECTIONS
from fundwatch.meetings.store import Meeting, State, end_meeting, meetings_before
from fundwatch.screens.overview import insutype_words
from fundwatch.ui.targets import target_line

NAMED = 2
CASES_HEADING, ALERTS_HEADING = "大额案件", "指标预警"


@dataclass(frozen=True)
class Part:
    """What a work group (or the fund) brings: its lines, the red ones, its overdue tasks, decisions it still owes."""

    name: str
    lines: tuple[FactLine, ...]
    late_tasks: tuple[FactTask, ...]
    open_tasks: int
    owed: tuple[Decision, ...]

    @property
    def red(self) -> tuple[FactLine, ...]:
        return tuple(line for line in self.lines if line.is_red)

    @property
    def judged(self) -> tuple[FactLine, ...]:
        """Lines with a target that can be judged on this day."""
        return tuple(line for line in self.lines if line.tone in {"good", "bad", "attention"})

    @property
    def has_numbers(self) -> bool:
        """Whether one of the lines has a value at all."""
        return any(line.number is not None for line in self.lines)

    @property
    def worst(self) -> FactLine | None:
        """The red line that is farthest from its target, in percent of the target."""
        return max(self.red, key=_shortfall, default=None)

    @property
    def message(self) -> str:
        """4 项指标有目标:达标 2 项、未达标 2 项,差距最大的是初审超时率 2.5%(超 2.5 个百分点);逾期任务 1 项."""
        if not self.has_numbers:
            return "没有数值,所需数据尚未载入"
        parts = [fund_words(self.lines)] if self.name == FUND else []
        if self.judged and self.name != FUND:
            worst = self.worst
            which = "差距最大的是" if len(self.red) > 1 else "为"
            named = f",{which}{worst.name} {worst.value}({worst.gap})" if worst else ""
            parts.append(f"{counted(self.judged)}{named}")
        elif self.name != FUND:
            parts.append("没有可以评判的目标")
        if self.late_tasks:
            parts.append(f"逾期任务 {len(self.late_tasks)} 项")
        late = sum(one.progress is Progress.LATE for one in self.owed)
        if late:
            parts.append(f"逾期未办结的会议决定 {late} 项")
        return ";".join(parts)


@dataclass(frozen=True)
class AgendaItem:
    """One point of the agenda: its heading and what it is about, made from numbers."""

    heading: str
    words: str
    group: str = ""


@dataclass(frozen=True)
class Brief:
    """One meeting with everything that its screen, presentation and pack show. ``before`` is None at the first meeting."""

    meeting: Meeting
    facts: Facts
    comments: Mapping[str, Comment]
    carried: tuple[Decision, ...]
    decided: tuple[Decision, ...]
    before: Meeting | None
    before_facts: Facts | None
    changes: tuple[Change, ...]
    #: the note of what is left out for others (``fundwatch.meetings.outside``); empty inside the bureau
    said: str = ""

    @property
    def missing(self) -> tuple[FactLine, ...]:
        """Red lines on which nothing was said yet; while there is one the meeting cannot be closed."""
        return tuple(line for line in self.facts.red if line.id not in self.comments)

    @property
    def is_draft(self) -> bool:
        return self.meeting.state is State.DRAFT

    def part(self, name: str) -> Part:
        """The section of a work group or of the fund."""
        tasks = [task for task in self.facts.tasks if task.group_name == name]
        return Part(
            name,
            tuple(line for line in self.facts.lines if line.part in SECTIONS[name]),
            tuple(task for task in self.facts.late_tasks if task.group_name == name),
            len(tasks),
            tuple(one for one in self.carried if one.group_name == name),
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(self.part(name) for name in SECTIONS)


def brief_of(home: Home, meeting: Meeting) -> Brief:
    """Put a meeting together from the app state; no version is opened. Raises UserError when the frozen numbers were tampered with."""
    facts = facts_of(meeting)
    earlier = meetings_before(home, meeting)
    before = earlier[0] if earlier else None
    before_facts = facts_of(before) if before else None
    return Brief(
        meeting,
        facts,
        comments(home, meeting),
        tuple(carried(home, meeting)),
        tuple(decided(home, meeting)),
        before,
        before_facts,
        tuple(changes(facts, before_facts)) if before_facts else (),
    )


def agenda(brief: Brief) -> list[AgendaItem]:
    """The points in the order of the meeting: old decisions, what changed, the groups' red indicators, tasks, cases, the fund."""
    items = []
    if brief.before is not None:
        items.append(AgendaItem("上次会议决定的落实", carried_words(brief.carried)))
    for part in brief.parts:
        if part.name == OFFICE and not part.red:
            continue
        words = _part_words(part)
        items.append(AgendaItem(f"{part.name}工作情况", words, part.name))
    items.append(AgendaItem("逾期任务", late_task_words(brief.facts)))
    items.append(AgendaItem(ALERTS_HEADING, alert_words(brief.facts)))
    items.append(AgendaItem(CASES_HEADING, case_words(brief.facts)))
    items.append(AgendaItem("研究决定事项", "明确责任岗位和完成时限"))
    return items


def headline(brief: Brief) -> str:
    """The meeting's one sentence."""
    judged = [line for line in brief.facts.lines if line.tone in {"good", "bad", "attention"}]
    if not judged:
        return f"{brief.facts.period_words}没有可以评判的指标,原因见各部分。"
    return f"{brief.facts.period_words},{counted(judged)}。"


def counted(judged: Sequence[FactLine]) -> str:
    """22 项指标有目标:达标 2 项、未达标 18 项、期限未到 2 项."""
    counts = Counter(line.tone for line in judged)
    words = (("good", "达标"), ("bad", "未达标"), ("attention", "期限未到"))
    said = "、".join(f"{word} {counts[tone]} 项" for tone, word in words if counts[tone])
    return f"{len(judged)} 项指标有目标:{said}"


def fund_words(lines: Sequence[FactLine]) -> str:
    """职工当期结余 1,261.43 万元、可支付月数 6.7 个月;居民…; what is known of each fund, never added up."""
    said = []
    for code in dict.fromkeys(line.insutype for line in lines if line.insutype):
        own = {line.kpi: line for line in lines if line.insutype == code and line.number is not None}
        chosen = [own[kpi] for kpi in ("fund_surplus", "payable_months") if kpi in own]
        chosen = chosen or [own[kpi] for kpi in ("fund_income", "benefit_amount") if kpi in own]
        if chosen:
            said.append(
                insutype_words(str(code)) + "、".join(f"{_short(line)} {line.value}" for line in chosen)
            )
    return ";".join(said) or "没有基金收支数据"


def red_words(red: Sequence[FactLine]) -> str:
    """未达标 3 项:甲 87.9%(差 12.1 个百分点)、乙…等; or that there is none."""
    if not red:
        return "没有未达标的指标"
    named = "、".join(f"{line.name} {line.value}({line.gap})" for line in red[:NAMED])
    return f"未达标 {len(red)} 项:{named}{f'等 {len(red)} 项' if len(red) > NAMED else ''}"


def red_title(line: FactLine) -> str:
    """The finding of one red line: 初审率 99.7%,比目标 100% 差 0.3 个百分点."""
    return f"{line.name} {line.value},目标 {line.target},{line.gap}"


def carried_words(found: Sequence[Decision]) -> str:
    """上次会议以来应落实 5 项:已完成 3 项、逾期 1 项、进行中 1 项."""
    if not found:
        return "没有待落实的决定"
    counts = Counter(one.progress for one in found)
    said = "、".join(
        f"{state.value} {counts[state]} 项"
        for state in (Progress.DONE, Progress.LATE, Progress.RUNNING)
        if counts[state]
    )
    return f"应落实 {len(found)} 项:{said}"


def late_task_words(facts: Facts) -> str:
    """逾期 2 项:事中审核组 1 项、办公室 1 项,最长逾期 12 天; or why nothing is known."""
    if facts.no_tasks:
        return facts.no_tasks
    late = facts.late_tasks
    if not late:
        return f"没有逾期任务,在办 {len(facts.tasks)} 项均未到期" if facts.tasks else "没有逾期任务"
    counts = Counter(task.group_name for task in late)
    groups = "、".join(f"{name} {count} 项" for name, count in counts.items())
    return f"逾期 {len(late)} 项:{groups},最长逾期 {late[0].late_days} 天"


def alert_words(facts: Facts) -> str:
    """新出现 6 项、持续 12 项,其中 3 项已有核实说明; an alert is a lead."""
    if not facts.alerts:
        return "没有新出现或持续的预警"
    counts = Counter(one.state for one in facts.alerts)
    said = sum(bool(one.said) for one in facts.alerts)
    known = f"其中 {said} 项已有核实说明" if said else "尚无核实说明"
    return f"{'、'.join(f'{state} {count} 项' for state, count in counts.items())},{known}"


def case_words(facts: Facts) -> str:
    """有金额的案件 12 件共 34.56 万元,金额最大的 6 件…; or why nothing is known."""
    totals = facts.case_totals
    if facts.no_cases:
        return facts.no_cases
    if not totals.count:
        return "本期台账没有记载金额的案件"
    largest = facts.cases[0]
    return (
        f"本期在册且记载金额的案件 {totals.count} 件,共 {numbers.money(totals.found)};"
        f"金额最大的是“{largest.title}”{numbers.money(largest.found)}"
    )


def _part_words(part: Part) -> str:
    if not part.has_numbers:
        return f"没有数值({part.lines[0].note})"
    if part.name == FUND and not part.red:
        return part.message
    return red_words(part.red)


def _short(line: FactLine) -> str:
    """当期结余 of 当期结余·职工."""
    return line.name.partition("·")[0]


def _shortfall(line: FactLine) -> Decimal:
    goal = target_line(line.goal) or Decimal(0)
    return abs((line.number or Decimal(0)) - goal) / max(abs(goal), Decimal(1))


def close(home: Home, brief: Brief, by: Signer) -> Meeting:
    """Close the meeting. Raises UserError naming the red indicators that still lack a comment."""
    if brief.missing:
        names = "、".join(line.name for line in brief.missing)
        raise UserError(f"还有 {len(brief.missing)} 项未达标指标没有说明,不能定稿:{names}。")
    return end_meeting(home, brief.meeting, State.CLOSED, "", by)
