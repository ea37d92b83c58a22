"""Run every benchmark and write what it prints to benchmarks/RESULTS.md: ``make bench``.

The part of RESULTS.md from the heading of the county run on is kept: that run takes hours and is made by hand.
"""

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
RESULTS = HERE / "RESULTS.md"
BY_HAND = "\n# County scale"
HEAD = """# Results

Made by `make bench` on {day}: {cores} cores, Python {python}, DuckDB {duckdb}, Streamlit {streamlit}.
Seconds belong to that machine on that day; the ratios are what to compare.
"""


def main() -> None:
    """Replace the part of RESULTS.md before the county run; leaves with an error when a benchmark fails."""
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
    _, heading, kept = RESULTS.read_text(encoding="utf-8").partition(BY_HAND)
    RESULTS.write_text("\n".join(parts) + heading + kept, encoding="utf-8")


if __name__ == "__main__":
    main()
