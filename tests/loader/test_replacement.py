"""The same file again, the same key with other content, the same key twice in one file."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from desk import Desk, row, unchanged

from fundwatch.contracts import contracts


def account(report) -> tuple[int, int, int, int]:
    return report.loaded, report.replaced, report.duplicates, report.quarantined


def test_the_same_file_again_changes_nothing(desk: Desk):
    rows = [row("setl_d", setl_id=str(number)) for number in range(5)]
    desk.load_rows("setl_d", *rows)
    with unchanged(desk):
        report = desk.load_rows("setl_d", *rows)
    assert (report.status, account(report)) == ("unchanged", (0, 0, 5, 0))


def test_the_same_rows_written_otherwise_are_duplicates(desk: Desk):
    desk.load_rows("fund_ledger", row("fund_ledger", amt="1234.50"))
    report = desk.load_rows(
        "fund_ledger", row("fund_ledger", amt="1,234.5元", month="2024年6月", 备注="新列")
    )
    assert (report.status, account(report)) == ("unchanged", (0, 0, 1, 0))


def test_the_same_key_in_a_later_file_replaces_the_row_and_the_old_one_stays_readable(desk: Desk):
    first = desk.load_rows("fund_ledger", row("fund_ledger", amt="1.00"))
    second = desk.load_rows(
        "fund_ledger", row("fund_ledger", amt="2.00"), row("fund_ledger", category="门诊")
    )
    assert account(second) == (1, 1, 0, 0)
    assert sorted(desk.column("fund_ledger", "amt")) == [Decimal("1.00"), Decimal("2.00")]
    old = desk.lake.history("fund_ledger").to_pylist()
    assert [(o["amt"], o["_batch_id"], o["_replaced_by"]) for o in old] == [
        (Decimal("1.00"), first.batch_id, second.batch_id)
    ]


def test_a_replaced_row_is_replaced_whole(desk: Desk):
    desk.load_rows("inspection", row("inspection", record_no="记1"))
    desk.load_rows("inspection", row("inspection", insp_stas="进行"))
    assert desk.rows("inspection")[0]["record_no"] is None


def test_an_older_file_loaded_again_replaces_back(desk: Desk):
    for amount in ("1.00", "2.00", "1.00"):
        report = desk.load_rows("fund_ledger", row("fund_ledger", amt=amount))
    assert account(report) == (0, 1, 0, 0)
    assert desk.column("fund_ledger", "amt") == [Decimal("1.00")]
    assert [old["amt"] for old in desk.lake.history("fund_ledger").to_pylist()] == [
        Decimal("1.00"),
        Decimal("2.00"),
    ]


@pytest.mark.parametrize(
    ("amounts", "counts", "history"),
    [
        (["1", "2"], (1, 1, 0, 0), ["1.00"]),
        (["1", "1"], (1, 0, 1, 0), []),
        (["1", "2", "1"], (1, 1, 1, 0), ["2.00"]),
        (["1", "2", "3", "3"], (1, 2, 1, 0), ["1.00", "2.00"]),
    ],
)
def test_in_one_file_the_last_row_of_a_key_is_in_force(desk: Desk, amounts, counts, history):
    report = desk.load_rows("fund_ledger", *[row("fund_ledger", amt=amount) for amount in amounts])
    assert account(report) == counts
    assert desk.column("fund_ledger", "amt") == [Decimal(amounts[-1])]
    assert desk.column("fund_ledger", "_row_no") == [len(amounts) + 1]
    assert [str(old["amt"]) for old in desk.lake.history("fund_ledger").to_pylist()] == history


def test_a_key_twice_in_a_file_over_a_key_in_force(desk: Desk):
    desk.load_rows("fund_ledger", row("fund_ledger", amt="1"))
    report = desk.load_rows("fund_ledger", row("fund_ledger", amt="2"), row("fund_ledger", amt="3"))
    assert account(report) == (0, 2, 0, 0)
    assert [str(old["amt"]) for old in desk.lake.history("fund_ledger").to_pylist()] == ["1.00", "2.00"]


def test_a_blank_cell_equals_a_blank_cell(desk: Desk):
    desk.load_rows("inspection", row("inspection", record_no="NULL"))
    assert account(desk.load_rows("inspection", row("inspection"))) == (0, 0, 1, 0)


def test_months_lie_apart_sorted_by_institution_in_the_order_of_the_file(desk: Desk):
    report = desk.load_rows(
        "setl_d",
        row("setl_d", setl_id="3", fixmedins_code="P99900100001"),
        row("setl_d", setl_id="2"),
        row("setl_d", setl_id="1"),
        row("setl_d", setl_id="4", setl_time="2024-07-01 00:00:00"),
    )
    assert report.loaded == 4
    assert [(file.ym, file.rows) for file in desk.lake.files("setl_d")] == [("2024-06", 3), ("2024-07", 1)]
    june = desk.home.root / desk.lake.files("setl_d")[0].path
    with duckdb.connect() as connection:
        ids = connection.execute("select setl_id from read_parquet($path)", {"path": str(june)}).fetchall()
    assert ids == [("2",), ("1",), ("3",)]


def test_a_new_month_leaves_the_files_of_other_months_alone(desk: Desk):
    desk.load_rows("setl_d", row("setl_d"))
    before = desk.lake.months("setl_d")
    desk.load_rows("setl_d", row("setl_d", setl_id="S2", setl_time="2024-07-01"))
    after = desk.lake.months("setl_d")
    assert after["2024-06"] == before["2024-06"]
    assert set(after) == {"2024-06", "2024-07"}


def test_a_row_whose_date_moves_to_another_month_leaves_the_old_one_in_the_same_commit(desk: Desk):
    desk.load_rows("setl_d", row("setl_d"), row("setl_d", setl_id="S2"))
    version = desk.lake.version("setl_d")
    report = desk.load_rows("setl_d", row("setl_d", setl_time="2024-07-01 08:00:00"))
    assert account(report) == (0, 1, 0, 0)
    assert desk.lake.version("setl_d") == version + 1
    assert [(found["setl_id"], found["ym"]) for found in desk.rows("setl_d")] == [
        ("S1", "2024-07"),
        ("S2", "2024-06"),
    ]


def test_a_month_emptied_by_a_move_has_no_file_left(desk: Desk):
    desk.load_rows("setl_d", row("setl_d"))
    desk.load_rows("setl_d", row("setl_d", setl_time="2024-07-01 08:00:00"))
    assert set(desk.lake.months("setl_d")) == {"2024-07"}


def test_many_small_loads_do_not_leave_many_small_files(desk: Desk):
    for number in range(12):
        desk.load_rows("setl_d", row("setl_d", setl_id=str(number)))
    assert len(desk.rows("setl_d")) == 12
    assert len(desk.lake.files("setl_d")) <= 8


def test_files_of_one_load_run_in_order_of_name(desk: Desk):
    desk.put_rows("fund_ledger_b.csv", [row("fund_ledger", amt="2")])
    (desk.folder / "z").mkdir()
    desk.put_rows("z/fund_ledger_a.csv", [row("fund_ledger", amt="1")])
    desk.load(desk.folder / "fund_ledger_b.csv", desk.folder / "z")
    assert desk.column("fund_ledger", "amt") == [Decimal("2.00")]


@pytest.mark.parametrize("table", sorted(contracts()))
def test_every_contract_table_loads_twice(desk: Desk, table: str):
    """Words that suit each kind of column; the second time nothing changes."""
    samples = {
        "date": "2024-06-01", "time": "2024-06-01 08:00:00", "month": "2024-06", "quarter": "2024Q2", "year": "2024",
        "issue": "202406", "int": "3", "flag": "1", "code": "A1", "text": "文字",
    }  # fmt: skip
    cells = {column.name: samples.get(column.kind, "1.5") for column in contracts()[table].columns}
    for column in contracts()[table].columns:
        if column.codes and column.closed:
            cells[column.name] = "GCJ02" if column.codes == "coord_sys" else _first_code(column.codes)
        if column.pattern:
            cells[column.name] = "H99900100001" if column.pattern.startswith("^[HP]") else "999001"
    first = desk.load_rows(table, cells)
    assert (first.refused_because, first.reasons, first.loaded) == (None, [], 1)
    assert desk.load_rows(table, cells).status == "unchanged"


def _first_code(name: str) -> str:
    from fundwatch.contracts import code_lists

    return next(iter(code_lists()[name]))
