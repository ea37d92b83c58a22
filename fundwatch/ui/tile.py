"""KPI tiles: name, value, unit, target with gap, twelve months, and the way to the list behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import streamlit as st

from fundwatch.access import entry_at
from fundwatch.kpi import Kpi, KpiValue
from fundwatch.ui import address, numbers
from fundwatch.ui.shell import Page
from fundwatch.ui.targets import TONE_COLOURS, TONE_ICONS, TONE_WORDS, Tone, against, decimals_told
from fundwatch.ui.words import escaped

LIST_SCREEN = "kpi-list"
PER_ROW = 4
MONTHS = 12


@dataclass(frozen=True)
class Tile:
    """What a tile shows. ``line``: the last months' values, oldest first; months without one are left out."""

    kpi: str
    name: str
    shown: numbers.Shown
    against: str
    tone: Tone
    change: str
    line: tuple[Decimal, ...]
    why_none: str
    #: the cell of a split it stands for, as the list behind it opens: {"insutype": "310"}
    cell: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """One tile on a screen: the KPI, and the cell where it has one."""
        return "_".join([self.kpi, *self.cell.values()])

    @property
    def value(self) -> str:
        return str(self.shown)


def tile_of(kpi: Kpi, number: KpiValue, months: Sequence[KpiValue] = (), change: str = "") -> Tile:
    """A tile from a value, its monthly series (``by="month"``) and a sentence part about the change."""
    stands = against(kpi, number)
    return Tile(
        kpi=kpi.id,
        name=kpi.label,
        shown=numbers.shown(number.value, kpi.unit, decimals_told(kpi, number)),
        against=stands.words,
        tone=stands.tone,
        change=change,
        line=tuple(month.value for month in months[-MONTHS:] if month.value is not None),
        why_none="" if number.value is not None else str(number.extra.get("reason") or "本期没有数据"),
    )


def tiles(page: Page, row: Sequence[Tile], per_row: int = PER_ROW) -> None:
    """Draw tiles in rows of equal height; two beside each other on a phone."""
    for start in range(0, len(row), per_row):
        with st.container(horizontal=True, gap="small", key=f"tiles_{row[start].key}"):
            for tile in row[start : start + per_row]:
                draw(page, tile)


def draw(page: Page, tile: Tile) -> None:
    """One tile, in the row of tiles that the caller has opened."""
    with st.container(border=True, height="stretch", gap="xsmall", key=f"tile_{tile.key}"):
        st.metric(
            tile.name,
            tile.value,
            help=tile.why_none or None,
            chart_data=[float(value) for value in tile.line] if len(tile.line) > 1 else None,
            chart_type="line",
        )
        st.markdown(_note(tile))
        listing = entry_at(LIST_SCREEN)
        if listing is not None and listing.open_to(page.roles):
            st.page_link(
                listing.path,
                label="查看清单",
                icon=":material/list:",
                query_params=address.onward(
                    address.current(), page.entry.url_path, {"kpi": tile.kpi, **tile.cell}
                ),
            )


def _note(tile: Tile) -> str:
    """The line below the value: standing with icon and word, target, gap, change, 亿元."""
    lead = ""
    if TONE_WORDS[tile.tone]:
        lead = f":{TONE_COLOURS[tile.tone]}[{TONE_ICONS[tile.tone]} {TONE_WORDS[tile.tone]}] "
    parts = [part for part in (tile.shown.note, tile.against, tile.change, tile.why_none) if part]
    return f":small[{lead}:gray[{escaped(' · '.join(parts))}]]" if parts or lead else ""
