"""What became of hits: each step counted by hand, what cannot be joined says so, and each claim line once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from yield_world import YieldWorld

from fundwatch.screens import rule_yield
from fundwatch.state.verdicts import Verdict

D = Decimal
RULES = [{"rule_id": "r031", "title": "床位费数量超住院天数"}, {"rule_id": "r040", "title": "分解住院"}]
RAN = [{"rule_id": rule["rule_id"], "ym": "2024-03"} for rule in RULES]
MAP = [{"platform_rule_id": "PT-31", "rule_id": "r031", "efft_date": dt.date(2024, 1, 1)}]
NOTHING_SAID = {"true_ids": [], "excluded_ids": []}


@pytest.fixture(scope="module")
def world() -> YieldWorld:
    return YieldWorld()


def suspicion(number: str, setl_id: str, **more) -> tuple[dict, dict]:
    doc = {"doc_id": f"D{number}", "setl_id": setl_id, "fixmedins_code": "H1", "insutype": "390"}
    row = {
        "doc_suspt_id": f"Q{number}", "doc_id": f"D{number}", "rule_id": "PT-31", "rule_name": "床位费",
        "checkout_time": dt.datetime(2024, 4, 2, 9), "push_time": dt.datetime(2024, 4, 9, 9), **more,
    }  # fmt: skip
    return doc, row


def held(world: YieldWorld, *suspicions: tuple[dict, dict], **tables) -> None:
    world.fill({
        "doc_d": [doc for doc, _ in suspicions], "doc_suspt_d": [row for _, row in suspicions], **tables,
    })  # fmt: skip


def of(world: YieldWorld, rule_id: str, **said) -> dict:
    (row,) = (
        row
        for row in world.page("rule_yield", **{**NOTHING_SAID, **said}).to_pylist()
        if row["rule_id"] == rule_id
    )
    return row


def hit(rule_id: str, setl_id: str, amount: str | None = "10.00", **more) -> dict:
    return {"rule_id": rule_id, "setl_id": setl_id, "amount_at_issue": amount and D(amount), **more}


def test_steps_from_hit_to_deduction(world: YieldWorld) -> None:
    """Four hits: upheld after an appeal, overturned, confirmed and not appealed, passed at first review."""
    decided = {"appl_flag": "1", "finl_chktime": dt.datetime(2024, 4, 20), "chk_vola_flag": "1"}
    held(
        world,
        suspicion("1", "S1", **decided, chk_vola_amt=D("8"), finl_chk_vola_flag="1", cnfm_vola_amt=D("5.55"), det_flag="1",
                  vola_det_amt=D("5.55"), rvis_amt=D("0.50")),
        suspicion("2", "S2", **decided, chk_vola_amt=D("7"), finl_chk_vola_flag="0", cnfm_vola_amt=D("0"), det_flag="0"),
        suspicion("3", "S3", chk_vola_flag="1", chk_vola_amt=D("3.25"), appl_flag="0", finl_chk_vola_flag="1",
                  cnfm_vola_amt=D("3.25"), det_flag="1", vola_det_amt=D("3.25")),
        suspicion("4", "S4", chk_vola_flag="0"),
        rule_map=MAP,
    )  # fmt: skip
    world.store(dim_rule=RULES, fct_rule_month=RAN, fct_rule_hit=[hit("r031", f"S{n}") for n in range(1, 6)])
    found = of(world, "r031")
    assert (found["hit_cnt"], found["hit_amt"], found["linked_cnt"]) == (5, D("50.00"), 4)
    assert (found["reviewed_cnt"], found["review_amt"]) == (3, D("18.25"))
    assert (found["appealed_cnt"], found["overturned_cnt"]) == (2, 1)
    assert (found["upheld_cnt"], found["upheld_amt"]) == (2, D("8.80"))
    assert (found["deducted_cnt"], found["deducted_amt"]) == (2, D("8.30"))
    assert found["confirmed_cnt"] == 3
    other = of(world, "r040")
    assert (other["hit_cnt"], other["link_state"], other["linked_cnt"], other["upheld_amt"]) == (
        0,
        "未关联",
        None,
        None,
    )


def test_verdicts_confirm_beside_the_review(world: YieldWorld) -> None:
    held(world, suspicion("1", "S1", chk_vola_flag="1", chk_vola_amt=D("8")), rule_map=MAP)
    world.store(
        dim_rule=RULES, fct_rule_month=RAN,
        fct_rule_hit=[hit("r031", "S1"), hit("r031", "S2", "2.50"), hit("r031", "S3"), hit("r040", "S2")],
    )  # fmt: skip
    said = {"true_ids": ["r031:S1", "r031:S2", "r031:gone"], "excluded_ids": ["r031:S3"]}
    found = of(world, "r031", **said)
    assert (found["true_cnt"], found["true_amt"], found["excluded_cnt"]) == (2, D("12.50"), 1)
    assert found["confirmed_cnt"] == 2, "S1 is confirmed twice and counts once"
    assert of(world, "r040", **said)["true_cnt"] == 0


@pytest.mark.parametrize(
    ("efft", "invd", "linked"),
    [
        (dt.date(2024, 4, 2), None, 1),
        (dt.date(2024, 4, 3), None, 0),
        (None, dt.date(2024, 4, 2), 1),
        (None, dt.date(2024, 4, 1), 0),
    ],
)
def test_rule_map_joins_on_the_day_of_check_out(world: YieldWorld, efft, invd, linked: int) -> None:
    mapped = [{"platform_rule_id": "PT-31", "rule_id": "r031", "efft_date": efft, "invd_date": invd}]
    held(world, suspicion("1", "S1", chk_vola_flag="1"), rule_map=mapped)
    world.store(dim_rule=RULES, fct_rule_month=RAN, fct_rule_hit=[hit("r031", "S1")])
    assert of(world, "r031")["linked_cnt"] == linked


def test_period_is_of_the_settlement_and_both_ends_count(world: YieldWorld) -> None:
    held(world)
    days = [dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2024, 3, 31), dt.date(2024, 4, 1)]
    world.store(
        dim_rule=RULES, fct_rule_month=RAN,
        fct_rule_hit=[hit("r031", f"S{n}", hit_date=day) for n, day in enumerate(days)],
    )  # fmt: skip
    assert of(world, "r031")["hit_cnt"] == 2


def test_without_review_map_or_claims_nothing_is_zero(world: YieldWorld) -> None:
    held(world)
    world.store(
        dim_rule=[*RULES, {"rule_id": "r001", "status": "未加载知识", "missing": "限定知识点:性别(药品)"}],
        fct_rule_month=RAN, fct_rule_hit=[hit("r031", "S1")],
    )  # fmt: skip
    found = of(world, "r031")
    assert (found["link_state"], found["reviewed_cnt"], found["deducted_amt"]) == ("缺少表", None, None)
    assert (found["case_state"], found["recovered_amt"]) == ("缺少表", None)
    never = of(world, "r001")
    assert (never["status"], never["hit_cnt"], never["hit_amt"], never["true_cnt"]) == (
        "未加载知识",
        None,
        None,
        None,
    )
    rungs = rule_yield.rungs(found)
    assert [(rung.name, rung.count) for rung in rungs][:3] == [
        ("命中", 1),
        ("核实属实", 0),
        ("初审认定", None),
    ]
    assert rungs[2].why == "缺少表:平台疑点(规则对照 rule_map)"
    assert rule_yield.rungs(never)[0].why == "未加载知识:限定知识点:性别(药品)"


def test_cases_give_back_to_the_rule_only_what_is_wholly_its_own(world: YieldWorld) -> None:
    """Finding W1 has claims of r031 only, W2 of two rules: its recovery cannot be laid to one of them."""
    held(
        world,
        case_claim=[
            {"link_id": "1", "setl_id": "S1", "finding_id": "W1", "rule_id": "r031", "amt": D("9.00")},
            {"link_id": "2", "setl_id": "S2", "finding_id": "W2", "rule_id": "r031", "amt": D("4.00")},
            {"link_id": "3", "setl_id": "S2", "finding_id": "W2", "rule_id": "r040", "amt": D("4.00")},
        ],
        handling=[
            {"handle_id": "1", "finding_id": "W1", "handle_type": "32", "decided_date": dt.date(2024, 5, 1), "amt_done": D("6.66")},
            {"handle_id": "2", "finding_id": "W1", "handle_type": "33", "decided_date": dt.date(2024, 5, 1), "amt_done": D("99")},
            {"handle_id": "3", "finding_id": "W2", "handle_type": "32", "decided_date": dt.date(2024, 5, 1), "amt_done": D("5.00")},
        ],
    )  # fmt: skip
    world.store(
        dim_rule=RULES, fct_rule_month=RAN,
        fct_rule_hit=[hit("r031", "S1"), hit("r031", "S2"), hit("r040", "S2"), hit("r031", "S3")],
    )  # fmt: skip
    found = of(world, "r031")
    assert (found["case_state"], found["case_cnt"], found["case_amt"]) == ("已关联", 2, D("13.00"))
    assert (found["recovered_amt"], found["mixed_amt"]) == (D("6.66"), D("5.00"))
    assert of(world, "r040")["mixed_amt"] == D("5.00")


def test_claims_that_name_no_rule_are_not_joined(world: YieldWorld) -> None:
    held(world, case_claim=[{"link_id": "1", "setl_id": "S1", "case_id": "A", "amt": D("9.00")}])
    world.store(dim_rule=RULES, fct_rule_month=RAN, fct_rule_hit=[hit("r031", "S1")])
    assert (of(world, "r031")["case_state"], of(world, "r031")["case_cnt"]) == ("未关联", None)


def test_appeals_by_rule_and_reviewer(world: YieldWorld) -> None:
    decided = {
        "appl_flag": "1",
        "finl_chktime": dt.datetime(2024, 4, 20),
        "chk_vola_amt": D("10"),
        "appl_amt": D("9.99"),
    }
    held(
        world,
        suspicion("1", "S1", **decided, finl_chker="复审岗01", finl_chk_vola_flag="0", cnfm_vola_amt=D("0")),
        suspicion("2", "S2", **decided, finl_chker="复审岗01", finl_chk_vola_flag="1", cnfm_vola_amt=D("4.00")),
        suspicion("3", "S3", **decided, finl_chk_vola_flag="1", cnfm_vola_amt=D("10")),
        suspicion("4", "S4", appl_flag="1", finl_chker="复审岗02"),
        suspicion("5", "S5", appl_flag="0", finl_chktime=dt.datetime(2024, 4, 20), finl_chk_vola_flag="0"),
        suspicion("6", "S6", **{**decided, "push_time": dt.datetime(2024, 5, 1)}, finl_chk_vola_flag="0"),
        suspicion("7", "S7", **{**decided, "push_time": dt.datetime(2024, 4, 30, 23, 59)}, finl_chk_vola_flag="1"),
        rule_map=MAP,
    )  # fmt: skip
    world.store(dim_rule=RULES)
    april = {"first_day": dt.date(2024, 4, 1), "last_day": dt.date(2024, 4, 30)}
    (found,) = rule_yield.appeals(world.page("rule_appeals", **april)).to_pylist()
    assert (found["pushed_cnt"], found["appeal_cnt"], found["decided_cnt"], found["waiting_cnt"]) == (
        6,
        5,
        4,
        1,
    )
    assert (found["success_cnt"], found["success_share"]) == (1, D("25.0000"))
    assert (found["appeal_amt"], found["given_up_amt"]) == (D("39.96"), D("26.00"))
    assert found["our_rules"] == "r031 床位费数量超住院天数"
    people = rule_yield.reviewers(world.page("rule_appeals_reviewers", **april)).to_pylist()
    assert [(row["finl_chker"], row["decided_cnt"], row["success_share"]) for row in people] == [
        ("复审岗01", 2, D("50.0000")), ("未填写终审人", 2, D("0.0000")),
    ]  # fmt: skip


def test_rate_of_no_decided_appeal_is_no_rate(world: YieldWorld) -> None:
    held(world, suspicion("1", "S1", appl_flag="1"))
    april = {"first_day": dt.date(2024, 4, 1), "last_day": dt.date(2024, 4, 30)}
    (found,) = rule_yield.appeals(world.page("rule_appeals", **april)).to_pylist()
    assert (found["success_share"], found["our_rules"]) == (None, None)
    assert rule_yield.reviewers(world.page("rule_appeals_reviewers", **april)).num_rows == 0


def said(rule_id: str, setl_id: str, verdict: str, version: str = "v2") -> Verdict:
    return Verdict(
        1, rule_id, setl_id, version, "p", verdict, "查实", "jh01", "稽核岗01", "2024-06-01T08:00:00+08:00"
    )


def test_versions_keep_their_verdicts_apart(world: YieldWorld) -> None:
    held(world)
    world.store(dim_rule=RULES, fct_rule_month=RAN, fct_rule_hit=[hit("r031", "S1"), hit("r031", "S2")])
    verdicts = [
        said("r031", "S1", "属实"),
        said("r031", "S2", "排除", "v1"),
        said("r031", "S7", "属实", "v1"),
        said("r040", "S9", "排除", "v1"),
    ]
    rows = world.page("rule_yield", **rule_yield.hit_ids(verdicts))
    found = [
        tuple(row.values())[2:]
        for row in rule_yield.by_version(rows, verdicts).to_pylist()
        if row["rule_id"] == "r031"
    ]
    assert found == [("v2", "1", 2, 1, 0, D("100.0000")), ("v1", "0", None, 1, 1, D("50.0000"))]
    (other,) = (row for row in rule_yield.by_version(rows, verdicts).to_pylist() if row["rule_id"] == "r040")
    assert (other["version"], other["hit_cnt"], other["true_share"]) == ("v1", None, D("0.0000"))


def test_table_and_sentences(world: YieldWorld) -> None:
    held(world, suspicion("1", "S1"), rule_map=MAP)
    world.store(
        dim_rule=[*RULES, {"rule_id": "r027", "missing": "限定知识点:单价上限"},
                  {"rule_id": "r001", "status": "缺少表", "missing": "fee_list_d"}],
        fct_rule_month=[*RAN, {"rule_id": "r027", "ym": "2024-03"}],
        fct_rule_hit=[hit("r031", "S1"), hit("r040", "S2"), hit("r040", "S3")],
    )  # fmt: skip
    verdicts = [said("r040", "S2", "属实"), said("r040", "S3", "排除")]
    rows = world.page("rule_yield", **rule_yield.hit_ids(verdicts))
    table = rule_yield.by_rule(rows)
    assert table.column("rule_id").to_pylist() == ["r040", "r031", "r001", "r027"]
    first, second, third, fourth = table.to_pylist()
    assert (first["open_cnt"], first["true_share"], first["link"]) == (0, D("50.0000"), "未关联")
    assert (second["open_cnt"], second["true_share"], second["link"]) == (1, None, "已关联")
    assert (third["standing"], third["hit_cnt"], third["open_cnt"]) == ("缺少表:fee_list_d", None, None)
    assert fourth["standing"] == "已运行,部分未判断:未加载 限定知识点:单价上限"
    assert rule_yield.headline(rows) == "4 条规则中 3 条运行过,命中 3 条,已核实 2 条,其中属实 1 条"
    assert rule_yield.not_joined(rows) == "1 条有命中的规则未与平台规则对照,未关联:r040"
    assert [field.name for field in rule_yield.FIELDS] == table.column_names


def test_sentences_of_counties_with_less(world: YieldWorld) -> None:
    held(world)
    world.store(dim_rule=RULES, fct_rule_month=RAN, fct_rule_hit=[hit("r031", "S1")])
    rows = world.page("rule_yield", **NOTHING_SAID)
    assert rule_yield.headline(rows) == "2 条规则中 2 条运行过,命中 1 条,还没有人核实"
    assert "没有载入审核疑点" in rule_yield.not_joined(rows)
    world.store(dim_rule=RULES)
    rows = world.page("rule_yield", **NOTHING_SAID)
    assert rule_yield.headline(rows) == "期内没有规则运行过"
    assert rule_yield.not_joined(rows) is None


def line(
    rule_id: str, setl_id: str, line_id: str, amount: str | None, line_of: str = "fee_list_d", **more
) -> dict:
    return {
        "rule_id": rule_id,
        "setl_id": setl_id,
        "line_id": line_id,
        "line_amt": amount and D(amount),
        "line_of": line_of,
        **more,
    }


def test_each_claim_line_counts_once_at_its_greatest(world: YieldWorld) -> None:
    """S1: line F1 in two rules (10 and 4), F2 in one (3): 13 of 17. S2: a whole stay of 100 holds its lines of 30: 100 of 130."""
    held(world)
    world.store(
        fct_rule_hit=[
            hit("r031", "S1", "13.00"), hit("r032", "S1", "4.00"), hit("r040", "S2", "100.00"), hit("r031", "S2", "30.00"),
            hit("r046", "S3", None), hit("r031", "S4", "5.00", fixmedins_code="H2"),
        ],
        fct_rule_hit_line=[
            line("r031", "S1", "F1", "10.00"), line("r031", "S1", "F2", "3.00"), line("r032", "S1", "F1", "4.00"),
            line("r040", "S2", "S2", "100.00", "setl_d"), line("r031", "S2", "F3", "30.00"),
            line("r046", "S3", "S3", None, "setl_d"), line("r031", "S4", "F4", "5.00", fixmedins_code="H2"),
        ],
    )  # fmt: skip
    total, first, second = world.page("rule_hit_once", rule_id=None).to_pylist()
    assert (total["is_total"], total["fixmedins_code"], total["hit_cnt"], total["setl_cnt"]) == (
        1,
        None,
        6,
        4,
    )
    assert (total["hit_amt"], total["once_amt"]) == (D("152.00"), D("118.00"))
    assert (first["fixmedins_code"], first["hit_amt"], first["once_amt"]) == ("H1", D("147.00"), D("113.00"))
    assert (second["fixmedins_code"], second["once_amt"]) == ("H2", D("5.00"))
    one_rule = world.page("rule_hit_once", rule_id=["r031"]).to_pylist()[0]
    assert one_rule["hit_amt"] == one_rule["once_amt"] == D("48.00"), "within one rule nothing counts twice"


def test_no_hit_gives_a_total_of_nothing(world: YieldWorld) -> None:
    held(world)
    world.store()
    (total,) = world.page("rule_hit_once", rule_id=None).to_pylist()
    assert (total["hit_cnt"], total["hit_amt"], total["once_amt"]) == (0, D("0.00"), D("0.00"))
