"""The county's shape: 32 towns that tile it, with every institution inside its town."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

from fundwatch.demo.outline import outline_geojson
from fundwatch.demo.vocabulary import TOWNS
from fundwatch.home import REFERENCE

Ring = list[tuple[float, float]]


def rings() -> dict[str, Ring]:
    return {
        feature["properties"]["town_code"]: [tuple(point) for point in feature["geometry"]["coordinates"][0]]
        for feature in json.loads(outline_geojson())["features"]
    }


def inside(point: tuple[float, float], ring: Ring) -> bool:
    """Even-odd rule."""
    east, north = point
    crossings = 0
    for (east_a, north_a), (east_b, north_b) in pairwise(ring):
        if (north_a > north) != (north_b > north) and east < east_a + (north - north_a) * (
            east_b - east_a
        ) / (north_b - north_a):
            crossings += 1
    return crossings % 2 == 1


def area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def test_thirty_two_towns_each_with_a_closed_anticlockwise_ring() -> None:
    assert len(TOWNS) == len(set(TOWNS)) == len(rings()) == 32
    for ring in rings().values():
        assert ring[0] == ring[-1]
        assert area(ring) > 0


def test_towns_tile_the_county() -> None:
    """Every border belongs to one town and, run the other way, to its neighbour; what is left is one closed outer line."""
    borders = Counter(step for ring in rings().values() for step in pairwise(ring))
    assert set(borders.values()) == {1}
    outer = {start: end for start, end in borders if (end, start) not in borders}
    start = next(iter(outer))
    line = [start]
    while outer[line[-1]] != start:
        line.append(outer[line[-1]])
    assert len(line) == len(outer)
    assert abs(area([*line, start]) - sum(map(area, rings().values()))) < 1e-9


def test_institutions_lie_in_their_town(read) -> None:
    towns = rings()
    for row in read("fixmedins_b"):
        if row["town_code"]:
            assert inside((float(row["lnt"]), float(row["lat"])), towns[row["town_code"]]), row[
                "fixmedins_name"
            ]


def test_the_shipped_outline_is_the_demo_s(tiny: Path) -> None:
    shipped = (REFERENCE / "outline_999001.geojson").read_bytes()
    assert shipped == (tiny / "outline.geojson").read_bytes()
    assert len(shipped) < 300_000
