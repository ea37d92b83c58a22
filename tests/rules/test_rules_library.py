"""The rule files as a whole: readable, complete, within the portable subset; faults named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlglot import exp

from fundwatch.build.checks import month_filter
from fundwatch.build.hit_months import SPANS
from fundwatch.build.hit_run import NEW_LINES
from fundwatch.build.hit_store import LINES
from fundwatch.build.hit_sums import ORDER, sums
from fundwatch.build.hit_tables import TABLES
from fundwatch.build.models import Header, Model, read_models
from fundwatch.build.portable import check, source_schema
from fundwatch.errors import UsageError, UserError
from fundwatch.rules import explain, library, rule_parameters, rules_named
from fundwatch.rules.compose import base_models, step_columns
from fundwatch.rules.library import read_rule

#: numbers of the catalogue that the product promises
PROMISED = {
    *range(1, 15), 17, 19, 20, 22, *range(24, 30), *range(31, 35), *range(40, 45), *range(46, 52), 54, *range(58, 66), 68,
    71, *range(73, 77),
}  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> dict[str, dict[str, str]]:
    models = read_models()
    found = source_schema(models.by_name.values())
    for model in [*models.by_name.values(), *base_models().values()]:
        faults, found[model.name] = check(model, found)
        assert not faults, (model.name, faults)
    return found


def test_every_promised_rule_exists() -> None:
    assert {rule.number for rule in library().values()} == PROMISED


@pytest.mark.parametrize("rule_id", library())
def test_rule_keeps_to_the_portable_subset(rule_id: str, schema: dict[str, dict[str, str]]) -> None:
    rule = library()[rule_id]
    header = Header(grain="one row per hit line", key=("setl_id", "line_id"))
    faults, types = check(Model(rule.name, header, rule.sql), schema)
    assert not faults
    assert types["line_amt"].startswith("DECIMAL")


def test_steps_hold_the_columns_that_a_rule_or_another_step_names() -> None:
    """r071 counts a doctor's patients a day; the names of items and their prices are nobody's."""
    columns = step_columns("base_fee_line", [library()["r071"]], ["base_settlement", "base_fee_line"])
    assert columns
    assert {"bilg_dr_code", "fee_day", "psn_no", "setl_id"} <= set(columns)
    assert not {"pric", "prd_days", "hilist_name"} & set(columns)
    settled = step_columns("base_settlement", [library()["r071"]], ["base_settlement", "base_fee_line"])
    assert settled
    assert "brdy" in settled  # the step of fee lines reads it


@pytest.mark.parametrize("finish", ["finish_as_given", "finish_pro_rata"])
def test_amounts_are_made_within_the_portable_subset(finish: str, schema: dict[str, dict[str, str]]) -> None:
    rule = library()["r031" if finish == "finish_pro_rata" else "r001"]
    header = Header(grain="one row per hit line", key=("setl_id", "line_id"))
    _, types = check(Model(rule.name, header, rule.sql), schema)
    assert not check(_base(finish), {**schema, "hit_line": types})[0]


def test_stored_hits_are_made_within_the_portable_subset(schema: dict[str, dict[str, str]]) -> None:
    types = _types(NEW_LINES)
    assert {"rule_id", "line_amt", "related_id"} <= types.keys()
    assert not check(_base("stored_hit"), {**schema, "new_hit_line": types})[0]


def test_sums_of_hits_are_made_within_the_portable_subset(schema: dict[str, dict[str, str]]) -> None:
    known = {**schema, **{table: _types(columns) for table, columns in TABLES.items()}}
    for name, select in sums().items():
        header = Header(grain="one row per cell", key=tuple(ORDER[name].replace(" ", "").split(",")))
        faults, known[name] = check(Model(name, header, select), known)
        assert not faults
        assert set(header.key) <= known[name].keys()


@pytest.mark.parametrize("where", ["", month_filter(["2024-01", "2024-02"])[0]])
def test_days_of_visits_and_hit_lines_are_made_within_the_portable_subset(
    where: str, schema: dict[str, dict[str, str]]
) -> None:
    header = Header(grain="one row per month", key=("ym",))
    assert not check(Model("spans", header, SPANS.format(where=where)), schema)[0]
    known = {**schema, "new_hit_line": _types(NEW_LINES)}
    assert not check(Model("lines", header, LINES), known)[0]


def _types(columns: str) -> dict[str, str]:
    found = re.findall(r"(\w+) (varchar|date|bigint|decimal\([\d, ]+\))", columns)
    return {name: kind.upper() for name, kind in found}


def _base(name: str) -> Model:
    from fundwatch.rules.compose import _read

    return _read(name)


@pytest.mark.parametrize("rule_id", library())
def test_rule_joins_on_equal_keys(rule_id: str) -> None:
    """No cross join but the one-row count of loaded codes; no correlated subquery."""
    tree = library()[rule_id].tree
    for join in tree.find_all(exp.Join):
        if join.args.get("on") is None:
            assert join.this.name == "loaded"
        else:
            assert list(join.args["on"].find_all(exp.EQ)), join.sql()
    assert not list(tree.find_all(exp.Exists))


def test_parameter_keys_name_their_rule() -> None:
    assert rule_parameters()["r040_gap_days"][1].value == "15"


def test_unknown_rule_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="r999"):
        rules_named(["r999"])


def test_rule_is_named_in_either_case_and_once() -> None:
    assert [rule.rule_id for rule in rules_named(["R040", "r040"])] == ["r040"]


def test_explanation_of_an_unverified_source_cites_no_clause() -> None:
    assert explain("r062")["basis"] is None
    assert "第三十八条第(一)项" in explain("r040")["basis"]


GOOD = (Path(__file__).parents[2] / "queries/rules/r040_split_stay.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("owner: 基金监管科", "owner: n/a", "owner"),
        ("owner: 基金监管科", "ownr: 基金监管科", "ownr"),
        ("level: 可疑", "level: 违规", "level"),
        ("amount_method: M6", "amount_method: M9", "amount_method"),
        ("    unit: 天\n", "", "unit"),
        ("tables: [setl_d, mdtrt_d]", "tables: [setl_x]", "setl_x"),
        ("$gap_days\n", "$gap\n", "gap"),
        (" as found_num", " as found_number", "found_num"),
        ("lines: setl_d", "lines: nothing", "nothing"),
    ],
)
def test_faulty_rule_file_is_refused_with_its_name(tmp_path: Path, old: str, new: str, named: str) -> None:
    path = tmp_path / "r040_split_stay.sql"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=r"r040_split_stay\.sql") as raised:
        read_rule(path)
    assert named in raised.value.message


def test_rule_file_needs_the_catalogue_number(tmp_path: Path) -> None:
    path = tmp_path / "split_stay.sql"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(UserError, match="文件名"):
        read_rule(path)
