"""The county's shape: 32 towns that tile it, as one GeoJSON, the same for every seed (it ships with the product).

A grid of cells with shaken corners; a border between two cells is drawn once and used by both, so towns
neither overlap nor leave gaps. The place is uninhabited desert, in GCJ-02 like the institutions of the demo.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise

import numpy as np

from fundwatch.demo.vocabulary import COUNTY, TOWNS

SHAPE = ("..###..", ".######", "#######", "#######", "######.", ".###...")
WEST, SOUTH = 103.42, 39.28
CELL_EAST, CELL_NORTH = 0.105, 0.088
_SHAKE = 0.20
_BEND = 0.10
_HALVINGS = 3
_SHAPE_SEED = 999001

Point = tuple[float, float]


@lru_cache(maxsize=1)
def _corners() -> np.ndarray:
    """Corner points of the grid, (rows + 1, columns + 1, 2), north row first."""
    rows, columns = len(SHAPE), len(SHAPE[0])
    rng = np.random.default_rng(_SHAPE_SEED)
    north, east = np.mgrid[rows:-1:-1, 0 : columns + 1].astype(float)
    east += rng.uniform(-_SHAKE, _SHAKE, east.shape)
    north += rng.uniform(-_SHAKE, _SHAKE, north.shape)
    return np.stack([WEST + CELL_EAST * east, SOUTH + CELL_NORTH * north], axis=-1)


@lru_cache(maxsize=1)
def cells() -> tuple[tuple[int, int], ...]:
    """Row and column of each town's cell; the county seat takes the cell nearest the middle."""
    found = [
        (row, column) for row, line in enumerate(SHAPE) for column, mark in enumerate(line) if mark == "#"
    ]
    middle = min(found, key=lambda cell: abs(cell[0] - 2.4) + abs(cell[1] - 3))
    return (middle, *[cell for cell in found if cell != middle])


@lru_cache(maxsize=256)
def _border(start: tuple[int, int], end: tuple[int, int]) -> tuple[Point, ...]:
    """The border from one grid corner to the next, both included; the way back is the same line reversed."""
    if start > end:
        return _border(end, start)[::-1]
    rng = np.random.default_rng([_SHAPE_SEED, *start, *end])
    line = np.array([_corners()[start], _corners()[end]])
    bend = _BEND
    for _ in range(_HALVINGS):
        steps = np.diff(line, axis=0)
        sideways = np.stack([-steps[:, 1], steps[:, 0]], axis=-1)
        middles = line[:-1] + steps / 2 + sideways * rng.uniform(-bend, bend, (len(steps), 1))
        line = np.insert(line, np.arange(1, len(line)), middles, axis=0)
        bend /= 1.3
    return tuple((round(float(east), 5), round(float(north), 5)) for east, north in line)


def town_ring(town: int) -> list[Point]:
    """The closed outline of a town, anticlockwise."""
    row, column = cells()[town]
    turns = [(row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1), (row, column)]
    ring = [point for start, end in pairwise(turns) for point in _border(start, end)[:-1]]
    return [*ring, ring[0]]


def places(town: np.ndarray, east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Points inside towns, (n, 2) longitude and latitude, from two shares of the cell in [0, 1]."""
    row, column = np.array(cells())[town].T
    corner = _corners()
    east, north = (0.2 + 0.6 * east)[:, None], (0.2 + 0.6 * north)[:, None]
    top = corner[row, column] * (1 - east) + corner[row, column + 1] * east
    bottom = corner[row + 1, column] * (1 - east) + corner[row + 1, column + 1] * east
    return np.round(bottom * (1 - north) + top * north, 6)


def outline_geojson() -> str:
    """All towns as one FeatureCollection; ``coord_sys`` names the datum as the contract's tables do."""
    features = [
        {
            "type": "Feature",
            "properties": {"town_code": town_code(town), "town_name": name},
            "geometry": {"type": "Polygon", "coordinates": [town_ring(town)]},
        }
        for town, name in enumerate(TOWNS)
    ]
    document = {"type": "FeatureCollection", "coord_sys": "GCJ02", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def town_code(town: int) -> str:
    return f"{COUNTY}{town + 1:03d}"
