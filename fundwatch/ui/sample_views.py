"""The parts of 复审抽检: what the sample says, its strata, documents and results, all draws, the calculation sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from fundwatch.access import ABILITIES, CASE_ROLES, Ability, roles_in_words
from fundwatch.clock import china_today
from fundwatch.draws import calculation as calc
from fundwatch.draws.estimate import Extrapolation, Standing
from fundwatch.draws.lots import Signer
from fundwatch.draws.outcome import Sample, drawn_sample, estimates, platform_sample
from fundwatch.draws.records import remarks
from fundwatch.draws.results import Stage
from fundwatch.draws.service import replay
from fundwatch.draws.store import SampleDraw, get_draw
from fundwatch.screens import second_review as view
from fundwatch.settings import Settings
from fundwatch.ui import address, numbers
from fundwatch.ui.blocks import block_sheet, interval_sheet, sheet_download
from fundwatch.ui.charts import ACCENT, AXIS_ROOM, SECONDARY
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import choose_one
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.query import TTL, page_query
from fundwatch.ui.sample_forms import draw_form, entry_form, upload_form
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped
from fundwatch.warehouse import Warehouse

KPIS = ("recheck_rate", "recheck_overturn_rate", "extrapolated_rejection")
SAMPLE, LEVEL, SHOW = "sample", "level", "show"
#: platform samples held in memory for all sessions
SAMPLES_KEPT = 4
#: more strata than this are read in the list
MOST_DRAWN = 24
#: a stratum's line of the interval chart, in pixels
FOREST_HEIGHT = 36
SIGNATURES = (
    "抽样人(签字):____________    复审人(签字):____________    负责人(签字):____________    日期:____________",
)


@dataclass(frozen=True)
class Scene:
    """What every part is made of. ``sample`` None: nothing has been drawn yet, by anyone."""

    page: Page
    context: Context
    draws: Sequence[SampleDraw]
    issues: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    sample: Sample | None
    both: Mapping[Stage, Extrapolation]

    @property
    def found(self) -> Extrapolation:
        return self.both[Stage.APPEAL]

    @property
    def signer(self) -> Signer:
        return Signer(self.page.user.username, self.page.user.post)

    @property
    def name(self) -> str:
        """How files of this sample are called."""
        assert self.sample is not None
        return self.sample.draw.draw_id if self.sample.draw else f"平台抽样{self.sample.issue}"


def choose_sample(page: Page, draws: Sequence[SampleDraw], issues: Sequence[Mapping[str, Any]]) -> str | None:
    """The sample looked at: the newest draw made here, else the platform's newest; None when there is none."""
    words = view.sample_words(draws, issues)
    return choose_one("样本", SAMPLE, words) if words else None


def read_sample(page: Page, number: str) -> Sample:
    """The sample of that number with what is known of it now."""
    if number.startswith(view.PLATFORM):
        return _platform_sample(page.warehouse, page.warehouse.stamp, number.removeprefix(view.PLATFORM))
    return drawn_sample(page.home, get_draw(page.home, number), page.warehouse)


def estimates_of(page: Page, sample: Sample, on: Any) -> Mapping[Stage, Extrapolation]:
    """Before and after appeals."""
    if sample.draw is None:
        keys = (page.warehouse.stamp, page.settings.version, sample.issue)
        return _platform_estimates(sample, page.settings, keys, on)
    return estimates(sample, page.settings, on)


# A platform's sample changes with the version only and is read, never written: one in twenty documents of an issue, made once for all.


@st.cache_resource(ttl=TTL, max_entries=SAMPLES_KEPT, show_spinner=False)
def _platform_sample(_warehouse: Warehouse, version: str, issue: str) -> Sample:
    return platform_sample(_warehouse, issue)


@st.cache_resource(ttl=TTL, max_entries=SAMPLES_KEPT, show_spinner=False)
def _platform_estimates(
    _sample: Sample, _settings: Settings, keys: tuple[str, str, str], on: Any
) -> Mapping[Stage, Extrapolation]:
    return estimates(_sample, _settings, on)


