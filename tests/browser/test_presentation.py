"""Presentation mode in a real browser: keys turn pages, nothing scrolls, nothing else is left on screen, Esc leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from fundwatch.meetings.brief import brief_of
from fundwatch.meetings.findings import findings
from fundwatch.meetings.store import meetings
from tests.browser.stage import add_user, browser_page, served, settle, sign_in

pytestmark = pytest.mark.browser
#: what of the page now shown is wider or longer than its room, and whether its parts end above the foot (in pixels)
OVERFLOW = """() => {
  const page = document.querySelector('#fundwatch-stage').shadowRoot.querySelector('section.now');
  const body = page.querySelector('.body'), foot = page.querySelector('footer').getBoundingClientRect().top;
  const ends = [...body.children].map(part => part.getBoundingClientRect().bottom - foot);
  const panels = [...body.querySelectorAll('.panel')].map(part => part.scrollHeight - part.clientHeight);
  return Math.max(page.scrollHeight - page.clientHeight, body.scrollWidth - body.clientWidth, ...ends, ...panels);
}"""
NOW = "document.querySelector('#fundwatch-stage')?.shadowRoot.querySelector('section.now')?.innerText ?? ''"


@pytest.fixture(scope="module")
def screen(meeting_home) -> Iterator[tuple[Page, str]]:
    password = add_user(meeting_home.root, "projector", "局领导")
    with served(meeting_home.root) as address, browser_page() as page:
        page.goto(f"{address}/leading-group")
        page.get_by_label("账号").wait_for()
        sign_in(page, "projector", password)
        page.get_by_role("button", name="投屏演示").wait_for()
        settle(page)
        yield page, address


def test_keys_turn_the_pages_and_nothing_overflows(screen, meeting_home):
    page, _ = screen
    found = findings(brief_of(meeting_home, meetings(meeting_home)[0]))
    page.get_by_role("button", name="投屏演示").click()
    page.wait_for_function("document.querySelector('#fundwatch-stage')")
    seen = []
    for finding in found:
        words = page.evaluate(NOW)
        assert finding.title in words
        assert page.evaluate(OVERFLOW) <= 2, finding.title
        seen.append(words)
        page.keyboard.press("ArrowRight")
    assert len(set(seen)) == len(found)
    page.keyboard.press("ArrowRight")
    assert found[-1].title in page.evaluate(NOW)
    page.keyboard.press("ArrowLeft")
    assert found[-2].title in page.evaluate(NOW)
    page.keyboard.press("Home")
    assert found[0].title in page.evaluate(NOW)
    stage = page.evaluate(
        "() => { const box = document.querySelector('#fundwatch-stage').shadowRoot.querySelector('.stage').getBoundingClientRect();"
        " return [box.x, box.y, box.width - window.innerWidth, box.height - window.innerHeight]; }"
    )
    assert stage == [0, 0, 0, 0]
    # the sidebar, the header and everything else lie below the layer
    assert page.evaluate("document.elementFromPoint(20, 20).id") == "fundwatch-stage"
    assert page.evaluate(
        "/^\\d\\d:\\d\\d$/.test(document.querySelector('#fundwatch-stage').shadowRoot.querySelector('.clock').textContent)"
    )
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('#fundwatch-stage')")
    assert page.get_by_role("heading", name="领导小组会议").is_visible()
    # the keys are the page's own again
    page.keyboard.press("ArrowRight")
    assert page.evaluate(NOW) == ""


def test_body_type_is_larger_than_on_the_screen_and_follows_the_window(screen):
    page, _ = screen
    page.get_by_role("button", name="投屏演示").click()
    page.wait_for_function("document.querySelector('#fundwatch-stage')")
    page.keyboard.press("End")
    size = (
        "parseFloat(getComputedStyle(document.querySelector('#fundwatch-stage').shadowRoot"
        ".querySelector('section.now .lead, section.now table')).fontSize)"
    )
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function(f"Math.abs({size} - 24) < 0.5")
    page.set_viewport_size({"width": 1920, "height": 1200})
    page.wait_for_function(f"Math.abs({size} - 32) < 0.5")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1440, "height": 900})
