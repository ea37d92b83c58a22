"""月报与导出: the report's own words on screen, submission by those who may, corrections beside what was submitted."""

from __future__ import annotations

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Ability, Role, may
from fundwatch.home import HOME_VARIABLE
from fundwatch.reports.monthly import submissions
from fundwatch.reports.monthly.items import Item
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.ui.document import taken
from fundwatch.ui.monthly_report import PARTS

PATH = "pages/reports/monthly.py"
SUBMIT = "提交并冻结"


@pytest.fixture
def taihe(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    return taihe_home


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_read_the_report_and_only_some_may_submit(taihe, role):
    app = screen_of(taihe, PATH, role, month="2021-04", part="submit")
    assert not app.exception
    assert [title.value for title in app.title] == (["月报与导出"] if role in STAFF else ["没有查看权限"])
    assert (SUBMIT in [button.label for button in app.button]) == may([role], Ability.SUBMIT)


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_of_the_demo_is_there(demo, part):
    app = screen_of(demo, PATH, Role.ANALYST, part=part, month="2026-08")
    assert not app.exception
    assert not app.error
    words = texts(app)
    assert "2026年8月六项信息:已报齐" in words
    assert "其中迟报 1 项" in words
    if part == "preview":
        for item in Item:
            assert item.value in words
        assert "本月完成日常稽核" in words
        assert "表1 日常稽核情况（按检查方式）" in words
    if part == "filings":
        assert "迟报4天" in sheets(app)


def test_a_county_of_totals_is_told_what_is_missing(taihe):
    app = screen_of(taihe, PATH, Role.LEADER, month="2021-04")
    assert not app.exception
    words = texts(app)
    assert "未载入“审核单据”数据，本项无法统计，不以零代替。" in words
    assert "没有报送台账" in words
    app = screen_of(taihe, PATH, Role.LEADER, month="2021-04", part="filings")
    assert "报送情况无法统计" in texts(app)


def test_submitting_freezes_the_month_and_shows_it_in_the_history(taihe):
    before = len(submissions(taihe))
    app = screen_of(taihe, PATH, Role.ANALYST, month="2021-03", part="submit")
    next(button for button in app.button if button.label == SUBMIT).click().run()
    assert not app.exception
    assert not app.error
    assert "已提交 YB202103-01" in texts(app)
    made = submissions(taihe)
    assert len(made) == before + 1
    assert made[0].submitted_by == "分析员01"
    app = screen_of(taihe, PATH, Role.INSPECTOR, month="2021-03", part="history")
    assert not app.exception
    assert not app.error
    assert "提交时的各项数字与目前数据一致。" in texts(app)
    assert "YB202103-01" in app.dataframe[0].value.to_string()


def test_a_download_is_logged_with_its_hash(taihe):
    app = screen_of(taihe, PATH, Role.INSPECTOR, month="2021-04")
    labels = [button.label for button in app.get("download_button")]
    assert labels[:2] == ["下载 Word", "下载 PDF"]

    class Someone:
        home = taihe
        entry = type("Entry", (), {"url_path": "monthly-report"})
        user = type("User", (), {"username": "person05"})

    assert taken(Someone, "六项信息月报_2021-04", "pdf", lambda: b"%PDF", {"version": "v"}) == b"%PDF"
    logged = listing(engine(taihe), action="导出")[0]
    assert (logged.object, logged.detail["format"], logged.detail["version"]) == (
        "六项信息月报_2021-04",
        "pdf",
        "v",
    )
    assert len(logged.detail["sha256"]) == 64
