"""Every row of a file is somewhere: loaded, replaced, a duplicate, or in quarantine with a reason."""

from __future__ import annotations

import pytest
from desk import Desk, csv_text, row, unchanged


def inspections(count: int, **changes: str) -> list[dict[str, str]]:
    return [row("inspection", insp_id=f"JC{number}", **changes) for number in range(count)]


def test_a_bad_row_goes_to_quarantine_and_the_others_load(desk: Desk):
    rows = inspections(100)
    rows[41]["insp_date"] = "2024-06-31"
    report = desk.load_rows("inspection", *rows)
    assert (report.rows_read, report.loaded, report.quarantined, report.status) == (100, 99, 1, "loaded")
    assert desk.lake.quarantine().to_pylist() == [
        {
            "batch_id": report.batch_id, "table_name": "inspection", "file": "inspection.csv", "row_no": 43,
            "column_name": "insp_date", "value": "2024-06-31",
            "reason": "检查日期(insp_date)应为日期,如 2024-06-01,且不晚于载入日之后的规定月数(参数 future_max_months)",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "bad", "status"),
    [(40, 2, "loaded"), (60, 3, "loaded"), (59, 3, "refused"), (3, 2, "loaded"), (3, 3, "refused"), (100, 6, "refused")],
)  # fmt: skip
def test_more_than_five_percent_and_at_least_three_rows_refuse_the_file(
    desk: Desk, rows: int, bad: int, status: str
):
    cells = inspections(rows)
    for number in range(bad):
        cells[number]["insp_kind"] = "抽查"
    report = desk.load_rows("inspection", *cells)
    assert report.status == status
    assert len(desk.rows("inspection")) == (rows - bad if status == "loaded" else 0)
    assert len(report.reasons) == bad


def test_a_refused_file_says_how_many_rows_were_wrong_and_keeps_the_reasons(desk: Desk):
    report = desk.load_rows("inspection", *inspections(3, insp_kind="抽查"))
    assert report.refused_because == (
        "共 3 行,其中 3 行有误,超过 5%(且不少于 3 行),整个文件未载入。请按所列原因改正后重新载入。"
    )
    assert desk.lake.quarantine(report.batch_id).num_rows == 3
    assert [batch.status for batch in desk.lake.batches()] == ["refused"]


def test_one_row_with_two_faults_counts_once_and_names_both(desk: Desk):
    report = desk.load_rows(
        "inspection", *inspections(40), row("inspection", insp_id="X", insp_kind="抽查", insp_date="?")
    )
    assert (report.quarantined, [reason.column for reason in report.reasons]) == (
        1,
        ["insp_date", "insp_kind"],
    )


def test_blank_lines_are_no_rows_but_count_in_the_row_numbers(desk: Desk):
    header, *lines = csv_text([*inspections(30), row("inspection", insp_id="X", insp_date="?")]).splitlines()
    text = "\n".join([header, "", *lines[:15], "", "", " ", ",,,,,", *lines[15:], "", ""])
    report = desk.load_one(desk.put("inspection.csv", text))
    assert (report.rows_read, report.loaded, report.quarantined) == (31, 30, 1)
    # header, 1 empty, 15 rows, 4 empty, 15 rows: the bad one is row 37
    assert [reason.row for reason in report.reasons] == [37]


def test_a_line_break_inside_quotes_is_part_of_the_cell(desk: Desk):
    rows = [row("complaint", cmpl_id="1", subject="第一行\n\n第二行"), row("complaint", cmpl_id="2")]
    rows += [row("complaint", cmpl_id="3", recv_date="?")]
    report = desk.load_rows("complaint", *rows)
    assert [reason.row for reason in report.reasons] == [4]
    assert desk.rows("complaint")[0]["subject"] == "第一行\n\n第二行"


def test_a_line_with_a_wrong_number_of_cells_goes_to_quarantine(desk: Desk):
    lines = csv_text(inspections(50)).splitlines()
    lines[10] += ",多一格"
    lines[20] = "JC19,H99900100001"
    report = desk.load_one(desk.put("inspection.csv", "\n".join(lines) + "\n"))
    assert (report.rows_read, report.loaded, report.quarantined) == (50, 48, 2)
    assert [(reason.row, reason.reason) for reason in report.reasons] == [
        (11, "单元格个数不对,应为 6 个"),
        (21, "单元格个数不对,应为 6 个"),
    ]
    assert sorted(desk.column("inspection", "_row_no")) == [
        number for number in range(2, 52) if number not in (11, 21)
    ]


@pytest.mark.parametrize("word", ["合计", "小计", "总计"])
def test_a_row_of_totals_goes_to_quarantine(desk: Desk, word: str):
    report = desk.load_rows(
        "fund_ledger",
        *[row("fund_ledger", category=f"{n}") for n in range(30)],
        row("fund_ledger", category=word),
    )
    assert (report.loaded, [reason.reason for reason in report.reasons]) == (30, [f"{word}行不是数据,未载入"])


