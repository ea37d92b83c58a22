"""The parts of 疑点筛查: rules, institutions, doctors, persons, months, and the list of hits that opens the claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.screens import screening as view
from fundwatch.screens.series import is_whole
from fundwatch.state.verdicts import Verdicts
from fundwatch.ui import address
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.charts import Point, trend, trend_in_words
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.funnel import show_funnel
from fundwatch.ui.ledger import as_lists, choose_one, count_tile
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.numbers import shown
from fundwatch.ui.paged import Read, paged_list
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

#: what cuts the list down besides the choices: name in the address → word
OBJECTS = {"code": "机构", "psn_no": "参保人", "dr_code": "医师"}
CAPTION = "疑点是按规则筛出的线索,未经核实不是违规认定;同一结算可被多条规则命中。"


@dataclass(frozen=True)
class Choice:
    """What of the hits is looked at; None for all."""

    level: str | None
    rule: str | None
    verdict: str | None
    objects: Mapping[str, str | None]


@dataclass(frozen=True)
class Scene:
    """What every part is made of."""

    page: Page
    period: Period
    filters: Filters
    choice: Choice
    through: dt.date | None
    words: view.Words

    @property
    def context(self) -> Context:
        return Context("疑点筛查", self.period, self.filters, self.through)

    @property
    def values(self) -> dict[str, Any]:
        """The values of every query of this screen."""
        return {
            "first_day": self.period.start, "last_day": self.period.end, "level": self.choice.level, "rule_id": self.choice.rule,
            "verdict": self.choice.verdict, **self.choice.objects, "true_hits": list(self.words.true_hits),
            "excluded_hits": list(self.words.excluded_hits), **as_lists(self.filters),
        }  # fmt: skip

    @cached_property
    def rules(self) -> pa.Table:
        """Every rule, also those that did not run."""
        return view.rules(self.rows("rules"))

    def rows(self, name: str, **more: Any) -> pa.Table:
        query, values = view.query_of(name, self.values)
        return page_query(self.page, query, **values, **more)

    def reader(self, name: str, **more: Any) -> Read:
        """Pages of a long list."""
        return lambda rows, skip: self.rows(name, row_cnt=rows, skip_cnt=skip, **more)


def standing_words(page: Page) -> view.Words:
    """What persons said of hits, as it stands now."""
    return view.words_of(Verdicts.of(page.home).all_standing())


def choose(page: Page) -> Choice:
    """Level, rule and verdict as choices in the address, and the chips of an institution, person or doctor."""
    titles = {row["rule_id"]: row["title"] for row in page_query(page, "screening_titles").to_pylist()}
    level = choose_one("规则级别", "level", {view.ALL: "全部级别", **{one: one for one in view.LEVELS}})
    names = {rule: f"{rule} {title}" for rule, title in titles.items()}
    rule = choose_one("规则", "rule", {view.ALL: "全部规则", **names})
    verdict = choose_one("核实", "verdict", {view.ALL: "全部", **{one: one for one in view.VERDICTS}})
    return Choice(*(None if one == view.ALL else one for one in (level, rule, verdict)), _objects(page))


def _objects(page: Page) -> dict[str, str | None]:
    # A pseudonym in a copied link cuts nothing down for those who may not see persons.
    allowed = OBJECTS if page.can(Ability.PERSONAL) else {"code": OBJECTS["code"]}
    return {name: next(iter(address.values(name)), None) if name in allowed else None for name in OBJECTS}


def chips(choice: Choice) -> None:
    """The institution, person or doctor that the screen is cut down to; a click takes one away."""
    chosen = {name: value for name, value in choice.objects.items() if value}
    if not chosen:
        return
    with st.container(horizontal=True, gap="small", key="cell"):
        for name, value in chosen.items():
            st.button(
                escaped(f"{OBJECTS[name]}:{value}"), key=f"cell_{name}", icon=":material/close:", help="取消这一条件",
                on_click=address.put, args=({name: None},),
            )  # fmt: skip


def headline(scene: Scene, totals: Mapping[str, Any], run: view.Runs) -> None:
    """Hits, money per hit, money with each claim line once, institutions, rules run."""
    if not run.ran:
        return
    per_hit, once = shown(totals["amount_at_issue"], "元"), shown(totals["once_amt"], "元")
    leads = "hits" if scene.page.can(Ability.PERSONAL) else "institutions"
    with st.container(horizontal=True, gap="small", key="tiles_screening"):
        waiting = totals["hit_cnt"] - totals["true_cnt"] - totals["excluded_cnt"]
        count_tile(
            "hits", "疑点(件)", f"{totals['hit_cnt']:,}",
            f"未核实 {waiting:,} · 属实 {totals['true_cnt']:,} · 排除 {totals['excluded_cnt']:,}", {"part": leads},
        )  # fmt: skip
        count_tile("amount", "疑点金额(每件计)", str(per_hit), f"每行只计一次为 {once}", {"part": None})
        count_tile(
            "institutions", "涉及机构(家)", f"{totals['institution_cnt']:,}", f"{totals['setl_cnt']:,} 笔结算",
            {"part": "institutions"},
        )  # fmt: skip
        count_tile("rules", "已运行规则(条)", str(run.ran), run.words, {"part": None})


def rules_taken(scene: Scene) -> Taken:
    """The rules for 导出."""
    return Taken("筛查规则", scene.rules, view.RULE_FIELDS, scene.period, scene.filters, scene.through)


def show_part(scene: Scene) -> None:
    """The chosen part below the tiles."""
    personal = scene.page.can(Ability.PERSONAL)
    words = {name: word for name, (word, _) in PARTS.items() if personal or name not in PERSONAL_PARTS}
    PARTS[choose_part(words)][1](scene)


def _narrow(part: str, name: str, column: str) -> Callable[[dict[str, Any]], None]:
    """A click on a row shows its hits."""

    def open_row(row: dict[str, Any]) -> None:
        if row[column] is None:
            return
        address.put({name: str(row[column]), "part": part})
        st.rerun()

    return open_row


def _below(scene: Scene) -> str:
    """The part a row of a rule leads to: its hits, for those who may see claims."""
    return "hits" if scene.page.can(Ability.PERSONAL) else "institutions"


def _rules(scene: Scene) -> None:
    part_list(
        scene.page, scene.context, "各规则的疑点", scene.rules, view.RULE_FIELDS, key="rules", money="元",
        empty="没有符合条件的规则。", open_row=_narrow(_below(scene), "rule", "rule_id"),
    )  # fmt: skip
    st.caption(f"{CAPTION}未运行的规则没有数值,不是 0;没有金额的规则只作线索或数据质量提示。")


def _institutions(scene: Scene) -> None:
    rows = scene.rows("institutions")
    with st.container(border=True), guarded("机构漏斗图"):
        show_funnel(scene.page, view.funnel(rows.to_pylist()), "screening_funnel")
    found = view.institutions(rows)

    def open_profile(row: dict[str, Any]) -> None:
        if row["fixmedins_code"] is None:
            st.info("这些结算没有登记机构,没有可打开的画像。", icon=":material/info:")
        elif scene.page.can(Ability.PERSONAL):
            _narrow("hits", "code", "fixmedins_code")(row)
        else:
            address.open_screen(
                "institution", scene.page.entry.url_path, code=row["fixmedins_code"], part=None
            )

    part_list(
        scene.page, scene.context, "各机构的疑点", found, view.INSTITUTION_FIELDS, key="institutions", money="元",
        empty="期内按所选条件没有疑点。", open_row=open_profile,
    )  # fmt: skip
    st.caption("按机构编号排列,不排名次。占比 = 有疑点的结算 ÷ 未退费的结算。点选漏斗图上的点打开机构画像。")


def _doctors(scene: Scene) -> None:
    total = paged_list(
        scene.page, scene.context, "各医师的疑点", scene.reader("doctors", rule_ids=None), view.DOCTOR_FIELDS,
        key="doctors", empty="期内没有带医师代码的疑点。", open_row=_narrow("hits", "dr_code", "dr_code"),
    )  # fmt: skip
    note_view(scene.page, f"疑点筛查 各医师 {scene.period.words}", total)
    st.caption("医师只以代码出现;按涉及规则的条数、再按编号排列。开单医师取疑点金额最大的一行。")


def _persons(scene: Scene) -> None:
    total = paged_list(
        scene.page, scene.context, "各参保人的疑点", scene.reader("persons", rule_ids=None), view.PERSON_FIELDS,
        key="persons", empty="期内没有疑点。", open_row=_narrow("hits", "psn_no", "psn_no"),
    )  # fmt: skip
    note_view(scene.page, f"疑点筛查 各参保人 {scene.period.words}", total)
    st.caption("参保人只以化名出现;按涉及规则的条数、再按化名排列。")


def _months(scene: Scene) -> None:
    rows = scene.rows("months")
    if rows.num_rows > 1:
        with st.container(border=True), guarded("趋势图"):
            loaded = loaded_on(scene.page)
            points = [
                Point(
                    row["ym"],
                    row["hit_cnt"],
                    whole=is_whole(row["ym"], scene.period.start, scene.period.end, loaded),
                )
                for row in rows.to_pylist()
            ]
            st.subheader(view.months_title(rows), anchor=False)
            st.altair_chart(
                trend(points, "件", decimals=0), width="stretch", alt=trend_in_words(points, "件", 0)
            )
    part_list(
        scene.page, scene.context, "各月的疑点", rows, view.MONTH_FIELDS, key="months", money="元",
        empty="期内按所选条件没有疑点。",
    )  # fmt: skip
    st.caption("按结算日期归月。空心的月份还未结束或数据不全。")


def _hits(scene: Scene) -> None:
    def read(rows: int, skip: int) -> pa.Table:
        return view.with_evidence(scene.reader("hits")(rows, skip))

    def open_claim(row: dict[str, Any]) -> None:
        address.open_screen(
            "case",
            scene.page.entry.url_path,
            setl_id=row["setl_id"],
            ym=row["ym"],
            hit=row["rule_id"],
            case_id=None,
        )

    total = paged_list(
        scene.page, scene.context, "疑点清单", read, view.HIT_FIELDS, key="hits", empty="期内按所选条件没有疑点。",
        open_row=open_claim, hint="",
    )  # fmt: skip
    note_view(scene.page, f"疑点筛查 清单 {scene.period.words}", total)
    st.caption(
        f"{CAPTION}查到、对照取疑点金额最大的一行。点选一行打开该笔结算,涉及的明细已标出,可在那里核实。"
    )


PERSONAL_PARTS = {"doctors", "persons", "hits"}
#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "rules": ("分规则", _rules),
    "institutions": ("分机构", _institutions),
    "doctors": ("分医师", _doctors),
    "persons": ("分参保人", _persons),
    "months": ("分月", _months),
    "hits": ("疑点清单", _hits),
}
