"""机构地图 as plain records: where each institution stands, how large and in which step of the scale, and what is not drawn.

The scale has at most five steps with words. Strong colour is kept for institutions outside the 99.8 % limits of their level,
where the KPI is a ratio of counts: a lead (疑点), not a verdict. Nothing is ranked.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, get_args

from fundwatch.contracts import code_lists
from fundwatch.geo import Outline, Point, to_wgs84
from fundwatch.kpi import Kpi, KpiValue, declarations
from fundwatch.kpi.window import Window, last_day
from fundwatch.screens.scale import Scale, scale_of
from fundwatch.stats.funnel import Position, proportions
from fundwatch.ui import numbers

DEFAULT_KPI = "inspection_coverage"
#: the parts of the loop in their order
GROUPS = get_args(Kpi.model_fields["group"].annotation)
NO_VALUE = "本期没有该指标的记录"
NOT_COUNTED = "不在统计范围"
#: where an institution either is in the numerator or is not: the words for yes and no
YES_NO = {
    "inspection_coverage": ("已检查", "未检查"),
    "onsite_coverage": ("已现场检查", "未现场检查"),
    "self_check_coverage": ("已报自查", "未报自查"),
    "assessment_coverage": ("已考核", "未考核"),
    "interface_coverage": ("已接入提醒", "未接入提醒"),
    "video_coverage": ("已接入视频", "未接入视频"),
    "over_frequency": ("超过检查频次", "未超过频次"),
    "handled_institutions": ("有处理", "没有处理"),
}
YES_NO_OTHERS = ("计入", "未计入")
DIRECTIONS = {
    "higher": "该指标越高越好。",
    "lower": "该指标越低越好。",
    "neither": "该指标高低本身没有好坏。",
}


class Drawn(StrEnum):
    """Whether an institution is on the map; the value is the word in the list."""

    DRAWN = "已绘出"
    OUTSIDE = "坐标在县界外"
    NO_PLACE = "没有坐标"
    BAD_PLACE = "坐标无效"


class Shade(StrEnum):
    """What a circle's look says."""

    STEP = "step"
    YES = "yes"
    NO = "no"
    LEAD = "lead"
    NONE = "none"


@dataclass(frozen=True)
class Look:
    """The KPI of one institution: value, its words, and what the circle shows."""

    value: Decimal | None
    shown: str
    shade: Shade
    step: int = 0


@dataclass(frozen=True)
class Spot:
    """One institution of the map. ``place`` is WGS-84, None when not drawn; ``shown`` the KPI in words."""

    code: str
    name: str
    kind: str
    level: str
    town: str
    agreement: str
    fund: Decimal | None
    value: Decimal | None
    shown: str
    shade: Shade
    step: int
    drawn: Drawn
    place: Point | None


@dataclass(frozen=True)
class View:
    """The screen's data: institutions in the order of their code, the scale, whether limits apply, the KPI's name.

    ``missing``: why the KPI has no data at all, else empty.
    """

    spots: tuple[Spot, ...]
    scale: Scale | None
    limits_used: bool
    label: str
    missing: str = ""

    @property
    def on_map(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.drawn is Drawn.DRAWN]

    @property
    def off_map(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.drawn is not Drawn.DRAWN]

    def count(self, shade: Shade) -> int:
        return sum(spot.shade is shade for spot in self.spots)


def kpis_of_institutions() -> dict[str, Kpi]:
    """KPIs that can colour the map: those split by institution."""
    return {name: kpi for name, kpi in declarations().items() if "fixmedins_code" in kpi.dimensions}


def is_yes_no(kpi: Kpi) -> bool:
    """A state (under agreement: covered or not) or a count of institutions: each is in it or not."""
    return kpi.listing.kind == "state" or kpi.unit == "家"


def yes_no_words(kpi: Kpi) -> tuple[str, str]:
    return YES_NO.get(kpi.id, YES_NO_OTHERS)


def kpi_words() -> dict[str, str]:
    """The chooser: KPIs part by part of the loop, the part before the name."""
    found = sorted(kpis_of_institutions().values(), key=lambda kpi: (GROUPS.index(kpi.group), kpi.order))
    return {kpi.id: f"{kpi.group} · {kpi.label}" for kpi in found}


def map_view(
    kpi: Kpi,
    records: Iterable[Mapping[str, Any]],
    values: Iterable[KpiValue],
    outline: Outline | None,
    missing: str = "",
) -> View:
    """The map from rows of ``map_institutions.sql``, the KPI by institution, and the outline (None: nothing is outside).

    ``missing`` says why there are no data behind the KPI: then nobody has a value, and nobody is said not to be covered.
    """
    rows = list(records)
    if missing:
        look = Look(None, missing, Shade.NONE)
        return View(
            tuple(_spot(row, where(row, outline), look) for row in rows), None, False, kpi.label, missing
        )
    known = {value.key: value for value in values}
    ours = {row["fixmedins_code"]: known.get(row["fixmedins_code"]) for row in rows}
    scale = (
        None
        if is_yes_no(kpi)
        else scale_of([v.value for v in ours.values() if v and v.value is not None], kpi)
    )
    levels = {row["fixmedins_code"]: row["level_class"] for row in rows}
    leads, limits_used = (set(), False) if is_yes_no(kpi) else _leads(kpi, ours, levels)
    spots = tuple(
        _spot(
            row,
            where(row, outline),
            _look(kpi, row["fixmedins_code"], ours[row["fixmedins_code"]], scale, leads),
        )
        for row in rows
    )
    return View(spots, scale, limits_used, kpi.label)


