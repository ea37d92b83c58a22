"""Draws, replays and estimates as records for JSON and tables; decimals stay Decimal, statistics are rounded to the fen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fundwatch.clock import china_time
from fundwatch.draws.design import Cell, Stratum
from fundwatch.draws.estimate import LEVEL, Extrapolation, StratumEstimate
from fundwatch.draws.frame import Document, yuan
from fundwatch.draws.outcome import Sample
from fundwatch.draws.results import Stage
from fundwatch.draws.service import Replay
from fundwatch.draws.store import SampleDraw
from fundwatch.stats.sampling import Estimate
from fundwatch.stats.words import CAUTION

DRAW_WORDS = {
    "draw_id": "抽样编号", "issue": "期号", "rate": "抽样比例", "certainty": "必抽金额(元)", "least": "每层最少件数", "seed": "随机种子",
    "algorithm": "算法", "algorithm_version": "算法版本", "frame_hash": "抽样框哈希", "frame_size": "抽样框件数",
    "frame_amount": "抽样框申报基金(元)", "sample_size": "抽取件数", "items_hash": "抽取结果哈希", "data_version": "数据版本",
    "why": "说明", "drawn_by": "抽样人", "drawn_at": "抽样时间",
}  # fmt: skip
STRATUM_WORDS = {
    "fixmedins_code": "定点医药机构编号", "care_kind": "类别", "certain": "必抽层", "N": "N", "n": "n(已复审)", "drawn": "抽取",
    "found_cnt": "有问题件数", "found": "查实金额", "standing": "处理", "point": "点估计", "lower90": "90%下限", "upper90": "90%上限",
    "ratio_point": "比率估计",
}  # fmt: skip
TOTAL = "合计"


def draw_record(
    draw: SampleDraw, strata: Sequence[Stratum], items: Sequence[tuple[Cell, Document]]
) -> dict[str, Any]:
    """A draw with its strata and the documents drawn, in order."""
    record = {key: value for key, value in vars(draw).items() if key != "frame_fund_fen"}
    record["frame_amount"] = yuan(draw.frame_fund_fen)
    record["drawn_at"] = drawn_at(draw)
    record["strata"] = [
        {**vars(one.cell), "N": one.size, "n": one.sample, "amount": yuan(one.fund_fen)} for one in strata
    ]
    record["items"] = [
        {"place": place, "doc_id": document.doc_id, **vars(cell), "dcla_fund_amt": yuan(document.fund_fen)}
        for place, (cell, document) in enumerate(items, 1)
    ]
    return record


def drawn_at(draw: Any) -> str:
    """The time of a draw (UTC in the state) as ISO time of Asia/Shanghai."""
    return china_time(draw.drawn_at.replace(tzinfo=dt.UTC).timestamp()).isoformat()


def replay_record(found: Replay) -> dict[str, Any]:
    """A replay's outcome."""
    return {
        "draw_id": found.draw.draw_id, "sound": found.sound, "frame_sound": found.frame_sound, "logged": found.logged,
        "frame_hash": found.frame_hash, "stored_frame_hash": found.draw.frame_hash, "sample_size": found.sample_size,
        "items_hash": found.items_hash, "stored_items_hash": found.draw.items_hash, "differences": found.differences,
        "seed": found.draw.seed, "algorithm": f"{found.draw.algorithm} {found.draw.algorithm_version}",
        "data_since": None if found.now is None else dict(zip(("new", "gone", "changed"), found.now, strict=True)),
        "words": found.words(),
    }  # fmt: skip


