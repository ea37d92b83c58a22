"""指标预警 on 待办预警: what stands there is what the engine's look found; a person's word is kept with who and when."""

from __future__ import annotations

import re

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.alerts import State, current
from fundwatch.home import HOME_VARIABLE
from fundwatch.settings import Settings
from fundwatch.ui.alerts_views import alert_rows, summary
from fundwatch.warehouse import open_warehouse

PATH = "pages/overview/deadlines.py"


@pytest.fixture
def demo(demo_home_copy, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    return demo_home_copy


def test_every_alert_stands_on_the_screen_and_is_acknowledged_in_ones_own_name(demo):
    app = screen_of(demo, PATH, Role.INSPECTOR)
    assert not app.exception
    assert not app.error
    found = current(demo, open_warehouse(demo), Settings(demo))
    shown = re.sub(r"<[^>]+>", "", sheets(app))
    assert all(one.reason in shown for one in found)
    assert summary(found) in texts(app)
    box = app.selectbox(key="ack_rule")
    assert list(box.options) == [one.reason for one in found if one.state is not State.ENDED]
    app.text_area(key="ack_comment").set_value("已核对台账,8月补录")
    next(button for button in app.button if button.label == "确认").click().run()
    assert not app.exception
    said = [
        one.acknowledged for one in current(demo, open_warehouse(demo), Settings(demo)) if one.acknowledged
    ]
    assert [(one.post, one.comment) for one in said] == [(f"{Role.INSPECTOR.value}01", "已核对台账,8月补录")]
    assert "其中已确认 1 项" in texts(app)
    assert "已核对台账,8月补录" in sheets(app)


def test_an_acknowledgement_without_words_is_refused(demo):
    app = screen_of(demo, PATH, Role.LEADER)
    next(button for button in app.button if button.label == "确认").click().run()
    assert [error.value for error in app.error] == ["请写明核实情况,不超过 400 字。"]


def test_the_administrator_sees_no_alert(demo):
    app = screen_of(demo, PATH, Role.ADMIN)
    assert Role.ADMIN not in STAFF
    assert not sheets(app)
    assert "指标预警" not in texts(app)


def test_no_alert_is_said_in_words_and_exported_as_no_row():
    assert summary([]) == "本版本没有指标预警。"
    assert alert_rows([]).num_rows == 0
