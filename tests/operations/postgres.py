"""A pytest plugin: a real PostgreSQL server of the run's own, and every home of the tests keeps its state there.

``python -m pytest -p tests.operations.postgres FILES`` (``make test-postgres``). Each home gets a schema of its own, named in its
``state/database.url`` as a bureau would name it, so that processes the tests start find it, too.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from sqlalchemy import insert, inspect, make_url, text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import homes

from fundwatch.home import Home
from fundwatch.state import db

OWNER = "postgres"
plain_copy, plain_url = homes.copy_home, db._url_of_file


class Server:
    """One PostgreSQL server in a temporary folder, on loopback."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        tool = shutil.which("initdb") or (str(found[-1]) if found else None)
        if tool is None:
            raise SystemExit("no PostgreSQL server is installed: sh scripts/system.sh postgres")
        self._tools = Path(tool).parent
        self._folder = Path(tempfile.mkdtemp(prefix="fundwatch-pg-"))
        self._as = {"user": OWNER} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self._folder, OWNER)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.password = secrets.token_hex(8)

    def start(self) -> None:
        words = self._folder / "password"
        words.write_text(self.password)
        if self._as:
            shutil.chown(words, OWNER)
        self._run(
            "initdb", "--pgdata", "data", "--username", OWNER, "--pwfile", "password", "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip
        # what is lost when the machine dies is of no use to a test
        options = (
            f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off "
            "-c max_connections=200"
        )
        self._run("pg_ctl", "start", "--wait", "--pgdata", "data", "--log", "log", "--options", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode", "fast", "--pgdata", "data")
        shutil.rmtree(self._folder)

    def url(self, schema: str) -> str:
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/{OWNER}?options=-csearch_path%3D{schema}"

    def new_schema(self, home: Path) -> str:
        name = f"home_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("public").replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"create schema {name}")
        file = Home(home).ensure().state / db.URL_FILE
        file.write_text(self.url(name))
        file.chmod(0o600)
        return self.url(name)

    def _run(self, tool: str, *words: str) -> None:
        subprocess.run(
            [self._tools / tool, *words], cwd=self._folder, check=True, stdout=subprocess.DEVNULL, **self._as
        )


SERVER = Server()


def url_of_home(home: Home) -> str:
    return plain_url(home) or SERVER.new_schema(home.root)


def copy_home(source: Path, target: Path) -> None:
    """The folder, and the rows into a schema of the copy's own."""
    plain_copy(source, target)
    if not (source / "state" / db.URL_FILE).exists():
        return
    url = make_url(SERVER.new_schema(target)).set(drivername="postgresql+psycopg")
    held, copy = db.engine(Home(source)), db._POOL.get(url)
    with held.connect() as source_rows, copy.begin() as rows:
        there = set(inspect(source_rows).get_table_names())
        for table in db.metadata.sorted_tables:
            if table.name not in there:
                continue
            if found := [dict(row) for row in source_rows.execute(table.select()).mappings()]:
                rows.execute(insert(table), found)
            for column in table.primary_key.columns:
                serial = rows.execute(
                    text("select pg_get_serial_sequence(:table, :column)"),
                    {"table": table.name, "column": column.name},
                ).scalar()
                if serial and found:
                    most = max(row[column.name] for row in found)
                    rows.execute(text("select setval(:serial, :most)"), {"serial": serial, "most": most})


def pytest_configure(config) -> None:
    SERVER.start()


# now, not in a hook: the first conftest takes its name for the copy before any hook runs
db._url_of_file, homes.copy_home = url_of_home, copy_home


def pytest_unconfigure(config) -> None:
    db._POOL.close()
    SERVER.stop()


def pytest_report_header(config) -> str:
    return f"app state: PostgreSQL on 127.0.0.1:{SERVER.port}, one schema a home"
