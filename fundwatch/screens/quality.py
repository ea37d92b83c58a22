"""数据质量 as rows: what is loaded and how far it reaches, what is missing and which KPIs feel it, what did not load and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from fundwatch.contracts import contracts
from fundwatch.lake import Batch
from fundwatch.loader import FileReport
from fundwatch.loader.trace import STATUS
from fundwatch.quality import Completeness, TableState, months_between
from fundwatch.rules import Rule, library
from fundwatch.screens.lineage import kpis_of
from fundwatch.ui import numbers

PREVIEW_STATUS = {"loaded": "可以载入", "unchanged": "无变化", "refused": "将退回", "skipped": "跳过"}
ORIGIN = {"platform": "医保平台", "ledger": "本局台账", "knowledge": "知识库", "reference": "参考表"}
KPIS_NAMED = 5
REASONS_NAMED = 5


def words_of_kpis(table: str) -> str:
    """What a table feeds: 协议检查覆盖率、…等 9 项;12 条筛查规则."""
    labels = [kpi.label for kpi in kpis_of(table)]
    rest = f"等 {len(labels)} 项" if len(labels) > KPIS_NAMED else ""
    rules = sum(table in _tables_of(rule) for rule in library().values())
    parts = ["、".join(labels[:KPIS_NAMED]) + rest] if labels else []
    if rules:
        parts.append(f"{rules} 条筛查规则")
    return ";".join(parts) or "不影响已定义的指标,供明细和对照使用"


def _tables_of(rule: Rule) -> frozenset[str]:
    """Tables that decide whether and how far a rule runs, those of knowledge too."""
    needs = rule.header.needs
    return frozenset(needs.tables) | {wanted.table for wanted in (*needs.knowledge, *needs.partial)}


def table_rows(states: Sequence[TableState], complete: Completeness, batches: Sequence[Batch]) -> pa.Table:
    """One row per loaded table: rows, first and last day, months missing, last load, rows in quarantine."""
    newest: dict[str, str] = {}
    quarantined: dict[str, int] = {}
    for batch in batches:
        if batch.table:
            newest[batch.table] = batch.loaded_at
            quarantined[batch.table] = quarantined.get(batch.table, 0) + batch.quarantined
    gaps: dict[str, int] = {}
    for table, _month in complete.missing:
        gaps[table] = gaps.get(table, 0) + 1
    rows = [
        {
            "title": state.title,
            "table": state.table,
            "rows": state.rows,
            "first_date": state.first_date,
            "data_through": state.data_through,
            "missing_months": gaps.get(state.table, 0) if state.is_monthly else None,
            "loaded_at": newest.get(state.table, "")[:16].replace("T", " ") or None,
            "quarantined": quarantined.get(state.table, 0),
        }
        for state in states
        if state.is_loaded
    ]
    # The table that ends first is the one that holds the screens back.
    rows.sort(key=lambda row: (row["data_through"] is None, row["data_through"] or 0))
    schema = pa.schema([
        ("title", pa.string()), ("table", pa.string()), ("rows", pa.int64()), ("first_date", pa.date32()),
        ("data_through", pa.date32()), ("missing_months", pa.int64()), ("loaded_at", pa.string()),
        ("quarantined", pa.int64()),
    ])  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def never_loaded(states: Sequence[TableState]) -> list[tuple[str, str, str, str]]:
    """(title, file name, one row is, KPIs) of every table that was never loaded."""
    return [
        (state.title, f"{state.table}_…", contracts()[state.table].grain, words_of_kpis(state.table))
        for state in states
        if not state.is_loaded
    ]


def missing_spans(complete: Completeness, states: Sequence[TableState]) -> list[tuple[str, str, str]]:
    """(table, months missing in spans, KPIs that feel it), the table with most missing months first."""
    titles = {state.table: state.title for state in states}
    by_table: dict[str, list[str]] = {}
    for table, month in complete.missing:
        by_table.setdefault(table, []).append(month)
    ordered = sorted(by_table.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [(titles[table], spans_in_words(months), words_of_kpis(table)) for table, months in ordered]


def spans_in_words(months: Sequence[str]) -> str:
    """2024年3月、2024年5月至2024年7月(共 4 个月)."""
    runs: list[list[str]] = []
    for month in sorted(months):
        if runs and months_between(runs[-1][-1], month) == [runs[-1][-1], month]:
            runs[-1].append(month)
        else:
            runs.append([month])
    words = [
        numbers.month(run[0]) if len(run) == 1 else f"{numbers.month(run[0])}至{numbers.month(run[-1])}"
        for run in runs
    ]
    return f"{'、'.join(words)}(共 {len(months)} 个月)"


def message(
    states: Sequence[TableState], complete: Completeness, pending: Sequence[str], quarantined: int
) -> str:
    """The screen's sentence: how much is loaded, how complete, what waits."""
    loaded = sum(state.is_loaded for state in states)
    parts = [f"已载入 {loaded} 张表,{len(states) - loaded} 张从未载入"]
    if complete.expected:
        gap = complete.expected - complete.loaded
        months = f"{complete.loaded} / {complete.expected} 表月"
        parts.append(
            f"完整度 {numbers.percent(complete.pct)}({months}" + (f",缺 {gap} 表月)" if gap else ")")
        )
    parts.append(f"隔离区共 {quarantined:,} 行" if quarantined else "没有隔离的行")
    if pending:
        parts.append(f"{len(pending)} 张表已载入但尚未生成新版本,页面仍是旧数")
    return ";".join(parts) + "。"


