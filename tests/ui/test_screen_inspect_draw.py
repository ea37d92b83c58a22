"""双随机抽取 on 检查覆盖: every role, listing inspectors, drawing, replaying, the list to print."""

from __future__ import annotations

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import ABILITIES, STAFF, Ability, Role
from fundwatch.draws.inspection import assignments_of
from fundwatch.draws.inspection_store import inspect_draws
from fundwatch.draws.inspectors import listed, set_inspector
from fundwatch.draws.lots import Signer
from fundwatch.draws.teams import Inspector
from fundwatch.home import HOME_VARIABLE

PATH = "pages/inspection/coverage.py"
SIGNER = Signer("jh01", "稽核岗01")


@pytest.fixture
def demo(demo_home_copy, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    return demo_home_copy


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    return app


@pytest.mark.parametrize("role", list(Role))
def test_those_who_may_draw_see_the_form_and_others_the_word(demo_home, monkeypatch, role):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    app = screen_of(demo_home, PATH, role, view="random")
    assert not app.exception
    assert not app.error
    if role in STAFF:
        assert ("抽取" in [button.label for button in app.button]) == (role in ABILITIES[Ability.DRAW])
        assert "还没有双随机抽取" in texts(app)
    else:
        assert [title.value for title in app.title] == ["没有查看权限"]


def test_a_bureau_without_a_list_is_told_so_before_it_draws(demo):
    app = screen_of(demo, PATH, Role.INSPECTOR, view="random")
    assert "没有片区,不能回避。请在下方登记名单。" in texts(app)


def test_list_inspectors_draw_and_replay(demo):
    for number in range(1, 6):
        set_inspector(demo, Inspector(f"检查员{number:02d}"), True, SIGNER)
    app = screen_of(demo, PATH, Role.INSPECTOR, view="random")
    next(field for field in app.text_input if field.label == "岗位代码").set_value("王五")
    press(app, "保存")
    assert "不写姓名" in app.error[0].value
    next(field for field in app.text_input if field.label == "岗位代码").set_value("检查员06")
    town = next(field for field in app.multiselect if field.label == "片区(乡镇)")
    town.set_value(["999001001"])
    press(app, "保存")
    assert (listed(demo)[5].inspector.post, listed(demo)[5].inspector.areas) == ("检查员06", ("999001001",))
    next(field for field in app.number_input if field.label == "抽取家数").set_value(8)
    next(field for field in app.text_input if field.label.startswith("随机种子")).set_value("42")
    press(app, "抽取")
    assert not app.error
    (made,) = inspect_draws(demo)
    assert (made.size, made.seed, made.drawn_by) == (8, 42, "稽核岗01")
    for one in assignments_of(demo, made):
        assert one.institution.town_code != "999001001" or "检查员06" not in one.team
    assert f"{made.draw_id} 从 {made.frame_size} 家协议机构中抽取 8 家" in texts(app)
    press(app, "重放核对")
    assert "重新抽取的 8 家机构和检查组与原结果逐条相同" in app.success[0].value.replace("\\", "")


def test_the_printed_list_names_seed_hash_and_every_team(demo):
    for number in range(1, 6):
        set_inspector(demo, Inspector(f"检查员{number:02d}"), True, SIGNER)
    app = screen_of(demo, PATH, Role.INSPECTOR, view="random")
    press(app, "抽取")
    next(toggle for toggle in app.toggle if toggle.label == "打印视图").set_value(True).run()
    (made,) = inspect_draws(demo)
    printed = sheets(app)
    assert made.frame_hash in printed
    assert str(made.seed) in printed
    for one in assignments_of(demo, made):
        assert one.institution.fixmedins_code in printed
        assert "、".join(one.team) in printed
    labels = [button.label for button in app.get("download_button")]
    assert "下载 Excel(可打印)" in labels


def test_a_filter_on_the_screen_is_the_class_drawn_from(demo):
    app = screen_of(demo, PATH, Role.INSPECTOR, view="random", level_class="药店")
    next(field for field in app.number_input if field.label == "抽取家数").set_value(2)
    press(app, "抽取")
    (made,) = inspect_draws(demo)
    assert made.level_classes == ["药店"]
    assert {one.institution.level_class for one in assignments_of(demo, made)} == {"药店"}
