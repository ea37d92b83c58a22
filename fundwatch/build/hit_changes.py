"""Which claims a change of the lake touches: months of settlements, and the persons whose settlements they are.

Rows that differ are found by comparing the files that came with those that went; whatever they name (settlement, visit, the
refunded settlement, the reversed line) leads to visits, these to their settlements, months and persons.

A rule that looks from a visit at others looks at the same person's, so a change moves hits of the persons it names and of no
others; rules that compare persons with each other say so (``Reach.others``). Where the data give one visit to two persons, all who
share a visit with a changed person count as changed.
"""

# ruff: noqa: S608 - names come from contracts and this file, values are parameters

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from fundwatch.build.checks import month_filter
from fundwatch.build.hit_months import Months
from fundwatch.build.sources import LakeTable, Snapshot, lake_columns, lake_view

#: lake tables of claims → columns by which a row leads to settlements
LINKS: dict[str, tuple[str, ...]] = {
    "setl_d": ("setl_id", "init_setl_id", "mdtrt_id"),
    "mdtrt_d": ("mdtrt_id",),
    "fee_list_d": ("setl_id", "mdtrt_id", "bkkp_sn", "init_feedetl_sn"),
    "setl_list_diag_d": ("setl_id", "mdtrt_id"),
    "setl_list_oprn_d": ("setl_id", "mdtrt_id"),
    "bffact_warn_rslt_d": ("mdtrt_id",),
}
SETTLEMENT_LINKS, VISIT_LINKS = ("setl_id", "init_setl_id"), ("mdtrt_id",)
#: a line's number and that of the line it takes back: each is the other's on the line it leads to
OTHER_LINE = {"bkkp_sn": "init_feedetl_sn", "init_feedetl_sn": "bkkp_sn"}
#: persons whose hits are made anew where only persons count, and all their visits: temporary tables of the workshop
PERSONS, VISITS = "rule_person", "rule_visit"


@dataclass(frozen=True)
class Touched:
    """Settlement months touched, by claim table; ``unknown``: tables of which it cannot be told which rows differ (all months)."""

    months: Mapping[str, Months]
    unknown: frozenset[str] = frozenset()

    def of(self, tables: frozenset[str]) -> Months:
        """Months touched through any of these staging tables."""
        return frozenset[str]().union(*(self.months[table] for table in LINKS if f"stg_{table}" in tables))

    def is_unknown(self, tables: frozenset[str]) -> bool:
        return any(f"stg_{table}" in tables for table in self.unknown)


