"""A real standalone cluster on loopback with what pyspark ships: a master, workers that can be killed, Spark Connect before them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyspark

SPARK = Path(pyspark.__file__).parent
HERE = "127.0.0.1"
#: one core and one executor of this size each; compiled no further than C1, since each statement runs only once or twice
MEMORY = "1g"
ENVIRONMENT = {
    "SPARK_HOME": str(SPARK), "SPARK_LOCAL_IP": HERE, "SPARK_PUBLIC_DNS": HERE, "SPARK_DAEMON_MEMORY": "512m",
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}  # fmt: skip
PATIENCE = 300


@dataclass
class Cluster:
    """Addresses and processes. ``folder`` holds logs and the workers' scratch."""

    master: str
    folder: Path
    workers: list[subprocess.Popen] = field(default_factory=list)

    def add_worker(self) -> None:
        number = len(self.workers)
        self.workers.append(
            _start(
                self.folder / f"worker-{number}.log",
                "spark-class", "org.apache.spark.deploy.worker.Worker", "--host", HERE, "--webui-port", "0", "--cores", "1",
                "--memory", MEMORY, "--work-dir", str(self.folder / f"worker-{number}"), self.master,
            )
        )  # fmt: skip
        _wait_for(self.folder / f"worker-{number}.log", "Successfully registered with master")

    def kill_worker(self, number: int) -> None:
        """kill -9, its executors with it, as when a machine goes down."""
        _kill(self.workers[number])


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A master and workers, all gone at the end."""
    folder.mkdir()
    port = free_port()
    master = _start(
        folder / "master.log",
        "spark-class", "org.apache.spark.deploy.master.Master", "--host", HERE, "--port", str(port), "--webui-port", "0",
    )  # fmt: skip
    found = Cluster(f"spark://{HERE}:{port}", folder)
    try:
        _wait_for(folder / "master.log", "I have been elected leader")
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        for process in [*found.workers, master]:
            _kill(process)


@contextmanager
def connect_server(of: Cluster) -> Iterator[str]:
    """A Spark Connect server that takes the whole cluster; gives its address."""
    port, log = free_port(), of.folder / "connect.log"
    server = _start(
        log, "spark-submit", "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", of.master,
        "--conf", f"spark.connect.grpc.binding.port={port}", "--conf", f"spark.connect.grpc.binding.address={HERE}",
        "--conf", "spark.ui.enabled=false", "--conf", f"spark.driver.host={HERE}", "spark-internal",
    )  # fmt: skip
    try:
        _wait_for(log, "Spark Connect server started")
        yield f"sc://{HERE}:{port}"
    finally:
        _kill(server)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def _start(log: Path, command: str, *words: str) -> subprocess.Popen:
    """A Spark program in a group of its own, so that what it starts can be ended with it."""
    with log.open("w") as out:
        return subprocess.Popen(
            [SPARK / "bin" / command, *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **ENVIRONMENT},
            start_new_session=True,
        )


def _kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_for(log: Path, words: str) -> None:
    end = time.monotonic() + PATIENCE
    while words not in log.read_text(encoding="utf-8", errors="replace"):
        if time.monotonic() > end:
            raise AssertionError(f"{words!r} not said in time:\n{log.read_text(encoding='utf-8')[-3000:]}")
        time.sleep(0.2)
