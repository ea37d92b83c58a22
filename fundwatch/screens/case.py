"""个案详情 as plain records: what happened to a claim or a case in order of time, and amounts that reconcile.

Sums and differences come from the queries; here they only get words. A step that the data do not have is left out of a claim's
timeline, and a claim without case, finding or inspection says 未关联.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fundwatch.contracts import code_lists
from fundwatch.ui import numbers

#: a stay may begin this many months before the month it was settled in
MONTHS_BEFORE = 12
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, which step, what in words, who (a post), how much."""

    at: dt.datetime
    step: str
    what: str
    who: str = ""
    amount: Decimal | None = None
    day_only: bool = False


def months_before(month: str, count: int = MONTHS_BEFORE) -> str:
    """The month (YYYY-MM) ``count`` months earlier."""
    index = int(month[:4]) * 12 + int(month[5:7]) - 1 - count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def first_month(settlement: Row, visit: Row | None) -> str:
    """The month in which fees and reminders of a settlement may begin."""
    began = f"{settlement['begndate']:%Y-%m}"
    return min(began, visit["ym"]) if visit else began


def claim_events(
    settlement: Row, visit: Row | None, *, reminders: Sequence[Row], documents: Sequence[Row], suspicions: Sequence[Row],
    links: Sequence[Row],
) -> list[Event]:  # fmt: skip
    """The claim's way in order of time: reminder, visit, settlement, document, each review step, case and inspection."""
    events = [*_reminders(reminders), *_visit(settlement, visit)]
    word = "退费结算" if settlement["refd_setl_flag"] == "1" else "结算"
    events.append(
        Event(settlement["setl_time"], "结算", f"{word},基金支付", amount=settlement["fund_pay_sumamt"])
    )
    for document in documents:
        events += _document(document)
    for suspicion in suspicions:
        events += _suspicion(suspicion)
    for link in links:
        events += _link(link)
    # Sorting keeps the order above for things of the same moment.
    return sorted(events, key=lambda event: event.at)


def _reminders(reminders: Iterable[Row]) -> list[Event]:
    words = code_lists()["warn_dspo_way"]
    return [
        Event(
            row["crte_time"],
            "事前提醒",
            f"{row['rule_name']},{words.get(row['warn_dspo_way'] or '', '没有应答')}"
            + (f":{row['warn_dspo_way_dscr']}" if row["warn_dspo_way_dscr"] else ""),
            row["dr_code"] or "",
            row["vola_amt"],
        )
        for row in reminders
    ]


def _visit(settlement: Row, visit: Row | None) -> list[Event]:
    if visit is None:
        return [Event(_midnight(settlement["begndate"]), "就诊", "就诊开始(就诊记录未载入)", day_only=True)]
    diagnosis = f",{visit['dscg_maindiag_name']}" if visit["dscg_maindiag_name"] else ""
    ward = f"{visit['adm_dept_name']} " if visit["adm_dept_name"] else ""
    events = [Event(visit["begntime"], "就诊", f"{ward}就诊开始{diagnosis}", visit["chfpdr_code"] or "")]
    if visit["endtime"] and visit["endtime"] != visit["begntime"]:
        way = code_lists()["dscg_way"].get(visit["dscg_way"] or "", "")
        events.append(Event(visit["endtime"], "就诊", f"就诊结束{',' + way if way else ''}"))
    return events


def _document(row: Row) -> list[Event]:
    events = [
        Event(
            row["dcla_time"],
            "申报",
            f"单据 {row['doc_id']} 申报,期号 {row['issue']}",
            amount=row["dcla_fund_amt"],
        )
    ]
    if row["chktime"]:
        word = {"1": "认为违规", "0": "未发现违规"}.get(row["chk_vola_flag"] or "", "没有写结论")
        events.append(Event(row["chktime"], "初审", f"单据初审:{word}", row["chker"] or ""))
    if row["smpl_rchk_time"]:
        events.append(
            Event(
                row["smpl_rchk_time"],
                "抽检复审",
                "抽检复审,查出金额",
                row["smpl_rchker"] or "",
                row["smpl_vola_amt"],
            )
        )
    return events


def _suspicion(row: Row) -> list[Event]:
    rule = row["rule_name"]
    found: list[tuple[dt.datetime | None, str, str, str | None, Decimal | None]] = [
        (row["checkout_time"], "检出", f"疑点(未核实):{rule}", None, row["checkout_suspt_amt"]),
        (row["chktime"], "初审", f"{rule}:{_verdict(row['chk_vola_flag'])}", row["chker"], row["chk_vola_amt"]),
        (row["rchk_time"], "复核", f"{rule}:{_verdict(row['rchk_vola_flag'])}", row["rchker"], None),
        (row["push_time"], "推送", f"{rule}:推送机构,申诉期限 {numbers.date(row['appl_ddln'])}", None, None),
        (row["appl_time"], "申诉", f"{rule}:{row['appl_rea'] or '没有写理由'}", None, row["appl_amt"]),
        (row["finl_chktime"], "复审", f"{rule}:{_verdict(row['finl_chk_vola_flag'])}", row["finl_chker"], row["cnfm_vola_amt"]),
        (row["fdbk_time"], "反馈", f"{rule}:结果反馈机构", None, None),
        (row["det_time"], "扣款", f"{rule}:{_deducted(row)}", None, row["vola_det_amt"]),
    ]  # fmt: skip
    return [
        Event(at, step, what, who or "", amount) for at, step, what, who, amount in found if at is not None
    ]


