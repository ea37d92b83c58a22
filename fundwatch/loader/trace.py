"""What the log keeps of a load and of a build, on the screen and at the command line alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundwatch.home import Home
from fundwatch.loader.privacy import mask
from fundwatch.loader.report import FileReport
from fundwatch.state.audit import record
from fundwatch.state.db import engine

if TYPE_CHECKING:
    from fundwatch.build.runner import BuildReport

LOADED, BUILT = "载入", "生成版本"
STATUS = {"loaded": "已载入", "unchanged": "无变化", "refused": "退回", "skipped": "跳过"}


def record_load(home: Home, user: str, file: FileReport) -> None:
    """One event per file that was looked at: table, outcome, counts, hash; the name without its folder, numbers of persons masked."""
    detail: dict[str, Any] = {
        "table": file.table, "status": STATUS[file.status], "rows": file.rows_read, "loaded": file.loaded,
        "replaced": file.replaced, "duplicates": file.duplicates, "quarantined": file.quarantined, "sha256": file.sha256,
    }  # fmt: skip
    record(engine(home), user, LOADED, mask(Path(file.file).name)[0], detail)


def record_build(home: Home, user: str, report: BuildReport) -> None:
    """A build that somebody asked for, whether it changed anything or not."""
    record(
        engine(home),
        user,
        BUILT,
        report.version,
        {"changed": report.changed, "months": len(report.months)},
    )
