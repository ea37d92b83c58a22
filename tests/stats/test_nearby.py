"""Places close together: the plane in metres, and who belongs to whom at which distance."""

from __future__ import annotations

import math
import random

import pytest

from fundwatch.stats.nearby import distance, groups, meridian_arc, nearest, plane, width


def test_the_limit_itself_belongs_and_a_centimetre_more_does_not():
    assert groups([(0, 0), (100, 0)], 100) == [[0, 1]]
    assert groups([(0, 0), (60, 80)], 100) == [[0, 1]]
    assert groups([(0, 0), (100.01, 0)], 100) == []
    assert groups([(0, 0), (0, 100.01)], 100) == []


def test_a_chain_is_one_group_though_its_ends_lie_apart():
    """A—90—B—90—C: A and C are 180 m apart and still together; D, 101 m from C, is not."""
    points = [(0, 0), (90, 0), (180, 0), (281, 0)]
    assert groups(points, 100) == [[0, 1, 2]]
    assert width(points, [0, 1, 2]) == 180
    assert nearest(points, [0, 1, 2], 0) == (1, 90)


def test_two_groups_and_one_alone():
    points = [(0, 0), (1000, 0), (0, 50), (1000, 30), (5000, 5000)]
    assert groups(points, 100) == [[0, 2], [1, 3]]


def test_the_same_place_is_together_even_at_a_limit_of_zero():
    assert groups([(5, 5), (5, 5), (5, 6)], 0) == [[0, 1]]


def test_nothing_and_one_point_make_no_group():
    assert groups([], 100) == []
    assert groups([(0, 0)], 100) == []
    assert plane([]) == []
    with pytest.raises(ValueError, match="negative"):
        groups([], -1)


def test_a_tie_of_neighbours_goes_to_the_first():
    assert nearest([(0, 0), (10, 0), (-10, 0)], [0, 1, 2], 0) == (1, 10)


def test_groups_equal_a_plain_search_over_all_pairs_in_any_order():
    rng = random.Random(20260101)
    for limit in (40, 80, 150):
        points = [(rng.uniform(0, 1000), rng.uniform(0, 1000)) for _ in range(120)]
        wanted = _plain(points, limit)
        assert groups(points, limit) == wanted
        order = list(range(len(points)))
        rng.shuffle(order)
        mixed = groups([points[number] for number in order], limit)
        assert sorted(sorted(order[number] for number in group) for group in mixed) == wanted


def _plain(points, limit):
    """Spread over neighbours from each point, without sorting or merging."""
    seen, found = set(), []
    for start in range(len(points)):
        if start in seen:
            continue
        group, waiting = set(), [start]
        while waiting:
            one = waiting.pop()
            if one not in group:
                group.add(one)
                waiting += [n for n, other in enumerate(points) if math.dist(points[one], other) <= limit]
        seen |= group
        if len(group) > 1:
            found.append(sorted(group))
    return found


def test_the_meridian_has_its_published_length():
    """A quarter of the WGS-84 meridian is 10,001,965.729 m, half of that latitude 4,984,944.378 m."""
    assert meridian_arc(math.pi / 2) == pytest.approx(10_001_965.729, abs=0.02)
    assert meridian_arc(math.pi / 4) == pytest.approx(4_984_944.378, abs=0.02)


@pytest.mark.parametrize("middle", [0.0, 0.3, 0.6])
def test_a_hundred_metres_stay_a_hundred_metres_across_a_county(middle):
    """At 39.6° north one degree of longitude is 85,896 m: a parallel's own formula, N cos φ."""
    phi = math.radians(39.6)
    e2 = 0.00669437999014
    degree = math.radians(1) * 6378137.0 / math.sqrt(1 - e2 * math.sin(phi) ** 2) * math.cos(phi)
    step = 100 / degree
    points = plane([(103.0, 39.6), (104.2, 39.6), (103.6 + middle - step, 39.6), (103.6 + middle, 39.6)])
    assert distance(points[2], points[3]) == pytest.approx(100, abs=0.01)


def test_north_and_east_are_metres_too():
    """0.001° of latitude at 39.6° is 111.03 m."""
    one, other = plane([(103.6, 39.6), (103.6, 39.601)])
    assert distance(one, other) == pytest.approx(111.03, abs=0.01)
