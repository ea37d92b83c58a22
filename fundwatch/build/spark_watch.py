"""An eye on a session: a cluster that has lost its workers lets statements wait for ever and says nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: seconds in which a statement waits and no task runs, until it is given up; a cluster shared with others may take its time
IDLE = 300
#: seconds between two looks
PAUSE = 2.0


class Watch:
    """``verdict``: why statements were given up, None as long as they run."""

    def __init__(self) -> None:
        self.verdict: str | None = None
        self._over = threading.Event()

    def look(self, is_idle: Callable[[], bool], give_up: Callable[[], Any], limit: float) -> None:
        """Until the end: give up when ``is_idle`` has been true for ``limit`` seconds on end."""
        since = time.monotonic()
        while not self._over.wait(PAUSE):
            if not is_idle():
                since = time.monotonic()
            elif time.monotonic() - since > limit:
                self.verdict = (
                    f"Spark 上 {limit:.0f} 秒内没有任何任务在运行:worker 可能已全部失去,或资源被其他应用占用"
                )
                give_up()
                return

    def end(self) -> None:
        self._over.set()


@contextmanager
def watched(spark: SparkSession, *, connect: bool) -> Iterator[Watch]:
    """Watch a session for as long as it is used."""
    watch = Watch()
    looks = (
        (_Progress(spark).is_idle, spark.interruptAll)
        if connect
        else (_tracked(spark), spark.sparkContext.cancelAllJobs)
    )
    thread = threading.Thread(target=watch.look, args=(*looks, IDLE), daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()


def _tracked(spark: SparkSession) -> Callable[[], bool]:
    """Whether stages wait and none of their tasks runs, as the driver in this process sees it."""
    tracker = spark.sparkContext.statusTracker()

    def is_idle() -> bool:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        return bool(stages) and not any(stage and stage.numActiveTasks for stage in stages)

    return is_idle


class _Progress:
    """The same as the server of Spark Connect reports it."""

    def __init__(self, spark: SparkSession) -> None:
        self._waits = False
        spark.registerProgressHandler(self)

    def __call__(self, stages: Any, inflight_tasks: int, operation_id: str | None, done: bool) -> None:
        self._waits = not done and not inflight_tasks

    def is_idle(self) -> bool:
        return self._waits
