"""A few hundred seeded cases of each family of hostile input; ``make hostile`` tries ten thousand and more."""

from __future__ import annotations

import pytest
from homes import copy_home

from benchmarks.hostile import online
from benchmarks.hostile.__main__ import tried
from fundwatch.home import Home

SEED = 20261128
#: families → their share of the usual number of cases: those over the network take most of the time
SHARES = {
    ("cells",): 0.03,
    ("queries",): 0.05,
    ("exports",): 0.04,
    ("uploads",): 0.03,
    online.FAMILIES: 0.006,
}


@pytest.mark.parametrize(("names", "share"), SHARES.items(), ids=["-".join(names) for names in SHARES])
def test_no_case_of_a_family_gets_through(demo_home, tmp_path, names: tuple[str, ...], share: float):
    copy_home(demo_home.root, tmp_path / "home")
    families, wrong = tried(Home(tmp_path / "home"), share, SEED, names)
    assert [failure for family in families for failure in family.failures] + wrong == []
    assert all(family.cases for family in families)
