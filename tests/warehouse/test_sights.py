"""What a sight leaves of the data, asked below every screen: no raw value of a person, only the town's rows, and the same numbers."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from fundwatch.access import DOCTOR_IDS, FREE_TEXT, PERSON_FACTS, PERSON_IDS, Role, Sight, sight_of
from fundwatch.errors import UserError
from fundwatch.home import QUERIES
from fundwatch.kpi import declarations, evaluate, totals
from fundwatch.kpi.reach import NOT_BY_TOWN, Reach, reach
from fundwatch.kpi.writer import number_sql
from fundwatch.masking import COUNTY, SHARED, WITHHELD, Lens
from fundwatch.settings import Settings
from fundwatch.steps import page_sql
from fundwatch.warehouse import AROUND, Follower, Warehouse, open_warehouse

START, END = dt.date(2026, 1, 1), dt.date(2026, 9, 30)
SIGHTS = {sight_of([role]): role for role in Role}
MASKED = [sight for sight in SIGHTS if not sight.is_whole]


@pytest.fixture(scope="module")
def whole(demo_home) -> Iterator[Warehouse]:
    with open_warehouse(demo_home) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def town(whole) -> str:
    """The town with most institutions."""
    sql = "select town_code from dim_institution where town_code is not null group by all order by count(*) desc limit 1"
    return whole.query(sql).column(0)[0].as_py()


@pytest.fixture(scope="module")
def own(whole, town) -> Warehouse:
    return whole.bound(Sight(town=town))


@pytest.fixture(scope="module")
def masked(whole) -> dict[Sight, Warehouse]:
    return {sight: whole.bound(sight) for sight in MASKED}


def quoted(name: str) -> str:
    return ".".join(f'"{part}"' for part in name.split("."))


def columns(warehouse: Warehouse, name: str) -> list[str]:
    return warehouse.query(f"select * from {quoted(name)} limit 0").column_names


def raw_values(whole: Warehouse, names: frozenset[str]) -> set[str]:
    """Every value that a column of one of these names holds anywhere."""
    found: set[str] = set()
    for view in whole.names():
        for column in names.intersection(columns(whole, view)):
            sql = f'select distinct cast("{column}" as varchar) from {quoted(view)} where "{column}" is not null'
            found |= set(whole.query(sql).column(0).to_pylist())
    return found


def test_roles_have_the_levels_that_the_page_table_relies_on():
    assert len(SIGHTS) == 3
    assert sight_of([Role.GROUP_MEMBER, Role.INSPECTOR]).is_whole
    assert not sight_of([]).persons


def test_no_view_gives_a_raw_value_to_a_role_that_must_not_see_it(whole, masked):
    ids = pa.array(sorted(raw_values(whole, PERSON_IDS | DOCTOR_IDS)))
    words = pa.array(sorted(raw_values(whole, FREE_TEXT)))
    assert len(ids) > 1000
    assert len(words) > 20
    for sight, warehouse in masked.items():
        assert warehouse.names() == whole.names()
        for view in warehouse.names():
            rows = warehouse.query(f"select * from {quoted(view)}")
            for name, kind in zip(rows.column_names, rows.schema.types, strict=True):
                column = rows.column(name)
                if name in PERSON_FACTS:
                    assert column.null_count == rows.num_rows, (sight, view, name)
                elif pa.types.is_string(kind) and not view.startswith("_meta"):
                    hit = pc.any(pc.or_(pc.is_in(column, ids), pc.is_in(column, words)))
                    assert not hit.as_py(), (sight, view, name)


def test_counts_are_the_same_on_opaque_ids(whole, masked):
    warehouse = masked[sight_of([Role.GROUP_MEMBER])]
    for view in ("stg_setl_d", "stg_doc_suspt_d", "fct_rule_hit", "fct_credit_point"):
        names = sorted((PERSON_IDS | DOCTOR_IDS).intersection(columns(whole, view)))
        counted = ", ".join(f'count("{name}"), count(distinct "{name}")' for name in names)
        sql = f"select {counted} from {view}"
        assert warehouse.query(sql).to_pydict() == whole.query(sql).to_pydict()
    join = "select count(*) as n from fct_rule_hit as hit inner join stg_setl_d as bill on hit.setl_id = bill.setl_id"
    assert warehouse.query(join).to_pylist() == whole.query(join).to_pylist() != [{"n": 0}]


def test_every_kpi_is_the_same_on_masked_rows(demo_home, whole, masked):
    warehouse = masked[sight_of([Role.ADMIN])]
    assert warehouse.counting is whole
    settings = Settings(demo_home)
    assert evaluate(warehouse, settings, None, START, END) == evaluate(whole, settings, None, START, END)


def test_stored_ids_of_hits_are_found_where_ids_are_hashed(whole, masked):
    hits = whole.query("select hit_id from fct_rule_hit order by hit_id limit 3").column(0).to_pylist()
    sql = "select count(*) as n from fct_rule_hit where list_contains($true_hits, hit_id)"
    assert masked[MASKED[0]].query(sql, {"true_hits": hits}).to_pylist() == [{"n": 3}]


def test_free_text_is_one_phrase_and_a_title_goes_only_from_administrators(masked):
    titles = {
        role: set(masked[sight_of([role])].query("select title from fct_case").column(0).to_pylist())
        for role in (Role.ADMIN, Role.GROUP_MEMBER)
    }
    assert titles[Role.ADMIN] == {WITHHELD}
    assert WITHHELD not in titles[Role.GROUP_MEMBER]
    subjects = masked[sight_of([Role.GROUP_MEMBER])].query("select subject from fct_complaint").column(0)
    assert set(subjects.to_pylist()) == {WITHHELD}


@pytest.mark.parametrize(
    "sql",
    [
        "select * from wh.main.fct_case", 'select * from "wh"."main".fct_case', "select * from read_parquet('x')",
        "from '/tmp/x.parquet'", "select sql from duckdb_views()", "select * from information_schema.views",
        "select * from query_table('wh.main.fct_case')", "select * from pg_catalog.pg_views",
    ],
)  # fmt: skip
def test_no_statement_goes_around_the_views(masked, sql):
    with pytest.raises(PermissionError):
        masked[MASKED[0]].query(sql)
    with pytest.raises(PermissionError):
        list(masked[MASKED[0]].batches(sql))


def test_no_query_of_a_screen_is_taken_for_a_way_around():
    pages = [page_sql(path.stem) for path in sorted((QUERIES / "pages").glob("*.sql"))]
    kpis = [number_sql(kpi, ()) for kpi in declarations().values()]
    assert not [sql for sql in [*pages, *kpis] if AROUND.search(sql)]


def test_a_town_sees_the_rows_of_its_institutions_only(whole, own, town):
    codes = set(own.query("select fixmedins_code from dim_institution").column(0).to_pylist())
    assert 0 < len(codes) < whole.query("select * from dim_institution").num_rows
    for view in own.names():
        names = columns(own, view)
        if "fixmedins_code" in names:
            found = own.query(f"select distinct fixmedins_code from {quoted(view)}").column(0).to_pylist()
            assert set(found) <= codes, view
        if "town_code" in names:
            assert set(own.query(f"select town_code from {quoted(view)}").column(0).to_pylist()) <= {town}, (
                view
            )
    for view, key, parent in (
        ("stg_doc_suspt_d", "doc_id", "stg_doc_d"),
        ("stg_case_event", "case_id", "stg_clue_case"),
    ):
        sql = f"select count(*) as n from {view} where {key} not in (select {key} from {parent})"
        assert own.query(sql).to_pylist() == [{"n": 0}]
        assert 0 < own.query(f"select * from {view}").num_rows < whole.query(f"select * from {view}").num_rows


def test_figures_of_the_county_stay_whole_for_a_town(whole, own):
    for view in sorted(SHARED | COUNTY):
        name = view if view.startswith(("fct_", "dim_")) else f"stg_{view}"
        if name in whole.names():
            assert (
                own.query(f"select * from {quoted(name)}").num_rows
                == whole.query(f"select * from {quoted(name)}").num_rows
            )


def test_sums_over_all_institutions_are_made_anew_for_a_town(whole, own):
    own_day = own.query("select sum(setl_cnt) as n from fct_settlement_day").to_pylist()
    assert own_day == own.query("select count(*) as n from stg_setl_d where vali_flag = '1'").to_pylist()
    assert own_day != whole.query("select sum(setl_cnt) as n from fct_settlement_day").to_pylist()


def test_in_a_town_every_list_adds_up_to_its_number(demo_home, whole, own, town):
    settings = Settings(demo_home)
    numbers = evaluate(own, settings, None, START, END)
    county = {(v.kpi, v.key): v for v in evaluate(whole, settings, None, START, END)}
    by_town = {v.kpi: v for v in evaluate(whole, settings, None, START, END, "town_code") if v.key == town}
    seen = set()
    for value in numbers:
        seen.add(reach(value.kpi))
        if reach(value.kpi) is Reach.NEITHER:
            assert (value.value, value.extra["reason"]) == (None, NOT_BY_TOWN)
            with pytest.raises(UserError, match="全县口径"):
                totals(own, settings, value.kpi, START, END)
            continue
        if reach(value.kpi) is Reach.COUNTY:
            assert value == county[value.kpi, value.key]
        key = dict(value.cell)
        listed = totals(own, settings, value.kpi, START, END, key)
        assert (listed.numerator, listed.denominator) == (value.numerator, value.denominator), value.kpi
        if declarations()[value.kpi].listing.kind in ("rows", "state") and value.kpi in by_town and not key:
            assert value.numerator == by_town[value.kpi].numerator, value.kpi
    assert seen == set(Reach)
    assert any(v.numerator > 0 and v.numerator < county[v.kpi, v.key].numerator for v in numbers)


def test_a_work_group_sees_its_own_tasks(whole):
    groups = whole.query(
        "select group_name, count(*) as n from fct_task group by all order by all"
    ).to_pylist()
    assert len(groups) > 1
    mine = whole.bound(Sight(group=groups[0]["group_name"]))
    assert mine.query("select * from fct_task").num_rows == groups[0]["n"]
    assert (
        mine.query("select * from dim_institution").num_rows
        == whole.query("select * from dim_institution").num_rows
    )


def test_a_table_that_nobody_placed_is_refused_not_shown():
    lens = Lens(Sight(town="999001001"), "k", ["H1"], lambda table: "")
    with pytest.raises(UserError, match="fct_new"):
        lens.select("fct_new", [("ym", "VARCHAR")], "x")


def test_one_warehouse_per_sight_and_version(demo_home):
    follower = Follower(demo_home)
    sight = sight_of([Role.AGREEMENTS], "999001001")
    taken: list[Warehouse] = []
    threads = [threading.Thread(target=lambda: taken.append(follower.current(sight))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in taken}) == 1
    assert taken[0].sight == sight
    assert taken[0].counting is follower.current(Sight(town="999001001"))
    assert follower.current(sight_of([Role.LEADER])) is follower.current()
    assert len({one.stamp for one in (follower.current(), taken[0], taken[0].counting)}) == 3


def test_a_sight_is_taken_of_the_whole_only(own):
    with pytest.raises(ValueError, match="whole"):
        own.bound(Sight(group="x"))
