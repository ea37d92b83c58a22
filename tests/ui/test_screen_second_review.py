"""复审抽检: every role, drawing with a stored seed, results in, limits per stratum, replay, the sheet."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from signed_in import screen_of, sheets, texts

from fundwatch.access import ABILITIES, CASE_ROLES, STAFF, Ability, Role
from fundwatch.draws import calculation as calc
from fundwatch.draws.design import Design
from fundwatch.draws.lots import Signer
from fundwatch.draws.outcome import drawn_sample, estimates, platform_sample
from fundwatch.draws.results import Entry, Source, Stage, check, enter
from fundwatch.draws.service import draw_sample
from fundwatch.draws.store import draws, items
from fundwatch.draws.workbook import workbook
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import evaluate
from fundwatch.screens.second_review import Plan, items_table, message, narrowed, plan_of, strata_table
from fundwatch.settings import Settings
from fundwatch.ui.sample_views import PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/review/second_review.py"
D = Decimal
TODAY = dt.date(2026, 11, 1)
REVIEWER = Signer("fs01", "复审岗01")


@pytest.fixture
def demo(demo_home_copy, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    return demo_home_copy


def newest_issue(warehouse) -> str:
    return warehouse.query("select max(issue) as issue from stg_doc_d").to_pylist()[0]["issue"]


@pytest.fixture
def drawn(demo):
    with open_warehouse(demo) as warehouse:
        made = draw_sample(
            demo,
            warehouse,
            newest_issue(warehouse),
            Design(D("0.3"), D(30000), 2),
            seed=11,
            why="",
            by=REVIEWER,
        )
    return demo, made


def reviewed(home, made, stop: int | None = None) -> None:
    """Enter what was found: ten yuan in every fifth document, half of the first one left after appeal."""
    chosen = [document for _, document in items(home, made.draw_id)][:stop]
    found = [
        Entry(
            one.doc_id,
            min(D(10), D(one.fund_fen) / 100) if place % 5 == 0 else D(0),
            "复审岗01",
            dt.date(2026, 10, 20),
        )
        for place, one in enumerate(chosen)
    ]
    found.append(
        Entry(chosen[0].doc_id, found[0].amount / 2, "复审岗02", dt.date(2026, 10, 25), Stage.APPEAL, "采纳")
    )
    with open_warehouse(home) as warehouse:
        sample = drawn_sample(home, made, warehouse)
    checked = check(
        [one for one in found if one.amount * 100 == int(one.amount * 100)],
        sample.documents,
        sample.found,
        TODAY,
    )
    enter(home, made, checked, Source.TYPED, REVIEWER)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("part", list(PARTS))
def test_every_role_sees_the_parts_that_are_its_business(demo_home, monkeypatch, role, part):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    app = screen_of(demo_home, PATH, role, part=part)
    assert not app.exception
    assert not app.error
    if role not in STAFF:
        assert [title.value for title in app.title] == ["没有查看权限"]
        return
    assert [title.value for title in app.title] == ["复审抽检"]
    buttons = [button.label for button in app.button]
    if part == "draw":
        assert ("冻结抽样框并抽取" in buttons) == (role in ABILITIES[Ability.DRAW])
    if part == "results":
        assert bool(app.dataframe) == (role in CASE_ROLES)


def test_the_platform_s_sample_is_shown_before_any_draw_and_says_what_it_is(demo):
    words = texts(screen_of(demo, PATH, Role.LEADER))
    with open_warehouse(demo) as warehouse:
        issue = newest_issue(warehouse)
        found = estimates(platform_sample(warehouse, issue), Settings(demo), TODAY)[Stage.APPEAL]
    assert f"{issue} 期初审通过 {found.universe:,} 件,抽取复审 {found.drawn:,} 件" in words
    assert calc.PLATFORM_SAMPLE in sheets(screen_of(demo, PATH, Role.LEADER, part="sheet"))


def test_the_kpi_is_the_platform_s_samples_extrapolated_stratum_by_stratum(demo):
    """The sheet also counts small strata that were reviewed wholly; the KPI leaves every stratum below ten out."""
    with open_warehouse(demo) as warehouse:
        issues = warehouse.query("select distinct issue from stg_doc_d order by issue").to_pylist()
        summed = D(0)
        for row in issues:
            found = estimates(platform_sample(warehouse, row["issue"]), Settings(demo), TODAY)[Stage.REVIEW]
            summed += sum((one.point or D(0) for one in found.strata if one.reviewed >= 10), D(0))
        (value,) = evaluate(
            warehouse, Settings(demo), ["extrapolated_rejection"], dt.date(2020, 1, 1), dt.date(2026, 12, 31)
        )
    assert value.value == summed


def test_drawing_on_screen_stores_seed_and_author_and_opens_the_sample(demo):
    app = screen_of(demo, PATH, Role.FINAL_REVIEWER, part="draw")
    next(field for field in app.text_input if field.label.startswith("随机种子")).set_value("20261101")
    next(button for button in app.button if button.label == "冻结抽样框并抽取").click().run()
    assert not app.exception
    (made,) = draws(demo)
    assert (made.seed, made.drawn_by) == (20261101, "复审岗01")
    assert f"已抽取 {made.draw_id}" in texts(app)
    assert made.draw_id in app.query_params["sample"]


def test_a_second_draw_of_an_issue_needs_a_reason(drawn):
    home, _ = drawn
    app = screen_of(home, PATH, Role.INSPECTOR, part="draw")
    next(button for button in app.button if button.label == "冻结抽样框并抽取").click().run()
    assert [error.value for error in app.error] == ["该期已经抽过样,再次抽样须写明理由。"]
    assert len(draws(home)) == 1
    next(field for field in app.text_input if "再次抽样的理由" in field.label).set_value("补载单据")
    next(button for button in app.button if button.label == "冻结抽样框并抽取").click().run()
    assert [made.why for made in draws(home)][:1] == ["补载单据"]


def test_a_result_typed_in_is_checked_and_counts_at_once(drawn):
    home, made = drawn
    app = screen_of(home, PATH, Role.FINAL_REVIEWER, part="results")
    field = next(field for field in app.text_input if field.label.startswith("违规金额"))
    field.set_value("一百")
    next(button for button in app.button if button.label == "登记").click().run()
    assert "不是数字" in app.error[0].value
    next(field for field in app.text_input if field.label.startswith("违规金额")).set_value("0")
    next(button for button in app.button if button.label == "登记").click().run()
    assert not app.error
    assert "已登记 1 件" in texts(app)
    first = items(home, made.draw_id)[0][1].doc_id
    with open_warehouse(home) as warehouse:
        found = drawn_sample(home, made, warehouse).found[first]
    assert (found.review_fen, found.reviewer, found.source) == (0, "复审岗01", "页面登记")


def test_replay_on_screen_says_that_the_draw_can_be_repeated(drawn):
    home, made = drawn
    app = screen_of(home, PATH, Role.ANALYST, part="history")
    next(button for button in app.button if button.label == "重放核对").click().run()
    assert f"抽样框 {made.frame_size:,} 件哈希相符" in app.success[0].value.replace("\\", "")


def test_screen_and_sheet_show_the_numbers_of_the_estimate(drawn):
    home, made = drawn
    reviewed(home, made)
    with open_warehouse(home) as warehouse:
        both = estimates(drawn_sample(home, made, warehouse), Settings(home), TODAY)
    found = both[Stage.APPEAL]
    assert found.reviewed == found.drawn
    shown = sheets(screen_of(home, PATH, Role.LEADER))
    assert f"{found.point:,.2f}" in shown
    assert f"{both[Stage.REVIEW].point:,.2f}" in shown
    printed = sheets(screen_of(home, PATH, Role.LEADER, part="sheet"))
    for word in (
        made.frame_hash,
        str(made.seed),
        "SHA-256 排序抽样 版本 1",
        "双侧80%",
        "双侧95%",
        "申诉前",
        "比率估计",
    ):
        assert word in printed
    lists = screen_of(home, PATH, Role.LEADER, show="counting").dataframe[0].value
    assert len(lists) == len(found.counting)


def test_the_workbook_holds_figures_without_formulas_and_the_lines_to_sign(drawn):
    home, made = drawn
    reviewed(home, made)
    with open_warehouse(home) as warehouse:
        sample = drawn_sample(home, made, warehouse)
    both = estimates(sample, Settings(home), TODAY)
    names = {"H99900100001": "=甲医院"}
    content = workbook(
        "复审抽检放大计算单",
        {
            "计算单": [*calc.calculation(sample, both, "v1"), calc.definitions_block()],
            "分层结果": [calc.strata_block(both[Stage.APPEAL], names)],
            "样本": [calc.items_block(sample, names)],
        },
        ["抽样人(签字):____"], 1,
    )  # fmt: skip
    book = load_workbook(io.BytesIO(content.content))
    assert book.sheetnames == ["计算单", "分层结果", "样本"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    values = {cell.value for cell in cells}
    assert {"复审抽检放大计算单", made.frame_hash, str(made.seed), "抽样人(签字):____", "'=甲医院"} <= values
    total = next(row for row in book["计算单"].iter_rows(values_only=True) if str(row[0]).startswith("合计"))
    assert D(str(total[6])) == both[Stage.APPEAL].point
    assert book["样本"].max_row == 2 + len(sample.items)
    assert book["分层结果"].max_row == 2 + len(sample.strata)


def test_tables_say_nothing_where_nobody_has_looked(drawn):
    home, made = drawn
    with open_warehouse(home) as warehouse:
        sample = drawn_sample(home, made, warehouse)
    sample.found.update(dict.fromkeys(sample.found, type(next(iter(sample.found.values())))()))
    found = estimates(sample, Settings(home), TODAY)[Stage.APPEAL]
    assert message(sample, found).endswith("尚无复审结果。")
    rows = strata_table(found, {}, 90)
    assert rows.column("found").null_count == rows.column("found_cnt").null_count == rows.num_rows
    assert narrowed(rows, "open").num_rows == rows.num_rows
    assert narrowed(rows, "counting").num_rows == narrowed(rows, "found").num_rows == 0
    assert items_table(sample, {}).column("review").null_count == len(sample.items)
    assert calc.groups_block(found).rows[0][4:] == (None, None, None)


def test_a_county_without_documents_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“审核单据”表从未载入" in texts(app)


def test_what_a_draw_would_take_is_said_before_it_is_made():
    rows = [
        {"doc_cnt": 200, "certain": False}, {"doc_cnt": 30, "certain": False}, {"doc_cnt": 2, "certain": True},
    ]  # fmt: skip
    plan = plan_of(rows, Design(D("0.05"), D(30000), 1), 10)
    # 5 % of 200 and of 30, and both certain ones; ten each would take 10 + 10 + 2
    assert plan == Plan(universe=232, drawn=14, certain=2, strata=3, enough=2, least=10, drawn_for_all=22)
    assert plan.words == (
        "初审通过 232 件分为 3 层,将抽取 14 件(6.0%),其中必抽 2 件;2 层达到可以放大的件数或全部复审。"
        "要使每层都可放大,每层最少应设为 10 件,共需抽取 22 件(9.5%)。"
    )
