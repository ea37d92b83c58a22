"""每万人口密度 as plain records: towns by what they have for their people. Planning, not supervision: nothing is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fundwatch.screens.scale import Scale, density_scale
from fundwatch.ui import numbers

PEOPLE = 10_000
NAMES_SHOWN = 5
NONE_HERE, NO_PEOPLE, NO_BEDS = "没有", "没有人口数", "未填报床位"


@dataclass(frozen=True)
class Measure:
    """What is counted per 10,000 residents."""

    label: str
    unit: str
    field: str


MEASURES = {
    "all": Measure("定点机构", "家", "institution_cnt"),
    "medical": Measure("定点医疗机构", "家", "medical_cnt"),
    "hospital": Measure("定级医院", "家", "hospital_cnt"),
    "pharmacy": Measure("定点零售药店", "家", "pharmacy_cnt"),
    "beds": Measure("床位", "张", "beds"),
}


@dataclass(frozen=True)
class Density:
    """One measure over the towns: the list's rows, those without a town, the scale of those above 0, the whole."""

    measure: Measure
    towns: tuple[dict[str, Any], ...]
    without_town: int
    scale: Scale | None
    whole: Decimal | None

    @property
    def none(self) -> list[dict[str, Any]]:
        """Towns that have none."""
        return [row for row in self.towns if row["count"] == 0]

    @property
    def known(self) -> list[dict[str, Any]]:
        """Towns with a density, 0 among them."""
        return [row for row in self.towns if row["value"] is not None]

    @property
    def unknown(self) -> list[dict[str, Any]]:
        """Towns that have some, and for which nothing can be calculated."""
        return [row for row in self.towns if row["value"] is None]


def density(measure: Measure, records: Sequence[Mapping[str, Any]]) -> Density:
    """The density from rows of ``map_towns.sql``; the row without a town code is no town."""
    towns = tuple(_town(measure, row) for row in records if row["town_code"] is not None)
    without = sum(row["institution_cnt"] for row in records if row["town_code"] is None)
    known = [row for row in towns if row["value"] is not None]
    people = sum(row["population"] for row in known)
    whole = _per(sum(row["count"] for row in known), people) if known else None
    return Density(
        measure, towns, without, density_scale([row["value"] for row in known if row["value"]]), whole
    )


def beds_of(row: Mapping[str, Any]) -> int | None:
    """Beds of a town: 0 without a medical institution, None where there are some and none reported its beds."""
    if row["bed_known_cnt"]:
        return int(row["bed_cnt"])
    return None if row["medical_cnt"] else 0


def _per(count: int, people: int | None) -> Decimal | None:
    return numbers.rounded(Decimal(count * PEOPLE) / people, 2) if people else None


def _town(measure: Measure, row: Mapping[str, Any]) -> dict[str, Any]:
    own = {**row, "beds": beds_of(row)}
    count = own[measure.field]
    value = None if count is None else _per(count, row["population"])
    note = ""
    if count is None:
        note = NO_BEDS
    elif not row["population"]:
        note = NO_PEOPLE
    elif count == 0:
        note = NONE_HERE
    return {**own, "count": count, "value": value, "note": note, "tip": _tip(measure, own, value, note)}


def _tip(measure: Measure, row: Mapping[str, Any], value: Decimal | None, note: str) -> str:
    """The hover card of a town, four lines."""
    people = f"常住人口 {row['population']:,} 人" if row["population"] else "没有人口数"
    per = (
        f"{note},不能计算"
        if value is None
        else f"每万人{measure.label} {numbers.plain(value, 2)} {measure.unit}"
    )
    beds = "未填报" if row["beds"] is None else f"{row['beds']:,} 张"
    return "\n".join((
        str(row["town_name"]), per, people,
        f"医疗机构 {row['medical_cnt']:,} 家(定级医院 {row['hospital_cnt']:,}),药店 {row['pharmacy_cnt']:,} 家,床位 {beds}",
    ))  # fmt: skip


def finding(found: Density) -> str:
    """Which towns have most and fewest for their people, against all of them together."""
    measure = found.measure
    if not found.known:
        return f"没有可以计算{measure.label}密度的乡镇:需要乡镇表(town)的常住人口和机构的乡镇代码。"
    some = [row for row in found.known if row["value"]]
    if not some:
        return f"{len(found.known):,} 个有人口数的乡镇都没有{measure.label}。"
    high = max(some, key=lambda row: (row["value"], row["town_code"]))
    low = min(some, key=lambda row: (row["value"], row["town_code"]))
    least = "其余" if found.none else ""
    sentence = f"每万人口{measure.label},{high['town_name']}最多({_say(found, high['value'])})"
    if high is not low:
        sentence += f",{least}{low['town_name']}最少({_say(found, low['value'])})"
    if found.none:
        sentence += f",{len(found.none):,} 个乡镇没有"
    return f"{sentence};各乡镇平均 {_say(found, found.whole)}(按人口)。"


def _say(found: Density, value: Decimal | None) -> str:
    return f"{numbers.plain(value, 2)} {found.measure.unit}"


def gaps(found: Density) -> list[str]:
    """What the map cannot show: towns that have none, that lack people or beds, institutions without a town."""
    label = found.measure.label
    lines = []
    if found.none:
        lines.append(f"没有{label}的乡镇 {len(found.none):,} 个:{_names(found.none)}。")
    for reason in (NO_PEOPLE, NO_BEDS):
        rows = [row for row in found.unknown if row["note"] == reason]
        if rows:
            lines.append(f"{reason}、不能计算的乡镇 {len(rows):,} 个:{_names(rows)}。")
    if found.without_town:
        lines.append(f"{found.without_town:,} 家机构没有登记乡镇,不计入任何乡镇。")
    return lines


def _names(rows: Sequence[Mapping[str, Any]]) -> str:
    shown = "、".join(str(row["town_name"]) for row in rows[:NAMES_SHOWN])
    return f"{shown}等" if len(rows) > NAMES_SHOWN else shown
