"""自助查询: what a result is on screen, which charts it can draw, the tables in words, and examples to begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa

from fundwatch.analyst.run import Limits, Outcome
from fundwatch.analyst.tables import AnalystColumn, AnalystTable, analyst_tables
from fundwatch.contracts import code_lists

BAR, LINE = "bar", "line"
Shape = Literal["bar", "line"]
SHAPES: Mapping[str, str] = {BAR: "柱状图", LINE: "折线图"}
#: more bars or points are not read by anybody; the table has them all
BARS, POINTS = 30, 400
EXAMPLES: Mapping[str, str] = {
    "各月基金支付": (
        "select\n    ym,\n    sum(setl_cnt) as 结算笔数,\n    sum(fund_pay_sumamt) as 基金支付\n"
        "from fct_settlement_month\ngroup by ym\norder by ym"
    ),
    "各机构审核扣款": (
        "select\n    i.fixmedins_name as 机构,\n    sum(s.flagged_amt) as 检出金额,\n    sum(s.deducted_amt) as 扣款金额\n"
        "from fct_suspicion_month as s\nleft join dim_institution as i using (fixmedins_code)\n"
        "group by all\norder by 扣款金额 desc"
    ),
    "各规则提醒遵从": (
        "select\n    rule_name,\n    sum(warn_cnt) as 提醒次数,\n"
        "    sum(warn_cnt) filter (where warn_dspo_way = '2') as 遵从次数\n"
        "from fct_reminder_month\ngroup by rule_name\norder by 提醒次数 desc"
    ),
}


@dataclass(frozen=True)
class ResultColumn:
    """One column of a result: its name, what the header says (each once), and how its values are shown."""

    name: str
    header: str
    kind: str
    is_number: bool


@dataclass(frozen=True)
class Drawn:
    """What a chart shows: label and value per point, in the result's order, and what was left out."""

    points: tuple[tuple[str, Decimal], ...]
    note: str = ""


def columns_of(rows: pa.Table) -> list[ResultColumn]:
    """The columns of a result. A name that means one thing in all tables is headed by its Chinese label.

    Never by its unit: ``sum(amt) / 10000 as amt`` keeps the name and is no longer in 元.
    """
    known, taken = _labels(), set()
    found = []
    for field in rows.schema:
        label = known.get(field.name, field.name)
        header = label if label not in taken else f"{label} {field.name}"
        taken.add(header)
        found.append(ResultColumn(field.name, header, _kind(field), _is_number(field.type)))
    return found


def outcome_words(outcome: Outcome, limits: Limits) -> str:
    """查询完成,用时 0.3 秒; with what was left out. The list below says how many rows there are."""
    if outcome.more:
        return f"结果超过 {limits.rows:,} 行,只取了前 {limits.rows:,} 行,用时 {outcome.seconds:.1f} 秒。请先汇总,或加 order by 和条件。"
    return f"查询完成,用时 {outcome.seconds:.1f} 秒。"


def limit_words(limits: Limits) -> str:
    """What one run may take."""
    most = f"{limits.rows:,} 行、运行 {limits.seconds} 秒、占用 {limits.memory_mb:,} MB 内存"
    return f"每次最多取 {most},超过时自动停止。每次运行和导出都会记录。"


def drawn(rows: pa.Table, across: str, up: str, shape: Shape) -> Drawn:
    """The points of a chart of two columns. Rows without a value are left out; bars are the largest ones."""
    labels = [_label(value) for value in rows.column(across).to_pylist()]
    values = [_number(value) for value in rows.column(up).to_pylist()]
    known = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
    notes = []
    if len(known) < len(values):
        notes.append(f"{len(values) - len(known):,} 行没有数值,未画。")
    if shape == BAR and len(known) > BARS:
        notes.append(f"只画数值最大的 {BARS} 项,共 {len(known):,} 项。")
        known = sorted(known, key=lambda point: point[1], reverse=True)[:BARS]
    if shape == LINE and len(known) > POINTS:
        notes.append(f"只画前 {POINTS} 个点,共 {len(known):,} 个。")
        known = known[:POINTS]
    if len({label for label, _ in known}) < len(known):
        notes.append("横轴有重复的值,请先在语句中汇总。")
        known = []
    return Drawn(tuple(known), "".join(notes))


def chart_choices(rows: pa.Table) -> tuple[list[str], list[str]]:
    """Names of the columns that can stand across and of those that can be drawn, both maybe empty."""
    columns = columns_of(rows)
    numbers = [column.name for column in columns if column.is_number]
    return [column.name for column in columns if column.name not in numbers] or numbers, numbers


def table_words(table: AnalystTable) -> str:
    """结算(按月) fct_settlement_month."""
    return f"{table.title} {table.name}"


def column_rows(table: AnalystTable) -> pa.Table:
    """The columns of a table for the browser: label with unit, name, code words."""
    return pa.table(
        {
            "字段": [column.header for column in table.columns],
            "标识": [column.name for column in table.columns],
            "代码": [code_words(column) for column in table.columns],
        },
        schema=pa.schema([(name, pa.string()) for name in ("字段", "标识", "代码")]),
    )


def code_words(column: AnalystColumn) -> str:
    """The first codes of a column in words: 1 公立、2 民营."""
    if column.codes is None:
        return ""
    words = code_lists()[column.codes]
    told = [code if code == word else f"{code} {word}" for code, word in words.items()]
    return "、".join(told[:6]) + ("…" if len(told) > 6 else "")


def first_look(table: AnalystTable) -> str:
    """A statement that shows the first rows of a table, written out so that a person can go on from it."""
    columns = ",\n    ".join(column.name for column in table.columns)
    return f"select\n    {columns}\nfrom {table.name}\nlimit 100"


def _labels() -> dict[str, str]:
    """Column name → Chinese label, where the name means the same wherever it stands."""
    meanings: dict[str, set[str]] = {}
    for table in analyst_tables().values():
        for column in table.columns:
            meanings.setdefault(column.name, set()).add(column.label)
    return {name: next(iter(labels)) for name, labels in meanings.items() if len(labels) == 1}


def _kind(field: pa.Field) -> str:
    """How a list shows the values, by their type: nothing is rounded that the type does not round."""
    kind = field.type
    if pa.types.is_decimal(kind):
        return {0: "int", 1: "score", 2: "quantity"}.get(kind.scale, "price")
    if pa.types.is_integer(kind):
        return "year" if "year" in field.name.lower() or "年" in field.name else "int"
    if pa.types.is_floating(kind):
        return "price"
    if pa.types.is_date(kind):
        return "date"
    return "time" if pa.types.is_timestamp(kind) else "text"


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _label(value: Any) -> str:
    if value is None:
        return "未登记"
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)


def _number(value: Any) -> Decimal | None:
    """A value as a chart takes it; None for what is no number (not a number, infinity)."""
    if value is None:
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def names_in_words(rows: pa.Table, names: Sequence[str]) -> dict[str, str]:
    """Column name → header, for the choices of a chart."""
    headers = {column.name: column.header for column in columns_of(rows)}
    return {name: headers[name] for name in names}
