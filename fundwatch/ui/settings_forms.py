"""The forms of 参数与目标: what is wanted, from which day, why; said in words before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from fundwatch.access import roles_in_words
from fundwatch.bureau import Outcome, record_change, said, undo_change
from fundwatch.bureau.apply import checked_reason
from fundwatch.clock import china_today
from fundwatch.contracts import Column, Contract, code_lists, contracts
from fundwatch.errors import UserError
from fundwatch.parameters import parameters
from fundwatch.screens import settings as view
from fundwatch.screens.settings_where import needs_version
from fundwatch.settings import NO_TARGET, SHIPPED_AGAIN, TARGET_PREFIX
from fundwatch.ui import numbers
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

#: a change counts the forms, so that a saved one comes back empty
ROUND, SAID = "settings_round", "settings_said"
NEW, NONE, SHIPPED = "设为新值", "不设目标", "恢复随系统提供的值"
FIRST_DAY, YEARS_AHEAD = dt.date(2000, 1, 1), 5
WHY_HINT = "例如:县局会议纪要〔2026〕3号;市局年度考核办法"


def value_form(page: Page, key: str, now: str) -> None:
    """Change a parameter or a KPI's target; ``now`` is the value in force in words."""
    if not view.may_change(page.roles, key):
        st.caption(f"修改由{roles_in_words(view.owners(key))}办理,须写明理由,每次修改都留下记录。")
        return
    number, target = st.session_state.get(ROUND, 0), key.startswith(TARGET_PREFIX)
    with st.container(border=True, key="change_form"):
        st.markdown("**修改**")
        ways = [NEW, NONE, SHIPPED] if target else [NEW, SHIPPED]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            way = st.selectbox("怎么改", ways, key=f"way_{key}_{number}", width=220)
            typed = ""
            if way == NEW:
                typed = st.text_input(
                    _label(key), key=f"value_{key}_{number}", placeholder=_hint(key), width=260
                )
            day = _day(key, number)
        why = st.text_input("理由(必填)", key=f"why_{key}_{number}", placeholder=WHY_HINT)
        value = {NEW: typed, NONE: NO_TARGET, SHIPPED: SHIPPED_AGAIN}[way]
        st.caption(escaped(_said_before(now, typed.strip() if way == NEW else way, day)))
        if st.button("保存修改", type="primary", icon=":material/save:", key=f"save_{key}_{number}"):
            _save(lambda: _set(page, key, value, day, why))


def row_form(page: Page, table: str, row: Mapping[str, str | None] | None) -> None:
    """Change a row of an own list, or add one (``row`` None); the key of an existing row stays."""
    if view.BUSINESS_ROLES.isdisjoint(page.roles):
        st.caption(f"修改由{roles_in_words(view.BUSINESS_ROLES)}办理,须写明理由,每次修改都留下记录。")
        return
    contract, number = contracts()[table], st.session_state.get(ROUND, 0)
    tag = f"{table}_{'new' if row is None else '_'.join(str(row[name]) for name in contract.key)}_{number}"
    with st.container(border=True, key="change_form"):
        st.markdown("**新增一条**" if row is None else f"**修改**:{escaped(said(table, row))}")
        content = _fields(contract, row, tag)
        day = st.date_input(
            "生效日", china_today(), FIRST_DAY, _last_day(), key=f"day_{tag}", format="YYYY-MM-DD", width=220
        )
        why = st.text_input("修改理由(必填)", key=f"why_{tag}", placeholder=WHY_HINT)
        st.caption(escaped(_when_words(day)))
        with st.container(horizontal=True):
            saved = st.button("保存", type="primary", icon=":material/save:", key=f"save_{tag}")
            back = row is not None and st.button("取消这一条", icon=":material/backspace:", key=f"back_{tag}")
    if saved or back:
        given = dict(row or {}) if back else content
        _save(lambda: _record(page, table, given, day, why, taken_back=back))


def undo_form(page: Page, lines: list[view.Line], allowed: bool, tag: str) -> None:
    """Take one of the changes back by a new one with the same day."""
    known = {line.undo: line for line in lines if line.undo}
    if not known or not allowed:
        return
    number = st.session_state.get(ROUND, 0)
    with st.popover("撤销一次变更", icon=":material/undo:"):
        chosen = st.selectbox(
            "撤销哪一次",
            list(known),
            format_func=lambda name: _undo_words(known[name]),
            key=f"undo_{tag}_{number}",
        )
        why = st.text_input("撤销理由(必填)", key=f"undo_why_{tag}_{number}")
        st.caption("撤销也是一次变更:原记录保留,自同一生效日起恢复为变更前的值。")
        if st.button("撤销", type="primary", key=f"undo_save_{tag}_{number}"):
            _save(lambda: _undo(page, chosen, why))


def saved_words() -> None:
    """What was saved in the run before, once."""
    words = st.session_state.pop(SAID, None)
    if words:
        st.success(escaped(words), icon=":material/check_circle:")