def batch_rows(batches: Iterable[Batch]) -> pa.Table:
    """One row per file a load looked at, newest first."""
    rows = [
        {
            "loaded_at": batch.loaded_at.replace("T", " "),
            "file": batch.file,
            "title": title_of(batch.table),
            "status": STATUS[batch.status],
            "rows_read": batch.rows_read,
            "loaded": batch.loaded,
            "replaced": batch.replaced,
            "duplicates": batch.duplicates,
            "quarantined": batch.quarantined,
            "note": ";".join([*([batch.refused_because] if batch.refused_because else []), *batch.warnings]),
            "batch_id": batch.batch_id,
        }
        for batch in reversed(list(batches))
    ]
    counts = [(name, pa.int64()) for name in ("rows_read", "loaded", "replaced", "duplicates", "quarantined")]
    words = [(name, pa.string()) for name in ("loaded_at", "file", "title", "status")]
    schema = pa.schema([*words, *counts, ("note", pa.string()), ("batch_id", pa.string())])
    return pa.Table.from_pylist(rows, schema=schema)


def quarantine_rows(rows: pa.Table, batches: Iterable[Batch], hidden: frozenset[str]) -> pa.Table:
    """The rows that did not load, newest batch first, with the column's label; values of hidden columns stay out."""
    when = {batch.batch_id: batch.loaded_at.replace("T", " ") for batch in batches}
    found = [
        {
            "loaded_at": when.get(str(row["batch_id"])),
            "title": title_of(row["table_name"]),
            "file": row["file"],
            "row_no": row["row_no"],
            "column": _label(row["table_name"], row["column_name"]),
            "value": None if row["column_name"] in hidden else row["value"],
            "reason": row["reason"],
        }
        for row in rows.to_pylist()
    ]
    found.sort(
        key=lambda row: (row["loaded_at"] or "", row["file"] or "", -(row["row_no"] or 0)), reverse=True
    )
    names = ("loaded_at", "title", "file", "row_no", "column", "value", "reason")
    schema = pa.schema([(name, pa.int64() if name == "row_no" else pa.string()) for name in names])
    return pa.Table.from_pylist(found, schema=schema)


def report_rows(files: Sequence[FileReport], status: Mapping[str, str] = STATUS) -> list[tuple[str, ...]]:
    """(file, table, outcome, read, new, replaced, repeated, quarantined) of each file of a load or a preview."""
    return [
        (
            Path(file.file).name,
            title_of(file.table) or "未识别",
            status[file.status],
            *(
                f"{count:,}"
                for count in (file.rows_read, file.loaded, file.replaced, file.duplicates, file.quarantined)
            ),
        )
        for file in files
    ]


def report_notes(files: Sequence[FileReport]) -> list[str]:
    """What a person should read before confirming: refusals, what was not read, warnings, the first reasons of each file."""
    return [f"{Path(file.file).name}:{note}" for file in files for note in _notes(file)]


def preview_message(files: Sequence[FileReport]) -> str:
    """What confirming would do, in one sentence."""
    new, replaced, bad = (
        sum(getattr(file, name) for file in files) for name in ("loaded", "replaced", "quarantined")
    )
    refused = sum(file.status == "refused" for file in files)
    parts = [f"确认后新增 {new:,} 行", f"替换已有的 {replaced:,} 行(旧行留在历史里)"]
    if bad:
        parts.append(f"{bad:,} 行不能读准,将进入隔离区或随文件退回")
    if refused:
        parts.append(f"{refused} 个文件将退回")
    return ",".join(parts) + "。现在还没有改动任何数据。"


def title_of(table: object) -> str | None:
    """A table's Chinese name; a table unknown to the contract keeps its own."""
    if table is None:
        return None
    contract = contracts().get(str(table))
    return contract.title if contract else str(table)


def _label(table: object, column: object) -> str | None:
    if column is None:
        return None
    contract = contracts().get(str(table))
    known = contract.by_name.get(str(column)) if contract else None
    return known.label if known else str(column)


def _notes(file: FileReport) -> list[str]:
    found = [file.refused_because] if file.refused_because else []
    if file.status == "skipped":
        found.append("文件名不以数据表名称开头,内容也不是两库知识点工作簿,未读取")
    if file.left_out:
        found.append(f"个人信息列未读取:{'、'.join(file.left_out)}")
    if file.unknown_columns:
        found.append(f"未知列未读取:{'、'.join(file.unknown_columns)}")
    if file.masked:
        found.append(f"自由文本中屏蔽 {file.masked} 处身份证号或电话")
    if file.knowledge_points is not None and file.status in ("loaded", "unchanged"):
        found.append(f"本文件现行知识点 {file.knowledge_points:,} 条")
    found += file.warnings
    for reason in file.reasons[:REASONS_NAMED]:
        value = f",值“{reason.value}”" if reason.value else ""
        found.append(f"第 {reason.row} 行{value}:{reason.reason}")
    if len(file.reasons) > REASONS_NAMED:
        found.append(f"另有 {len(file.reasons) - REASONS_NAMED} 条原因,载入后见“隔离行”")
    return found
