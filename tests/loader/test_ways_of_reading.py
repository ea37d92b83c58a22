"""A file read by the short ways (rows held in memory, cells typed by the reader) and by the long ones gives the same lake."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from desk import CLINIC, HOSPITAL, PHARMACY, Desk, csv_text, row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundwatch.loader import held, stage, trust, values
from fundwatch.loader.trust import DATE_FORMAT, TIME_FORMAT

#: cells that some way of reading might take for something else; most are good, so that the file is not refused
ODD = {
    "setl_time": ["2024-06-03 10:00:00", "2024-07-03", "2024/6/3 8:05", "20240603080506", "2024-06-03 25:00:00", "2024-6-3 1:2:3"],
    "begndate": ["2024-06-01", "2024-6-1", " 2024-06-01", "2024/6/1", "2024 06 01", "0024-06-01", "2024-06-31", "12345-06-01"],
    "enddate": ["", "2024-06-02", "infinity", "epoch", "9999-12-31", "2024-06-02 00:00:00", "1899-12-31"],
    "medfee_sumamt": ["100.00", "1,000", "1_000", "1E3", "1E-7", "0.125", "-", "", "12.3400"],
    "age": ["30", "3.0", "3.5", "", "200"],
    "insutype": ["390", "310.0", "城乡居民基本医疗保险", "399"],
    "fixmedins_code": [HOSPITAL, CLINIC, PHARMACY, f" {HOSPITAL}", "H１２３４５６７８９０１"],
    "insu_admdvs": ["999001", "", "999001.0", "99９００1"],
    "psn_no": ["PERSON-0001", " PERSON-0001", "PERSON-2", "号"],
    "setl_id": ["S1", "S2", "S3", "合计", ""],
}  # fmt: skip
FEE = {
    "bkkp_sn": "F1", "mdtrt_id": "M1", "setl_id": "S1", "psn_no": "PERSON-0001", "fixmedins_code": HOSPITAL,
    "fee_ocur_time": "2024-06-03 10:00:00", "hilist_code": "D1", "hilist_name": "一次性注射器 ", "cnt": "2.5", "pric": "0.123456",
    "det_item_fee_sumamt": "100.00", "inscp_amt": "80.00", "bilg_dept_name": "普外科\u3000",
}  # fmt: skip
#: good rows before and after, so that one odd cell does not let the file be refused, and stands beyond the rows tried
GOOD = 60


@st.composite
def files(draw: st.DrawFn) -> list[dict[str, str]]:
    good = [row("setl_d", setl_id=f"G{number}", age="40", enddate="2024-06-02") for number in range(GOOD)]
    odd = [
        good[0] | {name: draw(st.sampled_from([cells[0], *cells])) for name, cells in ODD.items()}
        for _ in range(draw(st.integers(1, 4)))
    ]
    place = draw(st.integers(0, GOOD))
    return [*good[:place], *odd, *good[place:]]


def outcome(rows: list[dict[str, str]], table: str = "setl_d") -> tuple[Any, Any]:
    desk = Desk(Path(tempfile.mkdtemp()))
    report = desk.load_one(desk.put(f"{table}.csv", csv_text(rows)))
    said = {name: value for name, value in report.document().items() if name != "file"}
    # The value shown of a cell that the reader has typed is written out in full; row, column and reason are the same.
    said["reasons"] = [
        (reason["row"], reason["column"], reason["reason"].split("(")[0]) for reason in said["reasons"]
    ]
    stood = [
        {name: cell for name, cell in found.items() if name != "_batch_id"} for found in desk.rows(table)
    ]
    return said, stood


def each_way(rows: list[dict[str, str]], table: str = "setl_d") -> list[tuple[Any, Any]]:
    """The outcome with rows held in memory, with rows spilled to disk, and without any trust in the reader."""
    with pytest.MonkeyPatch.context() as ways:
        ways.setattr(trust, "ROWS_TRIED", 2)
        found = [outcome(rows, table)]
        ways.setattr(held, "HELD_BYTES", 0)
        found.append(outcome(rows, table))
        ways.setattr(stage, "types_read", lambda *_: {})
        found.append(outcome(rows, table))
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_every_way_of_reading_gives_the_same_account_and_the_same_rows(rows):
    short, spilled, careful = each_way(rows)
    assert short == spilled == careful


@pytest.mark.parametrize("word", ["epoch", "Epoch", "infinity", "-infinity", "INFINITY"])
@pytest.mark.parametrize("column", ["enddate", "setl_time"])
def test_a_word_that_the_reader_takes_for_a_date_is_quarantined_every_way(column, word):
    rows = [row("setl_d", setl_id=f"G{number}", enddate="2024-06-02") for number in range(GOOD)]
    rows[40] |= {column: word}
    for said, stood in each_way(rows):
        assert [reason[:2] for reason in said["reasons"]] == [(42, column)]
        assert len(stood) == GOOD - 1


@pytest.mark.parametrize(
    ("amount", "loads"),
    [
        ("12.34", True),
        ("1,000", True),
        ("", True),
        ("-", True),
        ("12.3400", True),
        ("12.345", False),
        ("999999999999999", False),
    ],
)
def test_an_amount_beside_prices_of_six_decimals_is_read_exactly_every_way(amount, loads):
    """The reader then reads amounts with six decimals, too; what has more than two is no amount and is shown as written."""
    rows = [FEE | {"bkkp_sn": f"F{number}"} for number in range(GOOD)]
    rows[40] |= {"det_item_fee_sumamt": amount}
    short, spilled, careful = each_way(rows, "fee_list_d")
    assert short == spilled == careful
    said, stood = short
    assert [reason[:2] for reason in said["reasons"]] == ([] if loads else [(42, "det_item_fee_sumamt")])
    assert len(stood) == (GOOD if loads else GOOD - 1)


TEXTS = st.text("0123456789-/ :.T+ 年epochinftyBC", max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        TEXTS | st.sampled_from([*ODD["begndate"], *ODD["enddate"], *ODD["setl_time"]]),
        min_size=1,
        max_size=40,
    )
)
def test_a_date_that_the_reader_takes_is_the_one_that_the_careful_way_takes(texts):
    with duckdb.connect() as connection:
        connection.execute(values.MACROS.read_text(encoding="utf-8"))
        for kind, form in (("date", DATE_FORMAT), ("timestamp", TIME_FORMAT)):
            careful = f"fw_{'date' if kind == 'date' else 'time'}(x)"
            within = f"between date '{values.FIRST_DAY}' and date '{values.DAY_TOO_FAR}' - 1"
            differ = connection.execute(
                f"select x, short, long from (select x, cast(try_strptime(x, $form) as {kind}) as short, {careful} as long"
                f" from (select unnest($texts) as x)) where short {within} and short is distinct from long"
                " and lower(x) not similar to '.*(epoch|infinity).*'",
                {"texts": texts, "form": form},
            ).fetchall()
            assert differ == []


def test_rows_are_kept_by_institution_and_in_the_files_order_inside_it(desk: Desk):
    codes = [PHARMACY, HOSPITAL, CLINIC, HOSPITAL, PHARMACY, CLINIC]
    desk.load_rows(
        "setl_d", *[row("setl_d", setl_id=str(9 - n), fixmedins_code=code) for n, code in enumerate(codes)]
    )
    (file,) = desk.lake.files("setl_d")
    with duckdb.connect() as connection:
        kept = connection.execute(
            "select fixmedins_code, _row_no from read_parquet($path)",
            {"path": str(desk.home.root / file.path)},
        ).fetchall()
    assert kept == [(HOSPITAL, 3), (HOSPITAL, 5), (CLINIC, 4), (CLINIC, 7), (PHARMACY, 2), (PHARMACY, 6)]
