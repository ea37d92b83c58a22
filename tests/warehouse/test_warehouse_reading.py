"""Reading a version: locked in, pruned by month, followed without a mixed result."""

from __future__ import annotations

import shutil
import threading
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from homes import copy_home
from lake_home import new_home, put, run_build

from fundwatch.build import publish
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.warehouse import LOOK_EVERY_SECONDS, Follower, Warehouse, open_warehouse


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two claims in two months, built; read only."""
    home = new_home(tmp_path_factory.mktemp("built") / "home")
    put(
        home,
        "setl_d",
        {"setl_id": "S1", "setl_time": "2024-04-15", "fund_pay_sumamt": "4.10"},
        {"setl_id": "S2", "setl_time": "2024-05-15", "fund_pay_sumamt": "5.20"},
    )
    run_build(home)
    return home


@pytest.fixture
def served(built: Home, tmp_path: Path) -> Home:
    """A copy that a test may change."""
    copy_home(built.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def warehouse(built: Home):
    with open_warehouse(built) as opened:
        yield opened


def test_before_the_first_build_it_names_the_commands(home):
    with pytest.raises(UserError, match=r"fundwatch load.*fundwatch build"):
        open_warehouse(home)
    with pytest.raises(UserError, match="fundwatch build"):
        Follower(home).current()


def test_marts_staging_and_lake_rows_are_of_one_version(warehouse):
    names = warehouse.names()
    assert {"fct_settlement_month", "stg_setl_d", "lake.setl_d", "_meta"} <= set(names)
    mart = warehouse.query("select sum(fund_pay_sumamt) as total from fct_settlement_month")["total"][
        0
    ].as_py()
    lake = warehouse.query("select sum(fund_pay_sumamt) as total from lake.setl_d")["total"][0].as_py()
    assert mart == lake == Decimal("9.30")


def test_amounts_stay_decimal_and_origins_of_rows_are_there(warehouse):
    found = warehouse.query(
        "select fund_pay_sumamt, _row_no, ym from lake.setl_d where setl_id = $id", {"id": "S2"}
    )
    assert found.schema.field("fund_pay_sumamt").type == pa.decimal128(16, 2)
    assert found.to_pylist() == [{"fund_pay_sumamt": Decimal("5.20"), "_row_no": 3, "ym": "2024-05"}]


def test_a_query_gives_the_types_and_rows_of_the_pieces_it_can_be_read_in(warehouse):
    """Two ways to the rows (decision 317): whole for screens, piece by piece for files."""
    sql = "select *, count(*) over () as cnt, sum(fund_pay_sumamt) over () as total from lake.setl_d order by setl_id"
    pieces = list(warehouse.batches(sql))
    assert warehouse.query(sql) == pa.Table.from_batches(pieces)


def test_what_holds_for_a_version_is_made_once(built):
    made = []
    with open_warehouse(built) as one, open_warehouse(built) as other:
        for warehouse in (one, one, other):
            assert warehouse.once("days", lambda: made.append("made") or len(made)) in {1, 2}
    assert made == ["made", "made"]


def test_a_never_loaded_table_is_an_empty_typed_view(warehouse):
    found = warehouse.query("select amt, found_date from stg_finding")
    assert found.num_rows == 0
    assert found.schema.field("amt").type == pa.decimal128(16, 2)
    assert found.schema.field("found_date").type == pa.date32()


@pytest.mark.parametrize("view", ["stg_setl_d", "lake.setl_d"])
def test_a_month_reads_only_its_own_files(warehouse, view):
    """A name in the plan is a file that was opened."""
    query = f"explain analyze select sum(fund_pay_sumamt) from {view} where ym = $month"
    text = "".join(warehouse.query(query, {"month": "2024-05"}).column(1).to_pylist())
    assert "ym=2024-05" in text
    assert "ym=2024-04" not in text


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('{root}/state/state.db')",
        "select * from read_csv('/etc/passwd')",
        "select * from '{other}'",
        "attach '{other}' as other",
        "copy (select 1) to '{root}/out.csv'",
        "create table wh.main.mine as select 1",
        "update wh.main._meta set value = 'x'",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "install httpfs",
    ],
)
def test_nothing_but_the_version_can_be_reached(built, warehouse, tmp_path, statement):
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    with pytest.raises(duckdb.Error):
        warehouse.query(statement.format(root=built.root, other=other))


def test_missing_and_surplus_parameters_are_refused(warehouse):
    with pytest.raises(duckdb.Error):
        warehouse.query("select $a as a")
    with pytest.raises(duckdb.Error):
        warehouse.query("select $a as a", {"a": 1, "b": 2})


def test_two_of_the_same_version_can_be_open_at_once(built, warehouse):
    with open_warehouse(built, warehouse.version) as second:
        assert second.query("select count(*) as n from lake.setl_d") == warehouse.query(
            "select count(*) as n from lake.setl_d"
        )


def test_an_old_version_keeps_its_rows_after_they_were_replaced(served):
    old = publish.current_version(served)
    put(served, "setl_d", {"setl_id": "S9", "setl_time": "2024-05-15", "fund_pay_sumamt": "9"})
    run_build(served)
    query = "select setl_id from lake.setl_d order by 1"
    with open_warehouse(served, old) as before, open_warehouse(served) as after:
        assert before.query(query).to_pydict() == {"setl_id": ["S1", "S2"]}
        assert after.query(query).to_pydict() == {"setl_id": ["S1", "S9"]}


def test_a_home_that_was_moved_still_opens(served, tmp_path):
    moved = Home(tmp_path / "elsewhere's home")
    shutil.move(served.root, moved.root)
    with open_warehouse(moved) as warehouse:
        assert warehouse.query("select count(*) as n from lake.setl_d").to_pydict() == {"n": [2]}


def test_a_version_that_is_none_is_refused(served):
    with pytest.raises(UserError, match="不是版本号"):
        open_warehouse(served, "../../state/state")
    with pytest.raises(UserError, match="不存在"):
        open_warehouse(served, "20200101-000000-000")


def test_a_damaged_file_is_said_in_one_line(served):
    version = publish.current_version(served)
    publish.serving_file(served, version).write_bytes(b"not a database")
    with pytest.raises(UserError, match=f"{version} 的服务文件不存在或已损坏"):
        open_warehouse(served)


def test_a_follower_looks_again_after_two_seconds(served):
    now = [0.0]
    follower = Follower(served, monotonic=lambda: now[0])
    first = follower.current()
    put(served, "setl_d", {"setl_id": "S9", "setl_time": "2024-06-15"})
    version = run_build(served).version
    assert follower.current() is first
    now[0] = LOOK_EVERY_SECONDS
    assert follower.current().version == version
    assert first.query("select count(*) as n from lake.setl_d").to_pydict() == {"n": [2]}


def versions_of_equal_sums(home: Home) -> tuple[list[str], dict[str, Decimal]]:
    """Three versions; in each the mart and the lake's rows have one total of their own."""
    totals = {}
    for fund in range(1, 4):
        put(home, "setl_d", {"setl_id": "S1", "setl_time": "2024-05-15", "fund_pay_sumamt": str(fund)})
        totals[run_build(home).version] = Decimal(fund)
    return list(totals), totals


