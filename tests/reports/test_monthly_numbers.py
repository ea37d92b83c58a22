"""Every number of the six-item report is the KPI engine's, or adds up to it."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from fundwatch.documents import Chart, Table
from fundwatch.documents.model import as_data
from fundwatch.errors import UserError
from fundwatch.export.small_cells import PERSON_UNITS
from fundwatch.kpi import evaluate, rows
from fundwatch.reports.monthly import Month, monthly_report
from fundwatch.reports.monthly.figures import Figure
from fundwatch.reports.monthly.filing import filings, of_year
from fundwatch.reports.monthly.items import Item, lines
from fundwatch.reports.monthly.month import When, thirteen
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.warehouse import open_warehouse

INSPECTED = ("daily", "campaign", "entrusted")
D = Decimal


@pytest.fixture(scope="module")
def warehouse(demo_home):
    with open_warehouse(demo_home) as found:
        yield found


@pytest.fixture(scope="module")
def engine(demo_home, warehouse):
    """(kpi, period) → its value from the engine, asked for by itself."""
    settings, known = Settings(demo_home), {}

    def ask(kpi: str, start: dt.date, end: dt.date):
        if (kpi, start, end) not in known:
            [known[kpi, start, end]] = evaluate(warehouse, settings, [kpi], start, end)
        return known[kpi, start, end]

    return ask


def by_hand(value: Decimal | None, decimals: int) -> str:
    """A number as a reader would round and group it."""
    if value is None:
        return "—"
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"


def figures_of_kpis(report) -> list[Figure]:
    return [figure for figure in report.figures.values() if figure.source.startswith("kpi:")]


def test_each_kpi_figure_is_the_engines_to_the_printed_digit(demo_report, engine):
    assert len(figures_of_kpis(demo_report)) > 20
    for figure in figures_of_kpis(demo_report):
        kpi, part = figure.source.removeprefix("kpi:").split(".")
        for when in When:
            if when in figure.reasons:
                assert figure.cell(when) == "—"
                continue
            value = engine(kpi, *demo_report.month.period(when))
            expected = getattr(value, part)
            assert figure.values[when] == expected, (figure.id, when)
            decimals = 2 if figure.unit in ("元", "%") else 1 if figure.unit == "工作日" else 0
            assert figure.cell(when) == by_hand(expected, decimals), (figure.id, when)


@pytest.mark.parametrize("when", list(When))
def test_the_three_kinds_of_inspection_add_up_to_all_of_them(demo_report, demo_home, warehouse, engine, when):
    period = demo_report.month.period(when)
    whole = engine("problem_found_rate", *period)
    for column, expected in (("inspection_cnt", whole.denominator), ("found_cnt", whole.numerator)):
        assert sum(demo_report.figures[f"{item}.{column}"].values[when] for item in INSPECTED) == expected
    listed = rows(warehouse, Settings(demo_home), "problem_found_rate", *period)
    amounts = sum(demo_report.figures[f"{item}.finding_amt"].values[when] for item in INSPECTED)
    assert amounts == sum(listed.column("finding_amt").to_pylist())


def test_an_inspection_of_a_campaign_is_no_entrusted_one_even_when_it_was_entrusted(demo_report, warehouse):
    start, end = demo_report.month.period(When.YEAR)
    held = warehouse.query(
        "select campaign_id is not null as in_campaign, entrusted_flag, count(*) as cnt from fct_inspection "
        "where insp_stas = '完成' and insp_date between $start and $end group by all",
        {"start": start, "end": end},
    ).to_pylist()
    counted = {(row["in_campaign"], row["entrusted_flag"]): row["cnt"] for row in held}
    year = {name: figure.values[When.YEAR] for name, figure in demo_report.figures.items()}
    assert counted[True, "1"] > 0
    assert year["campaign.entrusted_cnt"] == counted[True, "1"]
    assert year["campaign.inspection_cnt"] == counted[True, "0"] + counted[True, "1"]
    assert year["entrusted.inspection_cnt"] == counted[False, "1"]
    assert year["daily.inspection_cnt"] == counted[False, "0"]


def test_methods_add_up_to_the_item(demo_report):
    figures = demo_report.figures
    for column in ("inspection_cnt", "found_cnt", "finding_amt"):
        parts = [figure.now for name, figure in figures.items() if name.startswith(f"daily.{column}.")]
        assert len(parts) == 5
        assert sum(parts) == figures[f"daily.{column}"].now


def test_self_checks_and_complaints_are_the_denominators_of_their_kpis(
    demo_report, demo_home, warehouse, engine
):
    for when in When:
        period = demo_report.month.period(when)
        received = demo_report.figures["complaints.received_cnt"].values[when]
        assert received == engine("complaint_reply_rate", *period).denominator
        listed = rows(warehouse, Settings(demo_home), "self_check_refund_rate", *period)
        assert demo_report.figures["self_checks.submitted_cnt"].values[when] == listed.num_rows
        found = demo_report.figures["self_checks.amt_found"].values[when]
        assert found == sum(v or 0 for v in listed.column("amt_found").to_pylist())


@pytest.mark.parametrize(
    ("query", "column", "kpi", "dated"),
    [
        (
            "report_complaints",
            "received_cnt",
            "complaint_reply_rate",
            "select distinct recv_date as day from fct_complaint",
        ),
        (
            "report_self_checks",
            "submitted_cnt",
            "self_check_refund_rate",
            "select distinct submit_date as day from fct_self_check",
        ),
        (
            "report_inspections",
            "inspection_cnt",
            "problem_found_rate",
            "select distinct insp_date as day from fct_inspection",
        ),
    ],
)
def test_the_first_and_the_last_day_count(demo_home, warehouse, query, column, kpi, dated):
    days = [row["day"] for row in warehouse.query(f"{dated} where day is not null order by day").to_pylist()]
    first, last = days[3], days[9]
    [row, *_] = warehouse.query(page_sql(query), {"first_day": first, "last_day": last}).to_pylist()
    listed = rows(warehouse, Settings(demo_home), kpi, first, last)
    assert row[column] == listed.num_rows >= 7


def test_the_year_of_filings_adds_up_to_the_kpi(demo_report, engine, warehouse):
    start, end = dt.date(2026, 1, 1), min(demo_report.month.due, demo_report.newest)
    found = of_year(
        warehouse.query(page_sql("report_filings"), {"first_due": start, "last_due": end}).to_pylist()
    )
    value = engine("filing_timeliness", start, end)
    assert (sum(one.on_time for one in found), sum(one.due for one in found)) == (
        value.numerator,
        value.denominator,
    )
    assert all(one.due == one.on_time + one.late + one.missing for one in found)


def test_charts_of_months_show_what_the_engine_counts(demo_report, engine, warehouse):
    charts = {
        block.title.split("　")[1]: block
        for block in demo_report.document.blocks()
        if isinstance(block, Chart)
    }
    months = thirteen(demo_report.month)
    received = [engine("complaint_reply_rate", month.first, month.last).denominator for month in months]
    assert list(charts["每月收到举报投诉"].series[0].values) == received
    daily = demo_report.figures["daily.inspection_cnt"]
    drawn = charts["日常稽核次数"].series[0].values
    assert (drawn[0], drawn[-2], drawn[-1]) == (
        daily.values[When.LAST_YEAR],
        daily.values[When.BEFORE],
        daily.now,
    )
    span = {"first_day": months[0].first, "last_day": months[-1].last}
    by_item = warehouse.query(page_sql("report_inspection_months"), span).to_pylist()
    whole = engine("problem_found_rate", months[0].first, months[-1].last).denominator
    assert sum(row["inspection_cnt"] for row in by_item) == whole
    amounts = charts["本月申报单据各审核步骤金额"]
    assert amounts.unit == "元"
    period = demo_report.month.period(When.NOW)
    names = ("flagged_amount", "first_review_amount", "confirmed_amount", "deducted_amount")
    assert list(amounts.series[0].values) == [engine(name, *period).value for name in names]


def test_every_number_in_the_sentences_is_a_figure_or_a_difference_of_two(demo_report, engine):
    """Numbers in the text against the engine's, taken apart by reading the text itself."""
    known = {"1", "6", "10", "30", "31"}  # 六项 in dates and the self-check's 1月1日至6月30日
    for figure in demo_report.figures.values():
        known |= {spoken_by_hand(value, figure.unit) for value in figure.values.values() if value is not None}
        then = [figure.values.get(when) for when in (When.BEFORE, When.LAST_YEAR)]
        known |= {
            spoken_by_hand(abs(figure.now - value), figure.unit)
            for value in then
            if value is not None and figure.now is not None
        }
    timely = engine("filing_timeliness", dt.date(2026, 1, 1), demo_report.month.due)
    known |= {f"{timely.numerator}", f"{timely.denominator}", by_hand(timely.value, 2)}
    for section in demo_report.document.sections[:7]:
        if section.title == "专项检查":
            continue  # names and reported counts of campaigns are held against their rows below
        for block in section.blocks:
            text = getattr(block, "text", "")
            text = re.sub(r"\d{4}年(\d+月)?(\d+日)?", "", text)
            for token in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
                assert token in known, (token, text)


