"""机构画像 as plain records: an institution's KPIs beside those of its level, its state, and its timeline in words.

Three ways to compare, none of them a rank. A KPI that an institution either meets or not: how many of its level do. A ratio of
counts: the funnel's limits for an institution of this size. Amounts, counts and ratios of money: median and quartiles of those of
its level that have a value; without a value an institution is left out, not counted as 0.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from fundwatch.contracts import code_lists
from fundwatch.kpi import Kpi, KpiValue
from fundwatch.screens.map import counts_only, is_yes_no, yes_no_words
from fundwatch.stats.funnel import Position, proportions
from fundwatch.ui import numbers

#: below this many peers quartiles say nothing
LEAST_PEERS = 4
#: lines of the comparison chart; more are a wall
DRAWN = 12
BETWEEN = "在四分位之间"


class Way(StrEnum):
    """How an institution is compared; the value is the word in the list."""

    YES_NO = "是否"
    LIMITS = "控制限"
    QUARTILES = "四分位"
    NONE = "不比较"


@dataclass(frozen=True)
class Band:
    """The peers' range in the KPI's unit: outer and inner range, and their middle."""

    low: Decimal
    inner_low: Decimal
    middle: Decimal
    inner_high: Decimal
    high: Decimal


@dataclass(frozen=True)
class Standing:
    """One KPI of the institution beside its level. ``stands_out`` only for a place outside the 99.8 % limits."""

    kpi: Kpi
    value: Decimal | None
    shown: str
    way: Way
    band: Band | None
    peers: int
    peers_words: str
    place: str
    stands_out: bool = False


PLACES = {
    Position.BELOW_998: "低于 99.8% 控制限(疑点,未核实)",
    Position.BELOW_95: "低于 95% 预警限",
    Position.INSIDE: "在控制限内",
    Position.ABOVE_95: "高于 95% 预警限",
    Position.ABOVE_998: "高于 99.8% 控制限(疑点,未核实)",
    Position.NO_VALUE: "无数值",
}


def standing(kpi: Kpi, code: str, values: Iterable[KpiValue]) -> Standing:
    """The institution's standing from the KPI by institution among its level (its own value among them)."""
    by_code = {value.key: value for value in values}
    own = by_code.get(code)
    if is_yes_no(kpi):
        return _yes_no(kpi, own, by_code)
    value = own.value if own else None
    shown = str(numbers.shown(value, kpi.unit)) if value is not None else numbers.NONE
    known = [number for number in by_code.values() if number.value is not None]
    if value is None or own is None:
        return Standing(
            kpi,
            None,
            numbers.NONE,
            Way.NONE,
            None,
            len(known),
            f"同级别 {len(known):,} 家有数值",
            "本期没有该指标的记录",
        )
    within = all(
        number.denominator is not None and 0 <= number.numerator <= number.denominator for number in known
    )
    if kpi.is_ratio and counts_only(known) and within:
        return _limits(kpi, own, known, shown)
    return _quartiles(kpi, value, [number.value for number in known if number.value is not None], shown)


def drawn(standings: Sequence[Standing], most: int = DRAWN) -> list[Standing]:
    """The comparisons that the chart holds: those furthest from their level, in the order of the KPIs; the list has all."""
    able = [one for one in standings if one.band is not None and one.value is not None]
    chosen = sorted(able, key=distance)[:most]
    return [one for one in able if one in chosen]


def distance(one: Standing) -> int:
    """How far from its level, in steps: 0 outside 99.8 %, 1 outside 95 %, 2 outside the quartiles, 3 inside."""
    if one.stands_out:
        return 0
    if one.way is Way.LIMITS and one.place != PLACES[Position.INSIDE]:
        return 1
    return 2 if one.way is Way.QUARTILES and one.place != BETWEEN else 3


