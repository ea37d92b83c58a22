"""One database for app state. Each module declares its tables on ``metadata``; ``engine`` makes them."""

from __future__ import annotations

import os
from functools import lru_cache

from sqlalchemy import Engine, MetaData, create_engine, event

from fundwatch.home import Home

URL_VARIABLE = "FUNDWATCH_STATE_URL"
metadata = MetaData()


def engine(home: Home) -> Engine:
    """The engine of the home's state, SQLite in WAL mode unless ``FUNDWATCH_STATE_URL`` names PostgreSQL.

    Tables declared on ``metadata`` before the first call exist afterwards.
    """
    url = os.environ.get(URL_VARIABLE) or f"sqlite:///{home.ensure().state / 'state.db'}"
    found = _engine(url)
    metadata.create_all(found)
    return found


@lru_cache(maxsize=16)
def _engine(url: str) -> Engine:
    made = create_engine(url, pool_pre_ping=True)
    if made.dialect.name == "sqlite":

        @event.listens_for(made, "connect")
        def _on_connect(connection, _record) -> None:
            cursor = connection.cursor()
            # WAL: readers of many sessions do not wait for the one writer.
            cursor.execute("pragma journal_mode=wal")
            cursor.execute("pragma busy_timeout=10000")
            cursor.execute("pragma foreign_keys=on")
            cursor.close()

    return made
