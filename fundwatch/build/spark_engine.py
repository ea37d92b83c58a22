"""Spark as a build's engine: staging, marts, shared steps, hit lines and sums are made on a cluster.

Spark reads the lake's files of the version and writes Parquet into a folder beside the file being built; DuckDB puts these rows
into the file, sorted and typed as its own. The home must lie where driver and workers see it under the same path.
"""

# ruff: noqa: S608 - names come from checked headers and this package

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from fundwatch.build.checks import month_filter
from fundwatch.build.engine import EngineError, Params
from fundwatch.build.models import Model
from fundwatch.build.sources import LakeTable, Snapshot, lake_columns, literal
from fundwatch.build.spark_session import check_master, require_pyspark, session, spark_words
from fundwatch.build.spark_text import spark_schema, spark_text
from fundwatch.errors import UserError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

    from fundwatch.build.spark_watch import Watch

#: lake rows per partition of a shuffle; Spark joins partitions that turn out small
ROWS_PER_PARTITION = 500_000
FEWEST, MOST = 2, 2000


@dataclass
class _Work:
    """One build under way.

    ``waiting``: tables of the connection that Spark has not been given yet; ``rounds``: how often steps were made; ``schemas``: of
    what was written, so that no job has to look into the files.
    """

    spark: SparkSession
    watch: Watch
    connection: duckdb.DuckDBPyConnection
    folder: Path
    waiting: set[str] = field(default_factory=set)
    rounds: int = 0
    schemas: dict[str, StructType] = field(default_factory=dict)


