"""Every rule against its worked examples (``examples/rNNN.yaml``), with a refund and the period's edges for a hit of each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rule_world import Defaults, World

from fundwatch.rules import Screening, library, run

EXAMPLES = Path(__file__).parent / "examples"
EVER = (dt.date(1990, 1, 1), dt.date(2099, 12, 31))
Case = dict[str, Any]


@lru_cache(maxsize=1)
def examples() -> dict[str, list[Case]]:
    """Cases by rule id; amounts and quantities as decimals."""
    found = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(EXAMPLES.glob("*.yaml"))
    }
    return {rule_id: _exact(cases) for rule_id, cases in found.items()}


def _exact(value: Any) -> Any:
    match value:
        case float():
            return Decimal(str(value))
        case dict():
            return {key: _exact(item) for key, item in value.items()}
        case list():
            return [_exact(item) for item in value]
        case _:
            return value


CASES = [
    pytest.param(rule_id, case, id=f"{rule_id} {case['case']}")
    for rule_id, cases in examples().items()
    for case in cases
]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def screened(world: World, rule_id: str, case: Case, start: dt.date, end: dt.date) -> Screening:
    rule = library()[rule_id]
    return run(world, Defaults(rule, case.get("params")), [rule], start, end)


def amounts(screening: Screening) -> dict[str, Decimal | None]:
    return {row["setl_id"]: row["amount_at_issue"] for row in screening.records()}


def expected(case: Case) -> dict[str, Decimal | None]:
    return {
        setl_id: None if amount is None else Decimal(amount) for setl_id, amount in case["expect"].items()
    }


@pytest.mark.parametrize(("rule_id", "case"), CASES)
def test_rule_finds_what_the_example_says(world: World, rule_id: str, case: Case) -> None:
    assert case.keys() <= {"case", "given", "params", "expect", "lines", "status"}, "misspelt key"
    world.fill(case["given"])
    screening = screened(world, rule_id, case, *EVER)
    assert screening.outcomes[0].status == case.get("status", "已运行"), screening.outcomes[0].missing
    assert amounts(screening) == expected(case)
    records = screening.records()
    for row in records:
        lines = row["evidence"]["lines"]
        assert len({line["line_id"] for line in lines}) == len(lines), "a line counts once in a hit"
        if row["amount_at_issue"] is not None:
            assert sum(Decimal(line["amount"]) for line in lines) == row["amount_at_issue"]
    found = {row["setl_id"]: [line["line_id"] for line in row["evidence"]["lines"]] for row in records}
    for setl_id, line_ids in case.get("lines", {}).items():
        assert found[setl_id] == line_ids


@pytest.mark.parametrize("rule_id", library())
def test_hit_counts_on_its_settlement_day_only(world: World, rule_id: str) -> None:
    case = first_hit(rule_id)
    world.fill(case["given"])
    hit = screened(world, rule_id, case, *EVER).records()[0]
    day, before, after = (hit["hit_date"] + dt.timedelta(days=shift) for shift in (0, -1, 1))
    assert hit["setl_id"] in amounts(screened(world, rule_id, case, day, day))
    assert hit["setl_id"] not in amounts(screened(world, rule_id, case, EVER[0], before))
    assert hit["setl_id"] not in amounts(screened(world, rule_id, case, after, EVER[1]))


@pytest.mark.parametrize("rule_id", library())
def test_refunded_settlement_is_no_hit(world: World, rule_id: str) -> None:
    case = first_hit(rule_id)
    world.fill(case["given"])
    hits = amounts(screened(world, rule_id, case, *EVER))
    for setl_id in hits:
        world.refund(setl_id)
    assert amounts(screened(world, rule_id, case, *EVER)) == {}


@pytest.mark.parametrize("rule_id", library())
def test_rule_has_a_hit_and_near_misses(rule_id: str) -> None:
    cases = examples().get(rule_id, [])
    assert any(case["expect"] for case in cases), "no example of a hit"
    assert any(not case["expect"] for case in cases), "no example of a near miss"
    assert len(cases) >= 3


@pytest.mark.parametrize("rule_id", library())
def test_rule_without_its_tables_or_knowledge_says_so(world: World, rule_id: str) -> None:
    case = first_hit(rule_id)
    needs = library()[rule_id].header.needs
    knowledge = ("kb_item_limit", "kb_item_pair", "kb_code")
    if needs.knowledge:
        world.fill({table: rows for table, rows in case["given"].items() if table not in knowledge})
        outcome = screened(world, rule_id, case, *EVER).outcomes[0]
        assert (outcome.status, outcome.hits) == ("未加载知识", None)
        assert outcome.missing == tuple(one.words for one in needs.knowledge)
    world.fill({})
    outcome = screened(world, rule_id, case, *EVER).outcomes[0]
    assert (outcome.status, outcome.hits) == ("缺少表", None)


def by_limit(kind: bool = False) -> list[str]:
    """Rules that read knowledge points of a limit type; with ``kind`` those that read points of drugs or of items only."""
    return [
        rule_id
        for rule_id, rule in library().items()
        if any(one.limit and (one.kind or not kind) for one in rule.header.needs.knowledge)
    ]


@pytest.mark.parametrize("rule_id", by_limit())
def test_a_point_of_another_type_decides_nothing(world: World, rule_id: str) -> None:
    case = first_hit(rule_id)
    points = case["given"]["kb_item_limit"]
    other = [{**point, "limit_type": "别的类型"} for point in points]
    elsewhere = [
        {**point, "item_code": f"{point['item_code'][:1]}不在单上", "item_name": "不在单上", "match": "编码"}
        for point in points
    ]
    world.fill({**case["given"], "kb_item_limit": other + elsewhere})
    screening = screened(world, rule_id, case, *EVER)
    assert screening.outcomes[0].status == "已运行"
    assert amounts(screening) == {}


@pytest.mark.parametrize("rule_id", by_limit(kind=True))
def test_a_rule_on_drugs_leaves_items_alone_and_the_other_way_round(world: World, rule_id: str) -> None:
    case = first_hit(rule_id)
    wanted = next(one for one in library()[rule_id].header.needs.knowledge if one.limit)
    lines = [
        {**line, "list_type": "201" if wanted.kind == "药品" else "101"}
        for line in case["given"]["fee_list_d"]
    ]
    world.fill({**case["given"], "fee_list_d": lines})
    screening = screened(world, rule_id, case, *EVER)
    assert screening.outcomes[0].status == "已运行"
    assert amounts(screening) == {}


def first_hit(rule_id: str) -> Case:
    return next(case for case in examples()[rule_id] if case["expect"])
