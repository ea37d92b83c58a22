"""待办预警: each clock on its boundary days, counts that agree with the lists and KPIs, and honest words where a table is missing."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from county import HOSPITAL, PHARMACY
from lake_home import new_home, put, run_build
from signed_in import screen_of, sheets, texts

from fundwatch.access import PAGES, STAFF, Role, entry_at
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import declarations, evaluate
from fundwatch.quality import TableState, status
from fundwatch.screens.clocks import Standing
from fundwatch.screens.deadlines import BY_ID, PARTS, TOPICS, lines, message, next_report_day, report_words
from fundwatch.screens.deadlines_items import (
    item,
    listed,
    of_alerts,
    of_institutions,
    of_ledgers,
    of_reports,
    of_review,
    of_tables,
)
from fundwatch.screens.drift import Alert, Alerts
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.ui import deadlines_views
from fundwatch.ui.deadlines_views import WHENS, narrowed
from fundwatch.warehouse import open_warehouse

PATH = "pages/overview/deadlines.py"
D, DAY = Decimal, dt.date(2024, 6, 30)


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture
def taihe(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    return taihe_home


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Things around their due day: the day before, on it, after it, and done in time or a day too late to count."""
    made = new_home(tmp_path_factory.mktemp("deadlines") / "home")
    put(
        made, "fixmedins_b", {"fixmedins_code": HOSPITAL, "fixmedins_name": "甲医院", "hosp_lv": "05"},
        {"fixmedins_code": PHARMACY, "fixmedins_name": "乙药店", "fixmedins_type": "2", "hosp_lv": "11"},
    )  # fmt: skip
    agreement = {"efft_time": "2024-01-01", "invd_time": "2024-12-31"}
    put(
        made, "fixmedins_cntr_reg_d",
        {**agreement, "cntr_id": "K1", "fixmedins_code": HOSPITAL, "invd_time": "2024-07-07"},
        {**agreement, "cntr_id": "K2", "fixmedins_code": PHARMACY, "invd_time": "2024-06-30"},
        # renewed: neither the old agreement nor the suspended one of the pharmacy is about to lapse
        {"cntr_id": "K3", "fixmedins_code": PHARMACY, "efft_time": "2024-07-01", "invd_time": "2025-06-30"},
        {**agreement, "cntr_id": "K4", "fixmedins_code": PHARMACY, "cntr_stas": "2", "stas_begndate": "2024-06-01",
         "stas_enddate": "2024-06-29"},
    )  # fmt: skip
    task = {"begndate": "2024-01-01", "group_name": "办公室", "title": "任务"}
    put(
        made, "work_plan",
        {**task, "task_id": "T1", "due_date": "2024-06-29"},
        {**task, "task_id": "T2", "due_date": "2024-06-30"},
        {**task, "task_id": "T3", "due_date": "2024-06-01", "done_date": "2024-06-30"},
        {**task, "task_id": "T4", "due_date": "2024-06-01", "done_date": "2024-07-01"},
    )  # fmt: skip
    put(
        made, "handling",
        {"handle_id": "C1", "handle_type": "20", "decided_date": "2024-06-01", "enddate": "2024-07-08", "fixmedins_code": HOSPITAL},
        {"handle_id": "C2", "handle_type": "20", "decided_date": "2024-06-01", "enddate": "2024-06-15", "done_date": "2024-06-15"},
        {"handle_id": "C3", "handle_type": "32", "decided_date": "2024-06-01", "enddate": "2024-06-15"},
    )  # fmt: skip
    put(
        made, "report_filing",
        *({"month": "2024-05", "item": name, "due_date": "2024-06-10", "filed_date": filed} for name, filed in (
            ("日常稽核", "2024-06-10"), ("基金结算审核", None), ("自查自纠", "2024-07-01"), ("投诉举报", "2024-06-10"),
            ("专项检查", "2024-06-10"), ("委托检查", "2024-06-10"))),
    )  # fmt: skip
    doc = {"fixmedins_code": HOSPITAL, "issue": "202406", "dcla_time": "2024-06-18 10:00:00", "setl_id": "S"}
    put(
        made, "doc_d",
        {**doc, "doc_id": "D1"}, {**doc, "doc_id": "D2", "chktime": "2024-06-30 23:59:59"},
        {**doc, "doc_id": "D3", "chktime": "2024-07-01 00:00:00"},
    )  # fmt: skip
    suspicion = {"doc_id": "D2", "checkout_time": "2024-06-19", "rule_id": "r"}
    checked = {**suspicion, "chktime": "2024-06-20", "chk_vola_flag": "1", "chk_vola_amt": "10.00"}
    again = {**checked, "rchk_time": "2024-06-21", "rchk_vola_flag": "1"}
    pushed = {**again, "push_time": "2024-06-22"}
    put(
        made, "doc_suspt_d",
        {**checked, "doc_suspt_id": "recheck"},
        {**again, "doc_suspt_id": "push"},
        {**pushed, "doc_suspt_id": "appeal", "appl_ddln": "2024-06-30"},
        {**pushed, "doc_suspt_id": "expired", "appl_ddln": "2024-06-29"},
        {**pushed, "doc_suspt_id": "appealed", "appl_ddln": "2024-06-30", "appl_flag": "1", "appl_time": "2024-06-23"},
        {**pushed, "doc_suspt_id": "feedback", "finl_chktime": "2024-06-25", "finl_chk_vola_flag": "1"},
        {**pushed, "doc_suspt_id": "deduct", "finl_chktime": "2024-06-25", "finl_chk_vola_flag": "1", "fdbk_time": "2024-06-26"},
        {**pushed, "doc_suspt_id": "done", "finl_chktime": "2024-06-25", "finl_chk_vola_flag": "1", "fdbk_time": "2024-06-26",
         "det_flag": "1", "det_time": "2024-06-27"},
        {**pushed, "doc_suspt_id": "upheld", "finl_chktime": "2024-06-25", "finl_chk_vola_flag": "0", "fdbk_time": "2024-06-26"},
        {**checked, "doc_suspt_id": "passed", "chk_vola_flag": "0"},
        {**checked, "doc_suspt_id": "dropped", "rchk_time": "2024-06-21", "rchk_vola_flag": "0"},
    )  # fmt: skip
    run_build(made)
    return made


