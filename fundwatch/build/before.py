"""What a build may take over: the version served, if it can be read, and the lake, if it holds what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import duckdb

from fundwatch.build import publish
from fundwatch.build.hit_tables import NOTHING_KEPT, Kept, read_kept
from fundwatch.build.meta import NOTHING_BEFORE, Before, read_before, read_values
from fundwatch.build.plan import Change
from fundwatch.build.sources import Snapshot
from fundwatch.bureau.rows import by_hand
from fundwatch.errors import damage_trouble
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.lake_sound import nothing_lost, verify

NOTHING = NOTHING_BEFORE, NOTHING_KEPT
DAMAGED = "上一个数据版本的服务文件损坏或缺失,本次没有沿用其中的统计表,已全部重新生成。"
POINTER_LOST = "版本指针 warehouse/CURRENT 缺失或损坏,本次已全部重新生成并修复指针。"
AHEAD = "上一个数据版本的生成日期晚于今天(当时机器时钟偏快),本次没有沿用其中的统计表,已全部重新生成。"


def served_before(home: Home, today: dt.date) -> tuple[Before, Kept, list[str]]:
    """The version served, its screening, and what to say of it.

    Nothing is taken over from a version whose file is gone or damaged, or that a clock which ran ahead has made: it may hold
    days that are yet to come.
    """
    version = publish.known_version(home)
    if version is None:
        return *NOTHING, [POINTER_LOST] if publish.has_files(home) else []
    file = publish.serving_file(home, version)
    if not file.is_file():
        return *NOTHING, [DAMAGED]
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            built_at = read_values(connection, "main")["built_at"]
            if dt.datetime.fromisoformat(built_at).date() > today:
                return *NOTHING, [AHEAD]
            return read_before(connection, "main"), read_kept(connection), []
    except duckdb.Error as error:
        if damage_trouble(error) is None:
            raise
        return *NOTHING, [DAMAGED]


def lake_is_sound(lake: Lake, tables: Snapshot, changes: Mapping[str, Change]) -> None:
    """Compare the files of changed tables and months with what the loader wrote; a full build compares all.

    Raises DamagedError naming table and file.
    """
    nothing_lost(lake)
    for table, files in tables.items():
        change = changes.get(f"stg_{table}")
        if not change:
            continue
        months = [m for m in files.files if change.all or m in change.months]
        verify(lake, table, [path for month in months for path in files.files[month]])


def load_date(lake: Lake, today: dt.date | None = None) -> dt.date | None:
    """The day (Asia/Shanghai) of the latest load that counts, not after ``today``; None when nothing was loaded.

    A row changed on the settings screen brings no data: planned dates do not become past ones through it. A load dated later than
    today was made while the clock ran ahead.
    """
    days = [
        dt.date.fromisoformat(batch.loaded_at[:10])
        for batch in lake.batches()
        if batch.status == "loaded" and not by_hand(batch)
    ]
    newest = max(days, default=None)
    return newest if today is None or newest is None else min(newest, today)
