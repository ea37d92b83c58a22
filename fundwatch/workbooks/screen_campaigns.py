"""专项与文书: campaigns, record sheets, the six-item report, training, internal control, assessment."""

from __future__ import annotations

import pyarrow as pa

from fundwatch.screens import campaigns as view
from fundwatch.screens.coverage import unchecked
from fundwatch.screens.fields import Field
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Part, kpi_part, list_part, months_part, table

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
SHEETS = "record_sheet_rate"
KPIS = (SHEETS, "filing_timeliness", "training_pass_rate", "assessment_coverage")
FILING_FIELDS = (
    Field("month", "月份"), Field("item", "事项"), Field("due_date", "应报日期", "date"), Field("filed_date", "报送日期", "date"),
    Field("state", "情况"),
)  # fmt: skip


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows."""
    campaigns = ask.of_period("campaigns")
    controls = ask.of_period("campaign_controls")
    years = ask.query("campaign_assessment_years").column("year").to_pylist()
    year = view.assessment_year(ask.period.end, years)
    assessed = ask.query("campaign_assessments", year=year, **ask.lists(BAR))
    odd = "".join(view.held_against(campaigns.to_pylist()))
    return [
        kpi_part(ask, KPIS),
        months_part(ask, KPIS),
        Part(
            "专项检查",
            campaigns,
            view.CAMPAIGN_FIELDS,
            f"前几列为专项上报数,台账登记按检查台账计,两者只比较不调整。{odd}",
            money="元",
        ),
        list_part(
            ask,
            SHEETS,
            "文书不完整的检查",
            "没有现场检查记录单号,或发现问题而没有违约处理告知单号。",
            unchecked(ask.listed(SHEETS)),
        ),
        _filings(ask),
        Part(
            "宣传培训",
            ask.of_period("campaign_trainings"),
            view.TRAINING_FIELDS,
            "政策测试合格率只计形式为测试的。",
        ),
        Part("内控检查", controls, view.CONTROL_FIELDS, view.control_message(controls)),
        Part(
            f"{year}年度考核",
            assessed,
            view.ASSESSMENT_FIELDS,
            view.assessment_message(year, assessed),
            money="元",
        ),
    ]


def _filings(ask: Ask) -> Part:
    found = ask.of_period("campaign_filings").to_pylist()
    rows = [{**row, "state": view.filing_state(row)} for row in found]
    types = {"due_date": pa.date32(), "filed_date": pa.date32()}
    shape = table(rows, [field.name for field in FILING_FIELDS], types)
    note = ask.missing("report_filing") or view.filing_message(found)
    return Part("六项信息报送", shape, FILING_FIELDS, note)


BOOK = Book(BAR, lambda _: KPIS, parts)