def _spot(row: Mapping[str, Any], stands: tuple[Drawn, Point | None], look: Look) -> Spot:
    drawn, place = stands
    return Spot(
        code=row["fixmedins_code"],
        name=row["fixmedins_name"],
        kind=code_lists()["fixmedins_type"].get(row["fixmedins_type"], row["fixmedins_type"]),
        level=row["level_class"],
        town=row["town_name"] or "未登记乡镇",
        agreement=row["agreement_state"],
        fund=row["fund_pay_sumamt"],
        value=look.value,
        shown=look.shown,
        shade=look.shade,
        step=look.step,
        drawn=drawn,
        place=place,
    )


def where(row: Mapping[str, Any], outline: Outline | None) -> tuple[Drawn, Point | None]:
    """Whether and where an institution is drawn."""
    if row["lnt"] is None or row["lat"] is None:
        return Drawn.NO_PLACE, None
    longitude, latitude = float(row["lnt"]), float(row["lat"])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        return Drawn.BAD_PLACE, None
    place = to_wgs84(longitude, latitude, row["coord_sys"])
    if outline is not None and not outline.contains(place):
        return Drawn.OUTSIDE, None
    return Drawn.DRAWN, place


def _look(kpi: Kpi, code: str, number: KpiValue | None, scale: Scale | None, leads: set[str]) -> Look:
    value = number.value if number else None
    if is_yes_no(kpi):
        yes, no = yes_no_words(kpi)
        if value is None and kpi.listing.kind == "state":
            return Look(None, NOT_COUNTED, Shade.NONE)
        return Look(value, yes, Shade.YES) if value else Look(value, no, Shade.NO)
    if value is None or scale is None:
        return Look(None, NO_VALUE, Shade.NONE)
    shade = Shade.LEAD if code in leads else Shade.STEP
    return Look(value, str(numbers.shown(value, kpi.unit)), shade, scale.step(value))


def counts_only(values: Iterable[KpiValue]) -> bool:
    """Whether numerators and denominators are counts of whole things: amounts carry decimal places even when they are 0."""
    found = list(values)
    return bool(found) and all(
        part is not None and int(part.as_tuple().exponent) >= 0
        for v in found
        for part in (v.numerator, v.denominator)
    )


def _leads(
    kpi: Kpi, numbers_of: Mapping[str, KpiValue | None], level: Mapping[str, str]
) -> tuple[set[str], bool]:
    """Institutions outside the 99.8 % limits of their level on the side that asks for a look; and whether limits apply."""
    usable = [v for v in numbers_of.values() if v is not None and v.denominator]
    if kpi.unit != "%" or not kpi.is_ratio or not counts_only(usable):
        return set(), False
    groups: dict[str, list[tuple[str, Fraction, Fraction]]] = defaultdict(list)
    for code, number in numbers_of.items():
        if number is not None and number.denominator and 0 <= number.numerator <= number.denominator:
            groups[level[code]].append((code, Fraction(number.numerator), Fraction(number.denominator)))
    wanted = {
        "lower": {Position.ABOVE_998},
        "higher": {Position.BELOW_998},
        "neither": {Position.ABOVE_998, Position.BELOW_998},
    }[kpi.better]
    found = {
        point.key
        for units in groups.values()
        for point in proportions(units).points
        if point.position in wanted
    }
    return found, True


def whole_months(start: dt.date, end: dt.date) -> list[str]:
    """The months (YYYY-MM) that lie wholly in the period: sums by month take no others. Source: precise.md, Periods."""
    return [
        part.month
        for part in Window(start, end).months()
        if part.start.day == 1 and part.end == last_day(part.end)
    ]


def list_rows(view: View) -> list[dict[str, Any]]:
    """The table beside the map, one row per institution."""
    return [
        {
            "fixmedins_code": spot.code,
            "fixmedins_name": spot.name,
            "fixmedins_type": spot.kind,
            "level_class": spot.level,
            "town_name": spot.town,
            "agreement_state": spot.agreement,
            "shown": spot.shown,
            "value": spot.value,
            "fund_pay_sumamt": spot.fund,
            "lead": "超出控制限(疑点,未核实)" if spot.shade is Shade.LEAD else "",
            "drawn": spot.drawn.value,
        }
        for spot in view.spots
    ]
