"""交叉分析: cells and totals are the engine's numbers, cells lead to their lists, views are kept and shared, exports hold every column."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from signed_in import NAMES, screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.errors import UserError
from fundwatch.export.files import Column, as_xlsx
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import declarations, evaluate, totals
from fundwatch.screens.cross import CrossTab, choice_of, columns_offered, cross_tab, measures_of, shares_of
from fundwatch.screens.cross_table import (
    as_table,
    cell_query,
    columns_shown,
    heat_of,
    left_out_words,
    notes,
    total_word,
)
from fundwatch.screens.kpi_rows import cell_of, question
from fundwatch.settings import Settings
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.state.users import Users
from fundwatch.state.views import Views
from fundwatch.warehouse import open_warehouse

PATH = "pages/analysis/cross.py"
PERIOD = (dt.date(2026, 1, 1), dt.date(2026, 10, 31))


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture(scope="module")
def asked(demo_home):
    """The cross-tab of a choice over the demo county, straight from the engine."""
    warehouse, settings = open_warehouse(demo_home), Settings(demo_home).now()

    def made(**given: str) -> CrossTab:
        choice = choice_of(given)
        assert choice is not None

        def split(*names: str):
            return evaluate(warehouse, settings, [choice.kpi.id], *PERIOD, ",".join(names) or None)

        return cross_tab(
            choice, split(*choice.dimensions), {name: split(name) for name in choice.dimensions}, split(), {}
        )

    return made


def cells_of(app) -> dict[str, list[str]]:
    """The table as read: row heading → figures; the column headings under 表头."""
    found = {}
    for row in re.findall(r"<tr[^>]*>.*?</tr>", sheets(app)):
        words = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
        found["表头" if "<th" in row else words[0]] = words[1:]
    return found


@pytest.mark.parametrize("role", list(Role))
def test_staff_cross_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role, kpi="recovery_rate")
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == (["交叉分析"] if role in STAFF else ["没有查看权限"])
    assert bool(sheets(app)) == (role in STAFF)


def test_the_screen_shows_the_engines_cells_and_totals(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="recovery_rate", xrow="level_class", xcol="month")
    found = cells_of(app)
    warehouse, settings = open_warehouse(demo), Settings(demo)

    def said(by: str | None) -> dict[tuple, str]:
        return {
            tuple(one.cell.values()): f"{one.value:,.2f}"
            for one in evaluate(warehouse, settings, ["recovery_rate"], *PERIOD, by)
        }

    months = [f"2026-{month:02}" for month in range(1, 11)]
    assert found["表头"] == [f"2026年{month}月" for month in range(1, 11)] + ["总体"]
    cells, by_level, by_month = said("level_class,month"), said("level_class"), said("month")
    for level in ("二级", "一级", "药店"):
        assert found[level] == [cells.get((level, month), "—") for month in months] + [by_level[level,]]
    assert found["总体"] == [by_month.get((month,), "—") for month in months] + [said(None)[()]]


@pytest.mark.parametrize(
    ("kpi", "row", "col"),
    [
        ("recovery_rate", "town_code", "month"), ("inspection_coverage", "level_class", "month"),
        ("handling_counts", "handle_type", "town_code"),
        ("fund_outlay", "insutype", "month"), ("reminder_compliance", "rule_id", "medins_natu"),
        ("rejection_rate", "insutype", "level_class"),
    ],
)  # fmt: skip
def test_a_cell_opens_exactly_the_rows_behind_it(demo_home, asked, kpi, row, col):
    """By what 指标明细 makes of the address: its filters and key give the cell's rows, both sides and count."""
    tab, warehouse, settings = (
        asked(kpi=kpi, row=row, col=col),
        open_warehouse(demo_home),
        Settings(demo_home).now(),
    )
    declared = declarations()[kpi]
    for place in list(tab.cells)[:: max(1, len(tab.cells) // 5)]:
        query = {
            name: [value] if isinstance(value, str) else value
            for name, value in cell_query(tab, *place).items()
        }
        filters, key = question(declared, {}, cell_of(declared, query))
        listed, number = totals(warehouse, settings, kpi, *PERIOD, key, filters), tab.cells[place]
        assert (listed.row_cnt, listed.numerator, listed.denominator) == (
            number.row_cnt,
            number.numerator,
            number.denominator,
        ), place


def test_a_click_on_a_cell_shows_its_number_on_the_list(demo):
    tab = cells_of(
        screen_of(demo, PATH, Role.ANALYST, kpi="handling_counts", xrow="handle_type", xcol="level_class")
    )
    place = tab["表头"].index("药店")
    app = screen_of(
        demo,
        "pages/drill/kpi_rows.py",
        Role.ANALYST,
        kpi="handling_counts",
        cell=[
            "handling_counts:handle_type:10",
            "handling_counts:level_class:药店",
            "recovery_rate:month:2026-01",
        ],
    )
    assert f"处理处罚分布 {tab['约谈'][place]} 次" in texts(app)
    assert "行合计等于上面的数值" in texts(app)
    # a cell is no filter: going back, the table is whole
    assert not app.multiselect(key="filter_level_class").value
    chips = [button.label for button in app.button if button.icon == ":material/close:"]
    assert {chip.replace("\\", "") for chip in chips} == {"级别:药店", "处理方式:约谈"}
    app.button(key="cell_level_class").click().run()
    assert f"处理处罚分布 {tab['约谈'][-1]} 次" in texts(app)


def test_totals_of_counted_objects_are_counted_anew(asked):
    tab = asked(kpi="handled_institutions", row="level_class", col="month")
    [whole] = [one for one in [tab.grand] if one]
    assert sum(tab.col_total_figure(col) for col in tab.cols) > whole.numerator == tab.grand_figure()
    assert total_word(tab, "month") == "总体"
    assert "各格不能相加,总体由系统重新计算" in notes(tab)[0]
    assert shares_of(tab.choice.kpi, "level_class", "month", "value") == [""]


def test_a_share_is_of_the_engines_total_and_shares_of_a_line_are_whole(asked):
    tab = asked(kpi="deducted_amount", row="level_class", col="month", share="row")
    for row in tab.rows:
        shares = [share for col in tab.cols if (share := tab.cell(row, col)) is not None]
        assert abs(sum(shares) - 100) < Decimal("0.0000001")
        assert tab.row_total(row) == 100
    down = asked(kpi="deducted_amount", row="level_class", col="month", share="all")
    parts = [down.cell(row, col) for row in down.rows for col in down.cols]
    assert abs(sum(part for part in parts if part is not None) - 100) < Decimal("0.0000001")
    assert down.unit == "%"


def test_shares_are_offered_only_of_what_adds_up():
    known = declarations()
    assert shares_of(known["recovery_rate"], "level_class", "month", "value") == [""]
    assert shares_of(known["recovery_rate"], "level_class", "month", "numerator") == ["", "row", "col", "all"]
    # a restated month is no part of a year
    assert shares_of(known["inspection_coverage"], "level_class", "month", "numerator") == ["", "col"]
    # one fund is no part of another
    assert shares_of(known["fund_outlay"], "insutype", "month", "value") == ["", "row"]


def test_funds_are_never_added(asked):
    tab = asked(kpi="fund_outlay", row="month", col="insutype")
    assert tab.grand is None
    assert not tab.row_totals
    assert all(tab.col_total_figure(fund) is not None for fund in tab.cols)
    assert "各险种基金分别核算,不跨险种合计" in notes(tab)
    assert columns_offered(declarations()["fund_outlay"], "month") == ["insutype"]


@pytest.mark.parametrize("kpi", list(declarations()))
def test_every_kpi_can_be_crossed_as_the_screen_offers_it(asked, kpi):
    declared = declarations()[kpi]
    for measure in measures_of(declared):
        tab = asked(kpi=kpi, show=measure)
        table, fields = as_table(tab)
        assert table.num_rows == len(tab.rows) + 1
        assert [field.name for field in fields] == table.column_names
        assert all("\n" not in tab.text(tab.cell(row, col)) for row in tab.rows for col in tab.cols)


def test_words_that_a_kpi_cannot_do_give_way_to_what_it_can():
    given = {
        "kpi": "task_on_time_rate",
        "row": "town_code",
        "col": "group_name",
        "show": "median",
        "share": "row",
    }
    choice = choice_of(given)
    assert (choice.row, choice.col, choice.measure, choice.share) == ("group_name", "month", "value", "")
    assert choice_of({"kpi": "no_such"}) is None
    assert choice_of({"kpi": "recovery_rate", "row": "month", "col": "none"}).col is None


def test_columns_that_do_not_fit_are_named_and_stand_in_the_export(asked):
    tab = asked(kpi="handling_counts", row="month", col="town_code")
    shown, left_out = columns_shown(tab)
    assert (len(shown), len(left_out)) == (12, len(tab.cols) - 12)
    least = min(sum(tab.cells[place].row_cnt for place in tab.cells if place[1] == key) for key in shown)
    assert all(
        sum(tab.cells[place].row_cnt for place in tab.cells if place[1] == key) <= least for key in left_out
    )
    assert f"另有 {len(left_out)} 列未列出" in left_out_words(tab, left_out)
    assert len(as_table(tab)[1]) == len(tab.cols) + 2


def test_shades_hold_as_many_cells_each_and_equal_figures_one_shade():
    heat = heat_of([Decimal(value) for value in (1, 1, 1, 2, 3, 4, 5, 6, 7, 100)] + [None])
    assert [heat.step(Decimal(value)) for value in (1, 2, 100)] == [1, 2, 5]
    assert heat.step(None) == 0
    assert heat.legend[0] == (1, 1, 1)
    assert heat_of([None]).legend == ()


def test_shading_comes_with_its_legend_only(demo):
    plain = screen_of(demo, PATH, Role.LEADER, kpi="handling_counts")
    shaded = screen_of(demo, PATH, Role.LEADER, kpi="handling_counts", xheat="1")
    assert "heat" not in sheets(plain)
    assert "heat5" in sheets(shaded)
    legends = [element.proto.body for element in shaded.get("html")]
    assert any("底色按数值大小分档" in text for text in legends)


def test_an_export_holds_what_the_screen_shows_to_the_fen(asked):
    tab = asked(kpi="recovered_amount", row="level_class", col="month")
    table, fields = as_table(tab)
    file = as_xlsx(table, [Column(field.name, field.label) for field in fields], [("内容", "交叉分析")])
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content))["数据"].iter_rows(values_only=True))
    assert rows[0][-1] == "合计" == rows[-1][0]
    assert Decimal(str(rows[-1][-1])) == tab.grand.numerator
    for line, row in zip(rows[1:-1], tab.rows, strict=True):
        for figure, col in zip(line[1:-1], tab.cols, strict=True):
            number = tab.cells.get((row, col))
            assert (None if figure is None else Decimal(str(figure))) == (number and number.numerator)


