"""Two loads, two builds, an export or fifty readers at the same time: each ends, nothing is lost, every answer is of one version."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from homes import copy_home
from processes import started

from fundwatch.build import publish
from fundwatch.cli.app import run
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.state.audit import verify
from fundwatch.state.db import engine
from fundwatch.warehouse import Follower, open_warehouse
from tests.operations.claims import settlements

COUNT, READERS = 3000, 50
#: what the version's own mart says, and what its rows say; of one version they are the same
MART = "select sum(medfee_sumamt) as amount from fct_settlement_month"
ROWS = "select sum(medfee_sumamt) as amount from lake.setl_d"
LIST = ["export", "--kpi", "avg_inpatient_fee", "--from", "2024-01-01", "--to", "2024-12-31", "--why", "核查"]
OK, REFUSED = 0, 1


@pytest.fixture(scope="module")
def loaded(small_home, tmp_path_factory) -> Home:
    """The small home with settlements of 100 yuan, built; read only."""
    home = Home(tmp_path_factory.mktemp("loaded") / "home")
    copy_home(small_home.root, home.root)
    for words in (["load", str(settlements(home.root.parent / "setl_d.csv", "100.00"))], ["build"]):
        assert run([*words, "--home", str(home.root)]) == 0
    return home


@pytest.fixture
def home(loaded, tmp_path) -> Home:
    copy_home(loaded.root, tmp_path / "home")
    return Home(tmp_path / "home")


def commands(home: Home, said: Path, *lines: Sequence[str]) -> None:
    """Commands one after another in a process of its own; what they say on stderr goes to a file. Its status is the last one's."""
    words = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(words, 2)
    status = 0
    for line in lines:
        status = status or run([*line, "--home", str(home.root)])
    raise SystemExit(status)


def test_two_loads_at_once_both_end_and_nothing_is_half(home, tmp_path):
    files = [settlements(tmp_path / f"setl_d_{n}.csv", f"{n}00.00") for n in (2, 3)]
    said = [tmp_path / f"said{n}" for n in (2, 3)]
    with (
        started(commands, home, said[0], ["load", str(files[0])]) as one,
        started(commands, home, said[1], ["load", str(files[1])]) as other,
    ):
        for process in (one, other):
            process.join(60)
        statuses = {one.exitcode, other.exitcode}
    assert statuses in ({OK}, {OK, REFUSED})
    if REFUSED in statuses:
        assert any("另一个载入正在进行" in path.read_text(encoding="utf-8") for path in said)
    lake = Lake(home)
    done = [batch for batch in lake.batches() if batch.table == "setl_d" and batch.status == "loaded"]
    assert len(done) == 1 + (2 if statuses == {OK} else 1)
    assert sum(file.rows for file in lake.files("setl_d")) == COUNT
    assert lake.history("setl_d").num_rows == sum(batch.replaced for batch in done)
    assert run(["build", "--home", str(home.root)]) == OK
    with open_warehouse(home) as warehouse:
        amounts = warehouse.query(
            "select distinct medfee_sumamt::varchar as amount from lake.setl_d"
        ).to_pylist()
    assert amounts in ([{"amount": "200.00"}], [{"amount": "300.00"}])


def test_two_builds_and_an_export_at_once(home, tmp_path):
    assert (
        run(["load", str(settlements(tmp_path / "setl_d_2.csv", "200.00")), "--home", str(home.root)]) == OK
    )
    before = publish.current_version(home)
    said = [tmp_path / f"said{n}" for n in range(3)]
    file = tmp_path / "list.csv"
    with (
        started(commands, home, said[0], ["build"]) as one,
        started(commands, home, said[1], ["build"]) as other,
        started(commands, home, said[2], [*LIST, "--out", str(file)]) as export,
    ):
        for process in (one, other, export):
            process.join(60)
        assert export.exitcode == OK
        statuses = {one.exitcode, other.exitcode}
    assert statuses in ({OK}, {OK, REFUSED})
    if REFUSED in statuses:
        assert any("另一个构建正在进行" in path.read_text(encoding="utf-8") for path in said)
    assert publish.current_version(home) != before
    assert len(publish.versions(home)) == 3
    assert not list(home.warehouse.glob(f"{publish.BUILDING}*.duckdb"))
    # all of one version: every settlement's amount is the old or the new one
    column = file.read_text(encoding="utf-8-sig").splitlines()
    assert len([line for line in column if ",100.00," in line]) in (0, COUNT)
    assert verify(engine(home)).sound


def test_fifty_readers_see_whole_versions_while_one_loads_and_builds(home, tmp_path):
    replacing = settlements(tmp_path / "setl_d_2.csv", "200.00")
    follower, seen, troubles, stop = Follower(home), set(), [], threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                warehouse = follower.current()
                pair = [warehouse.query(sql).to_pylist()[0]["amount"] for sql in (MART, ROWS)]
                seen.add((warehouse.version, *pair))
                stop.wait(0.5)
        except Exception as error:
            troubles.append(error)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    with started(commands, home, tmp_path / "said", ["load", str(replacing)], ["build"]) as writer:
        for reader in readers:
            reader.start()
        writer.join(120)
        status = writer.exitcode
    # a follower looks for a new version every two seconds
    time.sleep(2.5)
    stop.set()
    for reader in readers:
        reader.join(30)
        assert not reader.is_alive()
    assert (status, troubles) == (OK, [])
    assert sorted(amounts for _, *amounts in seen) == [[100 * COUNT] * 2, [200 * COUNT] * 2]
    follower.current().close()
