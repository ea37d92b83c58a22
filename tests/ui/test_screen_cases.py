"""案件台账: who sees it, clocks on the day of the data, money that adds up to the fen, ways to case and list."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from county import HOSPITAL, page_of
from lake_home import new_home, put, run_build
from signed_in import screen_of, sheets, texts

from fundwatch.access import CASE_ROLES, STAFF, Role, entry_at
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import evaluate
from fundwatch.screens.cases import NARROWINGS, by, by_quarter, counts, ledger, message, narrowed, total
from fundwatch.screens.cases_money import bridge, held_against, held_words, steps, title
from fundwatch.screens.clocks import Clock
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.ui import kpi_list
from fundwatch.ui.cases_views import PARTS, _is_there
from fundwatch.warehouse import open_warehouse

PATH = "pages/post/cases.py"
D, DAY = Decimal, dt.date(2024, 6, 30)
NO_FILTER = {"fixmedins_type": None, "level_class": None, "medins_natu": None, "town_code": None}


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture
def taihe(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    return taihe_home


@pytest.fixture(scope="module")
def cases_home(tmp_path_factory):
    """Five cases known by heart: overdue, due today, closed late, closed before the year, moved to the police with a balance."""
    home = new_home(tmp_path_factory.mktemp("cases") / "home")
    put(home, "fixmedins_b", {"fixmedins_code": HOSPITAL, "fixmedins_name": "甲医院", "hosp_lv": "05"})
    case = {"fixmedins_code": HOSPITAL, "case_souc": "稽核", "case_stas": "办理中", "title": "核查"}
    put(
        home, "clue_case",
        {**case, "case_id": "A1", "opened_date": "2024-03-01", "due_date": "2024-06-29", "vola_amt": "100.00"},
        {**case, "case_id": "A2", "opened_date": "2024-04-01", "due_date": "2024-06-30", "vola_amt": "50.01"},
        {**case, "case_id": "A3", "opened_date": "2023-12-01", "due_date": "2024-02-28", "closed_date": "2024-03-01",
         "case_stas": "已办结", "case_souc": "举报"},
        {**case, "case_id": "A4", "opened_date": "2023-06-01", "due_date": "2023-09-01", "closed_date": "2023-12-31",
         "vola_amt": "999.00"},
        {**case, "case_id": "A5", "opened_date": "2024-05-01", "fraud_amt": "1000.00", "vola_amt": "0.50"},
    )  # fmt: skip
    put(
        home, "handling",
        {"handle_id": "C1", "case_id": "A1", "decided_date": "2024-05-01", "amt_due": "100.00", "amt_done": "40.00"},
        {"handle_id": "C2", "case_id": "A5", "decided_date": "2024-06-01", "amt_due": "900.50", "amt_done": "0.01"},
        {"handle_id": "C3", "case_id": "A5", "decided_date": "2024-06-20", "handle_type": "62"},
        {"handle_id": "C4", "case_id": "A5", "decided_date": "2024-06-21", "handle_type": "61", "amt_due": "2000.00"},
        {"handle_id": "C5", "case_id": "A3", "decided_date": "2023-12-20", "amt_due": "7.00", "amt_done": "7.00"},
        {"handle_id": "C6", "fixmedins_code": HOSPITAL, "decided_date": "2024-06-02", "amt_due": "30.00", "amt_done": "30.00"},
        {"handle_id": "C7", "case_id": "A4", "decided_date": "2024-01-05", "amt_due": "9.00"},
        {"handle_id": "C8", "finding_id": "W1", "decided_date": "2024-06-03", "amt_due": "1.00"},
    )  # fmt: skip
    put(home, "finding", {"finding_id": "W1", "case_id": "A1", "found_date": "2024-04-20", "amt": "100.00"})
    run_build(home)
    return home


def asked(home, name: str, **values) -> list[dict]:
    text = page_sql(name)
    given = {"first_day": dt.date(2024, 1, 1), "day": DAY, **NO_FILTER, **values}
    return open_warehouse(home).query(text, given).to_pylist()


def listed(home) -> pa.Table:
    return ledger(asked(home, "cases_ledger"), Clock(DAY, DAY, DAY))


def test_the_ledger_holds_what_was_open_in_the_period_the_longest_overdue_first(cases_home):
    rows = listed(cases_home).to_pylist()
    assert [(row["case_id"], row["clock"]) for row in rows] == [
        ("A1", "超期 1 天"), ("A2", "今日到期"), ("A5", "未登记期限"), ("A3", "超期 2 天办结"),
    ]  # fmt: skip
    found = counts(listed(cases_home), dt.date(2024, 1, 1), DAY)
    assert (found.carried, found.opened, found.closed, found.open) == (1, 3, 1, 3)
    assert message(found, DAY) == (
        "截至 2024-06-30,在办案件 3 件,其中已超期 1 件(最长超期 1 天),7天内到期 1 件,未登记办理期限 1 件。"
        "期初未结 1 件 + 期内新立 3 件 − 期内办结 1 件 = 在办 3 件。"
    )


@pytest.mark.parametrize(
    ("first_day", "day", "cases"),
    [
        # closed on the period's first day: still in the books; a day later no more
        ("2024-03-01", "2024-04-30", ["A1", "A2", "A3"]),
        ("2024-03-02", "2024-04-30", ["A1", "A2"]),
        # opened on the last day
        ("2024-03-02", "2024-05-01", ["A1", "A2", "A5"]),
    ],
)
def test_ledger_ladder_and_bridge_take_the_same_cases(cases_home, first_day, day, cases):
    given = {"first_day": dt.date.fromisoformat(first_day), "day": dt.date.fromisoformat(day)}
    rows = asked(cases_home, "cases_ledger", **given)
    assert sorted(row["case_id"] for row in rows) == cases
    [money] = asked(cases_home, "cases_ladder", **given)
    assert money["case_cnt"] == len(cases)
    led = asked(cases_home, "cases_bridge", **given, last_day=given["day"])
    of_list = [row["due_amt"] for row in led if row["origin"] == "listed"]
    assert sum(of_list, D(0)) == money["due_amt"]


def test_an_earlier_day_sees_the_case_that_was_closed_later_as_open(cases_home):
    day = dt.date(2024, 2, 29)
    rows = ledger(asked(cases_home, "cases_ledger", day=day), Clock(day, DAY, DAY)).to_pylist()
    assert [(row["case_id"], row["clock"], row["closed_date"]) for row in rows] == [("A3", "超期 1 天", None)]


def test_the_ladder_adds_up_to_the_fen_and_to_the_list(cases_home):
    [money] = asked(cases_home, "cases_ladder")
    # A1 100.00 + A2 50.01 + A5 1,000.50; A3 and its 7.00 belong to the list, A4 was closed before the year
    assert (money["found_amt"], money["due_amt"], money["done_amt"]) == (
        D("1150.51"),
        D("1007.50"),
        D("47.01"),
    )
    assert (money["balance_amt"], money["moved_amt"], money["kept_amt"]) == (
        D("960.49"),
        D("900.49"),
        D("60.00"),
    )
    assert [(step.name, step.amount) for step in steps(money)] == [
        ("认定金额", D("1150.51")), ("未列入应追", D("-143.01")), ("应追回", D("1007.50")), ("已追回", D("-47.01")),
        ("追回余额", D("960.49")), ("其中已移送", D("-900.49")), ("待本局追回", D("60.00")), ("应缴罚款", D("2000.00")),
    ]  # fmt: skip
    assert title(money) == "应追回 1,007.50 元,已追回 47.01 元,余额 960.49 元"
    held = held_against(money, listed(cases_home))
    assert all(not one.difference for one in held)
    assert held_words(held, 4) == "阶梯各项与下方清单 4 件案件逐项相加一致,分毫不差。"


def test_a_ladder_that_differs_from_its_list_says_by_how_much(cases_home):
    [money] = asked(cases_home, "cases_ladder")
    short = listed(cases_home).filter(pa.array([True, True, False, True]))
    words = held_words(held_against(money, short), 3)
    assert "认定金额阶梯 1,150.51 元、清单 150.01 元,相差 1,000.50 元" in words
    assert words.endswith("请联系维护人员核对后再使用。")


def test_each_rung_opens_the_cases_that_add_up_to_it(cases_home):
    [money], cases = asked(cases_home, "cases_ladder"), listed(cases_home)
    for step in steps(money):
        rows = narrowed(cases, step.key)
        assert total(rows, NARROWINGS[step.key][2]) == abs(step.amount), step.name
    assert narrowed(cases, "moved").column("case_id").to_pylist() == ["A5"]
    assert narrowed(cases, "all", ["举报"]).column("case_id").to_pylist() == ["A3"]


def test_recoveries_of_the_kpi_are_led_over_to_the_ladder_without_a_gap(cases_home):
    [money] = asked(cases_home, "cases_ladder")
    number = evaluate(
        open_warehouse(cases_home), Settings(cases_home), ["recovery_rate"], dt.date(2024, 1, 1), DAY
    )[0]  # fmt: skip
    lines = bridge(asked(cases_home, "cases_bridge", last_day=DAY), money, number)
    assert [(line.name, line.recovery_cnt, line.due, line.done) for line in lines] == [
        ("问题已立案、处理未登记案号", 1, D("1.00"), D("0.00")),
        ("本页案件的追回处理", 2, D("1000.50"), D("40.01")),
        ("未立案(检查等直接处理)", 1, D("30.00"), D("30.00")),
        ("其他案件的追回处理", 1, D("9.00"), D("0.00")),
        ("期内决定的追回合计", 5, D("1040.50"), D("70.01")),
        ("本页案件、期外决定或筛选之外的追回处理", 1, D("7.00"), D("7.00")),
        ("本页案件追回合计", 3, D("1007.50"), D("47.01")),
    ]  # fmt: skip
    assert (number.denominator, number.numerator) == (D("1040.50"), D("70.01"))
    assert [line.note for line in lines if line.strong] == [
        "与违规金额追回率的分母、分子一致",
        "与金额阶梯一致",
    ]
    wrong = {**money, "due_amt": money["due_amt"] + D("0.01")}
    assert bridge(asked(cases_home, "cases_bridge", last_day=DAY), wrong, number)[-1].note == (
        "与金额阶梯相差 -0.01 元(应追)、0.00 元(已追)"
    )


def test_groups_add_up_to_the_whole(cases_home):
    groups = by(listed(cases_home), "case_souc").to_pylist()
    assert [(row["name"], row["total"], row["open"], row["overdue"], row["due_amt"]) for row in groups] == [
        ("稽核", 3, 3, 1, D("1000.50")), ("举报", 1, 0, 0, D("7.00")),
    ]  # fmt: skip


def test_post_reviews_by_quarter_count_what_is_due_and_add_what_was_done():
    def row(quarter, done, **amounts):
        given = {"amt_reviewed": None, "amt_vola": None, "amt_recovered": None, **amounts}
        return {"quarter": quarter, "numerator": done, "denominator": 1, **given}

    rows = pa.Table.from_pylist([
        row("2024Q1", 1, amt_reviewed=D("100.00"), amt_vola=D("10.10"), amt_recovered=D("10.00")),
        row("2024Q1", 1, amt_reviewed=D("50.00"), amt_vola=D("0.05")),
        # reviewed after the period's end: not done in it, and its amounts do not count
        row("2024Q1", 0, amt_reviewed=D("7.00")),
        row("2024Q2", 0),
    ])  # fmt: skip
    assert [tuple(found.values()) for found in by_quarter(rows).to_pylist()] == [
        ("2024Q2", 1, 0, 1, D(0), D("0.00"), D("0.00"), D("0.00")),
        ("2024Q1", 3, 2, 1, D("66.6666666667"), D("150.00"), D("10.15"), D("10.00")),
    ]


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_ledger_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [heading.value for heading in app.title] == (["案件台账"] if role in STAFF else ["没有查看权限"])
    assert bool(app.dataframe) == (role in STAFF)


@pytest.mark.parametrize("part", [name for name in PARTS if _is_there(name)])
def test_each_part_is_there_without_an_error(demo, part):
    app = screen_of(demo, PATH, Role.INSPECTOR, part=part)
    assert not app.exception
    assert not app.error
    assert app.dataframe or sheets(app)


def test_clocks_stand_on_the_day_of_old_data_and_say_so(demo):
    app = screen_of(demo, PATH, Role.LEADER)
    assert "截至 2026-10-31,在办案件" in texts(app)
    assert "逐项相加一致" in texts(app)
    early = screen_of(demo, PATH, Role.LEADER, **{"from": "2026-01-01", "to": "2026-03-31"})
    assert "截至 2026-03-31,在办案件" in texts(early)
    assert "时钟按期末(2026-03-31)计算" in texts(early)


def test_a_narrowed_list_and_a_source_come_from_the_address(demo):
    app = screen_of(demo, PATH, Role.INSPECTOR, show="overdue")
    clocks = list(app.dataframe[-1].value["时钟"])
    assert clocks
    assert all(words.startswith("超期") for words in clocks)
    source = app.dataframe[-1].value["案件来源"].iloc[0]
    one = screen_of(demo, PATH, Role.INSPECTOR, show="overdue", souc=source)
    assert set(one.dataframe[-1].value["案件来源"]) == {source}


def test_a_row_opens_its_case_for_those_who_may_see_cases(demo, monkeypatch):
    opened = []
    monkeypatch.setattr(
        kpi_list.address,
        "open_screen",
        lambda screen, start, **given: opened.append(
            (screen, {k: v for k, v in given.items() if v is not None})
        ),
    )
    row = {"case_id": "AJ1", "fixmedins_code": HOSPITAL}
    for role in (Role.INSPECTOR, Role.AGREEMENTS):
        assert (role in CASE_ROLES) == (role is Role.INSPECTOR)
        kpi_list.opener(page_of(demo, role, entry_at("cases")), list(row))(row)
    assert opened == [("case", {"case_id": "AJ1"}), ("institution", {"code": HOSPITAL})]


def test_published_totals_of_a_real_county_stand_on_the_ladder(taihe):
    app = screen_of(taihe, PATH, Role.LEADER)
    assert not app.exception
    words = texts(app)
    # 759.41 found, 674.39 recovered, 85.02 handed over (the county's own summary, in 万元)
    assert "应追回 759.41 万元,已追回 674.39 万元,余额 85.02 万元" in words
    assert "未登记办理期限 2 件" in words
    assert "已超期" not in words.split("期初未结")[0]
    moved = texts(screen_of(taihe, PATH, Role.LEADER, part="transfer"))
    assert "1 件已移送,其追回余额 850,200.00 元" in moved
