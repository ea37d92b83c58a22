"""Which contract tables a KPI reads, from its declaration and the models behind it; and which KPIs a table feeds."""

from __future__ import annotations

import re
from functools import lru_cache

from fundwatch.build.hit_tables import TABLES as HIT_TABLES
from fundwatch.build.models import read_model
from fundwatch.contracts import contracts
from fundwatch.home import QUERIES
from fundwatch.kpi import Kpi, declarations
from fundwatch.rules import library

MODEL = re.compile(r"\b(?:dim|fct|stg)_[a-z][a-z0-9_]*")


def models_of(kpi: Kpi) -> tuple[str, ...]:
    """The marts that the KPI's list reads, in alphabetical order."""
    found = {name for text in [kpi.asof.source, *kpi.listing.sql_texts()] for name in MODEL.findall(text)}
    if kpi.listing.has_institution:
        found.add("dim_institution")
    if kpi.listing.kind == "state":
        found.add("fct_agreement")
    return tuple(sorted(found))


def tables_of(kpi: Kpi) -> tuple[str, ...]:
    """The contract tables behind those marts."""
    return tuple(sorted({table for model in models_of(kpi) for table in tables_behind(model)}))


def kpis_of(table: str) -> tuple[Kpi, ...]:
    """The KPIs whose numbers change with this table, in declared order."""
    return tuple(kpi for kpi in declarations().values() if table in tables_of(kpi))


@lru_cache(maxsize=256)
def tables_behind(model: str) -> frozenset[str]:
    """The contract tables a model reads, through other models."""
    if model.startswith("stg_"):
        return frozenset({model.removeprefix("stg_")} & contracts().keys())
    if model in HIT_TABLES:
        # Made by the build from the rules: what they look at is behind a hit.
        return frozenset(table for rule in library().values() for table in rule.header.needs.tables)
    read = read_model(QUERIES / "marts" / f"{model}.sql")
    return frozenset(table for name in read.reads for table in tables_behind(name))
