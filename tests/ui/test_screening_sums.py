"""疑点筛查 and 高风险对象 from sums: the same rows as from the hits, whatever is chosen and said of them."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from typing import Any

import pytest

from fundwatch.home import Home
from fundwatch.screens.screening import NO_CHOICE, SUMMED, query_of
from fundwatch.steps import page_sql
from fundwatch.warehouse import Warehouse, open_warehouse

NOBODY = {"psn_no": None, "dr_code": None, "verdict": None}
EVERYWHERE = {"fixmedins_type": None, "level_class": None, "medins_natu": None, "town_code": None}


@pytest.fixture(scope="module")
def warehouse(demo_home: Home) -> Warehouse:
    return open_warehouse(demo_home)


@pytest.fixture(scope="module")
def hits(warehouse: Warehouse) -> list[dict[str, Any]]:
    found = warehouse.query("select * from fct_rule_hit order by hit_id").to_pylist()
    assert len(found) > 100
    return found


def periods(hits: list[dict[str, Any]]) -> list[tuple[dt.date, dt.date]]:
    """Within a month, whole months, and cut at both ends."""
    last = max(hit["hit_date"] for hit in hits)
    return [
        (last.replace(day=3), last.replace(day=17)),
        (dt.date(last.year, 1, 1), last),
        (dt.date(last.year - 1, 12, 20), last.replace(day=11)),
    ]


def said_of(hits: list[dict[str, Any]]) -> dict[str, list[str]]:
    """A word on many hits, and 排除 on every hit of one institution."""
    few = min({hit["fixmedins_code"] for hit in hits if hit["fixmedins_code"]})
    excluded = {hit["hit_id"] for hit in hits[::5]} | {
        hit["hit_id"] for hit in hits if hit["fixmedins_code"] == few
    }
    true = {hit["hit_id"] for hit in hits[::7]} - excluded
    return {"true_hits": sorted(true), "excluded_hits": sorted(excluded)}


def ask(warehouse: Warehouse, name: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    sql = page_sql(name)
    used = set(re.findall(r"\$([a-z][a-z0-9_]*)", sql))
    return warehouse.query(sql, {one: values[one] for one in used}).to_pylist()


@pytest.mark.parametrize("level", [None, "可疑", "明确违规"])
@pytest.mark.parametrize("with_words", [False, True])
def test_sums_give_the_rows_that_the_hits_give(
    warehouse: Warehouse, hits: list[dict[str, Any]], level: str | None, with_words: bool
) -> None:
    words = said_of(hits) if with_words else {"true_hits": [], "excluded_hits": []}
    choices = [
        {"level": level, "rule_id": None, "code": None},
        {"level": level, "rule_id": hits[0]["rule_id"], "code": None},
        {"level": level, "rule_id": None, "code": hits[-1]["fixmedins_code"]},
    ]
    seen = 0
    for first, last in periods(hits):
        for choice in choices:
            values = {**NOBODY, **EVERYWHERE, **words, **choice, "first_day": first, "last_day": last}
            values["level_class"] = ["一级", "二级"] if choice["rule_id"] else None
            for part in SUMMED:
                assert ask(warehouse, f"screening_sum_{part}", values) == ask(
                    warehouse, f"screening_{part}", values
                )
            seen += ask(warehouse, "screening_sum_totals", values)[0]["hit_cnt"]
    assert seen > 0


def test_a_choice_of_single_hits_is_read_from_the_hits() -> None:
    values = {**NOBODY, "level": None}
    assert query_of("totals", values) == ("screening_sum_totals", {"level": None})
    assert query_of("institutions", values)[0] == "screening_institutions"
    for name in NOBODY:
        assert query_of("totals", {**values, name: "x"})[0] == "screening_totals"


@pytest.mark.parametrize("with_words", [False, True])
def test_high_risk_counts_what_nobody_excluded(
    warehouse: Warehouse, hits: list[dict[str, Any]], with_words: bool
) -> None:
    words = said_of(hits) if with_words else {"true_hits": [], "excluded_hits": []}
    for first, last in periods(hits):
        values = {**NO_CHOICE, **EVERYWHERE, **words, "first_day": first, "last_day": last}
        expected: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for hit in hits:
            if first <= hit["hit_date"] <= last and hit["hit_id"] not in words["excluded_hits"]:
                expected[hit["fixmedins_code"]].append(hit)
        rows = ask(warehouse, "high_risk_institutions", values)
        assert {code for code in expected if code} <= {row["fixmedins_code"] for row in rows}
        for row in rows:
            own = expected[row["fixmedins_code"]]
            grave = [one for one in own if one["level"] != "提示" and one["line_of"] != "bffact_warn_rslt_d"]
            amounts = [one["amount_at_issue"] for one in own if one["amount_at_issue"] is not None]
            assert row["hit_setl_cnt"] == len({one["setl_id"] for one in grave})
            assert row["true_cnt"] == sum(one["hit_id"] in words["true_hits"] for one in own)
            assert row["amount_at_issue"] == (sum(amounts) if amounts else None)
            for name, level in (("clear_cnt", "明确违规"), ("suspect_cnt", "可疑"), ("hint_cnt", "提示")):
                assert row[name] == sum(one["level"] == level for one in own)
