"""A restored home is the one that was backed up, to the byte and to the row; a damaged backup restores nothing."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from homes import copy_home
from processes import command, started
from sqlalchemy import text

from fundwatch.backup import MANIFEST, backup, restore
from fundwatch.build.publish import build_lock
from fundwatch.cli.app import run
from fundwatch.errors import UserError
from fundwatch.home import PROJECT, Home
from fundwatch.loader.commit import only_loader
from fundwatch.state.audit import events, listing, verify
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

KPI = ["kpi", "--from", "2024-01-01", "--to", "2024-12-31", "--json"]


@pytest.fixture
def kept(small_home: Home, tmp_path: Path) -> Path:
    """A backup of the small home."""
    file = tmp_path / "kept.tar"
    backup(small_home, file, by="命令行")
    return file


def rows_of(home: Home) -> dict[str, list]:
    """All rows of the app state but the log, which goes on."""
    store = engine(home)
    with store.connect() as connection:
        names = connection.execute(
            text("select name from sqlite_master where type = 'table' order by name")
        ).scalars()
        return {
            name: [tuple(row) for row in connection.execute(text(f'select * from "{name}" order by 1'))]
            for name in names
            if not name.startswith(("audit", "sqlite_"))
        }


def test_the_restored_home_is_the_same_to_the_byte_and_answers_the_same(
    small_home, kept, tmp_path, tree, capsys
):
    new = Home(tmp_path / "new")
    done = restore(kept, new, by="命令行")
    for name in ("lake", "warehouse"):
        before = {
            path: data for path, data in tree(small_home.root / name).items() if not path.endswith("lock")
        }
        assert tree(new.root / name) == before
        assert before
    assert rows_of(new) == rows_of(small_home)
    assert done.version == open_warehouse(small_home).version == open_warehouse(new).version
    capsys.readouterr()
    answers = []
    for home in (small_home, new):
        assert run([*KPI, "--home", str(home.root)]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert verify(engine(new)).sound
    assert listing(engine(new))[0].action == "恢复备份"


def test_keys_inbox_and_locks_stay_behind(small_home, kept):
    (small_home.inbox / "original.csv").write_text("psn_name", encoding="utf-8")
    assert (small_home.state / "psn.key").is_file()
    with tarfile.open(kept) as tar:
        names = tar.getnames()
    assert not [name for name in names if name.endswith((".key", "lock")) or name.startswith("inbox")]
    data, key = kept.read_bytes(), (small_home.state / "psn.key").read_bytes().strip()
    assert key not in data


def test_a_load_after_the_restore_wants_the_key_back(small_home, kept, tmp_path, capsys):
    new = Home(tmp_path / "new")
    restore(kept, new, by="命令行")
    source = tmp_path / "inspection.csv"
    source.write_text(
        "insp_id,fixmedins_code,insp_date,insp_kind,insp_method,insp_stas\nJC9,H99900100001,2024-06-09,协议检查,现场检查,完成\n",
        encoding="utf-8",
    )
    assert run(["load", str(source), "--home", str(new.root)]) == 1
    assert "缺少人员编号加密密钥" in capsys.readouterr().err
    shutil.copy(small_home.state / "psn.key", new.state)
    assert run(["load", str(source), "--home", str(new.root)]) == 0


@pytest.mark.parametrize("where", ["middle", "end", "manifest", "added"])
def test_a_damaged_backup_restores_nothing(kept, tmp_path, where):
    data = bytearray(kept.read_bytes())
    with tarfile.open(kept) as tar:
        member = next(m for m in tar if m.name.endswith(".duckdb"))
        place = {"middle": member.offset_data + 5_000, "manifest": tar.getmember(MANIFEST).offset_data + 40}
    if where in place:
        data[place[where]] ^= 1
    kept.write_bytes(data[: len(data) // 2] if where == "end" else data)
    if where == "added":
        stranger = tmp_path / "x"
        stranger.write_text("x")
        with tarfile.open(kept, "a") as tar:
            tar.add(stranger, "lake/../../x")
    new = Home(tmp_path / "new")
    with pytest.raises(UserError, match=r"损坏|不完整|不是"):
        restore(kept, new, by="命令行")
    assert not new.root.exists()
    assert [path.name for path in tmp_path.iterdir() if "restoring" in path.name] == []


def test_nothing_is_overwritten(small_home, kept, tmp_path):
    with pytest.raises(UserError, match="已存在"):
        backup(small_home, kept, by="命令行")
    with pytest.raises(UserError, match="已有内容"):
        restore(kept, small_home, by="命令行")


def test_it_waits_for_no_load_and_no_build_but_says_so(small_home, tmp_path):
    with only_loader(small_home), pytest.raises(UserError, match="另一个载入正在进行"):
        backup(small_home, tmp_path / "a.tar", by="命令行")
    with build_lock(small_home), pytest.raises(UserError, match="另一个构建正在进行"):
        backup(small_home, tmp_path / "a.tar", by="命令行")
    assert not list(tmp_path.glob("a.tar*"))


def test_what_is_written_meanwhile_does_not_tear_the_state(small_home, tmp_path):
    """The log is written while the backup runs; the copy holds a whole chain."""
    copy = Home(tmp_path / "busy")
    copy_home(small_home.root, copy.root)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(copy.root)], cwd=PROJECT, stdout=subprocess.PIPE
    )
    try:
        assert writer.stdout.readline()
        backup(copy, tmp_path / "busy.tar", by="命令行")
    finally:
        writer.kill()
        writer.communicate()
    restore(tmp_path / "busy.tar", Home(tmp_path / "new"), by="命令行")
    assert verify(engine(Home(tmp_path / "new"))).sound


WRITER = """
import sys
from pathlib import Path
from fundwatch.home import Home
from fundwatch.state.audit import record
from fundwatch.state.db import engine
store = engine(Home(Path(sys.argv[1])))
for number in range(100_000):
    record(store, "fx01", "登录", str(number))
    if number == 3:
        print("running", flush=True)
"""


@pytest.mark.kill
def test_killed_at_random_points_a_backup_leaves_the_home_as_it_was(small_home, tmp_path, tree):
    home = Home(tmp_path / "home")
    copy_home(small_home.root, home.root)
    before = tree(home.root / "lake") | tree(home.root / "warehouse")
    chance, killed = random.Random(7), 0
    words = ["backup", "--home", str(home.root), "--out"]
    with started(command, [*words, str(tmp_path / "whole.tar")]) as process:
        began = time.monotonic()
        process.join()
        assert process.exitcode == 0
        whole = time.monotonic() - began
    for turn in range(6):
        file = tmp_path / f"{turn}.tar"
        with started(command, [*words, str(file)]) as victim:
            victim.join(chance.uniform(0.1, 1.0) * whole)
            victim.kill()
            victim.join()
            killed += victim.exitcode != 0
        assert tree(home.root / "lake") | tree(home.root / "warehouse") == before
        if file.exists():
            restore(file, Home(tmp_path / f"new{turn}"), by="命令行")
    backup(home, tmp_path / "after.tar", by="命令行")
    restore(tmp_path / "after.tar", Home(tmp_path / "after"), by="命令行")
    with engine(Home(tmp_path / "after")).connect() as connection:
        assert connection.execute(events.select()).first()
    assert killed
