"""收支结余: each fund by itself; months, year end, comparison years, categories, published totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.kpi import declarations
from fundwatch.screens import fund as view
from fundwatch.screens.fields import Field
from fundwatch.screens.fund_checks import check_message, checks, subtotals
from fundwatch.screens.fund_fields import BENEFIT_FIELDS, CHECK_FIELDS, LEDGER_FIELDS
from fundwatch.screens.fund_months import FLOWS, NOT_WHOLE, Outlook, flow_title, flows, monthly, outlooks
from fundwatch.ui import numbers
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import EXACT, Book, Chart, Part, kpi_part, records, table

#: months that the screen draws, and all that its year end is made of
DRAWN, JUDGED = 24, 36
MONTH_FIELDS = (
    Field("month", "月份", "ym"), Field("income", "收入", "amount", "元"), Field("outlay", "支出", "amount", "元"),
    Field("surplus", "当期结余", "amount", "元"),
)  # fmt: skip
GROWTH_FIELDS = (
    Field("fund", "险种"), Field("item", "项目"), Field("unit", "单位"), Field("now", "本期", "value"), Field("then", "基期", "value"),
    Field("change", "增减", "value"), Field("pct", "增幅", "percent", "%"), Field("base", "比较基年及理由"),
)  # fmt: skip
OUTLOOK_FIELDS = (
    Field("name", "险种与项目"), Field("so_far", "年初至今", "int", "万元"), Field("year_end", "预计全年", "int", "万元"),
    Field("low80", "80%区间下限", "int", "万元"), Field("high80", "80%区间上限", "int", "万元"),
    Field("low95", "95%区间下限", "int", "万元"), Field("high95", "95%区间上限", "int", "万元"),
    Field("reference", "基准:上年同月法", "int", "万元"), Field("note", "做法"), Field("verdict", "误差比较"),
)  # fmt: skip
EVENT_FIELDS = (Field("event_date", "日期", "date"), Field("title", "事件"), Field("note", "说明"))
RATIO_FIELDS = (
    Field("insutype", "险种类型", codes="insutype"), Field("begndate", "开始日期", "date"), Field("enddate", "结束日期", "date"),
    Field("category", "公布项"), Field("reimb_ratio_pct", "实际报销比例", "percent", "%"),
)  # fmt: skip
MISSING_FIELDS = (Field("what", "未载入"), Field("file", "由哪个文件带来"), Field("brings", "载入后可见"))
MONEY = pa.decimal128(24, 2)


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows of the insurance types chosen."""
    days = {"period_start": ask.period.start, "period_end": ask.period.end}
    sides = ask.query("fund_sides", **days).to_pylist()
    found = view.funds(ask.values(view.KPIS), sides, ask.filters.chosen.get("insutype", ()))
    codes = {fund.insutype for fund in found}

    def rows(name: str, **values: Any) -> pa.Table:
        read = ask.query(name, **days, **values)
        return read.filter(
            pa.array([code in codes for code in read.column("insutype").to_pylist()], pa.bool_())
        )

    known = subtotals()
    compared = rows(
        "fund_reconciliation", subtotal=[name for name, _ in known], left_out=[part for _, part in known]
    )
    shown = ask.months(DRAWN)
    events = ask.query("fund_events", first_day=shown.start, last_day=shown.end)
    absent = records(MISSING_FIELDS, view.missing(found, ask.states))
    return [
        kpi_part(ask, view.KPIS),
        Part(
            "与可比基年比较",
            _growths(ask, found),
            GROWTH_FIELDS,
            "比较基年由本局设定的,写明理由;没有设定的与上年比较。",
        ),
        *_months(ask, found),
        Part("事件", events, EVENT_FIELDS, "逐月图所示期间内的政策和业务事件。"),
        Part(
            "待遇类别",
            rows("fund_benefits"),
            BENEFIT_FIELDS,
            "公布的待遇统计;合计、小计与各部分同列,不可相加。",
        ),
        Part("公布的实际报销比例", rows("fund_ratios"), RATIO_FIELDS, "照原文,不由本系统计算。"),
        Part("收支构成", rows("fund_ledger_categories"), LEDGER_FIELDS, "基金收支台账按类别。"),
        Part("公布数核对", compared, CHECK_FIELDS, check_message(checks(compared.to_pylist()))),
        Part("本页还缺的数据", absent, MISSING_FIELDS, "载入后本页即有内容。"),
    ]