def spoken_by_hand(value: Decimal, unit: str) -> str:
    """A figure as a sentence has it, without its unit: amounts from 10,000 元 on in 万元."""
    if unit == "元":
        return by_hand(value / 10_000 if abs(value) >= 10_000 else value, 2)
    return by_hand(value, 2 if unit == "%" else 1 if unit == "工作日" else 0)


def test_campaigns_are_printed_as_reported(demo_report, warehouse):
    [table] = [b for b in demo_report.document.blocks() if isinstance(b, Table) and "上报情况" in b.title]
    month = demo_report.month
    reported = warehouse.query(
        page_sql("campaigns"), {"first_day": month.first, "last_day": month.last}
    ).to_pylist()
    for printed, row in zip(table.rows, reported, strict=True):
        counts = [
            by_hand(D(row[n]), 0)
            for n in ("target_cnt", "checked_cnt", "talk_cnt", "suspend_cnt", "rectify_cnt")
        ]
        amounts = [by_hand(row[name], 2) for name in ("amt_found", "amt_recovered")]
        assert list(printed[2:]) == [*counts, *amounts]


def test_a_number_without_a_base_says_why(demo_home):
    with open_warehouse(demo_home) as warehouse:
        early = monthly_report(warehouse, Settings(demo_home), Month(2025, 9), dt.date(2025, 10, 8))
    declared = early.figures["first_review_rate.denominator"]
    assert declared.values[When.LAST_YEAR] is None
    assert declared.reasons[When.LAST_YEAR] == "“审核单据”数据始于2025年6月"
    assert "上年同月无可比数据（“审核单据”数据始于2025年6月）" in declared.compared()
    notes = [block.note for block in early.document.blocks() if isinstance(block, Table)]
    assert any("上年同月无数据：“审核单据”数据始于2025年6月" in note for note in notes)


