"""What the screens say about a statistic: short, official, no blame. A special cause is a question, not a
verdict.
"""

from __future__ import annotations

from fundwatch.stats.funnel import Position
from fundwatch.stats.sample_size import LEAST_NONZERO, LEAST_SAMPLE, WORST_PRECISION_PCT, Caution
from fundwatch.stats.special_causes import RUN, Rule
from fundwatch.stats.xmr import Assurance, Variation, Xmr

TRIAL = "点数不足(试用限)"
TOO_SHORT = "点数不足"
NO_ASSURANCE = "—"
FORECAST_METHOD = "按上年同月推算"
NO_BAND = "历史不足,不给区间"

VARIATION = {
    Variation.COMMON: "正常波动",
    Variation.IMPROVEMENT: "改善",
    Variation.CONCERN: "关注",
    Variation.NEUTRAL_HIGH: "异常上升",
    Variation.NEUTRAL_LOW: "异常下降",
}
ASSURANCE = {
    Assurance.PASS: "稳定达标",
    Assurance.FAIL: "稳定不达标",
    Assurance.HIT_AND_MISS: "时达时不达",
    Assurance.NONE: NO_ASSURANCE,
}
RULE = {
    Rule.OUTSIDE: "超出控制限",
    Rule.RISING: f"连续{RUN}个月以上上升",
    Rule.FALLING: f"连续{RUN}个月以上下降",
    Rule.NEAR_LIMIT: "三个月中两个月接近控制限",
    Rule.ONE_SIDE: f"连续{RUN}个月以上在均值同侧",
}
POSITION = {
    Position.BELOW_998: "低于99.8%控制限",
    Position.BELOW_95: "低于95%控制限",
    Position.INSIDE: "控制限内",
    Position.ABOVE_95: "高于95%控制限",
    Position.ABOVE_998: "高于99.8%控制限",
    Position.NO_VALUE: "无数值",
}
DRIFT = {"up": "相对同类持续上升", "down": "相对同类持续下降"}
CAUTION = {
    Caution.SMALL_SAMPLE: f"样本不足{LEAST_SAMPLE}件",
    Caution.FEW_FINDINGS: f"有问题的样本不足{LEAST_NONZERO}件",
    Caution.IMPRECISE: f"误差超过估计值的{WORST_PRECISION_PCT}%",
    Caution.BELOW_FOUND: "下限低于实际查实金额,按实际查实金额计",
    Caution.NO_INTERVAL: "样本不足以估计误差",
}


def variation_words(chart: Xmr) -> str:
    """The 变化 column: what the last month says and by which rule, with the caption for trial limits."""
    if chart.variation is None:
        last_has_value = bool(chart.points) and chart.points[-1].value is not None
        return TOO_SHORT if last_has_value or not chart.points else "本月无数值"
    said = VARIATION[chart.variation]
    if chart.rule is not None:
        said = f"{said}:{RULE[chart.rule]}"
    return f"{said},{TRIAL}" if chart.trial else said


def assurance_words(chart: Xmr) -> str:
    """The 达标把握 column."""
    said = ASSURANCE[chart.assurance]
    return f"{said},{TRIAL}" if chart.trial and chart.assurance is not Assurance.NONE else said
