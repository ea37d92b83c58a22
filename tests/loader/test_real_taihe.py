"""The figures a county published load as they are, and what is no table of the contract is skipped."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from desk import Desk

from fundwatch.home import PROJECT

SHIPPED = PROJECT / "data" / "sample" / "taihe_2021"
HANDED_OVER = PROJECT.parent / "shared" / "real" / "taihe_2021"


def taihe(folder: Path) -> Path:
    return folder if folder.is_dir() else SHIPPED


def test_every_table_of_the_published_figures_loads_whole(desk: Desk):
    report = desk.load(taihe(HANDED_OVER))
    by_name = {Path(file.file).name: file for file in report.files}
    skipped = {name for name, file in by_name.items() if file.status == "skipped"}
    assert skipped <= {"README.md", "intf_totals.csv", "home.yaml"}
    assert all(file.loaded == file.rows_read > 0 for name, file in by_name.items() if name not in skipped)
    assert report.exit_code == 0


def test_recovered_and_due_amounts_are_exact(desk: Desk):
    desk.load(taihe(HANDED_OVER))
    recovered = [found for found in desk.rows("handling") if found["handle_type"] == "32"]
    assert [(found["amt_done"], found["amt_due"]) for found in recovered] == [
        (Decimal("6743900.00"), Decimal("7594100.00"))
    ]


def test_the_published_total_that_differs_from_its_parts_is_said_and_kept(desk: Desk):
    report = desk.load(taihe(HANDED_OVER))
    warnings = [line for file in report.files for line in file.warnings]
    assert len(warnings) == 1
    assert "险种 310" in warnings[0]
    assert "相差 -100.00 元" in warnings[0]
