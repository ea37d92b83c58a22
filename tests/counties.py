"""A home of two counties: half of the tiny demo's towns, institutions and insured belong to a second one."""

from __future__ import annotations

from pathlib import Path

import duckdb
from homes import copy_home

from fundwatch.cli.app import run
from fundwatch.contracts import contracts
from fundwatch.home import Home
from fundwatch.warehouse import open_warehouse

FIRST, SECOND = "999001", "999006"
NAMES = {FIRST: "示范县", SECOND: "邻县"}
#: of the second county: every other town, the institutions in them, every other insured; codes of institutions stay as they are
SECOND_TOWN = "cast(right(town_code, 1) as integer) % 2 = 0"
_TOWN = f"case when {SECOND_TOWN} then '{SECOND}' || right(town_code, 3) else town_code end as town_code"
CHANGES = {
    "town": f"* replace ({_TOWN})",
    "fixmedins_b": f"* replace ({_TOWN}, case when {SECOND_TOWN} then '{SECOND}' else fix_blng_admdvs end as fix_blng_admdvs)",
    "setl_d": f"""* replace (
        case when coalesce(insu_admdvs, '{FIRST}') = '{FIRST}' and hash(psn_no) % 2 = 0 then '{SECOND}' else insu_admdvs end as insu_admdvs,
        null as fix_blng_admdvs)""",
}


def make_two_counties(demo: Home, folder: Path) -> None:
    """The demo's home as ``folder``, with the list of counties and what belongs to the second one loaded and built."""
    copy_home(demo.root, folder)
    files = folder.parent / f"{folder.name}-files"
    files.mkdir(exist_ok=True)
    with open_warehouse(demo) as warehouse, duckdb.connect() as writer:
        for table, columns in CHANGES.items():
            names = ", ".join(f'"{column.name}"' for column in contracts()[table].columns)
            rows = warehouse.query(f"select {names} from stg_{table}")
            writer.register("given", rows)
            writer.execute(f"copy (select {columns} from given) to '{files / table}.csv' (header)")
            writer.unregister("given")
    lines = ["admdvs,admdvs_name", *(f"{code},{name}" for code, name in NAMES.items())]
    (files / "county.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(["load", str(files), "--home", str(folder)]) == 0
    assert run(["build", "--home", str(folder)]) == 0
