"""Double-random: who is drawn, who may go there, who may go again; worked examples and the same answer every time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundwatch.draws.teams import (
    Frame,
    Inspector,
    Institution,
    choose,
    double_random,
    lines_of,
    pairs_of,
    shares,
)
from fundwatch.errors import UsageError


def institution(number: int, **changes) -> Institution:
    fields = {"fixmedins_code": f"H{number:03d}", "level_class": "一级", "town_code": "T1", "checked": False}
    return Institution(**{**fields, **changes})


def people(count: int, **changes) -> tuple[Inspector, ...]:
    return tuple(Inspector(f"检查员{n:02d}", **changes) for n in range(1, count + 1))


def teams(frame: Frame, size: int, seed: int = 7, team_size: int = 2) -> dict[str, tuple[str, ...]]:
    return {one.institution.fixmedins_code: one.team for one in double_random(frame, size, team_size, seed)}


class TestInstitutions:
    def test_not_yet_inspected_ones_come_first(self):
        pool = [institution(n, checked=n > 3) for n in range(1, 11)]
        for seed in range(20):
            chosen = [one.fixmedins_code for one in choose(pool, 5, seed)]
            assert set(chosen[:3]) == {"H001", "H002", "H003"}
            assert len(set(chosen)) == 5

    def test_the_number_is_shared_over_the_classes_by_what_is_left(self):
        pool = [institution(n, level_class="药店") for n in range(60)]
        pool += [institution(n, level_class="一级") for n in range(60, 90)]
        pool += [institution(n, level_class="二级") for n in range(90, 100)]
        chosen = Counter(one.level_class for one in choose(pool, 10, 3))
        assert chosen == {"药店": 6, "一级": 3, "二级": 1}

    @pytest.mark.parametrize(
        ("sizes", "total", "expected"),
        [
            ({"甲": 5, "乙": 3, "丙": 2}, 5, {"甲": 2, "乙": 2, "丙": 1}),
            ({"甲": 1, "乙": 1}, 1, {"甲": 0, "乙": 1}),
            ({"甲": 4}, 4, {"甲": 4}),
            ({}, 0, {}),
        ],
    )
    def test_largest_remainder(self, sizes, total, expected):
        assert shares(sizes, total) == expected

    @given(st.dictionaries(st.sampled_from("甲乙丙丁"), st.integers(1, 50), min_size=1), st.data())
    def test_shares_add_up_and_never_exceed_a_class(self, sizes, data):
        total = data.draw(st.integers(0, sum(sizes.values())))
        parts = shares(sizes, total)
        assert sum(parts.values()) == total
        assert all(0 <= parts[name] <= sizes[name] for name in sizes)

    @pytest.mark.parametrize("size", [0, 11])
    def test_more_than_there_are_or_none_is_refused(self, size):
        with pytest.raises(UsageError):
            choose([institution(n) for n in range(10)], size, 1)


class TestAvoidance:
    def test_nobody_goes_to_the_own_area_or_to_an_institution_to_be_avoided(self):
        inspectors = (
            Inspector("检查员01", areas=("T1",)), Inspector("检查员02", avoids=("H001",)), Inspector("检查员03"),
            Inspector("检查员04"),
        )  # fmt: skip
        for seed in range(20):
            assert set(teams(Frame((institution(1),), inspectors), 1, seed)["H001"]) == {
                "检查员03",
                "检查员04",
            }

    def test_without_enough_people_left_the_institution_says_so_and_gets_no_team(self):
        inspectors = (
            Inspector("检查员01", areas=("T1",)),
            Inspector("检查员02"),
            Inspector("检查员03", areas=("T1", "T2")),
        )
        (one,) = double_random(Frame((institution(1),), inspectors), 1, 2, 1)
        assert one.team == ()
        assert one.reason == "回避后可用 1 人(共 3 人),不能组成与上次不同的检查组,须另行指定"

    def test_an_unknown_town_is_nobody_s_own_area(self):
        assert len(teams(Frame((institution(1, town_code=None),), people(2, areas=("T1",))), 1)["H001"]) == 2


class TestRotation:
    def test_at_most_one_of_those_who_were_there_last_time_goes_again(self):
        last = institution(1, last_team=("检查员01", "检查员02"))
        seen = set()
        for seed in range(40):
            team = set(teams(Frame((last,), people(4)), 1, seed)["H001"])
            assert len(team & {"检查员01", "检查员02"}) <= 1
            seen.add(frozenset(team))
        assert len(seen) == 5  # six pairs of four people without the former one

    def test_when_only_the_former_pair_is_left_there_is_no_team(self):
        (one,) = double_random(
            Frame((institution(1, last_team=("检查员01", "检查员02")),), people(2)), 1, 2, 1
        )
        assert (one.team, one.reason) == ((), "轮换后人员不足,不能组成与上次不同的检查组,须另行指定")

    def test_pairs_of_the_draw_before_are_parted_while_there_is_somebody_else(self):
        frame = Frame((institution(1),), people(3), last_pairs=(("检查员01", "检查员02"),))
        found = {frozenset(teams(frame, 1, seed)["H001"]) for seed in range(30)}
        assert found == {frozenset({"检查员01", "检查员03"}), frozenset({"检查员02", "检查员03"})}
        # two people only: they go together again rather than nobody
        assert teams(Frame((institution(1),), people(2), last_pairs=(("检查员01", "检查员02"),)), 1)["H001"]

    def test_pairs_of_teams(self):
        assert pairs_of([("B", "A"), ("A", "C", "B"), ()]) == [("A", "B"), ("A", "C"), ("B", "C")]


class TestDraw:
    def test_work_is_shared_evenly(self):
        found = teams(Frame(tuple(institution(n) for n in range(30)), people(6)), 30)
        load = Counter(post for team in found.values() for post in team)
        assert set(load.values()) == {10}

    @given(st.integers(0, 10**12 - 1), st.integers(2, 4), st.data())
    def test_same_frame_and_seed_give_the_same_draw_whatever_the_order(self, seed, team_size, data):
        pool = data.draw(st.lists(st.builds(
            institution, st.integers(1, 40), level_class=st.sampled_from(["一级", "药店"]), checked=st.booleans(),
            town_code=st.sampled_from(["T1", "T2", None]), last_team=st.sampled_from([(), ("检查员01", "检查员02")]),
        ), min_size=1, max_size=15, unique_by=lambda one: one.fixmedins_code))  # fmt: skip
        areas = data.draw(st.lists(st.sampled_from([(), ("T1",), ("T2",)]), min_size=team_size, max_size=7))
        inspectors = [Inspector(f"检查员{n:02d}", own) for n, own in enumerate(areas, 1)]
        size = data.draw(st.integers(1, len(pool)))
        frame = Frame(tuple(pool), tuple(inspectors))
        other = Frame(tuple(reversed(pool)), tuple(reversed(inspectors)))
        found = double_random(frame, size, team_size, seed)
        assert lines_of(found) == lines_of(double_random(other, size, team_size, seed))
        assert frame.hash == other.hash
        home = {one.post: one.areas for one in inspectors}
        for one in found:
            assert len(one.team) == len(set(one.team)) == (0 if one.reason else team_size)
            assert all(one.institution.town_code not in home[post] for post in one.team)
            assert len(set(one.team) & set(one.institution.last_team)) <= 1

    def test_what_cannot_be_drawn_is_told(self):
        with pytest.raises(UsageError, match="不少于 2 人"):
            double_random(Frame((institution(1),), people(3)), 1, 1, 1)
        with pytest.raises(UsageError, match="没有在协议期内的机构"):
            double_random(Frame((), people(3)), 1, 2, 1)
        with pytest.raises(UsageError, match="只有 1 人"):
            double_random(Frame((institution(1),), people(1)), 1, 2, 1)

    def test_every_fact_of_the_frame_is_in_its_hash(self):
        base = Frame((institution(1),), people(2))
        others = [
            Frame((institution(1, checked=True),), people(2)), Frame((institution(1, town_code="T2"),), people(2)),
            Frame((institution(1, last_team=("检查员01",)),), people(2)), Frame((institution(1),), people(3)),
            Frame((institution(1),), people(2, areas=("T1",))), Frame((institution(1),), people(2, avoids=("H001",))),
            Frame((institution(1),), people(2), (("a", "b"),)), Frame((institution(1),), people(2), (), "检查台账"),
        ]  # fmt: skip
        assert len({one.hash for one in [base, *others]}) == 9
