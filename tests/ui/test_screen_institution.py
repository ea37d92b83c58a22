"""机构画像: an institution beside its level without a rank, its state, its timeline, and who sees single settlements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from signed_in import screen_of, texts

from fundwatch.access import CASE_ROLES, STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, declarations
from fundwatch.screens import institution as screen
from fundwatch.screens import stock
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.ui.audit_view import ACTION

PATH = "pages/drill/institution.py"
#: the demo county's hospital of the false-stay story
CODE, NAME = "H99900100010", "示范县白沙中西医结合医院"
COVERAGE, FOUND, DUE = (
    declarations()[name] for name in ("inspection_coverage", "problem_found_rate", "breach_due")
)


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def value(kpi, code: str, numerator: str, denominator: str | None, result: str | None) -> KpiValue:
    return KpiValue(
        kpi.id, dt.date(2026, 1, 1), dt.date(2026, 6, 30), "fixmedins_code", code, Decimal(numerator),
        None if denominator is None else Decimal(denominator), None if result is None else Decimal(result), kpi.unit, None,
        dt.date(2026, 6, 30),
    )  # fmt: skip


def test_a_yes_or_no_kpi_says_how_many_of_the_level_do():
    values = [
        value(COVERAGE, "H1", "1", "1", "100"),
        value(COVERAGE, "H2", "0", "1", "0"),
        value(COVERAGE, "H3", "1", "1", "100"),
    ]
    own = screen.standing(COVERAGE, "H2", values)
    assert (own.shown, own.peers_words) == ("未检查", "同级别 3 家中 2 家已检查")
    assert own.band is None


def test_an_institution_that_is_not_counted_has_no_value():
    own = screen.standing(COVERAGE, "H9", [value(COVERAGE, "H1", "1", "1", "100")])
    assert (own.value, own.place) == (None, "不在统计范围")


def test_a_ratio_of_counts_is_held_against_limits_for_its_size():
    values = [value(FOUND, f"H{number}", "50", "100", "50") for number in range(11)]
    values.append(value(FOUND, "H11", "99", "100", "99"))
    far, near = screen.standing(FOUND, "H11", values), screen.standing(FOUND, "H3", values)
    assert far.way is screen.Way.LIMITS
    assert far.stands_out
    assert far.place == "高于 99.8% 控制限(疑点,未核实)"
    assert not near.stands_out
    assert near.band.low < near.band.inner_low < near.band.middle < near.band.inner_high < near.band.high


def test_amounts_are_held_against_median_and_quartiles():
    values = [
        value(DUE, f"H{number}", str(amount), None, str(amount))
        for number, amount in enumerate((100, 200, 300, 400, 900))
    ]
    own = screen.standing(DUE, "H4", values)
    assert (own.band.inner_low, own.band.middle, own.band.inner_high) == (200, 300, 400)
    assert (own.way, own.place) == (screen.Way.QUARTILES, "高于上四分位")
    assert screen.standing(DUE, "H2", values).place == "在四分位之间"


def test_too_few_of_a_level_are_not_compared():
    values = [value(DUE, f"H{number}", "100", None, "100") for number in range(3)]
    own = screen.standing(DUE, "H1", values)
    assert (own.way, own.band, own.shown) == (screen.Way.NONE, None, "100.00 元")


def test_nothing_recorded_is_not_a_zero():
    own = screen.standing(DUE, "H9", [value(DUE, "H1", "100", None, "100")])
    assert (own.value, own.shown) == (None, "—")


def test_the_chart_holds_what_lies_furthest_from_the_level_in_the_order_of_the_kpis():
    inside = [value(FOUND, f"H{number}", "50", "100", "50") for number in range(11)]
    near = screen.standing(FOUND, "H3", inside)
    far = screen.standing(FOUND, "H11", [*inside, value(FOUND, "H11", "99", "100", "99")])
    nothing = screen.standing(COVERAGE, "H9", [])
    assert screen.drawn([near, far, nothing, near], most=1) == [far]
    assert screen.drawn([near, far, nothing], most=5) == [near, far]


def test_one_indicator_is_shown_against_limits_and_over_the_months(demo):
    app = screen_of(demo, PATH, Role.LEADER, code=CODE, look="problem_found_rate")
    assert not app.exception
    assert "检查发现问题率:" in texts(app)
    assert "本机构检查发现问题率" in texts(app)


def agreement(**changes) -> dict:
    row = {
        "cntr_id": "XY1", "cntr_stas": "1", "efft_date": dt.date(2026, 1, 1), "end_date": dt.date(2026, 12, 31),
        "stas_begndate": None, "stas_enddate": None, "is_in_force": True, "is_suspended": False,
    }  # fmt: skip
    return {**row, **changes}


@pytest.mark.parametrize(
    ("rows", "word", "attention"),
    [
        ([agreement()], "有效", False),
        ([agreement(cntr_stas="2", is_suspended=True, stas_begndate=dt.date(2026, 5, 1))], "中止", True),
        ([agreement(is_in_force=False, cntr_stas="3")], "解除", True),
        ([agreement(is_in_force=False)], "不在有效期", True),
        ([], "未登记", True),
    ],
)
def test_agreement_in_words(rows, word, attention):
    fact = screen.agreement_fact(rows)
    assert (fact.word, fact.attention) == (word, attention)


def test_interface_counts_from_its_day_on():
    rows = [{"intf_code": "3101", "onln_date": dt.date(2026, 6, 4), "stas": "1"}]
    assert screen.interface_fact(rows, "3101", "事前提醒接口", dt.date(2026, 6, 4)).word == "在用"
    assert screen.interface_fact(rows, "3101", "事前提醒接口", dt.date(2026, 6, 3)).word == "期末未接入"
    assert screen.interface_fact(rows, "video", "视频监控", dt.date(2026, 6, 4)).word == "未接入"


def test_the_newest_whole_month():
    assert screen.newest_whole_month(dt.date(2026, 6, 30)) == "2026-06"
    assert screen.newest_whole_month(dt.date(2026, 6, 29)) == "2026-05"


def test_what_people_wrote_is_left_out_without_the_right_to_see_cases():
    event = {"shown_date": "2026-05-20", "kind": "案件", "code_list": "case_souc", "code": "举报", "what": "立案 AJ1", "detail": "标题",
             "amount": None, "ref_kind": "case", "ref": "AJ1"}  # fmt: skip
    assert "detail" not in screen.timeline_rows([event], with_detail=False)[0]
    assert screen.timeline_rows([event], with_detail=True)[0]["detail"] == "标题"


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_profile_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role, code=CODE)
    assert not app.exception
    assert [title.value for title in app.title] == ([NAME] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("role", sorted(STAFF))
def test_single_settlements_and_case_text_only_for_roles_that_see_cases(demo, role):
    app = screen_of(demo, PATH, role, code=CODE)
    heads = {column for table in app.dataframe for column in table.value.columns}
    headings = [heading.value for heading in app.subheader]
    assert ("结算清单" in headings) == (role in CASE_ROLES)
    assert ("人员编号" in heads) == (role in CASE_ROLES)
    assert ("内容" in heads) == (role in CASE_ROLES)
    assert "时间线" in headings
    assert ("举报虚假住院案" in str([table.value.to_dict() for table in app.dataframe])) == (
        role in CASE_ROLES
    )


def test_looking_at_settlements_is_recorded_once(demo):
    def seen() -> int:
        return sum(CODE in event.object for event in listing(engine(demo), action=ACTION, limit=1000))

    before = seen()
    app = screen_of(demo, PATH, Role.INSPECTOR, code=CODE)
    app.run()
    assert seen() == before + 1


def test_looking_without_settlements_leaves_no_trace_of_persons(demo):
    before = len(listing(engine(demo), action=ACTION, limit=1000))
    screen_of(demo, PATH, Role.GROUP_MEMBER, code=CODE)
    assert len(listing(engine(demo), action=ACTION, limit=1000)) == before


def test_timeline_holds_what_every_ledger_knows(demo):
    app = screen_of(demo, PATH, Role.LEADER, code=CODE)
    timeline = next(table.value for table in app.dataframe if "事项" in table.value.columns)
    assert {
        "协议",
        "接口",
        "检查",
        "问题",
        "处理",
        "自查",
        "案件",
        "举报",
        "记分",
        "考核",
        "事后审核",
    } <= set(timeline["类别"])
    days = [day for day in timeline["日期"] if day.count("-") == 2]
    assert days == sorted(days, reverse=True)


def test_the_month_of_the_address_chooses_the_settlements(demo):
    app = screen_of(demo, PATH, Role.ANALYST, code=CODE, ym="2026-02")
    days = app.dataframe[-1].value["结算时间"]
    assert {f"{day:%Y-%m}" for day in days} == {"2026-02"}


@pytest.mark.parametrize("code", ["", "H00000000000"])
def test_an_unknown_institution_is_said_in_chinese(demo, code):
    app = screen_of(demo, PATH, Role.ANALYST, **({"code": code} if code else {}))
    assert not app.exception
    assert "没有找到这家机构" in texts(app)
    assert not app.dataframe


#: the demo county's pharmacy that sold more than it had
SOLD_OUT, IN_STOCK = "P99900100006", "P99900100001"


def test_a_stock_ledger_shows_where_more_went_out_than_there_was(demo):
    app = screen_of(demo, PATH, Role.INSPECTOR, code=SOLD_OUT)
    assert not app.exception
    assert "进销存" in [part.value for part in app.subheader]
    assert "销出多于期初加购进,最多的是" in texts(app)
    assert "(疑点,未核实)" in texts(app)


def test_a_stock_ledger_that_adds_up_says_so(demo):
    assert "没有销出多于期初加购进的。" in texts(screen_of(demo, PATH, Role.INSPECTOR, code=IN_STOCK))


def test_an_institution_without_stock_ledger_has_no_such_part(demo):
    assert "进销存" not in [part.value for part in screen_of(demo, PATH, Role.INSPECTOR, code=CODE).subheader]


def stock_row(month: str, over: str | None, gap: str | None, name: str | None = "甲药") -> dict:
    return {
        "month": month, "hilist_code": "D1", "hilist_name": name,
        "over_cnt": None if over is None else Decimal(over), "gap_cnt": None if gap is None else Decimal(gap),
    }  # fmt: skip


def test_stock_in_words():
    rows = [
        stock_row("2026-01", "0", "0"),
        stock_row("2026-02", "35.0000", "35", None),
        stock_row("2026-03", None, None),
    ]
    assert stock.finding(rows) == (
        "期内进销存 3 行:1 行销出多于期初加购进,最多的是 2026-02 D1,多 35;期末数量与期初、购进、销出对不上的 1 行;"
        "1 行数量不全,不能核对(疑点,未核实)。"
    )
    assert stock.finding(rows[:1]) == "期内进销存 1 行:没有销出多于期初加购进的。"
