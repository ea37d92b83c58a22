"""The list a declaration describes: kinds of list, their columns, the parts of a pair.

SQL in it comes from the repository only and holds no values: those are ``$names``, bound at run time. ``fact`` is the source's
row, ``institution`` the row of ``dim_institution`` (NULLs when unknown), ``event`` the event of a state KPI.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from fundwatch.steps import steps_used

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Strict(BaseModel):
    """Refuses unknown keys, so that a misspelt key is an error and not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListColumn(Strict):
    """One column of the list: name, Chinese label, how to show it, and its SQL when it is not the field itself."""

    name: Name
    label: Text
    kind: Literal[
        "code", "text", "flag", "amount", "int", "date", "month", "quarter", "issue", "year", "score", "percent"
    ]  # fmt: skip
    unit: Text | None = None
    codes: Text | None = None
    sql: Text | None = None


#: which side of a pair a row belongs to
PART = ListColumn(name="part", label="部分", kind="text")


class Days(Strict):
    """``by_day``: the build sums the list by day, institution and own dimensions, so that a number costs the same however many rows it
    stands for. ``by_day: true`` is one with the defaults.
    """

    #: the by_month input whose months are those of ``fact.ym``; a table ``stg_x`` by month is its own; None: rebuilt whole
    months_of: Name | None = None
    #: for measures that depend on the period or on parameters: the columns of ``fact`` they read are kept and measured when read
    keep: tuple[Name, ...] = ()


class Number(Strict):
    """``number``: a second way to the number of a list, over sums that the build made. Its rows (grouped by ``key`` within a cell where
    there is one) must add up to what the list does; ``row_cnt`` is the rows of the list that one of them stands for.
    """

    source: Text
    date: Text | None = None
    where: Text | None = None
    institution: Text | None = None
    county: Text | None = None
    key: tuple[Name, ...] = ()
    numerator: Text
    denominator: Text | None = None
    row_cnt: Text

    def sql_texts(self) -> list[str]:
        """Every SQL fragment, and the steps they name."""
        own = (
            self.source,
            self.date,
            self.where,
            self.institution,
            self.county,
            self.numerator,
            self.denominator,
            self.row_cnt,
        )
        texts = [text for text in own if text]
        return [*steps_used(texts).values(), *texts]


class Part(Strict):
    """One side of a pair. ``columns`` gives the SQL of list columns; those left out are empty in this part."""

    name: Text
    source: Text
    date: Text | None = None
    where: Text | None = None
    institution: Text | None = None
    month: Text | None = None
    numerator: Text
    denominator: Text
    columns: dict[Name, Text] = Field(min_length=1)


class Listing(Strict):
    """The list behind a number; which keys apply depends on ``kind``."""

    kind: Literal["rows", "distinct", "group", "state", "pair"]
    #: contract whose labels the columns carry
    contract: Name
    columns: tuple[Name | ListColumn, ...] = Field(min_length=1)
    #: rows, distinct, group: mart (or a select in brackets) and its row's date; without ``date`` the ``where`` holds the window
    source: Text | None = None
    date: Text | None = None
    where: Text | None = None
    #: SQL of the institution's code in ``fact``
    institution: Text | None = None
    #: SQL of the row's county where it is the insured's and not the institution's
    county: Text | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    #: distinct, group: columns of the source that make one row of the list. In a distinct list ``numerator`` (1 when left out) and
    #: ``denominator`` are aggregates of that row in its cell; ``over cell`` is the window of the cell's rows in the key's order
    key: tuple[Name, ...] = ()
    #: group: condition on the groups
    having: Text | None = None
    #: state: the window in which an agreement must run, and a select of fixmedins_code (unique) and event columns
    agreement_from: Text | None = None
    agreement_to: Text | None = None
    event: Text | None = None
    parts: tuple[Part, ...] = ()

    @model_validator(mode="after")
    def _keys_of_kind(self) -> Listing:
        wanted, allowed = _KEYS[self.kind]
        given = {name for name in type(self).model_fields if getattr(self, name)} - {
            "kind",
            "contract",
            "columns",
        }
        if wanted - given:
            raise ValueError(f"kind {self.kind} 缺少 {', '.join(sorted(wanted - given))}")
        if given - wanted - allowed:
            raise ValueError(f"kind {self.kind} 不用 {', '.join(sorted(given - wanted - allowed))}")
        return self

    @property
    def has_institution(self) -> bool:
        return self.kind == "state" or bool(self.institution or any(part.institution for part in self.parts))

    @property
    def is_ratio(self) -> bool:
        return self.kind in ("state", "pair") or self.denominator is not None

    def sql_texts(self) -> list[str]:
        """Every SQL fragment of the listing, and the steps they name."""
        own = [getattr(self, name) for name in _SQL_FIELDS]
        of_columns = [column.sql for column in self.columns if isinstance(column, ListColumn)]
        of_parts = [text for part in self.parts for text in (
            part.source, part.date, part.where, part.institution, part.month, part.numerator, part.denominator,
            *part.columns.values(),
        )]  # fmt: skip
        texts = [text for text in (*own, *of_columns, *of_parts) if text]
        return [*steps_used(texts).values(), *texts]


_SQL_FIELDS = (
    "source", "date", "where", "institution", "county", "numerator", "denominator", "having", "agreement_from", "agreement_to", "event",
)  # fmt: skip
#: kind → (keys it must have, keys it may have)
_KEYS: dict[str, tuple[set[str], set[str]]] = {
    "rows": ({"source", "numerator"}, {"date", "where", "institution", "county", "denominator"}),
    "distinct": ({"source", "key"}, {"date", "where", "institution", "county", "numerator", "denominator"}),
    "group": ({"source", "key", "having"}, {"date", "where", "institution"}),
    "state": ({"agreement_from", "agreement_to", "event"}, {"where"}),
    "pair": ({"parts"}, set()),
}
