"""What is loaded, how far the data reach, how complete they are: for `status` and the data-quality screen."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from fundwatch.build.publish import current_version, serving_file, versions
from fundwatch.clock import china_today, clock_day
from fundwatch.contracts import Contract, contracts
from fundwatch.home import Home
from fundwatch.lake import Batch, Lake
from fundwatch.steps import page_sql
from fundwatch.warehouse import Warehouse, open_warehouse

LOADS_SHOWN = 20
#: what `status` and the screens call "soon"
SOON_DAYS = 30
#: what can be late: name, mart, the column that says it is done
DUE = (
    ("六项信息报送", "fct_report_filing", "filed_date"),
    ("案件", "fct_case", "closed_date"),
    ("举报投诉", "fct_complaint", "closed_date"),
    ("任务", "fct_task", "done_date"),
)


@dataclass(frozen=True)
class TableState:
    """One contract table in a version. ``months`` are those with rows; None where a table has no date."""

    table: str
    title: str
    is_loaded: bool
    is_monthly: bool
    rows: int
    first_date: dt.date | None
    data_through: dt.date | None
    months: tuple[str, ...]


@dataclass(frozen=True)
class Completeness:
    """完整度: table-months loaded ÷ expected. ``pct`` is None when nothing monthly is loaded.

    ``missing`` lists the table-months that are not there, ``never_loaded`` the tables that were never loaded.
    """

    to: str | None
    loaded: int
    expected: int
    missing: tuple[tuple[str, str], ...]
    never_loaded: tuple[str, ...]

    @property
    def pct(self) -> Decimal | None:
        if not self.expected:
            return None
        return (Decimal(100 * self.loaded) / self.expected).quantize(Decimal("1e-10"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Deadline:
    """Open items of one kind with a due date: overdue today, and due within ``SOON_DAYS``."""

    kind: str
    overdue: int
    due_soon: int
    next_due: dt.date | None


@dataclass(frozen=True)
class Status:
    """Everything `status` prints; what hangs on a version is None before the first build. Sizes in bytes."""

    home: str
    version: str | None
    built_at: str | None
    engine: str | None
    load_date: str | None
    versions: int
    tables: tuple[TableState, ...]
    not_built: tuple[str, ...]
    completeness: Completeness | None
    loads: tuple[Batch, ...]
    quarantined: dict[str, int]
    disk: dict[str, int]
    #: the day that deadlines are read on (see ``fundwatch.clock.clock_day``)
    deadlines_on: dt.date | None
    deadlines: tuple[Deadline, ...]


def is_monthly(contract: Contract) -> bool:
    """Whether rows are expected every month: claim-scale tables, and ledgers kept by month or issue."""
    return contract.by_month or any(
        contract.by_name[name].kind in {"month", "issue"} for name in contract.key
    )


def table_states(warehouse: Warehouse) -> list[TableState]:
    """Every contract table as it is in this version, in alphabetical order."""
    facts = {
        row["table_name"]: row
        for row in warehouse.query(
            "select table_name, lake_version, rows, first_date, last_date from _meta_tables"
        ).to_pylist()
    }
    months: dict[str, list[str]] = {}
    for row in warehouse.query("select table_name, ym from _meta_months order by all").to_pylist():
        months.setdefault(row["table_name"], []).append(row["ym"])
    return [
        _state(contract, facts.get(table, {}), months.get(table, []))
        for table, contract in contracts().items()
    ]


def _state(contract: Contract, facts: dict[str, object], months: list[str]) -> TableState:
    return TableState(
        table=contract.table,
        title=contract.title,
        is_loaded=facts.get("lake_version") is not None,
        is_monthly=is_monthly(contract),
        rows=facts.get("rows") or 0,  # type: ignore[arg-type]
        first_date=facts.get("first_date"),  # type: ignore[arg-type]
        data_through=facts.get("last_date"),  # type: ignore[arg-type]
        months=tuple(months),
    )


def completeness(states: Sequence[TableState], to: dt.date | None = None) -> Completeness:
    """完整度 up to the month of ``to`` (default: the newest month any monthly table reaches).

    Each table counts from its own first month, so a table that began later is not blamed for the time before.
    Source: precise.md, Output.
    """
    monthly = [state for state in states if state.is_monthly and state.months]
    latest = max((f"{state.data_through:%Y-%m}" for state in monthly if state.data_through), default=None)
    end = f"{to:%Y-%m}" if to else latest
    expected = [(state, month) for state in monthly for month in months_between(state.months[0], end or "")]
    missing = tuple((state.table, month) for state, month in expected if month not in state.months)
    never = tuple(state.table for state in states if not state.is_loaded)
    return Completeness(end, len(expected) - len(missing), len(expected), missing, never)


def months_between(first: str, last: str) -> list[str]:
    """Months (YYYY-MM) from ``first`` to ``last``, both included; none when ``last`` is earlier."""
    if last < first:
        return []
    low, high = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(low, high + 1)]


def newest_day(warehouse: Warehouse) -> dt.date | None:
    """The newest day of the data, not after the day of loading; None when nothing dated is loaded."""
    loaded = warehouse.meta.get("load_date")
    if not loaded:
        return None
    found = warehouse.query(
        page_sql("newest_day"), {"load_date": dt.date.fromisoformat(loaded[:10])}
    ).to_pylist()
    return found[0]["newest_day"]


def deadlines(warehouse: Warehouse, today: dt.date) -> list[Deadline]:
    """Open reports, cases, complaints and tasks that are late or due soon."""
    soon = today + dt.timedelta(days=SOON_DAYS)
    found = []
    for kind, mart, done in DUE:
        # Names come from DUE above.
        query = f"""
            select
                count(*) filter (due_date < $today) as overdue,
                count(*) filter (due_date between $today and $soon) as due_soon,
                min(due_date) filter (due_date >= $today) as next_due
            from {mart} where {done} is null and due_date is not null
        """  # noqa: S608
        row = warehouse.query(query, {"today": today, "soon": soon}).to_pylist()[0]
        found.append(Deadline(kind, row["overdue"], row["due_soon"], row["next_due"]))
    return found


def status(home: Home, today: dt.date | None = None) -> Status:
    """The state of a home; works before the first load and the first build."""
    lake = Lake(home)
    batches = lake.batches()
    version = current_version(home)
    warehouse = open_warehouse(home, version) if version else None
    meta = warehouse.meta if warehouse else {}
    states = tuple(table_states(warehouse)) if warehouse else ()
    due_on = clock_day(today or china_today(), newest_day(warehouse)) if warehouse else None
    return Status(
        home=home.name,
        version=version,
        built_at=meta.get("built_at"),
        engine=meta.get("engine"),
        load_date=meta.get("load_date"),
        versions=len(versions(home)),
        tables=states,
        not_built=tuple(not_built(lake, warehouse)),
        completeness=completeness(states) if warehouse else None,
        loads=tuple(reversed(batches[-LOADS_SHOWN:])),
        quarantined=dict(_quarantined(batches)),
        disk=_disk(home, version),
        deadlines_on=due_on,
        deadlines=tuple(deadlines(warehouse, due_on)) if warehouse and due_on else (),
    )


def not_built(lake: Lake, warehouse: Warehouse | None) -> list[str]:
    """Tables whose lake has gone on since the build."""
    built: dict[str, int | None] = {}
    if warehouse:
        rows = warehouse.query("select table_name, lake_version from _meta_tables").to_pylist()
        built = {row["table_name"]: row["lake_version"] for row in rows}
    return [table for table in lake.tables() if lake.version(table) != built.get(table)]


def _quarantined(batches: Sequence[Batch]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for batch in batches:
        if batch.quarantined:
            counts[batch.table or batch.file] += batch.quarantined
    return counts


def _disk(home: Home, version: str | None) -> dict[str, int]:
    folders = {"lake": home.lake, "warehouse": home.warehouse, "state": home.state, "inbox": home.inbox}
    used = {name: _size(folder) for name, folder in folders.items()}
    serving = serving_file(home, version).stat().st_size if version else 0
    return {**used, "serving_file": serving, "free": shutil.disk_usage(home.root).free}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