def test_a_month_that_the_data_do_not_reach_is_refused(demo_home):
    with open_warehouse(demo_home) as warehouse, pytest.raises(UserError, match="2027年1月还没有数据"):
        monthly_report(warehouse, Settings(demo_home), Month(2027, 1), dt.date(2027, 2, 1))


def test_a_county_without_ledgers_is_told_in_words_and_gets_no_zeros(taihe_report):
    assert all(value is None for figure in taihe_report.figures.values() for value in figure.values.values())
    said = {
        section.title: " ".join(getattr(b, "text", "") for b in section.blocks)
        for section in taihe_report.document.sections
    }
    for item, title in (
        (Item.DAILY, "检查"),
        (Item.REVIEW, "审核单据"),
        (Item.SELF_CHECK, "自查自纠"),
        (Item.COMPLAINT, "举报投诉"),
    ):
        assert said[item.value] == f"未载入“{title}”数据，本项无法统计，不以零代替。"
    assert "应查161家，已查161家，约谈52家，暂停8家" in said["专项检查"]
    assert "各项是否按时报送无法统计" in said["报送情况"]
    assert not re.search(r"(?<![\d.])0(次|件|家|份|元|\.00)", "".join(taihe_report.document.words()))


def test_the_state_of_each_item_is_told_from_its_days():
    due = dt.date(2026, 9, 10)
    recorded = [
        {"item": "日常稽核", "due_date": due, "filed_date": due, "filer": "填报岗01"},
        {"item": "基金结算审核", "due_date": due, "filed_date": dt.date(2026, 9, 14), "filer": "填报岗02"},
        {"item": "投诉举报", "due_date": due, "filed_date": None, "filer": None},
    ]
    states = [one.words for one in filings(recorded, dt.date(2026, 10, 31), due)]
    assert states == ["按时", "迟报4天", "未报", "未报", "未报", "未报"]
    assert [one.words for one in filings(recorded, due, due)][2:] == ["待报"] * 4