def _verdict(flag: str | None) -> str:
    return {"1": "认为违规", "0": "排除"}.get(flag or "", "没有写结论")


def _deducted(row: Row) -> str:
    back = f",补差 {row['rvis_amt']} 元" if row["rvis_amt"] else ""
    return f"扣款{back}" if row["det_flag"] == "1" else "未扣款"


def _link(row: Row) -> list[Event]:
    events = []
    if row["insp_date"]:
        method = row["insp_method"] or "检查"
        events.append(Event(_midnight(row["insp_date"]), "检查", f"{method} {row['insp_id']}", day_only=True))
    if row["found_date"]:
        what = f"认定问题 {row['finding_id']}:{row['vola_nature']}"
        events.append(Event(_midnight(row["found_date"]), "认定", what, amount=row["amt"], day_only=True))
    if row["opened_date"]:
        events.append(
            Event(
                _midnight(row["opened_date"]),
                "立案",
                f"案件 {row['case_id']},{row['case_stas']}",
                day_only=True,
            )
        )
    return events


def case_events(events: Iterable[Row], handlings: Iterable[Row], complaints: Iterable[Row]) -> list[Event]:
    """A case's way: recorded events, complaints that led to it, and money that came in on a day of its own."""
    found = [
        Event(row["event_time"], row["event_type"], row["text"] or "", row["actor"] or "") for row in events
    ]
    for row in complaints:
        what = f"举报投诉 {row['cmpl_id']}({row['channel'] or '渠道未写'}):{row['subject']}"
        found.append(Event(_midnight(row["recv_date"]), "举报", what, day_only=True))
        if row["reply_date"]:
            found.append(
                Event(_midnight(row["reply_date"]), "回复", f"回复举报投诉 {row['cmpl_id']}", day_only=True)
            )
    words = code_lists()["handle_type"]
    for row in handlings:
        word = words.get(row["handle_type"], row["handle_type"])
        what = f"{word} {row['handle_id']}{',' + row['handle_stas'] if row['handle_stas'] else ''}"
        found.append(
            Event(_midnight(row["decided_date"]), "处理", what, amount=row["amt_due"], day_only=True)
        )
        if row["done_date"] and row["amt_done"]:
            what = f"{word} {row['handle_id']} 到账"
            found.append(
                Event(_midnight(row["done_date"]), "到账", what, amount=row["amt_done"], day_only=True)
            )
    return sorted(found, key=lambda event: event.at)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min)


def claim_finding(reminders: int, total: Row, links: Sequence[Row]) -> str:
    """One sentence for the top of a claim."""
    parts = [f"事前提醒 {reminders} 次" if reminders else "没有事前提醒"]
    if total["suspicion_cnt"]:
        parts.append(f"检出疑点 {total['suspicion_cnt']} 条共 {numbers.plain(total['flagged_amt'], 2)} 元")
        parts.append(
            f"复审确认 {total['confirmed_cnt']} 条 {numbers.plain(total['confirmed_amt'], 2)} 元,"
            f"扣款 {numbers.plain(total['deducted_amt'], 2)} 元"
        )
    else:
        parts.append("没有审核疑点")
    cases = sorted({row["case_id"] for row in links if row["case_id"]})
    parts.append(f"已关联案件 {'、'.join(cases)}" if cases else "未关联案件")
    return ";".join(parts) + "。"


def claim_words(row: Row) -> str:
    """女 37岁 · 城乡居民基本医疗保险 · 普通住院 · 2026-02-06 至 2026-02-14."""
    words = code_lists()
    who = words["gend"].get(row["gend"] or "", "")
    age = f"{row['age']} 岁" if row["age"] is not None else ""
    parts = [
        f"人员 {row['psn_no']}(假名)", f"{who} {age}".strip(), words["insutype"].get(row["insutype"], row["insutype"]),
        words["med_type"].get(row["med_type"], row["med_type"]),
        f"{numbers.date(row['begndate'])} 至 {numbers.date(row['enddate'] or row['begndate'])}",
        "退费结算" if row["refd_setl_flag"] == "1" else "", "已作废" if row["vali_flag"] == "0" else "",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def case_words(row: Row) -> str:
    """来源 举报 · 立案 2026-05-20 · 期限 2026-08-18 · 未办结."""
    source = code_lists()["case_souc"].get(row["case_souc"], row["case_souc"])
    closed = f"{numbers.date(row['closed_date'])} 办结" if row["closed_date"] else "未办结"
    parts = [f"来源 {source}", f"立案 {numbers.date(row['opened_date'])}"]
    if row["due_date"]:
        parts.append(f"期限 {numbers.date(row['due_date'])}")
    parts.append(closed)
    if row["med_record_cnt"]:
        parts.append(f"涉及病历 {row['med_record_cnt']:,} 份")
    return " · ".join(parts)
