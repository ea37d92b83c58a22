"""kill -9 at random moments of load, build, publish, export and backup: no lost or half row, and the next run completes.

    python benchmarks/kills.py [--kills 200] [--seed 1] [--only load]

On the tiny demo county. Each turn runs one command in a process of its own, kills it after a random part of the processor time it
takes undisturbed (the clock would say little on a busy machine), checks what must hold, runs the same command again to its end and
checks once more. What must hold after a kill:

    load     the month's claims are as before or as in the file, none lost, doubled or mixed; history and quarantine count only with
             their load
    build    a version is served, and the version before has every row it had
    publish  the same, with kills only from the moment a finished file gets its name to the end of the command
    export   the file is not there, or whole: its hash stands in the audit log
    backup   lake and warehouse have the same bytes, and the file is not there or restores to the same rows

and after the next run: the month is the file's; the marts are those that every build of this state of the lake gave; the file is
there. At the end an undisturbed full build gives the same marts as the builds by month. Ends with status 1 at the first thing that is
wrong. What writes nothing (imports, reading and checking the models' text) is done once before, so that the kills fall on the rest.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import logging
import os
import pkgutil
import random
import resource
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import fundwatch
from benchmarks.kill_promises import AMOUNT, MONTH, Bench, Promise, marts
from fundwatch.build import publish
from fundwatch.build.hit_texts import rule_texts
from fundwatch.build.models import read_models
from fundwatch.build.portable import check_models
from fundwatch.cli.app import run
from fundwatch.home import Home
from fundwatch.rules.library import library

#: loads come before builds, so that a build has something to build
ORDER = ("load", "build", "export", "load", "publish", "backup")
KINDS = tuple(dict.fromkeys(ORDER))
LEFT = ("list.csv", "backup.tar")
#: the server's side is not needed, and Streamlit is better imported in a server
NOT_WARMED = ("ui", "server", "__main__", "first_run")
#: seconds until a build must have come to publishing
LONGEST = 900
#: places of user and system time in /proc/PID/stat after the command's name
USER, SYSTEM = 11, 12


def warm() -> None:
    """Import what the commands need, and read the models' text once: forked processes have it then."""
    for module in pkgutil.walk_packages(fundwatch.__path__, "fundwatch."):
        if module.name.split(".")[1] not in NOT_WARMED:
            importlib.import_module(module.name)
    check_models(read_models())
    library()
    rule_texts()


def in_child(work: Callable[[], object]) -> int:
    """Start ``work`` in a forked process without output; returns its process number. Exit status 0, or 9 after an error."""
    child = os.fork()
    if child:
        return child
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        os.dup2(nowhere.fileno(), 1)
        errors = io.StringIO()
        try:
            with contextlib.redirect_stderr(errors):
                status = int(work() or 0)
        except BaseException as error:  # whatever happened must reach the parent as a status
            print(f"{type(error).__name__}: {error}", file=sys.__stderr__, flush=True)
            status = 9
        if status:
            print(errors.getvalue()[-2000:], file=sys.__stderr__, flush=True)
        os._exit(status)


def ended(child: int) -> int:
    """Wait; returns the exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_after(turn: Turn, seconds: float) -> int:
    """Kill when the turn has used so much since it began, unless it has ended; returns the exit status."""
    begun = turn.began()
    while turn.used() - begun < seconds:
        found, status = os.waitpid(turn.child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.0005)
    os.kill(turn.child, signal.SIGKILL)
    return ended(turn.child)


class Turn:
    """One command in a process; ``began`` returns when the part of it that kills are aimed at has begun.

    Time is the processor's, all threads; of publishing, which waits for the disk, the clock's.
    """

    def __init__(self, bench: Bench, kind: str) -> None:
        self._reading, writing = os.pipe()
        self._waits = kind == "publish"

        def work() -> int:
            if self._waits:
                real = publish.publish_file

                def publish_file(home: Home, version: str) -> None:
                    os.write(writing, b".")
                    real(home, version)

                publish.publish_file = publish_file
            return run(bench.command(kind))

        self.child = in_child(work)
        os.close(writing)

    def began(self) -> float:
        """The time then; for publishing after the build has told, or has ended without."""
        if self._waits and not select.select([self._reading], [], [], LONGEST)[0]:
            raise RuntimeError("the build does not come to publishing")
        os.close(self._reading)
        return time.monotonic() if self._waits else 0.0

    def used(self) -> float:
        """The time now, in seconds."""
        if self._waits:
            return time.monotonic()
        words = Path(f"/proc/{self.child}/stat").read_text().rpartition(")")[2].split()
        return (int(words[USER]) + int(words[SYSTEM])) / os.sysconf("SC_CLK_TCK")

    def to_the_end(self) -> tuple[int, float]:
        """Exit status and time from ``began``."""
        begun = self.began()
        _, status, usage = os.wait4(self.child, 0)
        took = time.monotonic() - begun if self._waits else usage.ru_utime + usage.ru_stime
        return os.waitstatus_to_exitcode(status), took


def processor_seconds() -> float:
    """Of all processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def done(work: Callable[[], object]) -> int:
    """The exit status of ``work`` in a process of its own."""
    return ended(in_child(work))


