"""待遇与流向 as tables and sentences: what the fund paid of a stay, what a stay cost, what left the county, how fast it was paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.kpi import Kpi, KpiValue, declarations
from fundwatch.kpi.value import ratio
from fundwatch.kpi.window import last_day
from fundwatch.screens.fields import Field
from fundwatch.ui import numbers
from fundwatch.ui.sentence import change_words

STAYS = ("actual_reimbursement", "policy_reimbursement", "avg_inpatient_fee", "admission_rate")
FLOW = ("outside_share", "payment_cycle", "instant_share")
KPIS = (*STAYS, *FLOW)
#: shown beside each other for every cell of a split; admission_rate knows insurance types only
COMPARED = ("actual_reimbursement", "policy_reimbursement", "avg_inpatient_fee", "outside_share")
MONEY = pa.decimal128(18, 2)
#: value columns in the KPIs' own decimals
VALUE = pa.decimal128(18, 2)
FLOW_FIELDS = (
    Field("dest_admdvs", "就医地区划", "code"), Field("visit_cnt", "住院人次", "int", "人次"),
    Field("institution_cnt", "机构数", "int", "家"), Field("medfee_sumamt", "医疗费总额", "amount", "元"),
    Field("fund_pay_sumamt", "基金支付", "amount", "元"), Field("share", "占县外基金支付", "percent", "%"),
)  # fmt: skip


def message(values: Mapping[str, KpiValue], before: Mapping[str, KpiValue]) -> str:
    """Reimbursement and what left the county, each against the same days of the year before."""
    parts = [
        _said(declarations()[kpi], values[kpi], before.get(kpi))
        for kpi in ("actual_reimbursement", "outside_share")
    ]
    return f"{';'.join(parts)}。"


def _said(kpi: Kpi, now: KpiValue, then: KpiValue | None) -> str:
    if now.value is None:
        return f"{kpi.label}无数值:{now.extra.get('reason') or '本期没有数据'}"
    change = change_words(kpi, now, then, "较上年同期")
    said = f"{kpi.label} {numbers.shown(now.value, kpi.unit)}"
    return f"{said},{change}" if change else said


def compared_fields(label: str) -> list[Field]:
    """Columns of ``compared``."""
    found = [
        Field("name", label), Field("visits", "住院人次", "int", "人次"), Field("medfee", "医疗费总额", "amount", "元"),
        Field("fund", "基金支付", "amount", "元"),
    ]  # fmt: skip
    for kpi in COMPARED:
        declared = declarations()[kpi]
        kind = "percent" if declared.unit == "%" else "amount"
        found.append(Field(kpi, declared.label, kind, declared.unit))
    return found


def compared(values: Iterable[KpiValue], names: Mapping[str, str], order: Sequence[str] = ()) -> pa.Table:
    """One row per cell of a split with its KPIs beside each other; the sides are the KPIs' own numerators and denominators."""
    cells: dict[str | None, dict[str, KpiValue]] = {}
    for value in values:
        cells.setdefault(value.key, {})[value.kpi] = value
    places = {key: place for place, key in enumerate(order)}
    rows = [
        _row(key, names, found)
        for key, found in sorted(
            cells.items(),
            key=lambda item: (places.get(item[0] or "", len(places)), item[0] is None, item[0] or ""),
        )
    ]
    schema = pa.schema([
        ("key", pa.string()), ("name", pa.string()), ("visits", pa.int64()), ("medfee", MONEY), ("fund", MONEY),
        *((kpi, VALUE) for kpi in COMPARED),
    ])  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def _row(key: str | None, names: Mapping[str, str], found: Mapping[str, KpiValue]) -> dict[str, Any]:
    paid, fee = found.get("actual_reimbursement"), found.get("avg_inpatient_fee")
    return {
        "key": key,
        "name": names.get(key or "", key or "未登记"),
        "visits": int(fee.denominator) if fee and fee.denominator is not None else None,
        "medfee": paid.denominator if paid else None,
        "fund": paid.numerator if paid else None,
        **{kpi: _rounded(found.get(kpi)) for kpi in COMPARED},
    }


def _rounded(value: KpiValue | None) -> Decimal | None:
    return None if value is None or value.value is None else numbers.rounded(value.value, 2)


def levels_title(rows: Sequence[Mapping[str, Any]]) -> str:
    """The finding of the bars: the span between the levels."""
    known = [
        (row["actual_reimbursement"], row["name"]) for row in rows if row["actual_reimbursement"] is not None
    ]
    if not known:
        return "分级别实际报销比例"
    low, high = min(known), max(known)
    if low == high:
        return f"{low[1]}实际报销比例 {numbers.percent(low[0])}"
    return f"{high[1]}报销 {numbers.percent(high[0])},{low[1]} {numbers.percent(low[0])}"


def months_title(months: Sequence[KpiValue], last_year: Mapping[str, Decimal | None]) -> str:
    """The finding of the line: the last month against the same month of the year before."""
    last = next((month for month in reversed(months) if month.value is not None), None)
    if last is None or last.value is None:
        return "县外就医基金占比没有月度数据"
    said = f"{numbers.month(str(last.key))}县外占比 {numbers.percent(last.value)}"
    then = last_year.get(str(last.key))
    return said if then is None else f"{said},较上年同月 {numbers.points(last.value - then)}"


def year_of(months: Sequence[KpiValue], start: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the months drawn, a year earlier; the given days when none is drawn."""
    keys = sorted(str(month.key) for month in months)
    if not keys:
        return start, end
    first, last = (dt.date(int(key[:4]) - 1, int(key[5:7]), 1) for key in (keys[0], keys[-1]))
    return first, last_day(last)


def a_year_on(earlier: Iterable[KpiValue]) -> dict[str, Decimal | None]:
    """Month → value of the same month a year earlier."""
    return {f"{int(str(value.key)[:4]) + 1}{str(value.key)[4:]}": value.value for value in earlier}


def flow(rows: pa.Table) -> pa.Table:
    """Places outside the county with their share of what the fund paid outside; no share where that is not above zero."""
    paid = rows.column("fund_pay_sumamt").to_pylist()
    total = sum(paid, Decimal(0))
    shares = [ratio(amount, total, 100) if total > 0 else None for amount in paid]
    column = pa.array([None if share is None else numbers.rounded(share, 2) for share in shares], VALUE)
    return rows.append_column("share", column)


def slow(rows: pa.Table, limit: int) -> pa.Table:
    """Payments that took more working days than the limit, the slowest first."""
    keep = [days is not None and days > limit for days in rows.column("pay_workdays").to_pylist()]
    kept = rows.filter(pa.array(keep, pa.bool_()))
    return kept.sort_by(
        [("pay_workdays", "descending"), ("fixmedins_code", "ascending"), ("issue", "ascending")]
    )
