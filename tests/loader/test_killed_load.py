"""A load killed at any moment leaves the lake as it was, or as it is after the whole load; the next load completes."""

from __future__ import annotations

import datetime as dt
import random
import time
from contextlib import AbstractContextManager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from desk import Desk, row
from processes import command, started

from fundwatch.loader.commit import only_loader

ROWS = 4_000
POINTS = 20


def settlements(path: Path, amount: str) -> Path:
    """A file that touches two months; a second one with other amounts replaces every row of the first."""
    header = row("setl_d", medfee_sumamt=amount)
    lines = [",".join(header)]
    for number in range(ROWS):
        cells = header | {"setl_id": f"S{number}", "setl_time": f"2024-0{6 + number % 2}-03 10:00:00"}
        lines.append(",".join(cells.values()))
    lines[17] = lines[17].replace("-03 10:00", "-03 十点")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def loading(desk: Desk, path: Path) -> AbstractContextManager[BaseProcess]:
    return started(command, ["load", str(path), "--home", str(desk.home.root)])


def amounts(desk: Desk) -> set[str]:
    return {str(amount) for amount in desk.column("setl_d", "medfee_sumamt")}


@pytest.mark.kill
def test_killed_at_twenty_random_points(desk: Desk):
    first, second = (
        settlements(desk.folder / "setl_d_1.csv", "100.00"),
        settlements(desk.folder / "setl_d_2.csv", "200.00"),
    )
    with loading(desk, first) as process:
        began = time.monotonic()
        process.join()
        assert process.exitcode == 0
        whole = time.monotonic() - began
    chance = random.Random(20240603)
    seen = set()
    for turn in range(POINTS):
        wanted, file = (("200.00", second), ("100.00", first))[turn % 2]
        before = amounts(desk)
        with loading(desk, file) as victim:
            victim.join(chance.uniform(0.1, 1.0) * whole)
            victim.kill()
            victim.join()
            seen.add("finished" if victim.exitcode == 0 else "killed")
        # Never a mixture, never a row lost or doubled.
        assert amounts(desk) in (before, {wanted})
        assert len(desk.rows("setl_d")) == ROWS - 1
        assert sum(file.rows for file in desk.lake.files("setl_d")) == ROWS - 1
        # History and quarantine count only with their batch.
        committed = [batch for batch in desk.lake.batches() if batch.table == "setl_d"]
        assert desk.lake.quarantine().num_rows == len(committed)
        assert desk.lake.history("setl_d").num_rows == sum(batch.replaced for batch in committed)
        assert all(
            b.rows_read == b.loaded + b.replaced + b.duplicates + b.quarantined == ROWS for b in committed
        )
        report = desk.load_one(file)
        assert (report.rows_read, report.loaded, report.quarantined) == (ROWS, 0, 1)
        assert amounts(desk) == {wanted}
    assert "killed" in seen


def test_files_of_a_load_that_died_count_for_nothing_and_are_removed_by_the_next(desk: Desk):
    desk.load_rows("setl_d", row("setl_d"))
    orphans = [
        desk.home.lake / "setl_d" / "ym=2024-06" / "20240101T000000000000-0badc0de-0.parquet",
        desk.home.lake / "_history" / "setl_d" / "20240101T000000000000-0badc0de.parquet",
        desk.home.lake / "_quarantine" / "20240101T000000000000-0badc0de.parquet",
        desk.home.lake / "_work" / "utf8.csv",
    ]
    for orphan in orphans:
        orphan.parent.mkdir(parents=True, exist_ok=True)
        orphan.write_bytes(b"left over")
    assert len(desk.rows("setl_d")) == 1
    assert desk.lake.history("setl_d").num_rows == desk.lake.quarantine().num_rows == 0
    desk.load_rows("inspection", row("inspection"))
    assert not any(orphan.exists() for orphan in orphans)
    assert len(desk.rows("setl_d")) == 1


def test_a_load_that_died_before_its_line_in_the_log_is_listed_and_the_log_heals(desk: Desk, monkeypatch):
    from fundwatch.loader import load

    def dies(*_):
        raise KeyboardInterrupt

    path = desk.put_rows("setl_d.csv", [row("setl_d")])
    with monkeypatch.context() as broken:
        broken.setattr(load, "log", dies)
        with pytest.raises(KeyboardInterrupt):
            desk.load(path)
    assert [(batch.table, batch.loaded) for batch in desk.lake.batches()] == [("setl_d", 1)]
    assert desk.lake.logged_batches() == []
    with only_loader(desk.home):
        assert [batch.loaded for batch in desk.lake.logged_batches()] == [1]


def test_old_versions_stay_readable_after_a_replacement(desk: Desk):
    desk.load_rows("setl_d", row("setl_d"))
    old = [desk.home.root / file.path for file in desk.lake.files("setl_d")]
    desk.load_rows("setl_d", row("setl_d", medfee_sumamt="200.00"))
    assert all(path.exists() for path in old)
    assert not {file.path for file in desk.lake.files("setl_d")} & {
        str(path.relative_to(desk.home.root)) for path in old
    }


def test_a_home_can_be_moved(desk: Desk, tmp_path: Path):
    desk.load_rows("setl_d", row("setl_d"))
    desk.home.root.rename(tmp_path / "moved")
    moved = Desk.at(tmp_path / "moved", desk.folder)
    assert moved.load_rows("setl_d", row("setl_d", medfee_sumamt="200.00")).replaced == 1
    assert amounts(moved) == {"200.00"}


def test_the_log_of_loads_stays_one_list_however_many_loads_there_were(desk: Desk, monkeypatch):
    from fundwatch.loader import commit

    monkeypatch.setattr(commit, "LOG_FILES", 3)
    for number in range(8):
        desk.load_rows("inspection", row("inspection", insp_id=str(number)))
    assert [batch.loaded for batch in desk.lake.batches()] == [1] * 8
    assert len(desk.lake.files("_batches")) <= 3


def test_loads_stay_in_their_order_when_the_clock_is_set_back(desk: Desk, monkeypatch):
    from fundwatch.build.before import load_date
    from fundwatch.loader import load

    real = load.now()
    for number, days in enumerate((0, 1, -1, 0)):
        monkeypatch.setattr(load, "now", lambda days=days: real + dt.timedelta(days=days))
        desk.load_rows("inspection", row("inspection", insp_kind="协议检查" if number % 2 else "行政检查"))
    batches = desk.lake.batches()
    assert [batch.replaced for batch in batches] == [0, 1, 1, 1]
    assert [batch.loaded_at[:10] for batch in batches] == [
        f"{real + dt.timedelta(days=n):%Y-%m-%d}" for n in (0, 1, -1, 0)
    ]
    assert desk.column("inspection", "insp_kind") == ["协议检查"]
    # the load that the clock dated tomorrow is no later than today
    assert load_date(desk.lake, real.date()) == real.date()
