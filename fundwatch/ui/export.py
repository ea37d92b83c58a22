"""The 导出 buttons of a list: made on the click, recorded with row count and hash, never without a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from fundwatch.access import Ability, roles_in_words
from fundwatch.clock import china_time, system_clock
from fundwatch.errors import UserError
from fundwatch.export.files import XLSX_ROWS, Column, Exported, Rows, as_csv, as_xlsx
from fundwatch.kpi import Kpi
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.ui import numbers
from fundwatch.ui.filters import Filters
from fundwatch.ui.period import Period
from fundwatch.ui.shell import Page
from fundwatch.ui.signin import session_check
from fundwatch.ui.table import Field, header, visible

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def export_buttons(page: Page, make: Callable[[], Taken], name: str, rows: int, key: str = "export") -> None:
    """Two download buttons for ``rows`` rows; ``make`` runs on the click only, ``name`` the file's stem."""
    if not page.can(Ability.EXPORT):
        st.caption("当前角色不能导出。")
        return
    for ending, mime, label in (("xlsx", XLSX_TYPE, "导出 Excel(含口径)"), ("csv", "text/csv", "导出 CSV")):
        st.download_button(
            label,
            data=_maker(page, make, ending),
            file_name=f"{name}.{ending}",
            mime=mime,
            key=f"{key}_{ending}",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
            disabled=ending == "xlsx" and rows > XLSX_ROWS,
        )
    st.caption(f"每次导出都会记录。Excel 最多 {XLSX_ROWS:,} 行,更长的清单请用 CSV。")


def written(page: Page, taken: Taken, ending: str, at: dt.datetime) -> Exported:
    """The file, and a line in the log with rows, hash, filters and version. Hidden columns never leave."""
    fields = visible(taken.fields, taken.rows, page.hidden_columns)
    columns = [Column(field.name, header(field), field.codes) for field in fields]
    file = (
        as_csv(taken.rows, columns)
        if ending == "csv"
        else as_xlsx(taken.rows, columns, about(page, taken, at))
    )
    record(
        engine(page.home),
        page.user.username,
        "导出",
        taken.name,
        {
            "format": ending,
            "rows": file.rows,
            "sha256": file.sha256,
            "columns": [field.name for field in fields],
            "from": taken.period.start.isoformat(),
            "to": taken.period.end.isoformat(),
            "filters": taken.filters.for_kpi,
            "version": page.warehouse.version,
            "screen": page.entry.url_path,
        },
    )
    return file


def about(page: Page, taken: Taken, at: dt.datetime) -> list[tuple[str, str]]:
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
    return lines


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


def _maker(page: Page, make: Callable[[], Taken], ending: str) -> Callable[[], bytes]:
    still_allowed = session_check(page.home)

    def made() -> bytes:
        # The button may stand on an open screen long after the session ended.
        if not still_allowed():
            raise UserError("登录已过期,请重新登录后导出。")
        return written(page, make(), ending, china_time(system_clock())).content

    return made
