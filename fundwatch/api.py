"""The public reading interface (docs/api.md): one version of a home; results as Arrow, pandas or Polars, amounts always decimal.

It only reads. Lists come without the columns of one person, doctor or claim: those stay on the screens, where each look is on record.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.analyst.file import analyst_file
from fundwatch.analyst.run import limits_of, start
from fundwatch.analyst.tables import analyst_tables
from fundwatch.errors import UserError
from fundwatch.home import Home, find_home
from fundwatch.kpi import declarations, evaluate, rows
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse, open_warehouse

if TYPE_CHECKING:
    import pandas
    import polars

Day = str | dt.date
Filters = Mapping[str, Sequence[str | None]]
#: numerators and denominators may be products and quotients of parameters; values are rounded to 10 places by the engine
EXACT, VALUE = pa.decimal128(38, 16), pa.decimal128(38, 10)
#: a result for a program may be longer than one for a screen; beyond this it raises, it is never cut
SQL_ROWS = 200_000
KPI_COLUMNS = pa.schema([
    ("kpi", pa.string()), ("label", pa.string()), ("start", pa.date32()), ("end", pa.date32()), ("by", pa.string()), ("key", pa.string()),
    ("numerator", EXACT), ("denominator", EXACT), ("value", VALUE), ("unit", pa.string()), ("target", pa.string()),
    ("data_through", pa.date32()), ("reason", pa.string()),
])  # fmt: skip


@dataclass(frozen=True)
class Result:
    """Rows of one question. Amounts are decimal in every form; nothing becomes a binary float by itself."""

    table: pa.Table

    def arrow(self) -> pa.Table:
        """As an Arrow table (decimal128)."""
        return self.table

    def pandas(self) -> pandas.DataFrame:
        """As a pandas frame: decimals as ``decimal.Decimal`` objects, dates as datetime64, text as str."""
        return self.table.to_pandas(date_as_object=False)

    def polars(self) -> polars.DataFrame:
        """As a Polars frame (Decimal); raises UserError where Polars is not installed (``make lab`` brings it)."""
        try:
            import polars
        except ImportError as error:
            raise UserError("没有安装 polars。请用 make lab 的环境,或改用 .arrow()、.pandas()。") from error
        frame = polars.from_arrow(self.table)
        assert isinstance(frame, polars.DataFrame)  # a table never becomes a series
        return frame

    def __len__(self) -> int:
        return self.table.num_rows


class County:
    """One version of a home, open for reading. ``with`` closes it; numbers of one object are of one version."""

    def __init__(self, home: Home, warehouse: Warehouse) -> None:
        self._home, self._warehouse, self._settings = home, warehouse, Settings(home)

    @classmethod
    def of(cls, home: str | os.PathLike[str] | None = None, version: str | None = None) -> County:
        """See ``fundwatch.open``."""
        found = find_home(home)
        return cls(found, open_warehouse(found, version))

    @property
    def version(self) -> str:
        """The version that is read."""
        return self._warehouse.version

    def kpi(
        self,
        ids: str | Sequence[str] | None,
        start: Day,
        end: Day,
        by: str | None = None,
        filters: Filters | None = None,
    ) -> Result:
        """Values of KPIs (one, several, None: all) for a period, whole or split ``by`` a dimension; the columns are ``KPI_COLUMNS``.

        A ``value`` of None means that there is none; ``reason`` says why. Raises UsageError for an unknown KPI.
        """
        wanted = [ids] if isinstance(ids, str) else ids
        values = evaluate(self._warehouse, self._settings, wanted, day(start), day(end), by, filters)
        labels = declarations()
        records = [
            {
                **value.record(), "label": labels[value.kpi].label, "start": value.start, "end": value.end,
                "reason": value.extra.get("reason"),
            }
            for value in values
        ]  # fmt: skip
        return Result(pa.Table.from_pylist(records, KPI_COLUMNS))

    def rows(
        self,
        kpi: str,
        start: Day,
        end: Day,
        key: Mapping[str, str | None] | None = None,
        filters: Filters | None = None,
    ) -> Result:
        """The list behind a number, or behind one cell of a split; its ``numerator`` and ``denominator`` sum to what ``kpi`` gives."""
        found = rows(self._warehouse, self._settings, kpi, day(start), day(end), key, filters)
        return Result(found.drop_columns([name for name in found.column_names if name in PERSONAL_COLUMNS]))

    def sql(self, text: str, params: Mapping[str, Any] | None = None) -> Result:
        """Rows of one select over the tables of ``tables()``, under the guards and limits of the screen 自助查询.

        ``params`` fill its ``$names``. Raises UserError with the reason; a result of more than ``SQL_ROWS`` rows raises, it is not cut.
        """
        limits = replace(limits_of(self._settings), rows=SQL_ROWS)
        run = start(analyst_file(self._home, self.version), text, limits, params)
        try:
            outcome = run.outcome()
        except BaseException:
            # an interrupted notebook cell ends its statement too
            run.cancel()
            raise
        if outcome.more:
            raise UserError(f"结果超过 {SQL_ROWS:,} 行。请先汇总,或加条件分几次查询。")
        return Result(outcome.table())

    def tables(self) -> Result:
        """What ``sql`` can read: one row per column, with table, titles, grain, label, unit and code list."""
        records = [
            {
                "table": table.name, "title": table.title, "grain": table.grain, "column": column.name, "label": column.label,
                "unit": column.unit, "codes": column.codes,
            }
            for table in analyst_tables().values()
            for column in table.columns
        ]  # fmt: skip
        return Result(pa.Table.from_pylist(records))

    def close(self) -> None:
        """Let go of the file."""
        self._warehouse.close()

    def __enter__(self) -> County:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def day(value: Day) -> dt.date:
    """A date, or its ISO text; raises UserError for anything else."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise UserError(f"日期“{value}”不正确,应写成 2024-06-30。") from error
