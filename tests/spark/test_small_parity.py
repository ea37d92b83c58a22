"""Both engines make the same serving file of the hostile county: one case a table and one a rule, on Spark in this machine.

One session builds for all cases, everything in one task. The long form, on a cluster, is `make test-spark`. Only TEST_SPARK=no
leaves it out.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
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
    require_spark()
    copy = tmp_path_factory.mktemp("small") / "home"
    copy_home(hostile_home.root, copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(Path(__file__).with_name("one_task")))
        patch.setenv("JDK_JAVA_OPTIONS", f"{os.environ['JDK_JAVA_OPTIONS']} -Xmn512m")
        patch.setattr(spark_engine, "FEWEST", 1)
        assert run(["build", "--full", "--engine", "spark", "--master", "local[1]", "--home", str(copy)]) == 0
    with attached(hostile_home, Home(copy)) as connection:
        yield connection


def require_spark() -> None:
    """Fails with what to install: a comparison that is left out in silence proves nothing."""
    lacking = [
        words
        for words, there in (
            ("pyspark (pip install -r requirements-spark.txt)", importlib.util.find_spec("pyspark")),
            ("Java 17 (sh scripts/system.sh java)", shutil.which("java") or os.environ.get("JAVA_HOME")),
        )
        if not there
    ]
    assert not lacking, f"not installed: {', '.join(lacking)}; TEST_SPARK=no leaves the comparison out"


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


@pytest.mark.parametrize("rule_id", library())
def test_the_same_hit_lines(both, rule_id):
    """Lines of one rule, so that a failure names it."""
    lines = "select * from {}.fct_rule_hit_line where rule_id = $1"
    one, other = (both.execute(lines.format(name), [rule_id]).fetchall() for name in ("one", "other"))
    assert one == other
