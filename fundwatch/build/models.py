"""Models of the transform: one ``.sql`` file each, with a YAML header, read and put in order.

A header says what a row is and what must hold; unknown keys are refused. Order comes from the table
references that sqlglot finds, so a model never lists its inputs by hand.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal

import sqlglot
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlglot import exp

from fundwatch.contracts import contracts
from fundwatch.errors import UserError
from fundwatch.home import QUERIES
from fundwatch.kpi.days import DayTable, day_tables
from fundwatch.yaml_text import YAMLError, read_yaml

#: schemas a model may read besides other models: the lake's tables, and the product's own reference lists
SOURCES = ("lake", "reference")
HEADER = re.compile(r"\A\s*/\*\n(?P<yaml>.*?)\*/\s*", re.DOTALL)
NAME = re.compile(r"(stg|dim|fct)_[a-z][a-z0-9_]*")


class Header(BaseModel):
    """What a model promises. ``key`` is checked unique and (but for ``nullable_key``) not null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grain: str = Field(pattern=r"^one row per ")
    key: tuple[str, ...] = Field(min_length=1)
    #: key columns that may be empty; they still count for uniqueness
    nullable_key: tuple[str, ...] = ()
    #: the month column; only changed months are rebuilt
    by_month: Literal["ym"] | None = None
    #: inputs whose months are this model's months (default: its only by_month input)
    months_of: tuple[str, ...] | None = None
    #: another model that must have the same number of rows
    same_rows_as: str | None = None
    note: str | None = Field(default=None, min_length=1)


@dataclass(frozen=True)
class Model:
    """One model: its text as written, its header and what it reads."""

    name: str
    header: Header
    sql: str

    @property
    def is_staging(self) -> bool:
        return self.name.startswith("stg_")

    @cached_property
    def tree(self) -> exp.Query:
        return parse(self.name, self.sql)

    @cached_property
    def reads(self) -> frozenset[str]:
        """Models read by this one."""
        own = {cte.alias for cte in self.tree.find_all(exp.CTE)}
        return frozenset(
            t.name for t in self.tree.find_all(exp.Table) if not t.db and t.name and t.name not in own
        )

    @cached_property
    def sources(self) -> frozenset[tuple[str, str]]:
        """(schema, table) read outside the models, for example ``("lake", "setl_d")``."""
        return frozenset((t.db, t.name) for t in self.tree.find_all(exp.Table) if t.db)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Names of the ``$parameters`` in the text."""
        return frozenset(p.name for p in self.tree.find_all(exp.Placeholder))


@dataclass(frozen=True)
class Models:
    """All models in the order in which they can be built."""

    by_name: dict[str, Model] = field(default_factory=dict)

    @property
    def staging(self) -> list[Model]:
        return [model for model in self.by_name.values() if model.is_staging]

    @property
    def marts(self) -> list[Model]:
        return [model for model in self.by_name.values() if not model.is_staging]

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset().union(*(model.parameters for model in self.by_name.values()))

    def hashes(self, parameters: Mapping[str, Any], reference: str) -> dict[str, str]:
        """A hash per model of all that decides its rows besides data: text, contract types, parameter values,
        shipped reference lists (``reference`` is their hash) and the hashes of the models it reads."""
        found: dict[str, str] = {}
        for name, model in self.by_name.items():
            parts = [
                model.sql,
                {p: str(parameters.get(p)) for p in sorted(model.parameters)},
                reference if any(schema == "reference" for schema, _ in model.sources) else "",
                [_types(table) for schema, table in sorted(model.sources) if schema == "lake"],
                {read: found[read] for read in sorted(model.reads)},
            ]
            text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
            found[name] = hashlib.sha256(text.encode()).hexdigest()
        return found


@lru_cache(maxsize=1024)
def parse(name: str, sql: str) -> exp.Query:
    """The syntax tree of one select, not to be changed; raises UserError naming the model."""
    try:
        trees = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.errors.ParseError as error:
        raise UserError(f"模型 {name} 的 SQL 无法解析:{error}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise UserError(f"模型 {name} 必须恰好是一个 select。")
    return trees[0]


def read_model(path: Path) -> Model:
    """One model file; raises UserError naming the file and every fault of its header."""
    if not NAME.fullmatch(path.stem):
        raise UserError(f"模型文件名 {path.name} 应为 stg_、dim_ 或 fct_ 开头的小写名称。")
    sql = path.read_text(encoding="utf-8")
    found = HEADER.match(sql)
    if not found:
        raise UserError(f"模型 {path.name} 缺少 YAML 头(文件开头的块注释)。")
    try:
        header = Header.model_validate(read_yaml(found["yaml"]))
    except (ValidationError, YAMLError) as error:
        raise UserError(f"模型 {path.name} 的头有误:\n{error}") from error
    return Model(name=path.stem, header=header, sql=sql)


def read_models(folder: Path = QUERIES) -> Models:
    """Models of ``staging`` and ``marts``, and the KPIs' sums by day, in build order; raises UserError for what cannot be read."""
    paths = [*sorted((folder / "staging").glob("*.sql")), *sorted((folder / "marts").glob("*.sql"))]
    return ordered([*map(read_model, paths), *map(_day_model, day_tables(folder))])


def _day_model(table: DayTable) -> Model:
    header = Header(
        grain=table.grain,
        key=table.key,
        nullable_key=table.nullable,
        by_month="ym" if table.months_of else None,
        months_of=(table.months_of,) if table.months_of else None,
    )
    return Model(name=table.name, header=header, sql=table.sql)


def ordered(models: Iterable[Model]) -> Models:
    """Put models in dependency order; raises UserError for unknown tables, wrong layers and cycles."""
    by_name = {model.name: model for model in models}
    faults = [fault for model in by_name.values() for fault in _faults(model, by_name)]
    if faults:
        raise UserError("模型有误:\n" + "\n".join(faults))
    graph = {name: sorted(model.reads) for name, model in sorted(by_name.items())}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise UserError(f"模型互相引用成环:{' → '.join(error.args[1])}") from error
    return Models({name: by_name[name] for name in order})


def _faults(model: Model, known: Mapping[str, Model]) -> list[str]:
    faults = [f"{model.name}:读取了不存在的模型 {name}" for name in sorted(model.reads - known.keys())]
    for schema, table in sorted(model.sources):
        if schema not in SOURCES or (schema == "lake" and table not in contracts()):
            faults.append(f"{model.name}:读取了未知的表 {schema}.{table}")
        if schema == "lake" and not model.is_staging:
            faults.append(f"{model.name}:只有 stg_ 模型可以读取 lake.{table}")
    if model.is_staging and (model.reads or model.sources != {("lake", model.name.removeprefix("stg_"))}):
        faults.append(f"{model.name}:应只读取 lake.{model.name.removeprefix('stg_')}")
    monthly = [name for name in sorted(model.reads) if name in known and known[name].header.by_month]
    if model.header.by_month and len(monthly) > 1 and model.header.months_of is None:
        faults.append(
            f"{model.name}:读取多个按月的模型 {'、'.join(monthly)},须用 months_of 写明哪些月份与它一致"
        )
    named = {*(model.header.months_of or ()), *filter(None, [model.header.same_rows_as])}
    faults += [f"{model.name}:头中提到不存在的模型 {name}" for name in sorted(named - known.keys())]
    return faults


def _types(table: str) -> list[tuple[str, str]]:
    return [(column.name, column.sql_type) for column in contracts()[table].columns]
