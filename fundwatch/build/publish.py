"""Serving files: their names, the pointer, the lock, and what is cleaned away.

``CURRENT`` holds one line, the name of the file served. Writing it is the only switch of a build: a file
that it has never named does not count, and the file it names is never removed.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.errors import DamagedError, UserError
from fundwatch.home import Home

POINTER = "CURRENT"
LOCK = ".build.lock"
SERVING = re.compile(r"warehouse-(?P<version>\d{8}-\d{6}-\d{3})\.duckdb")
STAMP = "%Y%m%d-%H%M%S-%f"
BUILDING = ".building-"
_REPAIR = "不知道该使用哪个数据版本。请运行 fundwatch build,它会重新生成并修复指针;数据未受影响。"


def current_version(home: Home) -> str | None:
    """The version served, None when nothing has been built; raises DamagedError when the pointer is damaged or lost."""
    try:
        name = (home.warehouse / POINTER).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        if not _files(home):
            return None
        raise DamagedError(f"版本指针 warehouse/{POINTER} 缺失,{_REPAIR}") from None
    found = SERVING.fullmatch(name)
    if not found:
        raise DamagedError(f"版本指针 warehouse/{POINTER} 已损坏,{_REPAIR}")
    return found["version"]


def known_version(home: Home) -> str | None:
    """As ``current_version``; None also where the pointer tells nothing: a build then makes everything anew and sets it right."""
    try:
        return current_version(home)
    except DamagedError:
        return None


def serving_file(home: Home, version: str) -> Path:
    """Path of a version's file, whether it exists or not; raises UserError for what is no version."""
    name = f"warehouse-{version}.duckdb"
    if not SERVING.fullmatch(name):
        raise UserError(f"“{version}”不是版本号。")
    return home.warehouse / name


def has_files(home: Home) -> bool:
    """Whether any version was ever written here."""
    return bool(_files(home))


def versions(home: Home) -> list[str]:
    """Versions that can be opened, oldest first."""
    current = current_version(home) or ""
    return [version for version in _files(home) if version <= current]


@contextmanager
def build_lock(home: Home) -> Iterator[None]:
    """Hold the home's build lock; raises UserError when a build holds it. A killed build leaves no lock."""
    home.ensure()
    with (home.warehouse / LOCK).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError("另一个构建正在进行,请等它结束后再运行。") from error
        yield


def new_version(home: Home, clock: Clock = system_clock) -> str:
    """A version later than every one there is, named for the moment in Asia/Shanghai."""
    seconds = clock()
    moment = china_time(seconds).replace(microsecond=int(seconds % 1 * 1000) * 1000, tzinfo=None)
    newest = max(_files(home), default=None)
    if newest is not None:
        # Clocks step back; versions must not, their order is their age.
        moment = max(moment, _moment(newest) + dt.timedelta(milliseconds=1))
    return moment.strftime(STAMP)[:-3]


def building_file(home: Home, version: str) -> Path:
    """Where a version is written before it is published."""
    return home.warehouse / f"{BUILDING}{version}.duckdb"


def clean(home: Home) -> None:
    """Remove what a killed build left: half-written files, and finished ones the pointer never named."""
    for path in home.warehouse.glob(f"{BUILDING}*"):
        # DuckDB spills into a folder beside the file it writes.
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (home.warehouse / f"{POINTER}.new").unlink(missing_ok=True)
    current = known_version(home)
    for version, path in _files(home).items():
        if current is not None and version > current:
            path.unlink()


def publish_file(home: Home, version: str) -> None:
    """Give the finished file its name, safely on disk."""
    source = building_file(home, version)
    _sync(source)
    os.replace(source, serving_file(home, version))
    _sync(home.warehouse)


def switch(home: Home, version: str) -> None:
    """Point ``CURRENT`` at a published version, in one step for every reader."""
    new = home.warehouse / f"{POINTER}.new"
    new.write_text(serving_file(home, version).name + "\n", encoding="utf-8")
    _sync(new)
    os.replace(new, home.warehouse / POINTER)
    _sync(home.warehouse)


def drop_old(home: Home, keep: int, held: Collection[str] = ()) -> None:
    """Keep the newest ``keep`` files (at least one), always the one served, and those ``held`` by something that shows them again."""
    stays = {current_version(home), *held}
    for version, path in list(_files(home).items())[: -max(keep, 1)]:
        if version not in stays:
            path.unlink()


def _files(home: Home) -> dict[str, Path]:
    found = {
        m["version"]: path
        for path in home.warehouse.glob("warehouse-*.duckdb")
        if (m := SERVING.fullmatch(path.name))
    }
    return dict(sorted(found.items()))


def _moment(version: str) -> dt.datetime:
    return dt.datetime.strptime(version + "000", STAMP)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
