"""The subset of SQL that gives equal rows on DuckDB and on Spark: an allow-list; the unknown is refused.

Every mismatch between the engines came from a few constructs (division and averages of decimals, rounding of
quotients, ``date - date``, conversions that round). A list of forbidden words missed 10 of 45 such snippets;
hence a list of what is known to be equal. Additions need an edge-case comparison on both engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from fundwatch.build.models import Model, Models
from fundwatch.contracts import contracts
from fundwatch.errors import UserError

#: syntax that gave equal rows on both engines
SYNTAX: frozenset[type[exp.Expression]] = frozenset(
    {
        exp.Select,
        exp.From,
        exp.Join,
        exp.Where,
        exp.Group,
        exp.Having,
        exp.Order,
        exp.Ordered,
        exp.Qualify,
        exp.With,
        exp.CTE,
        exp.Subquery,
        exp.Union,
        exp.Except,
        exp.Intersect,
        exp.Values,
        exp.Tuple,
        exp.Table,
        exp.TableAlias,
        exp.Alias,
        exp.Column,
        exp.Identifier,
        exp.Star,
        exp.Literal,
        exp.Boolean,
        exp.Null,
        exp.Placeholder,
        exp.Paren,
        exp.Distinct,
        exp.Window,
        exp.WindowSpec,
        exp.Filter,
        exp.Var,
        exp.Interval,
        exp.DataType,
        exp.DataTypeParam,
        exp.And,
        exp.Or,
        exp.Not,
        exp.EQ,
        exp.NEQ,
        exp.LT,
        exp.LTE,
        exp.GT,
        exp.GTE,
        exp.Is,
        exp.In,
        exp.Between,
        exp.Like,
        exp.NullSafeEQ,
        exp.NullSafeNEQ,
        exp.Exists,
        exp.Case,
        exp.If,
        exp.Add,
        exp.Sub,
        exp.Mul,
        exp.IntDiv,
        exp.Mod,
        exp.Neg,
        exp.DPipe,
    }
)
#: functions that gave equal rows on both engines
FUNCTIONS: frozenset[type[exp.Expression]] = frozenset(
    {
        exp.Cast,
        exp.Coalesce,
        exp.Nullif,
        exp.Sum,
        exp.Count,
        exp.Min,
        exp.Max,
        exp.Abs,
        exp.Greatest,
        exp.Least,
        exp.RowNumber,
        exp.Rank,
        exp.DenseRank,
        exp.Lag,
        exp.Lead,
        exp.Year,
        exp.Month,
        exp.Day,
        exp.LastDay,
        exp.DateFromParts,
        exp.DateDiff,
        exp.Substring,
        exp.Left,
        exp.Right,
        exp.Upper,
        exp.Lower,
        exp.Length,
        exp.Pad,
    }
)
#: what people reach for first, with what to write instead
WHY = {
    exp.Div: "除法(比率在读取时计算;规则用交叉相乘)",
    exp.Avg: "AVG(写合计与个数)",
    exp.Round: "ROUND(不对商取整)",
    exp.Anonymous: "未列入清单的函数",
}
Schema = dict[str, dict[str, str]]


def check_models(models: Models) -> None:
    """Refuse what is outside the subset; raises UserError naming every model and construct at once."""
    faults = _faults(tuple(models.by_name.values()))
    if faults:
        raise UserError("以下 SQL 超出两种引擎结果一致的可移植子集:\n" + "\n".join(faults))


@lru_cache(maxsize=8)
def _faults(models: tuple[Model, ...]) -> tuple[str, ...]:
    """Faults of models in build order. Remembered: the app builds again and again."""
    faults: list[str] = []
    schema: Schema = source_schema(models)
    for model in models:
        found, schema[model.name] = check(model, schema)
        faults += [f"{model.name}:{fault}" for fault in found]
    return tuple(faults)


def check(model: Model, schema: Mapping[str, Mapping[str, str]]) -> tuple[list[str], dict[str, str]]:
    """Faults of one model and the types of its columns; ``schema`` gives the columns of what it reads."""
    faults = [_refused(node) for node in model.tree.walk() if type(node) not in SYNTAX | FUNCTIONS]
    if faults:
        return sorted(set(faults)), {}
    known = {name: dict(columns) for name, columns in schema.items() if columns}
    try:
        tree = qualify(flat(model.tree), schema=known, dialect="duckdb", validate_qualify_columns=False)
        tree = annotate_types(tree, schema=known, dialect="duckdb")
    except OptimizeError as error:
        return [f"列的来源无法确定({error})"], {}
    faults = sorted({fault for node in tree.walk() if (fault := _type_fault(node))})
    return faults, {column.alias_or_name: _type_text(column) for column in tree.selects}


def source_schema(models: Iterable[Model]) -> Schema:
    """Columns of the lake tables and reference lists, named ``schema__table``."""
    lake = {
        f"lake__{contract.table}": {c.name: c.sql_type for c in contract.columns}
        | ({"ym": "VARCHAR"} if contract.by_month else {})
        for contract in contracts().values()
    }
    reference = {
        f"reference__{table}": {c.name: c.sql_type for c in contracts()[table].columns}
        for table in reference_tables(models)
    }
    return lake | reference


def reference_tables(models: Iterable[Model]) -> list[str]:
    """Names of the shipped reference lists that models read."""
    return sorted({table for model in models for schema, table in model.sources if schema == "reference"})


def flat(tree: exp.Query) -> exp.Query:
    """A copy with ``lake.x`` as ``lake__x``: sqlglot wants one depth of names in a schema."""
    copy = tree.copy()
    for table in copy.find_all(exp.Table):
        if table.db:
            alias = table.alias or table.name
            table.replace(exp.alias_(exp.to_table(f"{table.db}__{table.name}"), alias, table=True))
    return copy


def _refused(node: exp.Expression) -> str:
    words = next((text for kind, text in WHY.items() if isinstance(node, kind)), type(node).__name__)
    return f"{words} — {node.sql('duckdb')[:80]}"


def _type_text(column: exp.Expression) -> str:
    return column.type.sql("duckdb") if column.type else "UNKNOWN"


def _type_fault(node: exp.Expression) -> str | None:
    """Faults that only types show. An unknown type is refused too: a cast makes it known."""
    fault = None
    match node:
        case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
            if not _cast_to_date(node.parent):
                fault = "日期加减间隔后须直接 cast(… as date)"
        case exp.Sub() if not (_is_number(node.this) and _is_number(node.expression)):
            fault = "相减的两边必须是数字(日期相减用 date_diff('day', …))"
        case exp.DateDiff() if str(node.args.get("unit", "")).strip("'").upper() != "DAY":
            fault = "date_diff 只用于天数"
        case exp.Mul() if any(
            isinstance(side.unnest(), exp.DateDiff) for side in (node.this, node.expression)
        ):
            # 32 bits on Spark: seconds of a day after 2038 do not fit
            fault = "天数相乘前须 cast(date_diff(…) as bigint)"
        case exp.Like() if "\\" in str(getattr(node.expression, "this", "")):
            fault = "like 中的反斜杠两种引擎含义不同"
        case exp.Substring() | exp.Left() | exp.Right() if any(map(_below_one, node.args.values())):
            fault = "截取位置和长度须从 1 开始"
        case exp.Cast() if _has_fraction(node.this) and node.to.this in exp.DataType.INTEGER_TYPES:
            fault = "小数转整数的取整方式两种引擎不同"
        case exp.Cast() if _is_fraction(node.this) and node.to.this in exp.DataType.TEXT_TYPES:
            fault = "小数转文本的写法两种引擎不同"
        case exp.SetOperation() if any(map(_other_places, node.this.selects, node.expression.selects)):
            # a bare sum has 38 digits: DuckDB then rounds the other side to the sum's places
            fault = "合并的各列小数位数须相同(先 cast)"
        case exp.Star() if isinstance(node.parent, exp.Select) and node.parent.parent is None:
            fault = "最外层 select 须列出各列"
    return f"{fault} — {node.sql('duckdb')[:80]}" if fault else None


def _other_places(one: exp.Expression, other: exp.Expression) -> bool:
    """Whether two columns of a union are decimals of different places."""
    types = [side.type for side in (one, other)]
    if not all(kind and kind.is_type("decimal") for kind in types):
        return False
    places = [[part.name for part in kind.expressions[1:]] for kind in types if kind]
    return places[0] != places[1]


def _below_one(node: object) -> bool:
    """A place in a text that is written as nought or negative: the engines count differently from there."""
    return isinstance(node, exp.Neg) or (
        isinstance(node, exp.Literal) and not node.is_string and int(node.name) < 1
    )


def _is_fraction(node: exp.Expression) -> bool:
    return bool(node.type and node.type.this in exp.DataType.REAL_TYPES)


def _has_fraction(node: exp.Expression) -> bool:
    """A decimal without places, such as ``cast(x * 100 as decimal(18, 0))``, has nothing to round: compared on both."""
    scale = node.type.expressions[1:] if node.type and node.type.is_type("decimal") else []
    return _is_fraction(node) and not (scale and scale[0].name == "0")


def _is_number(node: exp.Expression) -> bool:
    return bool(node.type and node.type.this in exp.DataType.NUMERIC_TYPES)


def _cast_to_date(node: exp.Expression | None) -> bool:
    return isinstance(node, exp.Cast) and node.to.is_type("date")
