"""A click on a mark opens what it stands for: a circle of the map, a bar of a chart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError

from tests.browser.stage import add_user, browser_page, served, settle, sign_in

pytestmark = pytest.mark.browser
#: actual values and what asks for a look are drawn in the accent (design: one accent colour)
ACCENT = (31, 95, 168)


@pytest.fixture(scope="module")
def leader(demo_home, tmp_path_factory) -> Iterator[tuple[Page, str]]:
    """A signed-in leader's browser and the server's address."""
    password = add_user(demo_home.root, "clicks", "局领导")
    with served(demo_home.root) as address, browser_page() as page:
        page.goto(address)
        page.get_by_label("账号").wait_for()
        sign_in(page, "clicks", password)
        page.get_by_role("heading", name="监管总览", exact=True).wait_for()
        yield page, address


def accent_of(drawing: Locator) -> np.ndarray:
    """Where the drawing shows the accent colour, once two looks half a second apart agree (WebGL draws late)."""
    before = np.zeros(0)
    for _ in range(60):
        picture = np.asarray(Image.open(io.BytesIO(drawing.screenshot())).convert("RGB")).astype(int)
        inside = np.abs(picture - ACCENT).max(axis=2) < 24
        if inside.any() and np.array_equal(inside, before):
            return inside
        before = inside
        drawing.page.wait_for_timeout(500)
    raise AssertionError("the drawing shows no mark, or never came to rest")


def click_a_mark(page: Page, drawing: Locator) -> None:
    """Click once in the middle of the largest mark of accent colour inside the drawing."""
    drawing.scroll_into_view_if_needed()
    settle(page)
    core = accent_of(drawing)
    # Wear the shapes down a pixel at a time: what is left last is the middle of the largest.
    while True:
        smaller = np.zeros_like(core)
        smaller[1:-1, 1:-1] = (
            core[1:-1, 1:-1] & core[:-2, 1:-1] & core[2:, 1:-1] & core[1:-1, :-2] & core[1:-1, 2:]
        )
        if not smaller.any():
            break
        core = smaller
    y, x = np.argwhere(core)[0]
    drawing.click(position={"x": int(x), "y": int(y)})


def test_a_circle_of_the_map_opens_its_institution(leader):
    page, address = leader
    page.goto(f"{address}/institution-map")
    page.get_by_role("heading", name="机构清单").wait_for()
    settle(page)
    for _ in range(3):
        # On a loaded machine the map may still be drawn anew when it is clicked, and the click is lost.
        click_a_mark(page, page.get_by_test_id("stDeckGlJsonChart"))
        with suppress(TimeoutError):
            page.wait_for_url("**/institution?**code=*", timeout=20_000)
            break
    page.wait_for_url("**/institution?**code=*")
    page.get_by_role("heading", name="时间线").wait_for()


def test_a_bar_of_a_chart_filters_the_screen_by_its_level(leader):
    page, address = leader
    page.goto(f"{address}/inspection-coverage")
    page.get_by_role("heading", name="覆盖率最低").wait_for()
    settle(page)
    click_a_mark(page, page.get_by_test_id("stVegaLiteChart").last)
    page.wait_for_url("**/inspection-coverage?**level_class=*")