def test_a_total_in_a_key_that_is_a_date_has_the_same_reason(desk: Desk):
    report = desk.load_rows(
        "fund_ledger",
        *[row("fund_ledger", category=f"{n}") for n in range(30)],
        row("fund_ledger", month="合计"),
    )
    assert [reason.reason for reason in report.reasons] == ["合计行不是数据,未载入"]


def test_published_totals_of_benefits_load_and_are_compared_with_their_parts(desk: Desk):
    report = desk.load_rows(
        "benefit_stat",
        row("benefit_stat", category="住院", fund_amt="10.00"),
        row("benefit_stat", category="门诊", fund_amt="5.00"),
        row("benefit_stat", category="小计:基本医疗保险", fund_amt="15.00"),
        row("benefit_stat", category="合计", fund_amt="15.01"),
    )
    assert report.loaded == 4
    assert report.warnings == [
        "2021-01-01 至 2021-04-30 险种 390:公布的基金支付合计 15.01 元与各项之和 15.00 元相差 0.01 元,按公布值载入"
    ]


def test_a_month_far_in_the_future_goes_to_quarantine(desk: Desk):
    report = desk.load_rows(
        "setl_d", row("setl_d"), row("setl_d", setl_id="S2", setl_time="2099-06-03 10:00:00")
    )
    assert (report.loaded, report.quarantined) == (1, 1)
    assert "不晚于载入日之后的规定月数" in report.reasons[0].reason


def test_an_agreement_may_end_far_in_the_future(desk: Desk):
    assert (
        desk.load_rows("fixmedins_cntr_reg_d", row("fixmedins_cntr_reg_d", invd_time="9999-12-31")).loaded
        == 1
    )


def test_only_the_first_hundred_reasons_are_printed_but_all_are_kept(desk: Desk):
    report = desk.load_rows("inspection", *inspections(150, insp_kind="抽查"))
    assert len(report.document()["reasons"]) == 100
    assert desk.lake.quarantine().num_rows == 150


def test_a_value_in_quarantine_is_not_longer_than_a_line(desk: Desk):
    report = desk.load_rows("inspection", row("inspection", insp_date="很久以前" * 50))
    assert len(report.reasons[0].value) == 61


def test_oddities_load_and_are_counted(desk: Desk):
    rows = [
        row("setl_d", setl_id="1", refd_setl_flag="1"),
        row("setl_d", setl_id="2", fulamt_ownpay_amt="9.94", overlmt_selfpay="0", preselfpay_amt="0"),
        row(
            "setl_d",
            setl_id="3",
            fulamt_ownpay_amt="9.95",
            overlmt_selfpay="0",
            preselfpay_amt="0",
            psn_pay="41.00",
        ),
    ]
    report = desk.load_rows("setl_d", *[dict.fromkeys(rows[2], "") | cells for cells in rows])
    assert report.loaded == 3
    assert report.warnings == [
        "退费结算的金额为正数:1 行",
        "各部分之和与医疗费总额相差超过 0.05 元:1 行",
        "基金支付与个人负担之和与医疗费总额相差超过 0.05 元:1 行",
    ]


def test_an_agreement_that_ends_before_it_begins_and_a_review_before_its_declaration(desk: Desk):
    early = desk.load_rows("fixmedins_cntr_reg_d", row("fixmedins_cntr_reg_d", invd_time="2023-12-31"))
    assert early.warnings == ["失效时间早于生效时间:1 行"]
    assert desk.load_rows("doc_d", row("doc_d", chktime="2024-06-30")).warnings == [
        "初审时间早于申报时间:1 行"
    ]


def test_an_institution_that_the_register_does_not_know_is_counted(desk: Desk):
    desk.put_rows("fixmedins_b.csv", [row("fixmedins_b")])
    unknown = [row("inspection", insp_id=str(number), fixmedins_code="H99900100099") for number in range(3)]
    desk.put_rows("inspection.csv", [*unknown, row("inspection", insp_id="9")])
    report = desk.load(desk.folder)
    assert [file.loaded for file in report.files] == [1, 4]
    assert report.files[1].warnings == [
        "定点医药机构编号(fixmedins_code)在“定点医药机构”表(fixmedins_b)中没有,涉及 1 个编号:3 行"
    ]


def test_a_register_loaded_later_in_the_same_load_is_known(desk: Desk):
    desk.put_rows("clr_pay_d.csv", [row("clr_pay_d")])
    desk.put_rows("fixmedins_b.csv", [row("fixmedins_b")])
    assert [file.warnings for file in desk.load(desk.folder).files] == [[], []]


def test_a_refused_file_changes_nothing(desk: Desk):
    desk.load_rows("inspection", row("inspection"))
    with unchanged(desk):
        desk.load_rows("inspection", *inspections(10, insp_kind="抽查"))
