"""举报投诉: every complaint followed to its answer; counts, shares and rewards by channel and month; ways onward."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from county import HOSPITAL, PHARMACY, page_of
from lake_home import new_home, put, run_build
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role, entry_at
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import evaluate
from fundwatch.screens.clocks import Clock
from fundwatch.screens.complaints import by, counts, ledger, message, months, narrowed
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.ui import kpi_list
from fundwatch.ui.complaints_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/post/complaints.py"
D, FIRST, DAY = Decimal, dt.date(2024, 1, 1), dt.date(2024, 6, 30)
NO_FILTER = {"fixmedins_type": None, "level_class": None, "medins_natu": None, "town_code": None}


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Seven complaints: each stage once, one of last year never answered, one of last year done with."""
    made = new_home(tmp_path_factory.mktemp("complaints") / "home")
    put(
        made, "fixmedins_b", {"fixmedins_code": HOSPITAL, "hosp_lv": "05"},
        {"fixmedins_code": PHARMACY, "fixmedins_type": "2", "hosp_lv": "11"},
    )  # fmt: skip
    said = {"subject": "重复收费", "channel": "电话", "fixmedins_code": HOSPITAL}
    put(
        made, "complaint",
        {**said, "cmpl_id": "OLD_DONE", "recv_date": "2023-05-01", "closed_date": "2023-05-20", "reply_date": "2023-12-31"},
        {**said, "cmpl_id": "OLD_UNANSWERED", "recv_date": "2023-06-01", "accept_date": "2023-06-02", "closed_date": "2023-06-20",
         "due_date": "2023-07-01"},
        {**said, "cmpl_id": "OVERDUE", "recv_date": "2024-05-01", "accept_date": "2024-05-03", "due_date": "2024-06-29"},
        {**said, "cmpl_id": "WAITING", "recv_date": "2024-06-28", "channel": None, "due_date": "2024-07-28"},
        {**said, "cmpl_id": "TODAY", "recv_date": "2024-06-01", "accept_date": "2024-06-01", "due_date": "2024-06-30",
         "fixmedins_code": PHARMACY, "channel": "来信"},
        {**said, "cmpl_id": "VERIFIED", "recv_date": "2024-02-01", "accept_date": "2024-02-01", "due_date": "2024-03-02",
         "closed_date": "2024-03-02", "reply_date": "2024-03-05", "verified_flag": "1", "reward_amt": "200.50", "case_id": "A1"},
        {**said, "cmpl_id": "LATER", "recv_date": "2024-06-10", "accept_date": "2024-06-11", "due_date": "2024-07-10",
         "closed_date": "2024-07-01", "reply_date": "2024-07-02", "verified_flag": "1", "channel": "来信"},
    )  # fmt: skip
    put(made, "clue_case", {"case_id": "A1", "case_stas": "办理中", "opened_date": "2024-03-02"})
    run_build(made)
    return made


def asked(home, name: str, **values) -> list[dict]:
    text = page_sql(name)
    return (
        open_warehouse(home).query(text, {"first_day": FIRST, "day": DAY, **NO_FILTER, **values}).to_pylist()
    )


def listed(home, **values):
    return ledger(asked(home, "complaints_list", **values), FIRST, Clock(DAY, DAY, DAY))


def test_each_complaint_has_its_stage_and_clock_the_most_urgent_first(home):
    rows = listed(home).to_pylist()
    assert [(row["cmpl_id"], row["stage"], row["clock"]) for row in rows] == [
        ("OVERDUE", "办理中", "超期 1 天"),
        ("OLD_UNANSWERED", "待回复", "待回复 376 天"),
        ("TODAY", "办理中", "今日到期"),
        # closed and answered after the day: still open on it, and its flag says nothing yet
        ("LATER", "办理中", "还有 10 天"),
        ("WAITING", "待受理", "还有 28 天"),
        ("VERIFIED", "已回复", "按期办结"),
    ]
    found = {row["cmpl_id"]: row for row in rows}
    assert (found["WAITING"]["accept_words"], found["TODAY"]["accept_words"]) == ("已等 2 天", "当日")
    assert (found["VERIFIED"]["reply_words"], found["VERIFIED"]["verified"]) == ("33 天", "查实")
    assert (found["LATER"]["verified"], found["LATER"]["closed_date"]) == (None, None)
    assert found["VERIFIED"]["case_stas"] == "办理中"


def test_counts_and_sentence(home):
    found = counts(listed(home), DAY)
    assert (found.received, found.replied, found.closed, found.verified) == (5, 1, 1, 1)
    assert (found.verified_share, found.reward) == (D(100), D("200.50"))
    assert message(found, DAY) == (
        "截至 2024-06-30,期内收到举报投诉 5 件,已回复 1 件;未办结 4 件,其中已超期 1 件(最长超期 1 天);7天内到期 1 件;"
        "待受理 1 件;已办结而没有回复 1 件。"
    )


