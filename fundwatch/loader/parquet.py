"""A Parquet file as rows of text cells, so that it passes through the same checks as any other file."""
# ruff: noqa: S608 - names are the quoted columns of the file; the path is a parameter

from __future__ import annotations

from pathlib import Path

import duckdb

from fundwatch.contracts import Contract
from fundwatch.loader.header import find_header
from fundwatch.loader.report import Refused
from fundwatch.loader.stage import Cells

#: how each type is written as text; anything not named here is cast as it is
FLOATS = ("FLOAT", "DOUBLE")
NESTED = ("[]", "STRUCT", "MAP", "UNION")
#: a double holds whole numbers exactly to 15 digits
EXACT_DIGITS = "1e15"


def parquet_cells(connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path) -> Cells:
    """The file's rows; the first row of data is row 2, as if the names stood in row 1."""
    source = "read_parquet($path, binary_as_string = true, hive_partitioning = false)"
    try:
        described = (
            connection.execute(f"select * from {source} limit 0", {"path": str(path)}).description or []
        )
    except duckdb.Error as error:
        raise Refused("文件不是 Parquet,或不完整、已损坏。请重新导出。") from error
    header = find_header(contract, [[name for name, *_ in described]])
    kinds = [str(kind) for _, kind, *_ in described]
    nested = [
        described[place][0]
        for place in header.position.values()
        if any(word in kinds[place] for word in NESTED)
    ]
    if nested:
        raise Refused(f"列 {'、'.join(nested)} 是嵌套类型,无法作为单元格读取。")
    names = [f'"{name.replace(chr(34), chr(34) * 2)}"' for name, *_ in described]
    cells = ", ".join(
        f"{_text(names[place], kinds[place])} as c{place}"
        if place in header.position.values()
        else f"null as c{place}"
        for place in range(header.width)
    )
    faults = [
        f"case when abs({names[place]}) >= {EXACT_DIGITS} then '{column.label}({column.name})存成了浮点数,15 位以后的数字已丢失' end"
        for column in contract.columns
        for place in [header.position.get(column.name)]
        if place is not None and kinds[place] in FLOATS and column.kind in ("code", "text", "flag")
    ]
    fault = f"coalesce({', '.join(faults)})" if faults else "cast(null as varchar)"
    return Cells(
        f"(select {cells}, {fault} as c_fault from {source})", {"path": str(path)}, header, 2, has_faults=True
    )


def _text(name: str, kind: str) -> str:
    if kind == "BOOLEAN":
        return f"cast(cast({name} as integer) as varchar)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"cast(timezone('Asia/Shanghai', {name}) as varchar)"
    if kind in FLOATS:
        whole = f"{name} = trunc({name}) and abs({name}) < {EXACT_DIGITS}"
        return (
            f"case when {whole} then cast(cast({name} as bigint) as varchar) else cast({name} as varchar) end"
        )
    return f"cast({name} as varchar)"
