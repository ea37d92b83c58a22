"""Writing hits: those just made and those carried over, in the tables of ``hit_tables``."""

# ruff: noqa: S608 - names come from this package, values are parameters

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from fundwatch.build.checks import count
from fundwatch.build.engine import FAULTS, Engine
from fundwatch.build.hit_changes import PERSONS
from fundwatch.build.hit_months import Months, Span
from fundwatch.build.hit_tables import META, TABLES, create_tables
from fundwatch.build.hit_texts import month_params, params_hash, params_text
from fundwatch.build.sources import Snapshot, first_line
from fundwatch.contracts import contracts
from fundwatch.errors import UserError
from fundwatch.rules.compose import step_sql
from fundwatch.rules.library import Rule
from fundwatch.rules.run import Values

RAN, NO_TABLE, NO_AMOUNT = "已运行", "缺少表", "M0"
LINES = """
select
    rule_id || ':' || setl_id as hit_id, rule_id, ym, setl_id, fixmedins_code, hit_date, line_of, line_id, line_amt,
    found_text, found_num, limit_text, limit_num, related_id
from new_hit_line
"""
MONTHS = f"""
insert into wh.main.fct_rule_month
select
    pair.rule_id, pair.ym, pair.version, pair.params, pair.params_hash,
    case when hit.hit_cnt is null and pair.missing is not null then '{NO_TABLE}' else '{RAN}' end,
    pair.missing,
    case when hit.hit_cnt is null and pair.missing is not null then null else coalesce(hit.hit_cnt, 0) end,
    case
        when pair.amount_method = '{NO_AMOUNT}' or (hit.hit_cnt is null and pair.missing is not null) then null
        else coalesce(hit.amount_at_issue, 0)
    end
from rule_month_pair as pair
left join (
    select rule_id, ym, count(*) as hit_cnt, sum(amount_at_issue) as amount_at_issue
    from wh.main.fct_rule_hit
    group by rule_id, ym
) as hit on pair.rule_id = hit.rule_id and pair.ym = hit.ym
order by pair.rule_id, pair.ym
"""
RULES = f"""
insert into wh.main.dim_rule
select
    rule.rule_id, rule.title, rule.class, rule.level, rule.amount_method, rule.line_of, rule.version, rule.status,
    rule.missing, rule.point_cnt,
    coalesce(month.month_cnt, 0), month.first_month, month.last_month,
    case when rule.status = '{RAN}' then coalesce(month.hit_cnt, 0) end,
    case when rule.status = '{RAN}' and rule.amount_method <> '{NO_AMOUNT}' then coalesce(month.amount_at_issue, 0) end
from rule_standing as rule
left join (
    select
        rule_id, count(*) as month_cnt, min(ym) as first_month, max(ym) as last_month, sum(hit_cnt) as hit_cnt,
        sum(amount_at_issue) as amount_at_issue
    from wh.main.fct_rule_month
    where status = '{RAN}'
    group by rule_id
) as month on rule.rule_id = month.rule_id
order by rule.rule_id
"""
KEPT = """
select kept.* from prev.main.{table} as kept
inner join prev.main.fct_rule_hit as hit on kept.hit_id = hit.hit_id
inner join rule_month_pair as pair on kept.rule_id = pair.rule_id and kept.ym = pair.ym
where not pair.ran or (not pair.whole and coalesce(hit.psn_no, '') not in (select psn_no from {persons}))
union all by name
"""


@dataclass(frozen=True)
class Standing:
    """One rule in a build: whether it can run, what it lacks, what decides it, and the months for which it must run."""

    rule: Rule
    status: str
    missing: tuple[str, ...]
    points: int | None
    text_hash: str
    inputs_hash: str | None
    months: Months = frozenset()
    #: those of them in which all hits are made anew; in the others only those of changed persons
    whole: Months = frozenset()


def store(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    standings: Sequence[Standing],
    values: Values,
    tables: Snapshot,
    *,
    has_before: bool,
) -> dict[str, int]:
    """Write the four tables; hits that were not made anew come from ``prev``. Gives the rows of each.

    Raises UserError when two hits share a key or the engine fails.
    """
    create_tables(connection)
    _hold(connection, "rule_month_pair", _pairs(standings, values, tables))
    _hold(connection, "rule_standing", _rules(standings))
    for table, new, order in (
        ("fct_rule_hit", step_sql("stored_hit"), "ym, rule_id, setl_id"),
        ("fct_rule_hit_line", LINES, "ym, rule_id, setl_id, line_id nulls first"),
    ):
        old = KEPT.format(table=table, persons=PERSONS)
        try:
            text, used = engine.rows(table, new, {}, typed=False)
            connection.execute(
                f"insert into wh.main.{table} by name select * from ({old if has_before else ''}{text}) order by {order}",
                dict(used),
            )
        except FAULTS as error:
            raise UserError(f"命中表 {table} 无法写入:{first_line(error)}") from error
        engine.stored(table, whole=not has_before)
    connection.execute(MONTHS)
    connection.execute(RULES)
    _check(connection)
    return {name: count(connection, name) for name in TABLES}


