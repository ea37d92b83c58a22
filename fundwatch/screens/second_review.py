"""复审抽检 as tables and sentences: which samples there are, what they say, what a draw would take, how each document stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.clock import china_time
from fundwatch.draws.design import Design, allocation
from fundwatch.draws.estimate import LEVEL, Extrapolation
from fundwatch.draws.frame import yuan
from fundwatch.draws.outcome import Sample
from fundwatch.draws.records import money
from fundwatch.draws.store import SampleDraw
from fundwatch.kpi.value import ratio
from fundwatch.screens.fields import Field, contract_fields
from fundwatch.stats.sample_size import Caution
from fundwatch.ui import numbers

#: before the issue of a sample that the platform drew: P202405
PLATFORM = "P"
MONEY = pa.decimal128(18, 2)
#: levels of the list of strata, the usual one first
LEVELS_OFFERED = (90, 80, 95)


def sample_words(draws: Sequence[SampleDraw], issues: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The samples that can be looked at, the draws made here first: number → word."""
    words = {
        draw.draw_id: f"{draw.draw_id} · {draw.issue}期 · 抽取 {draw.sample_size:,} 件" for draw in draws
    }
    for issue in issues:
        if issue["drawn_cnt"]:
            words[PLATFORM + issue["issue"]] = (
                f"平台抽样 · {issue['issue']}期 · 抽取 {issue['drawn_cnt']:,} 件"
            )
    return words


def message(sample: Sample, found: Extrapolation) -> str:
    """What the second review of the issue found, in one sentence."""
    share = ratio(Decimal(found.drawn), Decimal(found.universe), 100)
    said = f"{sample.issue} 期初审通过 {found.universe:,} 件,抽取复审 {found.drawn:,} 件({numbers.percent(share)})"
    if not found.reviewed:
        return f"{said},尚无复审结果。"
    amount = found.found + found.found_apart
    said += f",已复审 {found.reviewed:,} 件,{found.found_cnt:,} 件有问题,查实 {numbers.money(amount)}。"
    if not found.counting or found.total is None:
        return f"{said}各层复审件数都不足,不能放大。"
    said += f"可计算的 {len(found.counting):,} 层放大后违规 {numbers.money(found.point)}"
    interval = found.total.interval(LEVEL)
    if interval is None:
        return f"{said}。"
    lower, upper = money(interval.lower), money(interval.upper)
    if lower == upper:
        return f"{said};放大的层样本中未发现问题,没有可给的区间。"
    if Caution.BELOW_FOUND in found.cautions:
        return f"{said};{LEVEL}% 下限低于查实金额,下限按查实 {numbers.money(found.found)}计,上限 {numbers.money(upper)}。"
    return f"{said},{LEVEL}% 区间 {numbers.money(lower)} 至 {numbers.money(upper)}。"


def strata_table(found: Extrapolation, names: Mapping[str, str], level: int) -> pa.Table:
    """One row per stratum with the interval at ``level`` percent."""
    rows = []
    for one in found.strata:
        cell, interval = one.stratum.cell, one.estimate.interval(level) if one.estimate else None
        rows.append({
            "fixmedins_code": cell.fixmedins_code, "fixmedins_name": names.get(cell.fixmedins_code, "未登记"),
            "care_kind": cell.care_kind + ("·必抽" if cell.certain else ""), "N": one.stratum.size,
            "n": one.reviewed, "drawn": one.stratum.sample, "found_cnt": one.found_cnt if one.reviewed else None,
            "found": one.found if one.reviewed else None,
            "standing": one.standing.value, "point": one.point,
            "lower": money(interval.lower) if interval else None, "upper": money(interval.upper) if interval else None,
            "ratio_point": money(one.ratio.total.point) if one.ratio else None,
        })  # fmt: skip
    texts = ("fixmedins_code", "fixmedins_name", "care_kind", "standing")
    counts = ("N", "n", "drawn", "found_cnt")
    amounts = ("found", "point", "lower", "upper", "ratio_point")
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema([
            *((name, pa.string()) for name in texts), *((name, pa.int64()) for name in counts),
            *((name, MONEY) for name in amounts),
        ]),
    )  # fmt: skip


