"""The plan: which change of which input rebuilds what."""

from __future__ import annotations

import pytest

from fundwatch.build.models import Header, Model, ordered
from fundwatch.build.plan import Change, plan
from fundwatch.build.sources import LakeTable
from fundwatch.errors import UserError


def model(name: str, reads: str, **header: object) -> Model:
    return Model(
        name,
        Header.model_validate({"grain": "one row per thing", "key": ["ym"], **header}),
        f"select ym from {reads}",
    )


STAGING = (
    model("stg_setl_d", "lake.setl_d", by_month="ym"),
    model("stg_doc_d", "lake.doc_d", by_month="ym"),
    model("stg_town", "lake.town"),
)
MONTHLY = model("fct_monthly", "stg_setl_d", by_month="ym")
AFTER = model("fct_after", "fct_monthly", by_month="ym")
WHOLE = model("fct_whole", "stg_setl_d")
BOTH = model("fct_both", "stg_setl_d union all select ym from stg_town", by_month="ym")
ALIGNED = model(
    "fct_aligned", "stg_setl_d union all select ym from stg_doc_d", by_month="ym", months_of=["stg_setl_d"]
)
MODELS = ordered([*STAGING, MONTHLY, AFTER, WHOLE, BOTH, ALIGNED])
HASHES = dict.fromkeys(MODELS.by_name, "same")
BEFORE = {
    "setl_d": LakeTable(1, {"2024-04": {"a": 1}, "2024-05": {"b": 1}}),
    "doc_d": LakeTable(1, {"2024-04": {"c": 1}}),
    "town": LakeTable(1, {None: {"t": 1}}),
}
NOTHING, ALL, MAY = Change(), Change(all=True), Change(months=frozenset({"2024-05"}))


def changes(**tables: LakeTable) -> dict[str, Change]:
    found = plan(MODELS, HASHES, HASHES, now={**BEFORE, **tables}, before=BEFORE)
    return {name: change for name, change in found.items() if name.startswith("fct_")}


def test_same_files_change_nothing():
    assert set(changes().values()) == {NOTHING}


def test_a_months_new_file_changes_that_month_and_whatever_is_not_by_month_wholly():
    assert changes(setl_d=LakeTable(2, {"2024-04": {"a": 1}, "2024-05": {"new": 1}})) == {
        "fct_monthly": MAY,
        "fct_after": MAY,
        "fct_whole": ALL,
        "fct_both": MAY,
        "fct_aligned": MAY,
    }


def test_a_change_outside_the_months_a_model_follows_rebuilds_it_wholly():
    assert changes(doc_d=LakeTable(2, {"2024-04": {"new": 1}}))["fct_aligned"] == ALL
    assert changes(town=LakeTable(2, {None: {"new": 1}}))["fct_both"] == ALL
    assert changes(town=LakeTable(2, {None: {"new": 1}}))["fct_monthly"] == NOTHING


def test_a_month_that_went_away_is_a_change():
    assert changes(setl_d=LakeTable(2, {"2024-04": {"a": 1}}))["fct_monthly"] == MAY


def test_a_new_hash_changes_the_model_and_every_dependent():
    hashes = {**HASHES, "fct_monthly": "new", "fct_after": "new"}
    found = plan(MODELS, hashes, HASHES, now=BEFORE, before=BEFORE)
    assert {name for name, change in found.items() if change} == {"fct_monthly", "fct_after"}


def test_a_model_by_month_over_two_monthly_inputs_must_say_whose_months_it_follows():
    two = model("fct_two", "stg_setl_d union all select ym from stg_doc_d", by_month="ym")
    with pytest.raises(UserError, match="months_of"):
        ordered([*STAGING, two])
