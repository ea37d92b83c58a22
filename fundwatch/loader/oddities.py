"""What loads but looks odd: counted in the report, never a reason to refuse a row (precise.md, Loading)."""
# ruff: noqa: S608 - names and conditions are declared here or in contracts; values are variables

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from fundwatch.contracts import Contract, contracts
from fundwatch.lake import Lake
from fundwatch.loader.privacy import PATTERNS
from fundwatch.loader.values import MAY_BE_BLANK, code_words

#: codes outside an open list that are named one by one; the rest are only counted
NAMED = 10
PARTS = "fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_amt"


@dataclass(frozen=True)
class Oddity:
    """A condition on one row of a table, and what to say of the rows that meet it."""

    table: str
    condition: str
    words: str


ODDITIES = (
    Oddity("setl_d", "refd_setl_flag = '1' and (medfee_sumamt > 0 or fund_pay_sumamt > 0)", "退费结算的金额为正数"),
    Oddity("setl_d", f"abs(medfee_sumamt - ({PARTS})) > 0.05", "各部分之和与医疗费总额相差超过 0.05 元"),
    Oddity("setl_d", "abs(medfee_sumamt - (fund_pay_sumamt + psn_pay)) > 0.05", "基金支付与个人负担之和与医疗费总额相差超过 0.05 元"),
    Oddity("fixmedins_cntr_reg_d", "invd_time < efft_time", "失效时间早于生效时间"),
    Oddity("rule_map", "invd_date < efft_date", "失效日期早于生效日期"),
    Oddity("kb_code", "invd_date < efft_date", "失效日期早于生效日期"),
    Oddity("kb_item_limit", "invd_date < efft_date", "失效日期早于生效日期"),
    Oddity("kb_item_pair", "invd_date < efft_date", "失效日期早于生效日期"),
    Oddity("doc_d", "chktime < dcla_time", "初审时间早于申报时间"),
)  # fmt: skip
#: rows of benefit_stat that are published sums or ratios, not parts (precise.md, Loading)
PART_OF_BENEFITS = "category <> '合计' and category not like '小计%' and category not like '实际报销比例%'"


def row_oddities(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    """One line for every oddity among the rows of the view ``good``, with how many rows show it."""
    looked_for = [(oddity.condition, oddity.words) for oddity in ODDITIES if oddity.table == contract.table]
    for name in sorted(MAY_BE_BLANK & contract.by_name.keys()):
        looked_for.append((f'"{name}" is null', f"{contract.by_name[name].label}为空,按本县计"))
    found: list[str] = []
    if looked_for:
        counts = ", ".join(f"count(*) filter (where {condition})" for condition, _ in looked_for)
        rows = connection.execute(f"select {counts} from good").fetchone() or ()
        for (_, words), count in zip(looked_for, rows, strict=True):
            found += _line(count, words)
    for word, rows in connection.execute(
        "select _source_word, count(*) from numbered where _source_word is not null and not _faulty group by 1 order by 1"
    ).fetchall():
        found += _line(rows, f"原文“{word}”按“{code_words('report_item')[word]}”载入")
    if contract.table == "benefit_stat":
        found += _published_sums(connection)
    return found + _unknown_codes(connection, contract)


def masked(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """How many ID-card and phone numbers were masked in the free text of the rows that load."""
    columns = [column.name for column in contract.columns if column.free_text]
    words = "|".join(sorted({word.strip("[]") for _, word in PATTERNS}))
    connection.execute("set variable mask_words = $pattern", {"pattern": rf"\[({words})\]"})
    counts = [
        f"coalesce(sum(len(regexp_extract_all(\"{name}\", getvariable('mask_words')))), 0)"
        for name in columns
    ]
    return int(_count(connection, f"select {' + '.join(counts)} from good")) if counts else 0


def _unknown_codes(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    """Codes that an open list does not hold: they load and are named."""
    found = []
    for column in contract.columns:
        if column.codes and not column.closed:
            codes = connection.execute(
                f'select "{column.name}", count(*) from good where "{column.name}" is not null'
                f" and not list_contains(getvariable('codes_{column.codes}'), \"{column.name}\")"
                " group by 1 order by 2 desc, 1"
            ).fetchall()
            if codes:
                named = "、".join(f"{code}({count} 行)" for code, count in codes[:NAMED])
                rest = f"等 {len(codes)} 个" if len(codes) > NAMED else ""
                found.append(f"{column.label}({column.name})有代码表以外的值:{named}{rest}")
    return found


def _published_sums(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A published 合计 that differs from the sum of its parts is said, and left as published."""
    rows = connection.execute(
        "select begndate, enddate, insutype,"
        " sum(fund_amt) filter (where category = '合计') as published,"
        f" sum(fund_amt) filter (where {PART_OF_BENEFITS}) as parts"
        " from good group by all having published <> parts order by all"
    ).fetchall()
    return [
        f"{begin} 至 {end} 险种 {insutype}:公布的基金支付合计 {published} 元与各项之和 {parts} 元相差 {published - parts} 元,按公布值载入"
        for begin, end, insutype, published, parts in rows
    ]


def unknown_keys(
    connection: duckdb.DuckDBPyConnection, contract: Contract, lake: Lake, batch_ids: Sequence[str]
) -> dict[str, list[str]]:
    """By batch: rows that name a key which the other table does not hold; no row is refused for it.

    All batches of a table are looked at together, so that the other table is read once.
    """
    found: dict[str, list[str]] = {batch_id: [] for batch_id in batch_ids}
    paths = [
        str(lake.home.root / file.path)
        for file in lake.files(contract.table)
        if any(batch_id in file.path for batch_id in batch_ids)
    ]
    for column in contract.columns:
        if not column.refers_to or not paths:
            continue
        table, key = column.refers_to.split(".")
        known = [str(lake.home.root / file.path) for file in lake.files(table)]
        if not known:
            continue
        lines = connection.execute(
            f'select ours._batch_id, count(*), count(distinct ours."{column.name}") from read_parquet($paths) as ours'
            f' anti join read_parquet($known) as theirs on ours."{column.name}" = theirs."{key}"'
            f' where ours."{column.name}" is not null and list_contains($batches, ours._batch_id) group by all',
            {"paths": paths, "known": known, "batches": list(batch_ids)},
        ).fetchall()
        title = contracts()[table].title
        for batch_id, rows, keys in lines:
            words = f"{column.label}({column.name})在“{title}”表({table})中没有,涉及 {keys} 个编号"
            found[batch_id] += _line(rows, words)
    return found


def _line(rows: int, words: str) -> Sequence[str]:
    return [f"{words}:{rows} 行"] if rows else []


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return connection.execute(query).fetchone()[0]  # type: ignore[index]
