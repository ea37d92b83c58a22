"""Where a setting acts: the KPIs, rules and screens that use it, from their declarations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from fundwatch.access import entry_at
from fundwatch.build.models import read_models
from fundwatch.kpi import Kpi, declarations
from fundwatch.parameters import parameters
from fundwatch.rules import library
from fundwatch.rules.compose import hits_sql
from fundwatch.rules.library import Rule, rule_parameters
from fundwatch.screens.lineage import MODEL, kpis_of, models_of, tables_behind
from fundwatch.settings import TARGET_PREFIX

NAMED = 4
#: lists that act beyond KPIs and rules
LIST_ACTS = {
    "event_mark": "时间图上的事件标记",
    "workday": "各环节的工作日时限和超期判断",
}


@dataclass(frozen=True)
class Acts:
    """Where one setting acts; ``words`` says what no declaration names."""

    kpis: tuple[Kpi, ...] = ()
    rules: tuple[Rule, ...] = ()
    words: str = ""

    @property
    def screens(self) -> tuple[str, ...]:
        """Titles of the screens that show those KPIs, each once."""
        entries = [entry_at(kpi.screen) for kpi in self.kpis]
        return tuple(dict.fromkeys(entry.title for entry in entries if entry))

    def said(self, named: int = NAMED) -> str:
        """指标:…、…等 9 项;规则:…;页面:…; a dash for nothing."""
        parts = [
            _named("指标", [kpi.label for kpi in self.kpis], named),
            _named("规则", [f"{rule.rule_id} {rule.header.title}" for rule in self.rules], named),
            _named("页面", self.screens, named),
            self.words,
        ]
        return ";".join(part for part in parts if part) or "—"


def acts_of(key: str) -> Acts:
    """Where a parameter or a KPI's target (``target.<kpi>``) acts."""
    if key.startswith(TARGET_PREFIX):
        return Acts(kpis=(declarations()[key.removeprefix(TARGET_PREFIX)],))
    if key in rule_parameters():
        return Acts(rules=(rule_parameters()[key][0],))
    marts = models_with(key)
    kpis = [
        kpi for kpi in declarations().values() if key in kpi.parameters or marts.intersection(models_of(kpi))
    ]
    return Acts(kpis=tuple(kpis), words=parameters()[key].acts or "")


def needs_version(key: str) -> bool:
    """Whether the value is worked into a version, so that a change shows with the next one only."""
    return key in rule_parameters() or key in model_parameters()


def acts_of_list(table: str) -> Acts:
    """Where the rows of a list act."""
    return Acts(kpis_of(table), _rules_of(table), LIST_ACTS.get(table, ""))


def models_with(key: str) -> frozenset[str]:
    """Models whose rows depend on the parameter, directly or through another."""
    return model_parameters().get(key, frozenset())


@lru_cache(maxsize=1)
def model_parameters() -> dict[str, frozenset[str]]:
    """Parameter → the models whose rows depend on it; only those that some model names."""
    models = read_models()
    found: dict[str, set[str]] = {key: set() for key in models.parameters}
    for name, model in models.by_name.items():
        for key, behind in found.items():
            if key in model.parameters or behind & model.reads:
                behind.add(name)
    return {key: frozenset(names) for key, names in found.items()}


@lru_cache(maxsize=16)
def _rules_of(table: str) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in library().values()
        if any(table in tables_behind(model) for model in set(MODEL.findall(hits_sql(rule))))
    )


def _named(what: str, labels: Iterable[str], named: int) -> str:
    found = list(labels)
    rest = f"等 {len(found)} 项" if len(found) > named else ""
    return f"{what}:{'、'.join(found[:named])}{rest}" if found else ""
