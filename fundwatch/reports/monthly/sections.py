"""The six items in words: each a section with sentences, tables and, where it helps, a chart; what no table holds is said."""

from __future__ import annotations

from collections.abc import Mapping

from fundwatch.documents import Block, Paragraph, Section
from fundwatch.reports.monthly import tables
from fundwatch.reports.monthly.figures import Figure, official
from fundwatch.reports.monthly.gather import Gathered, Row
from fundwatch.reports.monthly.items import CAMPAIGN, COMPLAINT, DOCUMENT, INSPECTION, SELF_CHECK, Item
from fundwatch.reports.monthly.month import When

Figures = Mapping[str, Figure]
#: the four amounts of one set of documents, in the order of the steps
STEPS = ("flagged_amount", "first_review_amount", "confirmed_amount", "deducted_amount")
NOT_STATED = "本项无法统计，不以零代替。"


class Captions:
    """Numbers tables and charts through the whole document: 表1, 图1."""

    def __init__(self) -> None:
        self._tables = self._charts = 0

    def table(self, name: str) -> str:
        self._tables += 1
        return f"表{self._tables}　{name}"

    def chart(self, name: str) -> str:
        self._charts += 1
        return f"图{self._charts}　{name}"


def six_sections(data: Gathered, figures: Figures, captions: Captions) -> list[Section]:
    """The six items, in the order of the source."""
    return [
        _daily(data, figures, captions),
        _review(data, figures, captions),
        _self_check(data, figures, captions),
        _complaints(data, figures, captions),
        _campaigns(data, figures, captions),
        _entrusted(data, figures, captions),
    ]


def _unknown(item: Item, why: str) -> Section:
    return Section(item.value, (Paragraph(f"{official(why)}，{NOT_STATED}"),))


def _of(item: Item, figures: Figures) -> list[Figure]:
    """The numbers of an item for its table; those by method have a table of their own."""
    return [figure for figure in figures.values() if figure.item == item.value and figure.id.count(".") < 2]


def _inspected(item: Item, figures: Figures) -> str:
    """本月完成日常稽核40次，较上月……，涉及38家，发现问题……。"""
    done, found, amount = (
        figures[f"{item.name.lower()}.{name}"] for name in ("inspection_cnt", "found_cnt", "finding_amt")
    )
    institutions = figures[f"{item.name.lower()}.institution_cnt"]
    said = f"本月完成{item.value}{done.words()}，{done.compared()}"
    if not done.now:
        return f"{said}。"
    return (
        f"{said}；涉及定点医药机构{institutions.words()}，发现问题的检查{found.words()}；问题金额{amount.words()}，"
        f"{amount.compared()}。"
    )


def _daily(data: Gathered, figures: Figures, captions: Captions) -> Section:
    item = Item.DAILY
    if why := data.missing((INSPECTION,)):
        return _unknown(item, why)
    paragraphs = [Paragraph(_inspected(item, figures))]
    counted = [
        f"{figure.label.removesuffix('次数')}{figure.words()}"
        for figure in figures.values()
        if figure.id.startswith("daily.inspection_cnt.") and figure.now
    ]
    kinds = figures["daily.administrative_cnt"]
    if counted:
        by_kind = f"；其中行政检查{kinds.words()}" if kinds.now else ""
        paragraphs.append(Paragraph(f"按检查方式分，{'、'.join(counted)}{by_kind}。"))
    sheets, covered, onsite = (
        figures[name] for name in ("record_sheet_rate", "inspection_coverage", "onsite_coverage")
    )
    if covered.now is not None:
        seen, due = figures["inspection_coverage.numerator"], figures["inspection_coverage.denominator"]
        paragraphs.append(Paragraph(
            f"年初至月末，协议检查已覆盖{seen.words()}，应查{due.words()}，协议检查覆盖率{covered.words()}，现场检查覆盖率"
            f"{onsite.words()}。"
        ))  # fmt: skip
    if sheets.now is not None:
        paragraphs.append(
            Paragraph(f"现场检查记录单和违约处理告知单齐全的，占应有文书检查的{sheets.words()}。")
        )
    return Section(item.value, (
        *paragraphs,
        tables.methods(captions.table("日常稽核情况（按检查方式）"), figures),
        tables.compared(captions.table("日常稽核主要指标"), _of(item, figures)),
        tables.inspections_chart(captions.chart("日常稽核次数"), data, item),
    ))  # fmt: skip


