"""Parts of 个案详情 drawn as text that also prints: the timeline, the money ladder, amounts that reconcile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

import streamlit as st

from fundwatch.access import entry_at
from fundwatch.screens.case import Event
from fundwatch.screens.case_money import Rung
from fundwatch.screens.kpi_rows import IDENTITIES
from fundwatch.ui import address, numbers
from fundwatch.ui.charts import ACCENT, COMPARISON, INK, LINES, SECONDARY
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

BAR = {
    "plan": f"background:#FFFFFF;border:1.5px solid {ACCENT}",
    "done": f"background:{ACCENT}",
    "rest": f"background:repeating-linear-gradient(135deg,{COMPARISON} 0 3px,#FFFFFF 3px 6px);border:1px solid {COMPARISON}",
}


def timeline(events: Sequence[Event]) -> None:
    """What happened, oldest first: time, step, words, post, amount in 元."""
    st.html(
        f'<div style="border-left:2px solid {LINES};margin-left:5px">{"".join(_event(event) for event in events)}</div>'
    )


def _event(event: Event) -> str:
    at = f"{event.at:%Y-%m-%d}" if event.day_only else f"{event.at:%Y-%m-%d %H:%M}"
    amount = (
        f'<span style="white-space:nowrap">{numbers.plain(event.amount, 2)} 元</span>'
        if event.amount is not None
        else ""
    )
    who = f'<span style="color:{SECONDARY}">{escape(event.who)}</span>' if event.who else ""
    return (
        '<div style="position:relative;padding:0 0 12px 18px;line-height:1.5">'
        f'<span style="position:absolute;left:-6px;top:6px;width:10px;height:10px;border-radius:50%;background:{ACCENT};'
        f'border:2px solid #FFFFFF"></span>'
        f'<div style="font-size:13px;color:{SECONDARY}">{at}</div>'
        f'<div style="display:flex;gap:4px 12px;flex-wrap:wrap;font-variant-numeric:tabular-nums;color:{INK}">'
        f"<strong>{escape(event.step)}</strong><span>{escape(event.what)}</span>{amount}{who}</div></div>"
    )


def ladder(rungs: Sequence[Rung]) -> None:
    """Amounts under each other on one scale: outlined is due, solid came in, hatched is left."""
    largest = max((rung.amount for rung in rungs if rung.amount is not None), default=Decimal(0))
    st.html("".join(_rung(rung, largest) for rung in rungs))


def _rung(rung: Rung, largest: Decimal) -> str:
    share = float(rung.amount / largest) * 100 if rung.amount and rung.amount > 0 and largest else 0.0
    shown = f"{numbers.plain(rung.amount, 2)} 元" if rung.amount is not None else numbers.NONE
    bar = (
        f'<div style="box-sizing:border-box;height:14px;width:{share:.2f}%;border-radius:2px;{BAR[rung.look]}"></div>'
        if share
        else ""
    )
    return (
        f'<div style="margin-bottom:12px;color:{INK};font-variant-numeric:tabular-nums">'
        f'<div style="display:flex;justify-content:space-between;gap:12px"><span>{escape(rung.name)}</span>'
        f"<strong>{shown}</strong></div>"
        f'<div style="height:14px;margin:3px 0">{bar}</div>'
        f'<div style="font-size:13px;color:{SECONDARY}">{escape(rung.note)}</div></div>'
    )


def equations(found: Sequence[tuple[str, Sequence[Mapping[str, Any]], Decimal]]) -> None:
    """Total and parts under each other with the difference: 一致, or how much is missing."""
    blocks = []
    for title, rows, difference in found:
        lines = "".join(_amount(row["label"], row["amount"], strong=row["role"] == "total") for row in rows)
        word = "一致" if not difference else f"相差 {numbers.plain(difference, 2)} 元"
        colour = SECONDARY if not difference else "#8A5A12"
        blocks.append(
            f'<div style="border:1px solid {LINES};border-radius:6px;padding:10px 14px;margin-bottom:10px">'
            f'<div style="display:flex;justify-content:space-between;font-size:13px;color:{SECONDARY};margin-bottom:4px">'
            f'<span>{escape(title)}(元)</span><span style="color:{colour}">合计与各部分{word}</span></div>{lines}</div>'
        )
    st.html("".join(blocks))


def _amount(label: str, amount: Decimal, *, strong: bool) -> str:
    weight = (
        f"font-weight:600;border-bottom:1px solid {LINES};padding-bottom:4px;margin-bottom:4px"
        if strong
        else ""
    )
    return (
        f'<div style="display:flex;justify-content:space-between;gap:12px;line-height:1.7;color:{INK};'
        f'font-variant-numeric:tabular-nums;{weight}"><span>{escape(label)}</span><span>{numbers.plain(amount, 2)}</span></div>'
    )


def link_to_institution(page: Page, code: str | None, name: str | None) -> None:
    """The way to the institution's profile, or its words where it is not known."""
    if not code:
        st.caption("涉及机构:未登记")
        return
    entry = entry_at("institution")
    if entry is None or not entry.open_to(page.roles) or name is None:
        st.caption(escaped(f"涉及机构:{name or '未登记机构'} {code}"))
        return
    gone = {**dict.fromkeys(IDENTITIES), "code": code}
    query = address.onward(address.current(), page.entry.url_path, gone)
    st.page_link(entry.path, label=escaped(name), icon=":material/local_hospital:", query_params=query)


def pointed(words: Sequence[str]) -> None:
    """The suspicion, reminder or handling whose row led here, one paragraph each; nothing when the way here named none."""
    if words:
        with st.container(border=True, key="pointed"):
            for text in words:
                st.markdown(escaped(text))


def unsettled(mdtrt_id: str) -> None:
    """The state for a visit that no settlement belongs to: sent back before it was settled, or not loaded."""
    with st.container(border=True):
        st.markdown("**这次就诊没有结算**")
        st.write(escaped(f"本版本的结算数据中没有就诊“{mdtrt_id}”:提醒后没有结算,或结算还没有载入。"))


def unknown(what: str, wanted: str) -> None:
    """The state for an ID that no row has, or an address without one."""
    with st.container(border=True):
        st.markdown(f"**没有找到这{what}**")
        said = f"本版本数据中没有“{wanted}”。" if wanted else "网址中没有结算ID(setl_id)或案件编号(case_id)。"
        st.write(escaped(f"{said}请从机构画像、指标明细或案件清单点选,或核对编号是否写全。"))
