"""`inspect draw|replay|inspectors|inspector` on a small county: inspectors' list, avoidance, replay, tampering."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

sys.path.append(str(Path(__file__).resolve().parent.parent / "build"))

from lake_home import new_home, put, run_build

from fundwatch.cli.app import run
from fundwatch.draws.inspection_store import INSPECT_ITEM, frame_file
from fundwatch.draws.inspectors import listed, posts_in, split_posts
from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.state.audit import listing
from fundwatch.state.db import engine

CODES = [f"H9990010000{n}" for n in range(1, 7)]


@pytest.fixture
def county(tmp_path, monkeypatch) -> Home:
    """Six clinics in two towns under agreement; the first two were inspected in 2024, the first by 检查员01 and 检查员02."""
    home = new_home(tmp_path / "home")
    put(
        home, "fixmedins_b",
        *({"fixmedins_code": code, "fixmedins_name": f"{code}卫生院", "hosp_lv": "08", "town_name": "镇",
           "town_code": "999001001" if place < 3 else "999001002"} for place, code in enumerate(CODES)),
    )  # fmt: skip
    put(
        home, "fixmedins_cntr_reg_d",
        *({"cntr_id": code, "fixmedins_code": code, "efft_time": "2023-01-01", "invd_time": "2030-12-31"} for code in CODES),
    )  # fmt: skip
    put(
        home, "inspection",
        {"insp_id": "I1", "fixmedins_code": CODES[0], "insp_date": "2024-03-05", "inspectors": "检查员01;检查员02"},
        {"insp_id": "I2", "fixmedins_code": CODES[1], "insp_date": "2024-12-30", "inspectors": "张三、检查员03"},
    )  # fmt: skip
    run_build(home)
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    return home


def output(capsys, *words: str, status: int = 0):
    assert run(["inspect", *words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def list_inspectors() -> None:
    for words in (
        ["检查员01", "--area", "999001001"],
        ["检查员02", "--area", "999001002"],
        ["检查员03"],
        ["检查员04"],
    ):
        assert run(["inspect", "inspector", *words]) == 0


def test_draw_takes_the_uninspected_first_and_keeps_everybody_out_of_the_own_area(county, capsys):
    list_inspectors()
    capsys.readouterr()
    made = output(capsys, "draw", "--n", "4", "--seed", "9")
    assert (made["draw_id"], made["seed"], made["size"], made["frame_size"], made["inspector_count"]) == (
        "I2024-01", 9, 4, 6, 4,
    )  # fmt: skip
    assert {item["fixmedins_code"] for item in made["items"]} == set(CODES[2:])
    assert made["inspectors_from"] == "检查人员名单"
    for item in made["items"]:
        assert len(item["team"]) == 2
        assert ("检查员01" if item["town_code"] == "999001001" else "检查员02") not in item["team"]
    assert output(capsys, "replay", "I2024-01")["sound"]


def test_a_second_draw_rotates_and_the_same_seed_on_the_first_frame_still_replays(county, capsys):
    list_inspectors()
    capsys.readouterr()
    first = output(capsys, "draw", "--n", "6", "--seed", "9")
    second = output(capsys, "draw", "--n", "6", "--seed", "9")
    before = {item["fixmedins_code"]: set(item["team"]) for item in first["items"]}
    for item in second["items"]:
        assert not item["team"] or set(item["team"]) != before[item["fixmedins_code"]]
        assert item["team"] or "须另行指定" in item["reason"]
    # the ledger: 检查员01 and 检查员02 were at the first clinic
    assert before[CODES[0]] != {"检查员01", "检查员02"}
    for draw_id in ("I2024-01", "I2024-02"):
        assert output(capsys, "replay", draw_id)["sound"]


def test_without_a_list_post_codes_of_the_ledger_are_drawn_and_it_is_said(county, capsys):
    made = output(capsys, "draw", "--n", "1", "--seed", "1", "--class", "一级")
    assert made["inspectors_from"] == "检查台账(未登记片区,不能回避)"
    assert made["inspector_count"] == 3
    assert "张三" not in frame_file(county, "I2024-01").read_text(encoding="utf-8")
    assert run(["inspect", "draw", "--n", "1"]) == 0
    assert "不能回避" in capsys.readouterr().err


def test_nobody_to_draw_says_how_to_give_the_list(county, capsys):
    for post in ("检查员01", "检查员02"):
        assert run(["inspect", "inspector", post, "--disable"]) == 0
    assert run(["inspect", "draw", "--n", "1"]) == 1
    assert "还没有检查人员" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draw", "--n", "7"], "只有 6 家机构"),
        (["draw", "--n", "0"], "不小于 1"),
        (["draw", "--n", "1", "--class", "甲等"], "没有类别 甲等"),
        (["draw", "--n", "1", "--class", "药店"], "没有在协议期内的机构"),
        (["replay", "I2024-09"], "还没有抽取"),
        (["inspector", "李四"], "不写姓名"),
    ],
)
def test_wrong_usage_is_told_in_chinese(county, capsys, words, said):
    assert run(["inspect", *words]) == 2
    assert said in capsys.readouterr().err


def test_changed_lists_and_teams_are_found_out(county, capsys):
    list_inspectors()
    capsys.readouterr()
    for _ in range(2):
        output(capsys, "draw", "--n", "3", "--seed", "5")
    path = frame_file(county, "I2024-01")
    path.write_text(path.read_text(encoding="utf-8").replace("检查员04", "检查员05"), encoding="utf-8")
    assert not output(capsys, "replay", "I2024-01", status=1)["frame_sound"]
    with engine(county).begin() as connection:
        connection.execute(
            update(INSPECT_ITEM)
            .where(INSPECT_ITEM.c.draw_id == "I2024-02", INSPECT_ITEM.c.place == 2)
            .values(team='["检查员01"]')
        )
    found = output(capsys, "replay", "I2024-02", status=1)
    assert (found["frame_sound"], found["differences"]) == (True, 1)
    path.write_text("{}", encoding="utf-8")
    assert run(["inspect", "replay", "I2024-01"]) == 1
    assert "缺失或已损坏" in capsys.readouterr().err


def test_the_list_of_inspectors_keeps_post_codes_and_is_logged(county, capsys):
    list_inspectors()
    assert run(["inspect", "inspector", "检查员01", "--area", "999001002", "--avoid", CODES[3]]) == 0
    first = listed(county)[0].inspector
    assert (first.areas, first.avoids) == (("999001002",), (CODES[3],))
    assert len(listed(county)) == 4
    assert len(listing(engine(county), action="登记检查人员")) == 5
    capsys.readouterr()
    assert [one["岗位"] for one in output(capsys, "inspectors")] == [f"检查员0{n}" for n in range(1, 5)]


def test_post_codes_are_read_from_the_ledger_s_texts():
    assert split_posts("检查员04;检查员06、张三，检查员07 检查员08") == [
        "检查员04",
        "检查员06",
        "检查员07",
        "检查员08",
    ]
    assert split_posts(None) == []
    assert posts_in(["B02;A01", None, "A01"]) == ["A01", "B02"]
