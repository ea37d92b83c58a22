"""One database for app state. Each module declares its tables on ``metadata``; ``engine`` makes and upgrades them.

SQLite in the home by default; PostgreSQL where ``FUNDWATCH_STATE_URL`` or the home's ``state/database.url`` names it.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
from collections import OrderedDict
from pathlib import Path

from sqlalchemy import URL, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import QueuePool

from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.migrate import prepare

URL_VARIABLE = "FUNDWATCH_STATE_URL"
#: one line in ``state/``; holds a password, so it is kept and left out of backups like a key
URL_FILE = "database.url"
#: seconds until a PostgreSQL server that does not answer counts as down
CONNECT_SECONDS = 5
#: databases that one process keeps open; a server has one
MOST_OPEN = 16
metadata = MetaData()


def engine(home: Home) -> Engine:
    """The engine of the home's state.

    Tables declared on ``metadata`` before the call exist afterwards, and those of an older program are brought up
    to this one's. Raises UserError when the database cannot be reached or was written by a newer program.
    """
    return _POOL.get(state_url(home))


def state_url(home: Home) -> URL:
    """Where the home keeps its state; raises UserError when what is configured cannot be used."""
    configured = os.environ.get(URL_VARIABLE, "").strip() or _url_of_file(home)
    if not configured:
        return URL.create("sqlite", database=str(home.ensure().state / "state.db"))
    try:
        url = make_url(configured)
    except ArgumentError:
        # without the value: it holds a password
        raise UserError(_SHAPE) from None
    if url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise UserError(_SHAPE)
    return url.set(drivername="postgresql+psycopg")


_SHAPE = (
    f"应用状态数据库的地址无法识别。{URL_VARIABLE} 或数据目录 state/{URL_FILE} 应形如"
    " postgresql://用户:密码@主机:5432/库名;不用 PostgreSQL 时请删除该设置。"
)


def _url_of_file(home: Home) -> str:
    try:
        return (home.state / URL_FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UserError(f"无法读取 state/{URL_FILE}:{error.strerror}。请检查文件权限。") from error


class _Pool:
    """Open engines by address, the longest unused closed first; each prepared once for the tables known so far."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._engines: OrderedDict[URL, tuple[Engine, int]] = OrderedDict()

    def get(self, url: URL) -> Engine:
        with self._lock:
            found, made = self._engines.pop(url, None) or (_open(url), 0)
            # modules are imported as they are needed, so tables come in while the process runs
            known = len(metadata.tables)
            try:
                if made < known:
                    prepare(found, metadata)
            except OperationalError as error:
                found.dispose()
                if url.get_backend_name() == "sqlite":
                    raise
                raise UserError(_unreachable(url)) from error
            except BaseException:
                found.dispose()
                raise
            self._engines[url] = found, known
            while len(self._engines) > MOST_OPEN:
                self._engines.popitem(last=False)[1][0].dispose()
            return found

    def close(self) -> None:
        with self._lock:
            while self._engines:
                self._engines.popitem()[1][0].dispose()


def _unreachable(url: URL) -> str:
    return (
        f"无法连接应用状态数据库 {url.host or '本机'}:{url.port or 5432}/{url.database}。"
        "请检查 PostgreSQL 是否已启动、库和用户是否存在、密码和 pg_hba.conf 是否允许本机连接。"
    )


def _open(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS})
    file = Path(url.database or "")
    if _read_only(file):
        return create_engine("sqlite://", creator=lambda: _reader(file), poolclass=QueuePool)
    made = create_engine(url, pool_pre_ping=True)

    @event.listens_for(made, "connect")
    def _on_connect(connection, _record) -> None:
        cursor = connection.cursor()
        # WAL: readers of many sessions do not wait for the one writer.
        cursor.execute("pragma journal_mode=wal")
        cursor.execute("pragma busy_timeout=10000")
        cursor.execute("pragma foreign_keys=on")
        cursor.close()

    return made


def _read_only(file: Path) -> bool:
    """Whether there is a state that this process can read and not write: a read-only disk, or another owner's home."""
    return file.is_file() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def _reader(file: Path) -> sqlite3.Connection:
    """A connection that only reads.

    Without a log of writes (``-wal``) nobody has the file open, and nothing needs to be locked (``immutable``).
    A log has what the file lacks: then SQLite reads both, or says that it cannot.
    """
    log = file.with_name(f"{file.name}-wal")
    address = f"{file.absolute().as_uri()}?mode=ro{'' if log.exists() else '&immutable=1'}"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


_POOL = _Pool()
#: a connection left open at the end would be reported as leaked
atexit.register(_POOL.close)