def test_an_unknown_indicator_is_said_to_be_one(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="no_such")
    assert not app.exception
    assert "没有这个指标,请重新选择" in texts(app)


def test_no_amount_is_rounded_away_in_a_larger_unit(asked):
    tab = asked(kpi="deducted_amount", row="fixmedins_code", col="month")
    shown = [tab.text(tab.cell(*place)) for place, number in tab.cells.items() if number.numerator]
    assert min(number.numerator for number in tab.cells.values() if number.numerator) < 50
    assert tab.unit == "元"
    assert "0.00" not in shown
    assert asked(kpi="fund_outlay", row="insutype", col="month").unit == "万元"


def test_an_empty_table_names_the_filter(demo):
    app = screen_of(demo, PATH, Role.ANALYST, kpi="over_frequency", level_class="三级")
    assert "没有符合条件的" in texts(app)
    assert any(button.label.startswith("取消“级别") for button in app.button)


def test_a_kept_view_is_opened_by_another_role_and_its_link_shows_the_same(demo):
    app = screen_of(
        demo,
        PATH,
        Role.ANALYST,
        kpi="handling_counts",
        xrow="handle_type",
        xcol="level_class",
        xshare="row",
        xheat="1",
    )
    before = sheets(app)
    app.text_input(key="view_name").set_value("分级别处理")
    app.checkbox(key="view_shared").set_value(True)
    next(button for button in app.button if button.label == "保存当前视图").click().run()
    assert not app.exception
    assert "已保存视图“分级别处理”" in texts(app)
    other = screen_of(demo, PATH, Role.INSPECTOR)
    assert "违规金额追回率 " in texts(other)
    next(button for button in other.button if button.label == "分级别处理").click().run()
    assert not other.exception
    assert sheets(other) == before
    assert not any(button.label == "删除" for button in other.button)
    assert listing(engine(demo), action="保存视图")[0].object == "cross-tab:分级别处理"


