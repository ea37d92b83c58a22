"""自助查询: only analysts, statement to rows, chart, export and log; trouble in Chinese; cancelling; kept queries."""

from __future__ import annotations

import csv
import io
import time

import openpyxl
import pytest
from signed_in import NAMES, screen_of, texts

from fundwatch.access import Role, entry_at
from fundwatch.analyst.run import statement_hash
from fundwatch.analyst.tables import analyst_tables
from fundwatch.build.publish import current_version
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import evaluate
from fundwatch.screens import sql as view
from fundwatch.settings import Settings
from fundwatch.state.audit import listing, verify
from fundwatch.state.db import engine
from fundwatch.state.queries import Queries
from fundwatch.state.users import Users
from fundwatch.ui import sql_run
from fundwatch.ui.shell import Page
from fundwatch.warehouse import open_warehouse

PATH = "pages/analysis/sql.py"
SLOW = (
    "select count(*) from fct_payment a, fct_payment b, fct_payment c where a.pay_amt * b.pay_amt > c.pay_amt"
)


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def run(app, sql: str):
    """Type the statement, press 运行 and wait for the end."""
    box(app).set_value(sql)
    app.button("sql_start").click().run()
    return ended(app)


def box(app):
    """Where the statement is typed."""
    [area] = app.text_area
    return area


def ended(app):
    until = time.monotonic() + 90
    while sql_run.RUN in app.session_state and time.monotonic() < until:
        time.sleep(0.3)
        app.run()
    assert sql_run.RUN not in app.session_state
    return app


def runs(home) -> list[dict]:
    return [event.detail for event in listing(engine(home), action=sql_run.ACTION)]


