"""The double-random draw itself: institutions by lot within their class, inspectors by lot with avoidance and rotation.

Pure functions, the same answer for the same frame and seed. Institutions not yet inspected this year come first; the number is
shared over the classes by what is left in each (largest remainder). A team leaves out who is at home in the institution's town
or avoids the institution, takes at most one of those who were there last time, and prefers people who were not together in the
draw before; among the rest the least loaded go first, equal ones by lot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fundwatch.draws.lots import digest, drawn, lot
from fundwatch.errors import UsageError


@dataclass(frozen=True)
class Institution:
    """An institution under agreement; ``checked`` in the year of the draw, ``last_team`` those who were there last."""

    fixmedins_code: str
    level_class: str
    town_code: str | None
    checked: bool
    last_checked: str | None = None
    last_team: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspector:
    """An inspector by post code, the towns of the own area and single institutions to be avoided."""

    post: str
    areas: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What a draw is made from. ``last_pairs``: who worked together in the draw before; ``source``: where inspectors come from."""

    institutions: tuple[Institution, ...]
    inspectors: tuple[Inspector, ...]
    last_pairs: tuple[tuple[str, str], ...] = ()
    source: str = ""

    @property
    def hash(self) -> str:
        """SHA-256 over every fact of the frame, one line each, in order of code and post."""
        lines = [
            f"I|{i.fixmedins_code}|{i.level_class}|{i.town_code or ''}|{int(i.checked)}|{i.last_checked or ''}|{';'.join(i.last_team)}"
            for i in sorted(self.institutions, key=lambda one: one.fixmedins_code)
        ]
        lines += [
            f"P|{p.post}|{';'.join(p.areas)}|{';'.join(p.avoids)}"
            for p in sorted(self.inspectors, key=lambda one: one.post)
        ]
        return digest([*lines, *(f"L|{a}|{b}" for a, b in sorted(self.last_pairs)), f"S|{self.source}"])


@dataclass(frozen=True)
class Assignment:
    """An institution drawn with its team; ``reason`` says why there is none."""

    institution: Institution
    team: tuple[str, ...]
    reason: str = ""


@dataclass
class _Work:
    """How many institutions each inspector has so far, and who was together in the draw before."""

    load: Counter[str] = field(default_factory=Counter)
    together: frozenset[frozenset[str]] = frozenset()


def double_random(frame: Frame, size: int, team_size: int, seed: int) -> list[Assignment]:
    """Draw ``size`` institutions and a team of ``team_size`` for each, in the order of the draw.

    Raises UsageError when there is nothing to draw from or fewer inspectors than a team needs.
    """
    if team_size < 2:
        raise UsageError("每组检查人员应不少于 2 人。")
    if not frame.institutions:
        raise UsageError("所选范围内没有在协议期内的机构。")
    if len(frame.inspectors) < team_size:
        raise UsageError(
            f"检查人员名单只有 {len(frame.inspectors)} 人,每组需要 {team_size} 人。请先登记检查人员。"
        )
    work = _Work(together=frozenset(frozenset(pair) for pair in frame.last_pairs))
    return [
        _assigned(institution, frame.inspectors, team_size, seed=seed, work=work)
        for institution in choose(frame.institutions, size, seed)
    ]


def choose(institutions: Sequence[Institution], size: int, seed: int) -> list[Institution]:
    """The institutions drawn: first of those not yet inspected, of the others only when these do not suffice."""
    if size < 1:
        raise UsageError("抽取家数应不小于 1。")
    if size > len(institutions):
        raise UsageError(f"所选范围内只有 {len(institutions)} 家机构,不能抽取 {size} 家。")
    known = {one.fixmedins_code: one for one in institutions}
    fresh = [one for one in institutions if not one.checked]
    first = min(size, len(fresh))
    codes = _by_class(fresh, first, seed)
    codes += _by_class([one for one in institutions if one.checked], size - first, seed)
    return [known[code] for code in codes]


def shares(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """``total`` over the classes in proportion to their sizes: whole parts, then the largest remainders (equal ones by name)."""
    whole = sum(sizes.values())
    if not total:
        return dict.fromkeys(sizes, 0)
    parts = {name: total * size // whole for name, size in sizes.items()}
    rest = sorted(sizes, key=lambda name: (-(total * sizes[name] % whole), name))
    for name in rest[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def pairs_of(teams: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Everybody who was in a team with somebody, each pair once."""
    found = {(min(a, b), max(a, b)) for team in teams for a in team for b in team if a != b}
    return sorted(found)


def lines_of(assignments: Sequence[Assignment]) -> list[str]:
    """The draw as lines to be hashed."""
    return [f"{one.institution.fixmedins_code}|{';'.join(one.team)}" for one in assignments]


def _by_class(institutions: Sequence[Institution], total: int, seed: int) -> list[str]:
    classes = Counter(one.level_class for one in institutions)
    parts = shares(classes, total)
    found = []
    for name in sorted(parts):
        own = [one.fixmedins_code for one in institutions if one.level_class == name]
        found += drawn(seed, own, parts[name])
    return found


def _assigned(
    institution: Institution, inspectors: Sequence[Inspector], team_size: int, *, seed: int, work: _Work
) -> Assignment:
    allowed = [one.post for one in inspectors if _may_go(one, institution)]
    team: list[str] = []
    while len(team) < team_size:
        former = bool(set(team) & set(institution.last_team))
        free = [
            post for post in allowed if post not in team and not (former and post in institution.last_team)
        ]
        if not free:
            return Assignment(institution, (), _why_none(institution, len(inspectors), len(allowed)))
        team.append(min(free, key=lambda post: _order(post, team, institution, seed, work)))
    work.load.update(team)
    return Assignment(institution, tuple(team))


def _order(
    post: str, team: Sequence[str], institution: Institution, seed: int, work: _Work
) -> tuple[bool, int, str]:
    before = any(frozenset((post, other)) in work.together for other in team)
    return before, work.load[post], lot(seed, f"{institution.fixmedins_code}|{post}")


def _may_go(inspector: Inspector, institution: Institution) -> bool:
    return institution.town_code not in inspector.areas and institution.fixmedins_code not in inspector.avoids


def _why_none(institution: Institution, inspectors: int, allowed: int) -> str:
    if allowed < inspectors:
        return f"回避后可用 {allowed} 人(共 {inspectors} 人),不能组成与上次不同的检查组,须另行指定"
    return "轮换后人员不足,不能组成与上次不同的检查组,须另行指定"
