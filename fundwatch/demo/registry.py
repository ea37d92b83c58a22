"""Registers: institutions, agreements, interfaces, towns."""

from __future__ import annotations

import datetime as dt

import numpy as np

from fundwatch.demo.outline import places, town_code
from fundwatch.demo.vocabulary import REHABILITATION, TOWNS
from fundwatch.demo.world import Institution, World
from fundwatch.demo.write import Row

#: share of hospitals whose reminder interface is on by the end, and when the first and last came on
_ONLINE_SHARE, _VIDEO_SHARE = 0.86, 0.62
#: the pharmacy that was suspended for a month of this year
_SUSPENDED_PHARMACY = 37
_FIRST_ONLINE = np.datetime64("2024-03-01")


def institutions(world: World) -> list[Row]:
    rows = []
    for one, (east, north) in zip(world.institutions, world.coordinates, strict=True):
        home = (
            {
                "town_code": town_code(one.town),
                "town_name": TOWNS[one.town],
                "lnt": f"{east:.6f}",
                "lat": f"{north:.6f}",
                "coord_sys": "GCJ02",
            }
            if one.local
            else {}
        )
        rows.append(
            {
                "fixmedins_code": one.code,
                "fixmedins_name": one.name,
                "fixmedins_type": one.kind,
                "hosp_lv": one.level,
                "medins_natu": one.ownership,
                "specialty": one.specialty if one.kind == "1" else None,
                "fix_blng_admdvs": one.region,
                "bed_cnt": one.beds if one.hospital else None,
                "vali_flag": "1",
                **home,
            }
        )
    return rows


def agreements(world: World) -> list[Row]:
    """One agreement a year; two begin in the middle of it, one was ended, one suspended for a month."""
    rows = []
    for year in world.plan.years:
        for place in world.local:
            one = world.institutions[place]
            begin, end = max(dt.date(year, 1, 1), one.opened.astype(dt.date)), dt.date(year, 12, 31)
            if begin > end or (one.closed is not None and int(str(one.closed)[:4]) < year):
                continue
            rows.append(
                {
                    "cntr_id": f"XY{year}-{one.code}",
                    "fixmedins_code": one.code,
                    "efft_time": dt.datetime(begin.year, begin.month, begin.day),
                    "invd_time": dt.datetime(end.year, end.month, end.day, 23, 59, 59),
                    **_status(world, one, place, year),
                }
            )
    return rows


def suspension(world: World) -> tuple[int, dt.date, dt.date]:
    """The suspended pharmacy and its term; it went on charging, which is there to be found."""
    place = (
        next(i for i, one in enumerate(world.institutions) if one.code.startswith("P"))
        + _SUSPENDED_PHARMACY
        - 1
    )
    year = world.plan.year
    return place, dt.date(year, 5, 11), dt.date(year, 6, 10)


def _status(world: World, one: Institution, place: int, year: int) -> dict[str, object]:
    pharmacy, begin, end = suspension(world)
    if place == pharmacy and year == begin.year:
        return {"cntr_stas": "2", "stas_begndate": begin, "stas_enddate": end}
    if one.closed is not None and int(str(one.closed)[:4]) == year:
        return {"cntr_stas": "4", "stas_begndate": (one.closed + 1).astype("M8[D]").astype(dt.date)}
    return {"cntr_stas": "1"}


def interfaces(world: World) -> tuple[list[Row], np.ndarray]:
    """Rows of intf_onln_d, and for each institution the day its reminders began (NaT: never)."""
    rng = world.plan.stream("interfaces")
    online = np.full(len(world.institutions), np.datetime64("NaT", "D"))
    rows: list[Row] = []
    last = int((world.plan.last_day - _FIRST_ONLINE).astype(int))
    for place in world.local:
        one = world.institutions[place]
        early, chance, video, video_day = rng.random(4)
        if one.kind != "1":
            continue
        if one.hospital and (chance < _ONLINE_SHARE or one.name == REHABILITATION):
            wait = 300 if one.name == REHABILITATION else int(early**2 * last)
            online[place] = _FIRST_ONLINE + wait
            rows.append(
                {
                    "fixmedins_code": one.code,
                    "intf_code": "3101",
                    "onln_date": online[place].astype(dt.date),
                    "stas": "1",
                }
            )
        if video < (_VIDEO_SHARE if one.hospital else 0.25):
            day = (_FIRST_ONLINE - 700 + int(video_day * (last + 700))).astype(dt.date)
            rows.append({"fixmedins_code": one.code, "intf_code": "video", "onln_date": day, "stas": "1"})
    return rows, online


def towns(world: World) -> list[Row]:
    """Resident population adds to about 1.4 million; the point is the middle of the town."""
    rng = world.plan.stream("towns")
    middle = np.full(len(TOWNS), 0.5)
    points = places(np.arange(len(TOWNS)), middle, middle)
    people = np.where(np.arange(len(TOWNS)) == 0, 186_000, rng.integers(24_000, 54_000, len(TOWNS)))
    return [
        {
            "town_code": town_code(town),
            "town_name": name,
            "population": int(people[town]),
            "lnt": f"{points[town][0]:.6f}",
            "lat": f"{points[town][1]:.6f}",
            "coord_sys": "GCJ02",
        }
        for town, name in enumerate(TOWNS)
    ]