def test_the_countdown_runs_to_the_tenth(demo_report):
    assert demo_report.month.due == dt.date(2026, 8, 10)
    lead, words = demo_report.countdown(dt.date(2026, 8, 1))
    assert (lead, words) == ("还有 9 天", "应于 2026-08-10 前报送,未报 1 项:专项检查")
    open_month = Month(2026, 10)
    found = filings([], dt.date(2026, 10, 31), open_month.due)
    from fundwatch.reports.monthly.filing import countdown

    assert countdown(open_month, found, dt.date(2026, 11, 3), True)[0] == "还有 7 天"
    assert countdown(open_month, found, dt.date(2026, 11, 10), True)[0] == "今日截止"
    assert countdown(open_month, found, dt.date(2026, 11, 12), True)[0] == "已过 2 天"
    assert "未报 6 项" in countdown(open_month, found, dt.date(2026, 11, 3), True)[1]
    assert "没有报送台账" in countdown(open_month, found, dt.date(2026, 11, 3), False)[1]


def test_a_change_is_said_with_its_base():
    values = {When.NOW: D(26), When.BEFORE: D(28), When.LAST_YEAR: D(26), When.YEAR: D(90)}
    counted = Figure("x", "日常稽核", "检查", "次", "s", values)
    assert counted.compared() == "较上月（28次）减少2次，与上年同月（26次）持平"
    money = Figure(
        "m",
        "日常稽核",
        "金额",
        "元",
        "s",
        {When.NOW: D("1974.19"), When.BEFORE: D("93295.86"), When.LAST_YEAR: D(0)},
    )
    assert money.compared() == "较上月（9.33万元）减少9.13万元，较上年同月（0.00元）增加1,974.19元"
    share = Figure("p", "日常稽核", "率", "%", "s", {When.NOW: D("96.5"), When.BEFORE: D("95"), When.LAST_YEAR: None},
                   {When.LAST_YEAR: "数据始于2025年6月"}, 2)  # fmt: skip
    assert share.compared() == "较上月（95.00%）提高1.50个百分点，上年同月无可比数据（数据始于2025年6月）"


def test_amounts_that_do_not_fit_a_cell_are_in_ten_thousands():
    large = Figure("m", "x", "申报基金金额", "元", "s", {When.NOW: D("123456789.01"), When.BEFORE: D("1")})
    assert (large.row_unit, large.cell(When.NOW), large.cell(When.BEFORE)) == ("万元", "12,345.68", "0.00")


def test_every_line_has_its_own_name():
    names = [line.id for line in lines()]
    assert len(names) == len(set(names))


def test_months_are_counted_over_the_year():
    month = Month.read("2026-01")
    assert (str(month.back(1)), str(month.back(12)), str(month.back(-1))) == ("2025-12", "2025-01", "2026-02")
    assert month.period(When.LAST_YEAR) == (dt.date(2025, 1, 1), dt.date(2025, 1, 31))
    assert Month(2024, 12).due == dt.date(2025, 1, 10)
    assert [str(one) for one in thirteen(Month(2026, 1))][:2] == ["2025-01", "2025-02"]
    for wrong in ("2026-13", "2026", "202601", "2026-1"):
        with pytest.raises(UserError, match="YYYY-MM"):
            Month.read(wrong)


def test_no_figure_counts_persons_so_that_nothing_small_of_them_leaves_with_the_report(taihe_report):
    """Why ``report monthly`` needs no form for others (decision 297): every figure it can have is here, with data or without."""
    units = {figure.unit for figure in taihe_report.figures.values()}
    assert units
    assert not units & PERSON_UNITS
    words = json.dumps(as_data(taihe_report.document), ensure_ascii=False, default=str)
    assert not re.search(r"\d\s*(?:人次|人|笔)(?!民|员|均)", words)
