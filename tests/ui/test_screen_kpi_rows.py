"""指标明细: the list behind any number adds up to it, is cut down by clicks and leads to an institution or a case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from signed_in import screen_of, texts

from fundwatch.access import STAFF, Role
from fundwatch.errors import UserError
from fundwatch.export.files import Column, as_csv, as_xlsx
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import KpiValue, declarations
from fundwatch.kpi import rows as engine_rows
from fundwatch.screens.beside import beside_words
from fundwatch.screens.kpi_rows import cell_of, destination, key_words, of_cell, question, splits
from fundwatch.settings import Settings
from fundwatch.ui import long_list
from fundwatch.warehouse import open_warehouse

PATH = "pages/drill/kpi_rows.py"


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def columns(app, table: int = -1) -> list[str]:
    return list(app.dataframe[table].value.columns)


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_lists_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role, kpi="recovery_rate")
    assert not app.exception
    assert [title.value.replace("\\", "") for title in app.title] == (
        ["违规金额追回率:明细"] if role in STAFF else ["没有查看权限"]
    )


@pytest.mark.parametrize("kpi", list(declarations()))
def test_every_list_adds_up_to_its_number(demo, kpi):
    app = screen_of(demo, PATH, Role.ANALYST, kpi=kpi)
    assert not app.exception
    assert "行合计等于上面的数值" in texts(app)
    assert not app.error


def test_a_split_is_shown_in_its_own_order_with_its_sides(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="inspection_coverage", by="level_class")
    split = app.dataframe[0].value
    assert list(split["级别"]) == ["三级", "二级", "一级", "未定级", "药店"]
    assert list(split.columns) == ["级别", "协议检查覆盖率(%)", "分子", "分母"]


@pytest.mark.parametrize(
    ("kpi", "cell", "words"),
    [
        ("handling_counts", {"handle_type": "10"}, "处理方式:约谈"),
        ("recovery_rate", {"month": "2026-09"}, "月份:2026年9月"),
        ("inspection_coverage", {"month": "2026-03"}, "月份:2026年3月"),
        ("task_on_time_rate", {"group_name": "办公室"}, "工作组:办公室"),
        ("fund_outlay", {"insutype": "390", "month": "2026-09"}, "月份:2026年9月"),
    ],
)
def test_a_cell_of_a_split_cuts_the_list_down_and_still_adds_up(demo, kpi, cell, words):
    whole = screen_of(demo, PATH, Role.ANALYST, kpi=kpi)
    app = screen_of(demo, PATH, Role.ANALYST, kpi=kpi, **cell)
    assert not app.exception
    assert words in [button.label.replace("\\", "") for button in app.button]
    assert "行合计等于上面的数值" in texts(app)
    assert texts(app) != texts(whole)


def test_definition_clause_and_parameters_stand_on_the_screen(demo):
    words = texts(screen_of(demo, PATH, Role.ANALYST, kpi="over_frequency"))
    assert "分子:" in words
    assert "依据:" in words
    assert "参数:" in words


def test_rows_that_fall_short_can_be_seen_alone(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="inspection_coverage", only="short")
    counts = app.dataframe[-1].value
    assert set(counts["计入分子"]) == {0}
    assert app.toggle[0].value is True


def test_an_emptied_list_names_the_filter_and_offers_to_loosen_it(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="over_frequency", level_class="三级")
    assert "没有符合条件的" in texts(app)
    assert any(button.label.startswith("取消“级别") for button in app.button)


def test_without_a_kpi_the_screen_asks_for_one(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="no_such")
    assert "请先选择指标" in texts(app)
    assert not app.exception


def test_keys_that_the_filter_bar_has_are_filters_and_the_rest_is_the_cell():
    kpi = declarations()["handling_counts"]
    given = {
        "kpi": ["handling_counts"],
        "handle_type": ["32"],
        "level_class": ["二级"],
        "town_code": ["未登记"],
    }
    cell = cell_of(kpi, given)
    assert cell == {"handle_type": "32", "town_code": None}
    filters, key = question(kpi, {"level_class": ["二级"]}, cell)
    assert filters == {"level_class": ["二级"], "town_code": [None]}
    assert key == {"handle_type": "32"}
    assert "handle_type" not in splits(kpi, cell)


def test_a_row_leads_to_its_claim_or_case_before_its_institution():
    assert destination({"case_id": "A1", "fixmedins_code": "H1"}) == ("case", {"case_id": "A1"})
    assert destination({"case_id": None, "fixmedins_code": "H1"}) == ("institution", {"code": "H1"})
    assert destination({"setl_id": "S1", "case_id": "A1"}) == ("case", {"setl_id": "S1"})
    assert destination({"person_code": "R1"}) is None


def test_a_row_of_a_part_names_the_part_on_the_way():
    """A rejected suspicion opens its claim, a reminder the settlement of its visit, a recovery its case; each says which."""
    suspicion = {"doc_suspt_id": "YD1", "fixmedins_code": "H1", "setl_id": "S1"}
    assert destination(suspicion) == ("case", {"setl_id": "S1", "doc_suspt_id": "YD1"})
    reminder = {"warn_rslt_id": "TX1", "fixmedins_code": "H1", "mdtrt_id": "M1"}
    assert destination(reminder) == ("case", {"mdtrt_id": "M1", "warn_rslt_id": "TX1"})
    recovery = {"handle_id": "CL1", "case_id": "A1", "fixmedins_code": "H1"}
    assert destination(recovery) == ("case", {"case_id": "A1", "handle_id": "CL1"})
    assert destination({**recovery, "case_id": None}) == ("institution", {"code": "H1"})


def test_the_rejected_documents_can_be_seen_alone(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="rejected_doc_rate", only="counted")
    assert set(app.dataframe[-1].value["计入分子"]) == {1}
    assert app.toggle[0].label.startswith("只看计入分子的 ")
    whole = screen_of(demo, PATH, Role.ANALYST, kpi="rejected_doc_rate")
    assert set(whole.dataframe[-1].value["计入分子"]) == {0, 1}


def test_keys_are_read_as_words():
    assert key_words("month", "2024-06", {}) == "2024年6月"
    assert key_words("town_code", "1", {"1": "城关镇"}) == "城关镇"
    assert key_words("handle_type", "10", {}) == "约谈"
    assert key_words("town_code", None, {}) == "未登记"
    # from an address somebody wrote by hand
    assert key_words("month", "2024-13", {}) == "2024-13"
    assert key_words("month", "'; drop", {}) == "'; drop"


def test_one_cell_is_picked_also_where_funds_are_never_added(kpi, number):
    plain = kpi()
    given = [
        number(plain, value, key=f"{fund},{month}", cell={"insutype": fund, "month": month})
        for value, fund, month in (("1", "310", "2024-05"), ("2", "310", "2024-06"), ("3", "390", "2024-06"))
    ]
    assert [n.key for n in of_cell(given, {"month": "2024-06"})] == ["310,2024-06", "390,2024-06"]
    assert of_cell(given, {}) == given


class TestLongLists:
    """A list too long to hold is read a page at a time and looks the same."""

    KPI = "first_review_rate"

    @pytest.fixture
    def short_limit(self, monkeypatch):
        monkeypatch.setattr(long_list, "WHOLE_ROWS", 50)

    def test_pages_totals_and_columns_are_those_of_the_whole_list(self, demo, monkeypatch):
        whole = screen_of(demo, PATH, Role.ANALYST, kpi=self.KPI)
        monkeypatch.setattr(long_list, "WHOLE_ROWS", 50)
        paged = screen_of(demo, PATH, Role.ANALYST, kpi=self.KPI)
        assert not paged.exception
        assert paged.dataframe[-1].value.equals(whole.dataframe[-1].value)
        assert texts(paged) == texts(whole)
        assert "行合计等于上面的数值" in texts(paged)

    def test_a_text_is_looked_for_in_all_rows(self, demo, monkeypatch):
        def looked_for(app):
            code = str(app.dataframe[-1].value["单据ID"].iloc[-1])
            app.text_input(key="rows_search").set_value(code.lower()).run()
            assert not app.exception
            return list(app.dataframe[-1].value["单据ID"]), texts(app)

        whole = looked_for(screen_of(demo, PATH, Role.ANALYST, kpi=self.KPI))
        monkeypatch.setattr(long_list, "WHOLE_ROWS", 50)
        paged = looked_for(screen_of(demo, PATH, Role.ANALYST, kpi=self.KPI))
        assert len(paged[0]) == 1
        assert paged == whole

    @pytest.mark.parametrize(
        ("kpi", "only"), [("first_review_rate", "short"), ("rejected_doc_rate", "counted")]
    )
    def test_rows_that_fall_short_or_are_counted_can_be_seen_alone(self, demo, monkeypatch, kpi, only):
        whole = screen_of(demo, PATH, Role.ANALYST, kpi=kpi, only=only)
        monkeypatch.setattr(long_list, "WHOLE_ROWS", 50)
        paged = screen_of(demo, PATH, Role.ANALYST, kpi=kpi, only=only)
        assert not paged.exception
        assert paged.dataframe[-1].value.equals(whole.dataframe[-1].value)
        assert texts(paged) == texts(whole)
        assert paged.toggle[0].label == whole.toggle[0].label

    def test_an_export_holds_every_row_and_no_hidden_column(self, demo, short_limit):
        warehouse, settings = open_warehouse(demo), Settings(demo)
        last = dt.date.fromisoformat(warehouse.meta["load_date"])
        question_ = long_list.Question(self.KPI, last.replace(month=1, day=1), last, {}, {})
        for hidden in (frozenset(), frozenset({"setl_id"})):
            page = SimpleNamespace(warehouse=warehouse, settings=settings, hidden_columns=hidden)
            rows = long_list.kpi_list(page, question_)
            assert isinstance(rows, long_list.LongList)
            whole = engine_rows(warehouse, settings, self.KPI, question_.start, question_.end)
            names = [name for name in whole.column_names if name not in hidden]
            assert rows.column_names == names
            columns = [Column(name, name) for name in names]
            assert as_csv(rows, columns) == as_csv(whole, columns)
            assert as_csv(rows, columns).rows == whole.num_rows > 200
            with pytest.raises(UserError, match="请改用 CSV"):
                as_xlsx(replace(rows, totals=replace(rows.totals, row_cnt=50_001)), columns, [], 50_000)


def test_an_extrapolated_amount_says_what_it_rests_on(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="extrapolated_rejection")
    assert "90%区间" in texts(app) or "没有复审件数足够" in texts(app)
    assert not app.exception


def test_limits_beside_a_number_are_words_with_units():
    number = KpiValue(
        kpi="extrapolated_rejection", start=dt.date(2024, 1, 1), end=dt.date(2024, 1, 31), by=None, key=None,
        numerator=Decimal("130.04"), denominator=None, value=Decimal("130.04"), unit="元", target=None, data_through=None,
        extra={"n": Decimal(10), "N": Decimal(1300), "lower90": Decimal("27.31"), "upper90": Decimal("2232.77")},
    )  # fmt: skip
    words = beside_words(number)
    assert "初审通过 1,300 件,抽检复审 10 件;90%区间 27.31 元至 2,232.77 元" in words
    assert (
        beside_words(replace(number, extra={**number.extra, "lower90": None}))
        == "没有复审件数足够、可以放大的层。"
    )
    assert beside_words(replace(number, extra={})) == ""


@pytest.mark.parametrize(
    "kpi", ["first_review_rate", "extrapolated_rejection", "duty_breaches", "post_review_rate"]
)
def test_a_county_without_claims_is_told_which_table_is_missing(taihe_home, monkeypatch, kpi):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.ANALYST, kpi=kpi)
    assert not app.exception
    assert "从未载入" in texts(app)
