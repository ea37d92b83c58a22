"""One build: take the lake as it is, make a new serving file, check it, switch to it."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from fundwatch.build import publish
from fundwatch.build.before import DAMAGED, NOTHING, lake_is_sound, load_date, served_before
from fundwatch.build.engine import DuckEngine, Engine
from fundwatch.build.hit_tables import Kept
from fundwatch.build.hit_texts import rule_texts
from fundwatch.build.hits import HitReport, Inputs, is_settled, make_hits
from fundwatch.build.meta import Before, Made, write_meta
from fundwatch.build.models import Models, read_models
from fundwatch.build.plan import FULL, Change, mode, plan
from fundwatch.build.portable import check_models, reference_tables
from fundwatch.build.sources import Snapshot, reference_hash, snapshot
from fundwatch.build.workshop import make_mart, make_staging, workshop
from fundwatch.bureau.apply import apply_due
from fundwatch.clock import Clock, china_time, china_today, system_clock
from fundwatch.errors import UsageError, UserError, damaged_version_of
from fundwatch.home import QUERIES, Home
from fundwatch.lake import Lake
from fundwatch.meetings.held import held_versions
from fundwatch.progress import Step, silent
from fundwatch.settings import Settings, Values

UNSET = "参数 {name} 未设置,用到它的统计按空值处理。用 fundwatch settings set {name} <值> 设置。"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class BuildReport:
    """What a build did. ``changed`` is false when nothing differed and the version stayed."""

    version: str
    engine: str
    changed: bool
    months: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def build(
    home: Home,
    lake: Lake,
    settings: Settings,
    *,
    full: bool = False,
    first: str | None = None,
    last: str | None = None,
    step: Step = silent,
    clock: Clock = system_clock,
    queries: Path = QUERIES,
    engine: Engine | None = None,
) -> BuildReport:
    """Build and publish a version, or keep the one there is when nothing changed.

    Months from ``first`` to ``last`` (YYYY-MM, either may be open) are rebuilt besides the changed ones. ``engine``: DuckDB when
    None. Raises UserError when a model cannot run or a check fails; the version before stays served.
    """
    engine = engine or DuckEngine()
    named = _named_months(first, last)
    models = read_models(queries)
    check_models(models)
    with publish.build_lock(home):
        publish.clean(home)
        today = china_today(clock)
        waiting = _carry_changes(home, today)
        before, kept, said = served_before(home, today)
        waiting += said
        values = settings.now()

        def run_on(before: Before, kept: Kept) -> _Run:
            return _Run(
                home=home, engine=engine, models=models, values=values, tables=tables, before=before, kept=kept, step=step,
                full=full, wanted=named, parameters={name: values.get(name, today) for name in sorted(models.parameters)},
            )  # fmt: skip

        tables = snapshot(lake)
        run = run_on(before, kept)
        changes = run.changes()
        if not full and named is None and run.nothing_changed(changes):
            rows = {**run.before.row_counts, **kept.rows}
            return BuildReport(run.before.version or "", engine.name, changed=False, rows=rows, notes=waiting)
        version, loaded = publish.new_version(home, clock), load_date(lake, today)
        try:
            report = run.make(version, changes, loaded, clock)
        except (UserError, duckdb.Error) as error:
            # what shows only when a table is copied: nothing of that version is taken over then
            if run.before.version is None or not damaged_version_of(error):
                raise
            publish.clean(home)
            waiting.append(DAMAGED)
            run = run_on(*NOTHING)
            report = run.make(version, run.changes(), loaded, clock)
        report.notes.extend(waiting)
        kept_cnt = int(settings.get("warehouse_versions_kept", today))
        publish.drop_old(home, kept_cnt, held_versions(home))
        return report


def check_month(text: str | None) -> str | None:
    """A month as given, or None; raises UsageError saying how a month is written."""
    if text is not None and not MONTH.fullmatch(text):
        raise UsageError(f"月份“{text}”应写成 YYYY-MM,例如 2024-06。")
    return text


def _named_months(first: str | None, last: str | None) -> tuple[str, str] | None:
    check_month(first)
    check_month(last)
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        raise UsageError(f"起始月份 {first} 晚于结束月份 {last}。")
    return first or "0000-00", last or "9999-99"


def _carry_changes(home: Home, today: dt.date) -> list[str]:
    """Changes of the bureau's own lists whose day has come go into the lake first; what could not is told, not hidden."""
    try:
        apply_due(home, today)
    except UserError as error:
        return [f"到期的设置变更这次未能载入,下次生成版本时再试:{error.message}"]
    return []


