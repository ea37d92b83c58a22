"""`rules list|run|explain` on a home with one settlement: shapes of the output, what is said of rules not run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fundwatch.cli.app import run

SETTLEMENT = {
    "setl_id": "S1", "mdtrt_id": "M1", "psn_no": "P1", "insutype": "390", "med_type": "11",
    "fixmedins_code": "H99900100001", "insu_admdvs": "999001", "begndate": "2024-03-01",
    "setl_time": "2024-03-01 10:00:00", "medfee_sumamt": "30.00", "inscp_amt": "15.50", "hifp_pay": "10.00",
    "fund_pay_sumamt": "10.00", "refd_setl_flag": "0", "vali_flag": "1",
}  # fmt: skip
FEE_LINE = {
    "bkkp_sn": "F1", "mdtrt_id": "M1", "setl_id": "S1", "psn_no": "P1", "fixmedins_code": "H99900100001",
    "fee_ocur_time": "2024-03-01 10:00:00", "hilist_code": "001", "hilist_name": "美容项目", "list_type": "201",
    "chrgitm_lv": "03", "cnt": "1", "pric": "30", "det_item_fee_sumamt": "30.00", "inscp_amt": "15.50",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules")
    for table, row in (("setl_d", SETTLEMENT), ("fee_list_d", FEE_LINE)):
        text = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    where = folder / "home"
    assert (
        run(["load", str(folder / "setl_d.csv"), str(folder / "fee_list_d.csv"), "--home", str(where)]) == 0
    )
    assert run(["build", "--home", str(where)]) == 0
    return where


def test_hits_as_json_carry_the_fixed_columns(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "run", "--rule", "r020", "--home", str(home), "--json"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert list(hit) == [
        "rule_id", "setl_id", "mdtrt_id", "fixmedins_code", "psn_no", "hit_date", "amount_at_issue", "evidence", "level",
    ]  # fmt: skip
    assert (hit["rule_id"], hit["setl_id"], hit["hit_date"]) == ("r020", "S1", "2024-03-01")
    assert (hit["amount_at_issue"], hit["level"]) == ("15.50", "明确违规")
    assert hit["evidence"]["lines"][0]["line_id"] == "F1"


def test_period_is_of_the_settlement_day(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["rules", "run", "--rule", "r020", "--home", str(home), "--json"]
    for period, hits in (
        (["--from", "2024-03-02"], 0),
        (["--to", "2024-02-29"], 0),
        (["--from", "2024-03-01", "--to", "2024-03-01"], 1),
    ):
        assert run([*arguments, *period]) == 0
        assert len(json.loads(capsys.readouterr().out)) == hits
    assert run([*arguments, "--from", "2024-03-02", "--to", "2024-03-01"]) == 1


def test_rule_that_could_not_be_run_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "run", "--rule", "r001", "--rule", "r040", "--home", str(home), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == []
    assert "r001 药品限性别:未加载知识" in printed.err
    assert "r040 分解住院:缺少表(mdtrt_d)" in printed.err


def test_parameter_set_by_the_bureau_is_explained(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    setting = [
        "settings",
        "set",
        "r040_gap_days",
        "10",
        "--from",
        "2024-01-01",
        "--why",
        "本地协议",
        "--home",
        str(home),
    ]
    assert run(setting) == 0
    capsys.readouterr()
    assert run(["rules", "explain", "r040", "--home", str(home), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["params"][0]["value"] == "10"


def test_list_names_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "list", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert len({rule["rule_id"] for rule in rules}) == len(rules) == 54
    assert all(rule["title"] and rule["level"] in {"明确违规", "可疑", "提示"} for rule in rules)


def test_unknown_rule_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "explain", "r999"]) == 2
    assert "r999" in capsys.readouterr().err
