"""Files as people hand them in on 数据质量: through the inbox and the look before a load, as the screen does it.

Each file lands in its own folder of the inbox and nowhere else; the look ends with a report (loaded, unchanged, refused, skipped), every
row accounted for; words for the screen are Chinese sentences without a library's own; no ID-card or phone number is in them; lake, lake
log and quarantine are as before; afterwards the folder is gone.
"""

from __future__ import annotations

import io
import random
from pathlib import Path

from benchmarks.hostile.contents import (
    LONG_LINE,
    MANY_COLUMNS,
    WORKBOOKS,
    any_contract,
    csv_bytes,
    packed,
    patched,
    table,
    xlsx_bytes,
)
from benchmarks.hostile.tally import Family, timed
from benchmarks.hostile.words import ID_NUMBER, INSIDE, PHONE, mixed
from fundwatch.contracts import contracts
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.loader.commit import only_loader, sweep
from fundwatch.loader.inbox import discard, receive, safe_name
from fundwatch.loader.load import Job
from fundwatch.loader.preview import Look
from fundwatch.loader.recognise import find_files
from fundwatch.loader.report import FileReport
from fundwatch.screens.quality import report_notes

NAMES = (
    "../../x.csv", "..\\..\\x.csv", "CON", "nul.csv", "名字.csv\x00.xlsx", "\u202evsc.x", "x" * 300, "医" * 300 + ".csv", ".", "..", "...",
    "",
    " ", "/", "~/x.csv", "-rf", "$(reboot).csv", "`x`.csv", "x.csv.exe", "setl_d.csv;x", "<script>.csv", "![x](y).csv", "a\nb.csv",
    "\ufeffx",
    ".hidden.csv", "x.XLSX", f"setl_d_{ID_NUMBER}.csv", f"名单{PHONE}.xlsx", "\ud800.csv", "x.csv" + " " * 40, "*", "?", "setl_d_%s.csv",
)  # fmt: skip


def run(home: Home, cases: int, seed: int, *, large: bool = True) -> Family:
    """Three fifths tables of a contract, a fifth names, a fifth workbooks that are none; a few large ones besides."""
    family, chance = Family("uploads"), random.Random(seed)
    with timed(family), only_loader(home) as work:
        look = Look(home, work)
        before = _standing(home)
        for number in range(cases):
            _one(family, home, look, *_file(chance, number))
        for name, content in _large() if large else ():
            _one(family, home, look, name, content)
        sweep(Lake(home))
    if _standing(home) != before:
        family.fail(f"lake, inbox or serving files have changed: {sorted(_standing(home) ^ before)[:5]}")
    return family


def _file(chance: random.Random, number: int) -> tuple[str, bytes]:
    contract = any_contract(chance)
    rows = table(chance, contract)
    name = f"{contract.table}_{number}.csv"
    match number % 5:
        case 0:
            name = chance.choice((*NAMES, mixed(chance)))
            return (name if chance.randrange(2) else f"{contract.table}_{name}.csv"), csv_bytes(chance, rows)
        case 1:
            kind = list(WORKBOOKS)[(number // 5) % len(WORKBOOKS)]
            return f"{contract.table}_{number}.xlsx", WORKBOOKS[kind](xlsx_bytes(chance, rows))
        case 2:
            return f"{contract.table}_{number}.xlsx", xlsx_bytes(chance, rows)
        case 3 if chance.randrange(4) == 0:
            return packed(chance, name, csv_bytes(chance, rows))
    return name, csv_bytes(chance, rows)


def _large() -> list[tuple[str, bytes]]:
    header = ",".join(column.name for column in contracts()["inspection"].columns)
    wide = ",".join(f"c{place}" for place in range(MANY_COLUMNS))
    return [
        ("inspection_wide.csv", f"{header},{wide}\n{'x,' * MANY_COLUMNS}\n".encode()),
        ("inspection_line.csv", header.encode() + b"\n" + b"x" * LONG_LINE),
        ("inspection_first_line.csv", b"x" * LONG_LINE),
        ("inspection_quote.csv", header.encode() + b'\n"' + b"x,\n" * (LONG_LINE // 30)),
        ("inspection_bomb.zip", packed(random.Random(0), "x.csv", b"0" * (96 << 20))[1]),
        ("inspection_bomb.csv.gz", packed(random.Random(1), "x.csv", b"\n" * (96 << 20))[1]),
        (
            "inspection_bomb.xlsx",
            patched(
                WORKBOOKS["a macro"](xlsx_bytes(random.Random(0), [["x"]])), {}, {"x": b"\0" * (96 << 20)}
            ),
        ),
    ]


def _one(family: Family, home: Home, look: Job, name: str, content: bytes) -> None:
    folder = None
    shown = f"{name[:80]!r} of {len(content)} bytes"
    try:
        folder = receive(home, [(name, io.BytesIO(content))])
        kept = list(folder.rglob("*"))
        if [path.parent for path in kept] != [folder] or kept[0].name != safe_name(name):
            family.fail(f"{shown}: lies at {kept}")
        # a name that begins with no table is passed over in a folder; named, it is read as far as it goes
        for found in find_files(kept):
            report = look.load(found)
            family.ended(report.status)
            _words(family, shown, report)
    except UserError as error:
        family.ended("refused at the door")
        if INSIDE.search(error.message):
            family.fail(f"{shown}: {error.message}")
    except BaseException as error:  # whatever came out is what was looked for; Rust's panics are no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        family.ended("failed")
        family.fail(f"{shown}: {type(error).__name__}: {error} in {_place(error)}")
    finally:
        if folder is not None:
            discard(home, folder)
            if folder.exists():
                family.fail(f"{shown}: its folder stays")


def _words(family: Family, shown: str, report: FileReport) -> None:
    if not report.balanced:
        family.fail(f"{shown}: rows do not add up")
    words = "\n".join(
        [
            *report_notes([report]),
            report.refused_because or "",
            *(str(vars(reason)) for reason in report.reasons),
        ]
    )
    if INSIDE.search(words):
        family.fail(f"{shown}: {INSIDE.search(words)} in {words[:300]}")
    if ID_NUMBER in words or PHONE in words:
        place = words.find(ID_NUMBER) if ID_NUMBER in words else words.find(PHONE)
        family.fail(f"{shown}: a personal value in {words[max(place - 80, 0) : place + 40]}")


def _standing(home: Home) -> set[tuple[str, int]]:
    """Files of lake, inbox and warehouse with their sizes, locks and work apart."""
    return {
        (str(path.relative_to(home.root)), path.stat().st_size)
        for folder in (home.lake, home.inbox, home.warehouse)
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(home.root).parts)
    }


def _place(error: BaseException) -> str:
    trace, last = error.__traceback__, ""
    while trace:
        code = trace.tb_frame.f_code
        if "fundwatch" in code.co_filename:
            last = f"{Path(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last
