"""检查覆盖: the pace towards full coverage, who is left, classes with their focus items, methods, records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import evaluate
from fundwatch.screens.coverage import FOCUS, Pace, coverage_by, focus, methods, pace_sentence, pace_title
from fundwatch.settings import Settings
from fundwatch.ui.coverage_views import VIEWS
from fundwatch.warehouse import open_warehouse

PATH = "pages/inspection/coverage.py"
D = Decimal


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_coverage_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["检查覆盖"] if role in STAFF else ["没有查看权限"])


def coverage(home, **filters):
    return evaluate(
        open_warehouse(home), Settings(home), ["inspection_coverage"], dt.date(2026, 1, 1), dt.date(2026, 10, 31),
        None, filters,
    )[0]  # fmt: skip


def test_sentence_and_unchecked_list_say_the_engine_s_numbers(demo):
    number = coverage(demo)
    rest = number.denominator - number.numerator
    app = screen_of(demo, PATH, Role.LEADER)
    assert f"{number.denominator} 家协议机构已查 {number.numerator} 家" in texts(app)
    assert f"未查 {rest} 家" in texts(app)
    assert len(app.dataframe[0].value) == rest


@pytest.mark.parametrize("view", list(VIEWS))
def test_each_list_is_there_and_can_be_taken_away(demo, view):
    app = screen_of(demo, PATH, Role.INSPECTOR, view=view)
    assert not app.exception
    assert not app.error
    assert [button.label for button in app.get("download_button")].count("导出 CSV") == 2


def test_focus_items_stand_in_the_words_of_the_plan(demo):
    table = sheets(screen_of(demo, PATH, Role.INSPECTOR, view="focus"))
    for name, items in FOCUS.values():
        assert name in table
        assert items in table
    pharmacies = coverage(demo, fixmedins_type=["2"])
    assert f">{pharmacies.denominator}<" in table
    assert f">{pharmacies.numerator}<" in table


def test_filters_narrow_everything_on_the_screen(demo):
    number = coverage(demo, level_class=["一级"])
    words = texts(screen_of(demo, PATH, Role.LEADER, level_class="一级"))
    assert f"{number.denominator} 家协议机构已查 {number.numerator} 家" in words


def test_a_county_without_inspections_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“检查”表没有可用的记录" in texts(app)


def pace(**changes) -> Pace:
    fields = {
        "end": dt.date(2024, 6, 30),
        "due": D(100),
        "checked": D(40),
        "weekly": D("1.0"),
        "needed": D("2.3"),
        "months": (),
    }
    return Pace(**{**fields, **changes})


def test_pace_says_whether_the_year_s_end_is_in_reach():
    assert pace_title(pace()) == "按近三个月进度,年底约查到 66.3%,不能全覆盖"
    assert pace_title(pace(weekly=D("2.4"))) == "按近三个月进度,年底前可全覆盖"
    assert pace_title(pace(checked=D(100))) == "本年度已全覆盖"
    assert pace_title(pace(weekly=None)) == "本年度覆盖进度"
    assert "每周需查 2.3 家,近三个月每周新增 1.0 家" in pace_sentence(pace())
    assert pace_sentence(pace(due=D(0), checked=D(0))) == "截至 2024-06-30,没有在协议期内的机构。"


def method(name: str, inspections: int, found: int) -> dict:
    return {
        "insp_kind": "协议检查", "insp_method": name, "inspection_cnt": inspections, "institution_cnt": inspections,
        "random_cnt": 0, "found_cnt": found, "record_cnt": 0,
    }  # fmt: skip


def test_methods_are_compared_by_limits_and_only_with_enough_inspections():
    rows = methods(pa.Table.from_pylist([method("现场检查", 91, 30), method("数据核查", 9, 9)])).to_pylist()
    assert [row["share"] for row in rows] == [D(91), D(9)]
    assert rows[1]["position"] == "不足10次,不比较"
    rows = methods(
        pa.Table.from_pylist(
            [method("现场检查", 500, 100), method("数据核查", 500, 100), method("病历审查", 500, 101)]
        )
    ).to_pylist()
    assert {row["position"] for row in rows} == {"控制限内"}


def test_coverage_by_level_keeps_the_order_of_levels_and_counts_what_is_left(kpi, number):
    plain = kpi()
    values = [
        number(plain, "50", key="药店", numerator=D(5), denominator=D(10)),
        number(plain, "100", key="三级", numerator=D(1), denominator=D(1)),
        number(plain, None, key=None, numerator=D(0), denominator=D(0)),
    ]
    rows = coverage_by(values, {}, ("三级", "药店")).to_pylist()
    assert [row["name"] for row in rows] == ["三级", "药店", "未登记"]
    assert [row["rest"] for row in rows] == [0, 5, 0]
    # 184 days from 30 June to 31 December: 5 × 7 ÷ 184 = 0.19, rounded up
    assert rows[1]["pace"] == D("0.2")


def test_a_private_level_two_hospital_counts_in_both_of_its_classes():
    listed = pa.table({"fixmedins_code": ["H1", "H2"], "numerator": [1, 0]})
    classes = pa.table({
        "fixmedins_code": ["H1", "H1", "H2", "H9"], "focus_class": ["level_2", "private_psychiatric", "level_1", "level_1"],
    })  # fmt: skip
    findings = pa.table({
        "fixmedins_code": ["H1", "H9"], "vola_nature": ["重复收费", "挂床住院"], "finding_cnt": [2, 1],
        "finding_amt": [D("12.50"), D("1.00")],
    })  # fmt: skip
    rows = {row["focus_class"]: row for row in focus(listed, classes, findings).to_pylist()}
    assert (rows["level_2"]["due"], rows["level_2"]["checked"], rows["level_2"]["finding_amt"]) == (
        1,
        1,
        D("12.50"),
    )
    assert rows["private_psychiatric"]["natures"] == "重复收费 2"
    # H9 is in the register, but not under agreement: it is not in the KPI's list
    assert (rows["level_1"]["due"], rows["level_1"]["checked"], rows["level_1"]["natures"]) == (1, 0, "—")
    assert rows["pharmacy"]["pct"] is None
