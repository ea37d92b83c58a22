"""docs/glossary.md: each domain word once, from the declarations themselves (`python -m fundwatch.glossary`)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from fundwatch.contracts import contracts
from fundwatch.home import PROJECT
from fundwatch.kpi import declarations

TARGET = PROJECT / "docs" / "glossary.md"
HEAD = """# Glossary

Each domain word once: the Chinese of the screens, the identifier in code, files and warehouse, and where it stands.
Made from `data/contracts/*.yaml` and `queries/kpis/*.yaml` by `python -m fundwatch.glossary`; a test keeps it true.
"""


def render() -> str:
    """The glossary as Markdown: tables, fields (one line per Chinese word and identifier), KPIs."""
    lines = [HEAD, "## Tables", "", "| 中文 | table | one row is |", "|---|---|---|"]
    lines += [f"| {c.title} | `{c.table}` | {c.grain} |" for c in contracts().values()]
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    units: dict[tuple[str, str], str] = {}
    for contract in contracts().values():
        for column in contract.columns:
            word = (column.name, column.label)
            places[word].append(contract.table)
            units[word] = column.unit or ""
    lines += ["", "## Fields", "", "| 中文 | field | unit | tables |", "|---|---|---|---|"]
    lines += [
        f"| {label} | `{name}` | {units[name, label]} | {', '.join(tables)} |"
        for (name, label), tables in sorted(places.items())
    ]
    lines += ["", "## KPIs", "", "| 指标 | id | unit |", "|---|---|---|"]
    lines += [f"| {kpi.label} | `{kpi.id}` | {kpi.unit} |" for kpi in declarations().values()]
    return "\n".join(lines) + "\n"


def main(target: Path = TARGET) -> None:
    """Write the glossary."""
    target.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
