"""XLSX and Parquet: what a spreadsheet keeps as numbers, dates, formulas and merged cells."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from desk import HOSPITAL, Desk, row


def workbook(
    desk: Desk, table: str, rows: list[dict[str, Any]], name: str | None = None, change=None
) -> Path:
    """An XLSX of rows; ``change`` may touch the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for cells in rows:
        sheet.append([cells.get(column) for column in rows[0]])
    if change:
        change(sheet)
    path = desk.folder / (name or f"{table}.xlsx")
    book.save(path)
    return path


def stored(desk: Desk, table: str, column: str, value: Any) -> Any:
    report = desk.load_one(workbook(desk, table, [row(table) | {column: value}]))
    return desk.rows(table)[0][column] if report.loaded else None


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (12, "12.00"), (12.5, "12.50"), (0.1 + 0.2, "0.30"), ("1,234.50", "1234.50"), (1234.5000000001, "1234.50"),
        (12.345, None), (12.30001, None),
    ],
)  # fmt: skip
def test_a_number_cell_as_an_amount(desk: Desk, value: Any, amount: str | None):
    assert stored(desk, "fund_ledger", "amt", value) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (dt.date(2024, 6, 1), dt.date(2024, 6, 1)), (dt.datetime(2024, 6, 1, 23, 59), dt.date(2024, 6, 1)),
        (45444, dt.date(2024, 6, 1)), (45444.9, dt.date(2024, 6, 1)), (20240601, dt.date(2024, 6, 1)),
        ("2024年6月1日", dt.date(2024, 6, 1)), ("45444", None), (12, None), (2024, None), (-1, None), (99999999, None),
    ],
)  # fmt: skip
def test_a_serial_number_is_a_date_only_where_the_cell_is_a_number(
    desk: Desk, value: Any, date: dt.date | None
):
    assert stored(desk, "inspection", "insp_date", value) == date


def test_a_serial_number_with_a_fraction_is_a_time(desk: Desk):
    assert stored(desk, "setl_d", "setl_time", 45446.4166666667) == dt.datetime(2024, 6, 3, 10)


@pytest.mark.parametrize(
    ("value", "month"),
    [(202406, "2024-06"), (45444, "2024-06"), (dt.date(2024, 6, 30), "2024-06"), (2024.6, None)],
)
def test_a_number_cell_as_a_month(desk: Desk, value: Any, month: str | None):
    assert stored(desk, "fund_ledger", "month", value) == month


@pytest.mark.parametrize(("value", "code"), [(310, "310"), (310.0, "310"), ("310", "310")])
def test_a_number_cell_as_a_code(desk: Desk, value: Any, code: str):
    assert stored(desk, "fund_ledger", "insutype", value) == code


def test_a_level_that_lost_its_zero_gets_it_back(desk: Desk):
    assert stored(desk, "fixmedins_b", "hosp_lv", 3) == "03"


def test_true_and_false_are_flags(desk: Desk):
    assert stored(desk, "inspection", "random_flag", True) == "1"


def test_a_long_number_that_lost_its_last_digits_is_an_error(desk: Desk):
    report = desk.load_one(
        workbook(desk, "setl_d", [row("setl_d"), row("setl_d") | {"setl_id": 5202001234567890123}])
    )
    assert (report.loaded, report.reasons[0].row) == (1, 3)
    assert "15 位以后的数字已丢失" in report.reasons[0].reason


def test_a_formula_loads_by_its_result_and_one_without_a_result_is_an_error(desk: Desk):
    # openpyxl writes formulas without results, as some exports do
    report = desk.load_one(workbook(desk, "fund_ledger", [row("fund_ledger") | {"amt": "=1+1"}]))
    assert (report.loaded, report.quarantined) == (0, 1)
    assert "是公式但没有计算结果" in report.reasons[0].reason


def test_an_error_cell_is_an_error_and_no_blank(desk: Desk):
    report = desk.load_one(workbook(desk, "inspection", [row("inspection") | {"record_no": "#N/A"}]))
    assert report.quarantined == 1
    assert report.reasons[0].reason == "现场检查记录单号(record_no)是错误值 #N/A"


def test_a_merged_title_is_skipped(desk: Desk):
    def title(sheet):
        sheet.insert_rows(1)
        sheet["A1"] = "示范县检查台账"
        sheet.merge_cells("A1:F1")

    assert desk.load_one(workbook(desk, "inspection", [row("inspection")], change=title)).loaded == 1
    assert desk.column("inspection", "_row_no") == [3]


