"""Whether this process can serve people: asked by nginx, compose and systemd at ``/ready``, so it tells nothing else."""

from __future__ import annotations

import shutil

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from fundwatch.build.publish import current_version, serving_file
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.db import engine

OK = "ok"
#: below this a build or an upload may fail; bytes
LEAST_DISK = 500_000_000
#: how a file of DuckDB begins, after a checksum: what is empty or overwritten from its start shows at once
MAGIC, MAGIC_AT = b"DUCK", 8


def readiness(home: Home) -> dict[str, str]:
    """A word for each thing that serving needs: ok or empty (before the first build), anything else is a fault."""
    return {"warehouse": _warehouse(home), "state": _state(home), "disk": _disk(home)}


def is_ready(parts: dict[str, str]) -> bool:
    """Whether people can be sent here; a home before its first build can show the first steps."""
    return all(word in (OK, "empty") for word in parts.values())


def _warehouse(home: Home) -> str:
    try:
        version = current_version(home)
        if version is None:
            return "empty"
        file = serving_file(home, version)
        if not file.is_file():
            return "missing"
        with file.open("rb") as head:
            return OK if head.read(len(MAGIC) + MAGIC_AT)[MAGIC_AT:] == MAGIC else "damaged"
    except (UserError, OSError):
        return "damaged"


def _state(home: Home) -> str:
    try:
        with engine(home).connect() as connection:
            connection.execute(text("select 1"))
    except (UserError, SQLAlchemyError, OSError):
        return "down"
    return OK


def _disk(home: Home) -> str:
    try:
        return OK if shutil.disk_usage(home.root).free >= LEAST_DISK else "low"
    except OSError:
        return "damaged"
