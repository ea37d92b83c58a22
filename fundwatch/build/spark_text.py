"""A select of the portable subset as Spark reads it: other dialect, every parameter as a typed literal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

import duckdb
from sqlglot import exp
from sqlglot.generators.spark import SparkGenerator

from fundwatch.build.models import parse
from fundwatch.build.portable import flat
from fundwatch.build.sources import NAME, TYPE
from fundwatch.errors import UserError

#: types of contracts under other names in Spark; DECIMAL(p,s), INTEGER, BIGINT, DOUBLE, DATE are the same
SPARK_TYPES = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}


@lru_cache(maxsize=2)
def _letters(function: str) -> tuple[str, str]:
    """Every letter that DuckDB's upper or lower changes, and what it makes of it."""
    letters = [chr(number) for number in range(1, 0x20000) if not 0xD800 <= number <= 0xDFFF]
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select letter, {function}(letter) from unnest($1) as given (letter) where {function}(letter) <> letter",  # noqa: S608
            [letters],
        ).fetchall()
    return "".join(letter for letter, _ in found), "".join(other for _, other in found)


def _letter_by_letter(generator: SparkGenerator, node: exp.Upper | exp.Lower) -> str:
    """Spark makes two letters of some (ß, ﬁ, ŉ), DuckDB never does: letters are translated as DuckDB does it."""
    letters = map(exp.Literal.string, _letters("upper" if isinstance(node, exp.Upper) else "lower"))
    return generator.func("TRANSLATE", node.this, *letters)


class _Generator(SparkGenerator):
    """Leaves QUALIFY and CTEs within CTEs as they are: Spark has both, and taking them apart doubles names."""

    TRANSFORMS: ClassVar = {
        **{kind: how for kind, how in SparkGenerator.TRANSFORMS.items() if kind is not exp.Select},
        exp.Upper: _letter_by_letter,
        exp.Lower: _letter_by_letter,
    }
    EXPRESSIONS_WITHOUT_NESTED_CTES: ClassVar = set()


def spark_text(name: str, select: str, params: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """The text for Spark and the tables that it reads (``lake.x`` as ``lake__x``); ``name`` stands in errors.

    Names are quoted, so that no word of Spark's is taken for one.
    """
    tree = flat(parse(name, select))
    for node in list(tree.find_all(exp.Placeholder)):
        node.replace(typed_literal(params[node.name]))
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    read = frozenset(table.name for table in tree.find_all(exp.Table)) - own
    return _Generator(dialect="spark", identify=True).generate(tree, copy=False), read


def typed_literal(value: Any) -> exp.Expression:
    """A value as DuckDB takes a parameter: whole number, decimal of its own places, date, text; None is null."""
    match value:
        case None:
            return exp.null()
        case bool():
            return exp.Boolean(this=value)
        case int():
            return (
                exp.paren(exp.Literal.number(value)) if value >= 0 else exp.paren(-exp.Literal.number(-value))
            )
        case Decimal():
            return exp.cast(exp.Literal.string(f"{value:f}"), _decimal(value))
        case dt.date() if not isinstance(value, dt.datetime):
            return exp.cast(exp.Literal.string(value.isoformat()), "date")
        case str():
            return exp.Literal.string(value)
        case _:
            raise TypeError(f"no literal for {type(value).__name__}")


def spark_schema(columns: Mapping[str, str]) -> str:
    """Columns of a lake table as Spark's schema text. Names and types come from contracts and are checked again here."""
    for name, kind in columns.items():
        if not NAME.fullmatch(name) or not TYPE.fullmatch(kind):
            raise UserError(f"列 {name} {kind} 名称或类型不合规定。")
    return ", ".join(f"`{name}` {SPARK_TYPES.get(kind, kind)}" for name, kind in columns.items())


def _decimal(value: Decimal) -> str:
    _, digits, exponent = value.as_tuple()
    scale = max(-int(exponent), 0)
    return f"decimal({max(len(digits) + max(int(exponent), 0), scale + 1)}, {scale})"
