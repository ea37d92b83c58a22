"""Run every benchmark and write what it prints to benchmarks/RESULTS.md: ``make bench``."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = ("loader.py", "build.py", "pages.py", "exports.py")
HEAD = """# Results

Made by `make bench` on {day}: {cores} cores, Python {python}, DuckDB {duckdb}, Streamlit {streamlit}.
Seconds belong to that machine on that day; the ratios are what to compare.
"""


def main() -> None:
    """Replace RESULTS.md; leaves with an error when a benchmark fails."""
    parts = [
        HEAD.format(
            day=dt.date.today(), cores=os.cpu_count(), python=platform.python_version(), duckdb=version("duckdb"),
            streamlit=version("streamlit"),
        )
    ]  # fmt: skip
    for program in PROGRAMS:
        print(program, file=sys.stderr)
        done = subprocess.run(
            [sys.executable, str(HERE / program)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=HERE.parent,
        )
        lines = "\n".join(
            line
            for line in done.stdout.splitlines()
            if not line.startswith(("┏", "┃", "┡", "│", "└", "已发布"))
        )
        parts.append(f"## {program}\n\n`python benchmarks/{program}`\n\n```\n{lines.strip()}\n```\n")
    (HERE / "RESULTS.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
