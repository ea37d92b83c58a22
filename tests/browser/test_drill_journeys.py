"""From 监管总览 to the thing itself in at most four clicks: a rejected claim, a reminder, a screening hit, money that came
back, an institution.

Each journey counts its clicks, reads the last screen, goes back with the browser's button, and opens the copied address in a
browser context of its own after signing in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.journey import click_row, heading
from tests.browser.stage import PATIENCE_MS, add_user, browser_page, served, settle, sign_in
from tests.browser.test_clicks import click_a_mark

pytestmark = pytest.mark.browser
MOST_CLICKS = 4


@dataclass
class Journey:
    """A signed-in person's browser; every step that a person would click is counted."""

    page: Page
    address: str
    user: str
    password: str
    clicks: int = 0

    def start(self) -> None:
        """At the overview, with nothing clicked."""
        self.page.goto(self.address)
        heading(self.page, "监管总览").wait_for()
        self.page.get_by_text("协议检查覆盖率").first.wait_for()
        settle(self.page)
        self.clicks = 0

    def click(self, what: Locator | Callable[[], None], screen: str) -> None:
        """One click, and the wait for the screen that it opens."""
        if isinstance(what, Locator):
            what.click()
        else:
            what()
        self.clicks += 1
        self.page.wait_for_url(lambda url: urlsplit(url).path == f"/{screen}")
        settle(self.page)

    def row(self, number: int = 0, which: int = 0) -> Callable[[], None]:
        return lambda: click_row(self.page, number, which)

    def back_to(self, before: str) -> None:
        """The browser's back button leads where the person came from."""
        here = self.page.url
        self.page.go_back()
        self.page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(before).path)
        settle(self.page)
        assert shown_by(self.page.url) == shown_by(before)
        assert self.page.url != here

    def copied(self, link: str, expected: str) -> None:
        """Somebody else opens the copied address, signs in, and finds the same."""
        context = self.page.context.browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN"
        )
        other = context.new_page()
        other.set_default_timeout(PATIENCE_MS)
        try:
            other.goto(link)
            other.get_by_label("账号").wait_for()
            assert other.get_by_text(expected).count() == 0
            sign_in(other, self.user, self.password)
            other.get_by_text(expected).first.wait_for()
            assert shown_by(other.url) == shown_by(link)
        finally:
            context.close()


def shown_by(url: str) -> tuple[str, dict[str, list[str]]]:
    """Screen and parameters, in any order."""
    parts = urlsplit(url)
    return parts.path, parse_qs(parts.query)


def parameter(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]


@pytest.fixture(scope="module")
def journey(demo_home, tmp_path_factory) -> Iterator[Journey]:
    """One server and one signed-in leader for all journeys."""
    password = add_user(demo_home.root, "drill", "局领导")
    with served(demo_home.root) as address, browser_page() as page:
        page.goto(address)
        page.get_by_label("账号").wait_for()
        sign_in(page, "drill", password)
        yield Journey(page, address, "drill", password)


def open_indicator(journey: Journey, group: str, name: str, screen: str) -> None:
    """Click a row of the overview; one that is folded costs a click more, on the word that unfolds its group."""
    row = journey.page.get_by_role("link", name=name, exact=True)
    if not row.is_visible():
        more = journey.page.get_by_role("rowheader", name=re.compile(f"^{group}")).get_by_role("button")
        more.click()
        journey.clicks += 1
    journey.click(row, screen)


def test_from_the_rejection_rate_to_the_suspicion_that_was_rejected(journey):
    page = journey.page
    journey.start()
    open_indicator(journey, "事中审核", "审核拒付率", "review-rejection")
    journey.click(page.get_by_role("cell", name="扣款", exact=True), "kpi-list")
    page.get_by_role("heading", name="明细清单").wait_for()
    before = page.url
    journey.click(journey.row(), "case")
    page.get_by_role("heading", name="费用明细").wait_for()
    suspicion = parameter(page.url, "doc_suspt_id")
    said = page.get_by_text(f"所点疑点 {suspicion}")
    expect(said).to_contain_text(re.compile(r"扣款 [\d,]+\.\d\d 元"))
    assert journey.clicks <= MOST_CLICKS
    link = page.url
    journey.back_to(before)
    journey.copied(link, f"所点疑点 {suspicion}")


