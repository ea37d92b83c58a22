"""自助查询: only analysts, statement to rows, chart, export and log; trouble in Chinese; cancelling; kept queries."""

from __future__ import annotations

import time

import pytest
from signed_in import NAMES, screen_of, texts

from fundwatch.access import Role
from fundwatch.analyst.run import statement_hash
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import evaluate
from fundwatch.settings import Settings
from fundwatch.state.audit import listing, verify
from fundwatch.state.db import engine
from fundwatch.state.queries import Queries
from fundwatch.state.users import Users
from fundwatch.ui import sql_run
from fundwatch.warehouse import open_warehouse

PATH = "pages/analysis/sql.py"
SLOW = "select count(*) from fct_payment a, fct_payment b, fct_payment c"


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


def run(app, sql: str):
    """Type the statement, press 运行 and wait for the end."""
    app.text_area("sql_text").set_value(sql)
    app.button("sql_start").click().run()
    return ended(app)


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
    app = run(screen_of(demo, PATH, Role.ANALYST), "select sum(amt) as 收入 from fct_fund_ledger where direction = '收入'")
    assert not app.error
    assert "共 1 行" in texts(app)
    [value] = list(app.dataframe[1].value["收入"])
    with open_warehouse(demo) as warehouse:
        first, last = warehouse.query("select min(month_begn) a, max(month_end) b from fct_fund_ledger").to_pylist()[0].values()
        numbers = evaluate(warehouse, Settings(demo), ["fund_income"], first, last)
    assert value == sum(number.value for number in numbers)
    detail = runs(demo)[0]
    assert detail["outcome"] == "完成"
    assert detail["rows"] == 1
    assert detail["statement"] == statement_hash("select sum(amt) as 收入 from fct_fund_ledger where direction = '收入'")
    assert verify(engine(demo)).sound
