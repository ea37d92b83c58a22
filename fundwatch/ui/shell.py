"""The frame of every screen: sign-in, navigation, and the guard that each page calls first."""

from __future__ import annotations

import atexit
import gc
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from fundwatch.access import EVERYTHING, PAGES, Ability, Entry, Role, Sight, entry_of, may
from fundwatch.build.publish import current_version
from fundwatch.clock import china_today
from fundwatch.errors import UserError
from fundwatch.home import PROJECT, Home, find_home
from fundwatch.settings import Settings
from fundwatch.state.users import User
from fundwatch.ui import address
from fundwatch.ui.county import looked_at
from fundwatch.ui.password import change_card, change_hint, must_change
from fundwatch.ui.signin import MARK, PRODUCT, WORDMARK, current_user, sign_in, user_box
from fundwatch.ui.states import failed, first_run, no_permission, not_by_place, not_found, signed_out_hint
from fundwatch.ui.turns import TURNS
from fundwatch.warehouse import Follower, Warehouse

STYLE = PROJECT / "fundwatch" / "ui" / "assets" / "screen.css"
#: an open tab is looked at this often, so that a screen does not stay readable after its session ended
WATCH_EVERY = "60s"
#: what Streamlit calls the default screen inside; no link carries it
START_PATH = "start-screen"


@dataclass(frozen=True)
class Page:
    """What a screen gets from the guard. ``warehouse`` is one version, as this person may see it, for the whole run of the script."""

    entry: Entry
    home: Home
    user: User
    settings: Settings
    _warehouse: Warehouse | None
    #: the county of several that the address chose; of an account limited to one see ``sight``
    county: str | None = None

    @property
    def warehouse(self) -> Warehouse:
        """The published version; a page that also works before the first build asks ``has_data`` first."""
        if self._warehouse is None:
            raise LookupError("no version has been published yet")
        return self._warehouse

    @property
    def has_data(self) -> bool:
        return self._warehouse is not None

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.user.roles

    @property
    def hidden_columns(self) -> frozenset[str]:
        """Column names that this person's roles do not see."""
        return self.user.sight.hidden

    @property
    def sight(self) -> Sight:
        """What this person sees of the rows here: what they may see, of the county that they look at."""
        return _sight(self.user, self.county)

    def can(self, ability: Ability) -> bool:
        """Whether one of this person's roles has the ability."""
        return may(self.user.roles, ability)


def run_app() -> None:
    """What app.py does, when it is its turn: sign in, then show the screen that the address names."""
    with TURNS.turn():
        _run_app()


def _run_app() -> None:
    st.set_page_config(page_title=PRODUCT, page_icon=str(MARK), layout="wide")
    st.html(STYLE)
    warm_up()
    home = find_home()
    _keep_warm(home)
    user = sign_in(home, county_name(Settings(home)))
    pages = _navigation_pages(user)
    if user is None:
        # The same pages, hidden and not run: the address with its parameters survives the sign-in.
        st.navigation(pages, position="hidden")
        st.stop()
    if must_change(user):
        st.navigation(pages, position="hidden")
        change_card(home, user)
        st.stop()
    # Folded, the menu carries an English word for the rest.
    chosen = st.navigation(pages, expanded=True)
    st.logo(str(WORDMARK), size="large", icon_image=str(MARK))
    user_box(home, user)
    _watch_session(home)
    chosen.run()


def _keep_warm(home: Home) -> None:
    # imported here: the reads it makes need this module's Page
    from fundwatch.ui.warm import keep_warm

    keep_warm(home, current_warehouse)


