"""A cluster and homes for both engines: needs pyspark and Java."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from homes import copy_home

from fundwatch.cli.app import run
from fundwatch.home import Home


@pytest.fixture(scope="session")
def spark_here() -> Iterator[None]:
    """Drivers started in this process as small and quiet as the cluster's own programs.

    Fails with what to install: a comparison that is left out in silence proves nothing.
    """
    needed = {
        "pyspark (pip install -r requirements-spark.txt)": importlib.util.find_spec("pyspark"),
        "Java 17 (sh scripts/system.sh java)": shutil.which("java") or os.environ.get("JAVA_HOME"),
    }
    lacking = [words for words, there in needed.items() if not there]
    assert not lacking, f"not installed: {', '.join(lacking)}; TEST_SPARK=no leaves the comparison out"
    from cluster import ENVIRONMENT

    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture(scope="session")
def master(spark_here, tmp_path_factory) -> Iterator[str]:
    """Address of a cluster of one master and two workers."""
    from cluster import cluster

    with cluster(tmp_path_factory.mktemp("cluster") / "spark") as found:
        yield found.master


@pytest.fixture(scope="session")
def hostile_home(made_once) -> Home:
    """The hostile county loaded and built with DuckDB; read only."""
    from hostile_lake import write_files

    def make(folder: Path) -> None:
        write_files(folder.with_name("hostile-files"))
        home = ["--home", str(folder)]
        assert run(["settings", "set", "county_admdvs", "999001", *home]) == 0
        # months before and after are two stretches of this rule
        assert run(["settings", "set", "r031_extra_days", "0", "--from", "2024-06-01", *home]) == 0
        assert run(["load", str(folder.with_name("hostile-files")), *home]) == 0
        assert run(["build", *home]) == 0

    return Home(made_once("hostile", make))


@pytest.fixture
def on_spark(tmp_path) -> Callable[..., Home]:
    """A copy of a home, built once more on Spark; its name has what an address would write otherwise."""

    def built(home: Home, master: str, *words: str) -> Home:
        copy = tmp_path / "医保 数据"
        copy_home(home.root, copy)
        command = ["build", "--engine", "spark", "--master", master, "--home", str(copy), *words]
        assert run(command) == 0
        assert not list((copy / "warehouse").glob(".building-*"))
        return Home(copy)

    return built


@pytest.fixture
def home_copy(hostile_home, tmp_path) -> Home:
    """The hostile home, to be built anew."""
    copy_home(hostile_home.root, tmp_path / "home")
    return Home(tmp_path / "home")
