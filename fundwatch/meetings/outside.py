"""A meeting's material as it may leave the bureau: no count of fewer than ``small_cell_min`` persons, no text of cases.

The rule is that of ``fundwatch.export.small_cells``; here a line stands alone, without a total that could give it away but its own
months, so these go with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from fundwatch.export.small_cells import LEFT_OUT, PERSON_UNITS
from fundwatch.meetings.brief import Brief
from fundwatch.meetings.compare import changes
from fundwatch.meetings.facts import FactAlert, FactCase, FactLine, Facts

_COUNTED = re.compile(rf"(?<![\d,.])(\d+)\s*(?:{'|'.join(sorted(PERSON_UNITS, key=len, reverse=True))})")


def for_others(brief: Brief, least: int) -> Brief:
    """The same meeting with small counts of persons and the text of cases left out."""
    facts, hidden = _facts(brief.facts, least)
    before = _facts(brief.before_facts, least)[0] if brief.before_facts else None
    said = f"对外提供:人数、人次、结算笔数小于 {least} 的 {hidden} 项写作“<{least}”,其各月数一并隐去;不含案件文字和个人明细。"
    found = tuple(changes(facts, before)) if before else ()
    return replace(brief, facts=facts, before_facts=before, changes=found, said=said)


def _facts(facts: Facts, least: int) -> tuple[Facts, int]:
    hidden = sum(_is_small(line, least) for line in facts.lines)
    lines = tuple(_line(line, least) if _is_small(line, least) else line for line in facts.lines)
    alerts = tuple(_alert(alert, least) for alert in facts.alerts)
    return replace(facts, lines=lines, alerts=alerts, cases=_cases(facts.cases)), hidden


def _is_small(line: FactLine, least: int) -> bool:
    """Whether the line counts persons and one of its numbers is small."""
    return line.unit in PERSON_UNITS and any(
        value is not None and 0 < value < least for value in (line.number, *line.values)
    )


def _line(line: FactLine, least: int) -> FactLine:
    own = line.number is not None and Decimal(0) < line.number < least
    gone = replace(line, months=(), values=(), change="", sentence="")
    if not own:
        return gone
    words = f"小于 {least} {line.unit},对外提供时隐去"
    return replace(gone, numerator=None, denominator=None, number=None, value=f"<{least}", gap="", note=words)


def _alert(alert: FactAlert, least: int) -> FactAlert:
    small = any(0 < int(count) < least for count in _COUNTED.findall(alert.reason))
    return replace(alert, reason=LEFT_OUT, said=LEFT_OUT) if small else alert


def _cases(cases: Sequence[FactCase]) -> tuple[FactCase, ...]:
    return tuple(replace(case, title=LEFT_OUT) for case in cases)
