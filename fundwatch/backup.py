"""Backup and restore of a home: lake, serving files and app state in one tar whose manifest holds every file's hash.

The locks of load and build are held while files are read, so that lake, pointer and serving files are of one moment; readers go
on. Left out: the keys (kept apart on purpose), the inbox (originals hold personal values) and what is only half made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from fundwatch.build.publish import BUILDING, LOCK, build_lock, current_version
from fundwatch.clock import CHINA
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.lake import WORK
from fundwatch.loader.commit import only_loader
from fundwatch.progress import Step, silent
from fundwatch.state.audit import record
from fundwatch.state.db import URL_FILE, engine
from fundwatch.state.single_sign_on import HOME_SECRETS

FORMAT, MANIFEST = 1, "manifest.json"
STATE_DB = "state.db"
CHUNK = 1 << 20
#: what a copy of a running SQLite database needs no file for
BESIDE_DB = (STATE_DB, f"{STATE_DB}-wal", f"{STATE_DB}-shm", f"{STATE_DB}-journal")
KEYS_APART = "备份不含密钥:请另行保管 state/psn.key(或 FUNDWATCH_PSN_KEY),没有它恢复后不能再载入新数据。"
STATE_ELSEWHERE = "应用状态在 PostgreSQL 中,不在备份里:请同时用 pg_dump 备份该库。"


@dataclass(frozen=True)
class Backup:
    """What a backup holds: files, bytes, the version served, the SHA-256 of its manifest, and what to know about it."""

    file: str
    files: int
    size: int
    version: str | None
    sha256: str
    notes: tuple[str, ...]


def backup(home: Home, target: Path, *, by: str, step: Step = silent) -> Backup:
    """Write the home to ``target``; the file appears whole or not at all.

    Raises UserError when the target exists, a load or build runs, or the disk is full; the home is not changed.
    """
    if target.exists():
        raise UserError(f"{target} 已存在。请换一个文件名,备份不会覆盖旧的备份。")
    if not any((home.lake, home.warehouse, home.state)[i].is_dir() for i in range(3)):
        raise UserError(f"数据目录 {home.root} 不存在或没有数据,没有可备份的内容。")
    part = target.with_name(target.name + ".part")
    store = engine(home)
    try:
        with only_loader(home), build_lock(home), _state_copy(home, store.url.database) as state_db:
            version = current_version(home)
            listed = _write(home, part, state_db, version, step)
        os.replace(part, target)
        _sync(target.parent)
    except OSError as error:
        raise UserError(
            f"备份未完成:{error.strerror or error}。请检查 {target.parent} 的剩余空间和权限;数据未受影响。"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    digest = hashlib.sha256(_as_json(listed)).hexdigest()
    notes = (KEYS_APART, *([] if store.dialect.name == "sqlite" else [STATE_ELSEWHERE]))
    files = listed["files"]
    record(store, by, "备份", target.name, {"files": len(files), "sha256": digest, "version": version or ""})
    return Backup(str(target), len(files), sum(f["size"] for f in files), version, digest, notes)


def restore(file: Path, home: Home, *, by: str, step: Step = silent) -> Backup:
    """Make ``home`` from a backup; every file is checked against the manifest before anything counts.

    Raises UserError when the home holds anything already or the backup is damaged; then nothing is left behind.
    """
    if home.root.exists() and any(path.is_file() for path in home.root.rglob("*")):
        raise UserError(f"数据目录 {home.root} 已有内容。请恢复到一个空目录,核对后再替换。")
    draft = home.root.with_name(f".{home.root.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(parents=True)
        listed = _read(file, draft, step)
        shutil.rmtree(home.root, ignore_errors=True)
        os.replace(draft, home.root)
        _sync(home.root.parent)
    except OSError as error:
        raise UserError(f"恢复未完成:{error.strerror or error}。原备份未受影响。") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    digest, files = hashlib.sha256(_as_json(listed)).hexdigest(), listed["files"]
    version = listed["version"]
    detail = {"files": len(files), "sha256": digest, "version": version or ""}
    record(engine(home.ensure()), by, "恢复备份", file.name, detail)
    size = sum(each["size"] for each in files)
    return Backup(str(file), len(files), size, version, digest, (KEYS_APART,))


def _write(home: Home, part: Path, state_db: Path | None, version: str | None, step: Step) -> dict[str, Any]:
    found = sorted(_wanted(home))
    sources = [(name, home.root / name) for name in found]
    sources += [(f"state/{STATE_DB}", state_db)] if state_db else []
    listed: list[dict[str, Any]] = []
    with open(part, "wb") as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for number, (name, path) in enumerate(sources):
            step(name, number, len(sources))
            listed.append(_add(tar, name, path))
        made = dt.datetime.now(CHINA).replace(tzinfo=None).isoformat(timespec="seconds")
        document = {"format": FORMAT, "made_at": made, "version": version, "files": listed}
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(_as_json(document))
        tar.addfile(entry, io.BytesIO(_as_json(document)))
        tar.close()
        raw.flush()
        os.fsync(raw.fileno())
    step("完成", len(sources), len(sources))
    return document


def _wanted(home: Home) -> Iterator[str]:
    """Names below the home of all that a restored home needs, but the state database."""
    for folder in (home.lake, home.warehouse, home.state):
        for path in folder.rglob("*"):
            name = path.relative_to(home.root)
            if path.is_file() and not _left_out(name):
                yield name.as_posix()


def _left_out(name: Path) -> bool:
    half_made = WORK in name.parts or any(part.startswith(BUILDING) for part in name.parts)
    is_lock = name.name in (".lock", LOCK)
    of_state = name.parts[0] == "state" and (
        name.suffix in (".key", ".new") or name.name in (*BESIDE_DB, URL_FILE, HOME_SECRETS)
    )
    return half_made or is_lock or of_state


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    with open(path, "rb") as source:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(source.fileno()).st_size, 0o600
        hashed = _Hashed(source)
        tar.addfile(entry, hashed)  # type: ignore[arg-type]  # it needs read() only
    return {"path": name, "size": entry.size, "sha256": hashed.sha256.hexdigest()}


class _Hashed:
    """A source that hashes what is read of it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.sha256 = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sha256.update(data)
        return data


