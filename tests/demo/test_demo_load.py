"""The loader takes every file of the demo whole: nothing refused, nothing quarantined, nothing unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_demo import read_rows

from fundwatch.demo import make_demo, plan_for
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.loader import LoadReport, load_paths


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Home, LoadReport]:
    """Two months: every table and every format, few files."""
    place = tmp_path_factory.mktemp("load")
    make_demo(place / "files", plan_for("tiny", months=2))
    home = Home(place / "home")
    return place / "files", home, load_paths(home, [place / "files"])


def test_every_file_loads_whole(loaded: tuple[Path, Home, LoadReport]) -> None:
    _, _, report = loaded
    status = {Path(file.file).name: file.status for file in report.files}
    assert {name for name, word in status.items() if word != "loaded"} == {"home.yaml", "outline.geojson"}
    assert [(file.file, file.reasons[:1]) for file in report.files if file.quarantined] == []
    assert [(file.file, file.unknown_columns) for file in report.files if file.unknown_columns] == []
    assert [(file.file, file.warnings) for file in report.files if file.warnings] == []


def test_the_lake_holds_every_row(loaded: tuple[Path, Home, LoadReport]) -> None:
    folder, home, _ = loaded
    lake = Lake(home)
    for table in ("setl_d", "mdtrt_d", "fee_list_d", "inspection", "fund_ledger", "town"):
        assert sum(file.rows for file in lake.files(table)) == len(read_rows(folder, table)), table
