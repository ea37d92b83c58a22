"""用户与审计 as the administrator sees it."""

from __future__ import annotations

import datetime as dt

from streamlit.testing.v1 import AppTest

from fundwatch.access import Role
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.state.audit import Event, record
from fundwatch.state.audit_search import Wanted, count, part, values
from fundwatch.state.db import engine
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui import audit_log
from fundwatch.ui.admin import detail_words, object_words
from fundwatch.ui.signin import SESSION

NOON = dt.datetime(2026, 11, 2, 12, 0)


def screen(tmp_path, monkeypatch) -> AppTest:
    home = Home(tmp_path / "home").ensure()
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    Users.of(home).add("admin", "系统管理员01", [Role.ADMIN], "测试")
    Users.of(home).set_password("admin", "Own-password-2026-x")
    record(engine(home), "fx01", "导出", "检查清单", {"rows": 3, "format": "csv"})
    return signed_in(home, made=True)


def signed_in(home: Home, made: bool = False) -> AppTest:
    if not made:
        Users.of(home).add("admin", "系统管理员01", [Role.ADMIN], "测试")
        Users.of(home).set_password("admin", "Own-password-2026-x")
    app = AppTest.from_file(str(PROJECT / "pages" / "admin" / "users.py"), default_timeout=60)
    app.session_state[SESSION] = Sessions.of(home).issue("admin")
    return app.run()


def test_accounts_and_log_are_listed_and_the_chain_is_checked(tmp_path, monkeypatch):
    app = screen(tmp_path, monkeypatch)
    assert not app.exception
    accounts, log = (table.value for table in app.dataframe)
    assert list(accounts["账号"]) == ["admin"]
    assert list(log["操作"]) == ["导出", "修改密码", "新增账号"]
    assert log["详情"][0] == "格式 csv;行数 3"
    assert any("逐条校验一致" in caption.value for caption in app.caption)


def test_log_is_looked_through_by_act_account_words_and_days(tmp_path, monkeypatch):
    app = screen(tmp_path, monkeypatch)

    def found() -> list[str]:
        assert not app.exception
        return list(app.dataframe[1].value["操作"]) if len(app.dataframe) > 1 else []

    app.selectbox(key="audit_action").select("导出").run()
    assert found() == ["导出"]
    app.selectbox(key="audit_action").select("全部").run()
    app.text_input(key="audit_text").set_value("检查清").run()
    assert found() == ["导出"]
    app.text_input(key="audit_text").set_value("%").run()
    assert found() == []
    app.text_input(key="audit_text").set_value("").run()
    app.selectbox(key="audit_user").select("测试").run()
    assert found() == ["新增账号"]
    app.date_input(key="audit_last").set_value(dt.date(2020, 1, 1)).run()
    assert found() == []


def test_pages_of_the_log_come_from_the_database_in_order(tmp_path):
    store = engine(Home(tmp_path / "home").ensure())
    for number in range(7):
        record(store, f"u{number % 2}", "导出", f"清单{number}", {"rows": number})
    wanted = Wanted(user="u0")
    assert count(store, wanted) == 4
    assert [one.object for one in part(store, wanted, 2, 1)] == ["清单4", "清单2"]
    assert count(store, Wanted(first=dt.date(2100, 1, 1))) == 0
    assert values(store, "user") == ["u0", "u1"]


def test_export_of_the_log_holds_what_was_found_and_is_logged(tmp_path, monkeypatch):
    made: list[bytes] = []
    monkeypatch.setattr(audit_log, "allowed", lambda page, make: made.append(make(NOON)) or (lambda: b""))
    app = screen(tmp_path, monkeypatch)
    assert not app.exception
    assert "检查清单" in made[0].decode("utf-8-sig")
    newest = list(part(engine(Home(tmp_path / "home")), Wanted(action="导出"), 2))
    assert {one.object for one in newest} == {"操作日志"}
    assert newest[1].detail["rows"] == 3


def test_administrators_see_a_claim_as_a_code_and_no_words_about_it(tmp_path, monkeypatch):
    home = Home(tmp_path / "home").ensure()
    record(engine(home), "cs01", "查看个人明细", "结算 S9990010066", {"rows": 3})
    record(engine(home), "cs01", "线索核实", "R001:S9990010066", {"verdict": "属实", "reason": "病历无记录"})
    app = screen(tmp_path, monkeypatch)
    log = app.dataframe[1].value
    assert not log.to_csv().count("S9990010066")
    assert "病历无记录" not in log.to_csv()
    assert log[log["操作"] == "查看个人明细"]["对象"].iloc[0].startswith("结算 代号 ")
    app.text_input(key="audit_text").set_value("S9990010066").run()
    assert len(app.dataframe[1].value) == 2


def test_administrator_limits_an_account_on_the_screen(demo_home_copy, monkeypatch):
    home = demo_home_copy
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    Users.of(home).add("jh41", "稽核岗41", [Role.INSPECTOR], "测试")
    app = signed_in(home)
    app.selectbox(key="scope_user").select("jh41")
    app.selectbox(key="scope_town").select("999001001")
    app.button(key="FormSubmitter:scope-保存").click().run()
    assert not app.exception
    user = Users.of(home).get("jh41")
    assert user is not None
    assert user.sight.town == "999001001"
    assert any("乡镇 999001001" in one.value for one in app.success)


def test_administrator_cannot_close_the_screen_to_itself(demo_home_copy, monkeypatch):
    home = demo_home_copy
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    app = signed_in(home)
    app.selectbox(key="scope_user").select("admin")
    app.selectbox(key="scope_town").select("999001001")
    app.button(key="FormSubmitter:scope-保存").click().run()
    assert any("不能限定自己的账号" in one.value for one in app.error)
    user = Users.of(home).get("admin")
    assert user is not None
    assert user.town is None


def test_detail_is_shown_in_chinese_words():
    event = Event(1, "2024-07-01T09:30:00+08:00", "fx01", "登录失败", "", {"failures": 5, "locked": True})
    assert detail_words(event) == "连续失败次数 5;已暂停登录 是"


def test_no_identifier_stands_where_a_word_belongs():
    detail = {
        "screen": "case", "roles": ["局领导", "稽核岗"], "before": None, "columns": ["setl_id", "amt"],
        "filters": {"level_class": ["一级", "二级"]}, "table": "doc_d", "rows": 12,
    }  # fmt: skip
    assert detail_words(Event(1, "2024-07-01T09:30:00+08:00", "fx01", "导出", "", detail)) == (
        "页面 个案详情;角色 局领导、稽核岗;变更前 无;列 2 个;筛选 级别:一级、二级;数据表 审核单据;行数 12"
    )
    assert object_words("county_name") == "本县名称"
    assert object_words("target.rejection_rate") == "审核拒付率的目标"
    assert object_words("结算 S1") == "结算 S1"