def asked(home, name: str, **values) -> list[dict]:
    text = page_sql(name)
    return open_warehouse(home).query(text, {"day": DAY, **values}).to_pylist()


def test_ledgers_say_what_is_open_on_the_day(home):
    rows = listed(of_ledgers(asked(home, "deadlines_ledger"), DAY)).to_pylist()
    assert [(row["item_id"], row["topic"], row["clock"]) for row in rows] == [
        ("T4", "task", "超期 29 天"),
        ("K4", "suspension", "超期 1 天"),
        ("T1", "task", "超期 1 天"),
        ("T2", "task", "今日到期"),
        ("K1", "agreement", "还有 7 天"),
        ("C1", "rectify", "还有 8 天"),
    ]
    assert {row["item_id"]: row["who"] for row in rows}["K1"] == "甲医院"


def test_the_report_names_the_missing_items_and_the_days_to_the_tenth(home):
    rows = asked(home, "deadlines_reports", next_due=next_report_day(DAY))
    late = [row["item"] for row in rows if row["due_date"] < DAY]
    # filed on 1 July was not filed on 30 June
    assert sorted(late) == ["基金结算审核", "自查自纠"]
    lead, said = report_words(rows, DAY, is_known=True)
    assert lead == "10 天"
    assert said.startswith("2024年6月六项信息应于 2024-07-10 前报送,未报 6 项:")
    assert of_reports(rows, DAY)[0]["clock"] == "超期 20 天"
    assert report_words([], dt.date(2024, 7, 10), is_known=True) == ("今日截止", "2024年6月六项信息已报齐")
    assert "没有报送台账" in report_words([], DAY, is_known=False)[1]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2024-07-10", "2024-07-10"),
        ("2024-07-11", "2024-08-10"),
        ("2024-12-31", "2025-01-10"),
        ("2024-01-31", "2024-02-10"),
    ],
)
def test_the_tenth_on_the_day_or_after_it(day, due):
    assert next_report_day(dt.date.fromisoformat(day)) == dt.date.fromisoformat(due)


def test_each_suspicion_waits_for_one_step_only(home):
    rows = asked(home, "deadlines_review", next_day=DAY + dt.timedelta(days=1))
    assert [(row["step"], row["item_cnt"], str(row["since"])) for row in rows] == [
        ("appeal", 1, "2024-06-22"),
        ("deduct", 1, "2024-06-26"),
        ("feedback", 1, "2024-06-25"),
        # the deadline passed without appeal on 29 June; the other was appealed on 23 June
        ("final", 1, "2024-06-23"),
        ("final", 1, "2024-06-29"),
        # D1 never checked and D3 checked on 1 July; D2 was checked in the last second of the day
        ("first", 2, "2024-06-18"),
        ("push", 1, "2024-06-21"),
        ("recheck", 1, "2024-06-20"),
    ]


