"""The whole journey of a leader, to be run where only loopback exists (see test_journey.py).

Prints one JSON line: the hosts that the browser asked, and what each step saw. Any surprise is a traceback.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.stage import add_user, browser_page, served, settle, sign_in

#: a row of a list on the canvas: below the header, on the box that selects it
ROW_HEIGHT, BOX_AT = 35, 18


def click_row(page: Page, number: int = 0, which: int = 0) -> None:
    """Choose a row of the list: the grid is a canvas, so by its place."""
    grid = page.get_by_test_id("stDataFrame").nth(which)
    grid.scroll_into_view_if_needed()
    settle(page)
    grid.click(position={"x": BOX_AT, "y": ROW_HEIGHT * (number + 1) + ROW_HEIGHT // 2})


def heading(page: Page, name: str):
    return page.get_by_role("heading", name=name, exact=True)


def journey(page: Page, address: str, user: str, password: str) -> dict:
    seen: dict = {}
    page.goto(f"{address}/inspection-coverage?level_class=一级")
    page.get_by_label("账号").wait_for()
    seen["before_sign_in"] = page.get_by_text("尚未检查").count()
    sign_in(page, user, password)
    heading(page, "检查覆盖").wait_for()
    seen["deep_link_kept"] = "level_class" in page.url

    page.get_by_role("link", name="监管总览").click()
    heading(page, "监管总览").wait_for()
    page.get_by_text("协议检查覆盖率").first.wait_for()
    settle(page)
    page.get_by_role("link", name="协议检查覆盖率", exact=True).click()
    heading(page, "检查覆盖").wait_for()
    settle(page)
    page.get_by_role("link", name="查看清单").first.click()
    page.wait_for_url("**/kpi-list**")
    seen["tile_opens"] = urlsplit(page.url).path

    page.get_by_test_id("stMainBlockContainer").get_by_role("link", name="检查覆盖").click()
    heading(page, "尚未检查的机构").wait_for()
    settle(page)
    click_row(page)
    page.wait_for_url("**/institution?**")
    heading(page, "时间线").wait_for()
    settle(page)
    seen["row_opens"] = urlsplit(page.url).path

    page.goto(f"{address}/institution?code=H99900100008")
    heading(page, "结算清单").wait_for()
    settle(page)
    click_row(page, which=page.get_by_test_id("stDataFrame").count() - 1)
    page.wait_for_url("**/case?**")
    page.get_by_text("结算").first.wait_for()
    settle(page)
    case = page.url
    seen["claim_opens"] = urlsplit(case).path

    page.get_by_role("button", name="导出").first.click()
    why = page.get_by_label("导出理由(必填)").first
    why.fill("核查用")
    why.press("Enter")
    settle(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出 CSV").first.click()
    content = Path(taken.value.path()).read_bytes()
    seen["export_bom"] = content.startswith(b"\xef\xbb\xbf")
    seen["export_rows"] = len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1

    page.go_back()
    heading(page, "结算清单").wait_for()
    seen["back_to"] = urlsplit(page.url).path

    page.get_by_role("button", name="退出登录").click()
    page.get_by_label("账号").wait_for()
    page.goto(case)
    page.get_by_label("账号").wait_for()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    seen["after_logout"] = "form"
    return seen


def main(home: Path) -> None:
    password = add_user(home, "journey", "局领导", "分析员")
    hosts: set[str] = set()
    with served(home) as address, browser_page() as page:
        page.on(
            "request",
            lambda r: hosts.add(urlsplit(r.url).hostname) if r.url.startswith(("http", "ws")) else None,
        )
        page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
        seen = journey(page, address, "journey", password)
    print(json.dumps({"hosts": sorted(h for h in hosts if h), **seen}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