class _Run:
    """The state of one build."""

    def __init__(
        self,
        *,
        home: Home,
        engine: Engine,
        models: Models,
        parameters: Mapping[str, Any],
        values: Values,
        tables: Snapshot,
        before: Before,
        kept: Kept,
        step: Step,
        full: bool,
        wanted: tuple[str, str] | None,
    ) -> None:
        self.home, self.engine = home, engine
        self.models, self.parameters, self.values = models, parameters, values
        self.tables, self.before, self.kept, self.step = tables, before, kept, step
        self.full, self.wanted = full, self._existing(wanted)
        self.references = reference_tables(models.by_name.values())
        self.hashes = models.hashes(parameters, reference_hash(self.references))
        self.total = len(models.by_name) + len(rule_texts()) + 3

    def changes(self) -> dict[str, Change]:
        """What to make anew."""
        known = {} if self.full else self.before.hashes
        return plan(
            self.models,
            self.hashes,
            known,
            now=self.tables,
            before=self.before.tables,
            wanted=self.wanted,
        )

    def nothing_changed(self, changes: Mapping[str, Change]) -> bool:
        """Whether the version served already holds all of this."""
        return (
            self.before.version is not None
            and not any(changes.values())
            and set(changes) == set(self.before.hashes)
            and is_settled(self.kept, self.values)
        )

    def make(
        self, version: str, changes: Mapping[str, Change], loaded: dt.date | None, clock: Clock
    ) -> BuildReport:
        """Write, check, publish and switch to ``version``."""
        try:
            lake_is_sound(Lake(self.home), self.tables, changes)
            made, hits = self._written(version, changes, loaded, clock)
        except UserError as error:
            raise type(error)(f"{error.message}\n{self._still_served()}") from error
        self.step("发布文件", self.total - 1, self.total)
        publish.publish_file(self.home, version)
        self.step("切换版本", self.total, self.total)
        publish.switch(self.home, version)
        return self._report(version, changes, made, hits)

    def _written(
        self, version: str, changes: Mapping[str, Change], loaded: dt.date | None, clock: Clock
    ) -> tuple[list[Made], HitReport]:
        """The finished file, not yet published."""
        before = publish.serving_file(self.home, self.before.version) if self.before.version else None
        file = publish.building_file(self.home, version)
        with workshop(file, before, self.tables, self.home.root, self.references) as connection:
            with self.engine.working(connection, file, self.tables, self.home.root):
                made = self._models(connection, changes)
                hits = self._hits(connection, changes)
            self.step("写入版本信息", self.total - 2, self.total)
            write_meta(connection, self._values(version, clock), self.tables, made, loaded)
            connection.execute("use memory")
            connection.execute("detach wh")
        return made, hits

    def _hits(self, connection: duckdb.DuckDBPyConnection, changes: Mapping[str, Change]) -> HitReport:
        inputs = Inputs(
            tables=self.tables, before=self.before.tables, changes=changes, values=self.values, root=self.home.root,
            full=self.full, wanted=self.wanted,
        )  # fmt: skip
        models = len(self.models.by_name)
        return make_hits(
            connection,
            self.engine,
            self.kept,
            inputs,
            lambda text, done, _: self.step(text, models + done, self.total),
        )

    def _models(self, connection: duckdb.DuckDBPyConnection, changes: Mapping[str, Change]) -> list[Made]:
        made = []
        for done, (name, model) in enumerate(self.models.by_name.items(), start=1):
            self.step(name, done, self.total)
            start = time.perf_counter()
            if model.is_staging:
                make_staging(connection, self.engine, model, changes[name])
                rows = self.tables[name.removeprefix("stg_")].rows
            else:
                rows = make_mart(connection, self.engine, model, changes[name], self.parameters)
            made.append(Made(model, self.hashes[name], rows, round(time.perf_counter() - start, 3)))
        return made

    def _still_served(self) -> str:
        served = self.before.version
        return f"未发布;仍在使用版本 {served}。" if served else "未发布;目前还没有可用的版本。"

    def _values(self, version: str, clock: Clock) -> dict[str, str | None]:
        parameters = {name: None if value is None else str(value) for name, value in self.parameters.items()}
        return {
            "version": version,
            "built_at": china_time(clock()).isoformat(),
            "engine": self.engine.name,
            "parameters": json.dumps(parameters, ensure_ascii=False, sort_keys=True),
        }

    def _existing(self, months: tuple[str, str] | None) -> frozenset[str]:
        """Named months for which there is or was anything."""
        if months is None:
            return frozenset()
        tables = [*self.tables.values(), *self.before.tables.values()]
        return frozenset(
            month for table in tables for month in table.months if months[0] <= month <= months[1]
        )

    def _report(
        self, version: str, changes: Mapping[str, Change], made: list[Made], hits: HitReport
    ) -> BuildReport:
        marts = {model.name: mode(changes[model.name]) for model in self.models.marts}
        months = set().union(*(changes[model.name].months for model in self.models.marts))
        if FULL in {marts[model.name] for model in self.models.marts if model.header.by_month}:
            months |= {month for table in self.tables.values() for month in table.months}
        missing = sorted(name for name, value in self.parameters.items() if value is None)
        return BuildReport(
            version, self.engine.name, changed=True, months=sorted(months),
            modes={**marts, **dict.fromkeys(hits.rows, hits.mode)},
            seconds={**{item.model.name: item.seconds for item in made}, **hits.seconds},
            rows={**{item.model.name: item.row_count for item in made if not item.model.is_staging}, **hits.rows},
            notes=[UNSET.format(name=name) for name in missing],
        )  # fmt: skip
