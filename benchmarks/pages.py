"""How long a screen's script takes, for every screen of the page table, and whether it grows with the claims.

    python benchmarks/pages.py [--scale small] [--runs 5]
    python benchmarks/pages.py --home COUNTY --home TENTH [--runs 9] [--only 审核拒付] [--queries 20]

Without ``--home`` the demo county at ``--scale`` is made in a temporary folder. With two homes the ratio of the first to the second is
printed for each screen: with ten times the claims, one that reads sums stays near 1. Homes made before (benchmarks/RESULTS.md):

    python -m fundwatch demo --out FILES --scale county --months 13      (and --scale tenth)
    python -m fundwatch load FILES --home COUNTY && python -m fundwatch build --home COUNTY

Each screen runs here as a person with all roles, through app.py; what the browser draws is not counted. Screens that need an object get
the busiest institution, a claim with a suspicion, a case with claims. Homes take turns:

    first   nothing in the caches, as after a build
    new     another period and, every second time, another level of institutions: the screen's queries run anew
    again   the same choice once more: only the script
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.testing.v1 import AppTest

from fundwatch.access import PAGES, Entry, Role
from fundwatch.cli.app import run
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui import sample_views
from fundwatch.ui.address import MEMORY
from fundwatch.ui.signin import SESSION
from fundwatch.warehouse import Warehouse, open_warehouse

NAME = "bench"
KINDS = ("first", "new", "again")
LEVELS = ("二级", "一级", "未定级")
#: lists behind numbers: of claims, of reminders, of a ledger
LISTS = ("rejected_doc_rate", "rejection_rate", "reminder_compliance", "rule_hit_amount", "recovery_rate")
NEWEST = "select max(last_date) as day from _meta_tables where table_name = 'setl_d'"
OBJECTS = {
    "institution": "select fixmedins_code as code from fct_settlement_month group by 1 order by sum(setl_cnt) desc, 1 limit 1",
    "claim": "select doc.setl_id from stg_doc_suspt_d as suspicion inner join stg_doc_d as doc using (doc_id) "
    "where suspicion.ym = (select max(ym) from stg_doc_suspt_d) and suspicion.det_flag = '1' order by 1 limit 1",
    "case": "select case_id from stg_case_claim group by 1 order by count(*) desc, 1 limit 1",
}


@dataclass(frozen=True)
class Look:
    """One screen with what its address names."""

    entry: Entry
    query: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        kinds = [word for name, word in (("setl_id", "结算"), ("case_id", "案件")) if name in self.query]
        lists = [name for name in self.query.values() if name in LISTS]
        return " ".join([self.entry.title, *lists, *kinds])


@dataclass(frozen=True)
class Taken:
    """Seconds of one run: on the clock, and of the processor (all threads)."""

    wall: float
    busy: float


class Bench:
    """One home with its screens, each in a session of its own."""

    def __init__(self, root: Path, until: dt.date | None = None) -> None:
        self.home = Home(root)
        users = Users.of(self.home)
        if NAME not in {user.username for user in users.listing()}:
            users.add(NAME, NAME, list(Role), NAME)
            users.set_password(NAME, f"{secrets.token_urlsafe(18)}-aA1")
        with open_warehouse(self.home) as warehouse:
            self.rows = dict(
                warehouse.query(
                    "select table_name, sum(rows) as row_cnt from _meta_files "
                    "where table_name in ('setl_d', 'fee_list_d', 'doc_d') group by 1"
                ).to_pandas().itertuples(index=False, name=None)
            )  # fmt: skip
            self.newest = until or warehouse.query(NEWEST).to_pylist()[0]["day"]
            self.objects = {name: warehouse.query(sql).to_pylist()[0] for name, sql in OBJECTS.items()}
        self.app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=600)
        self.app.session_state[SESSION] = Sessions.of(self.home).issue(NAME)
        self.on: Look | None = None

    def looks(self) -> list[Look]:
        """Every screen of the page table; those that need an object with one, or several."""
        wanted: dict[str, list[dict[str, str]]] = {
            "kpi-list": [{"kpi": name} for name in LISTS],
            "institution": [self.objects["institution"]],
            "case": [self.objects["claim"], self.objects["case"]],
        }
        return [Look(entry, query) for entry in PAGES for query in wanted.get(entry.url_path, [{}])]

    def open(self, look: Look) -> None:
        """Go to a screen as somebody does who made no choice before."""
        self.app.session_state[MEMORY] = {}
        self.app.query_params.clear()
        if self.on is None and look.entry is not PAGES[0]:
            taken(self.app)
        if self.on is None or look.entry is not self.on.entry:
            self.app.switch_page(look.entry.path)
        for name, value in look.query.items():
            self.app.query_params[name] = value
        self.on = look

    def take(self, look: Look, kind: str, number: int, place: int) -> Taken:
        """Run a screen once. Raises RuntimeError with the screen's own message when it fails.

        Each home (``place``) has days of its own: their ledgers are equal, and charts are kept by what they show.
        """
        os.environ[HOME_VARIABLE] = str(self.home.root)
        if look is not self.on:
            self.open(look)
        if kind == "first":
            st.cache_data.clear()
            sample_views._platform_sample.clear()
            sample_views._platform_estimates.clear()
        if kind == "new":
            first = dt.date(self.newest.year, 1, 1) + dt.timedelta(days=2 * number + place + 1)
            chosen = {"from": first.isoformat(), "to": self.newest.isoformat()}
            if number % 2 and look.entry.url_path != "institution":
                chosen["level_class"] = LEVELS[number // 2 % len(LEVELS)]
            self.app.query_params.pop("level_class", None)
            self.app.query_params.update(chosen)
        return taken(self.app)


def taken(app: AppTest) -> Taken:
    """Seconds of one run of the script."""
    start, busy = time.perf_counter(), time.process_time()
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return Taken(time.perf_counter() - start, time.process_time() - busy)


@dataclass
class Asked:
    """One query of a screen, under the name of the screen's query or KPI."""

    screen: str
    name: str
    seconds: list[float] = field(default_factory=list)


