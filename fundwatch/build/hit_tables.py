"""The tables that screening leaves in a serving file, and what a later build wants to know of them."""

# ruff: noqa: S608 - names come from this file

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from fundwatch.build.hit_months import Span

#: ``dim_rule`` one row per rule of the library and what became of it; ``hit_cnt`` null: never run, not 0.
#: ``fct_rule_month`` one row per rule that ran and settlement month; status 缺少表: a table that the rule needs has no rows in
#: that month and nothing was hit. ``fct_rule_hit`` one row per rule and settlement, its evidence that of the leading line;
#: ``fct_rule_hit_line`` one row per hit and line
TABLES: dict[str, str] = {
    "dim_rule": """
        rule_id varchar not null, title varchar not null, class varchar not null, level varchar not null,
        amount_method varchar not null, line_of varchar not null, version varchar not null, status varchar not null,
        missing varchar, point_cnt bigint, month_cnt bigint not null, first_month varchar, last_month varchar,
        hit_cnt bigint, amount_at_issue decimal(18, 2)""",
    "fct_rule_month": """
        rule_id varchar not null, ym varchar not null, version varchar not null, params varchar not null,
        params_hash varchar not null, status varchar not null, missing varchar, hit_cnt bigint, amount_at_issue decimal(18, 2)""",
    "fct_rule_hit": """
        hit_id varchar not null, rule_id varchar not null, version varchar not null, params_hash varchar not null,
        ym varchar not null, setl_id varchar not null, mdtrt_id varchar, fixmedins_code varchar, psn_no varchar,
        dr_code varchar, insutype varchar, med_type varchar, hit_date date not null, amount_at_issue decimal(16, 2),
        level varchar not null, line_cnt bigint not null, line_of varchar not null, line_id varchar, found_text varchar,
        found_num decimal(18, 4), limit_text varchar, limit_num decimal(18, 4), related_id varchar""",
    "fct_rule_hit_line": """
        hit_id varchar not null, rule_id varchar not null, ym varchar not null, setl_id varchar not null,
        fixmedins_code varchar, hit_date date not null, line_of varchar not null, line_id varchar,
        line_amt decimal(16, 2), found_text varchar, found_num decimal(18, 4), limit_text varchar,
        limit_num decimal(18, 4), related_id varchar""",
}
META = """
create table wh.main._meta_rules (
    rule_id varchar primary key, text_hash varchar, inputs_hash varchar, status varchar, seconds double
);
create table wh.main._meta_rule_spans (ym varchar primary key, first_day date, last_day date);
"""


@dataclass(frozen=True)
class KeptRule:
    """How a rule stood in the version before."""

    text_hash: str
    inputs_hash: str | None
    status: str


@dataclass(frozen=True)
class Kept:
    """What the version before holds: its rules, the parameters of each rule and month, spans, rows per table."""

    rules: Mapping[str, KeptRule] = field(default_factory=dict)
    params: Mapping[tuple[str, str], str] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)


NOTHING_KEPT = Kept()


def read_kept(connection: duckdb.DuckDBPyConnection) -> Kept:
    """What a serving file, opened by itself, holds; nothing when it was built before hits were stored."""
    names = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    if "_meta_rules" not in names:
        return NOTHING_KEPT

    def rows(select: str) -> list[tuple]:
        return connection.execute(select).fetchall()

    return Kept(
        rules={
            row[0]: KeptRule(*row[1:])
            for row in rows("select rule_id, text_hash, inputs_hash, status from _meta_rules")
        },
        params={row[:2]: row[2] for row in rows("select rule_id, ym, params_hash from fct_rule_month")},
        spans={row[0]: row[1:] for row in rows("select ym, first_day, last_day from _meta_rule_spans")},
        rows={name: rows(f"select count(*) from {name}")[0][0] for name in TABLES},
    )


def create_tables(connection: duckdb.DuckDBPyConnection, prefix: str = "wh.main.") -> None:
    """Make the four tables, empty."""
    for name, columns in TABLES.items():
        connection.execute(f"create table {prefix}{name} ({columns})")
