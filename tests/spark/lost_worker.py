"""A worker that dies during a build: the other finishes it with equal rows. When none is left, nothing is published."""

from __future__ import annotations

import threading

import pytest
from cluster import cluster
from compare import compare

from fundwatch.build import publish
from fundwatch.build.runner import build
from fundwatch.build.spark_engine import SparkEngine
from fundwatch.errors import UserError
from fundwatch.lake import Lake
from fundwatch.settings import Settings

#: at work on the marts; in the middle of the rules
MOMENTS = ("fct_settlement_month", "规则 r031")


@pytest.mark.kill
@pytest.mark.parametrize("moment", MOMENTS)
def test_one_of_two_workers_lost(hostile_home, home_copy, spark_here, tmp_path, moment, capsys):
    with cluster(tmp_path / "spark") as spark:
        killed = built(home_copy, spark.master, moment, lambda: spark.kill_worker(0))
    assert killed
    found = compare(hostile_home, home_copy)
    with capsys.disabled():
        print(f"\nworker killed at {moment}: {found.rows} rows compared, {len(found.differing)} differing")
    assert not found.differing, found.differing[:10]


@pytest.mark.kill
def test_every_worker_lost(home_copy, spark_here, tmp_path, monkeypatch):
    monkeypatch.setattr("fundwatch.build.spark_watch.IDLE", 40)
    before = publish.current_version(home_copy)

    with cluster(tmp_path / "spark") as spark:

        def kill_all() -> None:
            spark.kill_worker(0)
            spark.kill_worker(1)

        with pytest.raises(UserError, match="没有任何任务在运行") as raised:
            built(home_copy, spark.master, MOMENTS[0], kill_all)
    assert f"仍在使用版本 {before}" in raised.value.message
    assert publish.current_version(home_copy) == before
    assert publish.versions(home_copy) == [before]
    assert not list(home_copy.warehouse.glob(".building-*.spark"))


def built(home, master, moment, kill) -> bool:
    """Build, and half a second after ``moment`` is announced, in the middle of its statements, ``kill``."""
    timers: list[threading.Timer] = []

    def step(words: str, done: int, total: int) -> None:
        if words.startswith(moment) and not timers:
            timers.append(threading.Timer(0.5, kill))
            timers[0].start()

    try:
        build(home, Lake(home), Settings(home), full=True, step=step, engine=SparkEngine(master))
    finally:
        for timer in timers:
            timer.join()
    return bool(timers)
