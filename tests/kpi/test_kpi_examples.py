"""Worked examples: given rows, expected number and list. The cases are data, in ``examples/<kpi>.yaml``."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from kpi_world import World

from fundwatch.cli.output import plain
from fundwatch.kpi import KpiValue, declarations, evaluate, rows
from fundwatch.settings import Values

EXAMPLES = Path(__file__).parent / "examples"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}:{case['case']}")
    for path in sorted(EXAMPLES.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("kpi", "case"), CASES)
def test_worked_example(world: World, kpi: str, case: dict[str, Any]) -> None:
    assert set(case) <= {"case", "given", "period", "by", "expect", "list"}, "unknown key in the example"
    world.fill(case["given"])
    start, end = case["period"]
    found = evaluate(world, Values(), [kpi], start, end, case.get("by"))
    assert [
        as_expected(number, wanted) for number, wanted in zip(found, case["expect"], strict=True)
    ] == case["expect"]
    assert all(number.extra.get("reason") for number in found if number.value is None), (
        "no value without a reason"
    )
    if "list" in case:
        listed = rows(world, Values(), kpi, start, end).to_pylist()
        assert sorted(map(str, shown(listed, case["list"]))) == sorted(
            map(str, map(comparable, case["list"]))
        )


@pytest.mark.parametrize("kpi", declarations())
def test_every_kpi_has_examples_with_and_without_a_value(kpi: str) -> None:
    cases = yaml.safe_load((EXAMPLES / f"{kpi}.yaml").read_text(encoding="utf-8"))
    expected = [wanted for case in cases for wanted in case["expect"]]
    assert any(wanted["value"] is not None for wanted in expected)
    assert any("list" in case for case in cases)
    if declarations()[kpi].is_ratio:
        without = [wanted for wanted in expected if Decimal(wanted.get("denominator") or 0) == 0]
        assert without, "no example with denominator 0"
        assert all(wanted["value"] is None for wanted in without)


def test_no_example_without_a_declaration() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.yaml")} == set(declarations())


def as_expected(number: KpiValue, wanted: dict[str, Any]) -> dict[str, Any]:
    """The number in the fields and the spelling of the expectation, so that a difference reads plainly."""
    record = plain(number.record())
    found = {name: record[name] for name in wanted}
    for name in ("numerator", "denominator", "value"):
        if name in wanted and found[name] is not None and wanted[name] is not None:
            found[name] = wanted[name] if Decimal(wanted[name]) == Decimal(found[name]) else found[name]
    return found


def shown(listed: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The listed rows in the columns that each expected row names, matched by their first named column."""
    if len(listed) != len(wanted):
        return [comparable(row) for row in listed]
    names = list(wanted[0]) if wanted else []
    order = {tuple(str(comparable(row).get(name)) for name in names[:2]): row for row in wanted}
    found = []
    for row in listed:
        match = order.get(tuple(str(comparable(row).get(name)) for name in names[:2]), {})
        found.append(comparable({name: row[name] for name in match} if match else row))
    return found


def comparable(row: dict[str, Any]) -> dict[str, str | None]:
    return {name: cell(value) for name, value in sorted(row.items())}


def cell(value: Any) -> str | None:
    """Numbers without trailing zeros, everything else as text: 90.50, "90.5" and 90.5 are one value."""
    if value is None or isinstance(value, dt.date):
        return None if value is None else value.isoformat()
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except ArithmeticError:
        return str(value)
