"""`kpi`, `rows` and `settings`: exact output shapes, exit status, messages. The warehouse is the county in memory."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from kpi_world import World

import fundwatch.cli.kpi as commands
from fundwatch.cli.app import run

PERIOD = ["--from", "2024-01-01", "--to", "2024-06-30"]
FIELDS = [
    "kpi",
    "from",
    "to",
    "by",
    "key",
    "numerator",
    "denominator",
    "value",
    "unit",
    "target",
    "data_through",
    "extra",
]


@pytest.fixture
def county(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """A home whose warehouse is the county in memory."""
    monkeypatch.setattr(commands, "open_warehouse", lambda _home: world)
    monkeypatch.setenv("FUNDWATCH_HOME", str(tmp_path / "home"))
    return world.fill(
        {
            "fixmedins_b": [{"fixmedins_code": "H1", "fixmedins_name": "甲医院"}],
            "handling": [
                {
                    "handle_id": "A",
                    "fixmedins_code": "H1",
                    "decided_date": "2024-03-01",
                    "amt_due": 30,
                    "amt_done": "10.10",
                },
                {"handle_id": "B", "decided_date": "2024-04-01", "amt_due": 30, "amt_done": 20},
            ],
            "fund_ledger": [
                {"month": "2024-01", "amt": 7},
                {"month": "2024-02", "insutype": "390", "amt": 5},
            ],
        },
        load_date="2024-07-15",
    )


def test_kpi_prints_one_object_with_the_fixed_fields(county: World, capsys: pytest.CaptureFixture) -> None:
    assert run(["kpi", *PERIOD, "--kpi", "recovery_rate", "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)
    assert list(found) == FIELDS
    assert found == {
        "kpi": "recovery_rate", "from": "2024-01-01", "to": "2024-06-30", "by": None, "key": None,
        "numerator": "30.10", "denominator": "60.00", "value": "50.1666666667", "unit": "%", "target": "100",
        "data_through": "2024-04-01", "extra": {},
    }  # fmt: skip


def test_all_kpis_unsplit_print_zero_zero_null_where_nothing_is(
    county: World, capsys: pytest.CaptureFixture
) -> None:
    assert run(["kpi", *PERIOD, "--format", "json"]) == 0
    found = {item["kpi"]: item for item in json.loads(capsys.readouterr().out)}
    nothing = found["record_sheet_rate"]
    assert (nothing["numerator"], nothing["denominator"], nothing["value"]) == ("0", "0", None)
    assert (found["handling_counts"]["value"], found["handling_counts"]["denominator"]) == ("2", None)


def test_a_split_names_the_kpis_that_cannot_be_split(county: World, capsys: pytest.CaptureFixture) -> None:
    arguments = [
        "kpi",
        *PERIOD,
        "--by",
        "fixmedins_code",
        "--kpi",
        "recovery_rate",
        "--kpi",
        "fund_outlay",
        "--json",
    ]
    assert run(arguments) == 0
    captured = capsys.readouterr()
    assert [(item["by"], item["key"]) for item in json.loads(captured.out)] == [
        ("fixmedins_code", "H1"), ("fixmedins_code", None),
    ]  # fmt: skip
    assert "fund_outlay(基金支出)不能按 fixmedins_code 拆分" in captured.err


def test_a_fund_is_always_per_insurance_type(county: World, capsys: pytest.CaptureFixture) -> None:
    found = []
    for by in ([], ["--by", "insutype"], ["--by", "month"]):
        run(["kpi", *PERIOD, "--kpi", "fund_outlay", "--json", *by])
        found.append(
            [(item["by"], item["key"], item["value"]) for item in json.loads(capsys.readouterr().out)]
        )
    per_insurance_type = [("insutype", "310", "7.00"), ("insutype", "390", "5.00")]
    crossed = [("insutype,month", "310,2024-01", "7.00"), ("insutype,month", "390,2024-02", "5.00")]
    assert found == [per_insurance_type, per_insurance_type, crossed]


def test_two_dimensions_print_their_cells(county: World, capsys: pytest.CaptureFixture) -> None:
    asked = ["kpi", *PERIOD, "--kpi", "recovery_rate", "--json", "--by"]
    assert run([*asked, "fixmedins_code,month"]) == 0
    found = [(item["by"], item["key"], item["numerator"]) for item in json.loads(capsys.readouterr().out)]
    # the second handling names no institution: its part of the key is empty
    assert found == [
        ("fixmedins_code,month", ",2024-04", "20.00"),
        ("fixmedins_code,month", "H1,2024-03", "10.10"),
    ]
    assert run([*asked, "month,month"]) == 2
    assert "拆分维度 month 写了两次" in capsys.readouterr().err


def test_rows_add_up_to_what_kpi_prints(county: World, capsys: pytest.CaptureFixture) -> None:
    assert run(["rows", *PERIOD, "--kpi", "recovery_rate", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["handle_id"] for row in found] == ["A", "B"]
    assert sum(Decimal(row["numerator"]) for row in found) == Decimal("30.10")
    assert found[0]["decided_date"] == "2024-03-01"


@pytest.mark.parametrize(
    ("key", "handles"),
    [
        (["--key", "fixmedins_code=H1"], ["A"]),
        (["--key", "fixmedins_code="], ["B"]),
        (["--key", "fixmedins_code=未登记"], ["B"]),
        (["--key", "fixmedins_code=H1", "--key", "month=2024-04"], []),
    ],
)
def test_rows_of_one_cell(
    county: World, capsys: pytest.CaptureFixture, key: list[str], handles: list[str]
) -> None:
    assert run(["rows", *PERIOD, "--kpi", "recovery_rate", "--json", *key]) == 0
    assert [row["handle_id"] for row in json.loads(capsys.readouterr().out)] == handles


def test_csv_has_the_same_fields_and_empty_cells_for_null(
    county: World, capsys: pytest.CaptureFixture
) -> None:
    run(["kpi", *PERIOD, "--kpi", "handling_counts", "--format", "csv"])
    [record] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert list(record) == FIELDS
    assert (record["value"], record["denominator"], record["key"]) == ("2", "", "")


def test_tables_for_people_are_chinese_and_rounded(county: World, capsys: pytest.CaptureFixture) -> None:
    run(["kpi", *PERIOD, "--kpi", "recovery_rate", "--kpi", "record_sheet_rate"])
    printed = capsys.readouterr().out
    assert "违规金额追回率" in printed
    assert "50.17" in printed
    assert "分母为零" in printed
    run(["rows", *PERIOD, "--kpi", "recovery_rate"])
    assert "甲医院" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["kpi", "--from", "2024-13-01", "--to", "2024-06-30"], "--from 的日期"),
        (["kpi", "--from", "2024-07-01", "--to", "2024-06-30"], "晚于结束日"),
        (["kpi", *PERIOD, "--by", "doctor"], "没有拆分维度 doctor"),
        (["kpi", *PERIOD, "--kpi", "nothing"], "没有指标 nothing"),
        (["rows", *PERIOD, "--kpi", "recovery_rate", "--key", "fixmedins_code"], "应写成 维度=值"),
        (["rows", *PERIOD, "--kpi", "recovery_rate", "--key", "insutype=310"], "不能按 insutype 拆分"),
        (["rows", *PERIOD], "缺少参数 kpi"),
        (["kpi", "--to", "2024-06-30"], "缺少参数 from"),
        (["kpi", *PERIOD, "--nothing"], "没有选项 --nothing"),
        (["kpi", *PERIOD, "--format", "xml"], "参数 form 的值不正确"),
        (["nothing"], "用法不正确"),
        (["settings", "set", "no_such_key", "1"], "没有参数 no_such_key"),
        (["settings", "set", "county_name", "某县", "--from", "yesterday"], "--from 的日期"),
    ],
)
def test_wrong_usage_is_one_chinese_line_and_status_two(
    county: World, capsys: pytest.CaptureFixture, arguments: list[str], words: str
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_settings_list_begins_with_the_county_and_ends_with_targets(
    county: World, capsys: pytest.CaptureFixture
) -> None:
    assert run(["settings", "set", "county_admdvs", "999001"]) == 0
    assert (
        run(["settings", "set", "target.recovery_rate", "95", "--from", "2024-01-01", "--why", "年度计划"])
        == 0
    )
    capsys.readouterr()
    assert run(["settings", "list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["key"] for item in found[:2]] == ["county_admdvs", "county_name"]
    assert (found[0]["value"], found[0]["from"]) == ("999001", None)
    [target] = [item for item in found if item["key"] == "target.recovery_rate"]
    assert (target["value"], target["from"], target["why"], target["by"]) == (
        "95",
        "2024-01-01",
        "年度计划",
        "命令行",
    )
    assert any(item["key"] == "target.payable_months" and item["source_status"] == "未核实" for item in found)


def test_a_parameter_set_without_a_date_begins_today(county: World, capsys: pytest.CaptureFixture) -> None:
    run(["settings", "set", "over_frequency_limit", "3"])
    assert "over_frequency_limit = 3,自 20" in capsys.readouterr().err
    run(["settings", "list"])
    assert "同一机构年度现场行政检查次数上限" in capsys.readouterr().out
