"""A clerk's desk for the tests: a home in a temporary folder, files put on it, what a load says and what then stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from fundwatch.contracts import contracts
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.loader import FileReport, LoadReport, load_paths

KEY = "11" * 32
HOSPITAL, CLINIC, PHARMACY = "H99900100001", "H99900100002", "P99900100001"
#: one good row of the tables that the examples use; an example names only what matters to it
EXAMPLES: dict[str, dict[str, str]] = {
    "inspection": {
        "insp_id": "JC1", "fixmedins_code": HOSPITAL, "insp_date": "2024-06-01", "insp_kind": "协议检查",
        "insp_method": "现场检查", "insp_stas": "完成",
    },
    "setl_d": {
        "setl_id": "S1", "mdtrt_id": "M1", "psn_no": "PERSON-0001", "insutype": "390", "med_type": "21",
        "fixmedins_code": HOSPITAL, "insu_admdvs": "999001", "begndate": "2024-06-01",
        "setl_time": "2024-06-03 10:00:00", "medfee_sumamt": "100.00", "inscp_amt": "90.00", "hifp_pay": "60.00",
        "fund_pay_sumamt": "60.00", "refd_setl_flag": "0", "vali_flag": "1",
    },
    "fund_ledger": {"month": "2024-06", "insutype": "310", "direction": "支出", "category": "住院", "amt": "1.00"},
    "complaint": {"cmpl_id": "JB1", "recv_date": "2024-06-01", "subject": "多收床位费"},
    "fixmedins_b": {
        "fixmedins_code": HOSPITAL, "fixmedins_name": "示范县甲医院", "fixmedins_type": "1", "hosp_lv": "05",
        "fix_blng_admdvs": "999001", "vali_flag": "1",
    },
    "report_filing": {"month": "2024-06", "item": "自查自纠", "due_date": "2024-07-10"},
    "post_review": {"fixmedins_code": HOSPITAL, "quarter": "2024Q2"},
    "clr_pay_d": {
        "fixmedins_code": HOSPITAL, "issue": "202406", "insutype": "390", "dcla_ddln": "2024-07-05", "pay_amt": "10.00",
    },
    "benefit_stat": {"begndate": "2021-01-01", "enddate": "2021-04-30", "insutype": "390", "category": "住院", "fund_amt": "1"},
    "fund_budget": {"year": "2024", "insutype": "310", "direction": "支出", "category": "住院", "amt": "1.00"},
    "credit_point": {
        "point_id": "JF1", "person_code": "D999001000001", "fixmedins_code": HOSPITAL, "event_date": "2024-06-01",
        "points": "3",
    },
    "fixmedins_cntr_reg_d": {
        "cntr_id": "XY1", "fixmedins_code": HOSPITAL, "efft_time": "2024-01-01", "invd_time": "2024-12-31",
        "cntr_stas": "1",
    },
    "doc_d": {
        "doc_id": "DJ1", "setl_id": "S1", "mdtrt_id": "M1", "fixmedins_code": HOSPITAL, "insutype": "390",
        "med_type": "21", "issue": "202406", "dcla_time": "2024-07-01 09:00:00", "medfee_sumamt": "100.00",
        "dcla_fund_amt": "60.00",
    },
}  # fmt: skip


def row(table: str, **changes: str) -> dict[str, str]:
    """A good row of the table with some cells changed or added."""
    return EXAMPLES[table] | changes


def csv_text(rows: Sequence[dict[str, str]], delimiter: str = ",") -> str:
    """Rows as CSV; the first row's keys are the header, cells with special characters are quoted."""
    lines = [list(rows[0]), *([cells.get(name, "") for name in rows[0]] for cells in rows)]
    return "".join(delimiter.join(_quoted(cell, delimiter) for cell in line) + "\n" for line in lines)


def _quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & {delimiter, '"', "\n"} else cell


class Desk:
    """A home and a folder for files."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.folder = folder / "files"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lake = Lake(self.home)

    @classmethod
    def at(cls, root: Path, files: Path) -> Desk:
        """A desk whose home lies somewhere else."""
        desk = cls(files.parent)
        desk.home, desk.lake = Home(root), Lake(Home(root))
        return desk

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file and return its path."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def put_rows(self, name: str, rows: Sequence[dict[str, str]]) -> Path:
        return self.put(name, csv_text(rows))

    def load(self, *paths: Path) -> LoadReport:
        report = load_paths(self.home, paths)
        assert all(file.balanced for file in report.files)
        return report

    def load_one(self, path: Path) -> FileReport:
        return self.load(path).files[0]

    def load_rows(self, table: str, *rows: dict[str, str], name: str | None = None) -> FileReport:
        """Load rows as ``<table>.csv`` (or under another name)."""
        return self.load_one(self.put_rows(name or f"{table}.csv", rows))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows in force, ordered by key."""
        return self._query(table, "select *", "order by all")

    def column(self, table: str, column: str) -> list[Any]:
        return [found[column] for found in self.rows(table)]

    def _query(self, table: str, select: str, order: str) -> list[dict[str, Any]]:
        paths = [str(self.home.root / file.path) for file in self.lake.files(table)]
        if not paths:
            return []
        by_month = contracts()[table].by_month
        with duckdb.connect() as connection:
            found = connection.execute(
                f"{select} from read_parquet($paths, hive_partitioning = {by_month}, hive_types_autocast = false) {order}",
                {"paths": paths},
            )
            names = [name for name, *_ in found.description or []]
            return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def state(self) -> dict[str, Any]:
        """Everything that a load could change: rows in force and history of every table."""
        tables = self.lake.tables()
        return {table: (self.rows(table), self.lake.history(table).to_pylist()) for table in tables}


@contextmanager
def unchanged(desk: Desk) -> Iterator[None]:
    """What happens inside leaves rows, versions and history as they were."""
    before = desk.state(), {table: desk.lake.version(table) for table in desk.lake.tables()}
    yield
    assert (desk.state(), {table: desk.lake.version(table) for table in desk.lake.tables()}) == before
