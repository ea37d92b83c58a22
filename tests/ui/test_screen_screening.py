"""疑点筛查: stored hits by rule, institution, doctor, person and month; what did not run is said; a lead is no verdict."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from signed_in import NAMES, screen_of, texts

from fundwatch.access import CASE_ROLES, STAFF, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.kpi import evaluate
from fundwatch.screens import screening as view
from fundwatch.settings import Settings
from fundwatch.state.users import Users
from fundwatch.state.verdicts import EXCLUDED, TRUE, WITHDRAWN, Hit, Verdicts
from fundwatch.ui.screening_views import PARTS, PERSONAL_PARTS
from fundwatch.warehouse import open_warehouse

PATH = "pages/post/screening.py"
D = Decimal
DAYS = {"from": "2026-01-01", "to": "2026-10-31"}
BETWEEN = "hit_date between date '2026-01-01' and date '2026-10-31'"


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture
def ask(demo):
    with open_warehouse(demo) as warehouse:
        yield lambda sql: warehouse.query(sql).to_pylist()


def money(column) -> Decimal:
    return sum((D(str(one).replace(",", "")) for one in column if one is not None and one == one), D(0))


def metrics(app) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_hits_and_the_administrator_is_refused(demo, role):
    app = screen_of(demo, PATH, role)
    assert not app.exception
    assert [title.value for title in app.title] == (["疑点筛查"] if role in STAFF else ["没有查看权限"])


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_is_there(demo, part):
    app = screen_of(demo, PATH, Role.ANALYST, part=part, **DAYS)
    assert not app.exception
    assert not app.error
    assert app.dataframe


@pytest.mark.parametrize("role", sorted(STAFF))
@pytest.mark.parametrize("part", sorted(PERSONAL_PARTS))
def test_persons_doctors_and_claims_are_seen_by_those_whose_work_needs_them_only(demo, role, part):
    app = screen_of(demo, PATH, role, part=part, **DAYS)
    shown = {str(column) for frame in app.dataframe for column in frame.value.columns}
    assert bool(shown & {"医师代码", "参保人(化名)", "结算ID"}) == (role in CASE_ROLES)


def test_a_pseudonym_in_a_link_tells_nothing_to_those_who_do_not_see_persons(demo, ask):
    person = ask(f"select min(psn_no) as psn_no from fct_rule_hit where {BETWEEN}")[0]["psn_no"]
    all_hits = ask(f"select count(*) as found from fct_rule_hit where {BETWEEN}")[0]["found"]
    own = ask(f"select count(*) as found from fct_rule_hit where {BETWEEN} and psn_no = '{person}'")[0][
        "found"
    ]
    seen = {
        role: metrics(screen_of(demo, PATH, role, psn_no=person, **DAYS))["疑点(件)"]
        for role in (Role.INSPECTOR, Role.GROUP_MEMBER)
    }
    assert seen == {Role.INSPECTOR: f"{own:,}", Role.GROUP_MEMBER: f"{all_hits:,}"}


@pytest.mark.parametrize("part", ["rules", "institutions", "months"])
def test_every_split_adds_up_to_the_stored_hits(demo, ask, part):
    [total] = ask(
        f"select count(*) as hits, sum(amount_at_issue) as amount from fct_rule_hit where {BETWEEN}"
    )
    shown = screen_of(demo, PATH, Role.LEADER, part=part, **DAYS).dataframe[0].value
    assert shown["疑点(件)"].sum() == total["hits"] > 0
    assert money(shown["疑点金额(元)"]) == total["amount"]


def test_each_yuan_counts_once_in_the_second_amount(ask, demo):
    """Recomputed line by line: the greatest amount of each line, then the greatest kind of line of each settlement."""
    lines: dict[tuple, Decimal] = {}
    for row in ask(f"select * from fct_rule_hit_line where {BETWEEN}"):
        key = (row["setl_id"], row["line_of"], row["line_id"])
        lines[key] = max(lines.get(key, D(0)), row["line_amt"] or D(0))
    kinds: dict[tuple, Decimal] = {}
    for (setl_id, line_of, _), amount in lines.items():
        kinds[setl_id, line_of] = kinds.get((setl_id, line_of), D(0)) + amount
    settled: dict[str, Decimal] = {}
    for (setl_id, _), amount in kinds.items():
        settled[setl_id] = max(settled.get(setl_id, D(0)), amount)
    app = screen_of(demo, PATH, Role.LEADER, **DAYS)
    once = str(view.numbers.money(sum(settled.values())))
    assert f"每行只计一次为 {once}" in texts(app)
    assert metrics(app)["疑点金额(每件计)"] != once


def test_the_amount_per_hit_is_that_of_the_indicator(demo):
    first, last = dt.date(2026, 1, 1), dt.date(2026, 10, 31)
    [kpi] = evaluate(open_warehouse(demo), Settings(demo), ["rule_hit_amount"], first, last)
    app = screen_of(demo, PATH, Role.LEADER, **DAYS)
    assert money(app.dataframe[0].value["疑点金额(元)"]) == kpi.numerator > 0
    assert metrics(app)["疑点金额(每件计)"] == str(view.numbers.money(kpi.value))


def test_rules_that_did_not_run_have_no_number(demo, ask):
    rows = screen_of(demo, PATH, Role.ANALYST, **DAYS).dataframe[0].value
    idle = rows[~rows["运行情况"].str.startswith("已运行")]
    assert idle["疑点(件)"].isna().all()
    assert len(rows) == ask("select count(*) as found from dim_rule")[0]["found"]


def test_level_rule_and_verdict_in_the_address_cut_the_screen_down(demo_home_copy, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home_copy.root))
    with open_warehouse(demo_home_copy) as warehouse:
        rows = warehouse.query(
            f"select * from fct_rule_hit where {BETWEEN} and level = '可疑' order by rule_id, setl_id limit 2"
        ).to_pylist()
    screen_of(demo_home_copy, PATH, Role.INSPECTOR)
    [judge] = [one for one in Users.of(demo_home_copy).listing() if one.username == NAMES[Role.INSPECTOR]]
    verdicts = Verdicts.of(demo_home_copy)
    for row, word in zip(rows, (TRUE, EXCLUDED), strict=True):
        hit = Hit(row["rule_id"], row["setl_id"], row["version"], row["params_hash"])
        verdicts.give(hit, word, "核对了病历", judge)
    for word, row in ((TRUE, rows[0]), (EXCLUDED, rows[1])):
        app = screen_of(demo_home_copy, PATH, Role.INSPECTOR, part="hits", verdict=word, level="可疑", **DAYS)
        assert list(app.dataframe[0].value["结算ID"]) == [row["setl_id"]]
        assert metrics(app)["疑点(件)"] == "1"
    assert "属实 1 件、排除 1 件" in texts(screen_of(demo_home_copy, PATH, Role.LEADER, **DAYS))
    hit = Hit(rows[0]["rule_id"], rows[0]["setl_id"], rows[0]["version"], rows[0]["params_hash"])
    verdicts.give(hit, WITHDRAWN, "看错了", judge)
    app = screen_of(demo_home_copy, PATH, Role.INSPECTOR, part="hits", verdict=TRUE, **DAYS)
    assert not app.dataframe
    assert "期内按所选条件没有疑点" in texts(app)


def test_a_county_with_totals_only_is_told_what_is_missing(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    app = screen_of(taihe_home, PATH, Role.LEADER)
    assert not app.exception
    assert not app.metric
    assert "“数据质量”" in texts(app)


def ruled(**more) -> dict:
    return {
        "rule_id": "r001",
        "status": "已运行",
        "missing": None,
        "run_cnt": 10,
        "absent_cnt": 0,
        "absent": None,
        "hit_cnt": 3,
        **more,
    }


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "已运行"),
        ({"absent_cnt": 2, "absent": "fee_list_d"}, "已运行;2 个月缺少表 fee_list_d"),
        ({"run_cnt": 0, "absent_cnt": 2, "absent": "fee_list_d"}, "缺少表:fee_list_d"),
        ({"run_cnt": 0}, "期内没有结算"),
        ({"status": "未加载知识", "missing": "限定知识点:性别(药品)"}, "未加载知识:限定知识点:性别(药品)"),
    ],
)  # fmt: skip
def test_how_a_rule_ran_in_words(more, words):
    assert view.state(ruled(**more)) == words


def test_rules_run_and_not_run_are_counted_apart():
    rows = pa.Table.from_pylist(
        [
            ruled(rule_id="r003", hit_cnt=0), ruled(rule_id="r002"),
            ruled(rule_id="r001", status="未加载知识", missing="x", hit_cnt=None),
            ruled(rule_id="r004", run_cnt=0, hit_cnt=None),
        ],
        schema=pa.schema([
            *((name, pa.string()) for name in ("rule_id", "status", "missing", "absent")),
            *((name, pa.int64()) for name in ("run_cnt", "absent_cnt", "hit_cnt")),
        ]),
    )  # fmt: skip
    made = view.rules(rows)
    assert made.column("rule_id").to_pylist() == ["r002", "r003", "r001", "r004"]
    run = view.runs(made)
    assert (run.ran, dict(run.not_run)) == (2, {"未加载知识": 1, "期内没有结算": 1})
    assert run.words == "4 条中 2 条已运行;未加载知识 1 条;期内没有结算 1 条"


def totals(hits: int, true: int = 0, excluded: int = 0) -> dict:
    return {"hit_cnt": hits, "true_cnt": true, "excluded_cnt": excluded, "institution_cnt": 2, "setl_cnt": 4}


@pytest.mark.parametrize(
    ("given", "idle", "words"),
    [
        (totals(5), {}, "期内筛出疑点(未核实) 5 件,涉及 2 家机构、4 笔结算;均待核实。"),
        (totals(5, 1, 2), {}, "期内筛出疑点 5 件,涉及 2 家机构、4 笔结算;属实 1 件、排除 2 件,2 件未核实。"),
        (totals(0), {"未加载知识": 3}, "期内按所选条件没有疑点;另有 3 条规则未运行,未运行不等于没有疑点。"),
    ],
)  # fmt: skip
def test_the_sentence_never_takes_a_lead_for_a_verdict(given, idle, words):
    assert view.message(given, view.Runs(10, idle)) == words


def test_when_nothing_ran_the_sentence_says_so():
    said = view.message(totals(0), view.Runs(0, {"缺少表": 54}))
    assert said == "筛查规则54 条中 0 条已运行;缺少表 54 条,没有筛查结果;未运行不等于没有疑点。"


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("空腹血糖测定", D("6.2500"), "6.25(空腹血糖测定)"), (None, D("1200.0000"), "1,200"), ("1", None, "1"), (None, None, None),
        (None, D("0.0000"), "0"),
    ],
)  # fmt: skip
def test_evidence_in_words(text, number, words):
    assert view.evidence(text, number) == words


def test_an_institution_s_share_is_that_of_settlements_hit():
    rows = pa.table(
        {"fixmedins_code": ["A", "B"], "hit_cnt": [3, 0], "hit_setl_cnt": [2, 0], "setl_cnt": [8, 5]}
    )
    assert view.institutions(rows).to_pylist() == [
        {"fixmedins_code": "A", "hit_cnt": 3, "hit_setl_cnt": 2, "setl_cnt": 8, "share": D("25.00")}
    ]


def test_days_of_the_period_are_both_in(ask, demo):
    day = ask(f"select min(hit_date) as day from fct_rule_hit where {BETWEEN}")[0]["day"]
    own = ask(f"select count(*) as found from fct_rule_hit where hit_date = date '{day}'")[0]["found"]
    app = screen_of(demo, PATH, Role.LEADER, **{"from": str(day), "to": str(day)})
    assert metrics(app)["疑点(件)"] == f"{own:,}"
    before = day - dt.timedelta(days=1)
    assert (
        before.year < 2026
        or ask(f"select count(*) as n from fct_rule_hit where hit_date = date '{before}'")[0]["n"] == 0
    )