def start_page(page_file: str, needs_warehouse: bool = True) -> Page:
    """The guard: stops with a Chinese screen unless a signed-in person with the right role asks.

    Also holds when the file is run without app.py. With ``needs_warehouse`` (the default) a home without a
    published version shows the three first steps instead of the page, and one whose version cannot be opened says so.
    """
    entry, home = entry_of(page_file), find_home()
    user = current_user(home)
    if user is None:
        signed_out_hint()
        st.stop()
    if must_change(user):
        change_hint()
        st.stop()
    if not entry.open_to(user.roles):
        no_permission(entry)
        st.stop()
    if word := _place_refused(user, entry):
        not_by_place(entry, word)
        st.stop()
    address.arrive(entry)
    county = None
    try:
        warehouse = current_warehouse(home, user.sight)
        if county := looked_at(entry, user, warehouse):
            warehouse = current_warehouse(home, _sight(user, county))
    except UserError as error:
        warehouse = None
        if needs_warehouse:
            st.title("数据版本不能打开", anchor=False)
        # screens that also work before the first build stay usable: the repair may start there
        failed("数据版本", error)
        if needs_warehouse:
            st.stop()
    if warehouse is None and needs_warehouse:
        first_run(may(user.roles, Ability.UPLOAD))
        st.stop()
    return Page(entry, home, user, Settings(home), warehouse, county)


def _sight(user: User, county: str | None) -> Sight:
    return replace(user.sight, county=county) if county and not user.county else user.sight


def _place_refused(user: User, entry: Entry) -> str:
    """What the account is limited to, where the screen shows records that have none; an empty string where it may be opened."""
    if user.county and not entry.has_counties:
        return "县区"
    return "乡镇" if user.town and not entry.by_town else ""


def current_warehouse(home: Home, sight: Sight = EVERYTHING) -> Warehouse | None:
    """The version now published as a sight shows it, or None before the first build."""
    if current_version(home) is None:
        return None
    return _follower(str(home.root)).current(sight)


def county_name(settings: Settings) -> str:
    """The county's name as the home's settings hold it; empty when none is set."""
    return str(settings.get("county_name", china_today()) or "")


@st.cache_resource(show_spinner=False)
def _follower(root: str) -> Follower:
    return Follower(Home(Path(root)))


@st.cache_resource(show_spinner=False)
def warm_up() -> int:
    """Import what screens need, then freeze it for the collector that Streamlit runs after every script run.

    Measured on a small page: rerun 117 ms before, 48 ms after.
    """
    import altair
    import pandas
    import pydeck  # noqa: F401
    import xlsxwriter  # noqa: F401

    altair.Chart(pandas.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q").to_dict()
    gc.collect()
    gc.freeze()
    # Otherwise DuckDB's binding reports what was frozen as leaked when the server stops.
    atexit.register(gc.unfreeze)
    return gc.get_freeze_count()


def _navigation_pages(user: User | None) -> dict[str, list[st.Page]]:
    """Every screen by group. Those a person may not open keep their address: the guard answers there."""
    groups: dict[str, list[st.Page]] = {}
    for entry in PAGES:
        shown = entry.in_menu and user is not None and entry.open_to(user.roles)
        shown = shown and not _place_refused(user, entry)
        groups.setdefault(entry.group, []).append(
            st.Page(
                entry.path,
                title=entry.title,
                icon=f":material/{entry.icon}:",
                # The default screen is served at the root; a name of its own would be reserved and answer to nobody.
                url_path=START_PATH if entry is PAGES[0] else entry.url_path,
                default=entry is PAGES[0],
                visibility="visible" if shown else "hidden",
            )
        )
    if unknown := _unknown_address():
        # Streamlit's own answer to an unknown address is an English box that blocks the screen.
        page = st.Page(_elsewhere, title="没有这个页面", url_path=unknown, visibility="hidden")
        groups[PAGES[0].group].append(page)
    return groups


def _elsewhere() -> None:
    """An address without screen; the start screen's own name, which links carry, leads there with its choices."""
    if urlsplit(st.context.url or "").path.strip("/").split("/")[-1] == PAGES[0].url_path:
        st.switch_page(PAGES[0].path, query_params=address.current())
    not_found()


def _unknown_address() -> str:
    """The last part of the address when no screen has it, else an empty string."""
    name = urlsplit(st.context.url or "").path.strip("/").split("/")[-1]
    return "" if name in {START_PATH, *(entry.url_path for entry in PAGES[1:])} else name


@st.fragment(run_every=WATCH_EVERY)
def _watch_session(home: Home) -> None:
    if current_user(home, touch=False) is None:
        st.rerun()
