"""Screening rules: one SQL file each in ``queries/rules``, validated, run over a warehouse, explained.

``library()`` reads the files, ``run()`` gives hits (one per rule and settlement), ``explain()`` describes one rule.
A hit is a lead for a person, never a verdict.
"""

from fundwatch.rules.explain import explain
from fundwatch.rules.library import Rule, library, rule_parameters, rules_named
from fundwatch.rules.run import HIT_COLUMNS, Outcome, Screening, run

__all__ = [
    "HIT_COLUMNS", "Outcome", "Rule", "Screening", "explain", "library", "rule_parameters", "rules_named", "run",
]  # fmt: skip