def _yes_no(kpi: Kpi, own: KpiValue | None, by_code: Mapping[str | None, KpiValue]) -> Standing:
    yes, no = yes_no_words(kpi)
    done = sum(bool(number.numerator) for number in by_code.values())
    if kpi.listing.kind != "state":
        word = yes if own and own.value else no
        return Standing(
            kpi, own.value if own else None, word, Way.YES_NO, None, done, f"同级别{yes} {done:,} 家", ""
        )
    peers = f"同级别 {len(by_code):,} 家中 {done:,} 家{yes}"
    if own is None or own.value is None:
        return Standing(kpi, None, numbers.NONE, Way.YES_NO, None, len(by_code), peers, "不在统计范围")
    word = yes if own.value else no
    return Standing(kpi, own.value, word, Way.YES_NO, None, len(by_code), peers, "")


def _limits(kpi: Kpi, own: KpiValue, known: Sequence[KpiValue], shown: str) -> Standing:
    units = [
        (str(number.key), Fraction(number.numerator), Fraction(number.denominator or 0))
        for number in known
        if number.denominator
    ]
    funnel = proportions(units)
    point = next(point for point in funnel.points if point.key == own.key)
    band = None
    peers = f"同级别 {len(units):,} 家"
    if point.limits is not None and funnel.centre is not None:
        edges = (
            point.limits.lower_998,
            point.limits.lower_95,
            funnel.centre,
            point.limits.upper_95,
            point.limits.upper_998,
        )
        band = Band(*(_in_unit(edge, kpi) for edge in edges))
        middle = numbers.shown(band.middle, kpi.unit)
        peers += f"合计 {middle},本机构规模的 99.8% 控制限 {numbers.plain(band.low, 1)}–{numbers.plain(band.high, 1)}"
    outside = point.position in {Position.BELOW_998, Position.ABOVE_998}
    return Standing(
        kpi, own.value, shown, Way.LIMITS, band, len(units), peers, PLACES[point.position], outside
    )


def _in_unit(share: float, kpi: Kpi) -> Decimal:
    """A limit for drawing and words, two decimals: limits are estimates, no account is made of them."""
    return numbers.rounded(Decimal(repr(share)) * kpi.scale, 2)


def _quartiles(kpi: Kpi, value: Decimal, known: Sequence[Decimal], shown: str) -> Standing:
    peers = f"同级别 {len(known):,} 家有数值"
    if len(known) < LEAST_PEERS:
        return Standing(
            kpi, value, shown, Way.NONE, None, len(known), peers, f"同级别不足 {LEAST_PEERS} 家,不比较"
        )
    low, middle, high = statistics.quantiles(known, n=4, method="inclusive")
    band = Band(min(known), low, middle, high, max(known))
    words = f"{peers},中位 {numbers.shown(middle, kpi.unit)},四分位 {_short(low, kpi)}–{_short(high, kpi)}"
    place = "低于下四分位" if value < low else "高于上四分位" if value > high else BETWEEN
    return Standing(kpi, value, shown, Way.QUARTILES, band, len(known), words, place)


def _short(value: Decimal, kpi: Kpi) -> str:
    return str(numbers.shown(value, kpi.unit))


@dataclass(frozen=True)
class Fact:
    """One fact of the head: its name, its word, a note below; ``attention`` where somebody should look."""

    name: str
    word: str
    note: str = ""
    attention: bool = False


def agreement_fact(agreements: Sequence[Mapping[str, Any]]) -> Fact:
    """The agreement on the last day of the period, from ``institution_agreements.sql`` (newest first)."""
    in_force = [row for row in agreements if row["is_in_force"]]
    if in_force:
        row = in_force[0]
        span = f"{numbers.date(row['efft_date'])} 至 {numbers.date(row['end_date'])}"
        if any(one["is_suspended"] for one in in_force):
            suspended = next(one for one in in_force if one["is_suspended"])
            until = numbers.date(suspended["stas_enddate"]) if suspended["stas_enddate"] else "未定"
            return Fact(
                "协议",
                "中止",
                f"自 {numbers.date(suspended['stas_begndate'])} 至 {until};协议 {span}",
                attention=True,
            )
        return Fact("协议", "有效", span)
    if not agreements:
        return Fact("协议", "未登记", "没有协议登记", attention=True)
    row = agreements[0]
    word = (
        code_lists()["cntr_stas"].get(row["cntr_stas"], row["cntr_stas"])
        if row["cntr_stas"] in {"3", "4"}
        else "不在有效期"
    )
    return Fact(
        "协议",
        word,
        f"最近一份 {numbers.date(row['efft_date'])} 至 {numbers.date(row['end_date'])}",
        attention=True,
    )


