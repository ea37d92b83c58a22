"""The calculation sheet as blocks of a document: what a leading group signs, the same on screen and in the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from fundwatch.draws.estimate import LEVEL, Extrapolation, Standing, StratumEstimate
from fundwatch.draws.frame import yuan
from fundwatch.draws.outcome import Sample
from fundwatch.draws.records import draw_record, money, remarks
from fundwatch.draws.results import Stage
from fundwatch.stats.sampling import Estimate

Kind = Literal["text", "int", "amount", "percent"]
PLATFORM_SAMPLE = "平台抽样(未经本系统抽取,没有冻结的抽样框和种子,不能重放)"
#: how each figure is made, for the foot of the sheet
DEFINITIONS = (
    ("抽样框", "该期已初审且没有写违规的全部审核单据,抽样时冻结并计算哈希;之后载入的数据不改变它。"),
    ("分层与抽取", "机构×住院/门诊为一层;申报基金金额达到必抽金额的单据全部抽取;其余各层按比例向上取整,且不少于每层最少件数。"),
    ("抽签方法", "对“种子、换行、单据ID”取 SHA-256,每层按哈希从小到大取前 n 件;任何人可用种子和抽样框重新计算。"),
    ("点估计", "每层 N÷n×查实金额,四舍五入到分;合计为各层之和。全部复审的层按查实金额计。"),
    ("区间", "双侧,含有限总体校正;单层用 t 分布(n-1),合计用正态分布(RAT-STATS 分层)。双侧80%区间的下限即单侧90%下限。"),
    ("比率估计", "放大的层按 N÷n 加权的查实金额之和÷申报基金之和,乘以这些层的申报基金合计(Cochran);全部复审的层按查实加入;供比较。"),
    ("不放大的层", "复审不足规定件数的层和未全部复审的必抽层只列示,其中查实的金额按查实处理,不放大。"),
    ("全部层参考值", "各层 N÷n×查实金额之和,单件的层相互比较求误差(偏保守)。只反映初审遗漏的总体水平,不作为对机构拒付的依据。"),
    ("申诉后", "以最新登记为准;未登记的取平台复审金额,抽检疑点全部终审后取确认金额。"),
    ("依据", "罗庄区医保基金智能审核和监控工作管理机制(罗医保发〔2024〕2号)二(三):对审核发现的问题涉及金额按照抽查比例放大后拒付。"),
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A heading and a table; ``columns`` are (label, kind), amounts in 元."""

    heading: str
    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Any, ...], ...]


def calculation(sample: Sample, both: Mapping[Stage, Extrapolation], version: str) -> list[Block]:
    """The sheet's blocks without the list of strata. ``version`` is that of the data looked at."""
    after = both[Stage.APPEAL]
    return [
        design_block(sample, after, version),
        groups_block(after),
        intervals_block(after),
        appeals_block(both),
        Block("提示", (("内容", "text"),), tuple((said,) for said in remarks(sample, after)) or (("无",),)),
    ]


def design_block(sample: Sample, found: Extrapolation, version: str) -> Block:
    """What was drawn from what, by whom, with which seed."""
    draw = sample.draw
    lines: list[tuple[str, str]] = [("期号", sample.issue)]
    if draw is None:
        lines += [("样本", PLATFORM_SAMPLE)]
    else:
        record = draw_record(draw, [], [])
        certainty = f"{Decimal(draw.certainty):,} 元" if draw.certainty else "不设"
        lines = [
            ("抽样编号", draw.draw_id), *lines, ("抽样时间", record["drawn_at"][:19].replace("T", " ")), ("抽样人", draw.drawn_by),
            ("抽样比例", f"{(Decimal(draw.rate) * 100).normalize():f}%"), ("必抽金额", certainty), ("每层最少件数", f"{draw.least} 件"),
            ("随机种子", str(draw.seed)), ("算法", f"{draw.algorithm} 版本 {draw.algorithm_version}"),
            ("抽样框哈希", draw.frame_hash), ("抽取结果哈希", draw.items_hash), ("说明", draw.why), ("抽样时数据版本", draw.data_version),
        ]  # fmt: skip
    lines += [
        ("抽样框", f"{found.universe:,} 件,申报基金 {yuan(sum(one.stratum.fund_fen for one in found.strata)):,} 元"),
        ("抽取与复审", f"抽取 {found.drawn:,} 件,已复审 {found.reviewed:,} 件"), ("计算所用数据版本", version),
    ]  # fmt: skip
    return Block("抽样", (("项目", "text"), ("内容", "text")), tuple(lines))