def test_merged_cells_among_the_data_are_no_silent_blanks(desk: Desk):
    rows = [row("inspection", insp_id=str(number), record_no="记1") for number in range(4)]
    report = desk.load_one(
        workbook(desk, "inspection", rows, change=lambda sheet: sheet.merge_cells("G3:G4"))
    )
    assert (report.loaded, report.quarantined) == (3, 1)
    assert (report.reasons[0].row, report.reasons[0].reason) == (
        4,
        "现场检查记录单号(record_no)单元格是合并单元格的一部分",
    )


def test_only_the_first_sheet_is_read(desk: Desk):
    def more(sheet):
        other = sheet.parent.create_sheet("第二张")
        other.append(list(row("inspection")))
        other.append(list(row("inspection", insp_id="other").values()))

    assert desk.load_one(workbook(desk, "inspection", [row("inspection")], change=more)).loaded == 1
    assert desk.column("inspection", "insp_id") == ["JC1"]


def test_blank_rows_of_a_sheet_are_no_rows(desk: Desk):
    path = workbook(desk, "inspection", [row("inspection")], change=lambda sheet: sheet.insert_rows(2, 3))
    assert desk.load_one(path).rows_read == 1
    assert desk.column("inspection", "_row_no") == [5]


def test_a_workbook_cut_off_is_refused(desk: Desk):
    path = workbook(desk, "inspection", [row("inspection")])
    path.write_bytes(path.read_bytes()[:-200])
    assert desk.load_one(path).refused_because.startswith("文件不是 XLSX 工作簿,或不完整")


def test_the_same_rows_from_csv_xlsx_and_parquet_are_the_same(desk: Desk):
    desk.load_rows("inspection", row("inspection"))
    cells = row("inspection") | {"insp_date": dt.date(2024, 6, 1)}
    assert desk.load_one(workbook(desk, "inspection", [cells])).status == "unchanged"
    pq.write_table(pa.Table.from_pylist([cells]), desk.folder / "inspection.parquet")
    assert desk.load_one(desk.folder / "inspection.parquet").status == "unchanged"


def test_parquet_types_are_read_as_meant(desk: Desk):
    cells = row("setl_d") | {
        "medfee_sumamt": Decimal("100.00"), "inscp_amt": 90.0, "fund_pay_sumamt": 60, "vali_flag": True,
        "setl_time": dt.datetime(2024, 6, 3, 2, tzinfo=dt.UTC), "insutype": 390, "begndate": dt.date(2024, 6, 1),
    }  # fmt: skip
    pq.write_table(pa.Table.from_pylist([cells]), desk.folder / "setl_d.parquet")
    assert desk.load_one(desk.folder / "setl_d.parquet").loaded == 1
    found = desk.rows("setl_d")[0]
    assert (found["setl_time"], found["vali_flag"], found["insutype"]) == (
        dt.datetime(2024, 6, 3, 10),
        "1",
        "390",
    )
    assert (found["inscp_amt"], found["fund_pay_sumamt"], found["_row_no"]) == (
        Decimal("90.00"),
        Decimal("60.00"),
        2,
    )


def test_a_binary_float_that_is_no_amount_is_an_error_in_parquet(desk: Desk):
    pq.write_table(
        pa.Table.from_pylist([row("fund_ledger") | {"amt": 0.1 + 0.2}]), desk.folder / "fund_ledger.parquet"
    )
    assert desk.load_one(desk.folder / "fund_ledger.parquet").quarantined == 1


def test_a_nested_parquet_column_refuses_the_file(desk: Desk):
    pq.write_table(
        pa.Table.from_pylist([row("inspection") | {"insp_id": ["1"]}]), desk.folder / "inspection.parquet"
    )
    assert (
        desk.load_one(desk.folder / "inspection.parquet").refused_because
        == "列 insp_id 是嵌套类型,无法作为单元格读取。"
    )


def test_a_parquet_file_cut_off_is_refused(desk: Desk):
    pq.write_table(
        pa.Table.from_pylist([row("inspection", fixmedins_code=HOSPITAL)]), desk.folder / "inspection.parquet"
    )
    path = desk.folder / "inspection.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    assert desk.load_one(path).refused_because == "文件不是 Parquet,或不完整、已损坏。请重新导出。"
