"""This meeting's numbers beside the last one's, each as frozen with its own version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fundwatch import numbers
from fundwatch.meetings.facts import FactLine, Facts, Tone

NEW_RED, NO_LONGER_RED, STILL_RED = "新增未达标", "已转为达标", "仍未达标"


@dataclass(frozen=True)
class Change:
    """One indicator at both meetings. ``difference`` is empty where one side has no value, ``tone`` neutral without direction;
    ``standing`` is one of the three words or empty."""

    line: FactLine
    before: FactLine
    difference: str
    tone: Tone
    standing: str

    @property
    def verdict(self) -> Tone:
        """How the row stands: by the target where one decides, else by the direction of the change."""
        if self.standing:
            return "good" if self.standing == NO_LONGER_RED else "bad"
        return self.tone


def changes(now: Facts, before: Facts) -> list[Change]:
    """The indicators that both meetings know, in declared order."""
    known = {line.id: line for line in before.lines}
    return [_change(line, known[line.id]) for line in now.lines if line.id in known]


def _change(now: FactLine, before: FactLine) -> Change:
    difference, tone = "", "neutral"
    if now.number is not None and before.number is not None:
        difference = numbers.difference(now.number, before.number, now.unit)
        up = difference.startswith("+")
        if difference.startswith(("+", "-")) and now.better != "neither":
            tone = "good" if up == (now.better == "higher") else "bad"
        elif not difference.startswith(("+", "-")):
            difference = "持平"
    standing = ""
    if now.is_red:
        standing = STILL_RED if before.is_red else NEW_RED
    elif before.is_red and now.tone == "good":
        standing = NO_LONGER_RED
    return Change(now, before, difference, tone, standing)  # type: ignore[arg-type]


def message(found: Sequence[Change], now: Facts, before: Facts) -> str:
    """What changed since the last meeting, and which indicators changed sides; says so when both stand on the same data."""
    named = names(found)
    return f"与上次会议相比,{title(found, now, before)}。{f'{named}。' if named else ''}"


def title(found: Sequence[Change], now: Facts, before: Facts) -> str:
    """新增未达标 1 项、仍未达标 17 项;有目标的指标好转 8 项、变差 8 项."""
    if _basis(now) == _basis(before):
        return "数据版本和期间相同,数字没有变化"
    counts = {
        word: sum(change.standing == word for change in found) for word in (NEW_RED, NO_LONGER_RED, STILL_RED)
    }
    judged = [change for change in found if change.line.goal is not None]
    better, worse = (sum(change.tone == tone for change in judged) for tone in ("good", "bad"))
    parts = ["、".join(f"{word} {count} 项" for word, count in counts.items() if count)]
    parts.append(f"有目标的指标好转 {better} 项、变差 {worse} 项")
    return ";".join(part for part in parts if part)


def names(found: Sequence[Change]) -> str:
    """新增未达标:甲、乙;已转为达标:丙; those that changed sides, which a meeting asks about. Empty where none did."""
    said = []
    for word in (NEW_RED, NO_LONGER_RED):
        own = [change.line.name for change in found if change.standing == word]
        if own:
            said.append(f"{word}:{'、'.join(own)}")
    return ";".join(said)


def _basis(facts: Facts) -> tuple[object, ...]:
    return facts.version, facts.settings_version, facts.period_start, facts.period_end


def of_interest(found: Sequence[Change]) -> list[Change]:
    """What a meeting looks at: indicators with a target, and the key figures of the fund."""
    return [change for change in found if change.line.goal is not None or change.line.is_key]
