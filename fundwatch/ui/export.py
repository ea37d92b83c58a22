"""The 导出 buttons of a list: made on the click, recorded with row count and hash, never without a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import pyarrow as pa
import streamlit as st

from fundwatch.access import PERSONAL_COLUMNS, Ability, roles_in_words
from fundwatch.clock import china_time, china_today, system_clock
from fundwatch.errors import UserError
from fundwatch.export import small_cells
from fundwatch.export.files import FORMATS, Column, Exported, Rows, as_csv, as_parquet, as_xlsx
from fundwatch.export.limits import xlsx_rows
from fundwatch.export.log import record_export
from fundwatch.kpi import Kpi
from fundwatch.ui import numbers
from fundwatch.ui.filters import Filters
from fundwatch.ui.period import Period
from fundwatch.ui.shell import Page
from fundwatch.ui.signin import session_check
from fundwatch.ui.table import Field, header, visible
from fundwatch.workbooks.make import WHY_MISSING

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX_TYPE, "csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_ANSWER: ContextVar[bool | None] = ContextVar("for_others", default=None)
OUTSIDE_HELP = (
    "交给本局以外的单位或个人时勾选:小于规定人数的格写作“<5”,不含个人级明细和案件文字,文件的口径页写明。"
)
LABELS = {"xlsx": "导出 Excel(含口径)", "csv": "导出 CSV", "parquet": "导出 Parquet(供分析)"}


@dataclass(frozen=True)
class Taken:
    """What is taken away: its name, the rows, their columns, and what the numbers mean."""

    name: str
    rows: Rows
    fields: Sequence[Field]
    period: Period
    filters: Filters
    data_through: dt.date | None
    kpis: Sequence[Kpi] = ()


def export_buttons(
    page: Page,
    make: Callable[[], Taken],
    name: str,
    rows: int,
    key: str = "export",
    *,
    fields: Sequence[Field] = (),
) -> None:
    """Download buttons for ``rows`` rows; ``make`` runs on the click only, ``name`` the file's stem.

    ``fields`` are the list's columns where some may be of single persons: then a reason is asked for first.
    """
    if not page.can(Ability.EXPORT):
        st.caption("当前角色不能导出。")
        return
    outside = for_others(key)
    if outside and small_cells.is_personal(fields):
        st.caption(small_cells.PERSONAL_STAYS)
        return
    asks = any(field.name in PERSONAL_COLUMNS - page.hidden_columns for field in fields)
    why = reason(key) if asks else ""
    limit = xlsx_rows(page.settings, china_today())
    for ending in FORMATS:
        st.download_button(
            LABELS[ending],
            data=_maker(page, make, ending, why, outside),
            file_name=f"{name}.{ending}",
            mime=TYPES[ending],
            key=f"{key}_{ending}",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
            disabled=(ending == "xlsx" and rows > limit) or (asks and not why),
        )
    longer = f"本清单 {rows:,} 行,请用 CSV 或 Parquet。" if rows > limit else ""
    st.caption(f"每次导出都会记录。Excel 最多 {limit:,} 行。{longer}")


def for_others(key: str) -> bool:
    """Whether the file is for others than the bureau: then small numbers of persons are left out of it.

    Asked once for all buttons that stand together (``one_answer``), else beside the button.
    """
    answer = _ANSWER.get()
    return _asked_for_others(key) if answer is None else answer


@contextmanager
def one_answer(key: str) -> Iterator[None]:
    """One question for all buttons drawn within."""
    before = _ANSWER.set(_asked_for_others(key))
    try:
        yield
    finally:
        _ANSWER.reset(before)


def _asked_for_others(key: str) -> bool:
    return st.checkbox("对外提供(隐去过小的人数)", key=f"{key}_outside", help=OUTSIDE_HELP)


def reason(key: str) -> str:
    """Ask why rows of single persons leave; an empty string while nothing is said."""
    given = st.text_input(
        "导出理由(必填)", key=f"{key}_why", max_chars=200, placeholder="含个人级明细,写明用途后回车"
    )
    return (given or "").strip()


def written(
    page: Page, taken: Taken, ending: str, at: dt.datetime, why: str = "", *, outside: bool = False
) -> Exported:
    """The file, and a line in the log with rows, hash, filters and version. Hidden columns never leave, nor do rows of
    single persons without a reason (UserError), nor ``outside`` small numbers of persons."""
    said: list[tuple[str, str]] = []
    if outside:
        taken, said = _for_others(page, taken)
    fields = visible(taken.fields, taken.rows, page.hidden_columns)
    if not why.strip() and taken.rows.num_rows and any(field.name in PERSONAL_COLUMNS for field in fields):
        raise UserError(WHY_MISSING)
    columns = [Column(field.name, header(field), field.codes) for field in fields]
    if ending == "csv":
        file = as_csv(taken.rows, columns)
    else:
        said = [*about(page, taken, at, why), *said]
        limit = xlsx_rows(page.settings, at.date())
        file = (
            as_parquet(taken.rows, columns, said)
            if ending == "parquet"
            else as_xlsx(taken.rows, columns, said, limit)
        )
    record_export(
        page.home,
        page.user.username,
        taken.name,
        rows=file.rows,
        sha256=file.sha256,
        detail={
            "format": ending,
            "columns": [field.name for field in fields],
            "from": taken.period.start.isoformat(),
            "to": taken.period.end.isoformat(),
            "filters": taken.filters.for_kpi,
            "version": page.warehouse.version,
            "screen": page.entry.url_path,
            **({"why": why.strip()} if why.strip() else {}),
            **({"outside": True} if outside else {}),
        },
    )
    return file


def _for_others(page: Page, taken: Taken) -> tuple[Taken, list[tuple[str, str]]]:
    """What is taken away without small cells, and the line that says so."""
    least = small_cells.threshold(page.settings, taken.period.end)
    rows = taken.rows if isinstance(taken.rows, pa.Table) else pa.Table.from_batches(taken.rows.to_batches())
    found = small_cells.protected(rows, taken.fields, least)
    return replace(taken, rows=found.rows, fields=found.fields), [
        ("对外提供", small_cells.words(least, found.small, found.more))
    ]


def about(page: Page, taken: Taken, at: dt.datetime, why: str = "") -> list[tuple[str, str]]:
    """The lines of the sheet 口径: what, period, filters, definitions, parameters, version, who and when."""
    lines = [
        ("内容", taken.name),
        (
            "期间",
            f"{taken.period.words}({numbers.date(taken.period.start)} 至 {numbers.date(taken.period.end)})",
        ),
        ("筛选", taken.filters.words),
        ("行数", f"{taken.rows.num_rows:,}"),
        ("数据截至", numbers.date(taken.data_through)),
        ("数据版本", page.warehouse.version),
        ("金额单位", "元(见各列标题)"),
    ]
    for kpi in taken.kpis:
        lines += _definition(page, kpi, taken.period.end)
    lines += [
        ("导出人", f"{page.user.post}({roles_in_words(page.roles)})"),
        ("导出时间", f"{at:%Y-%m-%d %H:%M:%S}"),
    ]
    return [*lines, ("导出理由", why.strip())] if why.strip() else lines


def _definition(page: Page, kpi: Kpi, on: dt.date) -> list[tuple[str, str]]:
    lines = [("指标", f"{kpi.label}({kpi.unit})"), ("分子", kpi.definition.numerator)]
    if kpi.definition.denominator:
        lines.append(("分母", kpi.definition.denominator))
    if kpi.definition.note:
        lines.append(("说明", kpi.definition.note))
    for policy in kpi.policy:
        lines.append(("依据", f"{policy.document} {policy.clause}"))
    for name in kpi.parameters:
        setting = page.settings.now().setting(name, on)
        status = f",{setting.source_status}" if setting.source_status else ""
        lines.append(
            ("参数", f"{setting.label}:{setting.value} {setting.unit}(来源:{setting.source}{status})")
        )
    lines.append(("责任岗位", kpi.owner))
    return lines


def _maker(
    page: Page, make: Callable[[], Taken], ending: str, why: str, outside: bool = False
) -> Callable[[], bytes]:
    return allowed(page, lambda at: written(page, make(), ending, at, why, outside=outside).content)


def allowed(page: Page, made: Callable[[dt.datetime], bytes]) -> Callable[[], bytes]:
    """What a download button calls: the file made at that moment, if the session is still good."""
    still_allowed = session_check(page.home)

    def checked() -> bytes:
        # The button may stand on an open screen long after the session ended.
        if not still_allowed():
            raise UserError("登录已过期,请重新登录后导出。")
        return made(china_time(system_clock()))

    return checked
