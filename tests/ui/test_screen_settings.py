"""参数与目标: who sees, who changes, what is refused, and that a change acts from its day and stands in the log."""

from __future__ import annotations

import datetime as dt

import pytest
from signed_in import NAMES, screen_of, sheets, texts

from fundwatch.access import Role
from fundwatch.bureau import changes, rows_held
from fundwatch.clock import china_today
from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.kpi import declarations
from fundwatch.screens import settings as view
from fundwatch.settings import Change, Settings, Values, parameters
from fundwatch.state.audit import listing
from fundwatch.state.db import engine

PATH = "pages/admin/settings.py"
TARGET = "target.inspection_coverage"
OWNERS = (Role.ANALYST, Role.AGREEMENTS)
TOMORROW = china_today() + dt.timedelta(days=1)


@pytest.fixture
def empty_home(tmp_path, monkeypatch) -> Home:
    """A home before its first load: settings come first of all."""
    home = Home(tmp_path / "home").ensure()
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    return home


def fill(app, **given):
    """Type into the fields whose keys begin with these words."""
    kinds = {"text_input": "text", "selectbox": "choice", "date_input": "day"}
    for name, value in given.items():
        [element] = [e for kind in kinds for e in app.get(kind) if (e.key or "").startswith(f"{name}_")]
        element.set_value(value)
    return app


def press(app, name: str):
    [button] = [button for button in app.button if (button.key or "").startswith(f"{name}_")]
    return button.click().run()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_every_part(empty_home, role):
    for part in ("", "parameters", "rules", *view.list_words(), "changes"):
        app = screen_of(empty_home, PATH, role, part=part) if part else screen_of(empty_home, PATH, role)
        assert not app.exception, part
        assert not app.error, part
        assert [title.value for title in app.title] == ["参数与目标"]
        assert "目前全部使用随系统提供的值" in texts(app)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_owners_find_a_form(empty_home, role):
    for query in ({"key": TARGET}, {"part": "parameters", "key": "suspended_points"}, {"part": "event_mark"}):
        app = screen_of(empty_home, PATH, role, **query)
        found = [button.key for button in app.button if (button.key or "").startswith("save_")]
        assert bool(found) is (role in OWNERS), query
        assert ("修改由协议管理、分析员办理" in texts(app)) is (role not in OWNERS)


@pytest.mark.parametrize("role", list(Role))
def test_what_only_the_server_feels_is_the_administrators(empty_home, role):
    app = screen_of(empty_home, PATH, role, part="parameters", key="session_hours")
    found = [button.key for button in app.button if (button.key or "").startswith("save_")]
    assert bool(found) is (role is Role.ADMIN)


def test_each_part_lists_everything(empty_home):
    shown = {
        part: screen_of(empty_home, PATH, Role.LEADER, part=part).dataframe[0].value
        for part in ("parameters", "rules")
    }
    assert list(screen_of(empty_home, PATH, Role.LEADER).dataframe[0].value["指标"]) == [
        kpi.label for kpi in declarations().values()
    ]
    assert sum(len(rows) for rows in shown.values()) == len(parameters())


def test_a_target_of_tomorrow_is_told_today_and_holds_from_tomorrow(empty_home):
    app = fill(
        screen_of(empty_home, PATH, Role.ANALYST, key=TARGET),
        value="95",
        why="县局会议纪要第3号",
        day=TOMORROW,
    )
    app.run()
    assert f"截止日在 {TOMORROW} 及以后的期间由“100%(自 2022-01-01 起,12月31日前达到)”改为“95”" in texts(app)
    app = press(app, "save")
    assert f"已保存,{TOMORROW} 起生效" in texts(app)
    values = Settings(empty_home).now()
    assert values.target("inspection_coverage", china_today()) is None
    assert values.target("inspection_coverage", TOMORROW) == "95"
    row = screen_of(empty_home, PATH, Role.LEADER).dataframe[0].value.set_index("标识").loc[TARGET]
    assert row["在用目标"].startswith("100%")
    assert row["将要生效"] == f"{TOMORROW} 起 95%"
    assert f"将于 {TOMORROW} 生效" in sheets(app)
    assert "1 项变更将要生效" in texts(app)


def test_a_change_stands_in_the_log_with_before_after_day_and_reason(empty_home):
    app = screen_of(empty_home, PATH, Role.AGREEMENTS, part="parameters", key="suspended_points")
    press(fill(app, value="10", why="省局新规"), "save")
    [event] = listing(engine(empty_home), action="修改设置")
    assert (event.user, event.object) == (NAMES[Role.AGREEMENTS], "suspended_points")
    assert event.detail == {
        "before": "9",
        "after": "10",
        "since": china_today().isoformat(),
        "why": "省局新规",
    }


@pytest.mark.parametrize(
    ("key", "given", "words"),
    [
        (TARGET, {"value": "九成", "why": "试行办法"}, "应写成 100、<=20"),
        (TARGET, {"value": "9-6", "why": "试行办法"}, "下限大于上限"),
        (TARGET, {"value": "95", "why": ""}, "请写明理由"),
        ("suspended_points", {"value": "13", "why": "试行办法"}, "超出范围 1 至 12"),
        ("suspended_points", {"value": "9.5", "why": "试行办法"}, "应为整数"),
        ("county_admdvs", {"value": "99900", "why": "试行办法"}, "不符合要求"),
        ("r040_days", {"value": "十五", "why": "试行办法"}, "应为整数"),
    ],
)
def test_wrong_values_are_refused_in_chinese_and_leave_no_trace(empty_home, key, given, words):
    part = {} if key == TARGET else {"part": "rules" if key.startswith("r0") else "parameters"}
    if key.startswith("r0"):
        key = next(name for name in view.rule_keys() if name.startswith("r040"))
    app = press(fill(screen_of(empty_home, PATH, Role.ANALYST, key=key, **part), **given), "save")
    assert words in "\n".join(error.value for error in app.error).replace("\\", "")
    assert Settings(empty_home).version == "0"
    assert listing(engine(empty_home), action="修改设置") == []