#: what the list of strata can be narrowed to; the first is all
NARROWINGS = {"": "全部层", "counting": "计入合计的层", "found": "有问题的层", "open": "未复审完的层"}


def narrowed(rows: pa.Table, show: str) -> pa.Table:
    """The rows of ``strata_table`` for a word of ``NARROWINGS``."""
    match show:
        case "counting":
            return rows.filter(pc.is_valid(rows.column("point")))
        case "found":
            return rows.filter(pc.greater(rows.column("found_cnt"), 0))
        case "open":
            return rows.filter(pc.less(rows.column("n"), rows.column("drawn")))
    return rows


def strata_fields(level: int) -> list[Field]:
    """Columns of ``strata_table``."""
    return [
        Field("fixmedins_name", "机构"), Field("care_kind", "类别"), Field("N", "N", "int", "件"),
        Field("n", "n(已复审)", "int", "件"), Field("drawn", "抽取", "int", "件"), Field("found_cnt", "有问题", "int", "件"),
        Field("found", "查实金额", "amount", "元"), Field("standing", "处理"), Field("point", "点估计", "amount", "元"),
        Field("lower", f"{level}%下限", "amount", "元"), Field("upper", f"{level}%上限", "amount", "元"),
        Field("ratio_point", "比率估计", "amount", "元"), Field("fixmedins_code", "定点医药机构编号"),
    ]  # fmt: skip


def items_table(sample: Sample, names: Mapping[str, str]) -> pa.Table:
    """One row per drawn document, those without a result first."""
    rows = []
    for place, (cell, document) in enumerate(sample.items, 1):
        found = sample.found[document.doc_id]
        rows.append({
            "place": place, "doc_id": document.doc_id, "setl_id": document.setl_id, "fixmedins_code": cell.fixmedins_code,
            "fixmedins_name": names.get(cell.fixmedins_code, "未登记"), "care_kind": cell.care_kind + ("·必抽" if cell.certain else ""),
            "dcla_fund_amt": yuan(document.fund_fen), "chker": document.chker,
            "review": None if found.review_fen is None else yuan(found.review_fen),
            "appeal": None if found.appeal_fen is None else yuan(found.appeal_fen), "reviewer": found.reviewer or None,
            "reviewed_on": found.reviewed_on, "source": str(found.source) or "尚未复审", "why": found.why or None,
        })  # fmt: skip
    rows.sort(key=lambda row: (row["review"] is not None, row["place"]))
    kinds = {
        "place": pa.int64(),
        "dcla_fund_amt": MONEY,
        "review": MONEY,
        "appeal": MONEY,
        "reviewed_on": pa.date32(),
    }
    names_in_order = (
        "place", "doc_id", "setl_id", "fixmedins_code", "fixmedins_name", "care_kind", "dcla_fund_amt", "chker", "review",
        "appeal", "reviewer", "reviewed_on", "source", "why",
    )  # fmt: skip
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names_in_order])
    return pa.Table.from_pylist(rows, schema=schema)


def items_fields() -> list[Field]:
    """Columns of ``items_table``."""
    own = {field.name: field for field in contract_fields("doc_d", ["doc_id", "dcla_fund_amt", "chker"])}
    return [
        Field("place", "序号", "int"), own["doc_id"], Field("fixmedins_name", "机构"), Field("care_kind", "类别"),
        own["dcla_fund_amt"], own["chker"], Field("review", "复审金额", "amount", "元"), Field("appeal", "申诉后金额", "amount", "元"),
        Field("reviewer", "复审岗位"), Field("reviewed_on", "复审日期", "date"), Field("source", "来源"), Field("why", "说明"),
        Field("setl_id", "结算ID"),
    ]  # fmt: skip