def _set(page: Page, key: str, value: str, day: dt.date | None, why: str) -> str:
    page.settings.set(key, value, day, checked_reason(why), page.user.username)
    if day is None or day <= china_today():
        return "已保存,生成新版本后按新值计算。" if needs_version(key) else "已保存,立即按新值计算。"
    return f"已保存,{numbers.date(day)} 起生效,之前仍按原值。"


def _record(
    page: Page, table: str, content: Mapping[str, Any], day: dt.date, why: str, *, taken_back: bool
) -> str:
    outcome = record_change(
        page.home, table, content, effective_from=day, why=why, by=page.user.username, taken_back=taken_back
    )
    return _outcome_words(outcome)


def _undo(page: Page, name: str, why: str) -> str:
    kind, _, number = name.partition(":")
    if kind == "list":
        return _outcome_words(undo_change(page.home, int(number), why=why, by=page.user.username))
    page.settings.undo(int(number), checked_reason(why), page.user.username)
    return "已撤销,恢复为变更前的值。"


def _save(act: Callable[[], str]) -> None:
    """Do it and start the forms anew; what is wrong is said below the form, and what was typed stays."""
    try:
        words = act()
    except UserError as error:
        st.error(escaped(error.message), icon=":material/error:")
        return
    st.session_state[SAID] = words
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _outcome_words(outcome: Outcome) -> str:
    if outcome.carried:
        return "已保存并载入。生成新版本后,各页面按它计算。"
    return f"已保存。{outcome.why_not}"


def _label(key: str) -> str:
    return "新目标值" if key.startswith(TARGET_PREFIX) else f"新值({parameters()[key].unit})"


def _hint(key: str) -> str:
    if key.startswith(TARGET_PREFIX):
        return "100、<=20、>=80 或 6-9"
    low, high = parameters()[key].minimum, parameters()[key].maximum
    bounds = [f"不小于 {low}" if low is not None else "", f"不大于 {high}" if high is not None else ""]
    return ",".join(bound for bound in bounds if bound)


def _day(key: str, number: int) -> dt.date | None:
    if not key.startswith(TARGET_PREFIX) and parameters()[key].timeless:
        st.caption("本项不分期间,保存后对所有期间生效。")
        return None
    chosen = st.date_input(
        "生效日",
        china_today(),
        FIRST_DAY,
        _last_day(),
        key=f"day_{key}_{number}",
        format="YYYY-MM-DD",
        width=220,
    )
    return chosen if isinstance(chosen, dt.date) else china_today()


def _last_day() -> dt.date:
    return dt.date(china_today().year + YEARS_AHEAD, 12, 31)


def _said_before(now: str, then: str, day: dt.date | None) -> str:
    if not then:
        return f"现在是:{now}。"
    if day is None:
        return f"保存后:由“{now}”改为“{then}”,对所有期间生效。"
    rest = "" if day > china_today() else "生效日在今天或以前:截止日在生效日及以后的期间会重新计算。"
    return f"保存后:截止日在 {numbers.date(day)} 及以后的期间由“{now}”改为“{then}”,之前的期间不变。{rest}"


def _when_words(day: dt.date) -> str:
    if day > china_today():
        return f"{numbers.date(day)} 之前不起作用;自该日起生成的第一个新版本起,各期间都按它计算。"
    return "保存后即载入;生成新版本后,各期间都按它计算(与载入文件相同)。"


def _undo_words(line: view.Line) -> str:
    since = numbers.date(line.since) if line.since else view.EVER
    return f"{view.at_words(line.at)} {line.item}:{line.before} → {line.after}(生效日 {since})"


def _fields(contract: Contract, row: Mapping[str, str | None] | None, tag: str) -> dict[str, str | None]:
    content: dict[str, str | None] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in view.held_names(contract.table):
            column = contract.by_name[name]
            before = None if row is None else row[name]
            fixed = row is not None and name in contract.key
            content[name] = _field(column, before, fixed, f"field_{name}_{tag}")
    return content


def _field(column: Column, before: str | None, fixed: bool, key: str) -> str | None:
    """One field as text. What is typed is checked by the loader, not here."""
    if column.codes:
        words = code_lists()[column.codes]
        options = list(words)
        if before is not None and before not in words:
            options.append(before)
        default = options.index(before) if before in options else 0 if column.kind == "flag" else None
        chosen = st.selectbox(
            column.label, options, default, key=key, disabled=fixed, placeholder="请选择",
            format_func=lambda code: words.get(code, code) if column.kind == "flag" else f"{code} {words.get(code, '')}",
            width=150 if column.kind == "flag" else 260,
        )  # fmt: skip
        return chosen
    if column.kind == "date":
        given = dt.date.fromisoformat(before) if before else None
        day = st.date_input(
            column.label,
            given,
            FIRST_DAY,
            _last_day(),
            key=key,
            format="YYYY-MM-DD",
            disabled=fixed,
            width=220,
        )
        return day.isoformat() if isinstance(day, dt.date) else None
    return st.text_input(
        column.label, before or "", key=key, disabled=fixed, width=280 if column.kind == "text" else 140
    )
