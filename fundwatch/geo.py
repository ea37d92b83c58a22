"""Where things lie: coordinates of the Chinese systems as WGS-84, and the county's outline without any map service.

The outline is a GeoJSON FeatureCollection of polygons (one feature per town, or one for the county), looked up as
``<home>/state/outline.geojson``, else ``data/reference/outline_<county_admdvs>.geojson``. A member ``coord_sys`` beside
``features`` names its system; without one GCJ-02 is read, as for institutions. Degrees everywhere, longitude first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import geocoordinates_ffi as geocoordinates

from fundwatch.errors import UserError
from fundwatch.home import REFERENCE, Home

DEFAULT_SYSTEM = "GCJ02"
Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Area:
    """One town of the outline, or the county: polygons of rings, the first ring of each is the outer one."""

    code: str | None
    name: str | None
    polygons: tuple[tuple[Ring, ...], ...]

    def contains(self, place: Point) -> bool:
        """Whether the place lies inside; holes do not count."""
        return any(
            _in_ring(place, outer) and not any(_in_ring(place, hole) for hole in holes)
            for outer, *holes in self.polygons
        )

    @property
    def middle(self) -> Point:
        """The centre of the largest polygon."""
        return _centre(self._largest)

    @property
    def label_place(self) -> Point:
        """Where a name stands: near the northern edge, so that it does not lie under the points; else the middle."""
        east, north = self.middle
        *_, top = bounds(self._largest)
        higher = (east, north + (top - north) * 0.72)
        return higher if self.contains(higher) else (east, north)

    @property
    def _largest(self) -> Ring:
        return max((polygon[0] for polygon in self.polygons), key=lambda ring: abs(_area(ring)))


@dataclass(frozen=True)
class Outline:
    """The county's outline in WGS-84 and the file it came from."""

    areas: tuple[Area, ...]
    source: str

    def contains(self, place: Point) -> bool:
        """Whether a place in WGS-84 lies inside the county."""
        return any(area.contains(place) for area in self.areas)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return bounds(point for area in self.areas for polygon in area.polygons for point in polygon[0])


def to_wgs84(longitude: float, latitude: float, system: str) -> Point:
    """A coordinate of WGS84, GCJ02 or BD09 as WGS-84 (within half a metre); raises UserError for another system."""
    match system:
        case "WGS84":
            return longitude, latitude
        case "GCJ02":
            found = geocoordinates.gcj02_to_wgs84_refined(geocoordinates.Gcj02(lat=latitude, lon=longitude))
        case "BD09":
            found = geocoordinates.bd09_to_wgs84_refined(geocoordinates.Bd09(lat=latitude, lon=longitude))
        case _:
            raise UserError(f"坐标系“{system}”不认识,应为 WGS84、GCJ02 或 BD09。")
    return found.lon, found.lat


def bounds(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """West, south, east and north of the points; ValueError without any."""
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def outline_file(home: Home, county_admdvs: str) -> Path | None:
    """The outline to draw: the home's own, else the one shipped for this county, else None."""
    own = home.state / "outline.geojson"
    shipped = REFERENCE / f"outline_{county_admdvs}.geojson"
    return next((file for file in (own, shipped) if file.is_file()), None)


def read_outline(home: Home, county_admdvs: str) -> Outline | None:
    """The county's outline in WGS-84, or None when the home has none; raises UserError for a file that is none."""
    file = outline_file(home, county_admdvs)
    return None if file is None else _read(file, file.stat().st_mtime_ns)


def joined(home: Home, counties: Iterable[str]) -> Outline | None:
    """The outline of several counties: the home's own, else those shipped for the counties, together."""
    found: list[Outline] = []
    for county in counties:
        one = read_outline(home, county)
        if one is not None and one.source not in {other.source for other in found}:
            found.append(one)
    areas = tuple(area for one in found for area in one.areas)
    return Outline(areas, "、".join(one.source for one in found)) if found else None


@lru_cache(maxsize=16)
def _read(file: Path, changed: int) -> Outline:
    """``changed`` is part of the key only: a replaced file is read again."""
    wanted = f"县界文件 {file.name} 不能用,应为 GeoJSON FeatureCollection(Polygon 或 MultiPolygon):"
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        system = document.get("coord_sys", DEFAULT_SYSTEM)
        areas = tuple(_area_of(feature, system) for feature in document["features"])
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{wanted}不是 JSON 文本。") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"{wanted}{error}。") from error
    if not areas:
        raise UserError(f"{wanted}没有任何区域。")
    return Outline(areas, file.name)


def _area_of(feature: dict[str, Any], system: str) -> Area:
    geometry, properties = feature["geometry"], feature.get("properties") or {}
    if geometry["type"] not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"几何类型 {geometry['type']} 不能作为区域")
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return Area(
        code=properties.get("town_code"),
        name=properties.get("town_name"),
        polygons=tuple(tuple(_ring(ring, system) for ring in polygon) for polygon in polygons),
    )


def _ring(points: Sequence[Sequence[float]], system: str) -> Ring:
    ring = tuple(to_wgs84(float(point[0]), float(point[1]), system) for point in points)
    if len(ring) < 4 or points[0] != points[-1]:
        raise ValueError("区域的边界没有闭合")
    return ring


def _in_ring(place: Point, ring: Ring) -> bool:
    """Even-odd rule: a ray to the east crosses the border an odd number of times."""
    east, north = place
    inside = False
    for (east1, north1), (east2, north2) in pairwise(ring):
        if (north1 > north) != (north2 > north):
            crossing = east1 + (north - north1) * (east2 - east1) / (north2 - north1)
            inside ^= east < crossing
    return inside


def _area(ring: Ring) -> float:
    """Twice the signed area, in square degrees."""
    return sum(e1 * n2 - e2 * n1 for (e1, n1), (e2, n2) in pairwise(ring))


def _centre(ring: Ring) -> Point:
    # Measured from the first corner: products of whole degrees would lose the small differences.
    east0, north0 = ring[0]
    moved = tuple((east - east0, north - north0) for east, north in ring)
    area = _area(moved)
    if not area:
        return ring[0]
    crosses = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(moved)]
    east = sum((a[0] + b[0]) * cross for a, b, cross in crosses) / (3 * area)
    north = sum((a[1] + b[1]) * cross for a, b, cross in crosses) / (3 * area)
    return east0 + east, north0 + north
