"""The button for a screen's workbook: on every data screen, behind a reason where single persons are in the file."""

from __future__ import annotations

import pytest
from signed_in import screen_of

from fundwatch.access import Ability, Role, entry_at, may
from fundwatch.home import HOME_VARIABLE
from fundwatch.ui import export, workbook
from fundwatch.workbooks.screens import book_of

KEY = "export_workbook"
NO_REASON = ("campaigns", "complaints", "data-quality", "second-review")
REASON = ("review-rejection", "screening")


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def button(app):
    return next((one for one in app.get("download_button") if one.proto.id.endswith(KEY)), None)


@pytest.mark.parametrize("url_path", NO_REASON)
def test_screen_offers_its_workbook_at_once(demo, url_path):
    app = screen_of(demo, entry_at(url_path).path, Role.ANALYST)
    assert not app.exception
    assert not button(app).proto.disabled


@pytest.mark.parametrize("url_path", REASON)
def test_screen_with_single_persons_asks_for_a_reason_first(demo, url_path):
    app = screen_of(demo, entry_at(url_path).path, Role.ANALYST)
    assert button(app).proto.disabled
    app.text_input(key="workbook_why").set_value("例行核查").run()
    assert not button(app).proto.disabled


@pytest.mark.parametrize("url_path", REASON)
def test_role_that_sees_no_single_person_is_not_asked(demo, url_path):
    app = screen_of(demo, entry_at(url_path).path, Role.GROUP_MEMBER)
    assert not button(app).proto.disabled
    assert "workbook_why" not in [one.key for one in app.text_input]


def test_list_of_single_persons_has_disabled_buttons_until_a_reason_is_given(demo):
    app = screen_of(demo, entry_at("kpi-list").path, Role.ANALYST, kpi="rejection_rate")
    lists = [one for one in app.get("download_button") if "导出 " in one.label]
    assert len(lists) == 3
    assert all(one.proto.disabled for one in lists)
    app.text_input(key="export_why").set_value("例行核查").run()
    assert not any(one.proto.disabled for one in app.get("download_button") if "导出 " in one.label)


def test_role_that_may_not_export_has_no_button(demo):
    assert not may([Role.ADMIN], Ability.EXPORT)
    app = screen_of(demo, entry_at("overview").path, Role.ADMIN)
    assert not app.exception
    assert button(app) is None


def test_button_makes_the_file_of_the_address(demo, monkeypatch):
    made = []

    def now(page, make):
        from fundwatch.clock import china_time, system_clock

        made.append(make(china_time(system_clock())))
        return lambda: b""

    monkeypatch.setattr(workbook, "allowed", now)
    app = screen_of(
        demo, entry_at("complaints").path, Role.ANALYST, **{"from": "2026-01-01", "to": "2026-06-30"}
    )
    assert not app.exception
    assert book_of("complaints") is not None
    assert made[0].startswith(b"PK")
    assert export.XLSX_TYPE
