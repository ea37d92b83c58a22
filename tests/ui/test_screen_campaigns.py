"""专项与文书: campaigns against the inspection ledger, the six-item report, training, control, assessment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.screens.campaigns import (
    assessment_message,
    assessment_year,
    campaign_message,
    control_message,
    filing_message,
    filing_state,
    filings,
    held_against,
)
from fundwatch.ui.campaigns_views import PARTS
from fundwatch.ui.sheet import html

PATH = "pages/inspection/campaigns.py"
D = Decimal


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_campaigns_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["专项与文书"] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there(demo, part):
    app = screen_of(demo, PATH, Role.INSPECTOR, part=part)
    assert not app.exception
    assert not app.error
    assert app.dataframe or sheets(app) or "完整" in texts(app)


def test_the_published_campaign_of_the_real_county_says_its_outcomes(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER, **{"from": "2021-01-01", "to": "2021-06-30"})
    assert not app.exception
    words = texts(app)
    assert "已查 161 家,约谈 52 家,暂停 8 家" in words
    assert "“报送”" not in words
    [shown] = [frame.value for frame in app.dataframe]
    assert len(shown) == 1


@pytest.mark.parametrize("part", list(PARTS))
def test_a_county_of_totals_is_told_what_is_missing(taihe_home, monkeypatch, part):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER, part=part)
    assert not app.exception
    if part != "campaigns":
        assert "表从未载入" in texts(app)


CAMPAIGN = {
    "campaign_name": "药店专项", "enddate": dt.date(2021, 4, 30), "target_cnt": 161, "checked_cnt": 161, "talk_cnt": 52,
    "suspend_cnt": 8, "rectify_cnt": None, "amt_found": D("12345.60"), "ledger_cnt": None, "ledger_amt": None,
}  # fmt: skip


def test_a_campaign_in_words():
    last = CAMPAIGN["enddate"]
    assert campaign_message([], last) == "期内没有专项检查。"
    assert campaign_message([CAMPAIGN], dt.date(2021, 6, 30)) == (
        "期内专项检查 1 项;药店专项应查 161 家,已查 161 家,约谈 52 家,暂停 8 家,查出 1.23 万元。"
    )


def test_a_campaign_past_its_last_day_with_institutions_left_is_named():
    open_one = {
        **CAMPAIGN,
        "campaign_name": "康复专项",
        "target_cnt": 24,
        "checked_cnt": 13,
        "enddate": dt.date(2021, 7, 31),
    }
    assert "到期" not in campaign_message([CAMPAIGN, open_one], dt.date(2021, 7, 31))
    late = campaign_message([CAMPAIGN, open_one], dt.date(2021, 8, 1))
    assert late.endswith(";康复专项已于 2021-07-31 到期,应查 24 家,还有 11 家未查。")


def test_reported_numbers_are_compared_with_the_ledger_only_where_it_names_the_campaign():
    assert held_against([CAMPAIGN]) == []
    same = {**CAMPAIGN, "ledger_cnt": 161, "ledger_amt": D("12345.60")}
    assert held_against([same]) == []
    fewer = {**same, "ledger_cnt": 158, "ledger_amt": D("12345.59")}
    assert held_against([fewer]) == [
        "药店专项:上报已查 161 家,检查台账登记 158 家,相差 3 家。",
        "药店专项:上报查出 12,345.60 元,问题台账合计 12,345.59 元,相差 0.01 元。",
    ]


DUE = dt.date(2024, 7, 10)


def report(item: str, filed: dt.date | None) -> dict[str, object]:
    return {"month": "2024-06", "item": item, "due_date": DUE, "filed_date": filed}


@pytest.mark.parametrize(("filed", "state"), [(DUE, "按时"), (dt.date(2024, 7, 11), "迟报"), (None, "未报")])
def test_the_tenth_itself_is_in_time(filed, state):
    assert filing_state(report("自查自纠", filed)) == state


def test_the_six_items_stand_beside_each_other():
    rows = [report("自查自纠", DUE), report("专项检查", dt.date(2024, 7, 13)), report("投诉举报", None)]
    table = html(*filings(rows))
    assert table.count("<tr") == 2
    assert "迟报 3 天" in table
    assert "未报" in table
    assert filing_message(rows) == "期内到期 3 项次,按时 1、迟报 1、未报 1。"
    assert filing_message(rows[:1]) == "期内到期的 1 项次六项信息均按时报送。"
    assert filing_message([]) == "期内没有到期的六项信息。"


def test_control_and_assessment_in_words():
    controls = pa.table({"found_cnt": [3, None], "open_cnt": [1, 0]})
    assert control_message(controls) == "期内内控检查 2 次,发现 3 项,1 项未整改。"
    assert control_message(controls.slice(1)) == "期内内控检查 1 次,发现 0 项,全部整改。"
    assert control_message(controls.slice(2)) == "期内没有内控检查。"
    money = pa.table({"withheld_amt": pa.array([D("100.50"), None], pa.decimal128(16, 2))})
    assert assessment_message(2024, money) == "2024年度已考核 2 家,考核扣留 100.50 元。"
    assert assessment_message(2024, money.slice(2)) == "2024年度还没有考核结果。"


def test_the_newest_assessment_not_after_the_period_is_shown():
    assert assessment_year(dt.date(2024, 6, 30), [2022, 2023, 2025]) == 2023
    assert assessment_year(dt.date(2024, 6, 30), []) == 2024
