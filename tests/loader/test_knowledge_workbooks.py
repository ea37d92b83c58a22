"""The national bureau's workbooks of knowledge points: one point per code and limit row, nothing lost, nothing guessed."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from desk import Desk
from python_calamine import CalamineWorkbook

from fundwatch.home import PROJECT
from fundwatch.loader import preview_paths
from fundwatch.loader.knowledge import words

REAL = PROJECT.parent / "shared" / "real" / "two_libraries"
WORKBOOKS = sorted(REAL.glob("*.xlsx"))
real = pytest.mark.skipif(not WORKBOOKS, reason="the national bureau's workbooks are not at hand")

Sheet = tuple[str, Sequence[Sequence[Any]]]
DRUG_LIMITS: Sheet = (
    "Sheet1",
    [
        ["药品通用名", "药品说明", "限定类型", "限定值域"],
        ["演示注射液", "限新发病例,支付不超过14天。", "限定支付疗程", "14天"],
        ["示例片", None, "限定支付疗程", "3天"],
    ],
)
DRUG_CODES: Sheet = (
    "Sheet2",
    [
        ["药品通用名", "序号", "国标代码", "限定类型"],
        ["演示注射液", 1, "XB01AXA223B004010180963", "限定支付疗程"],
        ["演示注射液", 2, "XB01AXA223B004010280963", "限定支付疗程"],
        ["示例片", 1, "ZA09HAZ0413010100940", "限定支付疗程"],
    ],
)
ITEM_AGES: Sheet = (
    "Sheet1",
    [
        ["项目名称", "国标代码", "限定类型", "限定对象"],
        ["小儿演示术", "003111000010000", "限定年龄对象", "儿童"],
    ],
)
COUNTS: Sheet = (
    "“医疗服务项目限定频次”规则对应知识点明细",
    [
        ["序号", "项目名称", "限制数量", "数量单位", "项目编码"],
        [1, "演示床位费", 1, "日", "001109000010000"],
        [2, "演示监测", 24, "小时", "003101000050000"],
        [3, "演示检查", 1, "周", "002205000010000"],
        [4, "演示治疗", 2, "疗程", "003401000010000"],
        ["合计", None, None, None, None],
        ["备注:各省应当本地化。", None, None, None, None],
    ],
)
COURSES: Sheet = (
    "“医疗服务项目限支付疗程”规则对应知识点明细",
    [
        ["序号", "项目名称", "备注", "项目代码"],
        [1, "手功能演示", "总时间不超过90天,评定间隔时间不短于14天。", "003402000050000"],
        [2, "语言演示", "支付不超过一年,每周最多支付一次。", "003402000350000"],
        [3, "两段演示", "住院支付不超过14天,门诊支付不超过30天。", "003402000360000"],
    ],
)
GROUPS: Sheet = (
    "Sheet1",
    [
        ["项目名称", "项目说明", "国标代码", "限定类型", "限定值域"],
        ["粘连松解演示", "同一切口", "003310030080000", "限定主次操作", "胃肠手术组"],
        ["粘连松解演示", "同一切口", "003310030080000", "限定主次操作", "肝胆手术组"],
    ],
)
PAIRS: Sheet = (
    "“医疗服务项目重复收费”规则对应知识点明细",
    [
        ["序号", "频度", "主项名称", "主项编码", "从项名称", "从项编码", "备注"],
        [1, "单日", "监护演示", "001103000010000", "诊查演示", "001102000030000", "含监护、诊查"],
        [2, "6小时", "助产演示", "003314000020000", "肛检演示", "003109040040000", None],
    ],
)


def book(desk: Desk, name: str, *sheets: Sheet, change=None) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(made)
    path = desk.folder / name
    made.save(path)
    return path


def points(desk: Desk, *columns: str, table: str = "kb_item_limit") -> list[tuple]:
    return [tuple(row[name] for name in columns) for row in desk.rows(table)]


def counted_by_hand(path: Path) -> int:
    """Rows of the sheet with codes that hold one, counted without the loader."""
    code = re.compile(r"0\d{14}|X[0-9A-Z]{22}|Z[0-9A-Z]{19}")
    sheets = [sheet.iter_rows(values_only=True) for sheet in openpyxl.load_workbook(path).worksheets]
    return sum(
        any(isinstance(cell, str) and code.fullmatch(cell) for cell in row)
        for sheet in sheets
        for row in sheet
    )


@real
def test_all_ten_workbooks_load_completely_and_twice_changes_nothing(desk: Desk):
    report = desk.load(REAL)
    by_name = {Path(file.file).name: file for file in report.files}
    for path in WORKBOOKS:
        file, expected = by_name[path.name], counted_by_hand(path)
        pair = any(word in path.name for word in ("重复收费", "主次操作"))
        assert (file.table, file.status) == ("kb_item_pair" if pair else "kb_item_limit", "loaded")
        assert (file.rows_read, file.loaded, file.quarantined, file.knowledge_points) == (
            expected,
            expected,
            0,
            expected,
        )
    assert len(WORKBOOKS) == 10
    assert sum(file.loaded for file in report.files) == 10_080
    assert report.exit_code == 0
    again = desk.load(REAL)
    assert {file.status for file in again.files if file.table} == {"unchanged"}
    assert sum(file.knowledge_points or 0 for file in again.files) == 10_080


@real
def test_real_points_hold_what_the_workbook_says(desk: Desk):
    desk.load(REAL)
    drugs = next(path for path in WORKBOOKS if "性别" in path.name)
    names, codes = (
        sheet.to_python() for sheet in map(CalamineWorkbook.from_path(str(drugs)).get_sheet_by_index, (0, 1))
    )
    sex = {row[0]: row[3] for row in names[1:]}
    expected = {(row[2], sex[row[0]]) for row in codes[1:]}
    found = points(desk, "limit_type", "item_code", "limit_value", "source", "match")
    assert {(code, value) for kind, code, value, *_ in found if kind == "性别"} == expected
    assert {match for kind, *_, match in found if kind == "性别"} == {"编码"}
    assert {source for *_, source, _ in found} == {
        f"两库{batch}"
        for batch in ("第一批", "第三批", "第五批", "第六批", "第八批-1", "第八批-2", "第八批-3")
    }
    hours = [
        num
        for kind, num, unit in points(desk, "limit_type", "limit_num", "limit_unit")
        if (kind, unit) == ("每日数量", "小时")
    ]
    assert hours == [Decimal(24)] * 33
    # an operation may belong to several groups
    groups = [
        row["group_name"]
        for row in desk.rows("kb_item_pair")
        if row["item_code_a"] == "003310030080000" and row["pair_type"] == "主次操作"
    ]
    assert len(set(groups)) == 4
    windows = [row["window"] for row in desk.rows("kb_item_pair") if row["pair_type"] == "重复收费"]
    assert {word: windows.count(word) for word in set(windows)} == {
        "单日": 446,
        "单次就诊": 429,
        "6小时": 18,
        "同一小时": 7,
    }


@real
def test_a_real_workbook_under_another_name_is_the_same_workbook(desk: Desk):
    desk.load(WORKBOOKS[1])
    copy = desk.folder / "下载(1).xlsx"
    shutil.copyfile(WORKBOOKS[1], copy)
    assert desk.load_one(copy).status == "unchanged"


def test_drug_workbook_joins_its_two_sheets_by_generic_name(desk: Desk):
    report = desk.load_one(book(desk, "【第六批】药品(演示).xlsx", DRUG_LIMITS, DRUG_CODES))
    assert (report.table, report.rows_read, report.loaded, report.knowledge_points) == (
        "kb_item_limit",
        3,
        3,
        3,
    )
    assert points(desk, "limit_type", "item_code", "item_name", "match", "limit_value", "limit_num", "limit_unit", "remark", "_row_no") == [
        ("疗程天数", "XB01AXA223B004010180963", "演示注射液", "编码", "14天", Decimal(14), "天", "限新发病例,支付不超过14天。", 2),
        ("疗程天数", "XB01AXA223B004010280963", "演示注射液", "编码", "14天", Decimal(14), "天", "限新发病例,支付不超过14天。", 3),
        ("疗程天数", "ZA09HAZ0413010100940", "示例片", "编码", "3天", Decimal(3), "天", None, 4),
    ]  # fmt: skip
    assert {row["source"] for row in desk.rows("kb_item_limit")} == {"两库第六批"}
    assert {row["efft_date"] for row in desk.rows("kb_item_limit")} == {None}


def test_order_of_the_sheets_does_not_matter(desk: Desk):
    desk.load_one(book(desk, "【第六批】甲.xlsx", DRUG_LIMITS, DRUG_CODES))
    assert desk.load_one(book(desk, "【第六批】乙.xlsx", DRUG_CODES, DRUG_LIMITS)).duplicates == 3


def test_a_code_with_two_limit_rows_is_two_points(desk: Desk):
    more = (DRUG_LIMITS[0], [*DRUG_LIMITS[1], ["示例片", None, "限定支付疗程", "7天"]])
    assert desk.load_one(book(desk, "【第六批】药品.xlsx", more, DRUG_CODES)).loaded == 4
    assert [
        (value, row)
        for name, value, row in points(desk, "item_name", "limit_value", "_row_no")
        if name == "示例片"
    ] == [("3天", 4), ("7天", 4)]


def test_names_without_code_and_codes_without_limit_are_quarantined_with_their_sheet(desk: Desk):
    limits = (DRUG_LIMITS[0], [*DRUG_LIMITS[1], ["无码丸", None, "限定支付疗程", "5天"]])
    codes = (DRUG_CODES[0], [*DRUG_CODES[1], ["无限定膏", 1, "ZH01AAB0066010100716", "限定支付疗程"]])
    report = desk.load_one(book(desk, "【第六批】药品.xlsx", limits, codes))
    assert (report.rows_read, report.loaded, report.quarantined) == (5, 3, 2)
    reasons = {reason.reason for reason in report.reasons}
    assert "工作表 Sheet2:“无限定膏”在工作表 Sheet1 中没有限定" in reasons
    assert "工作表 Sheet1:“无码丸”没有编码" in reasons


def test_one_sheet_of_items_by_prefix(desk: Desk):
    assert desk.load_one(book(desk, "【第一批】项目.xlsx", ITEM_AGES)).table == "kb_item_limit"
    assert points(desk, "limit_type", "item_code", "match", "limit_value", "limit_num") == [
        ("年龄", "003111000010000", "前缀", "儿童", None)
    ]


def test_counts_with_their_unit_and_footers_that_are_no_points(desk: Desk):
    def merge(made):
        made.active.merge_cells("A6:E6")
        made.active.merge_cells("A7:E7")

    report = desk.load_one(book(desk, "【第八批-1】频次.xlsx", COUNTS, change=merge))
    assert (report.rows_read, report.loaded, report.quarantined, report.knowledge_points) == (4, 4, 0, 4)
    # once a week is a least interval; two a course is for a person to read
    assert set(points(desk, "item_code", "limit_type", "limit_value", "limit_num", "limit_unit")) == {
        ("001109000010000", "每日数量", "1日", Decimal(1), "日"),
        ("003101000050000", "每日数量", "24小时", Decimal(24), "小时"),
        ("002205000010000", "周期频次", "1周", Decimal(1), "周"),
        ("003401000010000", "每日数量", "2疗程", None, None),
    }
    assert [line.split(":")[0] for line in report.warnings] == [
        "第 6 行是表尾或说明,不是知识点",
        "第 7 行是表尾或说明,不是知识点",
    ]


def test_a_remark_in_place_of_a_limit_gives_its_first_limit_and_is_kept(desk: Desk):
    desk.load_one(book(desk, "【第八批-3】疗程.xlsx", COURSES))
    assert sorted(points(desk, "item_code", "limit_num", "limit_unit", "limit_value")) == [
        ("003402000050000", Decimal(90), "天", "总时间不超过90天,评定间隔时间不短于14天。"),
        ("003402000350000", Decimal(1), "年", "支付不超过一年,每周最多支付一次。"),
        ("003402000360000", None, None, "住院支付不超过14天,门诊支付不超过30天。"),
    ]  # fmt: skip
    assert all(row["remark"] == row["limit_value"] for row in desk.rows("kb_item_limit"))


def test_an_operation_in_two_groups_is_two_points(desk: Desk):
    report = desk.load_one(book(desk, "【第二批】主次.xlsx", GROUPS))
    assert (report.table, report.loaded, report.replaced) == ("kb_item_pair", 2, 0)
    assert set(points(desk, "pair_type", "group_name", "window", "item_code_b", table="kb_item_pair")) == {
        ("主次操作", "胃肠手术组", None, None), ("主次操作", "肝胆手术组", None, None),
    }  # fmt: skip


def test_pairs_with_their_window_and_an_empty_merged_row_below(desk: Desk):
    report = desk.load_one(
        book(desk, "【第七批 】重复收费.xlsx", PAIRS, change=lambda made: made.active.merge_cells("B4:G4"))
    )
    assert (report.table, report.rows_read, report.loaded) == ("kb_item_pair", 2, 2)
    assert sorted(points(desk, "item_code_a", "item_code_b", "window", "remark", "source", table="kb_item_pair")) == [
        ("001103000010000", "001102000030000", "单日", "含监护、诊查", "两库第七批"),
        ("003314000020000", "003109040040000", "6小时", None, "两库第七批"),
    ]  # fmt: skip


def test_a_column_merged_downwards_holds_for_each_of_its_rows(desk: Desk):
    rows = [PAIRS[1][0], PAIRS[1][1], [2, "单日", None, None, "床位演示", "001109000010000", None]]
    path = book(
        desk,
        "【第七批】重复收费.xlsx",
        (PAIRS[0], rows),
        change=lambda made: (made.active.merge_cells("C2:C3"), made.active.merge_cells("D2:D3")),
    )
    assert desk.load_one(path).loaded == 2
    assert {row["item_code_a"] for row in desk.rows("kb_item_pair")} == {"001103000010000"}


def test_a_code_stored_as_a_number_has_lost_its_zeros_and_is_no_point(desk: Desk):
    rows = [
        *ITEM_AGES[1],
        ["数字演示", 3112020130000, "限定年龄对象", "新生儿"],
        ["没有码", None, "限定年龄对象", "新生儿"],
    ]
    report = desk.load_one(book(desk, "【第一批】项目.xlsx", ("Sheet1", rows)))
    assert (report.rows_read, report.loaded, report.quarantined) == (3, 1, 2)
    assert "存成了数字,前面的 0 已丢失" in report.reasons[0].reason
    assert report.reasons[1].reason == "没有编码"


def test_content_decides_and_not_the_name(desk: Desk):
    assert desk.load_one(book(desk, "下载.xlsx", ITEM_AGES)).table == "kb_item_limit"
    assert desk.load_one(book(desk, "kb_item_limit_2.xlsx", PAIRS)).table == "kb_item_pair"
    stranger = book(desk, "名单.xlsx", ("Sheet1", [["姓名", "岗位"], ["甲", "乙"]]))
    assert "内容也不是两库知识点工作簿" in (desk.load_one(stranger).refused_because or "")
    assert desk.load(desk.folder).files[-1].status == "skipped"


def test_days_written_in_the_workbook_are_the_effective_date(desk: Desk):
    desk.load_one(
        book(desk, "【第二批】题.xlsx", (GROUPS[0], [["主次操作知识点(自2025年3月1日起施行)"], *GROUPS[1]]))
    )
    assert {row["efft_date"] for row in desk.rows("kb_item_pair")} == {dt.date(2025, 3, 1)}
    dated = [[*ITEM_AGES[1][0], "生效日期"], [*ITEM_AGES[1][1], dt.date(2025, 6, 1)]]
    desk.load_one(book(desk, "【第一批】列.xlsx", ("Sheet1", dated)))
    assert {row["efft_date"] for row in desk.rows("kb_item_limit")} == {dt.date(2025, 6, 1)}


def test_a_preview_says_the_same_and_loads_nothing(desk: Desk):
    path = book(desk, "【第六批】药品.xlsx", DRUG_LIMITS, DRUG_CODES)
    [seen] = preview_paths(desk.home, [path]).files
    assert (seen.table, seen.loaded, seen.knowledge_points) == ("kb_item_limit", 3, 3)
    assert desk.rows("kb_item_limit") == []


def test_contract_form_in_csv_and_xlsx_loads_as_it_is(desk: Desk):
    row = {
        "limit_type": "性别",
        "item_code": "D1",
        "match": "名称",
        "item_name": "甲片",
        "limit_value": "女",
        "source": "本县",
        "efft_date": "2024-01-01",
    }
    report = desk.load_rows("kb_item_limit", row)
    assert (report.loaded, report.knowledge_points) == (1, 1)
    labels = (
        "Sheet1",
        [
            ["限定类型", "项目编码", "匹配方式", "项目名称", "限定内容", "来源", "生效日期"],
            ["性别", "D1", "名称", "甲片", "女", "本县", "2024-01-01"],
        ],
    )
    assert desk.load_one(book(desk, "kb_item_limit.xlsx", labels)).status == "unchanged"
    assert (
        "knowledge_points"
        not in desk.load_rows(
            "fund_ledger",
            {"month": "2024-06", "insutype": "310", "direction": "支出", "category": "住院", "amt": "1"},
        ).document()
    )


def test_report_names_the_points_in_force(desk: Desk):
    twice = ("Sheet1", [*ITEM_AGES[1], ITEM_AGES[1][1]])
    report = desk.load_one(book(desk, "【第一批】项目.xlsx", twice))
    assert (report.rows_read, report.loaded, report.duplicates, report.document()["knowledge_points"]) == (
        2,
        1,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("14天", 14, "天"),
        ("365 天", 365, "天"),
        ("20日", 20, "天"),
        ("支付不超过30天。", 30, "天"),
        ("一个疾病过程支付不超过90天。", 90, "天"),
        ("支付不超过一年", 1, "年"),
        ("支付不超过十二个月", 12, "月"),
        ("每疗程不超过14天,两个疗程不超过28天", None, None),
        ("遵医嘱", None, None),
    ],
)
def test_length_of_a_course(text: str, number: int | None, unit: str | None):
    assert words.course(text) == words.Reading(None if number is None else Decimal(number), unit)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("15天", 15, "天"),
        ("15天1次", 15, "天"),
        ("3个月内限支付一次", 3, "月"),
        ("每周最多支付一次", 1, "周"),
        ("间隔时间不短于14天", 14, "天"),
        ("每周2次", None, None),
    ],
)
def test_least_interval(text: str, number: int | None, unit: str | None):
    assert words.interval(text) == words.Reading(None if number is None else Decimal(number), unit)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("18周岁以上", 18, "岁"),
        ("28天以内", 28, "天"),
        ("3-14岁", None, None),
        ("儿童", None, None),
        ("3岁至6岁", None, None),
    ],
)
def test_age(text: str, number: int | None, unit: str | None):
    assert words.age(text) == words.Reading(None if number is None else Decimal(number), unit)


@pytest.mark.parametrize(
    ("name", "batch"),
    [
        ("【第一批】药品.xlsx", "第一批"),
        ("【第七批 】项目.xlsx", "第七批"),
        ("【第八批-1】项目.xlsx", "第八批-1"),
        ("第8批-2 (1).xlsx", "第八批-2"),
        ("第十二批.xlsx", "第十二批"),
        ("第20批.xlsx", "第二十批"),
        ("药品.xlsx", None),
    ],
)
def test_batch_of_a_file_name(name: str, batch: str | None):
    assert words.batch_of(name) == batch
