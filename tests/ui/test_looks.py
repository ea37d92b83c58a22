"""What the look at every screen mended: titles that say something, absence that is not zero."""

import datetime as dt
import re
from decimal import Decimal

import pyarrow as pa

from fundwatch.documents import Chart, Series
from fundwatch.documents.charts import spec
from fundwatch.screens.cases import by, unfilled_words
from fundwatch.screens.clocks import Standing
from fundwatch.screens.coverage import levels_title
from fundwatch.screens.screening import months_title
from fundwatch.ui.document import on_screen
from fundwatch.ui.header import old_data_words
from fundwatch.ui.stage_svg import chart_svg


def test_the_bars_of_the_levels_are_titled_by_the_level_that_lags():
    assert levels_title([("三级", Decimal(100)), ("药店", Decimal("82.46"))]) == "药店覆盖率最低,82.5%"
    assert levels_title([("三级", Decimal("82.46"))]) == "三级覆盖率 82.5%"
    assert levels_title([("三级", Decimal(100)), ("二级", None)]) == "各级别均已全部检查"
    assert levels_title([]) == "分级别覆盖率"


def test_months_of_leads_are_titled_by_the_most_and_the_newest():
    rows = pa.table({"ym": ["2026-04", "2026-05"], "hit_cnt": [1544, 348]})
    assert months_title(rows) == "2026年4月疑点最多,1,544 件;2026年5月 348 件"
    assert months_title(rows.slice(1)) == "2026年5月疑点最多,348 件"


def test_what_a_handling_does_not_say_is_named_and_not_only_counted_as_nothing():
    rows = pa.table({
        "fixmedins_code": ["H1", None], "amt_due": [Decimal("2.00"), None], "amt_done": pa.array([None, None], pa.decimal128(18, 2)),
    })  # fmt: skip
    assert unfilled_words(rows) == (
        "处理处罚 2 次中,1 次没有登记机构编号,不计入处理机构数;1 次有应收金额而没有登记已收金额,按未收计。"
    )
    assert unfilled_words(rows.slice(0, 0)) == ""


def test_cases_without_any_recovery_have_no_amount_due_rather_than_zero():
    amounts = {"found_amt": Decimal("9.00"), "due_amt": None, "done_amt": None, "balance_amt": None}
    row = {"case_souc": "举报", "standing": Standing.OVERDUE.value, **amounts}
    made = by(
        pa.Table.from_pylist([row], schema=pa.schema([("case_souc", pa.string()), ("standing", pa.string())]
                                                     + [(name, pa.decimal128(18, 2)) for name in amounts])),
        "case_souc",
    ).to_pylist()[0]  # fmt: skip
    assert (made["found_amt"], made["due_amt"], made["balance_amt"]) == (Decimal("9.00"), None, None)


def test_the_band_of_old_data_speaks_of_numbers_only_where_there_are_some():
    words = old_data_words(dt.date(2021, 6, 4), dt.date(2026, 11, 29), shown=False)
    assert words == "数据截至 2021-06-04,距今已 2,004 天。请及时载入新数据。"
    assert "本页数字" in old_data_words(dt.date(2021, 6, 4), dt.date(2026, 11, 29))


def month_line(values: tuple[int, ...]) -> Chart:
    """A month line in percent with its target of 100."""
    series = (
        Series("举报回复率", tuple(map(Decimal, values))),
        Series("目标", (Decimal(100),) * len(values)),
    )
    return Chart("举报回复率(按月)", "line", "%", ("8月", "9月", "10月")[-len(values) :], series, "…", 1)


def test_a_month_still_open_is_hollow_and_named_on_the_projector():
    chart = month_line((90, 100, 33))
    settled, still_open = chart_svg(chart), chart_svg(chart, open_months=1)
    assert ("办理中" in settled, settled.count('fill="#FFFFFF"')) == (False, 0)
    assert ("办理中" in still_open, still_open.count('fill="#FFFFFF"')) == (True, 1)


def test_the_last_value_on_the_target_does_not_cover_the_word_of_the_target():
    drawn = chart_svg(month_line((90, 100)))
    texts = re.findall(r'y="([\d.]+)" font-size="19"[^>]*>([^<]+)<', drawn)
    heights = {word: float(y) for y, word in texts}
    assert heights["100.0"] - heights["目标"] >= 19


def test_a_year_of_columns_keeps_its_gaps_and_leaves_out_names_on_a_phone():
    months = tuple(f"{number}月" for number in range(1, 13))
    chart = Chart(
        "日常稽核次数", "column", "次", months, (Series("次数", tuple(map(Decimal, range(12)))),), "…"
    )
    bars, words = on_screen(spec(chart, "sans-serif"))["layer"]
    assert (bars["mark"]["width"], "size" in bars["mark"]) == ({"band": 0.55}, False)
    assert all(layer["encoding"]["x"]["axis"]["labelOverlap"] for layer in (bars, words))