def test_the_sentence_counts_what_the_kpi_counts(home):
    number = evaluate(open_warehouse(home), Settings(home), ["complaint_reply_rate"], FIRST, DAY)[0]
    found = counts(listed(home), DAY)
    assert (number.numerator, number.denominator) == (found.replied, found.received)


def test_no_closed_complaint_gives_no_share(home):
    rows = ledger(
        [row for row in asked(home, "complaints_list") if row["cmpl_id"] == "WAITING"],
        FIRST,
        Clock(DAY, DAY, DAY),
    )
    assert counts(rows, DAY).verified_share is None


def test_by_channel_and_month_each_complaint_of_the_period_once(home):
    groups = asked(home, "complaints_groups")
    channels = by(groups, "channel").to_pylist()
    assert [(row["name"], row["received_cnt"], row["overdue_cnt"], row["verified_pct"]) for row in channels] == [
        ("来信", 2, 0, None), ("电话", 2, 1, D(100)), ("未登记渠道", 1, 0, None),
    ]  # fmt: skip
    assert sum(row["reward_amt"] for row in channels) == D("200.50")
    by_month = by(groups, "month").to_pylist()
    assert [(row["name"], row["received_cnt"]) for row in by_month] == [
        ("2024-02", 1),
        ("2024-05", 1),
        ("2024-06", 3),
    ]


def test_months_without_a_complaint_are_nought_and_a_cut_month_is_not_whole(home):
    points = months(
        asked(home, "complaints_groups"), [], dt.date(2024, 1, 1), dt.date(2024, 6, 29), has_last_year=True
    )
    assert [(point.month, point.value, point.whole) for point in points][:2] == [
        ("2024-01", D(0), True),
        ("2024-02", D(1), True),
    ]
    assert (points[-1].whole, points[-1].last_year, points[0].last_year) == (False, None, D(0))
    assert months([], [], FIRST, DAY, has_last_year=False)[0].last_year is None


def test_narrowings_and_filters(home):
    cases = narrowed(listed(home), "case").column("cmpl_id").to_pylist()
    assert cases == ["VERIFIED"]
    assert narrowed(listed(home), "received", ["未登记渠道"]).column("cmpl_id").to_pylist() == ["WAITING"]
    pharmacies = listed(home, fixmedins_type=["2"])
    assert pharmacies.column("cmpl_id").to_pylist() == ["TODAY"]


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_complaints_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [heading.value for heading in app.title] == (["举报投诉"] if role in STAFF else ["没有查看权限"])
    assert bool(app.metric) == (role in STAFF)


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there_without_an_error(demo, part):
    app = screen_of(demo, PATH, Role.INSPECTOR, part=part)
    assert not app.exception
    assert not app.error
    assert app.dataframe


def test_tiles_and_table_say_the_same_numbers(demo):
    app = screen_of(demo, PATH, Role.LEADER)
    shown = {tile.label: tile.value for tile in app.metric}
    assert list(shown) == ["举报回复率", "举报按期办结率", "查实率", "举报奖励金额"]
    number = evaluate(
        open_warehouse(demo), Settings(demo), ["complaint_reply_rate"], dt.date(2026, 1, 1), dt.date(2026, 10, 31)
    )[0]  # fmt: skip
    assert f"期内收到举报投诉 {number.denominator} 件,已回复 {number.numerator} 件" in texts(app)
    assert "已超期(件)" in sheets(app)


def test_a_number_narrows_the_list_to_the_rows_behind_it(demo):
    app = screen_of(demo, PATH, Role.INSPECTOR)
    number = next(tile for tile in app.metric if tile.label == "举报奖励金额")
    button = next(button for button in app.button if button.key == "open_reward")
    rows = button.click().run().dataframe[-1].value
    amounts = rows["奖励金额(元)"]
    assert f"{sum(amounts) / 10_000:.2f} 万元" == number.value
    assert min(amounts) > 0


def test_a_row_with_a_case_opens_it_and_one_without_opens_the_institution(home, demo, monkeypatch):
    opened = []
    monkeypatch.setattr(
        kpi_list.address,
        "open_screen",
        lambda screen, start, **given: opened.append(
            (screen, {k: v for k, v in given.items() if v is not None})
        ),
    )
    rows = {row["cmpl_id"]: row for row in listed(home).to_pylist()}
    open_row = kpi_list.opener(page_of(demo, Role.INSPECTOR, entry_at("complaints")), list(rows["OVERDUE"]))
    open_row(rows["VERIFIED"])
    open_row(rows["OVERDUE"])
    assert opened == [("case", {"case_id": "A1"}), ("institution", {"code": HOSPITAL})]


def test_a_county_without_complaints_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“举报投诉”表从未载入" in texts(app)
