"""Personal values at the door: files full of made-up persons are loaded and built, then every byte of the home is searched for each value.

    python benchmarks/privacy.py [--persons 5000] [--seed 1]

Names, ID-card numbers, phone numbers, addresses, record numbers and persons' numbers stand in personal columns, unknown
columns, headers, free text, rows that fail, rows that are replaced or repeated, refused files, file names, and in a workbook's
properties, comments and hidden sheet; in UTF-8, GB18030, gzip and XLSX. Looked for are the values as UTF-8, GB18030 and UTF-16,
reversed, in hexadecimal, Base64 (at every offset) and percent-encoded; in the files as they are and in what Parquet, DuckDB and
SQLite files hold unpacked. Names are not put into free text, headers and file names: nothing can tell a name there from a word.
Ends with status 1 and the places when a value is found.
"""

from __future__ import annotations

import argparse
import base64
import csv
import gzip
import io
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pyarrow.parquet as pq
from openpyxl.comments import Comment

from fundwatch.cli.app import run
from fundwatch.loader.privacy import COMPOUND

#: bytes that every needle has at least; the search looks for these first
WIDTH = 8
HAN = [chr(code) for code in range(0x7460, 0x74E0)]
SETTLEMENT = {
    "setl_id": "", "mdtrt_id": "", "psn_no": "", "insutype": "390", "med_type": "21", "fixmedins_code": "H99900100001",
    "insu_admdvs": "999001", "begndate": "2024-06-01", "setl_time": "2024-06-03 10:00:00", "medfee_sumamt": "100.00",
    "inscp_amt": "90.00", "hifp_pay": "60.00", "fund_pay_sumamt": "60.00", "refd_setl_flag": "0", "vali_flag": "1",
}  # fmt: skip
SETTLEMENTS_OF_ONE = 3


@dataclass(frozen=True)
class Person:
    """A made-up person; every value has at least eight bytes in each encoding."""

    number: str
    name: str
    card: str
    mobile: str
    address: str
    record: str

    @property
    def values(self) -> tuple[str, ...]:
        return self.number, self.name, self.card, self.mobile, self.address, self.record

    @property
    def columns(self) -> dict[str, str]:
        """Cells of personal columns, under field names and Chinese ones."""
        return {
            "psn_name": self.name, "certno": self.card, "联系电话": self.mobile, "住址": self.address, "medcasno": self.record,
        }  # fmt: skip


def persons(count: int, seed: int) -> list[Person]:
    chance, found = random.Random(seed), {}
    while len(found) < count:
        name = chance.choice(COMPOUND) + "".join(chance.choices(HAN, k=2))
        day = f"19{chance.randrange(40, 99)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
        card = f"990{chance.randrange(10**3):03}{day}{chance.randrange(10**4):04}"
        mobile = f"1{chance.randrange(3, 10)}{chance.randrange(10**9):09}"
        place = "".join(chance.choices(HAN, k=4))
        found[card] = Person(
            f"PSN{chance.randrange(10**15):015}", name, card, mobile, f"{place}路{chance.randrange(1, 999)}号",
            f"BAH{chance.randrange(10**10):010}",
        )  # fmt: skip
    return list(found.values())


def rows_of(people: Sequence[Person]) -> list[dict[str, str]]:
    """Settlements with personal and unknown columns."""
    found = []
    for place, person in enumerate(people):
        for number in range(SETTLEMENTS_OF_ONE):
            own = f"{place}-{number}"
            cells = SETTLEMENT | {"setl_id": f"S{own}", "mdtrt_id": f"M{own}", "psn_no": person.number}
            cells |= {"setl_time": f"2024-0{6 + number % 2}-03 10:00:00", **person.columns}
            found.append(cells | {"经办人": person.name, "备用列": f"{person.card} {person.mobile}"})
    return found


