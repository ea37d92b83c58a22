"""What a load would do, without doing it: the same reading, checking and comparing, and no commit.

The account of each file is exact against what is in force now. Several files of one table are each compared with that, not with
each other: rows that a file before them would bring count as new again.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from fundwatch.contracts import Contract
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.loader.commit import only_loader, sweep
from fundwatch.loader.load import Job
from fundwatch.loader.merge import Merge
from fundwatch.loader.recognise import Found, find_files
from fundwatch.loader.report import FileReport, LoadReport
from fundwatch.progress import Step, silent


def preview_paths(home: Home, paths: Sequence[Path], step: Step = silent) -> LoadReport:
    """The report that ``load_paths`` would give; the lake, its log, its quarantine and the files stay as they are.

    Raises UserError as ``load_paths`` does.
    """
    found = find_files([Path(path) for path in paths])
    home.ensure()
    reports = []
    with only_loader(home) as work:
        job = Look(home, work)
        try:
            for number, file in enumerate(found):
                step(file.path.name, number, len(found))
                reports.append(job.load(file))
        finally:
            # What merging wrote beside the lake's files is named by no commit.
            sweep(Lake(home))
            shutil.rmtree(work, ignore_errors=True)
        step("完成", len(found), len(found))
    return LoadReport(reports)


class Look(Job):
    """A job that stops before everything that counts."""

    def _finish(self, contract: Contract, file: Found, report: FileReport, result: Merge) -> None:
        report.status = "loaded" if result.changes else "unchanged"

    def _log(self, file: Found, report: FileReport) -> None:
        pass

    def _quarantine(self, file: Found, report: FileReport) -> None:
        pass

    def _forget_original(self, file: Found, report: FileReport) -> None:
        pass
