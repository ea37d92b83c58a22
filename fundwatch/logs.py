"""Logs as JSON lines in the home's ``logs/``: one event a line, without a value of the data.

An exception's own words often quote a cell (``Could not convert string '…'``), so a line holds its type, its places in the program
and its words with everything quoted, numbered or not ASCII taken out.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from fundwatch.clock import china_time
from fundwatch.errors import chain, incident_number
from fundwatch.home import PROJECT, Home

LOG = logging.getLogger("fundwatch")
#: bytes of one file, and how many older ones stay: 100 MB a process at most
FILE_BYTES, OLDER_FILES = 10_000_000, 9
LONGEST_WORDS = 300
#: what may hold a value: quoted, in brackets after an equals sign, with a digit, not ASCII
VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|=\([^)]*\)|\S*[0-9]\S*|[^\x00-\x7f]+")


def incident(error: BaseException) -> str:
    """Log an error that nobody expected under a new number, and return the number for the person to pass on."""
    number = incident_number()
    LOG.error("incident %s", number, exc_info=error, extra={"incident": number})
    return number


class _File(RotatingFileHandler):
    """A log file that a full disk silences instead of letting it end a command."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        return

    def close(self) -> None:
        with suppress(OSError):
            super().close()


class JsonLines(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        document = {
            "at": china_time(record.created).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": record.process,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := getattr(record, "incident", None):
            document["incident"] = number
        if record.exc_info and record.exc_info[1]:
            document["errors"] = [described(error) for error in chain(record.exc_info[1])]
        return json.dumps(document, ensure_ascii=False)


def described(error: BaseException) -> dict[str, object]:
    """Type, words without values, and the places in the program, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "words": without_values(str(error)),
        "places": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def without_values(words: str) -> str:
    """An error's words with whatever could be a cell of the data replaced by a dot-dot-dot."""
    return VALUES.sub("…", words[: 4 * LONGEST_WORDS])[:LONGEST_WORDS]


def command_incident(home: Home, error: BaseException) -> str:
    """As ``incident``, for a command: into ``logs/commands.jsonl`` where the home is there, and to stderr."""
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    with suppress(OSError):
        if home.root.is_dir():
            handlers.append(_file(home, "commands"))
    for handler in handlers:
        handler.setFormatter(JsonLines())
        LOG.addHandler(handler)
    try:
        return incident(error)
    finally:
        for handler in handlers:
            LOG.removeHandler(handler)
            handler.close()


def log_to(home: Home, name: str) -> None:
    """Write the program's log to ``logs/<name>.jsonl`` of the home, each process its own file; and to stderr.

    A person at a terminal reads plain lines there, a service manager or container gets the same JSON lines.
    """
    file = _file(home, name)
    file.setFormatter(JsonLines())
    LOG.addHandler(file)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    beside = logging.StreamHandler()
    beside.setFormatter(
        logging.Formatter("%(levelname)s %(message)s") if sys.stderr.isatty() else JsonLines()
    )
    LOG.addHandler(beside)


def _file(home: Home, name: str) -> _File:
    home.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home.logs / f"{name}.jsonl"
    return _File(path, maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=True)


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(PROJECT):
        return path.relative_to(PROJECT).as_posix()
    # a library: its own name is enough, the machine's folders are nobody's business
    return "/".join(
        path.parts[path.parts.index("site-packages") + 1 :]
        if "site-packages" in path.parts
        else path.parts[-2:]
    )
