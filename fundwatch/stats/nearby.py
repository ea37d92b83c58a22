"""Places that lie close together: a plane in metres, and groups by single linkage.

Single linkage: two places within the limit belong together, and so do all that are connected through such pairs. A group may
therefore be wider than the limit; its width is told beside it. No number of groups has to be guessed, and the result does not
depend on the order of the places.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Metres = tuple[float, float]

#: WGS-84: semi-major axis in metres and flattening
AXIS, FLATTENING = 6378137.0, 1 / 298.257223563
_E2 = FLATTENING * (2 - FLATTENING)
_SECOND = _E2 / (1 - _E2)
#: distances are held against the limit in centimetres: finer differences come from the arithmetic, not from the places
_DECIMALS = 2


def plane(places: Sequence[tuple[float, float]]) -> list[Metres]:
    """WGS-84 longitude and latitude (degrees) as east and north in metres, around the middle longitude of the places.

    Gauss-Krüger with the terms of third order: 50 km from the middle a distance is 0.003 % too long.
    Source: Snyder, Map Projections: A Working Manual (USGS 1395), Transverse Mercator, 8-9 to 8-13, scale 1.
    """
    if not places:
        return []
    longitudes = [place[0] for place in places]
    middle = (min(longitudes) + max(longitudes)) / 2
    return [_projected(longitude - middle, latitude) for longitude, latitude in places]


def _projected(from_middle: float, latitude: float) -> Metres:
    phi = math.radians(latitude)
    radius = AXIS / math.sqrt(1 - _E2 * math.sin(phi) ** 2)
    tangent, second = math.tan(phi) ** 2, _SECOND * math.cos(phi) ** 2
    a = math.radians(from_middle) * math.cos(phi)
    east = radius * (a + (1 - tangent + second) * a**3 / 6)
    north = meridian_arc(phi) + radius * math.tan(phi) * (
        a**2 / 2 + (5 - tangent + 9 * second + 4 * second**2) * a**4 / 24
    )
    return east, north


def meridian_arc(phi: float) -> float:
    """Metres along the meridian from the equator to the latitude ``phi`` (radians). Source: Snyder, 3-21."""
    e2, e4, e6 = _E2, _E2**2, _E2**3
    return AXIS * (
        (1 - e2 / 4 - 3 * e4 / 64 - 5 * e6 / 256) * phi
        - (3 * e2 / 8 + 3 * e4 / 32 + 45 * e6 / 1024) * math.sin(2 * phi)
        + (15 * e4 / 256 + 45 * e6 / 1024) * math.sin(4 * phi)
        - (35 * e6 / 3072) * math.sin(6 * phi)
    )


def distance(one: Metres, other: Metres) -> float:
    """Metres between two points of the plane, to the centimetre."""
    return round(math.dist(one, other), _DECIMALS)


def groups(points: Sequence[Metres], limit: float) -> list[list[int]]:
    """Positions of the points that belong together, each group and the list ascending; single points are in no group.

    Two points belong together at a distance up to and with ``limit`` metres. Raises ValueError for a negative limit.
    """
    if limit < 0:
        raise ValueError(f"limit must not be negative: {limit}")
    leader = list(range(len(points)))

    def leads(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    # From west to east: once a point is farther east than the limit, so are all that follow.
    order = sorted(range(len(points)), key=lambda number: points[number])
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            if points[other][0] - points[one][0] > limit + 1:
                break
            if distance(points[one], points[other]) <= limit:
                low, high = sorted((leads(one), leads(other)))
                leader[high] = low
    found: dict[int, list[int]] = {}
    for number in range(len(points)):
        found.setdefault(leads(number), []).append(number)
    return [members for members in found.values() if len(members) > 1]


def nearest(points: Sequence[Metres], members: Sequence[int], one: int) -> tuple[int, float]:
    """The other member of the group that is nearest to ``one``, and how far it is in metres; the lower position on a tie."""
    return min(
        ((other, distance(points[one], points[other])) for other in members if other != one),
        key=lambda found: (found[1], found[0]),
    )


def width(points: Sequence[Metres], members: Sequence[int]) -> float:
    """The largest distance between two members, in metres."""
    chosen = [points[number] for number in members]
    return max(distance(one, other) for place, one in enumerate(chosen) for other in chosen[place + 1 :])
