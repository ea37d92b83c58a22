"""Contents of uploaded files: tables of every contract with hostile cells, text that is no table, workbooks that are none or carry more."""

from __future__ import annotations

import gzip
import io
import random
import warnings
import zipfile
from collections.abc import Callable

import xlsxwriter

from benchmarks.hostile.words import mixed
from fundwatch.contracts import Contract, code_lists, contracts

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: rows of a small file
MOST_ROWS = 25
#: columns and bytes of the few large ones
MANY_COLUMNS, LONG_LINE = 10_000, 50 << 20


def table(chance: random.Random, contract: Contract) -> list[list[str]]:
    """Header and rows; most cells plausible, so that some rows pass the checks and meet the next ones."""
    names = [column.name for column in contract.columns if column.required or chance.randrange(3)]
    chance.shuffle(names)
    header = [contract.by_name[name].label if chance.randrange(4) == 0 else name for name in names]
    if chance.randrange(6) == 0:
        header[chance.randrange(len(header))] = mixed(chance)
    if chance.randrange(3) == 0:
        header.append(chance.choice(("姓名", "证件号码", "联系电话", mixed(chance), "")))
    rarely = chance.choice((12, 100, 1000))
    rows = [
        [_cell(chance, contract, name, rarely) for name in names][
            : None if chance.randrange(20) else chance.choice((1, -1))
        ]
        for _ in range(chance.randrange(MOST_ROWS))
    ]
    return [header, *rows]


def _cell(chance: random.Random, contract: Contract, name: str, rarely: int) -> str:
    """A hostile cell once in so many, else one that the contract takes."""
    column = contract.by_name[name]
    if chance.randrange(rarely) == 0:
        return mixed(chance)
    if name.endswith("admdvs"):
        return "999001"
    if column.codes:
        return chance.choice(list(code_lists()[column.codes]))
    return {
        "date": "2026-06-01", "time": "2026-06-01 08:00:00", "month": "2026-06", "issue": "202606", "quarter": "2026Q2", "year": "2026",
        "amount": "100.00", "quantity": "1", "price": "1.00", "percent": "5", "score": "90", "int": "1", "flag": "1", "coordinate": "115.6",
    }.get(column.kind, chance.choice(("H99900100001", "1", "390", "甲", f"N{chance.randrange(99)}")))  # fmt: skip


def csv_bytes(chance: random.Random, rows: list[list[str]]) -> bytes:
    """The rows with one of the delimiters, line ends, quotings and encodings there are, sometimes wrong or mixed."""
    delimiter, end = chance.choice(",,,\t;|"), chance.choice(("\n", "\n", "\r\n", "\r"))
    quote = chance.choice(("always", "needed", "needed", "never"))
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            needs = quote == "always" or (quote == "needed" and set(cell) & {delimiter, '"', "\n", "\r"})
            cells.append('"' + cell.replace('"', '""') + '"' if needs else cell)
        lines.append(delimiter.join(cells))
    text = end.join(lines) + chance.choice((end, end, ""))
    content = text.encode(
        chance.choice(("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "big5")), errors="replace"
    )
    if chance.randrange(8) == 0:
        place = chance.randrange(len(content) + 1)
        content = (
            content[:place]
            + chance.choice((b"\x00", b"\xff\xfe", b"\x81", b'"', b"\r", b"\x1a", "医".encode("gb18030")))
            + content[place:]
        )
    return content if chance.randrange(10) else content[: chance.randrange(len(content) + 1)]


def xlsx_bytes(chance: random.Random, rows: list[list[str]]) -> bytes:
    """A workbook of the rows: texts, formulas with and without results, links, merged cells, numbers as numbers."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_numbers": chance.randrange(2) == 0}
    ) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if number and chance.randrange(40) == 0:
                    sheet.write_formula(
                        number,
                        place,
                        "=" + mixed(chance)[:200].replace("\x00", ""),
                        value=chance.choice(("", 0, "x")),
                    )
                else:
                    sheet.write(number, place, "".join(sign for sign in cell[:32_000] if sign >= " "))
        if len(rows) > 2 and chance.randrange(8) == 0:
            sheet.merge_range(1, 0, 2, 1, "x")
    return target.getvalue()


def patched(content: bytes, changes: dict[str, bytes | None], more: dict[str, bytes] | None = None) -> bytes:
    """The archive with some members changed, left out (None) or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            inside = changes.get(name, old.read(name))
            if inside is not None:
                new.writestr(name, inside)
        for name, inside in (more or {}).items():
            new.writestr(name, inside)
    return target.getvalue()


def sheet_xml(body: str, beside: str = "") -> bytes:
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{beside}</worksheet>'.encode()


SHEET, BOOK, RELS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def _cells(*places: str) -> bytes:
    return sheet_xml(
        "".join(
            f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 1}"><c r="{place}"><v>1</v></c></row>'
            for place in places
        )
    )


def _entities() -> bytes:
    names = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9)]
    return f'<?xml version="1.0"?><!DOCTYPE x [{"".join(names)}]><worksheet xmlns="{MAIN}"><sheetData>&e8;</sheetData></worksheet>'.encode()


