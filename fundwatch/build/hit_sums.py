"""Sums of the stored hits: what screens show of all hits, so that they read days and months and not each hit.

Whole months of a period are read from ``…_month``, the days of a month that it cuts from ``…_day``.
"""

# ruff: noqa: S608 - names come from this file

from __future__ import annotations

import duckdb

from fundwatch.build.engine import FAULTS, Engine
from fundwatch.build.sources import first_line
from fundwatch.errors import UserError

#: hits by rule and institution
_CELL = "ym, {day}rule_id, level, fixmedins_code, insutype"
#: in which order the rows of each table are stored
ORDER = {
    "fct_hit_day": _CELL.format(day="hit_date, "),
    "fct_hit_month": _CELL.format(day=""),
    "fct_hit_once_day": "ym, hit_date, scope, fixmedins_code",
    "fct_hit_once_month": "ym, scope, fixmedins_code",
}
#: settlements with a hit by institution and ``scope``: 全部, a level, or 重点 (明确违规 and 可疑, reminders left out); once_amt of them
#: counts each claim line once, at its greatest amount over the rules of the scope. Hits on a settlement as a whole and on reminders contain
#: claim lines that are not named: of a settlement the greatest of these sums counts. A single hit counts no line twice
_ONCE = """
with

scoped as (

    select '全部' as scope, ym, hit_date, fixmedins_code, setl_id, hit_id, amount_at_issue
    from fct_rule_hit
    union all
    select level as scope, ym, hit_date, fixmedins_code, setl_id, hit_id, amount_at_issue
    from fct_rule_hit
    union all
    select '重点' as scope, ym, hit_date, fixmedins_code, setl_id, hit_id, amount_at_issue
    from fct_rule_hit
    where level in ('明确违规', '可疑') and line_of <> 'bffact_warn_rslt_d'

),

by_settlement as (

    select scope, ym, hit_date, fixmedins_code, setl_id, count(*) as hit_cnt, sum(amount_at_issue) as amount_at_issue
    from scoped
    group by scope, ym, hit_date, fixmedins_code, setl_id

),

line as (

    select scoped.scope, scoped.setl_id, detail.line_of, max(detail.line_amt) as line_amt
    from by_settlement
    inner join scoped on by_settlement.scope = scoped.scope and by_settlement.setl_id = scoped.setl_id
    inner join fct_rule_hit_line as detail on scoped.hit_id = detail.hit_id
    where by_settlement.hit_cnt > 1
    group by scoped.scope, scoped.setl_id, detail.line_of, coalesce(detail.line_id, '')

),

kind as (

    select scope, setl_id, line_of, sum(line_amt) as line_amt
    from line
    group by scope, setl_id, line_of

),

several as (

    select scope, setl_id, max(line_amt) as once_amt
    from kind
    group by scope, setl_id

)

select
    by_settlement.ym,
    by_settlement.hit_date,
    by_settlement.scope,
    by_settlement.fixmedins_code,
    count(*) as setl_cnt,
    cast(
        sum(case when by_settlement.hit_cnt = 1 then by_settlement.amount_at_issue else several.once_amt end) as decimal(18, 2)
    ) as once_amt
from by_settlement
left join several on by_settlement.scope = several.scope and by_settlement.setl_id = several.setl_id
group by by_settlement.ym, by_settlement.hit_date, by_settlement.scope, by_settlement.fixmedins_code
"""


def sums() -> dict[str, str]:
    """Table → select over the stored hits, each after those it reads. Within the portable subset."""
    return {
        "fct_hit_day": _counted("fct_rule_hit", "hit_date, ", "count(*)", "count(amount_at_issue)"),
        "fct_hit_month": _counted(
            "fct_hit_day", "", "cast(sum(hit_cnt) as bigint)", "cast(sum(amount_cnt) as bigint)"
        ),
        "fct_hit_once_day": _ONCE,
        "fct_hit_once_month": """
            select
                ym, scope, fixmedins_code, cast(sum(setl_cnt) as bigint) as setl_cnt,
                cast(sum(once_amt) as decimal(18, 2)) as once_amt
            from fct_hit_once_day
            group by ym, scope, fixmedins_code""",
    }


def make_sums(connection: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    """Sum the hits of the file attached as ``wh``; raises UserError when the engine fails."""
    for name, select in sums().items():
        try:
            text, used = engine.rows(name, select, {})
            connection.execute(f"create table wh.main.{name} as {text} order by {ORDER[name]}", dict(used))
        except FAULTS as error:
            raise UserError(f"命中合计 {name} 无法计算:{first_line(error)}") from error
        engine.stored(name, whole=True)


def _counted(source: str, day: str, hits: str, amounts: str) -> str:
    """Hits, how many of them have an amount, and their sum."""
    cell = _CELL.format(day=day)
    measures = f"{hits} as hit_cnt, {amounts} as amount_cnt, cast(sum(amount_at_issue) as decimal(18, 2)) as amount_at_issue"
    return f"select {cell}, {measures} from {source} group by {cell}"
