"""What a person clicked on the way to a claim or case, in one sentence: the suspicion, the reminder, the handling.

A claim has many parts; who came from a list of rejected suspicions wants to see which one of them it was. Every word is taken from
the row; a claim reached as a whole names the suspicions that were rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fundwatch.contracts import code_lists
from fundwatch.ui import numbers

Row = Mapping[str, Any]
#: more rejected suspicions than these are read in the list below
MOST_NAMED = 3


def suspicion_words(rows: Iterable[Row], wanted: str) -> list[str]:
    """The suspicion clicked; without one those that were rejected (deducted), up to three and how many more."""
    suspicions = list(rows)
    own = [row for row in suspicions if wanted and row["doc_suspt_id"] == wanted]
    if own:
        return [f"所点疑点 {_suspicion(row)}" for row in own]
    rejected = [row for row in suspicions if row["det_flag"] == "1"]
    words = [f"拒付的疑点 {_suspicion(row)}" for row in rejected[:MOST_NAMED]]
    if len(rejected) > MOST_NAMED:
        words.append(f"另有 {len(rejected) - MOST_NAMED} 条拒付的疑点,见下方“审核疑点”。")
    return words


def _suspicion(row: Row) -> str:
    parts = [f"检出 {_yuan(row['checkout_suspt_amt'])}"]
    if row["finl_chktime"]:
        is_confirmed = row["finl_chk_vola_flag"] == "1"
        parts.append(f"复审确认 {_yuan(row['cnfm_vola_amt'])}" if is_confirmed else "复审排除")
    if row["det_flag"] == "1":
        on = f"{numbers.date(row['det_time'].date())} " if row["det_time"] else ""
        parts.append(f"{on}扣款 {_yuan(row['vola_det_amt'])}")
        parts += [f"补差 {_yuan(row['rvis_amt'])}"] if row["rvis_amt"] else []
    else:
        parts.append("未扣款")
    return f"{row['doc_suspt_id']}:{row['rule_name']},{','.join(parts)}。"


def reminder_words(rows: Iterable[Row], wanted: str) -> list[str]:
    """The reminder clicked."""
    answers = code_lists()["warn_dspo_way"]
    return [
        f"所点提醒 {row['warn_rslt_id']}:{row['crte_time']:%Y-%m-%d %H:%M} {row['rule_name']},涉及 {_yuan(row['vola_amt'])},"
        f"{answers.get(row['warn_dspo_way'] or '', '没有应答')}"
        + (f":{row['warn_dspo_way_dscr']}" if row["warn_dspo_way_dscr"] else "")
        + "。"
        for row in rows
        if wanted and row["warn_rslt_id"] == wanted
    ]


def handling_words(rows: Iterable[Row], wanted: str) -> list[str]:
    """The handling clicked."""
    return [f"所点处理 {_handling(row)}" for row in rows if wanted and row["handle_id"] == wanted]


def _handling(row: Row) -> str:
    kind = code_lists()["handle_type"].get(row["handle_type"], row["handle_type"])
    parts = [f"{numbers.date(row['decided_date'])} 决定"]
    if row["amt_due"] is not None:
        parts.append(f"应收 {_yuan(row['amt_due'])}")
    if row["amt_done"]:
        on = f"{numbers.date(row['done_date'])} " if row["done_date"] else ""
        parts.append(f"{on}到账 {_yuan(row['amt_done'])}")
    return f"{row['handle_id']}:{kind},{','.join(parts)}。"


def _yuan(amount: Any) -> str:
    return f"{numbers.plain(amount, 2)} 元"
