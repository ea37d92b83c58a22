"""What leaves the bureau names no small number of persons, nor lets one be found from what stays."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundwatch.cli.app import run
from fundwatch.errors import UserError
from fundwatch.export.small_cells import LEFT_OUT, PERSONAL_STAYS, protected, threshold, words
from fundwatch.home import Home
from fundwatch.screens.fields import Field
from fundwatch.settings import Settings

PERSONS = Field("psn_cnt", "涉及参保人", "int", "人")
NAME = Field("name", "机构")


def column(*counts: int | None) -> pa.Table:
    return pa.table(
        {"name": [f"机构{place}" for place in range(len(counts))], "psn_cnt": pa.array(counts, pa.int64())}
    )


def shown(*counts: int | None) -> list[str | int | None]:
    return protected(column(*counts), [NAME, PERSONS], 5).rows.column("psn_cnt").to_pylist()


def test_counts_from_one_to_four_are_not_named():
    assert shown(1, 4, 5, 0, None) == ["<5", "<5", "5", "0", None]


def test_a_single_small_count_takes_the_next_smallest_with_it():
    assert shown(3, 90, 12) == ["<5", "90", LEFT_OUT]


def test_two_small_counts_that_together_are_small_take_one_more():
    assert shown(1, 1, 7, 30) == ["<5", "<5", LEFT_OUT, "30"]


def test_without_a_small_count_nothing_changes():
    found = protected(column(5, 12, 0), [NAME, PERSONS], 5)
    assert found.rows.column("psn_cnt").type == pa.int64()
    assert (found.small, found.more, found.touched) == (0, 0, frozenset())


def test_a_row_of_parts_and_total_does_not_give_one_away():
    names = ("in_cnt", "out_cnt", "all_cnt")
    fields = [Field(name, name, "int", "人次") for name in names]
    rows = pa.table({"in_cnt": [2, 50], "out_cnt": [40, 60], "all_cnt": [42, 110]})
    found = protected(rows, fields, 5).rows.to_pylist()
    assert found[0] == {"in_cnt": "<5", "out_cnt": LEFT_OUT, "all_cnt": 42}
    assert found[1]["in_cnt"] == LEFT_OUT


def test_counts_of_other_things_stay():
    fields = [Field("institution_cnt", "机构", "int", "家"), Field("amt", "金额", "amount", "元")]
    rows = pa.table({"institution_cnt": [1, 2], "amt": pa.array([Decimal("1.00"), Decimal("2.00")])})
    assert protected(rows, fields, 5).rows.equals(rows)


def test_an_indicator_takes_the_unit_of_its_row():
    rows = pa.table(
        {"name": ["暂停人员", "机构"], "value": pa.array([Decimal(3), Decimal(2)]), "unit": ["人", "家"]}
    )
    found = protected(rows, [NAME, Field("value", "本期", "price"), Field("unit", "单位")], 5)
    assert found.rows.column("value").to_pylist() == ["<5", "2"]


def test_rows_of_single_persons_stay_whoever_asks():
    with pytest.raises(UserError, match=PERSONAL_STAYS):
        protected(pa.table({"setl_id": ["S1"]}), [Field("setl_id", "结算ID")], 5)


def test_free_text_stays():
    rows = pa.table({"name": ["甲"], "subject": ["举报某人"]})
    found = protected(rows, [NAME, Field("subject", "举报事项")], 5)
    assert found.rows.column_names == ["name"]
    assert [field.name for field in found.fields] == ["name"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(2, 10))
def test_no_small_count_can_be_had_from_the_total(counts, least):
    values = protected(column(*counts), [NAME, PERSONS], least).rows.column("psn_cnt").to_pylist()
    hidden = [count for count, value in zip(counts, values, strict=True) if value in (f"<{least}", LEFT_OUT)]
    named = [
        count for count, value in zip(counts, values, strict=True) if value not in (f"<{least}", LEFT_OUT)
    ]
    assert not [count for count in named if 0 < count < least]
    # what total minus the named cells leaves is no small number, unless there is nothing else to leave out
    assert not hidden or (len(hidden) > 1 and sum(hidden) >= least) or not any(named)


def test_threshold_has_an_effective_date(tmp_path):
    home = Home(tmp_path / "home").ensure()
    settings = Settings(home)
    assert threshold(settings, dt.date(2026, 1, 1)) == 5
    settings.set("small_cell_min", "10", dt.date(2026, 6, 1), "上级要求", "测试")
    assert [threshold(settings, dt.date(2026, month, 1)) for month in (5, 6)] == [5, 10]


def test_command_for_others_hides_and_says_so(demo_home, tmp_path, capsys):
    out = tmp_path / "map.xlsx"
    given = ["--from", "2026-01-01", "--to", "2026-03-31", "--home", str(demo_home.root)]
    assert run(["export", "--page", "high-risk", *given, "--out", str(out), "--outside", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(out)
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    cells = [
        str(cell.value)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    ]
    assert any(text.startswith("对外提供:不含个人级明细") for text in cells)
    assert "人员编号" not in cells
    assert (
        run(
            [
                "export",
                "--kpi",
                "rejection_rate",
                *given,
                "--out",
                str(tmp_path / "x.csv"),
                "--outside",
                "--why",
                "报送",
            ]
        )
        == 1
    )
    assert PERSONAL_STAYS in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()


def test_words_name_the_threshold_and_both_numbers():
    assert "小于 5 的 2 格" in words(5, 2, 1)
    assert "另有 1 格" in words(5, 2, 1)
