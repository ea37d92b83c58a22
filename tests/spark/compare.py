"""Two serving files, row for row: types of columns, order of rows, every value."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from fundwatch.build import publish
from fundwatch.home import Home

#: what differs between any two builds: durations, moments, names of versions and engines
LEFT_OUT = {"_meta_models": "seconds", "_meta_rules": "seconds"}
ONLY = {"_meta": "where key not in ('version', 'built_at', 'engine')"}


@dataclass
class Comparison:
    """Tables and rows compared, and what differs, in words."""

    tables: int = 0
    rows: int = 0
    rules_with_hits: int = 0
    differing: list[str] = field(default_factory=list)


def compare(one: Home, other: Home) -> Comparison:
    """The versions served by two homes."""
    found = Comparison()
    with duckdb.connect() as connection:
        for name, home in (("one", one), ("other", other)):
            version = publish.current_version(home)
            assert version, f"{home.root} was never built"
            connection.execute(f"attach '{publish.serving_file(home, version)}' as {name} (read_only)")
        names = [tables(connection, name) for name in ("one", "other")]
        assert names[0] == names[1]
        for table in names[0]:
            found.tables += 1
            rows, differing = differing_rows(connection, table)
            found.rows += rows
            found.differing += differing
        [(found.rules_with_hits,)] = connection.execute(
            "select count(distinct rule_id) from one.fct_rule_hit"
        ).fetchall()
    return found


def tables(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """Names of the tables of an attached file."""
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = $1 order by table_name", [name]
    )
    return [table for (table,) in found.fetchall()]


def differing_rows(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, list[str]]:
    """Rows of a table in the file attached as ``one``, and what is otherwise in ``other``, in words."""
    columns = [
        [
            row[:2]
            for row in connection.execute(f'describe {name}."{table}"').fetchall()
            if row[0] != LEFT_OUT.get(table)
        ]
        for name in ("one", "other")
    ]
    if columns[0] != columns[1]:
        return 0, [f"{table}: columns {columns[0]} and {columns[1]}"]
    listed = ", ".join(f'"{name}"' for name, _ in columns[0])
    one, other = (
        connection.execute(f'select {listed} from {name}."{table}" {ONLY.get(table, "")}').fetchall()
        for name in ("one", "other")
    )
    differing = [] if len(one) == len(other) else [f"{table}: {len(one)} and {len(other)} rows"]
    differing += [
        f"{table} row {number}: {mine} and {theirs}"
        for number, (mine, theirs) in enumerate(zip(one, other, strict=False))
        if mine != theirs
    ]
    return len(one), differing