class Queries:
    """Watches the warehouse: which query of which screen took how long."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, str, str], Asked] = {}
        self.screen, self.home = "", 0
        #: seconds so far in which a query was running, or several
        self.spent = 0.0
        self._running, self._since = 0, 0.0
        self._counting = threading.Lock()

    @contextmanager
    def watching(self) -> Iterator[None]:
        ask = Warehouse.query

        def timed(warehouse: Warehouse, sql: str, params: Any = None) -> Any:
            start = time.perf_counter()
            self._count(1, start)
            try:
                found = ask(warehouse, sql, params)
            finally:
                end = time.perf_counter()
                self._count(-1, end)
            key = self.home, self.screen, _asker()
            self.found.setdefault(key, Asked(self.screen, key[2])).seconds.append(end - start)
            return found

        Warehouse.query = timed  # type: ignore[method-assign]
        try:
            yield
        finally:
            Warehouse.query = ask  # type: ignore[method-assign]

    def _count(self, more: int, now: float) -> None:
        """A query begins (1) or ends (-1): time in which several run counts once."""
        with self._counting:
            if self._running:
                self.spent += now - self._since
            self._running += more
            self._since = now

    def slowest(self, home: int, count: int) -> list[Asked]:
        mine = [asked for (of_home, *_), asked in self.found.items() if of_home == home]
        return sorted(mine, key=lambda asked: -statistics.median(asked.seconds))[:count]


def _asker() -> str:
    """Who asks: the name of the page's query, or the function and KPI of the engine."""
    frame = sys._getframe(2)
    for _ in range(8):
        local, word = frame.f_locals, frame.f_code.co_name
        if word == "_query" and "name" in local:
            return str(local["name"])
        if word == "answer" and "question" in local:
            return f"value {local['question'].kpi.id} {','.join(local['question'].split)}".strip()
        if word in {"rows", "totals", "batches"} and "kpi" in local:
            kpi = local["kpi"]
            return f"{word.strip('_')} {getattr(kpi, 'id', kpi)} {','.join(local.get('split', ()))}".strip()
        frame = frame.f_back or frame
    return sys._getframe(2).f_code.co_qualname


