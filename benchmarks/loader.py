"""How fast a claim-scale CSV loads, as a ratio to DuckDB's own ``read_csv`` with the same types into Parquet.

    python benchmarks/loader.py --rows 1000000 --runs 3

Both read the same file in turn, so that a busy machine slows both; the best run of each counts. Wanted: a ratio of 0.5
or more (load at no less than half the speed of the bare read).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from fundwatch.contracts import contracts
from fundwatch.home import Home
from fundwatch.loader import load_paths

TABLE = "setl_d"
#: one claim per row; amounts in yuan, institutions and persons of a fictional county
CLAIMS = """
copy (
    select
        '999001G' || lpad(cast(i as varchar), 12, '0') as setl_id,
        '999001M' || lpad(cast(i * 7919 % $rows as varchar), 12, '0') as mdtrt_id,
        '999001' || lpad(cast(i * 104729 % 400000 as varchar), 20, '0') as psn_no,
        cast(i % 2 + 1 as varchar) as gend,
        i * 31 % 95 as age,
        if(i % 5 = 0, '310', '390') as insutype,
        if(i % 5 = 0, '11', '15') as psn_type,
        ['11', '21', '41', '14', '2105'][1 + i * 13 % 5] as med_type,
        if(i % 5 = 2, 'P', 'H') || '999001' || lpad(cast(i * 17 % 180 as varchar), 5, '0') as fixmedins_code,
        '999001' as insu_admdvs,
        '999001' as fix_blng_admdvs,
        date '2024-06-01' + cast(i * 17 % 60 as integer) as begndate,
        date '2024-06-01' + cast(i * 17 % 60 as integer) as enddate,
        timestamp '2024-06-01 08:00:00' + to_seconds(i * 17 % 60 * 86400 + i % 36000) as setl_time,
        fee as medfee_sumamt,
        cast(0 as decimal(16, 2)) as fulamt_ownpay_amt,
        cast(0 as decimal(16, 2)) as overlmt_selfpay,
        cast(0 as decimal(16, 2)) as preselfpay_amt,
        fee as inscp_amt,
        cast(fee * 0.6 as decimal(16, 2)) as hifp_pay,
        cast(0 as decimal(16, 2)) as cvlserv_pay,
        cast(0 as decimal(16, 2)) as hifmi_pay,
        cast(0 as decimal(16, 2)) as hifob_pay,
        cast(0 as decimal(16, 2)) as maf_pay,
        cast(0 as decimal(16, 2)) as othfund_pay,
        cast(fee * 0.6 as decimal(16, 2)) as fund_pay_sumamt,
        fee - cast(fee * 0.6 as decimal(16, 2)) as psn_pay,
        cast(0 as decimal(16, 2)) as acct_pay,
        fee - cast(fee * 0.6 as decimal(16, 2)) as cash_payamt,
        if(i % 50 = 0, 'M00500', null) as dise_no,
        '0' as refd_setl_flag,
        null as init_setl_id,
        '1' as vali_flag
    from (select i, cast((i * 7907 % 1000003) / 100 as decimal(16, 2)) as fee from range($rows) as t(i))
) to '{path}' (header, delimiter ',')
"""


def make_claims(path: Path, rows: int) -> None:
    """Write the claims as CSV; the same rows give the same bytes."""
    with duckdb.connect() as connection:
        connection.execute(CLAIMS.format(path=str(path)), {"rows": rows})


def bare_read(path: Path, target: Path) -> None:
    """What DuckDB alone needs: read with the contract's types, write Parquet."""
    columns = ", ".join(f"'{column.name}': '{column.sql_type}'" for column in contracts()[TABLE].columns)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from read_csv('{path}', auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"',"
            f" columns = {{{columns}}})) to '{target}' (format parquet)"
        )


def load(path: Path, home: Home) -> None:
    """A whole load into a new home: typed, checked, pseudonymised, sorted, committed, accounted for."""
    report = load_paths(home, [path]).files[0]
    assert report.status == "loaded", report


def seconds(work: Callable[[], None]) -> tuple[float, float]:
    """Wall-clock and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fundwatch-bench-") as name:
        folder = Path(name)
        path = folder / f"{TABLE}_bench.csv"
        make_claims(path, options.rows)
        print(f"{options.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        bare, whole = [], []
        for run in range(options.runs):
            bare.append(seconds(lambda: bare_read(path, folder / "bare.parquet")))
            whole.append(seconds(lambda run=run: load(path, Home(folder / f"home{run}"))))
            print(f"run {run + 1}: read_csv {bare[-1][0]:.2f} s, load {whole[-1][0]:.2f} s")
        best = [min(run[kind] for run in bare) / min(run[kind] for run in whole) for kind in (0, 1)]
        print(
            f"ratio (speed of load / speed of read_csv): {best[0]:.2f} wall clock, {best[1]:.2f} processor time"
        )


if __name__ == "__main__":
    main()
