"""How long a build takes: everything, one changed month, nothing changed; medians and ratios.

    python benchmarks/build.py [--rows 1200000] [--months 12] [--runs 3]

Makes a home in a temporary folder with ``rows`` settlements and as many reminders, spread over ``months`` and 300
institutions. Seconds depend on the machine; the ratios are what to compare.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from deltalake import write_deltalake

from fundwatch.build.runner import build
from fundwatch.build.sources import lake_columns
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.settings import Settings

#: what a row of each table holds besides nulls; ``i`` is its number
ROWS = {
    "setl_d": {
        "setl_id": "'S' || i",
        "mdtrt_id": "'M' || i",
        "psn_no": "'P' || i % 90000",
        "insutype": "case when i % 5 = 0 then '310' else '390' end",
        "med_type": "case when i % 9 = 0 then '21' else '11' end",
        "fixmedins_code": "'H99900100' || lpad(cast(i % 300 as varchar), 3, '0')",
        "insu_admdvs": "'999001'",
        "setl_time": "day",
        "medfee_sumamt": "i % 9000 + 0.25",
        "inscp_amt": "i % 8000 + 0.20",
        "fund_pay_sumamt": "i % 6000 + 0.10",
        "acct_pay": "i % 50",
        "refd_setl_flag": "'0'",
        "vali_flag": "'1'",
    },
    "bffact_warn_rslt_d": {
        "warn_rslt_id": "'W' || i",
        "mdtrt_id": "'M' || i",
        "fixmedins_code": "'H99900100' || lpad(cast(i % 300 as varchar), 3, '0')",
        "rule_id": "'R' || i % 40",
        "rule_name": "'规则' || i % 40",
        "vola_amt": "i % 700 + 0.30",
        "crte_time": "day",
        "warn_dspo_way": "case when i % 3 = 0 then null else '2' end",
    },
}


def fill(home: Home, table: str, rows: int, months: list[str]) -> None:
    """Put ``rows`` made-up rows into the months of a lake table, replacing those months."""
    values = ROWS[table]
    listed = ", ".join(
        f'cast({values.get(name, "null")} as {kind}) as "{name}"'
        for name, kind in lake_columns(table)
        if name != "ym"
    )
    for month in months:
        made = duckdb.sql(
            f"""select {listed}, $month as ym from (
                select
                    unnest(range($rows // $months)) * $months + $number as i,
                    cast($month || '-' || lpad(cast(i % 28 + 1 as varchar), 2, '0') as timestamp) as day
            )""",
            params={"month": month, "rows": rows, "months": len(months), "number": months.index(month)},
        )
        known = (home.lake / table).exists()
        write_deltalake(
            str(home.lake / table),
            made.to_arrow_table(),
            mode="overwrite",
            partition_by=["ym"],
            predicate=f"ym = '{month}'" if known else None,
        )


def median(runs: int, before: Callable[[], object], work: Callable[[], object]) -> float:
    """Median seconds of ``work``; ``before`` is not counted."""
    seconds = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Build a made-up home in three ways and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_200_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    months = [f"{2024 + number // 12}-{number % 12 + 1:02d}" for number in range(options.months)]
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).ensure()
        settings = Settings(home)
        for table in ROWS:
            fill(home, table, options.rows, months)

        def run(**choice: bool) -> object:
            return build(home, Lake(home), settings, **choice)

        def change_a_month() -> None:
            for table in ROWS:
                fill(home, table, options.rows // options.months, months[-1:])

        run()
        full = median(options.runs, lambda: None, lambda: run(full=True))
        month = median(options.runs, change_a_month, run)
        nothing = median(options.runs, lambda: None, run)
    print(
        f"{options.rows:,} settlements and as many reminders in {options.months} months, {options.runs} runs each"
    )
    print(f"full build        median {full:.2f} s")
    print(f"one changed month median {month:.2f} s, {month / full:.2f} of the full build")
    print(f"nothing changed   median {nothing:.2f} s, {nothing / full:.2f} of the full build")


if __name__ == "__main__":
    main()
