"""Results on stdout: one JSON document, a table, or CSV. Decimals are strings, dates ISO."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table

#: columns of a table that is not printed to a terminal
WIDE = 240


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    json = "json"
    csv = "csv"


def plain(value: Any) -> Any:
    """A value as JSON holds it: Decimal as a plain string, dates ISO; containers likewise."""
    match value:
        case Decimal():
            return format(value, "f")
        case dt.datetime():
            return value.isoformat(timespec="seconds")
        case dt.date():
            return value.isoformat()
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def print_json(document: Any) -> None:
    """Print one JSON document and nothing else."""
    json.dump(plain(document), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def print_records(records: Sequence[dict[str, Any]], columns: Sequence[str], form: Format) -> None:
    """Print records (all with ``columns``) in the form asked for; null is an empty cell, "—" in a table."""
    if form is Format.json:
        print_json(list(records))
    elif form is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [["" if record[c] is None else _cell(record[c]) for c in columns] for record in records]
        )
    else:
        table = Table(*columns)
        for record in records:
            table.add_row(*["—" if record[c] is None else _cell(record[c]) for c in columns])
        stdout_console().print(table)


def stdout_console() -> Console:
    """Where tables go. A file or pipe has no width of its own: the default of 80 would cut Chinese names short."""
    return Console(width=None if sys.stdout.isatty() else WIDE)


def _cell(value: Any) -> str:
    value = plain(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
