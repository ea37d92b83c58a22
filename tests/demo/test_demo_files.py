"""The demo's files: same seed same bytes, all tables, every value as the contract asks."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from read_demo import paths, typed

from fundwatch.contracts import SQL_TYPES, code_lists, contracts
from fundwatch.demo import SCALES, make_demo, plan_for
from fundwatch.errors import UsageError, UserError

#: the demo is one county, so it has no list of counties; and it has no working days of its own
NOT_OF_A_COUNTY = {"county", "workday"}


def sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_same_seed_gives_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        make_demo(tmp_path / name, plan_for("tiny", months=2, seed=seed))
    assert sums(tmp_path / "one") == sums(tmp_path / "again")
    assert sums(tmp_path / "one")["setl_d_2026.csv"] != sums(tmp_path / "other")["setl_d_2026.csv"]


def test_every_table_that_a_county_has_is_there(tiny: Path) -> None:
    missing = {table for table in contracts() if not paths(tiny, table)}
    assert missing == NOT_OF_A_COUNTY


def test_claim_tables_of_the_tiny_county_have_a_file_for_each_year(tiny: Path) -> None:
    assert [path.name for path in paths(tiny, "setl_d")] == ["setl_d_2025.csv", "setl_d_2026.csv"]


@pytest.mark.parametrize("name", ["tenth", "county", "city"])
def test_the_large_scales_have_a_file_for_each_month(name: str) -> None:
    assert not SCALES[name].files_by_year


def test_claim_tables_have_a_file_for_each_month(tmp_path: Path) -> None:
    tiny = plan_for("tiny", months=2, seed=1)
    make_demo(tmp_path, replace(tiny, scale=replace(tiny.scale, files_by_year=False)))
    assert [path.name for path in paths(tmp_path, "setl_d")] == ["setl_d_2026-09.csv", "setl_d_2026-10.csv"]
    assert [path.name[-11:-4] for path in paths(tmp_path, "fee_list_d")] == ["2026-09", "2026-10"]


def test_a_short_county_has_no_file_without_rows(tmp_path: Path) -> None:
    make_demo(tmp_path / "short", plan_for("tiny", 2))
    assert [
        path.name for path in (tmp_path / "short").glob("*.csv") if path.read_bytes().count(b"\n") < 2
    ] == []


def test_formats_of_a_bureau_are_all_used(tiny: Path) -> None:
    assert {path.suffix for path in tiny.iterdir()} == {".csv", ".xlsx", ".yaml", ".geojson"}
    header = (tiny / "town.csv").read_bytes().split(b"\n")[0]
    assert header.decode("gb18030").startswith("乡镇代码,乡镇名称")
    with pytest.raises(UnicodeDecodeError):
        header.decode("utf-8")


@pytest.mark.parametrize("table", sorted(set(contracts()) - NOT_OF_A_COUNTY))
def test_every_value_fits_its_column(tiny: Path, table: str) -> None:
    contract = contracts()[table]
    data = typed(tiny, table)
    assert data.execute(f"select count(*) from {table}").fetchone() > (0,)
    key = ", ".join(f'"{name}"' for name in contract.key)
    assert data.execute(f"select {key} from {table} group by all having count(*) > 1").fetchall() == []
    for column in contract.columns:
        found = [
            value for (value,) in data.execute(f'select distinct "{column.name}" from {table}').fetchall()
        ]
        values = [value for value in found if value is not None]
        # a knowledge point has no window, group or second item where it needs none: its key may be blank in part
        if column.required or (column.name in contract.key and contract.origin != "knowledge"):
            assert None not in found, column.name
        if column.codes and column.closed:
            assert set(values) <= set(code_lists()[column.codes]), column.name
        if column.pattern:
            assert all(re.search(column.pattern, value) for value in values), column.name
        if column.minimum is not None:
            assert min(values, default=column.minimum) >= column.minimum, column.name


def test_amounts_have_whole_fen(tiny: Path) -> None:
    """The reader above rounds; the text itself must hold two decimals."""
    line = (tiny / "setl_d_2026.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    columns = [column.name for column in contracts()["setl_d"].columns]
    assert SQL_TYPES["amount"] == "DECIMAL(16,2)"
    assert Decimal(line[columns.index("medfee_sumamt")]).as_tuple().exponent == -2


def test_no_event_lies_after_the_data(tiny: Path) -> None:
    data = typed(
        tiny, "setl_d", "fee_list_d", "doc_suspt_d", "doc_d", "finding", "handling", "case_event", "complaint"
    )
    newest = [
        ("setl_d", "setl_time"), ("fee_list_d", "fee_ocur_time"), ("doc_suspt_d", "det_time"), ("doc_d", "smpl_rchk_time"),
        ("finding", "found_date"), ("handling", "decided_date"), ("handling", "done_date"), ("case_event", "event_time"),
        ("complaint", "closed_date"), ("complaint", "reply_date"),
    ]  # fmt: skip
    for table, column in newest:
        assert data.execute(f"select max({column})::date from {table}").fetchone()[0] <= dt.date(
            2026, 10, 31
        ), (
            table,
            column,
        )


def test_home_file_names_the_county_and_nothing_else(tiny: Path) -> None:
    found = yaml.safe_load((tiny / "home.yaml").read_text(encoding="utf-8"))
    assert found == {"county_admdvs": "999001", "county_name": "示范县"}


def test_a_folder_with_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="已有内容"):
        make_demo(tmp_path, plan_for("tiny", months=1))
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]


@pytest.mark.parametrize(
    "words",
    [
        {"scale": "huge"},
        {"scale": "tiny", "months": 0},
        {"scale": "tiny", "end": "2026-13"},
        {"scale": "tiny", "seed": -1},
    ],
)
def test_words_without_meaning_are_wrong_usage(words: dict) -> None:
    with pytest.raises(UsageError):
        plan_for(**words)
