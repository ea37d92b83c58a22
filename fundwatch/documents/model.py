"""What a document holds, before any format: all numbers are words already, formatted once for DOCX, PDF and screen.

A document is plain data: ``as_data`` turns it into JSON values and ``from_data`` back, so that what was submitted can be kept and
printed again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

DIGITS = "零一二三四五六七八九"
TEN = 10
#: 一、（一）1. （1）: what GB/T 9704-2012 has
DEEPEST = 4
#: a table of so many rows or fewer is not torn over two pages
SHORT_TABLE = 11


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of running text. ``small`` sets a remark below a table or chart."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a table: header with its unit, share of the width, figures to the right."""

    header: str
    weight: int = 2
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """A table of words. ``unit`` stands above it at the right; the last ``total_rows`` rows are sums and set apart."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str = ""
    note: str = ""
    total_rows: int = 0

    @property
    def is_short(self) -> bool:
        return len(self.rows) <= SHORT_TABLE

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: a row of {len(row)} cells in {len(self.columns)} columns")


@dataclass(frozen=True)
class Series:
    """One row of a chart's data: its name and a value per category, None where there is none."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Chart:
    """A chart as data: ``line`` over months, ``column`` (upright) or ``bar`` (lying). ``words`` is its text alternative."""

    title: str
    kind: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    words: str
    decimals: int = 0
    note: str = ""


Block = Paragraph | Table | Chart
KINDS: Mapping[str, type[Any]] = {"paragraph": Paragraph, "table": Table, "chart": Chart}


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it. Levels come from the nesting: 一、（一）1. （1）."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole document. ``slots`` fill the names in the template (``{{ 落款单位 }}``) besides 标题, 副题 and 正文.

    ``made_at`` is the time that the files carry (with zone): the same document gives the same bytes.
    """

    title: str
    subtitle: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    made_at: dt.datetime
    author: str
    slots: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """All blocks in the order of reading."""
        yield from self.lead
        for section in self.sections:
            yield from _blocks(section)

    def words(self) -> Iterator[str]:
        """Everything that is printed as text: title, headings, paragraphs, cells, captions, chart labels."""
        yield from (self.title, self.subtitle, *self.slots.values())
        for _, _, section in numbered(self.sections):
            yield section.title
        for block in self.blocks():
            yield from _words(block)


def numbered(sections: Sequence[Section], level: int = 1) -> Iterator[tuple[int, str, Section]]:
    """Every section with its level and its number as printed: 一、 then （一） then 1. then （1）."""
    if level > DEEPEST:
        raise ValueError("a document has four levels at most")
    for place, section in enumerate(sections, 1):
        yield level, number_words(level, place), section
        yield from numbered(section.sections, level + 1)


def number_words(level: int, place: int) -> str:
    """The number of the ``place``-th heading of a level."""
    return {1: f"{chinese(place)}、", 2: f"（{chinese(place)}）", 3: f"{place}．", 4: f"（{place}）"}[level]


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, TEN)
    lead = "" if not tens else ("十" if tens == 1 else f"{DIGITS[tens]}十")
    return f"{lead}{DIGITS[ones] if ones else ''}"


def printable(text: str) -> str:
    """The text without control characters: XML cannot hold them, and no font draws them.

    Characters of private use stay: rare ones of people's names are written with them.
    """
    return "".join(
        sign
        for sign in text
        if sign.isprintable() or sign in "\t\n\u3000" or unicodedata.category(sign) == "Co"
    )


def as_data(document: Document) -> dict[str, Any]:
    """The document as JSON values; amounts of charts are strings."""
    return {
        **{name: getattr(document, name) for name in ("title", "subtitle", "author")},
        "made_at": document.made_at.isoformat(),
        "slots": dict(document.slots),
        "lead": [block_data(block) for block in document.lead],
        "sections": [_section_data(section) for section in document.sections],
    }


def from_data(data: Mapping[str, Any]) -> Document:
    """The document that ``as_data`` gave."""
    return Document(
        title=data["title"],
        subtitle=data["subtitle"],
        author=data["author"],
        made_at=dt.datetime.fromisoformat(data["made_at"]),
        slots=dict(data["slots"]),
        lead=tuple(_block(each) for each in data["lead"]),
        sections=tuple(_section(each) for each in data["sections"]),
    )


def _blocks(section: Section) -> Iterator[Block]:
    yield from section.blocks
    for inner in section.sections:
        yield from _blocks(inner)


def _words(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield block.text
        case Table():
            yield from (block.title, block.unit, block.note, *(column.header for column in block.columns))
            for row in block.rows:
                yield from row
        case Chart():
            yield from (block.title, block.unit, block.note, block.words, *block.categories)
            yield from (series.name for series in block.series)


def block_data(block: Block) -> dict[str, Any]:
    """One block as JSON values, with its kind."""
    kind = next(name for name, made in KINDS.items() if isinstance(block, made))
    data = dataclasses.asdict(block)
    if isinstance(block, Chart):
        data["series"] = [
            {"name": each.name, "values": [None if v is None else format(v, "f") for v in each.values]}
            for each in block.series
        ]
    return {"kind_of_block": kind, **data}


def _section_data(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "blocks": [block_data(block) for block in section.blocks],
        "sections": [_section_data(inner) for inner in section.sections],
    }


def _block(data: Mapping[str, Any]) -> Block:
    given = dict(data)
    match given.pop("kind_of_block"):
        case "paragraph":
            return Paragraph(**given)
        case "table":
            given["columns"] = tuple(Column(**each) for each in given["columns"])
            given["rows"] = tuple(tuple(row) for row in given["rows"])
            return Table(**given)
        case _:
            given["categories"] = tuple(given["categories"])
            given["series"] = tuple(
                Series(each["name"], tuple(None if v is None else Decimal(v) for v in each["values"]))
                for each in given["series"]
            )
            return Chart(**given)


def _section(data: Mapping[str, Any]) -> Section:
    return Section(
        data["title"],
        tuple(_block(each) for each in data["blocks"]),
        tuple(_section(each) for each in data["sections"]),
    )
