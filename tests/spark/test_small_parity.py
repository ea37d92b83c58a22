"""Both engines make the same serving file of the hostile county: one case a table and one a rule, on Spark in this machine.

One session builds for all cases, a shuffle has one part. The long form, on a cluster, is `make test-spark`. Only TEST_SPARK=no
leaves it out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from compare import differing_rows, tables
from homes import copy_home

from fundwatch.build import publish, spark_engine
from fundwatch.build.hit_sums import ORDER
from fundwatch.build.hit_tables import TABLES
from fundwatch.build.models import read_models
from fundwatch.cli.app import run
from fundwatch.home import Home
from fundwatch.rules import library

if os.environ.get("TEST_SPARK") == "no":
    pytest.skip("TEST_SPARK=no: the engines are not compared", allow_module_level=True)
META = (
    "_meta",
    "_meta_files",
    "_meta_models",
    "_meta_months",
    "_meta_rule_spans",
    "_meta_rules",
    "_meta_tables",
)
STORED = [*(model.name for model in read_models().marts), *TABLES, *ORDER, *META]


@pytest.fixture(scope="module")
def both(hostile_home, spark_here, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The serving files of both engines, attached as ``one`` and ``other``."""
    copy = tmp_path_factory.mktemp("small") / "home"
    copy_home(hostile_home.root, copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(Path(__file__).with_name("small")))
        patch.setenv("JDK_JAVA_OPTIONS", f"{os.environ['JDK_JAVA_OPTIONS']} -Xmn512m")
        patch.setattr(spark_engine, "FEWEST", 1)
        assert run(["build", "--full", "--engine", "spark", "--master", "local[1]", "--home", str(copy)]) == 0
    with attached(hostile_home, Home(copy)) as connection:
        yield connection


@contextmanager
def attached(one: Home, other: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, home in (("one", one), ("other", other)):
            version = publish.current_version(home)
            assert version
            file: Path = publish.serving_file(home, version)
            connection.execute(f"attach '{file}' as {name} (read_only)")
        yield connection


def test_the_same_tables(both):
    assert tables(both, "one") == tables(both, "other") == sorted(STORED)


@pytest.mark.parametrize("table", STORED)
def test_the_same_rows_types_and_order(both, table):
    rows, differing = differing_rows(both, table)
    assert not differing, differing[:5]
    assert rows or table not in (
        "fct_rule_hit",
        "fct_hit_once_day",
        "fct_settlement_month",
        "dim_institution",
    )


def test_one_rule_ran_with_other_parameters_for_later_months(both):
    """A rule runs once for months with equal parameters, so this one twice."""
    months = "select count(distinct params_hash) from other.fct_rule_month where rule_id = 'r031'"
    assert both.execute(months).fetchall() == [(2,)]


@pytest.mark.parametrize("rule_id", library())
def test_the_same_hit_lines(both, rule_id):
    """Lines of one rule, so that a failure names it."""
    lines = "select * from {}.fct_rule_hit_line where rule_id = $1"
    one, other = (both.execute(lines.format(name), [rule_id]).fetchall() for name in ("one", "other"))
    assert one == other
