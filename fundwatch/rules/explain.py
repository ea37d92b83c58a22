"""One rule in words: what it looks for, on what basis, with which values in force."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fundwatch.rules.header import METHODS
from fundwatch.rules.library import Rule, rules_named
from fundwatch.rules.run import Values

#: putting rules into the three national classes is this product's own reading
CLASS_STATUS = "未核实"


def explain(rule_id: str, settings: Values | None = None, on: dt.date | None = None) -> dict[str, Any]:
    """The rule's header with parameter values in force on the day (defaults without settings); UsageError if unknown."""
    rule = rules_named([rule_id])[0]
    header = rule.header
    return {
        "rule_id": rule.rule_id,
        "title": header.title,
        "class": header.class_,
        "class_status": CLASS_STATUS,
        # An unverified source cites no clause.
        "basis": None if header.source_status else header.basis,
        "source_status": header.source_status,
        "level": header.level,
        "amount_method": header.amount_method,
        "amount": METHODS[header.amount_method],
        "params": [_parameter(rule, name, settings, on) for name in header.params],
        "needs": {
            "tables": list(header.needs.tables),
            "knowledge": [one.words for one in header.needs.knowledge],
            "partial": [one.words for one in header.needs.partial],
        },
        "evidence": {"lines": header.lines, **header.evidence.model_dump(exclude_none=True)},
        "not_a_violation": header.not_a_violation,
        "note": header.note,
        "owner": header.owner,
        "reviewed": header.reviewed,
        "version": rule.version,
    }


def _parameter(rule: Rule, name: str, settings: Values | None, on: dt.date | None) -> dict[str, Any]:
    declared = rule.header.params[name]
    value = (
        declared.value if settings is None else settings.get(rule.setting_key(name), on or dt.date.today())
    )
    return {
        "key": rule.setting_key(name), "label": declared.label, "value": str(value), "unit": declared.unit,
        "source": declared.source, "source_status": declared.source_status,
    }  # fmt: skip
