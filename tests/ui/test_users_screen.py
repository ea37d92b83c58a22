"""用户与审计 as the administrator sees it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from fundwatch.access import Role
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.state.audit import Event, record
from fundwatch.state.db import engine
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.admin import detail_words, object_words
from fundwatch.ui.signin import SESSION


def screen(tmp_path, monkeypatch) -> AppTest:
    home = Home(tmp_path / "home").ensure()
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    Users.of(home).add("admin", "系统管理员01", [Role.ADMIN], "测试")
    record(engine(home), "fx01", "导出", "检查清单", {"rows": 3, "format": "csv"})
    app = AppTest.from_file(str(PROJECT / "pages" / "admin" / "users.py"), default_timeout=60)
    app.session_state[SESSION] = Sessions.of(home).issue("admin")
    return app.run()


def test_accounts_and_log_are_listed_and_the_chain_is_checked(tmp_path, monkeypatch):
    app = screen(tmp_path, monkeypatch)
    assert not app.exception
    accounts, log = (table.value for table in app.dataframe)
    assert list(accounts["账号"]) == ["admin"]
    assert list(log["操作"]) == ["导出", "新增账号"]
    assert log["详情"][0] == "格式 csv;行数 3"
    assert any("逐条校验一致" in caption.value for caption in app.caption)


def test_log_can_be_narrowed_to_one_kind_of_act(tmp_path, monkeypatch):
    app = screen(tmp_path, monkeypatch)
    app.selectbox[0].select("导出").run()
    assert list(app.dataframe[1].value["操作"]) == ["导出"]


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
