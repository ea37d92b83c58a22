"""Which row is the header, and which column holds which field."""

from __future__ import annotations

import pytest
from desk import Desk, csv_text, row

from fundwatch.contracts import contracts
from fundwatch.loader.recognise import table_of

LABELS = {column.name: column.label for column in contracts()["inspection"].columns}


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("setl_d_2024-06.csv", "setl_d"), ("setl_d.csv", "setl_d"), ("setl_d-06.csv", "setl_d"), ("setl_d2024.csv.gz", "setl_d"),
        ("setl_list_diag_d_1.csv", "setl_list_diag_d"), ("doc_suspt_d.parquet", "doc_suspt_d"), ("doc_d_1.csv", "doc_d"),
        ("med_type.csv", "med_type"), ("INSPECTION_2024.XLSX", "inspection"),
        ("inspections.csv", None), ("2024_setl_d.csv", None), ("intf_totals.csv", None), ("README.md", None),
    ],
)  # fmt: skip
def test_the_longest_table_id_that_starts_the_file_name(name: str, table: str | None):
    assert table_of(name) == table


def test_field_names_labels_and_aliases_may_be_mixed(desk: Desk):
    cells = row("setl_d") | {"人员编号": "P1", "medins_code": "H99900100009", "insuplc_admdvs": "999001"}
    for replaced in ("psn_no", "fixmedins_code", "insu_admdvs"):
        del cells[replaced]
    assert desk.load_rows("setl_d", cells).loaded == 1
    assert desk.column("setl_d", "fixmedins_code") == ["H99900100009"]


def test_header_cells_may_be_upper_case_full_width_or_broken_over_lines(desk: Desk):
    cells = {
        "INSP_ID": "1",
        "定点医药机构\n编号": "H99900100001",
        "检查 日期": "2024-06-01",
        "ｉｎｓｐ_ｋｉｎｄ": "协议检查",
    }
    cells |= {"检查方式": "现场检查", "检查状态": "完成"}
    assert desk.load_rows("inspection", cells).loaded == 1


def test_title_rows_above_the_header_are_skipped_and_counted_as_rows_of_the_file(desk: Desk):
    table = csv_text([row("inspection", insp_date="昨天")])
    report = desk.load_one(
        desk.put("inspection.csv", "示范县2024年检查台账,,,,,\n,,,,,\n制表:办公室,,,,,\n" + table)
    )
    assert [reason.row for reason in report.reasons] == [5]


def test_a_header_after_the_tenth_row_is_not_looked_for(desk: Desk):
    report = desk.load_one(desk.put("inspection.csv", "标题\n" * 10 + csv_text([row("inspection")])))
    assert report.status == "refused"
    assert report.refused_because.startswith("前 10 行内找不到“检查”表的表头")


def test_missing_required_columns_are_named_all_at_once(desk: Desk):
    cells = row("inspection")
    del cells["insp_kind"], cells["insp_date"]
    report = desk.load_rows("inspection", cells)
    assert report.refused_because == "缺少必填列:检查日期(insp_date)、检查性质(insp_kind)。请补齐后重新载入。"


def test_two_cells_for_one_field_refuse_the_file_naming_both(desk: Desk):
    report = desk.load_rows("inspection", row("inspection", 检查日期="2024-06-02"))
    assert (
        report.refused_because
        == "表头中有重复的列:“insp_date”和“检查日期”都是检查日期(insp_date)。每个字段只能有一列。"
    )


def test_unknown_columns_are_named_and_left_out(desk: Desk):
    report = desk.load_rows("inspection", row("inspection", 天气="晴", remark2="x"))
    assert (report.loaded, report.unknown_columns) == (1, ["天气", "remark2"])


def test_a_second_header_row_is_no_row_that_failed(desk: Desk):
    names = row("inspection")
    labels = {name: LABELS[name] for name in names}
    report = desk.load_rows("inspection", labels, names)
    assert (report.rows_read, report.loaded, report.quarantined) == (1, 1, 0)
    assert report.warnings[0] == "第 2 行是重复的表头,已跳过"
    assert desk.column("inspection", "_row_no") == [3]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(desk: Desk, delimiter: str):
    path = desk.put(
        "inspection.csv", csv_text([row("inspection", inspectors="检查员03,检查员05")], delimiter)
    )
    assert desk.load_one(path).loaded == 1
    assert desk.column("inspection", "inspectors") == ["检查员03,检查员05"]


def test_headers_only_is_refused_with_a_clear_line(desk: Desk):
    report = desk.load_one(desk.put("inspection.csv", ",".join(row("inspection")) + "\n"))
    assert (report.status, report.refused_because) == ("refused", "只有表头,没有数据行。")
