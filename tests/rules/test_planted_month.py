"""A whole month through the front door: files are loaded, built and screened, and every planted violation is found, no other."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from planted_month import PlantedMonth

from fundwatch.cli.app import run
from fundwatch.rules import library


@pytest.mark.parametrize("seed", [1, 20, 300])
def test_what_was_planted_is_found_and_nothing_else(seed: int, tmp_path: Path, capsys) -> None:
    month = PlantedMonth(seed)
    month.write(tmp_path / "files")
    home = ["--home", str(tmp_path / "home")]
    assert run(["settings", "set", "county_admdvs", "999001", *home]) == 0
    assert run(["load", str(tmp_path / "files"), *home]) == 0
    assert run(["build", *home]) == 0
    capsys.readouterr()
    days = ["--from", str(month.first), "--to", str(month.last)]
    assert run(["rules", "run", *days, "--format", "json", *home]) == 0
    found = {
        (hit["rule_id"], hit["setl_id"]): hit["amount_at_issue"]
        for hit in json.loads(capsys.readouterr().out)
    }
    amounts = {key: None if amount is None else Decimal(amount) for key, amount in found.items()}
    missed = month.expected.keys() - amounts.keys()
    extra = amounts.keys() - month.expected.keys()
    assert not missed, sorted(missed)
    assert not extra, sorted(extra)
    assert amounts == month.expected


def test_plants_cover_more_than_half_of_the_rules() -> None:
    planted = {rule for rule, _ in PlantedMonth(1).expected}
    assert planted <= library().keys()
    assert len(planted) >= 40
