"""Who answers for what: the parts of the loop beside the three work groups, the office and the fund.

Source: 001 附件 (three work groups below the leading group, the office in the supervision section); the names are those of the
task ledger (data contract, work_plan.group_name).
"""

from __future__ import annotations

from collections.abc import Mapping

BEFORE, DURING, AFTER, OFFICE = "事前提醒组", "事中审核组", "事后稽核组", "办公室"
FUND = "基金运行"
#: the sections of a meeting in their order, each with the parts of the loop that it speaks of
SECTIONS: Mapping[str, tuple[str, ...]] = {
    BEFORE: ("事前提醒",),
    DURING: ("事中审核",),
    AFTER: ("协议检查", "事后监管"),
    OFFICE: ("综合",),
    FUND: ("基金运行",),
}
#: who can be charged with a decision; the fund has no group of its own, its matters are the office's
RESPONSIBLE = (BEFORE, DURING, AFTER, OFFICE)
DUTIES: Mapping[str, str] = {
    BEFORE: "事前提醒接入与遵从",
    DURING: "全流程审核与拒付",
    AFTER: "协议检查、筛查稽核、追回处理",
    OFFICE: "任务督办与会议决定",
    FUND: "分险种,互不相加",
}


def section_of(part: str) -> str:
    """The section that speaks of a part of the loop."""
    return next(name for name, parts in SECTIONS.items() if part in parts)