def test_first_review_is_judged_by_its_working_days_and_only_with_a_limit(home):
    rows = asked(home, "deadlines_review", next_day=DAY + dt.timedelta(days=1))
    declared = dt.date(2024, 6, 18)
    judged = [
        row
        for row in of_review(rows, DAY, {declared: dt.date(2024, 6, 27)})
        if row["topic"] == "review_first"
    ]
    assert [(row["clock"], row["standing"], row["item_cnt"]) for row in judged] == [
        ("超期 3 天", Standing.OVERDUE, 2)
    ]
    free = [row for row in of_review(rows, DAY, {}) if row["topic"] == "review_first"]
    assert [(row["clock"], row["standing"]) for row in free] == [("已等 12 天", Standing.NO_DATE)]
    appeal = [row for row in of_review(rows, DAY, {}) if row["topic"] == "appeal"]
    assert [(row["clock"], row["who"]) for row in appeal] == [("今日到期", "甲医院")]


def test_only_institutions_outside_the_numerator_are_due():
    rows = [
        {"fixmedins_code": HOSPITAL, "fixmedins_name": "甲医院", "numerator": 1},
        {"fixmedins_code": PHARMACY, "fixmedins_name": "乙药店", "numerator": 0},
    ]
    [due] = of_institutions("self_check", rows, DAY, dt.date(2024, 6, 30), "未提交2024年自查")
    assert (due["who"], due["clock"]) == ("乙药店", "今日到期")
    [late] = of_institutions(
        "self_check", rows, dt.date(2024, 7, 1), dt.date(2024, 6, 30), "未提交2024年自查"
    )
    assert late["standing"] == Standing.OVERDUE


def state(table: str, through: str | None, monthly: bool = True) -> TableState:
    day = None if through is None else dt.date.fromisoformat(through)
    return TableState(table, table, True, monthly, 1, day, day, ())


@pytest.mark.parametrize(
    ("table", "through", "today", "words"),
    [
        ("setl_d", "2024-06-23", "2024-06-30", "今日到期"),
        ("setl_d", "2024-06-22", "2024-06-30", "超期 1 天"),
        # May's ledger: June's is expected a week after June is over
        ("fund_ledger", "2024-05-31", "2024-07-07", "今日到期"),
        ("fund_ledger", "2024-05-31", "2024-07-08", "超期 1 天"),
        ("fund_ledger", "2023-12-31", "2024-02-07", "今日到期"),
    ],
)
def test_tables_are_late_by_their_own_rhythm(table, through, today, words):
    [found] = of_tables([state(table, through)], dt.date.fromisoformat(today))
    assert found["clock"] == words


def test_ledgers_without_a_rhythm_and_tables_without_a_day_are_never_late():
    assert of_tables([state("complaint", "2020-01-01", monthly=False), state("setl_d", None)], DAY) == []


def made(topic: str, due: str | None, count: int = 1, since: dt.date | None = None):
    day = None if due is None else dt.date.fromisoformat(due)
    return item(topic, DAY, what="事", due=day, since=since, item_cnt=count)


def test_topics_stand_by_urgency_and_counts_of_different_things_are_not_added():
    table = listed([
        made("task", "2024-07-01"), made("case", "2024-06-29", 2), made("rectify", "2024-06-01"), made("agreement", "2024-12-31", 340),
        made("complaint", "2024-07-20"), made("reply", None, 3, DAY - dt.timedelta(days=5)),
    ])  # fmt: skip
    found = lines(table, {"report": "未载入数据:“六项信息报送”表从未载入"})
    assert [(line.topic.id, PARTS[line.urgency]) for line in found][:7] == [
        ("rectify", "已超期"), ("case", "已超期"), ("task", "7天内到期"), ("reply", "在等,没有期限"), ("complaint", "30天内到期"),
        ("agreement", "以后到期"), ("review_first", "没有待办"),
    ]  # fmt: skip
    assert (found[-1].topic.id, PARTS[found[-1].urgency]) == ("report", "无法判断")
    assert message(found, DAY) == (
        "截至 2024-06-30,已超期 2 类:限期整改 1 件、线索案件 2 件;7天内到期 1 类:任务台账 1 项;1 类因缺少数据无法判断。"
    )
    assert narrowed(table, "all", "overdue").num_rows == 2
    assert narrowed(table, "case", "all").column("item_cnt").to_pylist() == [2]
    assert narrowed(table, "case", "week").num_rows == 0


def test_nothing_open_is_said():
    assert message(lines(listed([]), {}), DAY) == "截至 2024-06-30,没有超期事项。"


def test_every_topic_leads_to_a_screen_or_list_that_exists():
    for topic in TOPICS:
        assert topic.owner
        assert not topic.screen or entry_at(topic.screen) is not None
    assert BY_ID["self_check"].owner == declarations()["self_check_coverage"].owner
    assert [entry.url_path for entry in PAGES if entry.group == "总览"][:2] == ["overview", "deadlines"]


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_deadlines_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert not app.error
    assert [heading.value for heading in app.title] == (["待办预警"] if role in STAFF else ["没有查看权限"])
    assert bool(app.dataframe) == (role in STAFF)


