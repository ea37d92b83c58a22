"""监管总览: the whole loop in one table, red first; no number where there are no data; a way to each list."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import PAGES, Role, entry_at
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import declarations, evaluate
from fundwatch.screens.overview import (
    LEAST_SHOWN,
    ROOM,
    Line,
    grouped,
    line_of,
    message,
    need,
    sentence,
)
from fundwatch.screens.rebase import rebases
from fundwatch.screens.series import (
    CUMULATED,
    FEW_CASES,
    Months,
    Series,
    series_of,
    weekly_pace,
    whole_months,
)
from fundwatch.screens.signals import signal_words
from fundwatch.screens.sources import dated_table
from fundwatch.settings import Settings
from fundwatch.ui import numbers
from fundwatch.warehouse import open_warehouse

PATH = "pages/overview/supervision.py"
D = Decimal


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture
def taihe(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    return taihe_home


def table_rows(table: str) -> list[list[str]]:
    """The sheet's rows as plain texts, the heading of a part left out."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table.split("</thead>")[1])
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row)] for row in rows]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_the_overview(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == ["监管总览"]
    for name in ("协议检查覆盖率", "违规金额追回率", "案件按期办结率", "可支付月数"):
        assert f":small[{name}" in texts(app)


def test_the_table_shows_the_numbers_of_the_engine(demo):
    rows = {row[0]: row for row in table_rows(sheets(screen_of(demo, PATH, Role.LEADER, show="all")))}
    values = evaluate(open_warehouse(demo), Settings(demo), None, dt.date(2026, 1, 1), dt.date(2026, 10, 31))
    assert len(rows) == len(values)
    for number in values:
        kpi = declarations()[number.kpi]
        name = kpi.label + {"310": "·职工", "390": "·居民", None: ""}[number.key]
        assert rows[name][1] == str(numbers.shown(number.value, kpi.unit, min(kpi.decimals, 1))), name


def test_red_rows_stand_first_in_each_part_of_the_loop(demo):
    table = sheets(screen_of(demo, PATH, Role.LEADER))
    parts = table.split("<tbody>")[1:]
    assert [re.search(r'rowspan="\d+"[^>]*>([^<]+)<', part).group(1) for part in parts] == [
        "协议检查", "事前提醒", "事中审核", "事后监管", "综合", "基金运行",
    ]  # fmt: skip
    for part in parts:
        red = [" bad" in row for row in re.findall(r"<tr[^>]*>.*?</tr>", part)]
        assert red == sorted(red, reverse=True)


def test_the_sentence_counts_what_the_table_shows(demo):
    app = screen_of(demo, PATH, Role.LEADER)
    table = sheets(app)
    red = table.count('class="short bad"')
    assert red
    assert f"未达标 {red} 项" in texts(app)
    assert "2026年1-10月" in texts(app)


def folded(table: str) -> list[str]:
    """The names of the rows that wait behind a part's word."""
    rows = re.findall(r'<tr[^>]* class="rest">(.*?)</tr>', table)
    return [re.sub(r"<[^>]+>", "", re.search(r"<td.*?</td>", row).group()) for row in rows]


def test_the_first_screen_holds_the_whole_loop_and_folds_what_needs_nobody(demo):
    table = sheets(screen_of(demo, PATH, Role.LEADER))
    rows = table_rows(table)
    assert len(rows) - len(folded(table)) == ROOM
    assert {"处理处罚分布", "待遇支出·居民"} <= set(folded(table))
    assert table.count('class="rest"') == sum(int(count) for count in re.findall(r">另 (\d+) 项", table))
    shown = [row for row in rows if row[0] not in folded(table)]
    assert sum(row[3].startswith("●") for row in shown) == table.count('class="short bad"')


def test_everything_stands_open_on_demand(demo):
    table = sheets(screen_of(demo, PATH, Role.LEADER, show="all"))
    assert "<tbody>" not in table
    assert table.count('aria-expanded="true"') == table.count('class="more"')


def test_signs_never_stand_without_their_word(demo):
    table = sheets(screen_of(demo, PATH, Role.LEADER, show="all"))
    signs = re.findall(
        r"</svg>([^<]*)</td>", "".join(re.findall(r'<td[^>]*><svg class="sign".*?</td>', table))
    )
    assert signs
    assert all(word.strip() for word in signs)


def test_period_and_filters_come_from_the_address(demo):
    app = screen_of(
        demo, PATH, Role.LEADER, **{"from": "2026-01-01", "to": "2026-03-31", "level_class": "药店"}
    )
    assert "2026年1-3月,级别:药店" in texts(app)
    value = evaluate(
        open_warehouse(demo), Settings(demo), ["inspection_coverage"], dt.date(2026, 1, 1), dt.date(2026, 3, 31),
        None, {"level_class": ["药店"]},
    )[0]  # fmt: skip
    rows = {row[0]: row for row in table_rows(sheets(app))}
    assert rows["协议检查覆盖率"][1] == numbers.percent(value.value)
    assert rows["六项信息按时报送率"][-1].startswith("不分级别;")


def test_rows_open_the_screen_or_the_list_and_keep_the_way_back(demo):
    table = sheets(screen_of(demo, PATH, Role.LEADER))
    assert 'href="/inspection-coverage?' in table
    assert re.search(r'href="/cases\?[^"]*via=overview"', table)
    rows = {row[0]: row for row in table_rows(table)}
    without = [
        k for k in declarations().values() if entry_at(k.screen) in (None, PAGES[0]) and k.label in rows
    ]
    for kpi in without:
        assert re.search(rf'href="/kpi-list\?kpi={kpi.id}[^"]*via=overview"', table), kpi.id


def test_an_administrator_who_may_open_no_list_gets_no_links(demo):
    table = sheets(screen_of(demo, PATH, Role.ADMIN))
    assert "违规金额追回率" in table
    assert "href=" not in table
    assert "data-open" not in table


def test_what_was_never_loaded_says_so_and_is_never_nought(taihe):
    rows = {row[0]: row for row in table_rows(sheets(screen_of(taihe, PATH, Role.LEADER, show="all")))}
    assert rows["协议检查覆盖率"][1] == "—"
    assert rows["协议检查覆盖率"][-1] == "未载入数据:“检查”表从未载入"
    assert rows["累计结余"][1] == "—"
    assert rows["违规金额追回率"][1] == "88.8%"


def test_the_default_period_ends_with_the_newest_event_not_with_a_plan_or_a_deadline(demo):
    app = screen_of(demo, PATH, Role.LEADER)
    assert "2026年1-10月" in texts(app)
    planned = open_warehouse(demo).query(
        "select max(insp_date) as day from fct_inspection where insp_stas <> '完成'"
    )
    assert planned.to_pylist()[0]["day"] > dt.date(2026, 10, 31)


def test_a_kpi_leads_to_the_table_its_dates_come_from():
    assert dated_table("fct_inspection") == "inspection"
    assert dated_table("fct_case") == "clue_case"


@pytest.mark.parametrize(
    ("end", "newest", "loaded", "last"),
    [
        ("2024-06-30", "2024-06-30", "2024-07-02", "2024-06"),
        # the ledger has no entry on the month's last days, but the month is over
        ("2024-06-28", "2024-06-28", "2024-07-02", "2024-06"),
        # the month still runs on the day of loading
        ("2024-06-28", "2024-06-28", "2024-06-29", "2024-05"),
        # the period cuts a month
        ("2024-05-15", "2024-06-30", "2024-07-02", "2024-04"),
        # a period that reaches beyond the data
        ("2024-12-31", "2024-06-30", "2025-01-02", "2024-06"),
    ],
)
def test_series_hold_whole_months_only(end, newest, loaded, last):
    months = whole_months(*(dt.date.fromisoformat(day) for day in (end, newest, loaded)))
    assert months.names[-1] == last


def half_year() -> Months:
    return Months(dt.date(2024, 1, 1), dt.date(2024, 6, 30))


def test_a_month_without_row_is_nought_in_a_ledger_and_unknown_in_a_monthly_table(kpi, number):
    counted = kpi(unit="件", month_split="rows", dimensions=["month"])
    given = [number(counted, "3", key="2024-01"), number(counted, "4", key="2024-06")]
    first = dt.date(2024, 1, 1)
    ledger = series_of(counted, given, half_year(), first=first, target=None)
    assert ledger.values == (D(3), D(0), D(0), D(0), D(0), D(4))
    monthly = series_of(counted, given, half_year(), first=first, target=None, monthly=True)
    assert monthly.values == (D(3), None, None, None, None, D(4))


def test_cumulated_kpis_and_handfuls_of_cases_are_drawn_but_not_judged(kpi, number):
    cumulated = kpi(month_split="restate", dimensions=["month"])
    months = [number(cumulated, str(value), key=f"2024-0{value}") for value in range(1, 7)]
    assert series_of(cumulated, months, half_year(), first=None, target="100").variation == CUMULATED
    few = kpi(month_split="rows", dimensions=["month"])
    months = [number(few, "50", key=f"2024-0{m}", denominator=D(2)) for m in range(1, 7)]
    assert series_of(few, months, half_year(), first=None, target="100").variation == FEW_CASES
    many = [number(few, "50", key=f"2024-0{m}", denominator=D(20)) for m in range(1, 7)]
    judged = series_of(few, many, half_year(), first=None, target="100")
    assert "试用限" in judged.variation


def line(kpi, *, group="综合", order=1, tone="neutral", **changes) -> Line:
    """A row of which a test only names what decides its place."""
    given = dict.fromkeys(Line.__dataclass_fields__, "")
    series = Series((), (), None, "没有月度数据")
    return Line(**{**given, "kpi": kpi(group=group, order=order), "number": None, "insutype": None, "tone": tone,
                   "series": series, **changes})  # fmt: skip


def test_room_goes_to_the_part_with_the_greatest_need(kpi):
    calm = [line(kpi, group="协议检查", order=n, tone="good") for n in range(1, 11)]
    red = [line(kpi, group="事后监管", order=n, tone="bad") for n in range(1, 11)]
    first, second = grouped([*calm, *red], room=12)
    assert (first.name, first.shown, second.name, second.shown) == ("协议检查", LEAST_SHOWN, "事后监管", 9)
    assert (first.folded, second.folded) == ("另 7 项", "另 1 项(未达标 1 项)")


def test_what_has_a_value_stands_before_what_was_never_loaded(taihe):
    table = sheets(screen_of(taihe, PATH, Role.LEADER))
    shown = [row[0] for row in table_rows(table) if row[0] not in folded(table)]
    assert {"待遇支出·职工", "待遇支出·居民", "违规金额追回率"} <= set(shown)
    assert "协议检查覆盖率" in shown  # a part without any data still says so


def test_parts_of_equal_need_share_the_room_and_short_ones_show_all(kpi):
    parts = [("协议检查", 8), ("事前提醒", 8), ("综合", 1)]
    groups = grouped([line(kpi, group=name, order=n) for name, count in parts for n in range(count)], room=12)
    assert [group.shown for group in groups] == [6, 5, 1]
    assert groups[-1].folded == ""
    assert sum(group.shown for group in grouped([line(kpi)], room=12)) == 1


def judged(kpi, number, values, **changes) -> Series:
    counted = kpi(month_split="rows", dimensions=["month"], **changes)
    given = [number(counted, str(value), key=f"2023-{n:02d}" if n < 13 else f"2024-{n - 12:02d}", denominator=D(50))
             for n, value in enumerate(values, 1)]  # fmt: skip
    return series_of(
        counted, given, Months(dt.date(2023, 1, 1), dt.date(2024, 1, 31)), first=None, target="90"
    )


def test_a_fall_below_the_limits_comes_before_what_stands_well(kpi, number):
    series = judged(kpi, number, [*[60, 61] * 6, 30])
    fallen, well = line(kpi, series=series), line(kpi, tone="good")
    assert need(fallen) < need(well)
    assert need(line(kpi, tone="bad")) < need(fallen)


def test_the_sentence_says_what_is_unusual_and_whether_the_target_can_be_met(kpi, number):
    # mean 58.154; the fall of 31 is screened out, so that the moving ranges average 1: 58.154 - 2.66
    said = signal_words(kpi(), judged(kpi, number, [*[60, 61] * 6, 30]))
    assert said == "1月 30.0%,低于下控制限 55.5%,需了解原因;目标在控制限以外,按现有做法达不到"
    assert signal_words(kpi(), judged(kpi, number, [60, 100] * 6 + [60])) == ""
    risen = signal_words(kpi(), judged(kpi, number, [*[80, 81] * 6, 99]))
    assert risen.startswith("1月 99.0%,高于上控制限")
    assert "好于以往" in risen


def test_the_sentence_says_how_much_is_missing_for_the_target(kpi, number):
    rate = kpi(better="higher", unit="%")
    missed = number(rate, "92.5", numerator=D(310), denominator=D(335), target="100")
    assert sentence(rate, missed, None) == "还差 25(310 / 335),上年同期无数据"
    # a share of cases is reached by whole cases: 5 % of 61,221 are 3,061.05
    sampled = number(rate, "4.98", numerator=D(3050), denominator=D(61221), target="5")
    assert sentence(rate, sampled, None).startswith("还差 12(3,050 / 61,221)")
    money = number(rate, "88.8", numerator=D("6743900.00"), denominator=D("7594100.00"), target="100")
    assert sentence(rate, money, None).startswith("还差 85.02 万元(674.39 万元 / 759.41 万元)")
    reached = number(rate, "100", numerator=D(5), denominator=D(5), target="100")
    assert sentence(rate, reached, None) == "5 / 5,上年同期无数据"
    fewer = kpi(better="lower", unit="%")
    late = number(fewer, "3.2", numerator=D(1986), denominator=D(62303), target="0")
    assert sentence(fewer, late, None).startswith("1,986 / 62,303")


def test_the_largest_gap_is_named_among_rates_before_counts(kpi, number, target):
    late = kpi(label="乙率", better="lower", targets=target("0"))
    count = kpi(label="丙数", unit="家", better="lower", targets=target("0"))
    rate = kpi(label="甲率", better="higher", targets=target("100"))
    rows = [
        line_of(one, number(one, value, denominator=D(100)), Series((), (), None, ""))
        for one, value in ((late, "3.2"), (count, "2"), (rate, "55.9"))
    ]
    assert "差距最大的是甲率 55.9%(差 44.1 个百分点)、乙率 3.2%(超 3.2 个百分点)" in message(rows)


def test_a_month_still_being_dealt_with_is_drawn_but_not_judged(kpi, number):
    recovered = kpi(id="recovery_rate", month_split="rows", dimensions=["month"])
    months = [number(recovered, "95", key=f"2024-0{m}", denominator=D(50)) for m in range(1, 6)]
    months.append(number(recovered, "20", key="2024-06", denominator=D(50)))

    def made(known_to):
        return series_of(recovered, months, half_year(), first=None, target="100", known_to=known_to)

    young = made(dt.date(2024, 7, 29))
    assert young.unripe == (("2024-06", D(20)),)
    assert (young.months[-1], young.drawn[-1]) == ("2024-05", D(20))
    assert young.variation.startswith("正常波动")
    ripe = made(dt.date(2024, 7, 30))
    assert ripe.unripe == ()
    assert ripe.months[-1] == "2024-06"


def test_limits_begin_anew_where_the_bureau_recorded_a_change(kpi, number, demo_home_copy):
    settings = Settings(demo_home_copy)
    settings.set("spc_rebase", "coverage_rate,recovery_rate", dt.date(2024, 1, 1), "检查方式改变", "局长")
    settings.set("spc_rebase", "全部", dt.date(2023, 3, 1), "误记", "局长")
    wrong = settings.history("spc_rebase")[-1]
    assert rebases(settings.now(), "coverage_rate") == {"2024-01": "检查方式改变", "2023-03": "误记"}
    assert rebases(settings.now(), "case_closed_rate") == {"2023-03": "误记"}
    settings.undo(wrong.setting_id, "记错了", "局长")
    assert rebases(settings.now(), "coverage_rate") == {"2024-01": "检查方式改变"}
    counted = kpi(month_split="rows", dimensions=["month"])
    given = [number(counted, str(40 + 30 * (m > 12) + m % 2), key=f"{2023 + (m > 12)}-{(m - 1) % 12 + 1:02d}", denominator=D(50))
             for m in range(1, 19)]  # fmt: skip
    months = Months(dt.date(2023, 1, 1), dt.date(2024, 6, 30))
    series = series_of(
        counted, given, months, first=None, target=None, rebase={"2024-01": "检查方式改变", "2031-01": "以后"}
    )
    assert [segment.reason for segment in series.chart.segments] == [None, "检查方式改变"]
    assert series.chart.segments[1].trial


def test_pace_is_the_growth_of_the_last_three_months_of_the_year():
    steps = {"2024-03": D(10), "2024-04": D(20), "2024-05": D(30), "2024-06": D(49)}
    assert weekly_pace(steps, list(steps)) == D(39) * 7 / 91
    # the year begins anew: nothing is carried over from December
    assert weekly_pace({"2023-12": D(300), "2024-01": D(31)}, ["2023-12", "2024-01"]) == D(31) * 7 / 31