def store_meta(
    connection: duckdb.DuckDBPyConnection,
    standings: Sequence[Standing],
    spans: Mapping[str, Span],
    seconds: Mapping[str, float],
) -> None:
    """Write what the next build wants to know."""
    connection.execute(META)
    for one in standings:
        connection.execute(
            "insert into wh.main._meta_rules values ($1, $2, $3, $4, $5)",
            [one.rule.rule_id, one.text_hash, one.inputs_hash, one.status, seconds.get(one.rule.rule_id)],
        )
    for month, (first, last) in sorted(spans.items()):
        connection.execute("insert into wh.main._meta_rule_spans values ($1, $2, $3)", [month, first, last])


def _pairs(standings: Sequence[Standing], values: Values, tables: Snapshot) -> pa.Table:
    """Every rule that can run with every settlement month: parameters, absent tables, whether it ran in this build."""
    found = []
    for one in standings:
        if one.status != RAN:
            continue
        for month in tables["setl_d"].months:
            params = month_params(one.rule, values, month)
            found.append((
                one.rule.rule_id, month, one.rule.version, params_text(params), params_hash(params),
                _absent(one.rule, tables, month), one.rule.header.amount_method, month in one.months, month in one.whole,
            ))  # fmt: skip
    names = ("rule_id", "ym", "version", "params", "params_hash", "missing", "amount_method")
    fields = [*((name, pa.string()) for name in names), ("ran", pa.bool_()), ("whole", pa.bool_())]
    columns = list(zip(*found, strict=True)) or [()] * len(fields)
    return pa.table(
        [pa.array(column, kind) for column, (_, kind) in zip(columns, fields, strict=True)],
        schema=pa.schema(fields),
    )


def _absent(rule: Rule, tables: Snapshot, month: str) -> str | None:
    """Tables kept by month that the rule needs and that hold nothing in the month; None when none is absent."""
    absent = [
        table
        for table in rule.header.needs.tables
        if contracts()[table].by_month and month not in tables[table].months
    ]
    return "、".join(absent) or None


def _rules(standings: Sequence[Standing]) -> pa.Table:
    records = [
        {
            "rule_id": one.rule.rule_id, "title": one.rule.header.title, "class": one.rule.header.class_,
            "level": one.rule.header.level, "amount_method": one.rule.header.amount_method,
            "line_of": one.rule.header.lines, "version": one.rule.version, "status": one.status,
            "missing": "、".join(one.missing) or None, "point_cnt": one.points,
        }
        for one in standings
    ]  # fmt: skip
    kinds = {"point_cnt": pa.int64()}
    return pa.Table.from_pylist(
        records, schema=pa.schema([(name, kinds.get(name, pa.string())) for name in records[0]])
    )


def _hold(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("arrow_rows", rows)
    connection.execute(f"create or replace temp table {name} as select * from arrow_rows")
    connection.unregister("arrow_rows")


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """Keys are unique and each hit is what its lines add up to; anything else stops the publication."""
    faults = connection.execute(
        """
        select hit.hit_id
        from wh.main.fct_rule_hit as hit
        left join (
            select hit_id, count(*) as line_cnt, count(distinct coalesce(line_id, '')) as id_cnt, sum(line_amt) as line_amt
            from wh.main.fct_rule_hit_line
            group by hit_id
        ) as line on hit.hit_id = line.hit_id
        where
            line.hit_id is null or line.line_cnt <> hit.line_cnt or line.id_cnt <> line.line_cnt
            or line.line_amt is distinct from hit.amount_at_issue
        union all
        select hit_id from wh.main.fct_rule_hit group by hit_id having count(*) > 1
        order by all limit 5
        """
    ).fetchall()
    if faults:
        raise UserError(
            f"筛查结果不自洽(命中与其明细对不上),例如 {'、'.join(hit_id for (hit_id,) in faults)}。"
        )
