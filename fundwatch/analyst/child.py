"""The process that runs one statement: started for it, limited by the system, ended with it.

Reads one JSON request from stdin, writes one JSON line to stdout and, when there are rows, an Arrow stream after it.
A statement that does not listen (a text of ten billion letters never asks whether it should stop) is ended from outside.
"""

from __future__ import annotations

import base64
import json
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import duckdb
import pyarrow as pa

from fundwatch.analyst.guard import check
from fundwatch.analyst.words import in_chinese
from fundwatch.errors import UserError

#: what Python, DuckDB and Arrow map before a statement runs; measured 1.1 GB of address space, 0.1 GB of it used
BASE_MB = 1400
#: rows that are read from the engine at a time
BATCH = 2_000
#: a result that is larger is no table that anybody reads
RESULT_MB = 64
#: beyond the engine's own limit: then the system ends the process
GRACE_SECONDS = 3


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Answer the one request."""
    request = json.loads(source.read())
    _limit(int(request["seconds"]), int(request["memory_mb"]))
    start = time.perf_counter()
    try:
        batches, schema, more = _run(request)
    except UserError as error:
        _answer(target, {"refused": error.message})
        return
    except (duckdb.Error, MemoryError, pa.ArrowException) as error:
        _answer(target, {"failed": in_chinese(error)})
        return
    table = pa.Table.from_batches(batches, schema)
    _answer(target, {"rows": table.num_rows, "more": more, "seconds": time.perf_counter() - start})
    with pa.ipc.new_stream(target, schema) as writer:
        writer.write_table(table)


def _limit(seconds: int, memory_mb: int) -> None:
    """No file may be written, no memory taken beyond the limit, and an end in any case."""
    for what, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, (BASE_MB + 2 * memory_mb) << 20),
    ):
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds + GRACE_SECONDS)


def _run(request: dict[str, Any]) -> tuple[list[pa.RecordBatch], pa.Schema, bool]:
    """The batches of at most the wanted rows, their schema, and whether there were more."""
    with duckdb.connect(request["file"], read_only=True, config=_config(request)) as connection:
        tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        connection.execute("set lock_configuration = true")
        check(connection, request["sql"], tables)
        with connection.cursor() as cursor:
            result = cursor.sql(request["sql"], params=_params(request["params"]))
            return _pieces(result.to_arrow_reader(BATCH), int(request["rows"]))


def _config(request: dict[str, Any]) -> dict[str, Any]:
    return {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_unsigned_extensions": False,
        "python_enable_replacements": False,
        # a division by zero has no value; infinity would reach the chart
        "ieee_floating_point_ops": False,
        "error_on_division_by_zero": False,
        "max_execution_time": int(request["seconds"]) * 1000,
        "memory_limit": f"{int(request['memory_mb'])}MB",
        "threads": int(request["threads"]),
        # nothing is written to disk, not even what does not fit into memory
        "temp_directory": "",
    }


def _params(encoded: str | None) -> dict[str, Any] | None:
    """Values for the ``$names``, sent as one Arrow row so that dates and decimals stay what they are."""
    if encoded is None:
        return None
    with pa.ipc.open_stream(base64.b64decode(encoded)) as reader:
        return reader.read_all().to_pylist()[0]


def _pieces(reader: pa.RecordBatchReader, wanted: int) -> tuple[list[pa.RecordBatch], pa.Schema, bool]:
    schema = _readable(reader.schema)
    found: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in reader:
        if rows + batch.num_rows > wanted:
            found.append(pa.RecordBatch.from_arrays(batch.slice(0, wanted - rows).columns, schema=schema))
            return found, schema, True
        found.append(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if size > RESULT_MB << 20:
            raise UserError(f"结果超过 {RESULT_MB} MB。请先汇总,或少选几列。")
    return found, schema, False


def _readable(schema: pa.Schema) -> pa.Schema:
    """The schema with each name once; raises UserError for what no table or spreadsheet can show."""
    seen: dict[str, int] = {}
    fields = []
    for field in schema:
        if (
            pa.types.is_nested(field.type)
            or pa.types.is_interval(field.type)
            or pa.types.is_binary(field.type)
        ):
            raise UserError(
                f"结果列“{field.name[:40]}”是列表、结构或时长,不能显示。可用 cast(… as varchar) 转成文字。"
            )
        seen[field.name] = count = seen.get(field.name, 0) + 1
        fields.append(field.with_name(field.name if count == 1 else f"{field.name}_{count}"))
    return pa.schema(fields)


def _answer(target: BinaryIO, words: dict[str, Any]) -> None:
    target.write(json.dumps(words, ensure_ascii=False).encode() + b"\n")
    target.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