class SparkEngine:
    """Spark behind ``master`` (spark://, sc://, local[n]; None: this machine). Raises UserError when pyspark is missing."""

    name = "spark"

    def __init__(self, master: str | None = None) -> None:
        self.master = check_master(master)
        require_pyspark()
        self._work: _Work | None = None

    @contextmanager
    def working(
        self, connection: duckdb.DuckDBPyConnection, file: Path, tables: Snapshot, root: Path
    ) -> Iterator[None]:
        # named like the file being built, so that a build that dies leaves nothing behind
        folder = file.with_name(file.name + ".spark").resolve()
        folder.mkdir()
        try:
            with session(self.master, folder, _partitions(tables)) as (spark, watch):
                self._work = _Work(spark, watch, connection, folder)
                self._sources(tables, root.resolve())
                yield
        except EngineError as error:
            raise UserError(f"Spark({self.master})上的构建失败:{error}") from None
        finally:
            self._work = None
            shutil.rmtree(folder)

    def staging(self, model: Model) -> None:
        with self._asked():
            self._frame(model.name, model.sql, {}).createOrReplaceTempView(model.name)

    def needs_check(self, model: Model, months: Sequence[str] | None) -> bool:
        """Small lists are looked at anyway. Of claims, Spark says whether a key is doubled or empty."""
        if not model.header.by_month:
            return True
        key = ", ".join(f'"{name}"' for name in model.header.key)
        empty = [f'"{name}" is null' for name in model.header.key if name not in model.header.nullable_key]
        where, values = month_filter(months)
        rows = f'select {key} from "{model.name}" {where}'
        faulty = [f"select 1 as fault from ({rows}) as row_key group by {key} having count(*) > 1"]
        if empty:
            faulty.append(f"select 1 as fault from ({rows}) as row_key where {' or '.join(empty)}")
        [(found,)] = self.fetch(
            f"select count(*) as cnt from ({' union all '.join(faulty)}) as fault", values
        )
        return bool(found)

    def rows(self, name: str, select: str, params: Params, *, typed: bool = True) -> tuple[str, Params]:
        folder = self._written(name, select, params)
        columns = "*"
        if typed:
            found = self._now.connection.execute(f"describe {select}", dict(params)).fetchall()
            columns = ", ".join(
                f'cast("{column}" as {_known(kind)}) as "{column}"' for column, kind, *_ in found
            )
        return f"select {columns} from read_parquet({literal(str(folder / '*.parquet'))})", {}

    def stored(self, name: str, *, whole: bool) -> None:
        folder = self._now.folder / name
        if whole:
            self._show(name, folder)
        else:
            self._now.waiting.add(name)

    def fetch(self, select: str, params: Params) -> list[tuple[Any, ...]]:
        with self._asked():
            return [tuple(row) for row in self._frame("fetch", select, params).collect()]

    @contextmanager
    def steps(self) -> Iterator[None]:
        """Steps are Parquet files: what a lost worker had is not made anew by every rule. Each time they are kept anew."""
        self._now.rounds += 1
        yield

    def step(self, name: str, select: str, params: Params) -> None:
        self._show(name, self._written(f"steps/{self._now.rounds}/{name}", select, params))

    def _written(self, name: str, select: str, params: Params) -> Path:
        folder = self._now.folder / name
        with self._asked():
            frame = self._frame(name, select, params)
            frame.write.parquet(location(folder))
            self._now.schemas[str(folder)] = frame.schema
        return folder

    def _frame(self, name: str, select: str, params: Params) -> DataFrame:
        text, read = spark_text(name, select, params)
        for table in sorted(read & self._now.waiting):
            self._give(table, f'"{table}"')
        return self._now.spark.sql(text)

    def _show(self, name: str, folder: Path) -> None:
        """Let selects read the Parquet files below a folder."""
        with self._asked():
            reader = self._now.spark.read.option("recursiveFileLookup", "true")
            if (schema := self._now.schemas.get(str(folder))) is not None:
                reader = reader.schema(schema)
            reader.parquet(_listed(folder)).createOrReplaceTempView(name)

    def _sources(self, tables: Snapshot, root: Path) -> None:
        """The lake's tables, and the lists shipped with the product as the connection has them. Raises UserError naming the table."""
        for table, files in tables.items():
            try:
                with self._asked():
                    _lake(self._now.spark, table, files, root).createOrReplaceTempView(f"lake__{table}")
            except EngineError as error:
                raise UserError(f"数据湖的表 {table} 在 Spark 上无法读取:{error}") from error
        found = self._now.connection.execute(
            "select table_name from duckdb_tables() where database_name = 'reference' order by table_name"
        ).fetchall()
        for (table,) in found:
            self._give(f"reference__{table}", f'reference.main."{table}"')

    def _give(self, name: str, table: str) -> None:
        """Give Spark a table of the connection."""
        folder = self._now.folder / "given" / name
        folder.mkdir(parents=True)
        connection = self._now.connection
        columns = connection.execute(f"describe select * from {table}").fetchall()
        # Parquet has no whole numbers of 128 bits; as doubles they would lose digits
        listed = ", ".join(
            f'cast("{column}" as decimal(38, 0)) as "{column}"' if kind == "HUGEINT" else f'"{column}"'
            for column, kind, *_ in columns
        )
        connection.execute(f"copy (select {listed} from {table}) to {literal(str(folder / 'rows.parquet'))}")
        self._show(name, folder)
        self._now.waiting.discard(name)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """What Spark, its gateway or the network throws, as the engine's fault."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, Py4JError, OSError) as error:
            # such an error can be read only as long as the JVM runs
            raise EngineError(self._now.watch.verdict or spark_words(error)) from None

    @property
    def _now(self) -> _Work:
        if self._work is None:
            raise RuntimeError("an engine works only within working()")
        return self._work


def location(path: Path) -> str:
    """A folder as an address, so that a cluster with another file system of its own reads this one. Not percent-encoded: Hadoop
    would not decode it."""
    return f"file://{path}"


def _listed(path: Path) -> str:
    """The address of something to read: what Hadoop would take for a pattern is escaped."""
    return "".join(f"\\{sign}" if sign in "{}[]*?\\" else sign for sign in location(path))


def _lake(spark: SparkSession, table: str, files: LakeTable, root: Path) -> DataFrame:
    """A lake table's files with the contract's types; an optional column that older files lack is null there."""
    schema = spark_schema(dict(lake_columns(table)))
    if not files.paths:
        return spark.createDataFrame([], schema)
    base = location(root / Path(*Path(files.paths[0]).parts[:2]))
    reader = spark.read.schema(schema).option("basePath", base)
    return reader.parquet(*(_listed(root / path) for path in files.paths))


def _known(kind: str) -> str:
    """The type of a column; one that holds nothing but null is a whole number, as DuckDB stores it."""
    return "INTEGER" if kind == '"NULL"' else kind


def _partitions(tables: Snapshot) -> int:
    rows = sum(files.rows for files in tables.values())
    return min(max(rows // ROWS_PER_PARTITION, FEWEST), MOST)
