"""Stored hits: equal to running the rules, carried over where nothing changed, made anew where anything did."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hit_world import County, home_of
from lake_home import new_home, put, run_build

import fundwatch.build.hits as hits
from fundwatch.build import publish
from fundwatch.build.hit_months import carried
from fundwatch.build.hit_run import Scope
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.rules import library, run
from fundwatch.rules.header import Reach
from fundwatch.settings import Settings
from fundwatch.warehouse import open_warehouse

EVER = (dt.date(1990, 1, 1), dt.date(2099, 12, 31))
TABLES = ("dim_rule", "fct_rule_month", "fct_rule_hit", "fct_rule_hit_line")


def stored(home: Home) -> dict[str, list[dict]]:
    """The four tables, in a fixed order."""
    with open_warehouse(home) as warehouse:
        return {name: warehouse.query(f"select * from {name} order by all").to_pylist() for name in TABLES}


def test_stored_hits_are_those_of_running_the_rules(tmp_path: Path) -> None:
    home = home_of(County(1), tmp_path / "home")
    with open_warehouse(home) as warehouse:
        screening = run(warehouse, Settings(home), library().values(), *EVER)
    tables = stored(home)
    lines: dict[str, list[tuple]] = {}
    for line in sorted(tables["fct_rule_hit_line"], key=lambda row: row["line_id"] or ""):
        amount = None if line["line_amt"] is None else str(line["line_amt"])
        lines.setdefault(line["hit_id"], []).append((line["line_id"], amount, line["found_text"]))
    found = {
        hit["hit_id"]: (
            hit["amount_at_issue"],
            hit["hit_date"],
            hit["psn_no"],
            hit["level"],
            lines[hit["hit_id"]],
        )
        for hit in tables["fct_rule_hit"]
    }
    expected = {
        f"{hit['rule_id']}:{hit['setl_id']}": (
            hit["amount_at_issue"], hit["hit_date"], hit["psn_no"], hit["level"],
            [(line["line_id"], line["amount"], line["found"]) for line in hit["evidence"]["lines"]],
        )
        for hit in screening.records()
    }  # fmt: skip
    assert found == expected
    rules = {hit["rule_id"] for hit in tables["fct_rule_hit"]}
    assert len(rules) >= 12, "the county is too tame to prove anything"
    outcomes = {one.rule_id: (one.status, one.hits) for one in screening.outcomes}
    assert {row["rule_id"]: (row["status"], row["hit_cnt"]) for row in tables["dim_rule"]} == outcomes


@pytest.mark.parametrize(("seed", "persons"), [*((n, 4) for n in range(4)), *((n, 9) for n in range(4, 8))])
def test_changed_claims_give_what_a_full_build_gives(tmp_path: Path, seed: int, persons: int) -> None:
    county = County(seed, persons)
    home = home_of(county, tmp_path / "home")
    for _ in range(2):
        before = county.copy()
        for _ in range(county.random.choice((1, 2, 4))):
            county.change()
        county.put(home, before)
        report = run_build(home)
        by_month = stored(home)
        assert not report.changed or report.modes["fct_rule_hit"] != "全部"
    run_build(home, full=True)
    assert stored(home) == by_month


def test_steps_hold_the_months_within_reach_and_no_others(tmp_path: Path, monkeypatch) -> None:
    """January's change may concern December's hit, which comes from a stay in September; nobody asks for 2022."""
    home = new_home(tmp_path / "home")
    Settings(home).set("r040_gap_days", "85", None, "测试", "测试")
    stays = [
        ("A", "2022-06-01", "2022-06-05"),
        ("B", "2023-09-25", "2023-09-30"),
        ("D", "2023-12-20", "2023-12-28"),
        ("C", "2024-01-03", "2024-01-08"),
    ]
    for number, begin, end in stays:
        visit = {"mdtrt_id": number, "begntime": begin, "endtime": end, "dscg_maindiag_code": "I10"}
        put(home, "mdtrt_d", visit)
        put(home, "setl_d", _stay(number, begin, end, "50"))
    run_build(home)
    held: list = []
    real = hits.steps
    monkeypatch.setattr(hits, "steps", lambda *given: held.append(given[2]) or real(*given))
    put(home, "setl_d", _stay("C", "2024-01-03", "2024-01-08", "77.70"))
    run_build(home)
    between = {"2023-09", "2023-10", "2023-11", "2023-12", "2024-01"}
    near = Scope({"2023-09", "2023-12", "2024-01"}, persons=True, line_months=between)
    # costs are compared over a whole year's stays, everybody's
    assert held == [Scope(), near, Scope(persons=True)]
    by_month = stored(home)
    assert _amounts(home, "r040") == {"r040:SD": Decimal("50.00"), "r040:SC": Decimal("77.70")}
    run_build(home, full=True)
    assert (stored(home), held[3:]) == (by_month, [Scope()])


def test_hits_of_persons_whose_claims_did_not_change_are_carried_over(tmp_path: Path, monkeypatch) -> None:
    """P1 and P2 each come back within days; P2's fund payment changes, so only P2's hits are made anew, in the same month."""
    home = new_home(tmp_path / "home")
    stays = [("A", "P1", "02"), ("B", "P1", "10"), ("C", "P2", "03"), ("D", "P2", "12")]
    put(home, "mdtrt_d", *(_visit(*stay) for stay in stays))
    rows = [
        _stay(number, f"2024-01-{day}", f"2024-01-{day}", "50") | {"psn_no": person}
        for number, person, day in stays
    ]
    put(home, "setl_d", *rows)
    run_build(home)
    made: set[tuple] = set()
    real = hits.store

    def noted(connection, *given, **more):
        made.update(connection.execute("select distinct rule_id, psn_no from new_hit_line").fetchall())
        return real(connection, *given, **more)

    monkeypatch.setattr(hits, "store", noted)
    put(home, "setl_d", *rows[:3], rows[3] | {"fund_pay_sumamt": "77.70"})
    run_build(home)
    assert _amounts(home, "r040") == {"r040:SB": Decimal("50.00"), "r040:SD": Decimal("77.70")}
    assert ("r040", "P2") in made
    assert {person for _, person in made} == {"P2"}


def test_a_visit_shared_by_two_persons_makes_both_change(tmp_path: Path) -> None:
    """Stay B was settled twice, by mistake also under P1; when P9's stay A comes to light, P1's settlement is hit with it."""
    home = new_home(tmp_path / "home")
    put(home, "mdtrt_d", _visit("A", "P9", "02"), _visit("B", "P9", "10"))
    shared = [
        _stay("B", "2024-01-10", "2024-01-10", "50") | {"psn_no": "P1"},
        _stay("B", "2024-01-10", "2024-01-10", "60") | {"psn_no": "P9", "setl_id": "SB2"},
    ]
    put(home, "setl_d", *shared)
    run_build(home)
    put(home, "setl_d", _stay("A", "2024-01-02", "2024-01-02", "40") | {"psn_no": "P9"}, *shared)
    run_build(home)
    assert _amounts(home, "r040") == {"r040:SB": Decimal("50.00"), "r040:SB2": Decimal("60.00")}
    by_month = stored(home)
    run_build(home, full=True)
    assert stored(home) == by_month


def _visit(number: str, person: str, day: str) -> dict:
    day = f"2024-01-{day}"
    return {
        "mdtrt_id": number,
        "psn_no": person,
        "begntime": day,
        "endtime": day,
        "dscg_maindiag_code": "I10",
    }


def _amounts(home: Home, rule_id: str) -> dict[str, Decimal]:
    return {
        hit["hit_id"]: hit["amount_at_issue"]
        for hit in stored(home)["fct_rule_hit"]
        if hit["rule_id"] == rule_id
    }


def _stay(number: str, begin: str, end: str, fund: str) -> dict:
    return {
        "setl_id": f"S{number}", "mdtrt_id": number, "psn_no": "P1", "med_type": "21", "begndate": begin, "enddate": end,
        "setl_time": end, "fund_pay_sumamt": fund, "medfee_sumamt": "100",
    }  # fmt: skip


def test_reach_in_days_and_in_calendar_units() -> None:
    reach = {"month": Reach(unit="month"), "year": Reach(unit="year"), "days": Reach(days=15)}
    spans = {
        "2024-01": (dt.date(2024, 1, 1), dt.date(2024, 1, 31)), "2024-02": (dt.date(2024, 2, 16), dt.date(2024, 2, 29)),
        "2024-03": (dt.date(2024, 2, 29), dt.date(2024, 3, 2)), "2025-01": (dt.date(2025, 1, 1), dt.date(2025, 1, 9)),
    }  # fmt: skip
    january = {"2024-01"}
    assert carried(None, january, [spans]) == january
    assert carried(Reach(days=15), january, [spans]) == january, "16 February is 16 days after 31 January"
    assert carried(Reach(days=16), january, [spans]) == {"2024-01", "2024-02"}
    assert carried(reach["month"], {"2024-03"}, [spans]) == {"2024-02", "2024-03"}
    assert carried(reach["year"], january, [spans]) == {"2024-01", "2024-02", "2024-03"}
    assert carried(Reach(unit="ever"), january, [spans]) == set(spans)
    assert carried(Reach(unit="half_year"), {"2025-01"}, [spans]) == {"2025-01"}


def test_nothing_runs_when_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_of(County(2), tmp_path / "home")
    monkeypatch.setattr(hits, "run_rule", lambda *_, **__: pytest.fail("a rule ran"))
    before = stored(home)
    assert not run_build(home).changed
    put(home, "town", {"town_code": "T1", "town_name": "镇"})
    report = run_build(home)
    assert (report.changed, report.modes["fct_rule_hit"]) == (True, "沿用")
    assert stored(home) == before


def test_parameter_from_a_day_on_runs_its_rule_for_the_months_from_then(tmp_path: Path, monkeypatch) -> None:
    home = home_of(County(4), tmp_path / "home")
    ran: list[tuple] = []
    monkeypatch.setattr(hits, "run_rule", _noting(ran, hits.run_rule))
    Settings(home).set("r046_visits_a_day", "3", dt.date(2024, 4, 15), "试行", "测试")
    assert run_build(home).changed
    assert ran == [("r046", ["2024-04", "2024-05"])]
    by_month = stored(home)
    hashes = {row["params_hash"] for row in by_month["fct_rule_month"] if row["rule_id"] == "r046"}
    assert len(hashes) == 2
    run_build(home, full=True)
    assert stored(home) == by_month


def test_knowledge_runs_the_rules_that_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_of(County(4), tmp_path / "home")
    ran: list[tuple] = []
    monkeypatch.setattr(hits, "run_rule", _noting(ran, hits.run_rule))
    put(
        home,
        "kb_item_pair",
        {"pair_type": "重复收费", "item_code_a": "0", "item_code_b": "001", "source": "t"},
    )
    run_build(home)
    assert {rule for rule, _ in ran} == {"r024"}
    put(home, "kb_item_pair")
    run_build(home)
    (rule,) = (row for row in stored(home)["dim_rule"] if row["rule_id"] == "r024")
    assert (rule["status"], rule["hit_cnt"], rule["month_cnt"]) == ("未加载知识", None, 0)
    assert "r024" not in {row["rule_id"] for row in stored(home)["fct_rule_hit"]}


def _noting(ran: list[tuple], real):
    def noted(connection, engine, rule, months, values, **how):
        ran.append((rule.rule_id, sorted(months)))
        real(connection, engine, rule, months, values, **how)

    return noted


def test_month_without_a_table_that_the_rule_needs_is_not_a_month_without_hits(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    put(
        home,
        "setl_d",
        *(
            {
                "setl_id": f"S{m}",
                "mdtrt_id": f"M{m}",
                "setl_time": f"2024-0{m}-05",
                "begndate": f"2024-0{m}-05",
            }
            for m in (1, 2)
        ),
    )
    put(
        home,
        "fee_list_d",
        {"bkkp_sn": "F1", "setl_id": "S2", "mdtrt_id": "M2", "fee_ocur_time": "2024-02-05"},
    )
    run_build(home)
    months = {row["ym"]: row for row in stored(home)["fct_rule_month"] if row["rule_id"] == "r020"}
    assert (months["2024-01"]["status"], months["2024-01"]["missing"], months["2024-01"]["hit_cnt"]) == (
        "缺少表",
        "fee_list_d",
        None,
    )
    assert (months["2024-02"]["status"], months["2024-02"]["hit_cnt"]) == ("已运行", 0)


def test_failing_rule_stops_the_publication_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_of(County(5), tmp_path / "home")
    served = publish.current_version(home)

    def broken(rule):
        return "select no_such_column from base_settlement" if rule.rule_id == "r040" else real(rule)

    import fundwatch.build.hit_run as hit_run

    real = hit_run.lines_of_steps_sql
    monkeypatch.setattr(hit_run, "lines_of_steps_sql", broken)
    with pytest.raises(UserError, match="规则 r040 分解住院 执行失败") as raised:
        run_build(home, full=True)
    assert f"仍在使用版本 {served}" in raised.value.message
    assert publish.current_version(home) == served
    assert [path.name for path in home.warehouse.glob("*.steps")] == []
    monkeypatch.undo()
    assert run_build(home, full=True).changed


def test_home_without_claims_has_rules_that_never_ran(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    run_build(home)
    rules = stored(home)["dim_rule"]
    assert {(row["status"], row["hit_cnt"], row["amount_at_issue"]) for row in rules} == {
        ("缺少表", None, None)
    }
    assert len(rules) == len(library())


@pytest.mark.parametrize("rule", library().values(), ids=lambda rule: rule.rule_id)
def test_rule_that_looks_beyond_the_visit_declares_its_reach(rule) -> None:
    """A window or join over person, institution or diagnosis group needs a reach; one over visit or line needs none."""
    body = rule.body.lower()
    beyond = ("partition by line.psn_no", "partition by limited.psn_no", "group by psn_no", ".psn_no = ", "group by fixmedins_code",
              "partition by psn_no", "group by category", "partition by operation.psn_no", "partition by dialysis.psn_no",
              "partition by ranked.psn_no", "partition by part.psn_no")  # fmt: skip
    assert any(word in body for word in beyond) == (rule.header.reach is not None)


@pytest.mark.parametrize("rule", library().values(), ids=lambda rule: rule.rule_id)
def test_rule_that_compares_persons_says_so(rule) -> None:
    """Groups and windows within a person, a visit or a row let other persons' hits stand when one person's claims change."""
    grouped = re.findall(
        r"(?:partition|group) by (.*?)(?= order by | having |\)|$)", " ".join(rule.body.lower().split())
    )
    own = ("psn_no", "mdtrt_id", "setl_id", "bkkp_sn", "setl_list_oprn_id", "upper(code")
    across = [columns for columns in grouped if not any(name in columns for name in own)]
    reach = rule.header.reach
    assert bool(across) == (reach is not None and reach.others), across
