"""A lake written before a ledger's contract gained an optional column: read, added to, replaced, built."""

from __future__ import annotations

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from lake_home import run_build

from fundwatch.lake import BATCH_KEY, Batch, Lake
from fundwatch.loader import load_paths
from fundwatch.warehouse import open_warehouse

EARLIER = {
    "year": 2024,
    "insutype": "310",
    "base_year": 2022,
    "reason": "上年跨期",
    "_batch_id": "20240101T000000000000-0000000a",
}


def earlier_lake(home) -> None:
    """base_year as a release without the column ``vali_flag`` wrote it."""
    batch = Batch(
        EARLIER["_batch_id"], "2024-01-01T00:00:00", "base_year.csv", "0" * 64, "base_year", "loaded"
    )
    schema = pa.schema([("year", pa.int32()), ("insutype", pa.string()), ("base_year", pa.int32()), ("reason", pa.string()),
                        ("_batch_id", pa.string()), ("_row_no", pa.int64())])  # fmt: skip
    write_deltalake(
        str(home.lake / "base_year"), pa.Table.from_pylist([{**EARLIER, "_row_no": 2}], schema=schema),
        commit_properties=CommitProperties(custom_metadata={BATCH_KEY: batch.to_json()}),
    )  # fmt: skip


def years(home) -> list[tuple[int, int]]:
    run_build(home)
    with open_warehouse(home) as warehouse:
        found = warehouse.query("select year, base_year from fct_base_year order by year").to_pylist()
    return [tuple(row.values()) for row in found]


def test_it_is_read_and_added_to_and_a_row_of_it_replaced(home, tmp_path):
    earlier_lake(home)
    assert years(home) == [(2024, 2022)]
    file = tmp_path / "base_year.csv"
    file.write_text("year,insutype,base_year,reason,vali_flag\n2025,310,2023,上年跨期,1\n", encoding="utf-8")
    [report] = load_paths(home, [file]).files
    assert (report.loaded, report.replaced) == (1, 0)
    assert years(home) == [(2024, 2022), (2025, 2023)]
    file.write_text("year,insutype,base_year,reason,vali_flag\n2024,310,2022,上年跨期,0\n", encoding="utf-8")
    [report] = load_paths(home, [file]).files
    assert (report.loaded, report.replaced) == (0, 1)
    assert years(home) == [(2025, 2023)]
    assert Lake(home).history("base_year").column("base_year").to_pylist() == [2022]
    assert "vali_flag" in {field.name for field in DeltaTable(home.lake / "base_year").schema().fields}
