"""What the Spark engine says and sends, without Spark: texts, parameters, masters, and errors that say what to do."""

from __future__ import annotations

import datetime as dt
import socket
import sys
import threading
from decimal import Decimal

import duckdb
import pytest

from fundwatch.build.engine import DuckEngine, find_engine
from fundwatch.build.hit_run import steps_read
from fundwatch.build.models import read_models
from fundwatch.build.spark_session import check_master, session, spark_words
from fundwatch.build.spark_text import spark_schema, spark_text, typed_literal
from fundwatch.build.spark_watch import Watch
from fundwatch.cli.app import run
from fundwatch.errors import UsageError, UserError
from fundwatch.rules import library
from fundwatch.rules.compose import lines_of_steps_sql, step_sql


class Any(dict):
    """Every parameter has a value."""

    def __missing__(self, key: str) -> int:
        return 7


def test_every_select_of_a_build_has_a_text_for_spark():
    texts = {model.name: model.sql for model in read_models().by_name.values()}
    rules = library().values()
    texts |= {name: step_sql(name) for name in steps_read(rules)}
    texts |= {rule.rule_id: lines_of_steps_sql(rule) for rule in rules}
    for name, select in texts.items():
        text, read = spark_text(name, select, Any())
        assert "$" not in text, name
        assert "MATERIALIZED" not in text, name
        assert read or name == "base_batch", name


@pytest.mark.parametrize(
    ("select", "text"),
    [
        ("select town_code from lake.town", "SELECT `town_code` FROM `lake__town` AS `town`"),
        ("select a from t qualify rank() over (order by b desc) = 1",
         "SELECT `a` FROM `t` QUALIFY RANK() OVER (ORDER BY `b` DESC) = 1"),
        ("with x as (with y as (select 1 as a) select a from y), y as (select a from x) select a from y",
         "WITH `x` AS (WITH `y` AS (SELECT 1 AS `a`) SELECT `a` FROM `y`), `y` AS (SELECT `a` FROM `x`) SELECT `a` FROM `y`"),
        ("select a // 2 as half from t", "SELECT `a` DIV 2 AS `half` FROM `t`"),
        ("select 'it''s \\ 中' as a from t", "SELECT 'it\\'s \\\\ 中' AS `a` FROM `t`"),
    ],
)  # fmt: skip
def test_a_text_keeps_its_meaning(select, text):
    assert spark_text("x", select, {})[0] == text


def test_upper_changes_letter_by_letter_as_duckdb_does():
    text, _ = spark_text("x", "select upper(a) as b from t", {})
    given, made = text.split("'")[1:4:2]
    pairs = dict(zip(given, made, strict=True))
    assert (pairs["a"], pairs["ß"], pairs["ｊ"]) == ("A", "ẞ", "Ｊ")
    assert "ﬁ" not in pairs


@pytest.mark.parametrize(
    "value",
    [7, -7, 0, Decimal("3"), Decimal("0.05"), Decimal("-1.50"), Decimal("1E+3"), dt.date(2024, 2, 29), "it's", True, None],
)  # fmt: skip
def test_a_literal_has_the_type_and_value_of_the_parameter(value):
    literal = typed_literal(value).sql("duckdb")
    with duckdb.connect() as connection:
        [as_parameter] = connection.execute("select $1, typeof($1)", [value]).fetchall()
        [as_literal] = connection.execute(f"select {literal}, typeof({literal})").fetchall()
    assert as_literal[0] == as_parameter[0]
    if not isinstance(value, Decimal):
        assert as_literal[1] == as_parameter[1]


def test_a_schema_takes_only_plain_names_and_types():
    assert spark_schema({"a_b": "VARCHAR", "t": "TIMESTAMP", "n": "DECIMAL(16,2)"}) == (
        "`a_b` STRING, `t` TIMESTAMP_NTZ, `n` DECIMAL(16,2)"
    )
    with pytest.raises(UserError):
        spark_schema({"a`; drop": "VARCHAR"})


@pytest.mark.parametrize(
    "master", ["local", "local[2]", "local[*]", "spark://10.0.0.1:7077", "sc://h:15002/;token=x"]
)
def test_masters(master):
    assert check_master(master) == master


@pytest.mark.parametrize("master", ["", "yarn", "spark://", "http://h:1", "local[x]"])
def test_what_is_no_master(master):
    with pytest.raises(UsageError, match="spark://"):
        check_master(master)


def test_engines_by_name():
    assert isinstance(find_engine("duckdb"), DuckEngine)
    with pytest.raises(UsageError, match="duckdb 或 spark"):
        find_engine("trino")
    with pytest.raises(UsageError, match="--engine spark"):
        find_engine("duckdb", "local[2]")


def test_without_pyspark_the_command_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    assert run(["build", "--engine", "spark", "--home", str(tmp_path / "home")]) == 1
    assert "requirements-spark.txt" in capsys.readouterr().err


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_a_master_that_does_not_answer_is_named(scheme, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        master = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UserError, match="无法连接 Spark") as raised, session(master, tmp_path, 2):
            pass
    assert master in raised.value.message


def test_the_line_that_names_the_fault():
    error = Exception(
        "An error occurred while calling o1.parquet.\n: java.io.IOException: No space left on device\n\tat x"
    )
    assert spark_words(error) == "java.io.IOException: No space left on device"


def test_waiting_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr("fundwatch.build.spark_watch.PAUSE", 0.01)
    given_up = threading.Event()
    watch = Watch()
    watch.look(lambda: True, given_up.set, 0.05)
    assert given_up.is_set()
    assert "没有任何任务在运行" in (watch.verdict or "")


def test_work_is_not_given_up(monkeypatch):
    monkeypatch.setattr("fundwatch.build.spark_watch.PAUSE", 0.01)
    watch, looks = Watch(), []

    def is_idle() -> bool:
        looks.append(1)
        if len(looks) == 20:
            watch.end()
        return len(looks) % 2 == 0

    watch.look(is_idle, lambda: pytest.fail("given up"), 0.05)
    assert watch.verdict is None