class TestViews:
    """Kept views: whose they are, who sees them, what is logged."""

    @pytest.fixture
    def people(self, demo):
        for role in (Role.ANALYST, Role.LEADER):
            screen_of(demo, PATH, role)
        users = Users.of(demo)
        return Views.of(demo), users.get(NAMES[Role.ANALYST]), users.get(NAMES[Role.LEADER])

    def test_a_view_is_its_owners_until_it_is_shared(self, people):
        views, owner, other = people
        kept = views.keep(owner, "cross-tab", "本人的", {"kpi": ["recovery_rate"]}, shared=False)
        assert kept.view_id not in {one.view_id for one in views.seen_by(other, "cross-tab")}
        views.share(owner, kept.view_id, True)
        assert [
            one.definition for one in views.seen_by(other, "cross-tab") if one.view_id == kept.view_id
        ] == [{"kpi": ["recovery_rate"]}]
        for refused in (
            lambda: views.remove(other, kept.view_id),
            lambda: views.share(other, kept.view_id, False),
        ):
            with pytest.raises(UserError, match="只能修改或删除自己"):
                refused()
        views.remove(owner, kept.view_id)
        assert kept.view_id not in {one.view_id for one in views.seen_by(owner, "cross-tab")}

    def test_the_same_name_replaces_ones_own_view_and_no_one_elses(self, people):
        views, owner, other = people
        theirs = views.keep(other, "cross-tab", "同名", {"kpi": ["appeal_rate"]}, shared=True)
        views.keep(owner, "cross-tab", "同名", {"kpi": ["recovery_rate"]}, shared=False)
        views.keep(owner, "cross-tab", " 同名 ", {"kpi": ["recheck_rate"]}, shared=False)
        seen = [
            (one.username, one.definition["kpi"])
            for one in views.seen_by(owner, "cross-tab")
            if one.name == "同名"
        ]
        assert seen == [(owner.username, ["recheck_rate"]), (other.username, ["appeal_rate"])]
        assert theirs.view_id in {one.view_id for one in views.seen_by(other, "cross-tab")}

    @pytest.mark.parametrize("name", ["", "  ", "长" * 41])
    def test_a_view_needs_a_name_that_fits(self, people, name):
        with pytest.raises(UserError, match="1 至 40 个字"):
            people[0].keep(people[1], "cross-tab", name, {}, shared=False)

    def test_a_number_of_a_person_does_not_stay_in_a_name(self, people):
        kept = people[0].keep(people[1], "cross-tab", "联系 13812345678", {}, shared=False)
        assert "13812345678" not in kept.name