def extrapolation_record(sample: Sample, found: Mapping[Stage, Extrapolation]) -> dict[str, Any]:
    """The estimates after appeals (strata, total, remarks) and the total before and after them."""
    after, before = found[Stage.APPEAL], found[Stage.REVIEW]
    return {
        "draw_id": sample.draw.draw_id if sample.draw else None,
        "issue": sample.issue,
        "N": after.universe,
        "drawn": after.drawn,
        "reviewed": after.reviewed,
        "strata": [stratum_record(one) for one in after.strata],
        "total": total_record(after),
        "before_appeal": total_record(before),
        "after_appeal": total_record(after),
        "appeal_change": after.point - before.point,
        "found_apart": after.found_apart,
        "reference_all_strata": None if after.whole is None else estimate_record(after.whole),
        "minimum_n": after.minimum,
        "cautions": [str(one) for one in after.cautions],
        "remarks": remarks(sample, after),
    }


def stratum_record(one: StratumEstimate) -> dict[str, Any]:
    """One stratum; amounts in 元, None where it is not extrapolated."""
    record: dict[str, Any] = {
        **vars(one.stratum.cell), "N": one.stratum.size, "n": one.reviewed, "drawn": one.stratum.sample,
        "found_cnt": one.found_cnt if one.reviewed else None, "found": one.found if one.reviewed else None,
        "standing": one.standing.value, "point": one.point,
    }  # fmt: skip
    return record | _parts(one.estimate, one.ratio)


def total_record(found: Extrapolation) -> dict[str, Any]:
    """The total over the strata that count."""
    record: dict[str, Any] = {
        "fixmedins_code": TOTAL, "care_kind": None, "certain": None,
        "N": sum(one.stratum.size for one in found.counting), "n": sum(one.reviewed for one in found.counting),
        "drawn": sum(one.stratum.sample for one in found.counting),
        "found_cnt": sum(one.found_cnt for one in found.counting), "found": found.found, "standing": None,
        "point": found.point if found.counting else None,
    }  # fmt: skip
    return record | _parts(found.total, found.ratio)


def estimate_record(estimate: Estimate) -> dict[str, Any]:
    """Point, standard error and the three intervals of an estimate."""
    return {
        "point": money(estimate.point), "standard_error": money(estimate.standard_error),
        "intervals": {
            str(each.level): {"lower": money(each.lower), "upper": money(each.upper), "precision_pct": money(each.precision_pct)}
            for each in estimate.intervals
        },
    }  # fmt: skip


def _parts(estimate: Estimate | None, by_ratio: Any) -> dict[str, Any]:
    interval = estimate.interval(LEVEL) if estimate else None
    return {
        "standard_error": money(estimate.standard_error) if estimate else None,
        "intervals": estimate_record(estimate)["intervals"] if estimate else {},
        "lower90": money(interval.lower) if interval else None,
        "upper90": money(interval.upper) if interval else None,
        "ratio_point": money(by_ratio.total.point) if by_ratio else None,
        "ratio": estimate_record(by_ratio.total) if by_ratio else None,
    }


def remarks(sample: Sample, found: Extrapolation) -> list[str]:
    """What has to be said beside the estimates, each a Chinese sentence."""
    said = []
    waiting = found.drawn - found.reviewed
    if waiting:
        said.append(
            f"抽取 {found.drawn:,} 件,已复审 {found.reviewed:,} 件,还有 {waiting:,} 件未复审,结果是阶段性的。"
        )
    apart = [one for one in found.strata if one.point is None and one.reviewed]
    if apart:
        said.append(
            f"{len(apart):,} 层复审件数不足,只列示、不放大,其中查实 {found.found_apart:,} 元按查实金额处理。"
        )
    if sample.differing_cnt:
        said.append(f"{sample.differing_cnt:,} 件的登记金额与平台数据不同,以登记为准。")
    said += [f"{CAUTION[one]}。" for one in found.cautions]
    if found.minimum is not None:
        said.append(f"按本次样本的离散程度,达到规定误差至少需要 {found.minimum:,} 件。")
    return said


def readable(record: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """A record under Chinese headers, for a table."""
    shown = {True: "是", False: ""}
    return {
        word: shown[record[name]] if isinstance(record.get(name), bool) else record.get(name)
        for name, word in words.items()
    }


def money(value: float | None) -> Decimal | None:
    """A statistic as Decimal with two places."""
    return None if value is None else Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