def _review(data: Gathered, figures: Figures, captions: Captions) -> Section:
    item = Item.REVIEW
    if why := data.missing((DOCUMENT,)):
        return _unknown(item, why)
    declared, amount, done = (
        figures[name]
        for name in (
            "first_review_rate.denominator",
            "rejection_rate.denominator",
            "first_review_rate.numerator",
        )
    )
    share, late, sample = (
        figures[name] for name in ("first_review_rate", "review_overdue_rate", "recheck_rate")
    )
    steps = [figures[name] for name in STEPS]
    blocks: list[Block] = [Paragraph(
        f"本月定点医药机构申报单据{declared.words()}，申报基金金额{amount.words()}，{amount.compared()}。已初审"
        f"{done.words()}，初审率{share.words()}，初审超时率{late.words()}，复审抽检比例{sample.words()}。"
    )]  # fmt: skip
    if all(step.now is not None for step in steps):
        said = "、".join(f"{step.label.removesuffix('金额')}{step.words()}" for step in steps)
        deducted, rejected = steps[-1], figures["rejection_rate"]
        blocks.append(Paragraph(
            f"截至目前，本月申报单据{said}，审核拒付率{rejected.words()}；扣款金额{deducted.compared()}。扣款可能晚于申报期，"
            "上述金额以后仍会变化。"
        ))  # fmt: skip
    elif why := steps[0].reasons.get(When.NOW):
        blocks.append(Paragraph(f"{official(why)}，检出、初审、确认和扣款金额无法统计。"))
    pushed, appealed, handed = (
        figures[name] for name in ("appeal_rate.denominator", "appeal_rate.numerator", "clue_transfers")
    )
    if pushed.now is not None:
        blocks.append(Paragraph(
            f"本月推送机构的疑点{pushed.words()}，其中申诉{appealed.words()}；移交监管线索{handed.words()}。疑点须经核实，不等于违规。"
        ))  # fmt: skip
    paid, cycle = figures["instant_share.denominator"], figures["payment_cycle"]
    if paid.now is not None:
        tail = f"；平均拨付周期{cycle.words()}" if cycle.now is not None else ""
        blocks.append(Paragraph(f"本月拨付医保基金{paid.words()}，{paid.compared()}{tail}。"))
    blocks.append(tables.compared(captions.table("基金结算审核主要指标"), _of(item, figures)))
    if any(step.now for step in steps):
        blocks.append(tables.amounts_chart(captions.chart("本月申报单据各审核步骤金额"), steps))
    return Section(item.value, tuple(blocks))


def _self_check(data: Gathered, figures: Figures, captions: Captions) -> Section:
    item = Item.SELF_CHECK
    if why := data.missing((SELF_CHECK,)):
        return _unknown(item, why)
    handed, found, amount = (
        figures[f"self_checks.{name}"] for name in ("submitted_cnt", "problem_cnt", "amt_found")
    )
    due, done = (figures[f"self_check_refund_rate.{part}"] for part in ("denominator", "numerator"))
    if handed.now:
        said = (
            f"本月定点医药机构提交自查报告{handed.words()}，{handed.compared()}；其中查出问题的{found.words()}，自查查出金额"
            f"{amount.words()}，应退{due.words()}，已退{done.words()}。"
        )
    else:
        said = (
            f"本月没有定点医药机构提交自查报告，{handed.compared()}。自查自纠时间范围为每年1月1日至6月30日。"
        )
    blocks: list[Block] = [Paragraph(said)]
    supervised, covered, seen = (
        figures[name]
        for name in ("self_checks.supervised_cnt", "self_check_coverage", "self_check_coverage.numerator")
    )
    if supervised.now:
        blocks.append(Paragraph(f"本月督导自查自纠{supervised.words()}。"))
    if covered.now is not None:
        blocks.append(
            Paragraph(f"年初至月末，已有{seen.words()}定点医药机构提交自查自纠，覆盖率{covered.words()}。")
        )
    blocks.append(tables.compared(captions.table("自查自纠主要指标"), _of(item, figures)))
    return Section(item.value, tuple(blocks))


