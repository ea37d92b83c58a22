"""专项与文书 as tables and sentences: campaigns against their own ledger, the six-item report, training, internal control."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from fundwatch.screens.fields import Field, contract_fields
from fundwatch.ui import numbers

if TYPE_CHECKING:
    from fundwatch.ui.sheet import Cell, Column, Part

Record = Mapping[str, Any]
CAMPAIGN_FIELDS = (
    *contract_fields(
        "campaign", ["campaign_name", "begndate", "enddate", "depts", "target_cnt", "checked_cnt"]
    ),
    *contract_fields("campaign", ["talk_cnt", "suspend_cnt", "rectify_cnt", "amt_found", "amt_recovered"]),
    Field("ledger_cnt", "台账登记已查", "int", "家"),
    Field("ledger_amt", "台账问题金额", "amount", "元"),
)
TRAINING_FIELDS = contract_fields(
    "training", ["train_date", "kind", "topic", "persons", "passed", "train_id"]
)
CONTROL_FIELDS = (
    *contract_fields("control_check", ["check_date", "post", "risk_level", "found_cnt", "fixed_cnt"]),
    Field("open_cnt", "未整改", "int", "项"),
    *contract_fields("control_check", ["control_id"]),
)
ASSESSMENT_FIELDS = (
    *contract_fields("fixmedins_b", ["fixmedins_code", "fixmedins_name"]),
    Field("level_class", "机构级别"),
    *contract_fields("fixmedins_b", ["town_name"]),
    *contract_fields("assessment", ["score", "grade", "deduct_points", "withheld_amt"]),
)
#: the six items in the order of 2022医疗保障基金协议管理工作方案 三(六)
ITEMS = ("日常稽核", "基金结算审核", "自查自纠", "投诉举报", "专项检查", "委托检查")
ON_TIME, LATE, MISSING = "按时", "迟报", "未报"


def campaign_message(rows: Sequence[Record], on: dt.date) -> str:
    """The campaigns of the period in one sentence: the outcome of the newest one, as it was reported, then those
    whose last day is over on ``on`` with institutions left."""
    if not rows:
        return "期内没有专项检查。"
    newest = rows[0]
    said = f"期内专项检查 {len(rows)} 项;{newest['campaign_name']}应查 {newest['target_cnt']} 家,已查 {newest['checked_cnt']} 家"
    for name, word in (("talk_cnt", "约谈"), ("suspend_cnt", "暂停"), ("rectify_cnt", "整改")):
        if newest[name]:
            said += f",{word} {newest[name]} 家"
    if newest["amt_found"]:
        said += f",查出 {numbers.money(newest['amt_found'])}"
    late = "".join(
        f";{row['campaign_name']}已于 {numbers.date(row['enddate'])} 到期,应查 {row['target_cnt']} 家,还有"
        f" {row['target_cnt'] - row['checked_cnt']} 家未查"
        for row in rows
        if row["enddate"] < on and row["checked_cnt"] < row["target_cnt"]
    )
    return f"{said}{late}。"


def held_against(rows: Iterable[Record]) -> list[str]:
    """A line for each campaign whose reported numbers differ from what the inspection ledger holds for it."""
    lines = []
    for row in rows:
        if row["ledger_cnt"] is not None and row["ledger_cnt"] != row["checked_cnt"]:
            lines.append(
                f"{row['campaign_name']}:上报已查 {row['checked_cnt']} 家,检查台账登记 {row['ledger_cnt']} 家,"
                f"相差 {abs(row['checked_cnt'] - row['ledger_cnt'])} 家。"
            )
        if (
            row["ledger_amt"] is not None
            and row["amt_found"] is not None
            and row["ledger_amt"] != row["amt_found"]
        ):
            lines.append(
                f"{row['campaign_name']}:上报查出 {numbers.plain(row['amt_found'], 2)} 元,问题台账合计"
                f" {numbers.plain(row['ledger_amt'], 2)} 元,相差 {numbers.plain(abs(row['amt_found'] - row['ledger_amt']), 2)} 元。"
            )
    return lines


def filing_state(row: Record) -> str:
    """按时, 迟报 or 未报 of one month and item."""
    if row["filed_date"] is None:
        return MISSING
    return ON_TIME if row["filed_date"] <= row["due_date"] else LATE


def filings(rows: Sequence[Record]) -> tuple[list[Column], list[Part]]:
    """Months down, the six items across; late and missing ones marked."""
    # an export of this screen must not bring the web server along
    from fundwatch.ui.sheet import Cell, Column, Part, Row

    columns = [Column("月份", "name"), Column("应报日期", "text"), *(Column(item, "text") for item in ITEMS)]
    by_month: dict[str, dict[str, Record]] = {}
    for row in rows:
        by_month.setdefault(row["month"], {})[row["item"]] = row
    body = tuple(
        Row(
            (
                Cell(numbers.month(month)),
                Cell(numbers.date(next(iter(items.values()))["due_date"])),
                *(_filed(items.get(item)) for item in ITEMS),
            )
        )
        for month, items in sorted(by_month.items(), reverse=True)
    )
    return columns, [Part("", body)]


def _filed(row: Record | None) -> Cell:
    from fundwatch.ui.sheet import Cell

    if row is None:
        return Cell(numbers.NONE)
    state = filing_state(row)
    if state == ON_TIME:
        return Cell(state, hint=f"{numbers.date(row['filed_date'])} 报送")
    if state == LATE:
        days = (row["filed_date"] - row["due_date"]).days
        return Cell(
            f"{LATE} {days} 天", tone="attention", marked=True, hint=f"{numbers.date(row['filed_date'])} 报送"
        )
    return Cell(MISSING, tone="bad", marked=True)


def filing_message(rows: Sequence[Record]) -> str:
    """How the reports of the period stand, in one sentence."""
    states = [filing_state(row) for row in rows]
    if not states:
        return "期内没有到期的六项信息。"
    late, missing = states.count(LATE), states.count(MISSING)
    if not late and not missing:
        return f"期内到期的 {len(states)} 项次六项信息均按时报送。"
    return f"期内到期 {len(states)} 项次,按时 {states.count(ON_TIME)}、迟报 {late}、未报 {missing}。"


def control_message(rows: pa.Table) -> str:
    """Internal-control checks in one sentence."""
    if not rows.num_rows:
        return "期内没有内控检查。"
    found, rest = (
        sum(value or 0 for value in rows.column(name).to_pylist()) for name in ("found_cnt", "open_cnt")
    )
    tail = f"{rest} 项未整改" if rest else "全部整改"
    return f"期内内控检查 {rows.num_rows} 次,发现 {found} 项,{tail}。"


def assessment_message(year: int, rows: pa.Table) -> str:
    """The year's assessment in one sentence."""
    if not rows.num_rows:
        return f"{year}年度还没有考核结果。"
    withheld = sum((amount or Decimal(0) for amount in rows.column("withheld_amt").to_pylist()), Decimal(0))
    return f"{year}年度已考核 {rows.num_rows} 家,考核扣留 {numbers.money(withheld)}。"


def assessment_year(end: dt.date, years: Iterable[int]) -> int:
    """The newest assessed year not after the period's; the period's own when there is none."""
    return max((year for year in years if year <= end.year), default=end.year)
