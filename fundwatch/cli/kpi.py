"""`kpi` and `rows`: numbers, and the lists behind them."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import typer
from click import echo

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_records
from fundwatch.draws.lots import COMMAND_LINE
from fundwatch.errors import UsageError
from fundwatch.home import find_home
from fundwatch.kpi import DIMENSION_LABELS, KpiValue, declarations, evaluate, lacking, rows
from fundwatch.settings import Settings
from fundwatch.state.audit import VIEWED, record
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

FIELDS = (
    "kpi", "from", "to", "by", "key", "numerator", "denominator", "value", "unit", "target", "data_through", "extra",
)  # fmt: skip
#: how a person may write the cell of rows without that attribute
UNREGISTERED = ("", "未登记")

From = Annotated[str, typer.Option("--from", metavar="D", help="起始日,例如 2024-01-01")]
To = Annotated[str, typer.Option("--to", metavar="D", help="结束日(含当天),例如 2024-06-30")]
Form = Annotated[Format, typer.Option("--format", help="输出格式")]


@app.command("kpi", help="计算指标。--by 拆分,--kpi 可重复。")
def kpi_command(
    from_: From,
    to: To,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="DIM[,DIM]", help="拆分维度;两个用逗号连接为交叉,例如 level_class,month"
        ),
    ] = None,
    kpi: Annotated[list[str] | None, typer.Option("--kpi", metavar="ID", help="只算这些指标")] = None,
    form: Form = Format.table,
) -> None:
    """Print the values; KPIs that cannot be split that way are named on stderr."""
    start, end = read_day(from_, "--from"), read_day(to, "--to")
    if by is not None and not set(by.split(",")) <= set(DIMENSION_LABELS):
        raise UsageError(f"没有拆分维度 {by}。可用:{', '.join(DIMENSION_LABELS)}。")
    home = find_home()
    numbers = evaluate(open_warehouse(home), Settings(home), kpi or None, start, end, by)
    for left_out in lacking(kpi or None, by):
        echo(f"指标 {left_out.id}({left_out.label})不能按 {by} 拆分,未列出。", err=True)
    if form is Format.table:
        print_records([_readable(number) for number in numbers], _HEADERS, form)
    else:
        print_records([number.record() for number in numbers], FIELDS, form)


@app.command("rows", help="列出一个指标背后的明细;合计等于指标的分子、分母。")
def rows_command(
    from_: From,
    to: To,
    kpi: Annotated[str, typer.Option("--kpi", metavar="ID", help="指标")],
    key: Annotated[
        list[str] | None, typer.Option("--key", metavar="DIM=VALUE", help="只列一格,可重复")
    ] = None,
    form: Form = Format.table,
) -> None:
    """Print the list behind a number, or behind one cell of a split."""
    start, end = read_day(from_, "--from"), read_day(to, "--to")
    home = find_home()
    warehouse = open_warehouse(home)
    found = rows(warehouse, Settings(home), kpi, start, end, read_keys(key or []))
    if PERSONAL_COLUMNS & set(found.column_names) and found.num_rows:
        detail = {"rows": found.num_rows, "version": warehouse.version, "from": from_, "to": to}
        record(engine(home), COMMAND_LINE.user, VIEWED, f"指标 {kpi} 清单", detail)
    if form is not Format.table:
        print_records(found.to_pylist(), found.column_names, form)
        return
    labels = {column.name: column.label for column in declarations()[kpi].columns}
    labels |= {"numerator": "分子", "denominator": "分母"}
    records = [{labels[name]: value for name, value in record.items()} for record in found.to_pylist()]
    print_records(records, [labels[name] for name in found.column_names], form)


_HEADERS = ("指标", "分组", "数值", "单位", "目标", "分子", "分母", "数据截至", "说明")


def _readable(number: KpiValue) -> dict[str, object]:
    """One line of the table: rounded for reading, the exact numbers are in JSON and CSV."""
    kpi = declarations()[number.kpi]
    value = number.value and number.value.quantize(Decimal(1).scaleb(-kpi.decimals), ROUND_HALF_UP)
    group = "全部" if number.by is None else number.key or "未登记"
    note = number.extra.get("reason") or number.extra.get("base_reason")
    return dict(
        zip(
            _HEADERS,
            (kpi.label, group, value, number.unit, number.target, number.numerator, number.denominator,
             number.data_through, note),
            strict=True,
        )
    )  # fmt: skip


def read_keys(keys: list[str]) -> dict[str, str | None]:
    """The cell that ``--key DIM=VALUE`` names; raises UsageError."""
    cell: dict[str, str | None] = {}
    for text in keys:
        dimension, equals, value = text.partition("=")
        if not equals or dimension not in DIMENSION_LABELS:
            raise UsageError(f"--key {text} 应写成 维度=值,维度可用:{', '.join(DIMENSION_LABELS)}。")
        cell[dimension] = None if value in UNREGISTERED else value
    return cell


def read_day(text: str, option: str) -> dt.date:
    """An ISO date of the command line; raises UsageError naming the option."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} 的日期“{text}”不正确,应写成 2024-06-30。") from error