def as_csv(rows: Sequence[dict[str, str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(file: Path, rows: Sequence[dict[str, str]], person: Person) -> None:
    """Rows, and the person in properties, a comment and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    sheet["A1"].comment = Comment(f"{person.name} {person.mobile}", person.name)
    book.properties.creator, book.properties.description = person.name, person.card
    hidden = book.create_sheet(person.name)
    hidden.append(list(person.values))
    hidden.sheet_state = "hidden"
    book.save(file)


def files(folder: Path, people: Sequence[Person]) -> list[Path]:
    """The files of all sorts, in the order in which they are loaded."""
    folder.mkdir()
    third, rows = len(people) // 3, rows_of(people)
    parts = [rows[part * third * SETTLEMENTS_OF_ONE :][: third * SETTLEMENTS_OF_ONE] for part in range(3)]
    someone = people[0]
    # one in forty fails: a value slipped into a date, an amount, a code
    for place in range(0, len(parts[0]), 40):
        person = people[place // SETTLEMENTS_OF_ONE]
        wrong = ("setl_time", "medfee_sumamt", "insutype", "vali_flag")[place // 40 % 4]
        parts[0][place] |= {wrong: person.values[place // 40 % 4]}
    made = {
        f"setl_d_a_{someone.card}.csv": as_csv(parts[0]),
        "setl_d_b.csv": as_csv(parts[1], "gb18030"),
        "setl_d_c.csv.gz": gzip.compress(as_csv(parts[2])),
        # the first again with other amounts: replaced rows and history
        f"setl_d_d_{someone.mobile}.csv": as_csv([row | {"inscp_amt": "80.00"} for row in parts[0]]),
        # refused: nothing but failures; no header; a person in the header
        "setl_d_e.csv": as_csv([row | {"setl_time": row["certno"]} for row in parts[0][:100]]),
        "setl_d_f.csv": as_csv([someone.columns]),
        "inspection.csv": as_csv([{
            "insp_id": "JC1", "fixmedins_code": "H99900100001", "insp_date": "2024-06-01", "insp_kind": "协议检查",
            "insp_method": "现场检查", "insp_stas": "完成", someone.card: "1", f"电话{someone.mobile}": "2",
        }]),
        "complaint.csv": as_csv([
            {"cmpl_id": f"JB{n}", "recv_date": "2024-06-01",
             "subject": f"举报人身份证{p.card},电话{p.mobile},另一部{p.mobile[:3]}-{p.mobile[3:7]}-{p.mobile[7:]},多收床位费"}
            for n, p in enumerate(people)
        ]),
        "case_event.csv": as_csv([
            {"event_id": f"E{n}", "case_id": "AJ1", "event_time": "2024-06-01 09:00:00", "event_type": "询问", "actor": "稽核岗01",
             "text": f"对{p.card}本人核实,回电{p.mobile}。"}
            for n, p in enumerate(people)
        ]),
    }  # fmt: skip
    for name, content in made.items():
        (folder / name).write_bytes(content)
    workbook(folder / "setl_d_g.xlsx", parts[1][:200], someone)
    return sorted(folder.iterdir())


def needles(people: Sequence[Person]) -> dict[bytes, str]:
    """Everything looked for → what it is."""
    found: dict[bytes, str] = {}
    for person in people:
        for value in person.values:
            for turned, word in ((value, ""), (value[::-1], " reversed")):
                for coding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
                    found[turned.encode(coding)] = f"{coding}{word}"
            for coding in ("utf-8", "gb18030"):
                raw = value.encode(coding)
                found[raw.hex().encode()] = found[raw.hex().upper().encode()] = f"hex {coding}"
                for before in range(3):
                    whole = base64.b64encode(b"\0" * before + raw)
                    # what also depends on the bytes beside the value is left off
                    found[whole[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]] = f"base64 {coding}"
                if not value.isascii():
                    found[urllib.parse.quote(raw).encode()] = f"percent {coding}"
            if not value.isascii():
                found[json.dumps(value)[1:-1].encode()] = "json"
    assert min(map(len, found)) >= WIDTH
    return found


class Search:
    """Looks for very many needles at once: first by eight bytes at every place, then whole."""

    def __init__(self, wanted: dict[bytes, str]) -> None:
        self.wanted = wanted
        self.heads: dict[int, list[bytes]] = {}
        for needle in wanted:
            self.heads.setdefault(int.from_bytes(needle[:WIDTH], "little"), []).append(needle)
        self.sorted = np.array(sorted(self.heads), dtype="<u8")
        self.bytes = 0

    def __call__(self, content: bytes) -> set[str]:
        self.bytes += len(content)
        found: set[str] = set()
        for offset in range(min(WIDTH, max(len(content) - WIDTH + 1, 0))):
            usable = (len(content) - offset) // WIDTH
            words = np.frombuffer(content, dtype="<u8", count=usable, offset=offset)
            places = np.searchsorted(self.sorted, words)
            places[places == len(self.sorted)] = 0
            for place in np.nonzero(self.sorted[places] == words)[0]:
                start = offset + int(place) * WIDTH
                for needle in self.heads[int(words[place])]:
                    if content.startswith(needle, start):
                        found.add(self.wanted[needle])
        return found


def contents(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and unpacked where it packs; file names too."""
    for path in sorted(home.rglob("*")):
        where = path.relative_to(home).as_posix()
        yield f"name {where}", path.name.encode()
        if not path.is_file():
            continue
        yield where, path.read_bytes()
        for text in unpacked(path):
            yield f"{where} unpacked", text.encode("utf-8", "surrogatepass")


def unpacked(path: Path) -> Iterator[str]:
    if path.suffix == ".parquet":
        for batch in pq.ParquetFile(path).iter_batches():
            yield json.dumps(batch.to_pylist(), ensure_ascii=False, default=str)
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
                yield json.dumps(
                    connection.execute(f'from "{table}"').fetchall(), ensure_ascii=False, default=str
                )
    elif path.suffix == ".db":
        with closing(sqlite3.connect(path)) as connection:
            yield "\n".join(connection.iterdump())


def tried(folder: Path, count: int, seed: int, times: int = 2) -> dict[str, object]:
    """Load ``times`` times, build, run into an error, search; what was done and where something was found."""
    people = persons(count, seed)
    home, given = folder / "home", files(folder / "given", people)
    begun = time.monotonic()
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        # refused files make it 1; a second load of the same is all repeats
        statuses = [run(["load", *map(str, given), "--home", str(home)]) for _ in range(times)]
        statuses.append(run(["build", "--home", str(home)]))
        statuses.append(run(["load", f"{people[0].card}.csv", "--home", str(home)]))
    loaded = time.monotonic() - begun
    search = Search(needles(people))
    begun = time.monotonic()
    found = {where: kinds for where, content in contents(home) if (kinds := search(content))}
    # the search itself finds what is there: the files that were handed in hold everything
    control = {kind for path in given for kind in search(path.read_bytes())}
    return {
        "persons": count, "needles": len(search.wanted), "files": len(given), "bytes_given": sum(path.stat().st_size for path in given),
        "bytes_searched": search.bytes, "statuses": statuses, "load_seconds": loaded, "search_seconds": time.monotonic() - begun,
        "found": found, "control": control, "home": home,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = tried(Path(folder), wanted.persons, wanted.seed)
    print(
        f"{result['persons']:,} persons in {result['files']} files ({result['bytes_given'] / 1e6:.1f} MB), "
        f"loaded twice and built in {result['load_seconds']:.1f} s"
    )
    searched = f"{result['bytes_searched'] / 1e6:.1f} MB in {result['search_seconds']:.1f} s"
    print(f"{result['needles']:,} forms of their values looked for in {searched}")
    for where, kinds in result["found"].items():
        print(f"FOUND {where}: {', '.join(sorted(kinds))}")
    print("nothing found" if not result["found"] else "personal values in the home")
    return int(bool(result["found"]))


if __name__ == "__main__":
    sys.exit(main())
