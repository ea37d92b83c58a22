"""Says in Chinese why a row did not load. Runs for the faulty rows only; no personal value leaves it."""
# ruff: noqa: S608 - names come from contracts; values are variables

from __future__ import annotations

import duckdb

from fundwatch.contracts import Column, Contract, code_lists
from fundwatch.loader import values
from fundwatch.loader.header import Header
from fundwatch.loader.privacy import mask_cell
from fundwatch.loader.report import Reason
from fundwatch.loader.stage import Line, Staged

VALUE_SHOWN = 60
WANTED = {
    "amount": "应为金额(元,最多 2 位小数)", "quantity": "应为数量(最多 4 位小数)", "price": "应为单价(元,最多 6 位小数)",
    "percent": "应为百分数(最多 4 位小数)", "score": "应为分数(最多 2 位小数)", "coordinate": "应为经纬度(度)", "int": "应为整数",
    "date": "应为日期,如 2024-06-01", "time": "应为时间,如 2024-06-01 08:00:00", "month": "应为月份,如 2024-06",
    "quarter": "应为季度,如 2024Q2", "year": "应为四位年份", "issue": "应为期号,如 202406",
}  # fmt: skip


def explain(
    connection: duckdb.DuckDBPyConnection, contract: Contract, header: Header, staged: Staged
) -> list[Reason]:
    """One reason for every faulty cell and every line that was no row, in file order."""
    reasons = [reason for line in staged.lines for reason in [_line_reason(line, header)]]
    if staged.faulty:
        places = {name: position for position, name in enumerate(header.position)}
        columns = [column for column in contract.columns if column.name in places]
        cells = {column.name: f"_cells[{places[column.name] + 1}]" for column in columns}
        tests = [
            values.fault(contract, c, cells[c.name], values.typed(c, cells[c.name])) or "false"
            for c in columns
        ]
        rows = connection.execute(
            f"select _row_no, _cells, _reader_fault, [{', '.join(tests)}] from faulty order by _row_no"
        ).fetchall()
        for row, written, reader_fault, faults in rows:
            if reader_fault:
                reasons.append(Reason(row, None, None, reader_fault))
            for column, bad in zip(columns, faults, strict=True):
                if bad:
                    reasons.append(_cell_reason(contract, column, row, written[places[column.name]]))
    return sorted(reasons, key=lambda reason: reason.row)


def _cell_reason(contract: Contract, column: Column, row: int, written: str | None) -> Reason:
    value = "" if written is None else written.strip()
    name = f"{column.label}({column.name})"
    if values.is_blank(value):
        return Reason(row, column.name, None, f"{name}必填为空")
    if column.name in contract.key and value.replace(" ", "") in values.TOTALS:
        return Reason(row, column.name, value, f"{value}行不是数据,未载入")
    return Reason(row, column.name, shown(column, value), f"{name}{_wanted(contract, column)}")


def _wanted(contract: Contract, column: Column) -> str:
    if column.codes and column.closed:
        codes = [
            code if code == label else f"{code} {label}" for code, label in code_lists()[column.codes].items()
        ]
        return f"不在代码表内,应为:{'、'.join(codes)}"
    if column.pattern:
        return f"格式不符,应符合 {column.pattern}"
    wanted = WANTED.get(column.kind, "无法读取")
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f"不小于 {column.minimum}"
        high = "" if column.maximum is None else f"不大于 {column.maximum}"
        wanted += f",{low}{',' if low and high else ''}{high}"
    if column.name == contract.dated_by:
        wanted += ",且不晚于载入日之后的规定月数(参数 future_max_months)"
    return wanted


def shown(column: Column, value: str) -> str | None:
    """The value as it may be shown: nothing of a person's number; names, ID-card and phone numbers masked; not too long."""
    if column.pseudonym:
        return None
    text = mask_cell(value)
    return text if len(text) <= VALUE_SHOWN else text[:VALUE_SHOWN] + "…"


def _line_reason(line: Line, header: Header) -> Reason:
    if line.kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        return Reason(line.row, None, None, f"单元格个数不对,应为 {header.width} 个")
    if line.kind == "INVALID ENCODING":
        return Reason(line.row, None, None, "有无法识别的字符(编码损坏)")
    return Reason(line.row, None, None, "引号没有闭合或位置不对,这一行无法分列")
