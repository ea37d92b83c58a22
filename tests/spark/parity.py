"""DuckDB and Spark give the same serving file: every table, type, row and order, through each door to a cluster."""

from __future__ import annotations

import json

import duckdb
import pytest
from cluster import Cluster, connect_server
from compare import compare

from fundwatch.build import publish, spark_engine
from fundwatch.build.models import read_models
from fundwatch.cli.app import run
from fundwatch.home import Home
from fundwatch.rules import library


def assert_equal(title: str, one: Home, other: Home, capsys) -> None:
    """Fails with what differs; prints the figures."""
    found = compare(one, other)
    models = read_models()
    words = (
        f"{title}: {len(models.staging)} staging models, {len(models.marts)} marts, {len(library())} rules "
        f"({found.rules_with_hits} with hits), {found.tables} tables, {found.rows} rows compared, {len(found.differing)} differing"
    )
    with capsys.disabled():
        print("\n" + words)
    assert not found.differing, "\n".join(found.differing[:20])
    assert engine_of(other) == "spark"


def engine_of(home: Home) -> str:
    version = publish.current_version(home)
    assert version
    with duckdb.connect(str(publish.serving_file(home, version)), read_only=True) as connection:
        [(engine,)] = connection.execute("select value from _meta where key = 'engine'").fetchall()
    return engine


def test_demo_county_on_a_standalone_cluster(demo_home, on_spark, master, capsys):
    assert_equal("demo, standalone", demo_home, on_spark(demo_home, master, "--full"), capsys)


def test_hostile_rows_on_a_standalone_cluster(hostile_home, on_spark, master, capsys):
    assert_equal("hostile, standalone", hostile_home, on_spark(hostile_home, master, "--full"), capsys)


def test_one_month_anew_on_spark_upon_a_version_of_duckdb(hostile_home, on_spark, master, capsys):
    """What stays comes from the version before, whichever engine made it."""
    capsys.readouterr()
    home = on_spark(hostile_home, master, "--from", "2024-03", "--to", "2024-03", "--format", "json")
    assert json.loads(capsys.readouterr().out)["engine"] == "spark"
    assert_equal("hostile, one month", hostile_home, home, capsys)


@pytest.fixture(scope="module")
def connect(master, tmp_path_factory):
    """Address of a Spark Connect server upon the cluster. It takes every core: the tests above must be done."""
    with connect_server(Cluster(master, tmp_path_factory.mktemp("connect"))) as found:
        yield found


def test_demo_county_through_spark_connect(demo_home, on_spark, connect, capsys):
    assert_equal("demo, Connect", demo_home, on_spark(demo_home, connect, "--full"), capsys)


def test_a_fault_on_spark_publishes_nothing_and_is_told_in_one_line(
    demo_home_copy, connect, capsys, monkeypatch
):
    """A select that Spark refuses: the model is named, the version before stays."""
    real = spark_engine.spark_text

    def broken(name, select, params):
        text, read = real(name, select, params)
        return ("select no_such_column from stg_setl_d" if name == "fct_refund" else text), read

    monkeypatch.setattr(spark_engine, "spark_text", broken)
    before = publish.current_version(demo_home_copy)
    words = ["build", "--full", "--engine", "spark", "--master", connect, "--home", str(demo_home_copy.root)]
    assert run(words) == 1
    said = capsys.readouterr().err
    assert "模型 fct_refund 执行失败" in said
    assert "no_such_column" in said
    assert f"仍在使用版本 {before}" in said
    assert "Traceback" not in said
    assert publish.current_version(demo_home_copy) == before
    assert not list(demo_home_copy.warehouse.glob(".building-*.spark"))
