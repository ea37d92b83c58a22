"""Running one statement of an analyst in a process of its own: limits, cancelling, and what came of it.

Why a process: ``select length(repeat('x', 1000000000)) from range(100)`` takes neither DuckDB's ``max_execution_time`` nor an interrupt
(tried: still running after 30 s), and its text is not counted against ``memory_limit``. A process can be ended.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from fundwatch.analyst.words import STOPPED, TOO_BIG
from fundwatch.clock import china_today
from fundwatch.errors import UserError
from fundwatch.logs import incident
from fundwatch.settings import Settings

CHILD = Path(__file__).with_name("child.py")
#: statements of all sessions of one server at a time; the screens' own queries share the machine
AT_A_TIME = 2
THREADS = 2
#: Python, DuckDB and Arrow start within a second; a busy machine takes longer
START_SECONDS = 20
#: the rest of the answer after the rows' 64 MB
LARGEST_ANSWER = 80 << 20
BUSY = f"同时运行的查询已有 {AT_A_TIME} 条,请稍后再试。"
CANCELLED = "已取消。"
#: nothing of the server's environment is passed on: it may hold secrets
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
Kind = Literal["done", "refused", "failed", "stopped", "cancelled"]
_places = threading.BoundedSemaphore(AT_A_TIME)


@dataclass(frozen=True)
class Limits:
    """What one statement may take: rows shown, seconds, megabytes of the engine."""

    rows: int = 10_000
    seconds: int = 30
    memory_mb: int = 1024


@dataclass(frozen=True)
class Outcome:
    """What came of a statement. ``rows`` is None unless ``kind`` is done; ``more``: the rows go on beyond the limit."""

    kind: Kind
    message: str = ""
    rows: pa.Table | None = None
    more: bool = False
    seconds: float = 0.0

    def table(self) -> pa.Table:
        """The rows; raises UserError with the message when there are none."""
        if self.rows is None:
            raise UserError(self.message)
        return self.rows


def limits_of(settings: Settings) -> Limits:
    """The limits in force today."""
    values, today = settings.now(), china_today()
    names = ("analyst_sql_rows", "analyst_sql_seconds", "analyst_sql_memory")
    rows, seconds, memory = (int(values.get(name, today)) for name in names)
    return Limits(rows, seconds, memory)


def statement_hash(sql: str) -> str:
    """What the log keeps of a statement: SHA-256 of its text."""
    return hashlib.sha256(sql.encode("utf-8", "replace")).hexdigest()


class Run:
    """One statement at work. ``outcome`` waits for it, ``cancel`` ends it at once, ``running`` asks without waiting."""

    def __init__(self, request: bytes, limits: Limits, on_end: Callable[[Outcome], None] | None) -> None:
        self._limits, self._on_end = limits, on_end
        self._cancelled = False
        self._outcome: Outcome | None = None
        self._begun = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", "-W", "ignore", str(CHILD)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT, cwd="/", start_new_session=True,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._talk, args=(request,), daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def seconds(self) -> float:
        """Time since it began."""
        return time.monotonic() - self._begun

    def cancel(self) -> None:
        """End it; its outcome is then "cancelled"."""
        if self.running:
            self._cancelled = True
            self._process.kill()

    def outcome(self, timeout: float | None = None) -> Outcome:
        """Wait for the end; raises TimeoutError when it has not come after ``timeout`` seconds."""
        self._thread.join(timeout)
        if self._outcome is None:
            raise TimeoutError("the statement is still running")
        return self._outcome

    def _talk(self, request: bytes) -> None:
        # The engine's limit, then the child's alarm, then this: whatever hangs is ended from outside.
        last = threading.Timer(self._limits.seconds + START_SECONDS, self._process.kill)
        last.start()
        answer = b""
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            # the answer's end of the pipe is closed even when the question could not be sent
            with self._process.stdout as receiving:
                with self._process.stdin as sending:
                    sending.write(request)
                answer = receiving.read(LARGEST_ANSWER)
        except BrokenPipeError:
            # it ended before it had read everything; the answer says so by being empty
            answer = b""
        finally:
            last.cancel()
            self._process.kill()
            self._process.wait()
            _places.release()
            self._outcome = self._told(self._read(answer))

    def _told(self, outcome: Outcome) -> Outcome:
        """The outcome after ``on_end`` has it; what could not be written down is not shown."""
        if self._on_end is None:
            return outcome
        try:
            self._on_end(outcome)
        except Exception as error:
            number = incident(error)
            return Outcome(
                "failed",
                f"这次运行未能写入日志,结果不显示。请把事件编号 {number} 交给维护人员。",
                seconds=outcome.seconds,
            )
        return outcome

    def _read(self, answer: bytes) -> Outcome:
        if self._cancelled:
            return Outcome("cancelled", CANCELLED, seconds=self.seconds)
        head, _, body = answer.partition(b"\n")
        if not head:
            # Ended by its alarm or from outside: time. Ended otherwise: the system refused it memory.
            late = self.seconds >= self._limits.seconds
            return Outcome("stopped", STOPPED if late else TOO_BIG, seconds=self.seconds)
        words = json.loads(head)
        for kind in ("refused", "failed"):
            if kind in words:
                stopped = words[kind] in {STOPPED, TOO_BIG}
                return Outcome("stopped" if stopped else kind, words[kind], seconds=self.seconds)
        with pa.ipc.open_stream(body) as reader:
            return Outcome("done", "", reader.read_all(), words["more"], words["seconds"])


def start(
    file: Path,
    sql: str,
    limits: Limits,
    params: Mapping[str, Any] | None = None,
    *,
    on_end: Callable[[Outcome], None] | None = None,
) -> Run:
    """Start a statement on an analysts' file; raises UserError when too many are running.

    ``params`` fill its ``$names``. ``on_end`` gets the outcome before anybody else, in the run's own thread.
    """
    request = {
        "file": str(file), "sql": sql, "rows": limits.rows, "seconds": limits.seconds, "memory_mb": limits.memory_mb,
        "threads": THREADS, "params": _encoded(params),
    }  # fmt: skip
    text = json.dumps(request, ensure_ascii=True).encode()
    if not _places.acquire(blocking=False):
        raise UserError(BUSY)
    try:
        return Run(text, limits, on_end)
    except BaseException:
        _places.release()
        raise


def _encoded(params: Mapping[str, Any] | None) -> str | None:
    if not params:
        return None
    try:
        row = pa.Table.from_pylist([dict(params)])
    except (pa.ArrowException, TypeError) as error:
        raise UserError("参数只能是文字、数字、日期或它们的列表。") from error
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, row.schema) as writer:
        writer.write_table(row)
    return base64.b64encode(sink.getvalue()).decode()