def _growths(ask: Ask, found: Sequence[view.Fund]) -> pa.Table:
    words = {(line.fund, line.item): line.base for line in view.growths(found, ask.states)}
    rows = []
    for fund in found:
        for growth, of in view.GROWTHS.items():
            kpi, number = declarations()[of], fund.values.get(growth)
            if (fund.short, kpi.label) not in words:
                continue
            known = number if number is not None and number.value is not None else None
            rows.append({
                "fund": fund.name, "item": kpi.label, "unit": "万元" if kpi.unit == "元" else kpi.unit,
                "now": _in_unit(fund.value(of), kpi.unit), "then": _in_unit(known.denominator if known else None, kpi.unit),
                "change": _in_unit(known.numerator if known else None, kpi.unit), "pct": known.value if known else None,
                "base": words[fund.short, kpi.label],
            })  # fmt: skip
    types = dict.fromkeys(("now", "then", "change", "pct"), EXACT)
    return table(rows, [field.name for field in GROWTH_FIELDS], types)


def _months(ask: Ask, found: Sequence[view.Fund]) -> list[Part]:
    """Income and outlay of each fund by month, then where the year may end."""
    months = ask.months(JUDGED)
    by_month = ask.values(FLOWS, "month", months)
    made, ahead = [], []
    for fund in found:
        own = monthly(by_month, fund.insutype)
        drawn = flows(ask.months(DRAWN).names, own)
        rows = [
            {"month": dt.date.fromisoformat(f"{flow.month}-01"), "income": flow.income, "outlay": flow.outlay,
             "surplus": own["fund_surplus"].get(flow.month)}
            for flow in drawn
        ]  # fmt: skip
        types = {"month": pa.date32(), "income": MONEY, "outlay": MONEY, "surplus": MONEY}
        chart = Chart("line", "month", ("outlay", "income"), flow_title(fund.short, drawn))
        note = "只列已结束的整月;台账没有该侧记录的月份为空。"
        made.append(
            Part(f"逐月收支·{fund.short}", table(rows, list(types), types), MONTH_FIELDS, note, (chart,))
        )
        ahead += outlooks(fund.short, months.names, own)
    rows = [_outlook(line) for line in ahead if line.note != NOT_WHOLE]
    types = {field.name: pa.int64() for field in OUTLOOK_FIELDS if field.kind == "int"}
    shape = table(rows, [field.name for field in OUTLOOK_FIELDS], types)
    note = "区间来自同一做法过去的误差(保形区间)。展望用于提醒,不是计划。" if rows else f"{NOT_WHOLE}。"
    chart = Chart("bar", "name", ("so_far", "year_end"), "年初至今与预计全年")
    return [*made, Part("全年展望", shape, OUTLOOK_FIELDS, note, (chart,))]


def _outlook(line: Outlook) -> dict[str, Any]:
    found = line.forecast
    bands = {level: found.band(level) if found else None for level in (80, 95)}
    return {
        "name": f"{line.fund}{line.item}",
        "so_far": _about(found.year_to_date if found else None),
        "year_end": _about(found.year_end if found else None),
        **{f"low{level}": _about(band.lower if band else None) for level, band in bands.items()},
        **{f"high{level}": _about(band.upper if band else None) for level, band in bands.items()},
        "reference": _about(line.reference),
        "note": line.note,
        "verdict": line.verdict,
    }


def _in_unit(value: Decimal | None, unit: str) -> Decimal | None:
    return value / numbers.WAN if value is not None and unit == "元" else value


def _about(value: float | None) -> int | None:
    """Whole 万元: a forecast has no fen."""
    return None if value is None else int(numbers.rounded(Decimal(str(value)) / numbers.WAN, 0))


BOOK = Book(("insutype",), lambda _: view.KPIS, parts)
