"""A load: each file recognised, read, checked, merged and committed on its own, in order of name."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import duckdb
import pyarrow as pa

from fundwatch.clock import CHINA
from fundwatch.contracts import Contract, contracts
from fundwatch.home import Home
from fundwatch.lake import QUARANTINE_SCHEMA, Batch, Lake
from fundwatch.lake_sound import sha256
from fundwatch.loader import values
from fundwatch.loader.commit import commit, log, only_loader, write_quarantine
from fundwatch.loader.explain import explain
from fundwatch.loader.held import ARROW_VERSION
from fundwatch.loader.knowledge import Workbook, point_count, read_workbook
from fundwatch.loader.limits import Intake, Limits, read_limits
from fundwatch.loader.merge import Merge, merge
from fundwatch.loader.oddities import masked, row_oddities, unknown_keys
from fundwatch.loader.privacy import mask, person_key
from fundwatch.loader.recognise import Found, find_files, table_of
from fundwatch.loader.report import FileReport, LoadReport, Reason, Refused
from fundwatch.loader.rows import good_rows, read_rows
from fundwatch.loader.sources import open_cells
from fundwatch.progress import Step, silent

#: tables that the national bureau's workbooks fill too; these are recognised by their content
KNOWLEDGE = ("kb_item_limit", "kb_item_pair")
#: how the moment of a load begins its batch's id
STAMP = "%Y%m%dT%H%M%S%f"
#: checksum and survey of a file run beside the reading of its rows
THREADS_BESIDE = 2


def load_paths(home: Home, paths: Sequence[Path], step: Step = silent) -> LoadReport:
    """Load files and folders into the home's lake and account for every row.

    Raises UserError when nothing can be loaded at all (another load runs, another key, path not found); what is wrong
    with one file stands in its report.
    """
    found = find_files([Path(path) for path in paths])
    home.ensure()
    reports = []
    with only_loader(home) as work:
        job = Job(home, work)
        for number, file in enumerate(found):
            step(file.path.name, number, len(found))
            reports.append(job.load(file))
        job.look_for_unknown_keys(reports)
        step("完成", len(found), len(found))
    return LoadReport(reports)


#: of the machine's memory, for the look at the keys of all files
KEYS_MEMORY = "25%"


class Job:
    """What the files of one load share."""

    def __init__(self, home: Home, work: Path) -> None:
        self.home, self.work = home, work
        self.lake = Lake(home)
        self.key = person_key(home)
        self.limits: Limits = read_limits(home)
        self.stamp = max((batch.batch_id.partition("-")[0] for batch in self.lake.batches()), default="")

    def load(self, file: Found) -> FileReport:
        """One file, whole or not at all."""
        report = FileReport(file=file.shown, table=table_of(file.path.name))
        workbook = None
        if report.table is None or report.table in KNOWLEDGE:
            workbook = read_workbook(file.path, self.limits)
            report.table = workbook.table if workbook else report.table
        if report.table is None:
            if not file.named:
                return report
            report.status, report.refused_because = "refused", _unknown_table(file.path)
            return report
        report.batch_id = self._new_batch_id()
        connection = self._connect()
        beside = ThreadPoolExecutor(THREADS_BESIDE)
        try:
            checksum = beside.submit(sha256, file.path)
            intake = Intake(file.path, self.work, self.limits, self.key, checksum, beside)
            self._load(connection, contracts()[report.table], file, report, workbook, intake)
        except Refused as refused:
            report.status, report.refused_because = "refused", refused.message
            report.sha256 = checksum.result()
            self._log(file, report)
        finally:
            beside.shutdown(cancel_futures=True)
            connection.close()
        self._forget_original(file, report)
        return report

    def _new_batch_id(self) -> str:
        """Later than every one there is, whatever the clock says: batches sort in the order of their loads."""
        self.stamp = max(f"{now():{STAMP}}", _after(self.stamp))
        return f"{self.stamp}-{secrets.token_hex(4)}"

    def look_for_unknown_keys(self, reports: Sequence[FileReport]) -> None:
        """After all files, so that the order of the files of one load does not matter."""
        loaded = {report.batch_id: report for report in reports if report.status == "loaded" and report.table}
        with self._connect() as connection:
            # The keys of two years of fee lines took 13 GiB, and as long as with four, the rest on the disk.
            connection.execute(f"set memory_limit = '{KEYS_MEMORY}'")
            for table in sorted({report.table or "" for report in loaded.values()}):
                batches = [batch_id or "" for batch_id, report in loaded.items() if report.table == table]
                found = unknown_keys(connection, contracts()[table], self.lake, batches)
                for batch_id, warnings in found.items():
                    loaded[batch_id].warnings += warnings

    def _connect(self) -> duckdb.DuckDBPyConnection:
        spill = self.work / "spill"
        return duckdb.connect(
            config={
                "temp_directory": str(spill),
                "preserve_insertion_order": True,
                "arrow_output_version": ARROW_VERSION,
            }
        )

    def _load(  # noqa: PLR0917
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        file: Found,
        report: FileReport,
        workbook: Workbook | None,
        intake: Intake,
    ) -> None:
        values.prepare(connection, contract, self.key, self.limits)
        if workbook:
            report.sha256 = intake.checksum.result()
            source = workbook.source(file.path, report.sha256, self.lake.batches())
            cells = workbook.cells(connection, source)
        else:
            cells = open_cells(connection, contract, intake)
        report.unknown_columns, report.left_out = cells.header.unknown, cells.header.personal
        report.warnings += cells.header.warnings
        staged = read_rows(connection, contract, cells, intake)
        report.sha256 = intake.checksum.result()
        report.warnings += staged.warnings
        reasons = explain(connection, contract, cells.header, staged)
        report.rows_read, report.quarantined = (
            staged.rows + len(staged.lines),
            staged.faulty + len(staged.lines),
        )
        report.reasons = reasons
        if not report.rows_read:
            raise Refused("只有表头,没有数据行。")
        if self.limits.too_many(report.quarantined, report.rows_read):
            self._refuse_whole(file, report)
        self._quarantine(file, report)
        good_rows(connection, contract, report.batch_id or "", staged)
        report.warnings += row_oddities(connection, contract)
        report.masked = masked(connection, contract)
        if contract.table in KNOWLEDGE:
            report.knowledge_points = point_count(connection, contract)
        result = merge(connection, contract, self.lake, report.batch_id or "", staged.held)
        report.loaded, report.replaced, report.duplicates = result.loaded, result.replaced, result.duplicates
        if not report.balanced:
            raise AssertionError(f"{report.file}: row accounting does not add up")
        self._finish(contract, file, report, result)

    def _finish(self, contract: Contract, file: Found, report: FileReport, result: Merge) -> None:
        report.status = "loaded" if result.changes else "unchanged"
        batch = _batch(report, file)
        if result.changes:
            commit(self.lake, contract, result, batch)
        log(self.lake, batch)

    def _log(self, file: Found, report: FileReport) -> None:
        """A refused file stands in the log of loads too."""
        log(self.lake, _batch(report, file))

    def _refuse_whole(self, file: Found, report: FileReport) -> None:
        failed, report.quarantined = report.quarantined, report.rows_read
        self._quarantine(file, report)
        raise Refused(
            f"共 {report.rows_read} 行,其中 {failed} 行有误,超过 {self.limits.quarantine_max_pct}%"
            f"(且不少于 {self.limits.quarantine_min_rows} 行),整个文件未载入。请按所列原因改正后重新载入。"
        )

    def _quarantine(self, file: Found, report: FileReport) -> None:
        if report.reasons:
            write_quarantine(self.lake, report.batch_id or "", _quarantine_rows(file, report))

    def _forget_original(self, file: Found, report: FileReport) -> None:
        """The inbox holds originals with personal values: one that has been loaded is deleted."""
        done = report.status in ("loaded", "unchanged")
        if done and self.limits.inbox_delete_loaded and self.home.inbox in file.path.resolve().parents:
            file.path.unlink()


def now() -> dt.datetime:
    """The wall clock of Asia/Shanghai; to the microsecond, so that batches of one load sort in their order."""
    return dt.datetime.now(CHINA)


def _after(stamp: str) -> str:
    """A microsecond later; empty stays empty."""
    if not stamp:
        return ""
    return f"{dt.datetime.strptime(stamp, STAMP) + dt.timedelta(microseconds=1):{STAMP}}"


def _unknown_table(path: Path) -> str:
    seen = ",内容也不是两库知识点工作簿" if path.suffix.lower() == ".xlsx" else ""
    return f"文件名 {path.name} 不以任何数据表的名称开头(例如 setl_d_2024-06.csv、inspection.xlsx){seen},无法识别是哪张表。"


def _batch(report: FileReport, file: Found) -> Batch:
    shared = {name: value for name, value in vars(report).items() if name in Batch.__dataclass_fields__}
    shared |= {
        "file": _logged_name(file),
        "loaded_at": now().replace(tzinfo=None).isoformat(timespec="seconds"),
    }
    shared["sha256"] = report.sha256 or ""
    return Batch(**shared)


def _logged_name(file: Found) -> str:
    """The file's name as log and quarantine keep it: people write ID-card and phone numbers into names too."""
    return mask(file.path.name)[0]


def _quarantine_rows(file: Found, report: FileReport) -> pa.Table:
    records = [_quarantine_row(file, report, reason) for reason in report.reasons]
    return pa.Table.from_pylist(records, schema=QUARANTINE_SCHEMA)


def _quarantine_row(file: Found, report: FileReport, reason: Reason) -> dict[str, object]:
    found = asdict(reason)
    return {
        "batch_id": report.batch_id, "table_name": report.table, "file": _logged_name(file), "row_no": found["row"],
        "column_name": found["column"], "value": found["value"], "reason": found["reason"],
    }  # fmt: skip
