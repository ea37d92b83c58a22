"""Bring the state's tables up to this program: ordered revisions by Alembic, new tables by SQLAlchemy.

A table that is new in a program needs no revision, it is made as declared. What changes in a table that bureaus already have does:
one file in ``migrations/versions``, numbered. Databases from before the first number are taken as they stand. A module may not
have been imported when an older program made the database, so a revision leaves out tables that are not there.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, inspect, text

from fundwatch.errors import UserError

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
#: any number, the same in every process: who upgrades holds this lock of the database
ADVISORY_LOCK = 6_003_741


def prepare(engine: Engine, metadata: MetaData) -> None:
    """Upgrade and make what is missing, in one transaction that other processes wait for; nothing to do writes nothing.

    Raises UserError when a newer program wrote the database; it is left as it is.
    """
    with engine.connect() as connection:
        if is_current(connection, metadata):
            return
    with engine.connect() as connection, connection.begin():
        # SQLite's driver would run each DDL statement on its own; this also takes the write lock at once
        is_sqlite = engine.dialect.name == "sqlite"
        connection.execute(
            text("begin immediate" if is_sqlite else f"select pg_advisory_xact_lock({ADVISORY_LOCK})")
        )
        # another process may have been first
        if not is_current(connection, metadata):
            _upgrade(connection)
            metadata.create_all(connection)


def is_current(connection: Connection, metadata: MetaData) -> bool:
    """Whether number and tables are this program's; raises UserError when the number is a newer program's."""
    standing = revision_of(connection)
    if standing is not None and standing not in revisions():
        raise UserError(
            f"应用状态由更新版本的程序写入(结构版本 {standing},本程序为 {newest()}),为免损坏不予打开。"
            "请使用不低于原来的程序版本;若要退回旧版本,请恢复升级前的备份。"
        )
    return standing == newest() and metadata.tables.keys() <= set(inspect(connection).get_table_names())


def revision_of(connection: Connection) -> str | None:
    """The number of the database's tables; None before the first number."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"select version_num from {VERSION_TABLE}")).scalar()  # noqa: S608


@cache
def revisions() -> tuple[str, ...]:
    """The numbers this program knows, by the names of the files: Alembic itself is imported only to upgrade."""
    return tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def newest() -> str:
    """The number of this program's tables."""
    return revisions()[-1]


def add_column(table: str, column: Column) -> None:
    """In a revision: add a column (nullable or with a server default) where the table is there without it."""
    from alembic import op

    found = inspect(op.get_bind())
    if found.has_table(table) and column.name not in {each["name"] for each in found.get_columns(table)}:
        op.add_column(table, column)


def _upgrade(connection: Connection) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(MIGRATIONS))

    def steps(revision, _context):
        return script._upgrade_revs("head", revision)

    context = MigrationContext.configure(
        connection, opts={"fn": steps, "script": script, "transactional_ddl": True}
    )
    with Operations.context(context):
        context.run_migrations()