def groups_block(found: Extrapolation) -> Block:
    """How the total comes about: strata by what may be said of them."""
    columns: tuple[tuple[str, Kind], ...] = (
        ("处理", "text"), ("层数", "int"), ("N(件)", "int"), ("n 已复审(件)", "int"), ("有问题(件)", "int"), ("查实金额(元)", "amount"),
        ("点估计(元)", "amount"),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for standing in Standing:
        own = found.of(standing)
        if own:
            points = [one.point for one in own if one.point is not None]
            rows.append(_group(standing.value, own, sum(points, Decimal(0)) if points else None))
    rows.append(_group("合计(放大与按查实计的层)", found.counting, found.point if found.counting else None))
    return Block("放大金额的构成", columns, tuple(rows))


def intervals_block(found: Extrapolation) -> Block:
    """Each estimator at each level, side by side."""
    columns: tuple[tuple[str, Kind], ...] = (
        ("方法", "text"), ("置信水平", "text"), ("点估计(元)", "amount"), ("标准误(元)", "amount"), ("下限(元)", "amount"),
        ("上限(元)", "amount"), ("误差(%)", "percent"),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for name, estimate, point in estimators(found):
        error = money(estimate.standard_error)
        for interval in estimate.intervals:
            limits = (money(interval.lower), money(interval.upper), money(interval.precision_pct))
            rows.append((name, f"双侧{interval.level}%", point, error, *limits))
        if not estimate.intervals:
            rows.append((name, "无法给出", point, None, None, None, None))
    return Block("估计与区间", columns, tuple(rows))


def estimators(found: Extrapolation) -> list[tuple[str, Estimate, Decimal]]:
    """The estimates of a draw by name, with the point in yuan; those that cannot be made are left out.

    The point of the mean estimate is the booked one: each stratum is rounded to the fen and then added (precise.md), so that the sheet
    names one amount and not two that differ by a fen.
    """
    named = (
        ("均值估计(分层)", found.total, found.point),
        ("比率估计(合并)", found.ratio.total if found.ratio else None, None),
        ("全部层参考值", found.whole, None),
    )
    return [
        (name, estimate, money(estimate.point) if point is None else point)
        for name, estimate, point in named
        if estimate is not None
    ]


def appeals_block(both: Mapping[Stage, Extrapolation]) -> Block:
    """The recomputation after appeals: before, after, change."""
    before, after = both[Stage.REVIEW], both[Stage.APPEAL]
    lines: list[tuple[str, Any, Any]] = [
        ("放大层和全部复审层查实金额", before.found, after.found),
        ("其余层查实金额", before.found_apart, after.found_apart),
        ("点估计", before.point if before.counting else None, after.point if after.counting else None),
        ("90%下限", _limit(before, "lower"), _limit(after, "lower")),
        ("90%上限", _limit(before, "upper"), _limit(after, "upper")),
    ]
    rows = tuple((name, a, b, None if a is None or b is None else b - a) for name, a, b in lines)
    columns: tuple[tuple[str, Kind], ...] = (
        ("项目", "text"), ("申诉前(元)", "amount"), ("申诉后(元)", "amount"), ("变化(元)", "amount"),
    )  # fmt: skip
    return Block("申诉前后对照", columns, rows)


def strata_block(found: Extrapolation, names: Mapping[str, str]) -> Block:
    """Every stratum, in order of institution."""
    columns: tuple[tuple[str, Kind], ...] = (
        ("机构编号", "text"), ("机构名称", "text"), ("类别", "text"), ("必抽层", "text"), ("N(件)", "int"), ("抽取(件)", "int"),
        ("n 已复审(件)", "int"), ("有问题(件)", "int"), ("查实金额(元)", "amount"), ("处理", "text"), ("点估计(元)", "amount"),
        ("80%下限(元)", "amount"), ("90%下限(元)", "amount"), ("90%上限(元)", "amount"), ("95%下限(元)", "amount"),
        ("95%上限(元)", "amount"),
        ("比率估计(元)", "amount"),
    )  # fmt: skip
    rows = []
    for one in found.strata:
        cell, estimate = one.stratum.cell, one.estimate
        limits = {each.level: each for each in estimate.intervals} if estimate else {}
        rows.append((
            cell.fixmedins_code, names.get(cell.fixmedins_code, "未登记"), cell.care_kind, "是" if cell.certain else "",
            one.stratum.size, one.stratum.sample, one.reviewed, *_seen(one), one.standing.value, one.point,
            money(limits[80].lower) if limits else None, money(limits[90].lower) if limits else None,
            money(limits[90].upper) if limits else None, money(limits[95].lower) if limits else None,
            money(limits[95].upper) if limits else None, money(one.ratio.total.point) if one.ratio else None,
        ))  # fmt: skip
    return Block("分层结果", columns, tuple(rows))


def main_strata_block(found: Extrapolation, names: Mapping[str, str]) -> Block:
    """The strata that count or where something was found, with what a reader of paper needs."""
    columns: tuple[tuple[str, Kind], ...] = (
        ("机构", "text"), ("类别", "text"), ("N(件)", "int"), ("n 已复审(件)", "int"), ("有问题(件)", "int"), ("查实金额(元)", "amount"),
        ("处理", "text"), ("点估计(元)", "amount"), ("90%下限(元)", "amount"), ("90%上限(元)", "amount"),
    )  # fmt: skip
    shown = [one for one in found.strata if one.point is not None or one.found_cnt]
    rows = []
    for one in shown:
        cell, interval = one.stratum.cell, one.estimate.interval(LEVEL) if one.estimate else None
        rows.append((
            names.get(cell.fixmedins_code, cell.fixmedins_code), cell.care_kind + ("·必抽" if cell.certain else ""), one.stratum.size,
            one.reviewed, one.found_cnt, one.found, one.standing.value, one.point,
            money(interval.lower) if interval else None, money(interval.upper) if interval else None,
        ))  # fmt: skip
    rest = len(found.strata) - len(shown)
    heading = f"分层结果(其余 {rest:,} 层件数不足且未发现问题,见 Excel)" if rest else "分层结果"
    return Block(heading, columns, tuple(rows))


def items_block(sample: Sample, names: Mapping[str, str]) -> Block:
    """Every drawn document with what was found; for those who may see single claims."""
    columns: tuple[tuple[str, Kind], ...] = (
        ("序号", "int"), ("单据ID", "text"), ("机构编号", "text"), ("机构名称", "text"), ("类别", "text"), ("必抽层", "text"),
        ("医疗费总额(元)", "amount"), ("申报基金(元)", "amount"), ("初审人", "text"), ("复审金额(元)", "amount"),
        ("申诉后金额(元)", "amount"),
        ("复审岗位", "text"), ("复审日期", "text"), ("来源", "text"), ("说明", "text"),
    )  # fmt: skip
    rows = []
    for place, (cell, document) in enumerate(sample.items, 1):
        found = sample.found[document.doc_id]
        rows.append((
            place, document.doc_id, cell.fixmedins_code, names.get(cell.fixmedins_code, "未登记"), cell.care_kind,
            "是" if cell.certain else "", yuan(document.medfee_fen), yuan(document.fund_fen), document.chker or "",
            _amount(found.review_fen), _amount(found.appeal_fen), found.reviewer,
            f"{found.reviewed_on:%Y-%m-%d}" if found.reviewed_on else "", str(found.source), found.why,
        ))  # fmt: skip
    return Block("样本", columns, tuple(rows))


def definitions_block() -> Block:
    """How the figures are made."""
    return Block("口径", (("项目", "text"), ("说明", "text")), DEFINITIONS)


def _group(name: str, own: Sequence[Any], point: Decimal | None) -> tuple[Any, ...]:
    reviewed = sum(one.reviewed for one in own)
    found_cnt, found = sum(one.found_cnt for one in own), sum((one.found for one in own), Decimal(0))
    return (
        name, len(own), sum(one.stratum.size for one in own), reviewed, found_cnt if reviewed else None,
        found if reviewed else None, point,
    )  # fmt: skip


def _seen(one: StratumEstimate) -> tuple[int | None, Decimal | None]:
    """What was found; nothing, where nobody has looked."""
    return (one.found_cnt, one.found) if one.reviewed else (None, None)


def _limit(found: Extrapolation, end: Literal["lower", "upper"]) -> Decimal | None:
    interval = found.total.interval(LEVEL) if found.total else None
    return None if interval is None else money(getattr(interval, end))


def _amount(amount: int | None) -> Decimal | None:
    return None if amount is None else yuan(amount)
