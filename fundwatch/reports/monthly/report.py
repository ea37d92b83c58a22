"""The report of one month: figures, filings and the document, from one version of the warehouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fundwatch import numbers
from fundwatch.clock import CHINA
from fundwatch.documents import Block, Column, Document, Paragraph, Section, Table
from fundwatch.errors import UserError
from fundwatch.reports.monthly import filing
from fundwatch.reports.monthly.figures import Figure, official
from fundwatch.reports.monthly.filing import LEDGER, Filing, filings
from fundwatch.reports.monthly.gather import Gathered, gather, newest_of
from fundwatch.reports.monthly.items import (
    CAMPAIGN,
    COMPLAINT,
    DOCUMENT,
    INSPECTION,
    PAYMENT,
    SELF_CHECK,
    SUSPICION,
    Item,
    figures,
)
from fundwatch.reports.monthly.month import Month, When
from fundwatch.reports.monthly.sections import Captions, six_sections, summary
from fundwatch.reports.monthly.tables import day_words
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse

#: the ledgers and tables of each item, for what is said about their reach
SOURCES = {
    Item.DAILY: (INSPECTION,),
    Item.REVIEW: (DOCUMENT, SUSPICION, PAYMENT),
    Item.SELF_CHECK: (SELF_CHECK,),
    Item.COMPLAINT: (COMPLAINT,),
    Item.CAMPAIGN: (CAMPAIGN, INSPECTION),
    Item.ENTRUSTED: (INSPECTION,),
}
COUNTING = (
    "检查只计已完成的。写明专项编号的检查计入专项检查，其余县局委托的计入委托检查，再其余的计入日常稽核，每次检查只计入一项。",
    "“本年累计”为年初至本月末；覆盖率、期末未办结等时点数为月末的数，上月、上年同月为各该月末的数。",
    "以前月份的数按目前的数据重新计算，与当时上报的数可能不同；已提交的月报及其更正另行保存。",
)


@dataclass(frozen=True)
class MonthlyReport:
    """Everything of one month's report; ``countdown`` is read on the day asked for and not part of the document."""

    month: Month
    version: str
    newest: dt.date
    figures: Mapping[str, Figure]
    filings: tuple[Filing, ...]
    has_ledger: bool
    document: Document

    def countdown(self, today: dt.date) -> tuple[str, str]:
        """How many days are left to the 10th, and what is still to come."""
        return filing.countdown(self.month, self.filings, today, self.has_ledger)

    def record(self) -> dict[str, Any]:
        """The numbers as JSON: what ``fundwatch report monthly --json`` prints and a submission keeps."""
        return {
            "month": str(self.month), "version": self.version, "data_through": self.newest,
            "figures": [figure.record() for figure in self.figures.values()],
            "filings": [one.record() for one in self.filings] if self.has_ledger else [],
        }  # fmt: skip


def monthly_report(warehouse: Warehouse, settings: Settings, month: Month, on: dt.date) -> MonthlyReport:
    """The report of a month as the warehouse has it; ``on`` is the day it is signed.

    Raises UserError for a month that the data do not reach.
    """
    newest = newest_of(warehouse)
    if newest is None:
        raise UserError("还没有载入带日期的数据,无法生成月报。请先载入数据并生成。")
    if month > Month.of(newest):
        raise UserError(f"{month.words}还没有数据:数据截至 {numbers.date(newest)}。")
    values = settings.now()
    data = gather(warehouse, values, month, newest)
    found = figures(data)
    county = str(settings.get("county_name", on) or "")
    return MonthlyReport(
        month=month,
        version=warehouse.version,
        newest=newest,
        figures=found,
        filings=tuple(filings(data.filings, newest, month.due)),
        has_ledger=data.states[LEDGER].is_loaded,
        document=_document(data, found, county, on),
    )


def _document(data: Gathered, found: Mapping[str, Figure], county: str, on: dt.date) -> Document:
    captions = Captions()
    items = six_sections(data, found, captions)
    titles = (captions.table("本月报送情况"), captions.table("本年各项报送情况"))
    return Document(
        title=f"{county}医疗保障基金监管六项信息月报",
        subtitle=f"（{data.month.words}）",
        lead=(summary(data, found),),
        sections=(*items, filing.section(data, titles), _about(data, captions)),
        made_at=dt.datetime.combine(on, dt.time(), CHINA),
        author=f"{county}医保经办中心",
        slots={"落款单位": f"{county}医保经办中心", "落款日期": day_words(on)},
    )


def _about(data: Gathered, captions: Captions) -> Section:
    """What the numbers rest on: tables and how far they reach, what is not loaded, how things are counted."""
    rows = []
    for item, tables in SOURCES.items():
        for table in tables:
            state = data.states[table]
            reach = numbers.date(state.data_through) if state.is_loaded else numbers.NONE
            why = data.why_not((table,), *data.month.period(When.NOW))
            rows.append((item.value, state.title, reach, _state(state.is_loaded, why)))
    columns = (Column("事项", 3), Column("数据来源", 3), Column("最近一条记录", 3), Column("本月数据", 4))
    blocks: list[Block] = [
        Paragraph(f"本报告依据数据版本{data.version}，数据截至{day_words(data.newest)}。"),
        Table(captions.table("各项数据来源"), columns, tuple(rows)),
        *(Paragraph(text, small=True) for text in (*COUNTING, *_held_against(data))),
    ]
    return Section("数据说明", tuple(blocks))


def _state(is_loaded: bool, why: str) -> str:
    if not is_loaded:
        return "未载入"
    return "无本月数据" if why else "已载入"


def _held_against(data: Gathered) -> list[str]:
    """Campaigns whose reported numbers differ from the inspection ledger: compared, never adjusted."""
    said = []
    for row in data.campaigns_to_date:
        reported, ledger = row["checked_cnt"], row["ledger_cnt"]
        if ledger is not None and ledger != reported:
            said.append(
                f"{official(row['campaign_name'])}上报已查{reported:,}家，检查台账至今登记{ledger:,}家，相差{abs(reported - ledger):,}家，"
                "两者只比较、不调整。"
            )
        amount, found = row["amt_found"], row["ledger_amt"]
        if amount is not None and found is not None and amount != found:
            said.append(
                f"{official(row['campaign_name'])}上报查出{numbers.plain(amount, 2)}元，问题台账至今合计{numbers.plain(found, 2)}元，相差"
                f"{numbers.plain(abs(amount - found), 2)}元，两者只比较、不调整。"
            )
    return said