def read_until(
    done: threading.Event, follower: Follower, totals: dict[str, Decimal], faults: list[str]
) -> None:
    """Read mart and rows of the version at hand again and again; note every error and every mixed result."""
    query = """
        select
            (select value from _meta where key = 'version') as version,
            (select sum(fund_pay_sumamt) from fct_settlement_month) as mart,
            (select sum(fund_pay_sumamt) from lake.setl_d) as lake
    """
    while not done.is_set():
        try:
            warehouse: Warehouse = follower.current()
            row = warehouse.query(query).to_pylist()[0]
        except Exception as error:
            faults.append(repr(error))
            return
        expected = totals[warehouse.version]
        if (row["version"], row["mart"], row["lake"]) != (warehouse.version, expected, expected):
            faults.append(f"mixed: {row}")
            return


def test_readers_see_no_error_and_no_mixture_while_versions_are_switched(tmp_path: Path):
    home = new_home(tmp_path / "home")
    versions, totals = versions_of_equal_sums(home)
    # Time flies for this follower, so that it looks at the pointer at every call.
    ticks = iter(range(10**9))
    follower = Follower(home, monotonic=lambda: next(ticks) * LOOK_EVERY_SECONDS)
    done, faults = threading.Event(), []
    readers = [threading.Thread(target=read_until, args=(done, follower, totals, faults)) for _ in range(6)]
    for reader in readers:
        reader.start()
    seen = set()
    for version in versions * 3:
        publish.switch(home, version)
        # One look of our own at each version, so that the readers have met it too.
        seen.add(follower.current().version)
        while follower.current().version != version:
            pass
    done.set()
    for reader in readers:
        reader.join(timeout=60)
    assert faults == []
    assert len(seen) > 1
