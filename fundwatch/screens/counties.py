"""机构地图 rolled up: an indicator of each county of the installation and of all together, in the order of codes; nothing is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.geo import Outline
from fundwatch.kpi import Kpi, KpiValue
from fundwatch.kpi.declaration import COUNTY
from fundwatch.masking import COUNTY_DIGITS
from fundwatch.screens.fields import Field
from fundwatch.screens.scale import Scale, scale_of
from fundwatch.ui import numbers

NO_VALUE = "本期没有记录"
_ROWS = pa.schema([
    ("admdvs", pa.string()), ("name", pa.string()), ("institution_cnt", pa.int64()), ("value", pa.decimal128(28, 10)),
    ("numerator", pa.decimal128(38, 10)), ("denominator", pa.decimal128(38, 10)), ("fund_pay_sumamt", pa.decimal128(18, 2)),
])  # fmt: skip


@dataclass(frozen=True)
class Rollup:
    """One indicator by county: a row per county of the list, the number of all, and what lies in no county of the list."""

    kpi: Kpi
    rows: tuple[dict[str, Any], ...]
    whole: KpiValue | None
    elsewhere_cnt: int
    scale: Scale | None

    @property
    def table(self) -> pa.Table:
        """The rows for a list or a file."""
        return pa.Table.from_pylist(
            [{name: row[name] for name in _ROWS.names} for row in self.rows], schema=_ROWS
        )

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns of ``table``; a count or an amount is its own numerator."""
        kind = "amount" if self.kpi.unit == "元" else "quantity"
        sides = (
            (Field("numerator", "分子", "quantity"), Field("denominator", "分母", "quantity"))
            if self.kpi.is_ratio
            else ()
        )
        return (
            Field("name", "县区"), Field("institution_cnt", "机构", "int", "家"), Field("value", self.kpi.label, kind, self.kpi.unit),
            *sides, Field("fund_pay_sumamt", "基金支付", "amount", "元"), Field("admdvs", "医保区划"),
        )  # fmt: skip


def rollup(
    kpi: Kpi, counties: Mapping[str, str], values: Sequence[KpiValue], whole: KpiValue | None,
    institutions: Sequence[Mapping[str, Any]],
) -> Rollup:  # fmt: skip
    """``counties``: code → name; ``values``: the KPI split by county; ``institutions``: rows of ``map_institutions.sql``."""
    by_county = {value.cell[COUNTY]: value for value in values}
    rows = [
        _row(kpi, code, name, by_county.get(code), institutions) for code, name in sorted(counties.items())
    ]
    known = [row["value"] for row in rows if row["value"] is not None]
    elsewhere = sum(one["admdvs"] not in counties for one in institutions)
    return Rollup(kpi, tuple(rows), whole, elsewhere, scale_of(known, kpi))


def areas(outline: Outline | None, found: Rollup) -> list[dict[str, Any]]:
    """A record per area of the outline that lies in a county of the list: its own geometry in the county's colour."""
    rows = {row["admdvs"]: row for row in found.rows}
    codes = [area.code for area in outline.areas if area.code] if outline else []
    return [
        {"town_code": code, "value": rows[county]["value"], "tip": rows[county]["tip"]}
        for code in codes if (county := county_of(code)) in rows
    ]  # fmt: skip


def county_of(area_code: str) -> str:
    """The county of a town's or a county's code."""
    return area_code[:COUNTY_DIGITS]


def outline_of(outline: Outline | None, county: str) -> Outline | None:
    """The areas of one county; the whole outline where its areas do not tell."""
    own = (
        tuple(area for area in outline.areas if area.code and county_of(area.code) == county)
        if outline
        else ()
    )
    return Outline(own, outline.source) if outline and own else outline


def finding(found: Rollup, period_words: str) -> str:
    """The number of all and of each county, in one sentence."""
    said = ",".join(f"{row['name']} {row['shown']}" for row in found.rows)
    value = found.whole.value if found.whole else None
    whole = f"合计 {numbers.shown(value, found.kpi.unit)};" if value is not None else ""
    return f"{period_words},{found.kpi.label}:{whole}{said}。"


def _row(
    kpi: Kpi, code: str, name: str, value: KpiValue | None, institutions: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    own = [one for one in institutions if one["admdvs"] == code]
    paid = [one["fund_pay_sumamt"] for one in own if one["fund_pay_sumamt"] is not None]
    number = value.value if value else None
    shown = NO_VALUE if number is None else str(numbers.shown(number, kpi.unit))
    fund = sum(paid, Decimal(0)) if paid else None
    return {
        "admdvs": code, "name": name, "institution_cnt": len(own), "value": number,
        "numerator": value.numerator if value else None, "denominator": value.denominator if value else None,
        "fund_pay_sumamt": fund, "shown": shown,
        "tip": "\n".join((name, f"{kpi.label}:{shown}", f"机构 {len(own):,} 家", f"基金支付:{numbers.money(fund)}")),
    }  # fmt: skip
