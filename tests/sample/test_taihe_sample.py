"""The published figures of 太和 2021 as they ship: they load as a home of their own and reproduce what was printed."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from fundwatch.home import PROJECT, Home
from fundwatch.loader import load_paths

SAMPLE = PROJECT / "data" / "sample" / "taihe_2021"
TABLES = {"base_year", "benefit_stat", "campaign", "clue_case", "enrolment", "fund_ledger", "handling"}


def rows(table: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(insutype: str, column: str) -> list[Decimal]:
    """The published single items of 2021, totals and ratios left out."""
    return [
        Decimal(row[column])
        for row in rows("benefit_stat")
        if row["insutype"] == insutype
        and row["begndate"] == "2021-01-01"
        and row[column]
        and "计" not in row["category"][:2]
    ]


def total(insutype: str, year: str, column: str) -> Decimal:
    return next(
        Decimal(row[column])
        for row in rows("benefit_stat")
        if row["insutype"] == insutype and row["begndate"][:4] == year and row["category"] == "合计"
    )


def test_home_file_names_the_county() -> None:
    found = yaml.safe_load((SAMPLE / "home.yaml").read_text(encoding="utf-8"))
    assert found == {"county_admdvs": "341222", "county_name": "太和县"}


def test_every_table_loads_whole(tmp_path: Path) -> None:
    report = load_paths(Home(tmp_path / "home"), [SAMPLE])
    loaded = {file.table for file in report.files if file.status == "loaded"}
    assert loaded == TABLES
    assert sum(file.quarantined for file in report.files) == 0
    assert {Path(file.file).name for file in report.files if file.status == "skipped"} == {
        "README.md",
        "home.yaml",
    }


def test_residents_items_add_to_the_printed_total() -> None:
    assert sum(parts("390", "fund_amt")) == total("390", "2021", "fund_amt") == Decimal("374297200.00")
    assert sum(parts("390", "person_times")) == 1_481_285


def test_employees_items_differ_from_the_printed_total_by_one_hundred_yuan() -> None:
    """The summary prints 5,454.48 for items that add to 5,454.49 (万元): kept as printed."""
    assert sum(parts("310", "fund_amt")) - total("310", "2021", "fund_amt") == Decimal("100.00")


@pytest.mark.parametrize(("column", "growth"), [("person_times", "-32.38"), ("fund_amt", "-12.00")])
def test_growth_against_the_comparable_year(column: str, growth: str) -> None:
    now, base = total("390", "2021", column), total("390", "2019", column)
    if column == "person_times":
        assert now - base == -709_397
    assert ((now - base) * 100 / base).quantize(Decimal("0.01")) == Decimal(growth)


def test_recovered_share_of_the_case() -> None:
    due, done = next(
        (Decimal(row["amt_due"]), Decimal(row["amt_done"]))
        for row in rows("handling")
        if row["handle_type"] == "32"
    )
    assert (done * 100 / due).quantize(Decimal("0.01")) == Decimal("88.80")


def test_employees_stays() -> None:
    row = next(row for row in rows("benefit_stat") if row["insutype"] == "310" and row["category"] == "住院")
    fee, fund, account = (Decimal(row[name]) for name in ("medfee_amt", "fund_amt", "acct_amt"))
    assert round(fee / int(row["person_times"])) == 11_746
    assert (fund * 100 / fee).quantize(Decimal("0.01")) == Decimal("74.54")
    assert ((fund - account) * 100 / fee).quantize(Decimal("0.01")) == Decimal("67.01")


def test_no_institution_and_no_person_is_named() -> None:
    """The source names hospitals; the sample has totals only."""
    for table in TABLES:
        for row in rows(table):
            assert not row.get("fixmedins_code")
            assert not any(
                "医院" in value and "家" not in value and ":" not in value for value in row.values()
            )
