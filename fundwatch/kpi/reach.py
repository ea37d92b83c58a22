"""What a KPI is for an account limited to a town: the town's own number, the county's, or none.

Read from the tables its SQL names. A KPI that divides rows of institutions by a figure of the whole county (住院率: stays by
enrolled) would be neither, so it has no value there.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

import sqlglot
from sqlglot import exp

from fundwatch.kpi.call import Call
from fundwatch.kpi.declaration import Kpi, declarations
from fundwatch.kpi.writer import number_sql
from fundwatch.masking import COUNTY, SHARED

NOT_BY_TOWN = "只有全县口径,限定乡镇的账号不显示"
NOT_BY_COUNTY = "没有分县区的数据,不能按县区显示"


class Reach(StrEnum):
    """Whose number it is in a town's sight; the value is the word on screen."""

    TOWN = "本乡镇"
    COUNTY = "全县"
    NEITHER = "不显示"


def refusal(call: Call, kpi: Kpi) -> str | None:
    """Why a KPI has no number for the rows that are asked: any it could give would be another's. None: it has one."""
    if call.lacks_county(kpi):
        return NOT_BY_COUNTY
    if call.is_by_town and reach(kpi.id) is Reach.NEITHER:
        return NOT_BY_TOWN
    return None


@lru_cache(maxsize=256)
def reach(kpi: str) -> Reach:
    """The reach of a declared KPI."""
    tree = sqlglot.parse_one(number_sql(declarations()[kpi], ()), dialect="duckdb")
    steps = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = {table.name.removeprefix("stg_") for table in tree.find_all(exp.Table)} - steps - SHARED - {""}
    if not tables & COUNTY:
        return Reach.TOWN
    return Reach.COUNTY if tables <= COUNTY else Reach.NEITHER
