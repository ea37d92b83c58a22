"""待遇与流向: what the fund pays of a stay, what leaves the county, how fast institutions are paid."""

from __future__ import annotations

from fundwatch.kpi import DIMENSION_LABELS
from fundwatch.screens import benefits as view
from fundwatch.screens.filters import LEVELS
from fundwatch.screens.overview import insutype_words
from fundwatch.ui.targets import target_line
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Chart, Part, kpi_part, list_part, months_part
from fundwatch.workbooks.screen_fund_balance import RATIO_FIELDS

BAR = ("level_class", "medins_natu", "insutype")
CYCLE = "payment_cycle"


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters."""
    funds = {code: insutype_words(code) for code in ("310", "390")}
    flow = view.flow(ask.of_period("benefits_flow", *BAR))
    ratios = ask.query("fund_ratios", period_start=ask.period.start, period_end=ask.period.end)
    return [
        kpi_part(ask, view.KPIS),
        months_part(ask, view.KPIS),
        _compared(ask, "level_class", {}, LEVELS),
        _compared(ask, "insutype", funds, ()),
        Part(
            "县外就医去向",
            flow,
            view.FLOW_FIELDS,
            "各地合计基金支付与县外就医基金占比的分子一致。",
            money="元",
        ),
        _payments(ask),
        Part("公布的实际报销比例", ratios, RATIO_FIELDS, "照原文列示,不由本系统计算。"),
    ]


def _compared(ask: Ask, by: str, names: dict[str, str], order: tuple[str, ...]) -> Part:
    rows = view.compared(ask.values(view.COMPARED, by), names, order)
    label = DIMENSION_LABELS[by]
    charts = (Chart("bar", "name", (view.COMPARED[0],), f"分{label}住院实际报销比例"),)
    note = "本县参保人的住院结算,退费已冲减。人次在各行分别去重,不可相加。"
    return Part(f"分{label}", rows, view.compared_fields(label), note, charts, money="元")


def _payments(ask: Ask) -> Part:
    line = target_line(ask.by_kpi([CYCLE])[CYCLE].target)
    rows = ask.listed(CYCLE)
    if line is None:
        return list_part(ask, CYCLE, "拨付", "本期还没有拨付周期的目标,列出全部拨付。")
    slow = view.slow(rows, int(line))
    return list_part(ask, CYCLE, "超时限的拨付", f"超过 {int(line)} 个工作日的拨付,最久的在前。", slow)


BOOK = Book(BAR, lambda _: view.KPIS, parts)
