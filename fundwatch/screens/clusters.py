"""聚集 as plain records: institutions under agreement that stand close together. Planning, not supervision: nothing is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from fundwatch.contracts import code_lists
from fundwatch.geo import bounds
from fundwatch.screens.map import Shade, Spot, View
from fundwatch.stats import nearby
from fundwatch.ui import numbers

NO_AGREEMENT = "无有效协议"
LABEL = "聚集"
#: metres around a chosen cluster, in degrees: about 300 m
AROUND = 0.003
DISTANCES = (50, 100, 200, 300, 500)


@dataclass(frozen=True)
class Member:
    """One institution of a cluster, with its nearest neighbour in it."""

    spot: Spot
    nearest: Spot
    metres: float


@dataclass(frozen=True)
class Cluster:
    """Institutions connected by steps of at most the limit. ``code`` is the first member's; ``width`` in metres."""

    number: int
    members: tuple[Member, ...]
    width: float

    @property
    def code(self) -> str:
        return self.members[0].spot.code

    @property
    def least(self) -> float:
        """The smallest distance between two members."""
        return min(member.metres for member in self.members)

    @property
    def towns(self) -> str:
        return "、".join(dict.fromkeys(member.spot.town for member in self.members))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the members, with some room around them (degrees)."""
        west, south, east, north = bounds(member.spot.place for member in self.members if member.spot.place)
        return west - AROUND, south - AROUND, east + AROUND, north + AROUND


@dataclass(frozen=True)
class Clusters:
    """What was found: the clusters, how many institutions took part, who could not, and the limit in metres."""

    clusters: tuple[Cluster, ...]
    limit: int
    taken: int
    without_place: int
    without_agreement: int

    @property
    def members(self) -> int:
        return sum(len(cluster.members) for cluster in self.clusters)

    def chosen(self, code: str) -> Cluster | None:
        """The cluster whose first member has this code."""
        return next((cluster for cluster in self.clusters if cluster.code == code), None)


def clusters_of(view: View, limit: int) -> Clusters:
    """Clusters among the institutions that are drawn and under agreement; the largest first, then by code."""
    under = [spot for spot in view.spots if spot.agreement != NO_AGREEMENT]
    spots = [spot for spot in under if spot.place is not None]
    points = nearby.plane([spot.place for spot in spots if spot.place is not None])
    found = sorted(nearby.groups(points, limit), key=lambda members: (-len(members), spots[members[0]].code))
    clusters = tuple(
        Cluster(number, _members(spots, points, members), nearby.width(points, members))
        for number, members in enumerate(found, 1)
    )
    return Clusters(clusters, limit, len(spots), len(under) - len(spots), len(view.spots) - len(under))


def _members(
    spots: Sequence[Spot], points: Sequence[nearby.Metres], members: Sequence[int]
) -> tuple[Member, ...]:
    found = []
    for one in members:
        other, metres = nearby.nearest(points, members, one)
        found.append(Member(spots[one], spots[other], metres))
    return tuple(found)


def drawn(view: View, found: Clusters) -> View:
    """The same map with members solid, others pale, and those that took no part hollow."""
    of = {member.spot.code: (cluster, member) for cluster in found.clusters for member in cluster.members}
    return View(
        tuple(_drawn(spot, of.get(spot.code), found.limit) for spot in view.spots), None, False, LABEL
    )


def _drawn(spot: Spot, place: tuple[Cluster, Member] | None, limit: int) -> Spot:
    if place is not None:
        cluster, member = place
        words = f"聚集 {cluster.number}({len(cluster.members)} 家),距{member.nearest.name} {metres(member.metres)}"
        return replace(spot, shade=Shade.NO, shown=words)
    if spot.agreement == NO_AGREEMENT:
        return replace(spot, shade=Shade.NONE, shown="不参加计算")
    return replace(spot, shade=Shade.YES, shown=f"{limit} 米内没有其他机构")


def metres(value: float) -> str:
    """45 米; 同一坐标 for two institutions at one and the same place."""
    return "同一坐标" if value == 0 else f"{_whole(value):,} 米"


def _whole(value: float) -> int:
    return int(numbers.rounded(Decimal(str(value)), 0))


def cluster_rows(found: Clusters) -> list[dict[str, Any]]:
    """One row per cluster."""
    words = code_lists()["fixmedins_type"]
    return [
        {
            "number": cluster.number,
            "code": cluster.code,
            "towns": cluster.towns,
            "members": len(cluster.members),
            "medical": sum(member.spot.kind == words["1"] for member in cluster.members),
            "pharmacies": sum(member.spot.kind == words["2"] for member in cluster.members),
            "least": _whole(cluster.least),
            "width": _whole(cluster.width),
            "names": "、".join(member.spot.name for member in cluster.members),
        }
        for cluster in found.clusters
    ]


def member_rows(found: Clusters) -> list[dict[str, Any]]:
    """One row per member, cluster by cluster."""
    return [
        {
            "number": cluster.number,
            "fixmedins_code": member.spot.code,
            "fixmedins_name": member.spot.name,
            "fixmedins_type": member.spot.kind,
            "level_class": member.spot.level,
            "town_name": member.spot.town,
            "agreement_state": member.spot.agreement,
            "nearest_name": member.nearest.name,
            "metres": _whole(member.metres),
            "fund_pay_sumamt": member.spot.fund,
        }
        for cluster in found.clusters
        for member in cluster.members
    ]


def finding(found: Clusters) -> str:
    """How many stand together, and where most do."""
    if not found.taken:
        return "没有既有有效协议又有可用坐标的机构,聚集无法计算。"
    lead = f"{found.taken:,} 家有协议、有坐标的机构中"
    if not found.clusters:
        return f"{lead},没有两家相距在 {found.limit} 米以内。"
    first = found.clusters[0]
    same = sum(len(cluster.members) == len(first.members) for cluster in found.clusters)
    most = (
        f"每处 {len(first.members):,} 家"
        if same == len(found.clusters)
        else f"最多的一处 {len(first.members):,} 家"
    )
    where = f"({first.towns})" if same == 1 else ""
    return f"{lead},{found.members:,} 家聚集在 {len(found.clusters):,} 处(相邻不超过 {found.limit} 米),{most}{where}。"


def gaps(found: Clusters) -> list[str]:
    """Who could not take part."""
    lines = []
    if found.without_place:
        lines.append(f"{found.without_place:,} 家没有可用的坐标,不参加计算。")
    if found.without_agreement:
        lines.append(f"{found.without_agreement:,} 家没有有效协议,不参加计算。")
    return lines
