"""A disk that is full, a home that cannot be written: one clear sentence, nothing half done, and the same command completes later."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from homes import copy_home

from fundwatch.cli.app import run
from fundwatch.errors import DISK_FULL, NOT_OPENED, NOT_WRITABLE
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.state.users import Users

SIZE = 128 << 20
LIST = ["export", "--kpi", "record_sheet_rate", "--from", "2024-01-01", "--to", "2024-12-31"]
HEADER = "insp_id,fixmedins_code,insp_date,insp_kind,insp_method,insp_stas"


def inspections(folder: Path) -> Path:
    """A file of two thousand inspections."""
    lines = [f"JC{n},H9990010{n:04},2024-06-0{n % 9 + 1},协议检查,现场检查,完成" for n in range(2000)]
    file = folder / "inspection.csv"
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounting.returncode:
        pytest.skip("this machine does not let the tests mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Take all room but ``left`` bytes."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"0" * (shutil.disk_usage(disk).free - left))
    return filler


def kept(home: Home) -> tuple:
    """What counts: versions and files of every lake table, history, quarantine, log of loads; every serving file's bytes."""
    lake = Lake(home)
    tables = {
        table: (lake.version(table), lake.files(table), lake.history(table).num_rows)
        for table in lake.tables()
    }
    served = {
        path.name: path.read_bytes() for path in home.warehouse.iterdir() if not path.name.startswith(".")
    }
    return tables, lake.quarantine().num_rows, lake.batches(), served


def test_on_a_full_disk_each_command_says_so_changes_nothing_and_completes_later(
    small_home, disk, tmp_path, capsys
):
    home = Home(disk / "home")
    copy_home(small_home.root, home.root)
    commands = {
        "load": (["load", str(inspections(tmp_path))], 20_000),
        "build": (["build", "--full"], 100_000),
        "export": ([*LIST, "--out", str(disk / "list.csv")], 20_000),
        "backup": (["backup", "--out", str(disk / "backup.tar")], 100_000),
        "user": (["user", "add", "zz01", "--role", "局领导"], 0),
    }
    for name, (words, left) in commands.items():
        before = kept(home)
        filler = fill(disk, left)
        capsys.readouterr()
        status = run([*words, "--home", str(home.root)])
        said = capsys.readouterr().err
        assert (status, any(words in said for words in (DISK_FULL, NOT_OPENED, "剩余空间"))) == (1, True), (
            name,
            said,
        )
        assert "Traceback" not in said
        assert kept(home) == before, name
        assert not (disk / "list.csv").exists()
        assert not (disk / "backup.tar").exists()
        filler.unlink()
        assert run([*words, "--home", str(home.root)]) == 0, name
        for left_over in ("list.csv", "list.csv.json", "backup.tar"):
            (disk / left_over).unlink(missing_ok=True)


def test_a_home_that_cannot_be_written_is_said_and_stays_as_it_is(small_home, disk, tmp_path, capsys):
    home = Home(disk / "home")
    copy_home(small_home.root, home.root)
    before = kept(home)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for words in (
        ["load", str(inspections(tmp_path))],
        ["build", "--full"],
        ["user", "add", "zz01", "--role", "局领导"],
    ):
        capsys.readouterr()
        assert run([*words, "--home", str(home.root)]) == 1, words
        said = capsys.readouterr().err
        assert NOT_WRITABLE in said or NOT_OPENED in said
    assert kept(home) == before


def test_a_home_that_cannot_be_written_is_read_as_ever(small_home, disk, tmp_path, capsys):
    home = Home(disk / "home")
    copy_home(small_home.root, home.root)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for words in (
        ["status"],
        ["kpi", *LIST[3:]],
        ["rules", "list"],
        ["settings", "list"],
        ["user", "list"],
        ["audit", "verify"],
    ):
        capsys.readouterr()
        assert (run([*words, "--home", str(home.root)]), bool(capsys.readouterr().out)) == (0, True), words
    # what must leave a line in the log does not happen without it
    assert run([*LIST, "--out", str(tmp_path / "list.csv"), "--home", str(home.root)]) == 1
    assert NOT_WRITABLE in capsys.readouterr().err
    assert not (tmp_path / "list.csv").exists()
    # a server needs to write: it says so, folder by folder, and does not start
    assert run(["serve", "--check", "--home", str(home.root)]) == 1
    told = capsys.readouterr().err
    assert all(f"数据目录中 {folder} 不能写入" in told for folder in ("lake", "warehouse", "state", "inbox"))
    assert "状态库打不开" not in told


def test_writes_that_wait_beside_a_read_only_state_are_read_too(small_home, disk):
    home = Home(disk / "home")
    copy_home(small_home.root, home.root)
    with closing(sqlite3.connect(home.state / "state.db")) as writer:
        writer.execute("pragma journal_mode=wal")
        writer.execute("update account set post = '换了岗位'")
        writer.commit()
        as_killed = {path.name: path.read_bytes() for path in home.state.iterdir()}
    for name, content in as_killed.items():
        (home.state / name).write_bytes(content)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert [user.post for user in Users.of(home).listing()] == ["换了岗位"]