def test_a_change_is_undone_by_a_new_one_and_the_shipped_value_is_back(empty_home):
    Settings(empty_home).set("suspended_points", "10", dt.date(2025, 1, 1), "试行", "fx01")
    app = screen_of(empty_home, PATH, Role.ANALYST, part="parameters", key="suspended_points")
    assert "10 分" in sheets(app)
    press(fill(app, undo_why="文件作废"), "undo_save")
    settings = Settings(empty_home)
    assert settings.get("suspended_points", china_today()) == 9
    assert [change.why for change in settings.history("suspended_points")] == ["试行", "文件作废"]


def test_an_event_is_added_changed_and_taken_back(empty_home):
    app = fill(
        screen_of(empty_home, PATH, Role.ANALYST, part="event_mark"),
        field_event_date=dt.date(2026, 1, 1), field_title="DRG 上线", why="县局通知",
    )  # fmt: skip
    app = press(app, "save")
    assert "已保存并载入" in texts(app)
    assert list(app.dataframe[0].value["事件"]) == ["DRG 上线"]
    assert [held.content["title"] for held in rows_held(empty_home, "event_mark")] == ["DRG 上线"]
    app = screen_of(empty_home, PATH, Role.ANALYST, part="event_mark", row="2026-01-01|DRG 上线")
    app = press(fill(app, why="推迟上线"), "back")
    assert rows_held(empty_home, "event_mark") == []
    assert [(one.taken_back, one.why) for one in changes(empty_home)] == [
        (False, "县局通知"),
        (True, "推迟上线"),
    ]
    assert "取消这一条" in sheets(app)


def test_a_wrong_row_is_refused_in_words(empty_home):
    app = fill(
        screen_of(empty_home, PATH, Role.AGREEMENTS, part="base_year"),
        field_year="2026", field_insutype="390", field_base_year="2026", field_reason="跨期", why="年报",
    )  # fmt: skip
    app = press(app, "save")
    assert "应早于年度" in app.error[0].value
    assert changes(empty_home) == []


def test_shipped_categories_are_shown_until_the_bureau_changes_one(empty_home):
    app = screen_of(empty_home, PATH, Role.LEADER, part="med_type")
    assert set(app.dataframe[0].value["来自"]) == {"随系统提供"}


def test_all_changes_stand_in_one_list_newest_first(empty_home):
    settings = Settings(empty_home)
    settings.set("county_name", "示范县", None, "建库", "命令行")
    settings.set(TARGET, "95", dt.date(2025, 1, 1), "试行", "fx01")
    rows = screen_of(empty_home, PATH, Role.LEADER, part="changes").dataframe[0].value
    assert list(rows["事项"]) == ["协议检查覆盖率的目标", "本县名称"]
    assert list(rows["变更前"]) == ["按指标口径", "未设置"]
    assert list(rows["变更后"]) == ["95%", "示范县"]
    assert list(rows["状态"]) == ["在用", "在用"]


def test_after_a_change_of_a_list_the_screen_offers_the_next_version(demo_home_copy, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    app = screen_of(demo_home_copy, PATH, Role.ANALYST, part="workday")
    assert "上一个版本" not in texts(app)
    day = dt.date(2026, 3, 4)
    app = press(
        fill(app, field_cal_date=day, field_workday_flag="0", field_reason="停电", why="县政府通知"), "save"
    )
    assert "工作日调整已修改,页面还在使用上一个版本" in texts(app)
    leader = screen_of(demo_home_copy, PATH, Role.LEADER)
    assert "生成新版本后按新内容计算" in texts(leader)
    assert not [button for button in leader.button if button.label == "生成新版本"]
    [build] = [button for button in app.button if button.label == "生成新版本"]
    app = build.click().run()
    assert not app.exception
    assert "上一个版本" not in texts(screen_of(demo_home_copy, PATH, Role.ANALYST))


def test_a_rule_parameter_waits_for_the_next_version_and_a_threshold_does_not():
    built = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    rule = next(key for key in view.rule_keys())

    def told(
        key: str, set_at: dt.datetime, begins: dt.date | None, today: dt.date = dt.date(2026, 6, 2)
    ) -> list[str]:
        values = Values([Change(key, "20", begins, "试行", "fx01", set_at)])
        return view.not_in_version(values, built, today)

    before, after = dt.datetime(2026, 6, 1, 11), dt.datetime(2026, 6, 1, 13)
    assert told(rule, after, dt.date(2026, 1, 1)) == [parameters()[rule].label]
    assert told(rule, before, dt.date(2026, 1, 1)) == []
    # recorded before the build, begun after it
    assert told(rule, before, dt.date(2026, 6, 2)) == [parameters()[rule].label]
    assert told(rule, after, dt.date(2026, 6, 3)) == []
    assert told("over_frequency_limit", after, dt.date(2026, 1, 1)) == []
    assert told("county_admdvs", after, None) == ["本县医保区划"]