def show_part(scene: Scene) -> None:
    """The chosen part; without any sample only drawing and history make sense."""
    offered = {
        name: word
        for name, (word, _) in PARTS.items()
        if scene.sample is not None or name in ("draw", "history")
    }
    PARTS[choose_part(offered)][1](scene)


def _estimate(scene: Scene) -> None:
    found = scene.found
    assert scene.sample is not None
    if said := remarks(scene.sample, found):
        st.caption(escaped("".join(said)))
    left, right = st.columns([1, 1], gap="medium")
    with left, st.container(border=True, height="stretch"):
        block_sheet(calc.groups_block(found), "groups", short=True)
        block_sheet(calc.appeals_block(scene.both), "appeals")
    with right, st.container(border=True, height="stretch"):
        interval_sheet(found)
        st.caption("双侧区间;双侧80%的下限即单侧90%下限。全部层参考值只反映总体水平,不作为拒付依据。")
    _forest(scene)
    with st.container(horizontal=True, vertical_alignment="bottom", key="strata_choices"):
        show = choose_one("清单范围", SHOW, view.NARROWINGS)
        level = int(
            choose_one("区间水平", LEVEL, {str(each): f"双侧{each}%" for each in view.LEVELS_OFFERED})
        )
    rows = view.narrowed(view.strata_table(found, scene.names, level), show)
    part_list(
        scene.page, scene.context, "分层结果", rows, view.strata_fields(level), key="strata", money="元",
        empty="没有层。", open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    least = scene.page.settings.get("sample_extrapolate_least", china_today())
    st.caption(
        f"按机构编号排列,不排名次。复审不足 {least} 件的层只列示、不放大;样本未发现问题的层区间为 0,不等于该层没有问题。"
    )


def _forest(scene: Scene) -> None:
    """The extrapolated strata with their 90 % intervals, in order of code."""
    drawn = [one for one in scene.found.of(Standing.EXTRAPOLATED) if one.estimate and one.found_cnt]
    if not 1 < len(drawn) <= MOST_DRAWN:
        return
    records = []
    for one in drawn:
        interval = one.estimate.interval(90) if one.estimate else None
        if interval is None:
            continue
        name = f"{scene.names.get(one.stratum.cell.fixmedins_code, one.stratum.cell.fixmedins_code)} {one.stratum.cell.care_kind}"
        low, high = (numbers.plain(calc.money(end), 2) for end in (interval.lower, interval.upper))
        said = f"{numbers.plain(one.point, 2)} 元({low} 至 {high})"
        records.append(
            {
                "层": name,
                "点估计": float(one.point or 0),
                "下限": interval.lower,
                "上限": interval.upper,
                "提示": said,
            }
        )
    base = alt.Chart(pd.DataFrame(records)).encode(
        y=alt.Y("层:N", title=None, sort=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)),
        tooltip=[alt.Tooltip("层:N"), alt.Tooltip("提示:N", title="点估计")],
    )
    across = alt.X("下限:Q", title="元", axis=alt.Axis(tickCount=5))
    lines = base.mark_rule(color=SECONDARY, strokeWidth=2).encode(x=across, x2="上限:Q")
    points = base.mark_point(filled=True, size=70, color=ACCENT, opacity=1).encode(
        x=alt.X("点估计:Q", title="元")
    )
    with st.container(border=True):
        st.markdown("**有发现的放大层:点估计与90%区间**")
        st.altair_chart(
            (lines + points).properties(height=FOREST_HEIGHT * len(records) + AXIS_ROOM), width="stretch"
        )


