"""What a statement may do, what an analyst is told when it is wrong, and that it can be cancelled."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from fundwatch.analyst import run as running
from fundwatch.analyst.child import _pieces, _readable
from fundwatch.analyst.file import analyst_file
from fundwatch.analyst.functions import FUNCTIONS
from fundwatch.analyst.guard import check
from fundwatch.analyst.run import AT_A_TIME, Limits, start
from fundwatch.analyst.tables import analyst_tables
from fundwatch.analyst.words import STOPPED, TOO_BIG, in_chinese
from fundwatch.build.publish import current_version
from fundwatch.errors import UserError
from fundwatch.screens.sql import EXAMPLES, first_look

LIMITS = Limits(rows=100, seconds=20, memory_mb=512)
SLOW = "select count(*) from fct_payment as a, fct_payment as b, fct_payment as c where a.pay_amt * b.pay_amt > c.pay_amt"
FRIENDLY = (
    *EXAMPLES.values(),
    "from dim_town",
    "select * exclude (lnt, lat) from dim_institution where fixmedins_name like '%医院%' order by all limit 5",
    "with m as (select ym, sum(fund_pay_sumamt) as paid from fct_settlement_month group by ym) "
    "select ym, paid, paid - lag(paid) over (order by ym) as change, 100 * paid / nullif(lag(paid) over (order by ym), 0) as pct from m",
    "select insutype, label, sum(pay_amt) from fct_payment join dim_code on list = 'insutype' and code = insutype group by all",
    "select case when pay_workdays <= 20 then '按期' else '超期' end as state, count(*) from fct_payment group by 1",
    "select date_trunc('quarter', insp_date) as q, count(*) filter (where vola_found_flag = '1') from fct_inspection group by q",
    "select fixmedins_code from fct_case where fixmedins_code in (select fixmedins_code from fct_complaint)",
    "select ym from fct_settlement_month union select ym from fct_suspicion_month order by ym",
    "select quantile_cont(pay_amt, 0.9), median(pay_amt), stddev(pay_amt) from fct_payment",
    "select i.level_class, count(*) from dim_institution i left join fct_agreement a using (fixmedins_code) "
    "group by all having count(*) > 1",
    "select * from (pivot fct_fund_ledger on direction in ('收入', '支出') using sum(amt) group by month) order by month",
    "select fixmedins_code, row_number() over (partition by ym order by fund_pay_sumamt desc) as n "
    "from fct_settlement_month qualify n <= 3",
    "select 1 -- 结尾的注释",
    "select strftime(current_date, '%Y年'), ';' as 分号",
    "values (1, '甲'), (2, '乙')",
)


@pytest.fixture(scope="module")
def file(demo_home):
    return analyst_file(demo_home, current_version(demo_home))


@pytest.fixture(scope="module")
def engine(file):
    with duckdb.connect(str(file), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def tables():
    return list(analyst_tables())


def told(engine, tables, sql: str) -> str:
    """What an analyst reads of a statement, by the same steps as in the process."""
    try:
        check(engine, sql, tables)
        with engine.cursor() as cursor:
            cursor.sql(sql).to_arrow_table()
    except UserError as error:
        return error.message
    except duckdb.Error as error:
        return in_chinese(error)
    return ""


@pytest.mark.parametrize("sql", FRIENDLY)
def test_everyday_statements_pass_and_run(engine, tables, sql):
    assert told(engine, tables, sql) == ""


@pytest.mark.parametrize("table", list(analyst_tables()))
def test_the_first_look_at_every_table_runs(engine, tables, table):
    assert told(engine, tables, first_look(analyst_tables()[table])) == ""


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("selec 1", "语法有误:第 1 行“selec”附近"),
        ("select 1\nfrom dim_town\nwhere (", "语法有误:第 3 行"),
        ("select nobody from dim_town", "没有字段“nobody”"),
        ("select t.nobody from dim_town as t", "“t”没有字段“nobody”"),
        ("select x.town_code from dim_town", "没有表或别名“x”"),
        ("select * from dim_twon", "没有可查的表 “dim_twon”。相近的表:dim_town"),
        ("select lenght('a')", "函数 “lenght” 不在可用范围内。相近的函数:length"),
        ("select town_code, count(*) from dim_town group by town_name", "字段“town_code”要么写进 group by"),
        ("select sum(sum(population)) from dim_town", "汇总函数不能嵌套"),
        ("select 1 from dim_town where sum(population) > 1", "请改用 having"),
        ("select town_code from dim_town a, dim_town b", "“town_code”在几张表中都有"),
        ("select sum(town_name) from dim_town", "函数的参数类型不对"),
        ("select cast('甲' as int)", "“甲”不能转换"),
        ("select date '2024-13-01'", "不是日期"),
        ("select 1 union select 1, 2", "union 两边的列数不同"),
        ("select (select town_code from dim_town)", "只能返回一行一列"),
        ("select 9223372036854775807 + 1", "超出数值范围"),
        ("select $x", "参数"),
        ("select main.lower('a')", "不在可用范围内"),
        ("select * from main.dim_town", "前不要写库名"),
        ("", "请输入查询语句"),
    ],
)
def test_faults_are_told_in_chinese_with_the_name_or_line(engine, tables, sql, words):
    assert words in told(engine, tables, sql)


def test_every_function_on_the_list_exists(engine):
    known = {name for (name,) in engine.execute("select function_name from duckdb_functions()").fetchall()}
    # made by the parser: no entries of the catalog
    syntax = {"row_number", "rank", "dense_rank", "rank_dense", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value",
              "last_value", "nth_value", "fill", "coalesce", "ifnull", "~", "current_date"}  # fmt: skip
    assert FUNCTIONS - known - syntax == set()


def test_division_by_zero_has_no_value(file):
    rows = start(file, "select 1 / 0 as a, 1.5 / 0 as b, 7 % 0 as c", LIMITS).outcome(60).table()
    assert rows.to_pylist() == [{"a": None, "b": None, "c": None}]


def test_rows_stop_at_the_limit_and_say_that_there_are_more(file):
    outcome = start(file, "select a.town_code, b.town_code from dim_town a, dim_town b", LIMITS).outcome(60)
    assert outcome.table().num_rows == LIMITS.rows
    assert outcome.more
    assert outcome.table().column_names == ["town_code", "town_code_2"]


def test_amounts_stay_decimal_and_parameters_keep_their_types(file):
    sql = "select sum(amt) as amt, $day as day, $name as name, $sum as sum from fct_fund_ledger where month_begn <= $day"
    params = {"day": dt.date(2026, 6, 1), "name": "甲'; drop table dim_town; --", "sum": Decimal("0.10")}
    [row] = start(file, sql, LIMITS, params).outcome(60).table().to_pylist()
    assert isinstance(row["amt"], Decimal)
    assert (row["day"], row["name"], row["sum"]) == (params["day"], params["name"], Decimal("0.10"))


def test_a_running_statement_is_cancelled_at_once_and_leaves_its_place(file):
    run = start(file, SLOW, LIMITS)
    time.sleep(0.5)
    assert run.running
    begun = time.monotonic()
    run.cancel()
    assert run.outcome(20).kind == "cancelled"
    assert time.monotonic() - begun < 5
    assert start(file, "select 1", LIMITS).outcome(60).kind == "done"


def test_too_many_at_a_time_are_refused_and_the_next_one_runs(file):
    runs = [start(file, SLOW, LIMITS) for _ in range(AT_A_TIME)]
    with pytest.raises(UserError, match="同时运行的查询已有"):
        start(file, "select 1", LIMITS)
    for run in runs:
        run.cancel()
        run.outcome(20)
    assert start(file, "select 1", LIMITS).outcome(60).kind == "done"


def test_a_statement_cancelled_before_it_is_read_leaves_no_open_file(file):
    run = start(file, "select 1 -- " + "长" * 1_000_000, LIMITS)
    run.cancel()
    assert run.outcome(20).kind == "cancelled"
    assert run._process.stdin.closed
    assert run._process.stdout.closed


def test_rows_that_cannot_be_written_into_the_log_are_not_shown(file, monkeypatch, caplog):
    def broken(_):
        raise OSError("disk full")

    outcome = start(file, "select 1", LIMITS, on_end=broken).outcome(60)
    assert outcome.rows is None
    assert "未能写入日志" in outcome.message
    assert "disk full" not in outcome.message


def test_a_result_too_large_to_read_is_refused(monkeypatch):
    monkeypatch.setattr("fundwatch.analyst.child.RESULT_MB", 1)
    batch = pa.record_batch({"x": ["甲" * 1000] * 1000})
    with pytest.raises(UserError, match="结果超过 1 MB"):
        _pieces(pa.RecordBatchReader.from_batches(batch.schema, [batch] * 3), 10_000)


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.int32()), pa.struct({"a": pa.int32()}), pa.binary(), pa.month_day_nano_interval()]
)
def test_columns_that_no_table_shows_are_refused(kind):
    with pytest.raises(UserError, match="不能显示"):
        _readable(pa.schema({"x": kind}))


def test_running_out_of_memory_and_time_are_told_apart():
    assert in_chinese(duckdb.OutOfMemoryException("x")) == in_chinese(MemoryError()) == TOO_BIG
    assert in_chinese(duckdb.InterruptException("x")) == STOPPED


def test_the_engines_own_words_never_pass():
    for words in ("IO Error: Cannot open file /srv/home/x", "Something new: 'secret'"):
        message = in_chinese(duckdb.Error(words))
        assert "/srv" not in message
        assert "secret" not in message


def test_the_hash_is_that_of_the_text():
    assert running.statement_hash("select 1") != running.statement_hash("select 2")
    assert len(running.statement_hash("select 1")) == 64