@pytest.mark.parametrize("role", list(Role))
def test_only_analysts_have_the_screen(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    if role is Role.ANALYST:
        assert [title.value for title in app.title] == ["自助查询"]
        assert app.button("sql_start").label == "运行"
        assert "每次最多取 10,000 行、运行 30 秒" in texts(app)
    else:
        assert [title.value for title in app.title] == ["没有查看权限"]


def test_a_statement_gives_rows_a_log_line_and_the_engines_number(demo):
    app = run(
        screen_of(demo, PATH, Role.ANALYST),
        "select sum(amt) as 收入 from fct_fund_ledger where direction = '收入'",
    )
    assert not app.error
    assert "共 1 行" in texts(app)
    [value] = list(app.dataframe[0].value["收入"])
    with open_warehouse(demo) as warehouse:
        first, last = (
            warehouse.query("select min(month_begn) a, max(month_end) b from fct_fund_ledger")
            .to_pylist()[0]
            .values()
        )
        numbers = evaluate(warehouse, Settings(demo), ["fund_income"], first, last)
    assert value == sum(number.value for number in numbers)
    detail = runs(demo)[0]
    assert detail["outcome"] == "完成"
    assert detail["rows"] == 1
    assert detail["statement"] == statement_hash(
        "select sum(amt) as 收入 from fct_fund_ledger where direction = '收入'"
    )
    assert verify(engine(demo)).sound


def test_what_was_typed_stays_in_the_box_and_what_is_wrong_is_said_in_chinese(demo):
    sql = "select nobody from dim_town"
    app = run(screen_of(demo, PATH, Role.ANALYST), sql)
    assert box(app).value == sql
    assert [error.value.replace("\\", "") for error in app.error] == ["没有字段“nobody”。"]
    assert runs(demo)[0]["outcome"] == "出错"
    app = run(app, "select * from read_text('/etc/passwd')")
    assert "不能在 from 中使用函数" in app.error[0].value
    assert runs(demo)[0] | {"ms": 0} == {
        "statement": statement_hash("select * from read_text('/etc/passwd')"), "outcome": "未执行", "rows": 0, "more": False, "ms": 0,
        "version": current_version(demo), "screen": "sql",
    }  # fmt: skip


def test_a_long_statement_can_be_cancelled_and_the_console_goes_on(demo):
    app = screen_of(demo, PATH, Role.ANALYST)
    box(app).set_value(SLOW)
    app.button("sql_start").click().run()
    assert app.button("sql_start").disabled
    assert "正在运行" in texts(app)
    app.button("sql_cancel").click().run()
    app = ended(app)
    assert [error.value for error in app.error] == ["已取消。"]
    assert runs(demo)[0]["outcome"] == "取消"
    app = run(app, "select count(*) as 乡镇数 from dim_town")
    assert not app.error
    assert app.dataframe[0].value["乡镇数"].tolist() != []


def test_rows_are_drawn_and_exported_with_the_statement_on_record(demo):
    sql = view.EXAMPLES["各月基金支付"]
    app = run(screen_of(demo, PATH, Role.ANALYST), sql)
    app.selectbox("sql_shape").set_value(view.LINE).run()
    assert len(app.get("vega_lite_chart")) == 1
    app.selectbox("sql_shape").set_value(view.BAR).run()
    assert not app.exception
    found = app.session_state[sql_run.RESULT]
    page = Page(
        entry_at("sql"), demo, Users.of(demo).get(NAMES[Role.ANALYST]), Settings(demo), open_warehouse(demo)
    )
    text = sql_run.written(page, found, "csv").decode("utf-8-sig")
    assert next(csv.reader(text.splitlines())) == ["月份", "结算笔数", "基金支付"]
    assert len(text.splitlines()) == found.rows.num_rows + 1
    book = openpyxl.load_workbook(io.BytesIO(sql_run.written(page, found, "xlsx")))
    about = {row[0].value: row[1].value for row in book["口径"].iter_rows(max_col=2)}
    assert about["语句"] == sql
    assert about["数据表"].startswith("结算(按月) fct_settlement_month")
    assert book["数据"].max_row == found.rows.num_rows + 1
    for event in listing(engine(demo), action="导出")[:2]:
        assert event.detail["statement"] == statement_hash(sql)
        assert event.detail["rows"] == found.rows.num_rows
    page.warehouse.close()


def test_queries_are_kept_opened_by_link_shared_and_removed(demo):
    screen_of(demo, PATH, Role.ANALYST)
    owner, queries = Users.of(demo).get(NAMES[Role.ANALYST]), Queries.of(demo)
    one = queries.keep(owner, "乡镇 人口", "select sum(population) from dim_town", shared=False)
    app = screen_of(demo, PATH, Role.ANALYST, query=str(one.query_id))
    assert box(app).value == one.sql
    assert app.button(f"query_{one.query_id}").label == "乡镇 人口"
    app.button(f"query_share_{one.query_id}").click().run()
    assert queries.seen_by(owner)[0].shared
    app.button("example_1").click().run()
    assert box(app).value == list(view.EXAMPLES.values())[1]
    app.button(f"query_{one.query_id}").click().run()
    assert box(app).value == one.sql
    app.button(f"query_remove_{one.query_id}").click().run()
    assert queries.seen_by(owner) == []
    app = screen_of(demo, PATH, Role.ANALYST, query=str(one.query_id))
    assert "已被删除或未共享" in texts(app)
    assert {event.action for event in listing(engine(demo))} >= {"保存查询", "共享查询", "删除查询"}


def test_the_tables_are_shown_in_chinese_and_written_out(demo):
    app = screen_of(demo, PATH, Role.ANALYST)
    app.selectbox("sql_table").set_value("fct_payment").run()
    shown = app.dataframe[0].value
    assert "拨付金额(元)" in list(shown["字段"])
    assert "310 职工基本医疗保险" in " ".join(shown["代码"])
    assert "一家机构一期一险种一行" in texts(app)
    app.button("sql_look").click().run()
    assert box(app).value == view.first_look(analyst_tables()["fct_payment"])
