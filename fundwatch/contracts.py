"""The data contract: one validated declaration per table, read from ``data/contracts/*.yaml``.

Loader, staging SQL, demo, export labels and docs all read these; nothing repeats a column list.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from fundwatch.errors import UserError
from fundwatch.home import CONTRACTS, REFERENCE
from fundwatch.yaml_text import YAMLError, read_yaml

Kind = Literal[
    "code", "text", "flag", "amount", "quantity", "price", "percent", "score", "coordinate",
    "int", "date", "time", "month", "quarter", "year", "issue",
]  # fmt: skip

#: DuckDB type of each kind. Money is decimal to the fen from file to screen.
SQL_TYPES: dict[str, str] = {
    "code": "VARCHAR", "text": "VARCHAR", "flag": "VARCHAR", "month": "VARCHAR", "quarter": "VARCHAR",
    "issue": "VARCHAR", "amount": "DECIMAL(16,2)", "quantity": "DECIMAL(16,4)", "price": "DECIMAL(16,6)",
    "percent": "DECIMAL(9,4)", "score": "DECIMAL(10,2)", "coordinate": "DOUBLE", "int": "BIGINT",
    "year": "INTEGER", "date": "DATE", "time": "TIMESTAMP",
}  # fmt: skip
NUMERIC_KINDS = {"amount", "quantity", "price", "percent", "score", "coordinate", "int"}


class Strict(BaseModel):
    """Refuses unknown keys, so that a misspelt key is an error and not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    """One column: field name, Chinese label, kind, unit where it is a number, and how values are read."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    kind: Kind
    required: bool = False
    unit: str | None = Field(default=None, min_length=1)
    #: name of a list in data/reference/codes.yaml; labels of that list are read as codes
    codes: str | None = Field(default=None, min_length=1)
    #: a value outside a closed list quarantines the row; outside an open one it loads and is named
    closed: bool = False
    pattern: str | None = Field(default=None, min_length=1)
    minimum: int | None = None
    maximum: int | None = None
    #: ID-card and phone numbers in it are masked and counted
    free_text: bool = False
    #: replaced by a keyed hash before anything is written
    pseudonym: bool = False
    #: "table.column" whose unknown keys are counted as a warning (no row is refused for it)
    refers_to: str | None = Field(default=None, pattern=r"^[a-z_]+\.[a-z_]+$")

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.kind]

    @model_validator(mode="after")
    def _unit_where_number(self) -> Column:
        if (self.kind in NUMERIC_KINDS) != (self.unit is not None):
            raise ValueError(f"{self.name}: 数值列必须写单位 unit,非数值列不写")
        if self.closed and not self.codes:
            raise ValueError(f"{self.name}: closed 需要 codes")
        return self


class Contract(Strict):
    """One table: key, columns, the column that dates a row, and how the lake stores it."""

    table: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    origin: Literal["platform", "ledger", "knowledge", "reference"]
    grain: str = Field(min_length=1)
    key: tuple[str, ...] = Field(min_length=1)
    #: the column that dates a row: freshness, completeness by month
    dated_by: str | None = None
    #: claim-scale: Delta partitioned by month of ``dated_by`` (column ``ym``)
    by_month: bool = False
    sort: tuple[str, ...] = ()
    columns: tuple[Column, ...] = Field(min_length=1)

    @field_validator("columns")
    @classmethod
    def _unique(cls, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        names = [column.name for column in columns]
        labels = [column.label for column in columns]
        for words in (names, labels):
            twice = sorted({word for word in words if words.count(word) > 1})
            if twice:
                raise ValueError(f"重复: {', '.join(twice)}")
        return columns

    @model_validator(mode="after")
    def _names_known(self) -> Contract:
        names = {column.name for column in self.columns}
        wanted = {*self.key, *self.sort, *([self.dated_by] if self.dated_by else [])}
        if wanted - names:
            raise ValueError(f"没有声明的列: {', '.join(sorted(wanted - names))}")
        if self.by_month and not self.dated_by:
            raise ValueError("by_month 需要 dated_by")
        return self

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def required(self) -> tuple[str, ...]:
        """Columns a file must have: those marked and the key."""
        return tuple(c.name for c in self.columns if c.required or c.name in self.key)


def read_contract(path: Path) -> Contract:
    """One contract file; raises UserError naming the file and every fault in it."""
    try:
        return Contract.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (ValidationError, YAMLError) as error:
        raise UserError(f"数据约定 {path.name} 有误:\n{error}") from error


@lru_cache(maxsize=1)
def contracts() -> dict[str, Contract]:
    """All contracts by table id, in alphabetical order."""
    found = {path.stem: read_contract(path) for path in sorted(CONTRACTS.glob("*.yaml"))}
    for stem, contract in found.items():
        if stem != contract.table:
            raise UserError(f"数据约定 {stem}.yaml 的 table 写成了 {contract.table}")
    return found


@lru_cache(maxsize=1)
def code_lists() -> dict[str, dict[str, str]]:
    """Code lists by name: code → Chinese label, in the order of data/reference/codes.yaml."""
    text = (REFERENCE / "codes.yaml").read_text(encoding="utf-8")
    return {name: {str(k): str(v) for k, v in codes.items()} for name, codes in read_yaml(text).items()}


@lru_cache(maxsize=1)
def aliases() -> dict[str, str]:
    """Header aliases: alias → field name (data/reference/aliases.yaml)."""
    return dict(read_yaml((REFERENCE / "aliases.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def personal_fields() -> frozenset[str]:
    """Header names that hold personal data and are never read (data/reference/personal_fields.yaml)."""
    return frozenset(read_yaml((REFERENCE / "personal_fields.yaml").read_text(encoding="utf-8")))
