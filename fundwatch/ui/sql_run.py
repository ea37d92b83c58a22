"""自助查询: start a statement, watch it, cancel it, and keep what came of it for the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from fundwatch.access import roles_in_words
from fundwatch.analyst.file import analyst_file
from fundwatch.analyst.run import Limits, Outcome, Run, limits_of, start, statement_hash
from fundwatch.analyst.tables import analyst_tables
from fundwatch.clock import china_time, china_today, system_clock
from fundwatch.errors import UserError
from fundwatch.export import small_cells
from fundwatch.export.files import Column, as_csv, as_xlsx
from fundwatch.export.limits import xlsx_rows
from fundwatch.screens.fields import Field
from fundwatch.screens.sql import columns_of
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.ui.export import XLSX_TYPE, for_others
from fundwatch.ui.shell import Page
from fundwatch.ui.signin import session_check

RUN, RESULT, TROUBLE = "_sql_run", "_sql_result", "_sql_trouble"
ACTION = "自助查询"
#: most statements end sooner; then the screen goes straight to the rows
WAIT_SECONDS = 1.5
LOOK_EVERY = "0.7s"
KINDS = {"done": "完成", "refused": "未执行", "failed": "出错", "stopped": "超限停止", "cancelled": "取消"}


@dataclass(frozen=True)
class Working:
    """A statement that runs for this session."""

    run: Run
    sql: str
    version: str
    limits: Limits


@dataclass(frozen=True)
class Result:
    """The rows that came last, with the statement and version they came from."""

    outcome: Outcome
    sql: str
    version: str
    limits: Limits

    @property
    def rows(self) -> pa.Table:
        return self.outcome.table()


def working() -> Working | None:
    """The statement that runs, or None."""
    return st.session_state.get(RUN)


def result() -> Result | None:
    """The last rows of this session, or None."""
    return st.session_state.get(RESULT)


def trouble() -> str:
    """Why the last statement gave no rows; empty when it did."""
    return st.session_state.get(TROUBLE, "")


def begin(page: Page, sql: str) -> None:
    """Start a statement; a fast one is finished when this returns."""
    if working() is not None:
        return
    st.session_state.pop(RESULT, None)
    st.session_state[TROUBLE] = ""
    limits, version = limits_of(page.settings), page.warehouse.version
    try:
        file = analyst_file(page.home, version)
        run = start(file, sql, limits, on_end=_logger(page, sql, version))
    except UserError as error:
        st.session_state[TROUBLE] = error.message
        return
    st.session_state[RUN] = Working(run, sql, version, limits)
    collect(WAIT_SECONDS)


def collect(timeout: float = 0) -> bool:
    """Take over the outcome when the statement has ended; whether it has."""
    now = working()
    if now is None:
        return True
    try:
        outcome = now.run.outcome(timeout)
    except TimeoutError:
        return False
    del st.session_state[RUN]
    if outcome.rows is None:
        st.session_state[TROUBLE] = outcome.message
    else:
        st.session_state[RESULT] = Result(outcome, now.sql, now.version, now.limits)
    return True


def stop() -> None:
    """Cancel what runs."""
    if (now := working()) is not None:
        now.run.cancel()


@st.fragment(run_every=LOOK_EVERY)
def watch() -> None:
    """The line that is drawn while a statement runs: how long, and the button that ends it."""
    now = working()
    if now is None or collect():
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="sql_running"):
        st.button("取消", icon=":material/stop_circle:", on_click=stop, key="sql_cancel")
        st.caption(f"正在运行,已用 {now.run.seconds:.0f} 秒,最多 {now.limits.seconds} 秒。", width="content")


def export_result(page: Page, found: Result) -> None:
    """Two buttons for the rows; made on the click, recorded with the statement's hash."""
    limit = xlsx_rows(page.settings, china_today())
    outside = for_others("sql_export")
    for ending, mime, label in (("xlsx", XLSX_TYPE, "导出 Excel(含语句)"), ("csv", "text/csv", "导出 CSV")):
        st.download_button(
            label,
            data=_maker(page, found, ending, outside),
            file_name=f"自助查询_{statement_hash(found.sql)[:8]}.{ending}",
            mime=mime,
            key=f"sql_export_{ending}",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
            disabled=ending == "xlsx" and found.rows.num_rows > limit,
        )
    st.caption("导出当前结果的全部行。每次导出都会记录。")


def written(page: Page, found: Result, ending: str, *, outside: bool = False) -> bytes:
    """The file, after a line in the log with rows, hashes and version; ``outside``: without small numbers."""
    columns = [Column(column.name, column.header) for column in columns_of(found.rows)]
    rows, said = found.rows, about(page, found)
    if outside:
        least = small_cells.threshold(page.settings, china_today())
        left = small_cells.protected(rows, counts_of(rows), least)
        rows = left.rows
        said = [*said, ("对外提供", small_cells.words(least, left.small, left.more))]
    file = as_csv(rows, columns) if ending == "csv" else as_xlsx(rows, columns, said)
    detail = {
        "format": ending, "rows": file.rows, "sha256": file.sha256, "statement": statement_hash(found.sql),
        "version": found.version, "screen": page.entry.url_path, "more": found.outcome.more, "filters": {},
        **({"outside": True} if outside else {}),
    }  # fmt: skip
    record(engine(page.home), page.user.username, "导出", ACTION, detail)
    return file.content


def counts_of(rows: pa.Table) -> list[Field]:
    """The result's columns for the rule of small cells: nobody says what a statement counts, so every whole number counts persons."""
    return [
        Field(
            column.name, column.header, unit="人" if _is_whole(rows.schema.field(column.name).type) else None
        )
        for column in columns_of(rows)
    ]


def _is_whole(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0)


def about(page: Page, found: Result) -> list[tuple[str, str]]:
    """The lines of the sheet 口径: the statement itself is the definition."""
    used = [t for t in analyst_tables().values() if t.name in found.sql.lower()]
    lines = [
        ("内容", "自助查询结果(数字含义以语句为准)"),
        ("语句", found.sql),
        ("语句哈希", statement_hash(found.sql)),
        ("行数", f"{found.rows.num_rows:,}{'(已达上限,还有更多行)' if found.outcome.more else ''}"),
        ("数据版本", found.version),
        ("原表金额单位", "元"),
    ]
    lines += [("数据表", f"{table.title} {table.name}:{table.grain}") for table in used]
    at = china_time(system_clock())
    return [
        *lines,
        ("导出人", f"{page.user.post}({roles_in_words(page.roles)})"),
        ("导出时间", f"{at:%Y-%m-%d %H:%M:%S}"),
    ]


def _maker(page: Page, found: Result, ending: str, outside: bool = False) -> Callable[[], bytes]:
    still_allowed = session_check(page.home)

    def made() -> bytes:
        if not still_allowed():
            raise UserError("登录已过期,请重新登录后导出。")
        return written(page, found, ending, outside=outside)

    return made


def _logger(page: Page, sql: str, version: str) -> Callable[[Outcome], None]:
    """Writes one line per run, whether or not anybody waits for it: a person may have left the screen."""
    store, username, screen = engine(page.home), page.user.username, page.entry.url_path

    def log(outcome: Outcome) -> None:
        detail = {
            "statement": statement_hash(sql), "outcome": KINDS[outcome.kind], "rows": outcome.rows.num_rows if outcome.rows else 0,
            "more": outcome.more, "ms": round(outcome.seconds * 1000), "version": version, "screen": screen,
        }  # fmt: skip
        record(store, username, ACTION, statement_hash(sql)[:12], detail)

    return log
