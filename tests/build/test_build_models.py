"""Models: every file is readable, ordered, complete and within the portable subset."""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from fundwatch.build.models import Header, Model, Models, ordered, read_model, read_models
from fundwatch.build.portable import check, check_models, source_schema
from fundwatch.contracts import contracts
from fundwatch.errors import UserError
from fundwatch.home import QUERIES

HEADER = "/*\ngrain: one row per town\nkey: [town_code]\n*/\n"


def model(name: str, sql: str, **header: object) -> Model:
    return Model(
        name, Header.model_validate({"grain": "one row per thing", "key": ["town_code"], **header}), sql
    )


@pytest.mark.parametrize("table", list(contracts()))
def test_staging_lists_exactly_the_contracts_columns(table):
    contract = contracts()[table]
    found = read_model(QUERIES / "staging" / f"stg_{table}.sql")
    month = ["ym"] if contract.by_month else []
    assert [column.alias_or_name for column in found.tree.selects] == [
        *(c.name for c in contract.columns),
        *month,
    ]
    assert found.header.key == contract.key
    assert found.header.by_month == ("ym" if contract.by_month else None)
    assert {name for name in contract.key if not contract.by_name[name].required} == set(
        found.header.nullable_key
    )


def test_every_contract_has_a_staging_model_and_no_other_exists():
    assert {model.name for model in read_models().staging} == {f"stg_{table}" for table in contracts()}


def in_order(paths: list[Path]) -> list[Model]:
    """Rule texts and the steps they share, each after what it reads."""
    found = {path.stem: model(path.stem, path.read_text(encoding="utf-8")) for path in paths}
    graph = {name: sorted(item.reads & found.keys()) for name, item in sorted(found.items())}
    return [found[name] for name in TopologicalSorter(graph).static_order()]


def test_every_model_and_rule_keeps_to_the_portable_subset():
    models = read_models()
    check_models(models)
    schema, faults = source_schema(models.by_name.values()), {}
    rules = in_order([*(QUERIES / "base").glob("base_*.sql"), *(QUERIES / "rules").glob("r*.sql")])
    for item in [*models.by_name.values(), *rules]:
        faults[item.name], schema[item.name] = check(item, schema)
    assert {name: found for name, found in faults.items() if found} == {}


def test_every_mart_column_has_a_known_type_and_money_has_two_decimals():
    models = read_models()
    schema = source_schema(models.by_name.values())
    for item in models.by_name.values():
        _, schema[item.name] = check(item, schema)
        assert "UNKNOWN" not in schema[item.name].values(), item.name
        wrong = {
            n: t
            for n, t in schema[item.name].items()
            if n.endswith(("_amt", "_sumamt")) and n != "pric_uplmt_amt" and t != "DECIMAL(16, 2)"
        }
        assert not wrong, item.name


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("population / 2", "除法"),
        ("avg(population)", "AVG"),
        ("round(lnt, 1)", "ROUND"),
        ("trim(town_name)", "Trim"),
        ("my_function(town_name)", "未列入清单的函数"),
        ("cast('2024-01-02' as date) - cast('2024-01-01' as date)", "相减"),
        ("cast('2024-01-02' as date) - interval 1 day", "cast(… as date)"),
        ("date_diff('month', cast('2024-01-02' as date), cast('2024-02-02' as date))", "date_diff"),
        ("cast(lnt as integer)", "小数转整数"),
        ("cast(lnt as varchar)", "小数转文本"),
        ("list_transform([1], x -> x)", "Lambda"),
        ("date_diff('day', cast('1970-01-01' as date), cast('2040-01-02' as date)) * 86400", "as bigint"),
        ("86400 * (date_diff('day', cast('1970-01-01' as date), cast('2040-01-02' as date)))", "as bigint"),
        ("town_name like 'a\\_b'", "反斜杠"),
        ("substring(town_name, 0, 2)", "从 1 开始"),
        ("left(town_name, -1)", "从 1 开始"),
        ("right(town_name, 0)", "从 1 开始"),
    ],
)
def test_what_gives_different_rows_on_two_engines_is_refused(expression, fault):
    wrong = model("dim_wrong", f"select town_code, {expression} as wrong from stg_town")
    schema = {
        "stg_town": {"town_code": "VARCHAR", "town_name": "VARCHAR", "population": "BIGINT", "lnt": "DOUBLE"}
    }
    faults, _ = check(wrong, schema)
    assert any(fault in text for text in faults), faults


