"""A connection to Spark: a standalone cluster (spark://), Spark Connect (sc://), or this machine (local[n])."""

from __future__ import annotations

import logging
import os
import re
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundwatch.build.sources import first_line
from fundwatch.build.spark_watch import Watch, watched
from fundwatch.errors import UsageError, UserError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MISSING = (
    "没有安装 Spark 的 Python 包。请运行 pip install -r requirements-spark.txt(另需 Java 17),"
    "或改用 --engine duckdb。"
)
MASTER = re.compile(r"local(\[(\d+|\*)\])?|spark://[^/\s]+|sc://[^\s]+")
LOCAL = "local[*]"
#: what decides rows: everything as DuckDB does it, and an error where Spark would rather round or give null
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
}
#: seconds until a host must answer, and until a cluster must have run a first, empty statement
ANSWER, FIRST_STATEMENT = 5, 120


def check_master(master: str | None) -> str:
    """The master as given, or this machine; raises UsageError saying how one is written."""
    if master is not None and not MASTER.fullmatch(master):
        raise UsageError(
            f"--master“{master}”应写成 spark://主机:端口、sc://主机:端口(Spark Connect)或 local[核数]。"
        )
    return master or LOCAL


def require_pyspark() -> None:
    """Raise UserError saying what to install when pyspark is missing."""
    # said again at every door to pandas; only rows of a fetch come through it
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    try:
        import pyspark.sql  # noqa: F401
    except ImportError as error:
        raise UserError(MISSING) from error
    # repeats every fault with its whole stack on the terminal; the build tells it in one line
    logging.getLogger("SQLQueryContextLogger").disabled = True


@contextmanager
def session(master: str, work: Path, partitions: int) -> Iterator[tuple[SparkSession, Watch]]:
    """A session that has answered, and the eye on it; stopped at the end, the JVM of this process too.

    ``work``: where Spark on this machine keeps what does not fit; ``partitions`` of a shuffle, before they are joined to larger ones.
    Raises UserError when the cluster cannot be reached or gives no executor.
    """
    _knock(master)
    try:
        spark = _started(master, work)
    except Exception as error:  # whatever a driver or a network throws, the answer is the same
        words = spark_words(error)
        _shut_down()
        raise UserError(f"无法启动 Spark({master}):{words}") from None
    try:
        _prepare(spark, master, partitions)
        with watched(spark, connect=master.startswith("sc://")) as watch:
            yield spark, watch
    finally:
        spark.stop()
        _shut_down()


def spark_words(error: Exception) -> str:
    """The line of an error that names the fault: errors through the JVM gateway say only in their second line what happened."""
    lines = [line.strip(": \t") for line in str(error).strip().splitlines() if line.strip(": \t")]
    useful = [line for line in lines if not line.startswith("An error occurred while calling")]
    return first_line(Exception(useful[0])) if useful else type(error).__name__


def _started(master: str, work: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    if master.startswith("sc://"):
        return builder.remote(master).create()
    config = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # kept for a UI that nobody sees: the plans of hundreds of statements fill the driver's memory
        "spark.sql.ui.retainedExecutions": "1",
        "spark.log.level": "ERROR",
        "spark.sql.warehouse.dir": (work / "unused").as_uri(),
    }
    if master.startswith("local"):
        config["spark.local.dir"] = str(work / "spill")
    if _is_here(master) and "SPARK_LOCAL_IP" not in os.environ:
        config |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = builder.master(master).appName("fundwatch")
    for key, value in config.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _prepare(spark: SparkSession, master: str, partitions: int) -> None:
    """Settings, and a first statement that says whether anything runs."""
    from pyspark.errors import PySparkException

    try:
        for key, value in {**SETTINGS, "spark.sql.shuffle.partitions": str(partitions)}.items():
            spark.conf.set(key, value)
    except PySparkException as error:
        raise UserError(f"Spark({master})不接受所需的设置:{spark_words(error)}") from None
    _wait_for_executors(spark, master)


def _hosts(master: str) -> list[tuple[str, int]]:
    """Hosts and ports of a cluster's address; none for this machine."""
    if master.startswith("local"):
        return []
    standard = 15002 if master.startswith("sc://") else 7077
    places = re.split(r"[/;]", master.split("://", 1)[1])[0].split(",")
    found = [place.rpartition(":") if ":" in place else (place, ":", str(standard)) for place in places]
    try:
        return [(host, int(port)) for host, _, port in found]
    except ValueError as error:
        raise UsageError(f"--master“{master}”的端口应为数字。") from error


def _is_here(master: str) -> bool:
    return all(host in ("127.0.0.1", "localhost") for host, _ in _hosts(master))


def _knock(master: str) -> None:
    """Ask the address first: Spark itself would try for minutes and then say little."""
    hosts = _hosts(master)
    reasons = []
    for host, port in hosts:
        try:
            socket.create_connection((host, port), timeout=ANSWER).close()
        except OSError as error:
            reasons.append(f"{host}:{port} {error.strerror or error}")
    if hosts and len(reasons) == len(hosts):
        raise UserError(
            f"无法连接 Spark({master}):{';'.join(reasons)}。请检查地址和端口、集群是否已启动,或改用 --engine duckdb。"
        )


def _wait_for_executors(spark: SparkSession, master: str) -> None:
    """Raises UserError when the cluster takes the session and runs nothing: no worker is free or large enough."""
    done = threading.Event()
    faults: list[Exception] = []

    def first() -> None:
        try:
            spark.range(1).count()
        except Exception as error:  # told below, in the thread that waits
            faults.append(error)
        done.set()

    threading.Thread(target=first, daemon=True).start()
    if not done.wait(FIRST_STATEMENT):
        raise UserError(
            f"Spark({master})在 {FIRST_STATEMENT} 秒内没有执行任何任务。请检查是否有空闲的 worker,内存和核数是否够用。"
        )
    if faults:
        raise UserError(f"Spark({master})无法执行任务:{spark_words(faults[0])}")


def _shut_down() -> None:
    """End the JVM that pyspark started in this process: stopping a session leaves it running until Python ends.

    A session of Connect leaves the process marked, which refuses every session but another of Connect.
    """
    from pyspark import SparkContext

    os.environ.pop("SPARK_CONNECT_MODE_ENABLED", None)
    gateway = SparkContext._gateway
    if gateway is None:
        return
    gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        process.stdin.close()
        process.wait(timeout=60)
    SparkContext._gateway = SparkContext._jvm = None
