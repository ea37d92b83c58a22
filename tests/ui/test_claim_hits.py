"""筛查疑点 on a claim: the lines that made a hit are named and marked; 属实 or 排除 by those whose work it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import NAMES, screen_of, texts

from fundwatch.access import CASE_ROLES, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.screens import claim_hits as view
from fundwatch.state.users import Users
from fundwatch.state.verdicts import EXCLUDED, JUDGES, TRUE, WITHDRAWN, Hit, Verdict, Verdicts
from fundwatch.warehouse import open_warehouse

PATH = "pages/drill/case.py"
D = Decimal


@pytest.fixture
def demo(demo_home_copy, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    return demo_home_copy


@pytest.fixture
def hit(demo) -> dict:
    """A hit on fee lines of a settlement that two rules hit at least."""
    with open_warehouse(demo) as warehouse:
        return warehouse.query(
            "select * from fct_rule_hit where line_of = 'fee_list_d' and setl_id in "
            "(select setl_id from fct_rule_hit group by setl_id having count(*) > 1) order by line_cnt desc, hit_id limit 1"
        ).to_pylist()[0]


def lines_of(demo, hit) -> list[dict]:
    with open_warehouse(demo) as warehouse:
        return warehouse.query(
            "select * from fct_rule_hit_line where hit_id = $hit_id", {"hit_id": hit["hit_id"]}
        ).to_pylist()


def test_the_lines_that_made_a_hit_are_listed_and_marked_among_the_fees(demo, hit):
    app = screen_of(demo, PATH, Role.INSPECTOR, setl_id=hit["setl_id"], hit=hit["rule_id"])
    assert not app.exception
    wanted = {line["line_id"] for line in lines_of(demo, hit)}
    listed = next(frame.value for frame in app.dataframe if "依据" in frame.value.columns)
    assert set(listed["编号"]) == wanted
    assert sum(D(str(one).replace(",", "")) for one in listed["疑点金额(元)"]) == hit["amount_at_issue"]
    fees = next(frame.value for frame in app.dataframe if "疑点(未核实)" in frame.value.columns)
    marked = fees[fees["疑点(未核实)"].str.contains(hit["rule_id"], na=False)]
    assert len(marked) == len(wanted)
    assert fees.loc[0, "疑点(未核实)"] is not None
    assert "疑点是线索,不是违规认定" in texts(app)


@pytest.mark.parametrize("role", sorted(CASE_ROLES))
def test_only_judges_get_the_form(demo, hit, role):
    app = screen_of(demo, PATH, role, setl_id=hit["setl_id"])
    assert bool(app.radio) == (role in JUDGES)
    assert ("由初审岗、复核岗、复审岗、稽核岗核实" in texts(app)) == (role not in JUDGES)


def test_a_word_is_given_with_a_reason_and_taken_back_on_the_screen(demo, hit):
    app = screen_of(demo, PATH, Role.INSPECTOR, setl_id=hit["setl_id"], hit=hit["rule_id"])
    assert app.radio[0].options == [TRUE, EXCLUDED]
    app.radio[0].set_value(EXCLUDED)
    save(app)
    assert [error.value for error in app.error] == ["请写明核实理由。"]
    app.text_area[0].set_value("病历有医嘱")
    save(app)
    assert not app.exception
    assert not app.error
    standing = Verdicts.of(demo).standing(hit["rule_id"], hit["setl_id"])
    assert (standing.verdict, standing.reason, standing.version) == (EXCLUDED, "病历有医嘱", hit["version"])
    assert "稽核岗01:排除,病历有医嘱" in texts(app)
    assert app.radio[0].options == [TRUE, EXCLUDED, WITHDRAWN]
    app.radio[0].set_value(WITHDRAWN)
    app.text_area[0].set_value("选错了")
    save(app)
    assert Verdicts.of(demo).standing(hit["rule_id"], hit["setl_id"]) is None
    assert len(Verdicts.of(demo).history(hit["rule_id"], hit["setl_id"])) == 2


def save(app) -> None:
    next(button for button in app.button if button.label == "保存").click().run()


def test_a_word_on_an_older_rule_says_so(demo, hit):
    screen_of(demo, PATH, Role.INSPECTOR)
    [judge] = [one for one in Users.of(demo).listing() if one.username == NAMES[Role.INSPECTOR]]
    Verdicts.of(demo).give(
        Hit(hit["rule_id"], hit["setl_id"], "0000", hit["params_hash"]), TRUE, "核对了病历", judge
    )
    said = texts(screen_of(demo, PATH, Role.LEADER, setl_id=hit["setl_id"], hit=hit["rule_id"]))
    assert "属实(规则已变,核实时为 0000 版),核对了病历" in said


def test_a_claim_without_hits_says_so(demo):
    with open_warehouse(demo) as warehouse:
        [row] = warehouse.query(
            "select min(setl_id) as setl_id from stg_setl_d where setl_id not in (select setl_id from fct_rule_hit)"
        ).to_pylist()
    app = screen_of(demo, PATH, Role.INSPECTOR, setl_id=row["setl_id"])
    assert "本笔结算没有筛查疑点。" in texts(app)
    assert not app.radio
    assert not any("疑点(未核实)" in frame.value.columns for frame in app.dataframe)


def found(*said: str, amount: Decimal | None = D("12.50"), version: str = "a") -> view.Found:
    row = {"rule_id": "r027", "title": "超标准收费", "setl_id": "S1", "level": "明确违规", "amount_at_issue": amount,
           "version": version, "params_hash": "p"}  # fmt: skip
    return view.Found(row, [Verdict(n, "r027", "S1", "a", "p", word, "x", "u", "稽核岗01", "2026-01-01T08:00:00+08:00")
                            for n, word in enumerate(said)])  # fmt: skip


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (found(), "r027 超标准收费(明确违规,12.50 元,未核实)"), (found(TRUE), "r027 超标准收费(明确违规,12.50 元,属实)"),
        (found(TRUE, EXCLUDED), "r027 超标准收费(明确违规,12.50 元,排除)"),
        (found(TRUE, WITHDRAWN), "r027 超标准收费(明确违规,12.50 元,未核实)"),
        (found(TRUE, version="b"), "r027 超标准收费(明确违规,12.50 元,属实(规则已变))"),
        (found(amount=None), "r027 超标准收费(明确违规,不计金额,未核实)"),
    ],
)  # fmt: skip
def test_a_hit_in_words(one, words):
    assert one.words == words


def test_the_finding_counts_what_is_left():
    assert view.finding([]) == "本笔结算没有筛查疑点。"
    said = view.finding([found(), found(TRUE), found(TRUE, WITHDRAWN)])
    assert said == "本笔结算有筛查疑点 3 件:未核实 2 件、属实 1 件。疑点是线索,不是违规认定。"


FEES = pa.table(
    {
        "bkkp_sn": ["F1", "F2", "F3"], "fee_ocur_time": [dt.datetime(2026, 1, day) for day in (1, 2, 3)],
        "hilist_name": ["甲", "乙", "丙"], "cnt": [D(1), D(2), D(3)], "pric": [D(5), D(5), D(5)],
        "det_item_fee_sumamt": [D(5), D(10), D(15)],
    }
)  # fmt: skip


def line(line_id: str, line_of: str = "fee_list_d", rule_id: str = "r031") -> dict:
    return {"hit_id": f"{rule_id}:S1", "rule_id": rule_id, "line_of": line_of, "line_id": line_id, "line_amt": D("5.00"),
            "found_text": "床位费", "found_num": D("12.0000"), "limit_text": None, "limit_num": D("8.0000"),
            "related_id": None}  # fmt: skip


def test_marked_fee_lines_come_first_and_others_keep_their_order():
    made = view.marked(
        FEES, [line("F3"), line("F3", rule_id="r032"), line("F2"), line("F1", "setl_d"), line("F9")]
    )
    assert made.column("bkkp_sn").to_pylist() == ["F2", "F3", "F1"]
    assert made.column("hit_rules").to_pylist() == [
        "r031 床位费数量超住院天数", "r031 床位费数量超住院天数、r032 护理费、诊查费超住院天数", None,
    ]  # fmt: skip


def test_lines_of_a_hit_stand_beside_what_the_fee_line_says():
    rows = view.line_rows(
        pa.Table.from_pylist([line("F2"), line("S1", "setl_d"), line("F1", rule_id="r032")]), FEES, "r031"
    )
    shown = [
        (one["kind"], one["hilist_name"], one["cnt"], one["found"], one["limit"]) for one in rows.to_pylist()
    ]
    assert shown == [("费用明细", "乙", D(2), "12(床位费)", "8"), ("整笔结算", None, None, "12(床位费)", "8")]