def cells_of(table: str, name: str) -> list[str]:
    """The texts of a topic's row, marks taken out."""
    row = next(row for row in re.findall(r"<tr[^>]*>.*?</tr>", table) if f">{name}<" in row)
    cells = [re.sub(r"<span.*?</span>", "", cell) for cell in re.findall(r"<td.*?</td>", row)]
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells]


def test_counts_agree_with_the_kpis_and_with_status(demo):
    table = sheets(screen_of(demo, PATH, Role.LEADER))
    rest = {}
    for kpi in ("self_check_coverage", "inspection_coverage"):
        asked_for = (dt.date(2026, 1, 1), dt.date(2026, 10, 31))
        number = evaluate(open_warehouse(demo), Settings(demo), [kpi], *asked_for)[0]
        rest[kpi] = str(number.denominator - number.numerator)
    # 30 June is over, 31 December is 61 days away
    assert cells_of(table, "自查自纠(家)")[1] == rest["self_check_coverage"]
    assert cells_of(table, "年度检查覆盖(家)")[4] == rest["inspection_coverage"]
    printed = {line.kind: line.overdue for line in status(demo).deadlines}
    for kind, name in (
        ("案件", "线索案件(件)"),
        ("举报投诉", "举报投诉(件)"),
        ("任务", "任务台账(项)"),
        ("六项信息报送", "六项信息月报(项)"),
    ):
        assert cells_of(table, name)[1] == str(printed[kind]), kind


@pytest.mark.parametrize("when", list(WHENS))
def test_each_urgency_can_be_seen_alone(demo, when):
    app = screen_of(demo, PATH, Role.INSPECTOR, when=when)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("topic", list(BY_ID))
def test_each_topic_has_its_list_and_says_when_it_is_empty(demo, topic):
    app = screen_of(demo, PATH, Role.INSPECTOR, topic=topic)
    assert not app.exception
    if app.dataframe:
        assert set(app.dataframe[-1].value["事项"]) == {BY_ID[topic].name}
    else:
        assert "没有这样的待办事项" in texts(app)


def test_a_tile_opens_the_rows_behind_it(demo):
    app = screen_of(demo, PATH, Role.INSPECTOR)
    late = next(tile for tile in app.metric if tile.label == "已超期")
    rows = (
        next(button for button in app.button if button.key == "open_overdue")
        .click()
        .run()
        .dataframe[-1]
        .value
    )
    assert late.value == f"{len(set(rows['事项']))} 类"
    assert all(words.startswith("超期") for words in rows["时钟"])


def drifting() -> Alert:
    return Alert(
        declarations()["reminder_compliance"], HOSPITAL, "甲医院", "二级", "2026-09", "2026-04", "down", "concern",
        D("62.5"), D("71.0"), D("12.0"),
    )  # fmt: skip


def test_alerts_say_what_drifted_since_when_and_that_it_is_a_lead():
    [row] = of_alerts([drifting()]).to_pylist()
    assert (row["month"], row["fixmedins_name"], row["value"]) == ("2026年9月", "甲医院", "62.5%")
    assert "自2026年4月起" in row["said"]
    assert "百分位 71 → 12" in row["said"]
    assert row["said"].endswith("(疑点,未核实)")
    assert of_alerts([]).num_rows == 0


def test_open_alerts_stand_on_the_screen_and_lead_to_the_institution(demo, monkeypatch):
    found = Alerts((drifting(),), 5.0, 6, 2, ("2026-08", "2026-09", "2026-10"), D(5), "")
    monkeypatch.setattr(deadlines_views, "institution_alerts", lambda page, newest: found)
    app = screen_of(demo, PATH, Role.INSPECTOR)
    assert not app.exception
    assert list(app.dataframe[-1].value["定点医药机构名称"]) == ["甲医院"]
    assert "近 3 个月 1 件持续偏离预警(疑点,未核实)" in texts(app)


def test_without_an_alert_the_screen_says_why(taihe):
    assert "暂不能监测持续偏离" in texts(screen_of(taihe, PATH, Role.LEADER))


def test_a_county_of_totals_is_told_what_cannot_be_known(taihe):
    app = screen_of(taihe, PATH, Role.LEADER)
    assert not app.exception
    table, words = sheets(app), texts(app)
    for title in ("六项信息报送", "举报投诉", "协议登记", "任务台账", "自查自纠", "检查", "疑点"):
        assert f"“{title}”表从未载入" in table
    assert "截至 2021-06-04" in words
    assert "不能按今天判定超期" in words
    assert "没有报送台账,不知哪些已报" in words
