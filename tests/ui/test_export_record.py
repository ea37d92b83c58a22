"""Every export leaves a trace, leaves out what a role does not see, and says what its numbers mean."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import openpyxl
import pyarrow as pa
import pytest
from county import HOSPITAL, page_of

from fundwatch.access import Role, entry_at
from fundwatch.errors import UserError
from fundwatch.export.question import question
from fundwatch.kpi import declarations
from fundwatch.state.audit import listing, verify
from fundwatch.state.db import engine
from fundwatch.ui import workbook
from fundwatch.ui.export import Taken, about, written
from fundwatch.ui.filters import filter_options, read_filters
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_rows
from fundwatch.ui.table import Field, kpi_fields
from fundwatch.workbooks.make import Carrier, make
from fundwatch.workbooks.screens import book_of

PERIOD = Period(dt.date(2024, 1, 1), dt.date(2024, 6, 30))
AT = dt.datetime(2024, 7, 1, 9, 30)


def taken(page, **changes) -> Taken:
    kpi = declarations()["recovery_rate"]
    fields = {
        "name": "违规金额追回率清单",
        "rows": kpi_rows(page, "recovery_rate", PERIOD.start, PERIOD.end),
        "fields": kpi_fields(kpi),
        "period": PERIOD,
        "filters": read_filters({"fixmedins_type": ["1"]}, filter_options(page)),
        "data_through": dt.date(2024, 6, 20),
        "kpis": [kpi],
    }
    return Taken(**{**fields, **changes})


def test_export_is_recorded_with_rows_hash_filters_and_version(county):
    page = page_of(county, Role.ANALYST)
    file = written(page, taken(page), "csv", AT)
    event = listing(engine(county), limit=1)[0]
    assert (event.user, event.action, event.object) == ("test01", "导出", "违规金额追回率清单")
    assert event.detail["rows"] == 1
    assert event.detail["sha256"] == hashlib.sha256(file.content).hexdigest()
    assert event.detail["filters"] == {"fixmedins_type": ["1"]}
    assert event.detail["version"] == page.warehouse.version
    assert (event.detail["from"], event.detail["to"]) == ("2024-01-01", "2024-06-30")
    assert verify(engine(county)).sound


def test_workbook_says_what_its_numbers_mean(county):
    page = page_of(county, Role.ANALYST)
    book = openpyxl.load_workbook(io.BytesIO(written(page, taken(page), "xlsx", AT).content))
    said = {row[0].value: row[1].value for row in book["口径"].iter_rows()}
    assert said["期间"] == "2024年1-6月(2024-01-01 至 2024-06-30)"
    assert said["筛选"] == "机构类别:定点医疗机构"
    assert said["数据截至"] == "2024-06-20"
    assert said["数据版本"] == page.warehouse.version
    assert said["指标"] == "违规金额追回率(%)"
    assert said["导出人"] == "分析员01(分析员)"
    assert said["导出时间"] == "2024-07-01 09:30:00"
    assert "2024" in said["依据"] or said["依据"]
    assert said["分子"]
    assert said["分母"]


def test_workbook_has_the_rows_and_their_sums(county):
    page = page_of(county, Role.ANALYST)
    sheet = openpyxl.load_workbook(io.BytesIO(written(page, taken(page), "xlsx", AT).content))["数据"]
    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, [cell.value for cell in sheet[2]], strict=True))
    assert sheet.max_row == 2
    assert row["定点医药机构编号"] == HOSPITAL
    assert row["定点医药机构名称"] == "'=甲[医]院"
    assert (row["计入分子"], row["计入分母"]) == (10000, 20000)


@pytest.mark.parametrize(("role", "leaves"), [(Role.ANALYST, True), (Role.GROUP_MEMBER, False)])
def test_columns_hidden_from_a_role_do_not_leave(county, role, leaves):
    page = page_of(county, role)
    rows = pa.table({"fixmedins_code": [HOSPITAL], "psn_no": ["p1"]})
    fields = [Field("fixmedins_code", "机构编号"), Field("psn_no", "参保人")]
    content = written(page, taken(page, rows=rows, fields=fields), "csv", AT, "核查").content.decode(
        "utf-8-sig"
    )
    assert ("参保人" in content) is leaves


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_rows_of_single_persons_do_not_leave_without_a_reason(county, ending):
    page = page_of(county, Role.ANALYST)
    one = taken(page, rows=pa.table({"psn_no": ["p1"]}), fields=[Field("psn_no", "参保人")])
    before = len(listing(engine(county), limit=1000))
    with pytest.raises(UserError, match="导出理由"):
        written(page, one, ending, AT, "  ")
    assert len(listing(engine(county), limit=1000)) == before
    written(page, one, ending, AT, "例行核查")
    assert listing(engine(county), limit=1)[0].detail["why"] == "例行核查"


def test_file_for_others_hides_small_counts_says_so_and_is_marked_in_the_log(county):
    page = page_of(county, Role.GROUP_MEMBER)
    rows = pa.table({"fixmedins_code": [HOSPITAL, "H2", "H3"], "psn_cnt": [3, 80, 9]})
    fields = [Field("fixmedins_code", "机构编号"), Field("psn_cnt", "涉及参保人", "int", "人")]
    one = taken(page, rows=rows, fields=fields)
    book = openpyxl.load_workbook(io.BytesIO(written(page, one, "xlsx", AT, outside=True).content))
    assert [row[1].value for row in book["数据"].iter_rows(min_row=2)] == ["<5", "80", "隐去"]
    about_it = {row[0].value: row[1].value for row in book["口径"].iter_rows(max_col=2)}
    assert "小于 5 的 1 格" in about_it["对外提供"]
    assert listing(engine(county), limit=1)[0].detail["outside"] is True
    claims = taken(
        page, rows=pa.table({"amt": [1]}), fields=[Field("psn_no", "参保人"), Field("amt", "金额")]
    )
    with pytest.raises(UserError, match="不能对外提供"):
        written(page, claims, "csv", AT, "报送", outside=True)


def test_reason_stands_in_the_file(county):
    page = page_of(county, Role.ANALYST)
    assert ("导出理由", "例行核查") in about(page, taken(page), AT, "例行核查")
    assert "导出理由" not in dict(about(page, taken(page), AT))


def test_screen_s_button_and_command_make_the_same_workbook(county, monkeypatch):
    page = page_of(county, Role.ANALYST, entry_at("inspection-coverage"))
    monkeypatch.setattr(workbook.address, "current", lambda: {"from": ["2024-01-01"], "to": ["2024-06-30"]})
    book = book_of("inspection-coverage")
    content = workbook.workbook_of(page, book, workbook.asked(page), AT, "例会")
    asked = question(county, page.warehouse, PERIOD, {})
    carrier = Carrier(page.user.username, "分析员01(分析员)", AT, "例会")
    assert content == make(page.entry, book, asked, carrier).content
    event = listing(engine(county), limit=1)[0]
    assert (event.object, event.detail["why"]) == ("检查覆盖工作簿", "例会")
    assert event.detail["sha256"] == hashlib.sha256(content).hexdigest()


def test_parameters_in_force_stand_beside_the_definition(county):
    page = page_of(county, Role.ANALYST)
    kpi = declarations()["over_frequency"]
    said = [words for label, words in about(page, taken(page, kpis=[kpi]), AT) if label == "参数"]
    assert said
    assert all("来源" in words for words in said)