def history_table(draws: Sequence[SampleDraw]) -> pa.Table:
    """One row per draw, newest first."""
    rows = [
        {
            "draw_id": draw.draw_id, "issue": draw.issue, "drawn_at": local(draw.drawn_at), "drawn_by": draw.drawn_by,
            "frame_size": draw.frame_size, "sample_size": draw.sample_size, "rate": Decimal(draw.rate) * 100,
            "certainty": None if draw.certainty is None else Decimal(draw.certainty), "least": draw.least, "seed": str(draw.seed),
            "algorithm": f"{draw.algorithm} {draw.algorithm_version}", "why": draw.why or None, "frame_hash": draw.frame_hash,
            "data_version": draw.data_version,
        }
        for draw in draws
    ]  # fmt: skip
    kinds = {
        "drawn_at": pa.timestamp("s"), "frame_size": pa.int64(), "sample_size": pa.int64(), "rate": pa.decimal128(9, 4),
        "certainty": MONEY, "least": pa.int64(),
    }  # fmt: skip
    schema = pa.schema([(field.name, kinds.get(field.name, pa.string())) for field in HISTORY_FIELDS])
    return pa.Table.from_pylist(rows, schema=schema)


HISTORY_FIELDS = (
    Field("draw_id", "抽样编号"), Field("issue", "期号"), Field("drawn_at", "抽样时间", "time"), Field("drawn_by", "抽样人"),
    Field("frame_size", "抽样框", "int", "件"), Field("sample_size", "抽取", "int", "件"), Field("rate", "比例", "percent", "%"),
    Field("certainty", "必抽金额", "amount", "元"), Field("least", "每层最少", "int", "件"), Field("seed", "随机种子"),
    Field("algorithm", "算法"), Field("why", "说明"), Field("frame_hash", "抽样框哈希"), Field("data_version", "数据版本"),
)  # fmt: skip


def local(at: dt.datetime) -> dt.datetime:
    """A stored UTC time as wall-clock time of Asia/Shanghai."""
    return china_time(at.replace(tzinfo=dt.UTC).timestamp()).replace(tzinfo=None)


@dataclass(frozen=True)
class Plan:
    """What a draw would take: documents and strata in all, drawn, certain ones, strata that reach the number to extrapolate."""

    universe: int
    drawn: int
    certain: int
    strata: int
    enough: int
    #: documents a stratum needs to be extrapolated, and what a draw would take that gives every stratum so many
    least: int
    drawn_for_all: int

    @property
    def words(self) -> str:
        """The plan in one sentence."""
        share = numbers.percent(ratio(Decimal(self.drawn), Decimal(self.universe), 100))
        said = f"初审通过 {self.universe:,} 件分为 {self.strata:,} 层,将抽取 {self.drawn:,} 件({share})"
        if self.certain:
            said += f",其中必抽 {self.certain:,} 件"
        said += f";{self.enough:,} 层达到可以放大的件数或全部复审。"
        if self.enough < self.strata:
            share = numbers.percent(ratio(Decimal(self.drawn_for_all), Decimal(self.universe), 100))
            said += f"要使每层都可放大,每层最少应设为 {self.least} 件,共需抽取 {self.drawn_for_all:,} 件({share})。"
        return said


def plan_of(rows: Sequence[Mapping[str, Any]], design: Design, least: int) -> Plan:
    """The rows of sample_plan.sql under a design; ``least`` reviewed documents allow extrapolation."""
    taken = [(row, allocation(row["doc_cnt"], design, row["certain"])) for row in rows]
    return Plan(
        universe=sum(row["doc_cnt"] for row, _ in taken),
        drawn=sum(size for _, size in taken),
        certain=sum(size for row, size in taken if row["certain"]),
        strata=len(taken),
        enough=sum(size >= least or size == row["doc_cnt"] for row, size in taken),
        least=least,
        drawn_for_all=sum(max(size, min(row["doc_cnt"], least)) for row, size in taken),
    )
