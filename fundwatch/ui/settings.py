"""参数与目标 drawn: a list of values, and for the one chosen what holds, what comes, where it acts, its history and its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

import streamlit as st

from fundwatch.access import Ability
from fundwatch.bureau import changes, rows_held
from fundwatch.bureau.rows import batches_of
from fundwatch.clock import china_today
from fundwatch.contracts import contracts
from fundwatch.kpi import declarations
from fundwatch.lake import Lake
from fundwatch.parameters import parameters
from fundwatch.quality import not_built
from fundwatch.screens import settings as view
from fundwatch.screens.definitions import parameter_history, target_of
from fundwatch.screens.settings_where import acts_of, acts_of_list
from fundwatch.settings import TARGET_PREFIX
from fundwatch.ui import address
from fundwatch.ui.choice import choose
from fundwatch.ui.definitions import details
from fundwatch.ui.lists import show_and_export
from fundwatch.ui.settings_forms import row_form, undo_form, value_form
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, contract_fields
from fundwatch.ui.upload import offer_version
from fundwatch.ui.words import escaped
from fundwatch.workdays import LAST_YEAR

TARGET_FIELDS = (
    Field("label", "指标"), Field("group", "环节"), Field("value", "在用目标"), Field("coming", "将要生效"),
    Field("set_by", "来自"), Field("owner", "责任岗位"), Field("key", "标识"),
)  # fmt: skip
PARAMETER_FIELDS = (
    Field("label", "参数"), Field("value", "在用值"), Field("since", "生效日", "date"), Field("coming", "将要生效"),
    Field("set_by", "来自"), Field("acts", "作用于"), Field("source", "依据"), Field("status", "核实情况"), Field("key", "标识"),
)  # fmt: skip
LINE_FIELDS = (
    Field("at", "时间"), Field("item", "事项"), Field("before", "变更前"), Field("after", "变更后"), Field("since", "生效日"),
    Field("why", "理由"), Field("by", "办理人"), Field("state", "状态"),
)  # fmt: skip
LINE_COLUMNS = (
    Column("时间", only="middle"), Column("变更前", "text", "middle"), Column("变更后", "text"), Column("生效日"),
    Column("理由", "text", "middle"), Column("办理人", only="middle"), Column("状态", "text"),
)  # fmt: skip
LIST_WORDS = {
    "base_year": "某年某险种与哪一年比较。没有写明的与上年比较;写明理由的,理由随增幅一起显示。",
    "event_mark": "政策调整、专项行动、系统上线等。画在时间图上,说明某个月为什么不同。",
    "med_type": "哪些医疗类别算住院、门诊、购药、慢特病、生育。表中没有的代码显示为“未归类”,不计入任何一类。",
    "workday": f"本局与国家放假安排不同的日子。国家安排随系统提供到 {LAST_YEAR} 年,之后按周一至周五计。",
}


def target_part(page: Page) -> None:
    """Targets per KPI."""
    values, today = page.settings.now(), china_today()
    words = {TARGET_PREFIX + kpi.id: kpi.label for kpi in declarations().values()}
    key = choose("key", "指标", {"": "全部指标", **words}, _given("key"))
    if key not in words:
        show_and_export(
            page, "指标目标", view.target_rows(values, today), TARGET_FIELDS, key="targets",
            open_row=lambda row: address.put({"key": row["key"]}),
        )  # fmt: skip
        return
    kpi = declarations()[key.removeprefix(TARGET_PREFIX)]
    now = target_of(kpi, values, today) or "未设目标"
    lines = [("在用", now), *(("将要生效", words) for words in view.coming_targets(kpi, values, today))]
    lines += [("作用于", acts_of(key).said()), ("责任岗位", kpi.owner)]
    _one(page, kpi.label, key, now, lines)


def parameter_part(page: Page, keys: Sequence[str], name: str) -> None:
    """Parameters of the bureau and the server, or of the rules."""
    values, today = page.settings.now(), china_today()
    words = {key: parameters()[key].label for key in keys}
    key = choose("key", name, {"": f"全部{name}", **words}, _given("key"))
    if key not in words:
        show_and_export(
            page, name, view.parameter_rows(values, keys, today), PARAMETER_FIELDS, key=f"parameters_{name}",
            open_row=lambda row: address.put({"key": row["key"]}),
        )  # fmt: skip
        return
    setting = values.setting(key, today)
    now = view.value_words(setting)
    lines = [("在用", now), ("生效日", _since(setting.effective_from))]
    lines += [("将要生效", words) for words in view.coming_words(values, key, today)]
    lines += [
        ("作用于", acts_of(key).said(named=20)),
        ("随系统值的依据" if setting.set_by else "依据", setting.source),
    ]
    lines += [("理由", setting.why)] if setting.why else []
    shipped = [f"{since}:{words}" for since, words in parameter_history(parameters()[key], [])]
    lines += [("随系统提供", ";".join(shipped) or "没有,由本局设置")]
    _one(page, setting.label, key, now, lines)


def list_part(page: Page, table: str) -> None:
    """An own list: its rows in force, the form of the one chosen or of a new one, and its changes."""
    today, contract = china_today(), contracts()[table]
    st.caption(f"{LIST_WORDS[table]}作用于 {acts_of_list(table).said()}。")
    held = rows_held(page.home, table)
    known = {"|".join(str(part) for part in one.key): one.content for one in held}
    chosen = choose(
        "row",
        "修改哪一条",
        {"": "新增一条", **{name: _short(table, known[name]) for name in known}},
        _given("row"),
    )
    if not held:
        st.info(f"还没有{contract.title}。可在下方新增,也可载入 {table} 文件。", icon=":material/inbox:")
    elif not chosen:
        rows = view.held_rows(table, held, batches_of(page.home, table))
        show_and_export(
            page, contract.title, rows, _held_fields(table), key=f"held_{table}",
            open_row=lambda row: address.put({"row": row["id"]}),
        )  # fmt: skip
    row_form(page, table, known.get(chosen))
    own = changes(page.home, table)
    lines = view.list_lines(own, today)
    _history(lines, f"{contract.title}的变更", table)
    undo_form(page, lines, not view.BUSINESS_ROLES.isdisjoint(page.roles), table)


def change_part(page: Page) -> None:
    """Every change of anything, newest first."""
    lines = view.all_lines(page.settings.now(), changes(page.home), china_today())
    if not lines:
        st.info("还没有人改过设置,目前全部使用随系统提供的值。", icon=":material/history:")
        return
    show_and_export(page, "设置变更记录", view.line_rows(lines), LINE_FIELDS, key="changes")


def parts() -> dict[str, tuple[str, object]]:
    """Part of the address → its word and what draws it."""
    found: dict[str, tuple[str, object]] = {
        "": ("目标", target_part),
        "parameters": ("参数", lambda page: parameter_part(page, view.own_keys(), "参数")),
        "rules": ("规则参数", lambda page: parameter_part(page, view.rule_keys(), "规则参数")),
    }
    for table, word in view.list_words().items():
        found[table] = (word, partial(list_part, table=table))
    return {**found, "changes": ("变更记录", change_part)}


def waiting_version(page: Page) -> None:
    """What is loaded but not in the version served; those who may load can make the next one here."""
    pending = [table for table in not_built(Lake(page.home), page.warehouse) if table in view.list_words()]
    due = [one for one in changes(page.home) if one.batch_id is None and one.effective_from <= china_today()]
    tables = list(dict.fromkeys([*pending, *(one.table for one in due)]))
    built_at = dt.datetime.fromisoformat(page.warehouse.meta["built_at"])
    labels = view.not_in_version(page.settings.now(), built_at, china_today())
    titles = [*(contracts()[table].title for table in tables), *labels]
    if not titles:
        return
    words = f"{'、'.join(titles)}已修改,页面还在使用上一个版本;生成新版本后按新内容计算。"
    if page.can(Ability.UPLOAD):
        offer_version(page, words)
    else:
        st.warning(words, icon=":material/update:")


def _one(page: Page, title: str, key: str, now: str, lines: list[tuple[str, str]]) -> None:
    details(title, lines, "setting")
    value_form(page, key, now)
    changed = view.setting_lines(page.settings.now(), key, china_today())
    _history(changed, "本局的历次变更", key)
    undo_form(page, changed, view.may_change(page.roles, key), key)


def _history(lines: Sequence[view.Line], title: str, key: str) -> None:
    st.subheader(escaped(title), anchor=False)
    if not lines:
        st.caption("没有变更。")
        return
    rows = [
        Row(tuple(Cell(text) for text in (
            view.at_words(line.at), line.before, line.after, _since(line.since), line.why, line.by, line.state,
        )))
        for line in lines
    ]  # fmt: skip
    sheet(LINE_COLUMNS, [Part("", tuple(rows))], key=f"history_{key}")


def _since(day: dt.date | None) -> str:
    return day.isoformat() if day else view.EVER


def _short(table: str, row: object) -> str:
    text = view.said(table, row)  # type: ignore[arg-type]
    return text if len(text) <= 60 else f"{text[:59]}…"


def _held_fields(table: str) -> list[Field]:
    """The columns as texts, as the loader reads them; a code that has its name beside it stays a code."""
    fields = contract_fields(table, view.held_names(table))
    named = {field.name.removesuffix("_name") for field in fields if field.name.endswith("_name")}
    shown = [
        Field(field.name, f"{field.label}代码", "text")
        if field.name in named
        else Field(field.name, field.label, "text", None, field.codes)
        for field in fields
    ]
    return [*shown, Field("brought", "来自")]


def _given(name: str) -> str:
    return next(iter(address.values(name)), "")
