"""Columns of lists as screens and exports show them: label, kind, unit, code list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from fundwatch.contracts import contracts
from fundwatch.kpi import Kpi


@dataclass(frozen=True)
class Field:
    """One column of a list: field name, Chinese label, kind, unit and code list as in the contract."""

    name: str
    label: str
    kind: str = "text"
    unit: str | None = None
    codes: str | None = None


class Paged(Protocol):
    """Rows that are read a page at a time (``fundwatch.ui.long_list``)."""

    @property
    def schema(self) -> pa.Schema: ...

    @property
    def column_names(self) -> list[str]: ...

    @property
    def num_rows(self) -> int: ...

    def found(self, text: str, columns: Sequence[str]) -> int: ...

    def part(self, text: str, columns: Sequence[str], first: int, count: int) -> pa.Table: ...


def kpi_fields(kpi: Kpi, parts: bool = True) -> list[Field]:
    """The declared columns of a KPI's list; with ``parts`` also its numerator and denominator."""
    found = [Field(c.name, c.label, c.kind, c.unit, c.codes) for c in kpi.columns]
    if parts:
        kind, unit = ("amount", "元") if kpi.unit == "元" else ("quantity", None)
        found.append(Field("numerator", "计入分子", kind, unit))
        if kpi.is_ratio:
            found.append(Field("denominator", "计入分母", kind, unit))
    return found


def contract_fields(table: str, names: Sequence[str] | None = None) -> list[Field]:
    """Columns of a contract table, all or those named, with the contract's labels."""
    contract = contracts()[table]
    wanted = names if names is not None else [column.name for column in contract.columns]
    chosen = [contract.by_name[name] for name in wanted]
    return [Field(c.name, c.label, c.kind, c.unit, c.codes) for c in chosen]


def header(field: Field, units: dict[str, str] | None = None) -> str:
    """The column header with its unit: 应追回金额(万元)."""
    unit = (units or {}).get(field.name, field.unit)
    return f"{field.label}({unit})" if unit else field.label


def visible(fields: Sequence[Field], names: Sequence[str], hidden: frozenset[str]) -> list[Field]:
    """The fields that a list with columns ``names`` has and the person may see."""
    return [field for field in fields if field.name in set(names) and field.name not in hidden]