def test_from_reminder_compliance_to_the_reminder_of_a_claim(journey):
    page = journey.page
    journey.start()
    open_indicator(journey, "事前提醒", "事前提醒遵从率", "reminder-compliance")
    page.get_by_role("link", name="查看清单").first.wait_for()
    journey.click(page.get_by_role("link", name="查看清单").first, "kpi-list")
    page.get_by_role("heading", name="明细清单").wait_for()
    before = page.url
    assert parameter(before, "kpi") == "reminder_compliance"
    journey.click(journey.row(), "case")
    page.get_by_role("heading", name="费用明细").wait_for()
    said = f"所点提醒 {parameter(page.url, 'warn_rslt_id')}"
    expect(page.get_by_text(said)).to_contain_text("涉及")
    assert page.get_by_role("heading", name=re.compile("^结算 ")).count() == 1
    assert journey.clicks <= MOST_CLICKS
    link = page.url
    journey.back_to(before)
    journey.copied(link, said)


def test_from_the_recovery_rate_to_the_handling_that_brought_money_back(journey):
    page = journey.page
    journey.start()
    open_indicator(journey, "事后监管", "违规金额追回率", "cases")
    page.get_by_role("heading", name="案件清单").wait_for()

    def bar() -> None:
        click_a_mark(page, page.get_by_test_id("stVegaLiteChart").first)
        page.wait_for_url("**/cases?**show=done**")

    journey.click(bar, "cases")
    before = page.url
    journey.click(journey.row(), "case")
    page.get_by_role("heading", name="处理处罚").wait_for()
    case = parameter(page.url, "case_id")
    page.get_by_role("heading", name=f"案件 {case}").wait_for()
    expect(page.get_by_text(re.compile(r"应追回 [\d,.]+ 元,已追回 [\d,]+\.\d\d 元"))).to_have_count(1)
    expect(page.get_by_text(re.compile(r"追回 CL\d+ 到账")).first).to_be_visible()
    assert journey.clicks <= MOST_CLICKS
    link = page.url
    journey.back_to(before)
    journey.copied(link, f"案件 {case}")


def test_from_the_screening_amount_to_the_lines_that_made_a_hit(journey):
    page = journey.page
    journey.start()
    open_indicator(journey, "事后监管", "筛查疑点金额", "screening")

    def hits() -> None:
        page.get_by_role("button", name="查看清单").first.click()
        page.wait_for_url("**/screening?**part=hits**")
        page.get_by_role("heading", name="疑点清单").wait_for()

    journey.click(hits, "screening")
    before = page.url
    journey.click(journey.row(), "case")
    page.get_by_role("heading", name="形成这一疑点的明细").wait_for()
    page.get_by_role("heading", name="费用明细").wait_for()
    settle(page)
    rule, claim = parameter(page.url, "hit"), parameter(page.url, "setl_id")
    page.get_by_role("heading", name=f"结算 {claim}").wait_for()
    # The hit clicked is the one that is open, with the lines that made it.
    expect(page.get_by_role("combobox", name="疑点")).to_have_value(re.compile(f"^{rule} "))
    expect(page.get_by_text("没有明细。")).to_have_count(0)
    assert journey.clicks <= MOST_CLICKS
    link = page.url
    journey.back_to(before)
    journey.copied(link, "形成这一疑点的明细")


def test_from_a_mark_on_the_map_to_the_institution(journey):
    page = journey.page
    journey.start()
    journey.click(page.get_by_role("link", name="机构地图"), "institution-map")
    heading(page, "机构清单").wait_for()
    before = page.url
    journey.click(lambda: click_a_mark(page, page.get_by_test_id("stDeckGlJsonChart")), "institution")
    heading(page, "时间线").wait_for()
    code = parameter(page.url, "code")
    page.get_by_text(code).first.wait_for()
    assert journey.clicks <= MOST_CLICKS
    link = page.url
    journey.back_to(before)
    journey.copied(link, code)
