"""What analysts' SQL may read, declared in ``queries/analyst/tables.yaml``: tables, columns, Chinese labels.

An allow-list: what is not named there is not copied into the analysts' file, whatever the marts hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.contracts import Column, Kind, contracts
from fundwatch.errors import UserError
from fundwatch.home import QUERIES
from fundwatch.yaml_text import YAMLError, read_yaml

FOLDER = QUERIES / "analyst"
DECLARED = FOLDER / "tables.yaml"


class Strict(BaseModel):
    """Refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Word(Strict):
    """A column's Chinese label, kind, unit and code list, where no contract gives them."""

    label: str = Field(min_length=1)
    kind: Kind
    unit: str | None = Field(default=None, min_length=1)
    codes: str | None = Field(default=None, min_length=1)


class Declared(Strict):
    """One table as written in the file."""

    title: str = Field(min_length=1)
    grain: str = Field(min_length=1)
    contract: str | None = None
    words: dict[str, Word] = {}
    columns: tuple[str, ...] = Field(min_length=1)


class Declaration(Strict):
    """The whole file."""

    labels: dict[str, Word]
    tables: dict[str, Declared]


@dataclass(frozen=True)
class AnalystColumn:
    """One column: field name, Chinese label, kind as in the contracts, unit, code list."""

    name: str
    label: str
    kind: str
    unit: str | None = None
    codes: str | None = None

    @property
    def header(self) -> str:
        """医疗费总额(元)."""
        return f"{self.label}({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class AnalystTable:
    """One table of the analysts' file. ``sql`` is the select that fills it from the serving file."""

    name: str
    title: str
    grain: str
    columns: tuple[AnalystColumn, ...]
    sql: str


@lru_cache(maxsize=1)
def analyst_tables() -> dict[str, AnalystTable]:
    """All tables by name, in the order of the file; raises UserError naming what is wrong in it."""
    return read_tables(DECLARED)


def read_tables(path: Path) -> dict[str, AnalystTable]:
    """The tables of a declaration file."""
    try:
        declared = Declaration.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (ValidationError, YAMLError) as error:
        raise UserError(f"分析表声明 {path.name} 有误:\n{error}") from error
    faults: list[str] = []
    tables = {}
    for name, table in declared.tables.items():
        columns = [_column(declared, table, column) for column in table.columns]
        missing = [n for n, found in zip(table.columns, columns, strict=True) if found is None]
        withheld = sorted(PERSONAL_COLUMNS.intersection(table.columns) | _free_text(table))
        faults += [f"{name}.{column} 没有中文名" for column in missing]
        faults += [f"{name}.{column} 属于个人或文字内容,不得列入" for column in withheld]
        known = tuple(column for column in columns if column is not None)
        labels = [column.label for column in known]
        faults += [f"{name} 的“{label}”重复" for label in sorted({x for x in labels if labels.count(x) > 1})]
        tables[name] = AnalystTable(name, table.title, table.grain, known, _select(path.parent, name, table))
    if faults:
        raise UserError(f"分析表声明 {path.name} 有误:\n" + "\n".join(faults))
    return tables


def _column(declared: Declaration, table: Declared, name: str) -> AnalystColumn | None:
    word: Word | Column | None = table.words.get(name)
    if word is None and table.contract is not None:
        word = contracts()[table.contract].by_name.get(name)
    word = word or declared.labels.get(name)
    return word and AnalystColumn(name, word.label, word.kind, word.unit, word.codes)


def _free_text(table: Declared) -> set[str]:
    """Columns in which people write what they like, and pseudonyms, by the contract."""
    if table.contract is None:
        return set()
    columns = contracts()[table.contract].columns
    return {c.name for c in columns if c.free_text or c.pseudonym} & set(table.columns)


def _select(folder: Path, name: str, table: Declared) -> str:
    own = folder / f"{name}.sql"
    if own.is_file():
        return own.read_text(encoding="utf-8")
    columns = ", ".join(f'"{column}"' for column in table.columns)
    return f'select {columns} from "{name}"'  # noqa: S608 - names come from the declaration
