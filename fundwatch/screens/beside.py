"""What stands beside a number and is needed to read it, in words."""

from __future__ import annotations

from fundwatch.kpi import KpiValue
from fundwatch.ui import numbers


def beside_words(number: KpiValue) -> str:
    """Of an extrapolated amount: how many documents it rests on and its 90 % limits; empty where there is nothing to say."""
    extra = number.extra
    if "lower90" not in extra:
        return ""
    if extra["lower90"] is None:
        return "没有复审件数足够、可以放大的层。"
    lower, upper = (numbers.plain(extra[name], 2) for name in ("lower90", "upper90"))
    return (
        f"放大的各层:初审通过 {extra['N']:,} 件,抽检复审 {extra['n']:,} 件;90%区间 {lower} 元至 {upper} 元(下限 {lower} 元)。"
        "样本须是随机抽取的,区间才有意义。"
    )
