"""Where a deployment keeps everything: one home folder with lake, warehouse, state and inbox."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fundwatch.errors import UserError

PROJECT = Path(__file__).resolve().parent.parent
CONTRACTS = PROJECT / "data" / "contracts"
REFERENCE = PROJECT / "data" / "reference"
QUERIES = PROJECT / "queries"
REPORTS = PROJECT / "reports"
HOME_VARIABLE = "FUNDWATCH_HOME"
DEFAULT_HOME = PROJECT / "data" / "homes" / "default"


@dataclass(frozen=True)
class Home:
    """One deployment's folder. Paths stored inside it are relative to ``root``, so it can be moved."""

    root: Path

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def name(self) -> str:
        return self.root.name

    def ensure(self) -> Home:
        """Make the four folders; raises UserError when the place cannot be written."""
        try:
            for folder in (self.lake, self.warehouse, self.state, self.inbox):
                # state holds keys, password hashes and the log of who did what
                folder.mkdir(mode=0o700 if folder == self.state else 0o777, parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"无法写入数据目录 {self.root}:{error.strerror}。请检查目录权限或剩余空间。"
            ) from error
        return self


def find_home(path: str | os.PathLike[str] | None = None) -> Home:
    """The home named, else ``FUNDWATCH_HOME``, else ``data/homes/default`` of the checkout."""
    chosen = path or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME
    return Home(Path(chosen).expanduser().resolve())
