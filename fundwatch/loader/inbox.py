"""Files that people hand in through the browser: kept in the home's inbox until they are loaded or taken back.

They are originals with personal values, so each upload has a folder of its own that only the server's account can read, and none
outlives its load: what was loaded the loader deletes, the rest goes when the person is done, and what a broken-off session left
goes with the next upload a day later.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.loader.privacy import mask

PREFIX = "upload-"
LEFT_OVER_SECONDS = 24 * 3600
#: bytes of a name before and after its last dot; file systems hold 255 in all, and a Chinese character is three
LONGEST_STEM, LONGEST_ENDING = 180, 20
#: letters, digits and the signs of file names; everything else becomes an underscore
_ODD = re.compile(r"[^\w.\-()() ]")


def receive(home: Home, files: Sequence[tuple[str, BinaryIO]]) -> Path:
    """Write the files (name, content) into a new folder of the inbox and return it.

    Raises UserError when two files have the same name.
    """
    home.ensure()
    sweep_inbox(home)
    folder = home.inbox / f"{PREFIX}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    for name, content in files:
        path = folder / safe_name(name)
        if path.exists():
            discard(home, folder)
            raise UserError(f"有两个文件都叫 {path.name},请改名后重新选择。")
        with path.open("wb") as target:
            shutil.copyfileobj(content, target)
    return folder


def discard(home: Home, folder: Path) -> None:
    """Delete an upload with whatever is left in it; a folder outside the inbox is left alone."""
    if folder.parent == home.inbox and folder.name.startswith(PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def sweep_inbox(home: Home) -> None:
    """Delete uploads of sessions that broke off more than a day ago."""
    for folder in home.inbox.glob(f"{PREFIX}*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > LEFT_OVER_SECONDS:
            discard(home, folder)


def safe_name(name: str) -> str:
    """The file's own name without folders, odd signs and personal numbers; the table is recognised by how it begins.

    It goes into reports and logs, so an ID-card or phone number in it is masked first. Too long a name loses its middle.
    """
    plain = _ODD.sub("_", mask(name.replace("\\", "/").rsplit("/", 1)[-1])[0]).lstrip(".")
    stem, dot, ending = plain.rpartition(".")
    if len(ending.encode()) > LONGEST_ENDING or not dot:
        stem, dot, ending = plain, "", ""
    kept = stem.encode()[:LONGEST_STEM].decode(errors="ignore") + dot + ending
    return kept or "file"
