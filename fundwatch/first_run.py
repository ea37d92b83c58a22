"""What `make run` does before serving: a home with data in it, made from a folder or from the demo county."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from fundwatch.cli.app import run
from fundwatch.home import Home, find_home

#: ready in under two minutes on two cores, download of packages aside
DEMO_SCALE = "small"


def prepare(home: Path, data: Path | None) -> int:
    """Load ``data`` (or the demo, when the home has no version yet) and build; return the exit status.

    Loading the same folder again changes nothing, so a second `make run DATA=…` only picks up new files.
    """
    where = find_home(home)
    if data is not None:
        return _load_and_build(where, data)
    if (where.warehouse / "CURRENT").exists():
        return 0
    print("首次运行:生成演示县数据(虚构),约需一两分钟。", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="fundwatch-demo-") as folder:
        status = run(["demo", "--out", folder, "--scale", DEMO_SCALE])
        return status or _load_and_build(where, Path(folder))


def _load_and_build(home: Home, data: Path) -> int:
    loaded = run(["load", str(data), "--home", str(home.root)])
    if loaded > 1:
        return loaded
    # 1 means that something was refused or quarantined: what did load is still shown, and 数据质量 names the rest.
    return run(["build", "--home", str(home.root)])


def main(
    home: Annotated[Path, typer.Option(help="数据目录")],
    data: Annotated[Path | None, typer.Option(help="要载入的目录")] = None,
) -> None:
    """Prepare the home and leave with the status of what failed."""
    raise typer.Exit(prepare(home, data))


if __name__ == "__main__":
    typer.run(main)
