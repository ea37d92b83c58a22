"""A document with every kind of block, of a made-up county."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fundwatch.documents import Chart, Column, Document, Paragraph, Section, Series, Table

MADE_AT = dt.datetime(2024, 7, 8, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TABLE = Table(
    "表1　检查方式",
    (Column("检查方式", 3), Column("本月", 2, True), Column("上月", 2, True)),
    (("现场检查", "96", "84"), ("数据核查", "12", "—"), ("合计", "108", "84")),
    unit="单位：次",
    note="注：已完成的检查。",
    total_rows=1,
)
CHART = Chart(
    "图1　每月检查次数",
    "column",
    "次",
    ("4月", "5月", "6月"),
    (
        Series("本年", (Decimal(25), None, Decimal(96))),
        Series("上年", (Decimal(20), Decimal(18), Decimal(90))),
    ),
    "6月 96 次",
)


def sample_document(text: str = "本月完成检查108次，查出问题金额1,234.56万元。") -> Document:
    """The document; ``text`` is its first paragraph."""
    return Document(
        title="虚构县医疗保障局六项信息月报",
        subtitle="（2024年6月）",
        lead=(Paragraph(text),),
        sections=(
            Section(
                "日常稽核",
                (TABLE, CHART),
                (
                    Section(
                        "现场检查", (Paragraph("现场检查96次。"),), (Section("文书", (Paragraph("齐全。"),)),)
                    ),
                ),
            ),
            Section("专项检查", (Paragraph("本月没有专项检查。"), Paragraph("注：按台账。", small=True))),
        ),
        made_at=MADE_AT,
        author="虚构县医疗保障局",
        slots={"落款单位": "虚构县医保经办中心", "落款日期": "2024年7月8日"},
    )
