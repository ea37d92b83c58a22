"""`sample draw|replay|extrapolate|results`: shapes of the output and exit statuses."""

from __future__ import annotations

import json

import pytest

from fundwatch.cli.app import run
from fundwatch.draws.frame import frame_path


def output(capsys, *words: str, status: int = 0):
    assert run(["sample", *words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_draw_replay_and_extrapolate_as_json(issue_home, capsys, tmp_path):
    made = output(capsys, "draw", "--issue", "202405", "--rate", "0.05", "--seed", "7")
    assert (made["draw_id"], made["seed"], made["rate"], made["frame_size"], made["sample_size"]) == (
        "S202405-01", 7, "0.05", 240, 15,
    )  # fmt: skip
    assert (made["algorithm"], made["algorithm_version"]) == ("SHA-256 排序抽样", "1")
    assert made["frame_amount"] == "176600.00"
    assert len(made["items"]) == 15
    assert [(one["N"], one["n"]) for one in made["strata"]] == [(28, 2), (2, 2), (200, 10), (10, 1)]
    same = output(capsys, "replay", "S202405-01")
    assert same["sound"]
    assert same["items_hash"] == made["items_hash"]
    nothing = output(capsys, "extrapolate", "S202405-01")
    assert (nothing["reviewed"], nothing["total"]["point"]) == (0, None)
    file = tmp_path / "结果.csv"
    chosen = [one["doc_id"] for one in made["items"]]
    lines = [f"{doc_id},{10 if place == 14 else 0},复审岗01" for place, doc_id in enumerate(chosen)]
    file.write_text("单据ID,抽检违规金额,复审岗位\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert output(capsys, "results", "S202405-01", str(file)) == {
        "draw_id": "S202405-01", "entered": 15, "unchanged": 0, "refused": [],
    }  # fmt: skip
    found = output(capsys, "extrapolate", "S202405-01")
    standing = [(one["N"], one["n"], one["standing"]) for one in found["strata"]]
    assert standing == [
        (28, 2, "复审件数不足,只列示"), (2, 2, "全部复审,按查实计"), (200, 10, "放大"), (10, 1, "复审件数不足,只列示"),
    ]  # fmt: skip
    # the last document drawn is the clinic's: shown, not extrapolated
    assert (found["total"]["point"], found["found_apart"]) == ("0.00", "10.00")
    assert set(found["total"]["intervals"]) == {"80", "90", "95"}
    assert found["before_appeal"] == found["after_appeal"]
    # 28 × 0 + 2 × 0 + 200 × 0 + 10 × 10
    assert found["reference_all_strata"]["point"] == "100.00"


def test_same_seed_draws_the_same_again_under_a_new_number(issue_home, capsys):
    first = output(capsys, "draw", "--issue", "202405", "--seed", "7")
    second = output(capsys, "draw", "--issue", "202405", "--seed", "7")
    assert (second["draw_id"], second["items"]) == ("S202405-02", first["items"])


def test_a_tampered_frame_ends_with_status_one(issue_home, capsys):
    output(capsys, "draw", "--issue", "202405", "--seed", "7")
    second = output(capsys, "draw", "--issue", "202405", "--certainty", "0", "--seed", "7")
    assert second["certainty"] is None
    frame_path(issue_home, "S202405-01").write_bytes(b"")
    assert run(["sample", "replay", "S202405-01"]) == 1
    assert "缺失或已损坏" in capsys.readouterr().err
    assert run(["sample", "replay", "S202405-02"]) == 0
    assert "重放一致" in capsys.readouterr().out


def test_refused_rows_end_with_status_one_and_are_named(issue_home, capsys, tmp_path):
    output(capsys, "draw", "--issue", "202405", "--seed", "7")
    file = tmp_path / "r.csv"
    file.write_text("单据ID,抽检违规金额,复审岗位\nD0241,1,复审岗01\n", encoding="utf-8")
    found = output(capsys, "results", "S202405-01", str(file), status=1)
    assert found["refused"] == [{"row": 2, "doc_id": "D0241", "reason": "不在本次抽样的样本中"}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draw", "--issue", "202405", "--rate", "2"], "抽样比例应大于 0、不超过 1"),
        (["draw", "--issue", "202405", "--rate", "多"], "不是数字"),
        (["draw", "--issue", "202405", "--seed", "-1"], "随机种子"),
        (["draw", "--issue", "2024-5"], "应写成 202406"),
        (["replay", "S202405-09"], "没有编号为 S202405-09 的抽样"),
        (["extrapolate", "S1"], "还没有抽样"),
        (["results", "S1", "none.csv"], "没有编号"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_chinese(issue_home, capsys, words, said):
    assert run(["sample", *words]) == 2
    assert said in capsys.readouterr().err


def test_an_issue_without_documents_cannot_be_drawn(issue_home, capsys):
    assert run(["sample", "draw", "--issue", "202312"]) == 1
    assert "没有初审通过的单据" in capsys.readouterr().err


def test_tables_for_people(issue_home, capsys):
    assert run(["sample", "draw", "--issue", "202405", "--seed", "7"]) == 0
    assert "抽样框哈希" in capsys.readouterr().out
    assert run(["sample", "extrapolate", "S202405-01"]) == 0
    told = capsys.readouterr()
    assert "尚未复审" in told.out
    assert "还有 15 件未复审" in told.err
    assert run(["sample", "extrapolate", "S202405-01", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("合计,")
