"""What-if: both sides counted by hand, nothing changed, refusals, the command, and the change itself with its day."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from rule_world import World

from fundwatch.cli.app import run as command
from fundwatch.errors import UsageError
from fundwatch.home import Home
from fundwatch.rules.what_if import Cell, adopt, what_if
from fundwatch.settings import Settings

YEAR = {"start": dt.date(2024, 1, 1), "end": dt.date(2024, 12, 31)}


def stay(number: str, begin: dt.date, nights: int, place: str, fund: str) -> dict:
    return {
        "setl_id": f"S{number}", "mdtrt_id": f"M{number}", "med_type": "21", "begndate": begin, "fixmedins_code": place,
        "enddate": begin + dt.timedelta(days=nights), "fund_pay_sumamt": Decimal(fund),
    }  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    """One person: at H1 back after 10 days (March) and after 20 more (May); at H2 back after 15 days (June)."""
    made = World()
    settlements = [
        stay("1", dt.date(2024, 3, 1), 4, "H1", "100.10"),
        stay("2", dt.date(2024, 3, 15), 4, "H1", "200.20"),
        stay("3", dt.date(2024, 4, 8), 4, "H1", "400.40"),
        stay("4", dt.date(2024, 6, 1), 4, "H2", "50.05"),
        stay("5", dt.date(2024, 6, 20), 4, "H2", "60.06"),
    ]
    visits = [
        {
            "mdtrt_id": row["mdtrt_id"], "fixmedins_code": row["fixmedins_code"], "dscg_maindiag_code": "I10",
            "begntime": dt.datetime.combine(row["begndate"], dt.time(9)),
            "endtime": dt.datetime.combine(row["enddate"], dt.time(10)),
        }
        for row in settlements
    ]  # fmt: skip
    made.fill({"setl_d": settlements, "mdtrt_d": visits})
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Home(tmp_path / "home").ensure())


def test_both_sides_by_month_and_institution(world: World, settings: Settings) -> None:
    """Gaps of 10, 20 and 15 days: 15 days find the first and the last, 10 the first only."""
    found = what_if(world, settings.now(), "r040", {"gap_days": "10"}, **YEAR)
    assert found.values == {"gap_days": (["15"], "10")}
    assert found.total == Cell(None, None, 2, 1, Decimal("260.26"), Decimal("200.20"), 0, 1)
    assert found.by_month == (
        Cell("2024-03", None, 1, 1, Decimal("200.20"), Decimal("200.20"), 0, 0),
        Cell("2024-06", None, 1, 0, Decimal("60.06"), Decimal("0.00"), 0, 1),
    )
    assert [(cell.key, cell.hits_before, cell.hits_after, cell.removed) for cell in found.by_institution] == [
        ("H1", 1, 1, 0), ("H2", 1, 0, 1),
    ]  # fmt: skip
    assert found.by_institution[0].name == "H1"


def test_wider_limit_adds_hits(world: World, settings: Settings) -> None:
    found = what_if(world, settings.now(), "R040", {"r040_gap_days": "20"}, **YEAR)
    assert found.total == Cell(None, None, 2, 3, Decimal("260.26"), Decimal("660.66"), 1, 0)


def test_period_is_of_the_settlement_day(world: World, settings: Settings) -> None:
    may = {"start": dt.date(2024, 4, 12), "end": dt.date(2024, 6, 23)}
    found = what_if(world, settings.now(), "r040", {"gap_days": "20"}, **may)
    assert [cell.key for cell in found.by_month] == ["2024-04"], "S5 is settled on 24 June"


def test_value_in_force_is_that_of_each_month(world: World, settings: Settings) -> None:
    settings.set("r040_gap_days", "10", dt.date(2024, 6, 30), "试行", "测试")
    found = what_if(world, settings.now(), "r040", {"gap_days": "15"}, **YEAR)
    assert found.values == {"gap_days": (["15", "10"], "15")}
    assert [(cell.key, cell.hits_before, cell.hits_after) for cell in found.by_month] == [
        ("2024-03", 1, 1),
        ("2024-06", 0, 1),
    ]


def test_nothing_is_changed(world: World, settings: Settings) -> None:
    before = settings.version
    what_if(world, settings.now(), "r040", {"gap_days": "3"}, **YEAR)
    assert settings.version == before
    assert settings.get("r040_gap_days", dt.date(2024, 6, 1)) == 15


def test_rule_without_an_amount_has_none(world: World, settings: Settings) -> None:
    found = what_if(world, settings.now(), "r046", {"visits_a_day": "2"}, **YEAR)
    assert (found.total.amount_before, found.total.amount_after) == (None, None)


def test_rule_that_cannot_run_has_no_numbers(settings: Settings) -> None:
    empty = World()
    empty.fill({})
    found = what_if(empty, settings.now(), "r040", {"gap_days": "10"}, **YEAR)
    assert (found.status, found.total, found.by_month) == ("缺少表", None, ())
    assert found.missing == ("setl_d", "mdtrt_d")


@pytest.mark.parametrize(
    ("rule", "changes", "said"),
    [
        ("r999", {"gap_days": "10"}, "没有规则"),
        ("r040", {"gap": "10"}, "没有参数 gap。可用的参数:gap_days"),
        ("r040", {}, "请写明要试的参数值"),
        ("r040", {"gap_days": "91"}, "超出范围"),
        ("r040", {"gap_days": "十"}, "应为整数"),
        ("r020", {"gap_days": "10"}, "没有可调的参数"),
    ],
)
def test_what_makes_no_sense_is_refused(
    world: World, settings: Settings, rule: str, changes: dict, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        what_if(world, settings.now(), rule, changes, **YEAR)
    with pytest.raises(UsageError, match=said):
        adopt(settings, rule, changes, effective_from=None, why="试行", by="测试")


def test_period_turned_round_is_refused(world: World, settings: Settings) -> None:
    with pytest.raises(UsageError, match="期间有误"):
        what_if(world, settings.now(), "r040", {"gap_days": "10"}, start=YEAR["end"], end=YEAR["start"])


def test_change_is_set_from_its_day_on_all_or_nothing(settings: Settings) -> None:
    day = dt.date(2024, 7, 1)
    with pytest.raises(UsageError, match="超出范围"):
        adopt(
            settings,
            "r046",
            {"visits_a_day": "4", "visits_a_month": "0"},
            effective_from=day,
            why="试行",
            by="测试",
        )
    assert settings.history("r046_visits_a_day") == []
    keys = adopt(
        settings,
        "r046",
        {"visits_a_day": "4", "visits_a_month": "12"},
        effective_from=day,
        why="试行",
        by="测试",
    )
    assert keys == ["r046_visits_a_day", "r046_visits_a_month"]
    assert settings.get("r046_visits_a_day", dt.date(2024, 6, 30)) == 3
    assert settings.get("r046_visits_a_day", day) == 4


def test_command_prints_both_sides(demo_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["rules", "what-if", "r048", "--set", "outpatient_days=30", "--home", str(demo_home.root)]
    assert command([*arguments, "--json"]) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (document["rule_id"], document["status"]) == ("r048", "已运行")
    assert document["values"]["outpatient_days"] == {"in_force": ["7"], "changed_to": "30"}
    total = document["total"]
    assert total["hits_after"] == total["hits_before"] + total["added"] - total["removed"]
    assert sum(Decimal(cell["amount_after"]) for cell in document["by_month"]) == Decimal(
        total["amount_after"]
    )
    assert "r048_outpatient_days:现为 7,试算 30" in printed.err
    assert command([*arguments, "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("scope,key,name,hits_before")
    assert lines[1].startswith("total,,,")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["r048", "--set", "outpatient_days"], 2, "应写成 参数=值"),
        (["r048", "--set", "outpatient_days=0"], 2, "超出范围"),
        (["r999", "--set", "a=1"], 2, "没有规则"),
    ],
)
def test_command_refuses_in_chinese(
    demo_home: Home, capsys, arguments: list[str], status: int, said: str
) -> None:
    assert command(["rules", "what-if", *arguments, "--home", str(demo_home.root)]) == status
    assert said in capsys.readouterr().err
