"""The calendar that SQL reads: the official one with the bureau's exceptions, equal to the functions."""

from __future__ import annotations

import datetime as dt

import pytest
from lake_home import put, run_build

from fundwatch.warehouse import open_warehouse
from fundwatch.workdays import OFFICIAL, Workdays, workdays_of

#: the n-th working day after a day, as every clock in SQL asks for it
DEADLINE = """
    select due.cal_date
    from dim_workday as begun
    inner join dim_workday as due on due.workday_flag = '1' and due.workday_no = begun.workday_no + $count
    where begun.cal_date = $day
"""
MONDAY = dt.date(2024, 6, 3)


def deadline(warehouse, day: dt.date, count: int) -> dt.date:
    [row] = warehouse.query(DEADLINE, {"day": day, "count": count}).to_pylist()
    return row["cal_date"]


@pytest.mark.parametrize("day", [dt.date(2024, 2, 2), MONDAY, dt.date(2024, 6, 8), dt.date(2030, 1, 5)])
def test_sql_and_functions_agree_on_a_deadline(home, day):
    run_build(home)
    with open_warehouse(home) as warehouse:
        assert deadline(warehouse, day, 7) == OFFICIAL.workday_after(day, 7)
        assert workdays_of(warehouse) == Workdays({})


@pytest.mark.parametrize(
    ("exception", "due"),
    [
        ({"cal_date": "2024-06-05", "workday_flag": "0"}, dt.date(2024, 6, 14)),
        ({"cal_date": "2024-06-08", "workday_flag": "1"}, dt.date(2024, 6, 12)),
        # the day itself and a day after the deadline change nothing
        ({"cal_date": "2024-06-03", "workday_flag": "0"}, dt.date(2024, 6, 13)),
        ({"cal_date": "2024-06-14", "workday_flag": "0"}, dt.date(2024, 6, 13)),
        # taken back
        ({"cal_date": "2024-06-05", "workday_flag": "0", "vali_flag": "0"}, dt.date(2024, 6, 13)),
    ],
)
def test_an_exception_moves_a_deadline_in_sql_and_in_the_functions_alike(home, exception, due):
    put(home, "workday", {"reason": "本局安排", **exception})
    run_build(home)
    with open_warehouse(home) as warehouse:
        assert deadline(warehouse, MONDAY, 7) == due
        assert workdays_of(warehouse).workday_after(MONDAY, 7) == due


def test_the_reason_is_the_bureaus_where_it_decides(home):
    put(home, "workday", {"cal_date": "2024-06-05", "workday_flag": "0", "reason": "防汛停工"})
    run_build(home)
    with open_warehouse(home) as warehouse:
        sql = "select reason, own_flag from dim_workday where cal_date in ('2024-06-05', '2024-06-10') order by cal_date"
        assert [tuple(row.values()) for row in warehouse.query(sql).to_pylist()] == [
            ("防汛停工", "1"),
            ("端午节", "0"),
        ]