def _results(scene: Scene) -> None:
    sample, page = scene.sample, scene.page
    assert sample is not None
    if not page.can(Ability.PERSONAL):
        st.info(f"逐件结果向以下角色开放:{roles_in_words(CASE_ROLES)}。", icon=":material/lock:")
        return
    rows = view.items_table(sample, scene.names)
    if sample.draw is None:
        st.caption("平台抽样的结果来自审核单据(doc_d)的抽检字段,在平台中登记,随数据载入更新。")
    elif page.can(Ability.DRAW):
        left, right = st.columns(2, gap="medium")
        with left, st.container(border=True, height="stretch"):
            entry_form(page, sample, scene.signer)
        with right, st.container(border=True, height="stretch"):
            upload_form(page, sample, scene.signer)
    else:
        st.caption(f"登记由{roles_in_words(ABILITIES[Ability.DRAW])}办理;每次登记都留下记录。")
    part_list(
        page, scene.context, "抽取的单据", rows, view.items_fields(), key="items", money="元", empty="没有抽取的单据。",
        open_row=opener(page, rows.column_names),
    )  # fmt: skip


def _draw(scene: Scene) -> None:
    draw_form(scene.page, scene.draws, scene.issues, scene.signer)


def _history(scene: Scene) -> None:
    sample = scene.sample
    if sample is not None and sample.draw is not None:
        _replay(scene, sample.draw)
    rows = view.history_table(scene.draws)

    def open_row(row: dict[str, Any]) -> None:
        address.put({SAMPLE: row["draw_id"]})
        st.rerun()

    part_list(
        scene.page, scene.context, "历次抽样", rows, view.HISTORY_FIELDS, key="history", money="元",
        empty="还没有在本系统中抽样。到“抽样”抽取第一次。", open_row=open_row, hint="",
    )  # fmt: skip
    if rows.num_rows:
        st.caption("每次抽样都保留,不能修改或删除。点选一行,换看该次抽样。")


def _replay(scene: Scene, draw: SampleDraw) -> None:
    with st.container(border=True):
        st.markdown(f"**重放核对** {escaped(draw.draw_id)}")
        st.caption("用冻结的抽样框和登记的种子重新抽取,与登记的结果、操作日志逐项核对;每次核对都留下记录。")
        if st.button("重放核对", icon=":material/replay:"):
            with st.spinner("正在重放…"):
                found = replay(scene.page.home, draw, scene.page.warehouse, scene.signer)
            (st.success if found.sound else st.error)(
                escaped(found.words()), icon=":material/check_circle:" if found.sound else ":material/error:"
            )
            if found.now_words():
                st.caption(escaped(found.now_words()))


def _sheet(scene: Scene) -> None:
    sample, page = scene.sample, scene.page
    assert sample is not None
    title = f"复审抽检放大计算单({sample.issue} 期)"
    blocks = calc.calculation(sample, scene.both, page.warehouse.version)
    strata = calc.strata_block(scene.found, scene.names)
    sheets = {"计算单": [*blocks, calc.definitions_block()], "分层结果": [strata]}
    if page.can(Ability.PERSONAL):
        sheets["样本"] = [calc.items_block(sample, scene.names)]
    sheet_download(
        page, title, sheets, foot=SIGNATURES, name=f"复审抽检计算单_{scene.name}", rows=len(strata.rows)
    )
    with st.container(border=True, key="printed"):
        st.subheader(escaped(title), anchor=False)
        for number, block in enumerate(
            [*blocks, calc.main_strata_block(scene.found, scene.names), calc.definitions_block()]
        ):
            block_sheet(block, f"sheet_{number}")
        for line in SIGNATURES:
            st.markdown(escaped(line))


def names_of(page: Page) -> dict[str, str]:
    """Institutions by code."""
    return {
        row["fixmedins_code"]: row["fixmedins_name"]
        for row in page_query(page, "kpi_institution_names").to_pylist()
    }


PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "estimate": ("放大计算", _estimate),
    "results": ("复审结果", _results),
    "draw": ("抽样", _draw),
    "history": ("历次抽样", _history),
    "sheet": ("计算单", _sheet),
}
