"""The parts of 专项与文书: campaigns, record sheets and notices, the six-item report, training, internal control, assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import campaigns as view
from fundwatch.screens.coverage import unchecked
from fundwatch.screens.kpi_rows import fields_of
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import as_lists, list_link, missing_table
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, not_loaded_yet, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_rows, page_query
from fundwatch.ui.sheet import sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

SHEETS = "record_sheet_rate"
KPIS = (SHEETS, "filing_timeliness", "training_pass_rate", "assessment_coverage")


@dataclass(frozen=True)
class Scene:
    """What every part is made of; ``campaigns`` are those of the period."""

    page: Page
    period: Period
    filters: Filters
    campaigns: pa.Table
    through: dt.date | None

    @property
    def context(self) -> Context:
        return Context("专项与文书", self.period, self.filters, self.through)

    def rows(self, name: str) -> pa.Table:
        return page_query(self.page, name, first_day=self.period.start, last_day=self.period.end)


def campaigns_taken(scene: Scene) -> Taken:
    """The campaigns for 导出."""
    return Taken(
        "专项检查", scene.campaigns, view.CAMPAIGN_FIELDS, scene.period, scene.filters, scene.through, ()
    )


def show_part(scene: Scene) -> None:
    """The chosen part below the tiles."""
    PARTS[choose_part({name: word for name, (word, _) in PARTS.items()})][1](scene)


def _campaigns(scene: Scene) -> None:
    part_list(
        scene.page, scene.context, "专项检查", scene.campaigns, view.CAMPAIGN_FIELDS, key="campaigns", money="元",
        empty=missing_table(scene.page, "campaign") or "期内没有专项检查;调整期间可看其他年份。",
    )  # fmt: skip
    if not scene.campaigns.num_rows:
        return
    for line in view.held_against(scene.campaigns.to_pylist()):
        st.warning(escaped(line), icon=":material/rule:")
    st.caption(
        "前几列为专项上报的数;“台账登记”按检查台账中写明专项编号、已完成的检查计,没有写明的显示“—”。两者只比较,不调整。"
    )


def _sheets(scene: Scene) -> None:
    rows = unchecked(
        kpi_rows(scene.page, SHEETS, scene.period.start, scene.period.end, filters=scene.filters.for_kpi)
    )
    fields = [
        f for f in fields_of(declarations()[SHEETS], rows) if f.name not in ("numerator", "denominator")
    ]
    part_list(
        scene.page, scene.context, "文书不完整的检查", rows, fields, key="sheets",
        empty=missing_table(scene.page, "inspection") or "期内检查的文书均完整。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    st.caption("没有现场检查记录单号,或发现问题而没有违约处理告知单号。")
    list_link(scene.page, SHEETS, "查看检查文书完整率清单")


def _filings(scene: Scene) -> None:
    rows = scene.rows("campaign_filings").to_pylist()
    why = missing_table(scene.page, "report_filing")
    # Nothing loaded is not "nothing due": the table's absence is said instead of a finding.
    st.subheader("六项信息报送" if why else view.filing_message(rows), anchor=False)
    if why:
        not_loaded_yet(scene.page, why)
        return
    if rows:
        sheet(*view.filings(rows), key="filings")
        st.caption("每月10日前报送上月六项信息。迟报按天数;期末以后报送的按未报计。")
        list_link(scene.page, "filing_timeliness", "查看六项信息按时报送率清单")


def _trainings(scene: Scene) -> None:
    rows = scene.rows("campaign_trainings")
    part_list(
        scene.page, scene.context, "宣传培训", rows, view.TRAINING_FIELDS, key="trainings",
        empty=missing_table(scene.page, "training") or "期内没有宣传培训。",
    )  # fmt: skip
    st.caption("政策测试合格率只计形式为“测试”的。")


def _controls(scene: Scene) -> None:
    rows = scene.rows("campaign_controls")
    why = missing_table(scene.page, "control_check")
    if not why:
        st.markdown(view.control_message(rows))
    part_list(
        scene.page, scene.context, "内控检查", rows, view.CONTROL_FIELDS, key="controls",
        empty=why or "期内没有内控检查。",
    )  # fmt: skip


def _assessments(scene: Scene) -> None:
    years = page_query(scene.page, "campaign_assessment_years").column("year").to_pylist()
    year = view.assessment_year(scene.period.end, years)
    rows = page_query(scene.page, "campaign_assessments", year=year, **as_lists(scene.filters))
    why = missing_table(scene.page, "assessment")
    if not why:
        st.markdown(view.assessment_message(year, rows))
    part_list(
        scene.page, scene.context, f"{year}年度考核", rows, view.ASSESSMENT_FIELDS, key="assessments", money="元",
        empty=why or "所选范围内没有考核结果。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    st.caption("年度考核结果与质量保证金拨付挂钩;按机构代码排列,不排名次。")


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "campaigns": ("专项检查", _campaigns),
    "sheets": ("检查文书", _sheets),
    "filings": ("六项信息报送", _filings),
    "trainings": ("宣传培训", _trainings),
    "controls": ("内控检查", _controls),
    "assessments": ("年度考核", _assessments),
}