def make(folder: Path) -> Bench:
    """The home and the two files of one month, the second with other amounts."""
    home, files = Home(folder / "home"), folder / "files"

    def work() -> int:
        return (
            run(["demo", "--out", str(files), "--scale", "tiny"])
            or run(["load", str(files), "--home", str(home.root)])
            # a backup holds every version; three show as much as thirty
            or run(["settings", "set", "warehouse_versions_kept", "3", "--home", str(home.root)])
            or run(["build", "--home", str(home.root)])
        )

    assert done(work) == 0
    first, second = folder / "setl_d_first.csv", folder / "setl_d_second.csv"
    lines = (files / "setl_d_2026.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].lstrip("\ufeff").split(",")
    place, when = header.index(AMOUNT), header.index("setl_time")
    rows = [cells for cells in (line.split(",") for line in lines[1:]) if cells[when].startswith(MONTH)]
    for path, more in ((first, Decimal(0)), (second, Decimal("1.00"))):
        changed = [
            [str(Decimal(cell) + more) if n == place else cell for n, cell in enumerate(cells)]
            for cells in rows
        ]
        path.write_text("\n".join(",".join(cells) for cells in [header, *changed]) + "\n", encoding="utf-8")
    return Bench(home, (first, second))


def forget_files(folder: Path) -> None:
    """Remove what a command was told to write; half-written ones must have gone by themselves."""
    for name in LEFT:
        (folder / name).unlink(missing_ok=True)


def undisturbed(bench: Bench) -> dict[str, float]:
    """Time of each kind, of publishing that after the file was finished."""
    took: dict[str, float] = {}
    for kind in ORDER:
        bench.loads += kind == "load"
        status, took[kind] = Turn(bench, kind).to_the_end()
        assert status == 0
        forget_files(bench.out)
    return took


def one(bench: Bench, kind: str, part: float, took: dict[str, float]) -> str:
    """One kill; returns "killed" or "finished". Raises RuntimeError when something does not hold."""
    bench.loads += kind == "load"
    promise = Promise(bench, kind)
    if done(promise.note):
        raise RuntimeError(f"{kind}: cannot be read before the kill")
    status = killed_after(Turn(bench, kind), part * took[kind])
    if done(promise.check):
        raise RuntimeError(f"{kind}, killed after {part:.2f} of its time")
    forget_files(bench.out)
    failed, again = Turn(bench, kind).to_the_end()
    if failed:
        raise RuntimeError(f"{kind} does not complete after the kill")
    # what a kill has left undone may be less than a whole run; the lake's history grows
    took[kind] = max(took[kind] * 0.9, again)
    if done(promise.check_done):
        raise RuntimeError(f"{kind}, completed after the kill")
    forget_files(bench.out)
    left = [path.name for path in bench.out.iterdir() if ".part" in path.name]
    if left:
        raise RuntimeError(f"{kind} has left {left}")
    return "finished" if status == 0 else "killed"


def _same_as_full(home: Home) -> int:
    run(["build", "--home", str(home.root)])
    before = marts(home)
    run(["build", "--full", "--home", str(home.root)])
    return 0 if marts(home) == before else 9


def main() -> int:
    """Print how many kills were survived; 1 when something did not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KINDS)
    wanted = parser.parse_args()
    logging.disable(logging.WARNING)
    chance, counted, killed, turns = random.Random(wanted.seed), Counter(), 0, 0
    warm()
    with tempfile.TemporaryDirectory() as name:
        bench = make(Path(name))
        took = undisturbed(bench)
        order = ORDER if wanted.only in (None, "load") else ("load", wanted.only)
        began, used = time.monotonic(), processor_seconds()
        while killed < wanted.kills:
            kind = order[turns % len(order)]
            turns += 1
            how = one(bench, kind, chance.uniform(0.02, 1.0), took)
            counted[kind, how] += 1
            killed += how == "killed"
            if how == "killed" and killed % 10 == 0:
                print(f"{killed} kills", file=sys.stderr, flush=True)
        seconds, used = time.monotonic() - began, processor_seconds() - used
        if done(lambda: _same_as_full(bench.home)):
            raise RuntimeError("a full build gives other marts than the builds by month")
    for kind in KINDS:
        print(f"{kind}: killed {counted[kind, 'killed']}, had finished before {counted[kind, 'finished']}")
    each = f"{seconds / killed:.1f} s each, {used / killed:.1f} s of processor time"
    print(
        f"{killed} kills ({each}): nothing lost, doubled or half; every next run completed; full build equal to the builds by month"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