def no_persons(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of persons and visits, empty."""
    connection.execute(f"create or replace temp table {PERSONS} (psn_no varchar)")
    connection.execute(f"create or replace temp table {VISITS} (mdtrt_id varchar)")


def claim_changes(
    connection: duckdb.DuckDBPyConnection,
    now: Snapshot,
    before: Snapshot,
    root: Path,
    whole: frozenset[str],
) -> Touched:
    """What differs between two states of the lake; fills ``rule_person`` and ``rule_visit``. ``whole``: tables that changed wholly."""
    no_persons(connection)
    empty, months, unknown = LakeTable(None, {}), {}, set(whole)
    for table in LINKS:
        found = (
            None
            if table in whole
            else _touched(connection, table, now.get(table, empty), before.get(table, empty), root)
        )
        if found is None:
            unknown.add(table)
        months[table] = frozenset(now["setl_d"].months) if found is None else found
    _close(connection)
    return Touched(months, frozenset(unknown))


def _touched(
    connection: duckdb.DuckDBPyConnection, table: str, now: LakeTable, before: LakeTable, root: Path
) -> Months | None:
    """Months of the settlements that a table's change concerns, persons noted; None where it cannot be told (a file is gone)."""
    here, there = set(now.paths), set(before.paths)
    came, went = sorted(here - there), sorted(there - here)
    if not came and not went:
        return frozenset()
    if not all((root / path).is_file() for path in went):
        return None
    # The same row under another batch is no change.
    columns = [(name, kind) for name, kind in lake_columns(table) if not name.startswith("_")]
    for view, paths in (("rows_come", came), ("rows_gone", went)):
        connection.execute(lake_view(f'memory.main."{view}"', columns, paths, root))
    links = ", ".join([*LINKS[table], *(["ym", "psn_no"] if table == "setl_d" else [])])
    connection.execute(
        f"create or replace temp table row_changed as select {links} from memory.main.rows_come limit 0"
    )
    # side by side, and below link by link: a month of fee lines compared in one statement does not fit into memory
    for sides in _sides(came, went):
        connection.execute(f"insert into row_changed select {links} from {_one_sided(*sides)}")
    for view in ("rows_come", "rows_gone"):
        connection.execute(f"drop view memory.main.{view}")
    return _months_of_changed(connection, table)


def _sides(came: Sequence[str], went: Sequence[str]) -> list[tuple[str, str | None]]:
    """(rows of, but those also in): nothing is compared where one side is empty, as when a month is new."""
    if not went:
        return [("rows_come", None)]
    if not came:
        return [("rows_gone", None)]
    return [("rows_come", "rows_gone"), ("rows_gone", "rows_come")]


def _one_sided(rows: str, but: str | None) -> str:
    found = f"select * from memory.main.{rows}"
    return f"({found} except all select * from memory.main.{but})" if but else f"({found})"


def _months_of_changed(connection: duckdb.DuckDBPyConnection, table: str) -> Months:
    connection.execute("create or replace temp table visit_changed (mdtrt_id varchar)")
    for visits in _visits_of_changed(connection, table):
        connection.execute(f"insert into visit_changed select distinct mdtrt_id from ({visits})")
    # a settlement that went, or was another person's
    own = "select ym, psn_no from row_changed union " if table == "setl_d" else ""
    connection.execute(
        f"""create or replace temp table settlement_changed as
            {own}select distinct ym, psn_no from stg_setl_d where mdtrt_id in (select mdtrt_id from visit_changed)"""
    )
    connection.execute(f"insert into {PERSONS} select distinct psn_no from settlement_changed")
    found = connection.execute("select distinct ym from settlement_changed where ym is not null").fetchall()
    return frozenset(month for (month,) in found)


def _visits_of_changed(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[str]:
    """Selects of the visits that changed rows lead to, by one link each; before each is asked for, what it reads is there."""
    for name in LINKS[table]:
        named = f"select {name} from row_changed where {name} is not null"
        if name in VISIT_LINKS:
            yield f"select {name} as mdtrt_id from row_changed"
        elif name in SETTLEMENT_LINKS:
            yield f"select mdtrt_id from stg_setl_d where setl_id in ({named})"
        else:
            # A line and the line that takes it back may stand in different settlements. A line taken back that has itself changed leads on
            # by itself; mostly these are all, and then the lines of all months are not read. Several lines may take back one.
            other = OTHER_LINE[name]
            known = (
                " and init_feedetl_sn not in (select bkkp_sn from row_changed where bkkp_sn is not null)"
                if other == "bkkp_sn"
                else ""
            )
            connection.execute(f"create or replace temp table line_named as {named}{known}")
            if connection.execute("select 1 from line_named limit 1").fetchall():
                connection.execute(
                    "create or replace temp table line_met as"
                    f" select setl_id from (select setl_id, {other} from stg_fee_list_d where {other} is not null)"
                    f" where {other} in (select {name} from line_named)"
                )
                yield "select mdtrt_id from stg_setl_d where setl_id in (select setl_id from line_met)"


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    """All who share a visit with a changed person, then all visits of all these."""
    connection.execute(
        f"""create or replace temp table {PERSONS} as
            select psn_no from {PERSONS} where psn_no is not null
            union
            select psn_no from stg_setl_d where mdtrt_id in (
                select mdtrt_id from stg_setl_d where psn_no in (select psn_no from {PERSONS})
            )"""
    )
    connection.execute(
        f"""create or replace temp table {VISITS} as
            select distinct mdtrt_id from stg_setl_d where psn_no in (select psn_no from {PERSONS})"""
    )


def months_of_the_same_visits(connection: duckdb.DuckDBPyConnection, months: Months) -> Months:
    """The months with their visits' other settlements."""
    where, values = month_filter(sorted(months))
    found = connection.execute(
        f"select distinct ym from stg_setl_d where mdtrt_id in (select mdtrt_id from stg_setl_d {where})",
        values,
    ).fetchall()
    return months | {month for (month,) in found}
