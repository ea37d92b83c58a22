"""Builds: only what changed is made anew, a failed check or a killed build leaves the last version served."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake_home import new_home, put, run_build
from processes import started

from fundwatch.build import publish, workshop
from fundwatch.build.models import read_models
from fundwatch.build.runner import BuildReport, build
from fundwatch.build.sources import LakeTable
from fundwatch.clock import china_time
from fundwatch.errors import UsageError, UserError
from fundwatch.home import QUERIES, Home
from fundwatch.lake import Lake
from fundwatch.rules import library
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse


def marts(home: Home, version: str | None = None) -> dict[str, list[dict]]:
    """Every mart's rows, in order."""
    with open_warehouse(home, version) as warehouse:
        names = [name for name in warehouse.names() if name.startswith(("dim_", "fct_"))]
        return {name: warehouse.query(f'select * from "{name}" order by all').to_pylist() for name in names}


def put_claims(home: Home, month: str, fund: str) -> None:
    """One settlement, one document with a suspicion and one reminder in a month."""
    day = f"{month}-15"
    put(home, "setl_d", {"setl_id": f"S{month}", "setl_time": day, "fund_pay_sumamt": fund})
    put(home, "doc_d", {"doc_id": f"D{month}", "dcla_time": day})
    put(
        home,
        "doc_suspt_d",
        {
            "doc_suspt_id": f"Q{month}",
            "doc_id": f"D{month}",
            "checkout_time": day,
            "checkout_suspt_amt": fund,
        },
    )
    put(home, "bffact_warn_rslt_d", {"warn_rslt_id": f"W{month}", "crte_time": day, "vola_amt": fund})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with an institution and two months of claims, built once; never changed."""
    home = new_home(tmp_path_factory.mktemp("built") / "home")
    put(home, "fixmedins_b", {})
    put_claims(home, "2024-04", "4.00")
    put_claims(home, "2024-05", "5.00")
    run_build(home)
    return home


@pytest.fixture
def claims(built: Home, tmp_path: Path) -> Home:
    """A copy of the built home that a test may change."""
    shutil.copytree(built.root, tmp_path / "home")
    return Home(tmp_path / "home")


def test_nothing_changed_keeps_the_version_and_says_so(claims):
    before = publish.current_version(claims)
    report = run_build(claims)
    assert (report.changed, report.version, report.months) == (False, before, [])
    assert report.rows["fct_settlement_month"] == 2
    assert publish.versions(claims) == [before]


def test_only_the_changed_month_is_rebuilt_and_equals_a_full_rebuild(claims):
    put_claims(claims, "2024-05", "5.50")
    report = run_build(claims)
    assert report.months == ["2024-05"]
    assert report.modes["fct_settlement_month"] == "按月"
    assert report.modes["fct_reminder_month"] == "按月"
    assert report.modes["fct_suspicion_month"] == "全部"
    assert report.modes["dim_institution"] == "沿用"
    by_month = marts(claims)
    full = run_build(claims, full=True)
    assert full.modes["fct_settlement_month"] == "全部"
    assert marts(claims) == by_month


def test_a_month_that_appears_and_one_that_goes_away_are_followed(claims):
    put_claims(claims, "2024-06", "6.00")
    assert run_build(claims).months == ["2024-06"]
    shutil.rmtree(claims.lake / "setl_d")
    put(claims, "setl_d", {"setl_id": "new", "setl_time": "2024-05-01"})
    run_build(claims)
    assert [row["ym"] for row in marts(claims)["fct_settlement_month"]] == ["2024-05"]


def test_a_changed_document_rebuilds_suspicions_of_every_month(claims):
    other = "H99900100002"
    put(claims, "doc_d", {"doc_id": "D2024-04", "dcla_time": "2024-04-15", "fixmedins_code": other})
    assert run_build(claims).modes["fct_suspicion_month"] == "全部"
    assert other in {row["fixmedins_code"] for row in marts(claims)["fct_suspicion_month"]}


def test_rows_of_unchanged_months_are_copied_not_read_again(claims):
    """May's amount is changed behind the lake's back: a build of June does not notice, a full one does."""
    (path,) = (claims.lake / "setl_d" / "ym=2024-05").glob("*.parquet")
    rows = pq.ParquetFile(path).read()
    place = rows.schema.get_field_index("fund_pay_sumamt")
    other = pa.array([Decimal("55.00")], rows.schema.field(place).type)
    pq.write_table(rows.set_column(place, rows.schema.field(place), other), path)
    put_claims(claims, "2024-06", "6.00")
    assert amounts(claims, run_build(claims)) == ["4.00", "5.00", "6.00"]
    assert amounts(claims, run_build(claims, full=True)) == ["4.00", "55.00", "6.00"]


def amounts(home: Home, _built: BuildReport) -> list[str]:
    """Fund payment of each month, as published."""
    return [str(row["fund_pay_sumamt"]) for row in marts(home)["fct_settlement_month"]]


def test_named_months_are_rebuilt_though_nothing_changed(claims):
    report = run_build(claims, first="2024-05", last="2030-01")
    assert (report.changed, report.months) == (True, ["2024-05"])
    assert report.modes["dim_institution"] == "沿用"
    assert run_build(claims, last="2024-04").months == ["2024-04"]


@pytest.mark.parametrize(
    ("first", "last"), [("2024-13", None), ("2024-1", None), (None, "202401"), ("2024-05", "2024-04")]
)
def test_a_wrong_month_is_wrong_usage(home, first, last):
    with pytest.raises(UsageError, match="月份"):
        run_build(home, first=first, last=last)


def test_a_changed_parameter_rebuilds_the_models_that_use_it(claims):
    Settings(claims).set("county_admdvs", "999002", None, "测试", "测试")
    report = run_build(claims)
    rebuilt = {name for name, mode in report.modes.items() if mode == "全部"}
    own = {"fct_settlement_month", "fct_inpatient_settlement"}
    read_them = {name for name, model in read_models().by_name.items() if set(model.reads) & own}
    read_those = {name for name, model in read_models().by_name.items() if set(model.reads) & read_them}
    assert rebuilt == own | read_them | read_those
    assert {"day_actual_reimbursement", "fct_stay_month"} < rebuilt
    assert {row["is_local"] for row in marts(claims)["fct_settlement_month"]} == {0}


def test_an_unset_parameter_is_named(tmp_path):
    report = run_build(Home(tmp_path / "plain").ensure())
    assert any("county_admdvs" in note for note in report.notes)


def copied_queries(tmp_path: Path) -> Path:
    """A copy of the models that a test may break."""
    folder = tmp_path / "queries"
    for layer in ("staging", "marts"):
        shutil.copytree(QUERIES / layer, folder / layer)
    return folder


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_changed_text_rebuilds_the_model_and_what_reads_it(claims, tmp_path):
    folder = copied_queries(tmp_path)
    replace(folder / "marts" / "fct_case.sql", "clue_case.title,", "upper(clue_case.title) as title,")
    report = run_build(claims, queries=folder)
    assert {name for name, mode in report.modes.items() if mode == "全部"} == {"fct_case", "fct_case_event"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "town.town_code = ",
            "town.town_code <> ",
            r"(?s)dim_institution.*不唯一.*fixmedins_code=H99900100001\(2 行\)",
        ),
        ("left join", "inner join", "(?s)dim_institution.*行数 0 应与 stg_fixmedins_b 的 1 相同"),
        (
            "    institution.fixmedins_code,",
            "    institution.uscc as fixmedins_code,",
            "(?s)dim_institution.*有空值",
        ),
        (
            "institution.fixmedins_name",
            "cast(institution.fixmedins_name as date) as fixmedins_name",
            "执行失败",
        ),
    ],
)
def test_a_failed_check_names_model_and_rows_and_keeps_the_last_version(claims, tmp_path, old, new, message):
    put(claims, "town", {"town_code": "1"}, {"town_code": "2"})
    served = run_build(claims).version
    folder = copied_queries(tmp_path)
    mart = folder / "marts" / "dim_institution.sql"
    replace(
        mart,
        "institution.town_code = town.town_code",
        "town.town_code = coalesce(institution.town_code, '9')",
    )
    replace(mart, old, new)
    with pytest.raises(UserError, match=message) as caught:
        run_build(claims, queries=folder)
    assert f"仍在使用版本 {served}" in caught.value.message
    assert caught.value.exit_code == 1
    assert publish.current_version(claims) == served
    assert run_build(claims).version == served
    assert list(claims.warehouse.glob(".building-*")) == []


def test_a_doubled_key_in_the_lake_stops_publication(claims):
    put(claims, "finding", {"finding_id": "F1"}, {"finding_id": "F1"})
    with pytest.raises(UserError, match=r"stg_finding.*不唯一.*finding_id=F1"):
        run_build(claims)


def test_empty_parts_of_a_knowledge_key_are_allowed_but_counted_once(claims):
    point = {"limit_type": "性别", "item_code": "A", "limit_value": "男", "source": None, "efft_date": None}
    put(claims, "kb_item_limit", point)
    assert run_build(claims).changed
    put(claims, "kb_item_limit", point, point)
    with pytest.raises(UserError, match=r"stg_kb_item_limit.*source=空"):
        run_build(claims)


def test_two_builds_at_once_are_refused(claims):
    with publish.build_lock(claims), pytest.raises(UserError, match="另一个构建正在进行"):
        run_build(claims)


def test_old_versions_are_kept_up_to_the_limit_and_stay_openable(claims):
    Settings(claims).set("warehouse_versions_kept", "2", None, "测试", "测试")
    versions = [publish.current_version(claims)]
    for fund in ("1", "2", "3"):
        put_claims(claims, "2024-05", fund)
        versions.append(run_build(claims).version)
    assert publish.versions(claims) == versions[-2:]
    before = marts(claims, versions[-2])["fct_settlement_month"]
    assert [str(row["fund_pay_sumamt"]) for row in before] == ["4.00", "2.00"]
    with pytest.raises(UserError, match="不存在"):
        open_warehouse(claims, versions[0])


def test_versions_grow_though_the_clock_steps_back(claims):
    first = publish.current_version(claims)
    put_claims(claims, "2024-05", "9")
    assert run_build(claims, clock=lambda: 0.0).version > first


def test_a_damaged_pointer_is_said_and_set_right_and_nothing_is_removed(claims):
    served = publish.serving_file(claims, publish.current_version(claims))
    (claims.warehouse / publish.POINTER).write_text("nonsense\n")
    with pytest.raises(UserError, match="已损坏"):
        publish.current_version(claims)
    report = run_build(claims)
    assert any("修复指针" in note for note in report.notes)
    assert publish.current_version(claims) == report.version
    assert served.is_file()


def test_versions_keep_their_order_and_hold_no_day_to_come_when_the_clock_is_set_back(claims):
    day, now = 24 * 3600.0, time.time()
    before = publish.current_version(claims)
    ahead = build(claims, Lake(claims), Settings(claims), full=True, clock=lambda: now + day)
    report = build(claims, Lake(claims), Settings(claims), clock=lambda: now)
    assert before < ahead.version < report.version == publish.current_version(claims)
    assert any("时钟偏快" in note for note in report.notes)
    assert not build(claims, Lake(claims), Settings(claims), clock=lambda: now).changed
    with open_warehouse(claims) as warehouse:
        assert warehouse.meta["built_at"][:10] == f"{china_time(now):%Y-%m-%d}"


def build_until(root: Path, point: int) -> None:
    """A full build that kills its own process at a step."""
    home = Home(root)

    def step(_text: str, done: int, _total: int) -> None:
        if done == point:
            os.kill(os.getpid(), signal.SIGKILL)

    build(home, Lake(home), Settings(home), full=True, step=step)


MODELS = len(read_models().by_name)
#: models, screening rules, meta tables, file, switch
STEPS = MODELS + len(library()) + 3


@pytest.mark.kill
@pytest.mark.parametrize(
    "point", [*random.Random(20).sample(range(1, MODELS + 1), 3), MODELS + 1, STEPS - 2, STEPS - 1, STEPS]
)
def test_a_killed_build_leaves_the_last_version_served(claims, point):
    """Killed at seeded models, at the first rule, before the meta tables, before the file has its name, before the switch."""
    served, before = publish.current_version(claims), marts(claims)
    put_claims(claims, "2024-05", "77.00")
    (claims.warehouse / ".building-20200101-000000-000.duckdb.spill").mkdir()
    with started(build_until, claims.root, point) as process:
        process.join()
        assert process.exitcode == -signal.SIGKILL
    assert publish.current_version(claims) == served
    assert publish.versions(claims) == [served]
    assert marts(claims) == before
    report = run_build(claims)
    assert report.changed
    assert report.months == ["2024-05"]
    left = {path.name for path in claims.warehouse.iterdir() if not path.name.startswith(".spill")}
    names = {publish.serving_file(claims, version).name for version in publish.versions(claims)}
    assert left == {publish.POINTER, publish.LOCK, *names}
    assert len(names) == 2


def test_the_kill_points_cover_the_steps_of_a_build(home):
    steps = []
    run_build(home, step=lambda text, done, total: steps.append((done, total)))
    assert steps[-1] == (STEPS, STEPS)
    assert os.path.exists(home.warehouse / publish.POINTER)


def test_a_home_copied_elsewhere_still_builds_by_month(claims, tmp_path):
    moved = Home(tmp_path / "moved")
    shutil.move(claims.root, moved.root)
    put_claims(moved, "2024-05", "8.00")
    assert run_build(moved).months == ["2024-05"]


def test_new_home_has_no_version(tmp_path):
    assert publish.current_version(new_home(tmp_path / "h")) is None


@pytest.mark.parametrize(
    ("machine", "lake", "allowed"),
    [
        (24 << 30, 2 << 30, "4096MiB"),
        (24 << 30, (2 << 30) + (1 << 20), "4098MiB"),
        (24 << 30, 5 << 30, "10240MiB"),
        (24 << 30, 6 << 30, "12288MiB"),
        (24 << 30, 40 << 30, "12288MiB"),
        (6 << 30, 2 << 30, "3072MiB"),
    ],
    ids=["county-year", "a little more", "two and a half", "half the machine", "a city", "small machine"],
)
def test_memory_follows_the_lake_up_to_half_of_the_machine(monkeypatch, machine, lake, allowed):
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": machine // 4096}
    monkeypatch.setattr("fundwatch.build.workshop.os.sysconf", sizes.__getitem__)
    assert workshop.memory_limit(lake) == allowed


def test_bytes_of_a_lake_are_those_of_its_files(tmp_path):
    (tmp_path / "one").write_bytes(b"12345")
    (tmp_path / "two").write_bytes(b"123")
    claims, findings = (
        LakeTable(1, {"2024-01": {"one": 9}, "2024-02": {"gone": 9}}),
        LakeTable(1, {None: {"two": 9}}),
    )
    tables = {"setl_d": claims, "finding": findings}
    assert workshop.lake_bytes(tables, tmp_path) == 8