def _read(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def _merged(content: bytes, area: bytes) -> bytes:
    more = b'<mergeCells count="1"><mergeCell ref="%s"/></mergeCells>' % area
    return patched(content, {SHEET: _read(content, SHEET).replace(b"</sheetData>", b"</sheetData>" + more)})


def _twice(content: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive, warnings.catch_warnings():
        # the library does not like it either
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, sheet_xml('<row r="1"><c r="A1"><f>1+1</f></c></row>'))
    return target.getvalue()


def _flipped(content: bytes) -> bytes:
    place = content.index(b"PK\x01\x02") // 2
    return content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]


NO_NUMBERS = (
    '<row r="1"><c r="A1" t="s"><v>x</v></c><c r="B1" t="n"><v>1e999</v></c>'
    '<c r="C1" t="d"><v>2026-13-99</v></c></row>'
)
#: what is done to a good workbook
WORKBOOKS: dict[str, Callable[[bytes], bytes]] = {
    "HTML called XLSX": lambda _: b"<html><table><tr><td>x</td></tr></table></html>",
    "no sheets": lambda good: patched(good, {BOOK: f'{XML}<workbook xmlns="{MAIN}"/>'.encode()}),
    "no relations": lambda good: patched(good, {RELS: None}),
    "a sheet that is not there": lambda good: patched(good, {SHEET: None}),
    "a sheet outside": lambda good: patched(good, {RELS: _read(good, RELS).replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")}),
    "a sheet on the web": lambda good: patched(good, {RELS: _read(good, RELS).replace(b"worksheets/sheet1.xml", b"http://nobody.invalid/x")}),
    "a far cell": lambda good: patched(good, {SHEET: _cells("A1", "XFD1048576")}),
    "a cell beyond the format": lambda good: patched(good, {SHEET: _cells("A1", "ZZZZZ99999999")}),
    "a row number of many digits": lambda good: patched(good, {SHEET: _cells("A1", "A" + "9" * 5000)}),
    "a cell without place": lambda good: patched(good, {SHEET: sheet_xml('<row><c t="e"><v>#N/A</v></c></row>')}),
    "all merged": lambda good: _merged(good, b"A1:XFD1048576"),
    "a merge that ends before it begins": lambda good: _merged(good, b"C9:A1"),
    "entities": lambda good: patched(good, {SHEET: _entities()}),
    "an outer entity": lambda good: patched(
        good, {BOOK: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><workbook>&e;</workbook>'}
    ),
    "an encoding nobody has": lambda good: patched(good, {SHEET: b'<?xml version="1.0" encoding="x-none"?><worksheet/>'}),
    "no XML": lambda good: patched(good, {SHEET: b"\x00\x01\x02"}),
    "deep XML": lambda good: patched(good, {SHEET: sheet_xml("<a>" * 50_000)}),
    "an outer link": lambda good: patched(good, {}, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
    "a macro": lambda good: patched(good, {}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"x" * 999}),
    "a bomb": lambda good: patched(good, {}, {"xl/media/x.bin": b"\0" * (80 << 20)}),
    "names twice": _twice,
    "cut": lambda good: good[: len(good) * 2 // 3],
    "a byte flipped": _flipped,
    "strings that are not there": lambda good: patched(good, {"xl/sharedStrings.xml": f'{XML}<sst xmlns="{MAIN}"/>'.encode()}),
    "numbers that are none": lambda good: patched(
        good, {SHEET: sheet_xml(NO_NUMBERS)}
    ),
}  # fmt: skip


def packed(chance: random.Random, name: str, content: bytes) -> tuple[str, bytes]:
    """The content as a .zip or .gz, sometimes with a name that leads out, or twice."""
    if chance.randrange(2):
        return f"{name}.gz", gzip.compress(content)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            chance.choice(("x.csv", "../../x.csv", "/etc/x.csv", "x.exe", "\u202evsc.x")), content
        )
        if chance.randrange(4) == 0:
            archive.writestr("y.csv", content)
    return f"{name.removesuffix('.csv')}.zip", target.getvalue()


def any_contract(chance: random.Random) -> Contract:
    return chance.choice(list(contracts().values()))