def p95(values: list[float]) -> float:
    """The value that one run in twenty exceeds (of few runs the slowest)."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def make_home(folder: Path, scale: str) -> Path:
    """The demo county, loaded and built; raises RuntimeError when a step fails."""
    root = folder / "home"
    for words in (
        ["demo", "--out", str(folder / "files"), "--scale", scale],
        ["load", str(folder / "files")],
        ["build"],
    ):
        if run([*words, "--home", str(root)] if words[0] != "demo" else words):
            raise RuntimeError(" ".join(words))
    return root


def measure(benches: list[Bench], options: argparse.Namespace, queries: Queries) -> None:
    """Print a line for each screen: median and p95 of each kind of run in the first home, ratios to the second."""
    looks = [bench.looks() for bench in benches]
    for together in zip(*looks, strict=True):
        words = together[0].words
        if not any(only in words for only in options.only or [""]):
            continue
        found: dict[tuple[int, str], list[Taken]] = defaultdict(list)
        asked: dict[tuple[int, str], list[float]] = defaultdict(list)
        for kind in KINDS:
            for place, (bench, look) in enumerate(zip(benches, together, strict=True)):
                if kind == "new":  # the first look of one home has emptied the caches of the other
                    bench.take(look, "again", 0, place)
            for number in range(options.firsts if kind == "first" else options.runs):
                for place, (bench, look) in enumerate(zip(benches, together, strict=True)):
                    queries.screen, queries.home = f"{words} ({kind})", place
                    before = queries.spent
                    found[place, kind].append(bench.take(look, kind, number, place))
                    asked[place, kind].append(queries.spent - before)
        parts = []
        for kind in KINDS:
            own = found[0, kind]
            wall, busy = [one.wall for one in own], [one.busy for one in own]
            part = f"{kind} {statistics.median(wall):.2f} / {p95(wall):.2f} ({statistics.median(busy):.2f})"
            if other := found.get((1, kind)):
                part += f" x{_ratio(own, other, 'wall'):.2f} (x{_ratio(own, other, 'busy'):.2f})"
            parts.append(part)
        own, other = asked[0, "new"], asked.get((1, "new"))
        together_ms = f"queries together, new {1000 * statistics.median(own):.0f} / {1000 * p95(own):.0f} ms"
        if other and statistics.median(other):
            together_ms += f" x{statistics.median(own) / statistics.median(other):.2f}"
        parts.append(together_ms)
        print(f"{words}: {'; '.join(parts)}", flush=True)


def _ratio(own: list[Taken], other: list[Taken], what: str) -> float:
    return statistics.median(getattr(one, what) for one in own) / statistics.median(
        getattr(one, what) for one in other
    )


def main() -> None:
    """Print a line a screen, then the slowest queries."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", action="append", type=Path, default=[], help="built; two for ratios")
    parser.add_argument("--scale", default="small")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", action="append", default=[], help="screens whose title holds this")
    parser.add_argument("--firsts", type=int, default=3, help="runs with nothing in the caches")
    parser.add_argument(
        "--until",
        type=dt.date.fromisoformat,
        help="last day of the new periods, where a home lacks later rows",
    )
    parser.add_argument("--queries", type=int, default=0, help="so many of the slowest queries of each home")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="fundwatch-bench-") as folder:
        roots = options.home or [make_home(Path(folder), options.scale)]
        benches = [Bench(root, options.until) for root in roots]
        for bench in benches:
            rows = ", ".join(f"{bench.rows[table]:,.0f} {table}" for table in sorted(bench.rows))
            print(f"{rows}; data to {bench.newest}")
        print(
            f"median / p95 seconds of {options.runs} runs (first: {options.firsts}), in brackets of the processor; x: to the second home"
        )
        queries = Queries()
        with queries.watching():
            measure(benches, options, queries)
        for place in range(len(benches) if options.queries else 0):
            for asked in queries.slowest(place, options.queries):
                taken_s = asked.seconds
                times = f"{statistics.median(taken_s):.3f} / {p95(taken_s):.3f} s, {len(taken_s)} times"
                print(f"home {place + 1} query {times}: {asked.screen}: {asked.name}")


if __name__ == "__main__":
    main()