def test_a_union_of_decimals_with_other_places_is_refused():
    """DuckDB rounds 2.0050 to 2.01 beside a sum of fen, Spark does not."""
    union = "select town_code, cast(2.005 as decimal(24, 4)) as wrong from stg_town union all select town_code, {} from stg_town"
    schema = {"stg_town": {"town_code": "VARCHAR", "fee_amt": "DECIMAL(16,2)"}}
    faults, _ = check(model("dim_wrong", union.format("sum(fee_amt)") + " group by town_code"), schema)
    assert any("小数位数" in text for text in faults), faults
    assert (
        check(model("dim_right", union.format("cast(fee_amt as decimal(24, 4)) as wrong")), schema)[0] == []
    )


@pytest.mark.parametrize(
    "expression",
    [
        "date_diff('day', cast('2024-01-01' as date), cast('2024-01-02' as date))",
        "cast(cast('2024-01-02' as date) - interval 1 day as date)",
        "population // 2",
        "population - 1",
        "cast(date_diff('day', cast('1970-01-01' as date), cast('2040-01-02' as date)) as bigint) * 86400",
        "upper(left(town_name, length(town_name)))",
        "coalesce(town_name, '') || 'x'",
        "row_number() over (partition by town_name order by town_code)",
    ],
)
def test_what_was_equal_on_two_engines_is_allowed(expression):
    right = model("dim_right", f"select town_code, {expression} as fine from stg_town")
    schema = {
        "stg_town": {"town_code": "VARCHAR", "town_name": "VARCHAR", "population": "BIGINT", "lnt": "DOUBLE"}
    }
    assert check(right, schema)[0] == []


def test_models_come_in_order_of_what_they_read():
    stg = model("stg_town", "select town_code from lake.town")
    first = model("fct_first", "with own as (select town_code from stg_town) select town_code from own")
    last = model("dim_last", "select town_code from fct_first")
    assert list(ordered([last, first, stg]).by_name) == ["stg_town", "fct_first", "dim_last"]


def test_a_cycle_names_its_models():
    one, two = model("dim_one", "select a from dim_two"), model("dim_two", "select a from dim_one")
    with pytest.raises(UserError, match=r"成环.*dim_one"):
        ordered([one, two])


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("select a from nowhere", "不存在的模型 nowhere"),
        ("select a from lake.town", "只有 stg_ 模型可以读取 lake.town"),
        ("select a from lake.nowhere", "未知的表 lake.nowhere"),
        ("select a from other.town", "未知的表 other.town"),
    ],
)
def test_a_mart_reads_models_only(sql, fault):
    with pytest.raises(UserError, match=fault):
        ordered([model("dim_wrong", sql)])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("select 1 as a", "缺少 YAML 头"),
        ("/*\ngrain: one row per town\nkeys: [a]\n*/\nselect 1 as a", "keys"),
        ("/*\ngrain: towns\nkey: [a]\n*/\nselect 1 as a", "grain"),
        ("/*\ngrain: one row per town\nkey: []\n*/\nselect 1 as a", "key"),
    ],
)
def test_a_faulty_header_is_refused_with_its_file(tmp_path, text, fault):
    path = tmp_path / "dim_wrong.sql"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=f"(?s)dim_wrong.*{fault}"):
        read_model(path)


@pytest.mark.parametrize("sql", ["select 1; select 2", "delete from lake.town", "selec 1"])
def test_a_model_is_one_select(sql):
    with pytest.raises(UserError, match=r"dim_wrong"):
        ordered([model("dim_wrong", sql)])


def test_a_changed_parameter_changes_only_the_models_that_use_it():
    plain = model("stg_town", "select town_code from lake.town")
    asks = model("dim_asks", "select town_code from stg_town where town_code = $code")
    after = model("dim_after", "select town_code from dim_asks")
    models = Models({item.name: item for item in (plain, asks, after)})
    old, new = models.hashes({"code": "1"}, ""), models.hashes({"code": "2"}, "")
    assert {name for name in old if old[name] != new[name]} == {"dim_asks", "dim_after"}
