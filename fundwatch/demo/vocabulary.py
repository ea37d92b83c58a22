"""Words of the fictional county, read from words.yaml beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

COUNTY = "999001"
COUNTY_NAME = "示范县"
CITY = "999100"
NEIGHBOURS = ("999002", "999003", CITY)

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))


class Hospital(NamedTuple):
    """One hospital by name; ``region`` is the county unless it lies outside."""

    name: str
    level: str
    ownership: str = "1"
    specialty: str = "综合"
    beds: int = 0
    region: str = COUNTY


class Item(NamedTuple):
    """One item of the catalogue; ``price`` in fen; ``where`` says on which bills it stands (words.yaml)."""

    code: str
    name: str
    list_type: str
    charge: str
    level: str
    price: int
    where: str


class Diagnosis(NamedTuple):
    """One diagnosis; ``where`` says for which kinds of visit it fits (words.yaml)."""

    code: str
    name: str
    department: str
    where: str


class Operation(NamedTuple):
    """One operation and the code of the diagnosis it goes with."""

    code: str
    name: str
    diagnosis: str


class Rule(NamedTuple):
    """One rule of the platform; ``ours`` is the number in the product's catalogue it is compared with."""

    code: str
    name: str
    severity: str
    ours: str
    nature: str


class Limit(NamedTuple):
    """One fictional knowledge point on a single item."""

    limit_type: str
    code: str
    match: str
    value: str
    number: int | None
    unit: str | None


class Pair(NamedTuple):
    """One fictional knowledge point on a pair of items, or on an item of a group."""

    pair_type: str
    window: str | None
    code_a: str
    code_b: str | None
    group: str | None
    ratio: str | None


TOWNS: tuple[str, ...] = tuple(_WORDS["towns"])
VILLAGES: tuple[str, ...] = tuple(_WORDS["villages"])
PHARMACY_CHAINS: tuple[str, ...] = tuple(_WORDS["pharmacy_chains"])
COUNTY_HOSPITALS = tuple(Hospital(**row) for row in _WORDS["county_hospitals"])
PRIVATE_HOSPITALS = tuple(Hospital(**row) for row in _WORDS["private_hospitals"])
OUTSIDE_HOSPITALS = tuple(Hospital(**row) for row in _WORDS["outside_hospitals"])
#: items that bills are made of, then the two lines that take the rest of a bill, then items of planted lines
CATALOGUE = tuple(Item(**row) for row in _WORDS["items"])
ITEMS = tuple(item for item in CATALOGUE if item.where)
DIAGNOSES = tuple(Diagnosis(**row) for row in _WORDS["diagnoses"])
DIAGNOSIS = {one.code: place for place, one in enumerate(DIAGNOSES)}
OPERATIONS = tuple(Operation(**row) for row in _WORDS["operations"])
RULES = tuple(Rule(**row) for row in _WORDS["rules"])
RULE = {rule.code: place for place, rule in enumerate(RULES)}
_PLACE = {item.code: place for place, item in enumerate(CATALOGUE)}
#: planted lines by story: (place in the catalogue, units, day of the stay, hour)
PLANTED: dict[int, list[tuple[int, int, int, int]]] = {
    story: [(_PLACE[code], units, day, hour) for code, units, day, hour in lines]
    for story, lines in _WORDS["planted"].items()
}
ITEM_LIMITS = tuple(Limit(*row) for row in _WORDS["item_limits"])
ITEM_PAIRS = tuple(Pair(*row) for row in _WORDS["item_pairs"])
#: name of every item by code, those that only knowledge points name too
ITEM_NAMES: dict[str, str] = {item.code: item.name for item in CATALOGUE} | _WORDS["other_items"]
OVERRIDE_REASONS: tuple[str, ...] = tuple(_WORDS["override_reasons"])
APPEAL_REASONS: tuple[str, ...] = tuple(_WORDS["appeal_reasons"])

#: the hospitals of the stories (docs/demo.md)
REHABILITATION, SPLITTING, EYES, CASE_HOSPITAL = (one.name for one in PRIVATE_HOSPITALS[:4])


def posts(name: str, count: int) -> list[str]:
    """Post codes such as 初审岗01; the demo knows no persons."""
    return [f"{name}{number:02d}" for number in range(1, count + 1)]


REVIEWERS, RECHECKERS, FINAL_CHECKERS = posts("初审岗", 6), posts("复核岗", 3), posts("复审岗", 2)
SAMPLERS, INSPECTORS = posts("抽检岗", 2), posts("检查员", 12)