def _complaints(data: Gathered, figures: Figures, captions: Captions) -> Section:
    item = Item.COMPLAINT
    if why := data.missing((COMPLAINT,)):
        return _unknown(item, why)
    names = (
        "received_cnt",
        "accepted_cnt",
        "closed_cnt",
        "verified_cnt",
        "replied_cnt",
        "open_cnt",
        "overdue_cnt",
    )
    received, accepted, closed, verified, replied, rest, late = (figures[f"complaints.{n}"] for n in names)
    reward = figures["complaints.reward_amt"]
    tail = f"，发放举报奖励{reward.words()}" if reward.now else ""
    blocks: list[Block] = [
        Paragraph(
            f"本月收到举报投诉{received.words()}，{received.compared()}；受理{accepted.words()}，办结{closed.words()}，"
            f"其中查实{verified.words()}，回复{replied.words()}{tail}。"
        ),
        Paragraph(f"月末未办结{rest.words()}，其中超过办结期限{late.words()}。"),
    ]
    if data.channels:
        blocks.append(tables.channels(captions.table("本月收到的举报投诉（按渠道）"), data))
    blocks.append(tables.compared(captions.table("投诉举报应诉主要指标"), _of(item, figures)))
    blocks.append(tables.complaints_chart(captions.chart("每月收到举报投诉"), data))
    return Section(item.value, tuple(blocks))


def _campaigns(data: Gathered, figures: Figures, captions: Captions) -> Section:
    item = Item.CAMPAIGN
    blocks: list[Block] = []
    if why := data.missing((CAMPAIGN,)):
        blocks.append(Paragraph(f"{official(why)}，专项检查的上报数无法列示。"))
    elif not data.campaigns:
        blocks.append(Paragraph("本月没有正在开展的专项检查。"))
    else:
        names = "、".join(_campaign(row) for row in data.campaigns)
        blocks.append(Paragraph(f"本月开展专项检查{len(data.campaigns)}项：{names}。"))
    if why := data.missing((INSPECTION,)):
        blocks.append(Paragraph(f"{official(why)}，本月专项检查的次数和问题金额无法统计。"))
    else:
        blocks.append(Paragraph(f"按检查台账，{_inspected(item, figures)}"))
    if data.campaigns:
        blocks.append(tables.campaigns(captions.table("专项检查上报情况"), data))
    if not why:
        blocks.append(tables.compared(captions.table("专项检查主要指标（检查台账）"), _of(item, figures)))
    return Section(item.value, tuple(blocks))


def _campaign(row: Row) -> str:
    """A campaign with what was reported of it: 药店专项（应查161家，已查161家，约谈52家，暂停8家）."""
    said = [f"应查{row['target_cnt']:,}家", f"已查{row['checked_cnt']:,}家"]
    outcomes = (("约谈", "talk_cnt"), ("暂停", "suspend_cnt"), ("整改", "rectify_cnt"))
    said += [f"{word}{row[name]:,}家" for word, name in outcomes if row[name]]
    return f"{official(row['campaign_name'])}（{'，'.join(said)}）"


def _entrusted(data: Gathered, figures: Figures, captions: Captions) -> Section:
    item = Item.ENTRUSTED
    if why := data.missing((INSPECTION,)):
        return _unknown(item, why)
    inside = figures["campaign.entrusted_cnt"]
    said = _inspected(item, figures)
    if inside.now:
        said += f"另有县局委托的检查{inside.words()}属于专项检查，已计入专项检查，不重复计算。"
    return Section(item.value, (
        Paragraph(said), tables.compared(captions.table("委托检查主要指标"), _of(item, figures)),
    ))  # fmt: skip


def summary(data: Gathered, figures: Figures) -> Paragraph:
    """The opening paragraph: what is handed in, and the month in one sentence."""
    names = "、".join(item.value for item in Item)
    said = f"按照稽核信息报送制度，现将{data.month.words}{names}六项信息报告如下。"
    parts = []
    counted = [figures[f"{name}.inspection_cnt"] for name in ("daily", "campaign", "entrusted")]
    if all(figure.now is not None for figure in counted):
        parts.append(
            f"完成日常稽核{counted[0].words()}、专项检查{counted[1].words()}、委托检查{counted[2].words()}"
        )
    for name, word in (
        ("first_review_rate.numerator", "初审单据"),
        ("deducted_amount", "审核扣款"),
        ("self_checks.submitted_cnt", "收到自查报告"),
        ("complaints.received_cnt", "收到举报投诉"),
    ):
        if figures[name].now is not None:
            parts.append(f"{word}{figures[name].words()}")
    if parts:
        said += f"本月{'，'.join(parts)}。"
    rest = "，本月数据尚不完整" if data.newest < data.month.last else ""
    return Paragraph(f"{said}数据截至{tables.day_words(data.newest)}{rest}。")