def _read(file: Path, draft: Path, step: Step) -> dict[str, Any]:
    """Unpack into ``draft`` and compare with the manifest; returns the manifest."""
    found: dict[str, tuple[int, str]] = {}
    document: dict[str, Any] | None = None
    try:
        with tarfile.open(file, "r:") as tar:
            for number, entry in enumerate(tar):
                step(entry.name, number, number + 1)
                source = tar.extractfile(entry)
                if source is None or entry.name in found or not _is_safe(entry.name):
                    raise UserError(f"{file} 不是本系统的备份:其中有不应出现的条目 {entry.name}。")
                if entry.name == MANIFEST:
                    document = json.loads(source.read())
                else:
                    found[entry.name] = _unpack(source, draft / entry.name)
    except FileNotFoundError as error:
        raise UserError(f"没有备份文件 {file}。") from error
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise UserError(f"{file} 不是完整的备份文件,无法读取。") from error
    if document is None or document.get("format") != FORMAT:
        raise UserError(f"{file} 不完整(缺少清单)或版本不符,未恢复。")
    wanted = {each["path"]: (each["size"], each["sha256"]) for each in document["files"]}
    if wrong := sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)):
        raise UserError(f"{file} 已损坏:{len(wrong)} 个文件与清单不符(如 {wrong[0]}),未恢复。")
    return document


def _is_safe(name: str) -> bool:
    path = Path(name)
    below = path.parts[0] in ("lake", "warehouse", "state") if path.parts else False
    return name == MANIFEST or (below and not path.is_absolute() and ".." not in path.parts)


def _unpack(source: Any, target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    sha256, size = hashlib.sha256(), 0
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
        while chunk := source.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
            sink.write(chunk)
        sink.flush()
        os.fsync(sink.fileno())
    return size, sha256.hexdigest()


@contextmanager
def _state_copy(home: Home, database: str | None) -> Iterator[Path | None]:
    """A consistent copy of the SQLite state beside the original, gone afterwards; None when the state is elsewhere."""
    original = home.state / STATE_DB
    if database is None or Path(database).resolve() != original.resolve():
        yield None
        return
    copy = home.state / f"{STATE_DB}.new"
    copy.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as sink:
            source.backup(sink)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _as_json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