def interface_fact(interfaces: Sequence[Mapping[str, Any]], code: str, name: str, on: dt.date) -> Fact:
    """Whether an interface is in use on a day."""
    row = next((row for row in interfaces if row["intf_code"] == code), None)
    if row is None:
        return Fact(name, "未接入", "没有接入登记")
    if row["stas"] == "0":
        return Fact(name, "停用", f"{numbers.date(row['onln_date'])} 上线", attention=True)
    if row["onln_date"] > on:
        return Fact(name, "期末未接入", f"{numbers.date(row['onln_date'])} 上线")
    return Fact(name, "在用", f"自 {numbers.date(row['onln_date'])}")


def head_words(head: Mapping[str, Any]) -> str:
    """定点医疗机构 · 一级乙等 · 民营 · 中医 · 白沙渡镇 · 床位 90 张 · H99900100010."""
    words = code_lists()
    parts = [words["fixmedins_type"].get(head["fixmedins_type"], head["fixmedins_type"])]
    if head["fixmedins_type"] == "1":
        parts.append(words["hosp_lv"].get(head["hosp_lv"] or "", "") or head["level_class"])
    parts += [
        words["medins_natu"].get(head["medins_natu"] or "", ""),
        words["specialty"].get(head["specialty"] or "", head["specialty"] or ""),
        head["town_name"] or "未登记乡镇",
        f"床位 {head['bed_cnt']:,} 张" if head["bed_cnt"] else "",
        head["fixmedins_code"],
        "" if head["vali_flag"] == "1" else "登记已失效",
    ]
    return " · ".join(part for part in parts if part)


def finding(standings: Sequence[Standing], happened: int, period_words: str) -> str:
    """One sentence: how many KPIs have a value, which stand outside the limits, and how much happened."""
    known = [one for one in standings if one.value is not None]
    out = [f"{one.kpi.label}{one.place.split('(')[0]}" for one in known if one.stands_out]
    lead = f"{period_words},{len(known)} 项指标有数值"
    middle = f",其中{'、'.join(out)}(疑点,未核实)" if out else ",没有指标超出同级别 99.8% 控制限"
    return f"{lead}{middle};期间记录 {happened:,} 件事。"


def timeline_rows(events: Iterable[Mapping[str, Any]], with_detail: bool) -> list[dict[str, Any]]:
    """The timeline as shown. Without ``with_detail`` what people wrote by hand is left out altogether."""
    rows = []
    for event in events:
        word = (
            code_lists()[event["code_list"]].get(event["code"], event["code"])
            if event["code_list"] and event["code"]
            else ""
        )
        row = {
            "shown_date": event["shown_date"] or numbers.NONE,
            "kind": event["kind"],
            "what": f"{word}:{event['what']}" if word else event["what"],
            "amount": event["amount"],
            "ref_kind": event["ref_kind"],
            "ref": event["ref"],
        }
        rows.append({**row, "detail": event["detail"] or ""} if with_detail else row)
    return rows


def happened_between(events: Iterable[Mapping[str, Any]], start: dt.date, end: dt.date) -> int:
    """How many rows of the timeline fall into the period."""
    return sum(event["event_date"] is not None and start <= event["event_date"] <= end for event in events)


def newest_whole_month(newest: dt.date) -> str:
    """The last month (YYYY-MM) that is complete when data reach to ``newest``."""
    if (newest + dt.timedelta(days=1)).day == 1:
        return f"{newest:%Y-%m}"
    return f"{newest.replace(day=1) - dt.timedelta(days=1):%Y-%m}"
