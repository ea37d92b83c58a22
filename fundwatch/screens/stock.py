"""进销存 of an institution as a table and a sentence: what came in, went out and is held, and where more went out than there was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fundwatch.ui.table import Field, contract_fields

FIELDS = (
    *contract_fields("invoicing", ["month", "hilist_code"]),
    Field("hilist_name", "医保目录名称"),
    *contract_fields("invoicing", ["opening_cnt", "in_cnt", "out_cnt", "closing_cnt"]),
    Field("over_cnt", "销出超出库存", "quantity", "计价单位"),
    Field("gap_cnt", "期末差异", "quantity", "计价单位"),
)


def finding(rows: Iterable[Mapping[str, Any]]) -> str:
    """期内进销存 240 行:12 行销出多于期初加购进,最多的是 2026-07 阿莫西林,多 35;期末数量与期初、购进、销出对不上的 14 行(疑点,未核实)."""
    known = list(rows)
    over = [row for row in known if row["over_cnt"]]
    gaps = [row for row in known if row["gap_cnt"]]
    unknown = sum(row["gap_cnt"] is None for row in known)
    said = f"期内进销存 {len(known):,} 行:"
    if over:
        most = max(over, key=lambda row: row["over_cnt"])
        named = most["hilist_name"] or most["hilist_code"]
        said += f"{len(over):,} 行销出多于期初加购进,最多的是 {most['month']} {named},多 {most['over_cnt'].normalize():,f}"
    else:
        said += "没有销出多于期初加购进的"
    if gaps:
        said += f";期末数量与期初、购进、销出对不上的 {len(gaps):,} 行"
    if unknown:
        said += f";{unknown:,} 行数量不全,不能核对"
    return f"{said}(疑点,未核实)。" if over or gaps else f"{said}。"
