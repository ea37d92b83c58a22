"""个案详情: a claim from reminder to deduction, a case whose money reconciles to the fen, and who may see either."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from signed_in import NAMES, screen_of, texts

from fundwatch.access import CASE_ROLES, Role
from fundwatch.home import HOME_VARIABLE
from fundwatch.screens import case as screen
from fundwatch.screens.case_money import ladder, ladder_words, reconciled
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.steps import page_sql
from fundwatch.ui.audit_view import ACTION
from fundwatch.warehouse import open_warehouse

PATH = "pages/drill/case.py"
#: the demo county's false-stay case
CASE = "AJ2026-001"


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture
def ask(demo):
    """Rows of a query of this screen, or of any select."""
    with open_warehouse(demo) as warehouse:

        def asked(name: str, **values) -> list[dict]:
            sql = name if " " in name else page_sql(name)
            return warehouse.query(sql, values).to_pylist()

        yield asked


@pytest.fixture
def appealed(ask) -> str:
    """A settlement with a reminder and a suspicion that was appealed."""
    rows = ask(
        "select settlement.setl_id from stg_doc_suspt_d as suspicion inner join stg_doc_d as doc on suspicion.doc_id = doc.doc_id "
        "inner join stg_setl_d as settlement on doc.setl_id = settlement.setl_id inner join stg_bffact_warn_rslt_d as reminder "
        "on settlement.mdtrt_id = reminder.mdtrt_id where suspicion.appl_flag = '1' and suspicion.det_flag = '1' "
        "order by settlement.setl_id limit 1"
    )
    return rows[0]["setl_id"]


@pytest.fixture
def linked(ask) -> str:
    return ask("case_claims", case_id=CASE)[0]["setl_id"]


def titles(app) -> list[str]:
    return [title.value.replace("\\", "") for title in app.title]


def html(app) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_see_cases_open_a_case(demo, role):
    app = screen_of(demo, PATH, role, case_id=CASE)
    assert not app.exception
    assert titles(app) == ([f"案件 {CASE}"] if role in CASE_ROLES else ["没有查看权限"])


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_see_cases_open_a_claim(demo, linked, role):
    app = screen_of(demo, PATH, role, setl_id=linked)
    assert not app.exception
    assert titles(app) == ([f"结算 {linked}"] if role in CASE_ROLES else ["没有查看权限"])
    if role not in CASE_ROLES:
        assert not app.dataframe
        assert "假名" not in texts(app)


def test_a_claim_shows_every_step_of_its_review(demo, appealed):
    app = screen_of(demo, PATH, Role.FIRST_REVIEWER, setl_id=appealed)
    words = html(app)
    for step in (
        "事前提醒",
        "就诊",
        "结算",
        "申报",
        "检出",
        "初审",
        "复核",
        "推送",
        "申诉",
        "复审",
        "反馈",
        "扣款",
    ):
        assert f"<strong>{step}</strong>" in words, step


def test_a_linked_claim_shows_case_inspection_and_what_came_back(demo, linked):
    app = screen_of(demo, PATH, Role.INSPECTOR, setl_id=linked)
    assert f"已关联案件 {CASE}" in texts(app)
    links = next(table.value for table in app.dataframe if "案件状态" in table.value.columns)
    assert list(links["案件编号"]) == [CASE]
    assert links["该问题已追回(元)"][0] > 0
    assert "<strong>立案</strong>" in html(app)


def test_a_claim_without_a_case_says_so(demo, appealed):
    words = texts(screen_of(demo, PATH, Role.ANALYST, setl_id=appealed))
    assert "未关联案件" in words
    assert "未关联(涉案单据表中没有这笔结算)" in words


def test_the_suspicion_clicked_is_named_with_what_was_rejected(demo, ask):
    """Of all suspicions of a claim the page names the one whose row led here, with its deduction as the source has it."""
    row = ask(
        "select doc_suspt_id, setl_id, vola_det_amt from stg_doc_suspt_d inner join stg_doc_d using (doc_id) "
        "where det_flag = '1' order by doc_suspt_id limit 1"
    )[0]
    words = texts(
        screen_of(demo, PATH, Role.ANALYST, setl_id=row["setl_id"], doc_suspt_id=row["doc_suspt_id"])
    )
    assert f"所点疑点 {row['doc_suspt_id']}" in words
    assert f"扣款 {row['vola_det_amt']:,} 元" in words
    assert "拒付的疑点" not in words


def test_a_claim_reached_as_a_whole_names_what_was_rejected(demo, appealed):
    assert "拒付的疑点 " in texts(screen_of(demo, PATH, Role.ANALYST, setl_id=appealed))


def test_a_reminder_opens_the_settlement_of_its_visit(demo, ask):
    row = ask(
        "select reminder.warn_rslt_id, reminder.mdtrt_id, setl.setl_id from stg_bffact_warn_rslt_d as reminder "
        "inner join stg_setl_d as setl on reminder.mdtrt_id = setl.mdtrt_id where setl.refd_setl_flag = '0' "
        "order by reminder.warn_rslt_id limit 1"
    )[0]
    app = screen_of(demo, PATH, Role.ANALYST, mdtrt_id=row["mdtrt_id"], warn_rslt_id=row["warn_rslt_id"])
    assert titles(app) == [f"结算 {row['setl_id']}"]
    assert f"所点提醒 {row['warn_rslt_id']}" in texts(app)


def test_a_visit_without_settlement_says_so_and_keeps_the_reminder(demo, ask):
    reminder = ask("select min(warn_rslt_id) as warn_rslt_id from stg_bffact_warn_rslt_d")[0]["warn_rslt_id"]
    app = screen_of(demo, PATH, Role.ANALYST, mdtrt_id="M-never-settled", warn_rslt_id=reminder)
    assert not app.exception
    assert "这次就诊没有结算" in texts(app)
    assert f"所点提醒 {reminder}" in texts(app)
    assert not app.dataframe


def test_of_a_visit_the_settlement_in_force_comes_first(ask):
    """A refunded visit has the settlement, its refund and perhaps a new one: never the refund, never a void one first."""
    visits = ask("select mdtrt_id from stg_setl_d group by mdtrt_id having count(*) > 1 order by mdtrt_id")
    assert visits
    for visit in visits:
        found = ask("case_of_visit", mdtrt_id=visit["mdtrt_id"])
        own = ask(
            f"select setl_id, vali_flag, refd_setl_flag from stg_setl_d where mdtrt_id = '{visit['mdtrt_id']}'"
        )
        best = max((row["vali_flag"], row["refd_setl_flag"] == "0") for row in own)
        first = next(row for row in own if row["setl_id"] == found[0]["setl_id"])
        assert len(found) == len(own)
        assert (first["vali_flag"], first["refd_setl_flag"] == "0") == best


def test_the_recovery_clicked_is_named_in_its_case(demo, ask):
    row = ask(
        "select handle_id, case_id, amt_done from fct_handling where handle_type = '32' and case_id is not null "
        "and amt_done > 0 order by handle_id limit 1"
    )[0]
    words = texts(screen_of(demo, PATH, Role.ANALYST, case_id=row["case_id"], handle_id=row["handle_id"]))
    assert f"所点处理 {row['handle_id']}:追回" in words
    assert f"到账 {row['amt_done']:,} 元" in words


def test_amounts_of_a_settlement_are_held_against_their_parts(demo, appealed):
    words = html(screen_of(demo, PATH, Role.ANALYST, setl_id=appealed))
    assert words.count("合计与各部分一致") == 3


def test_the_month_in_the_address_is_only_a_hint(demo, linked):
    app = screen_of(demo, PATH, Role.ANALYST, setl_id=linked, ym="1999-01")
    assert titles(app) == [f"结算 {linked}"]


def test_a_difference_between_total_and_parts_is_shown():
    rows = [
        {"equation": 2, "role": "total", "label": "基金支付总额", "amount": Decimal("10.00")},
        {"equation": 2, "role": "part", "label": "统筹", "amount": Decimal("9.00")},
        {"equation": 2, "role": "part", "label": "医疗救助", "amount": Decimal("0.00")},
        {"equation": 2, "role": "difference", "label": "差额", "amount": Decimal("1.00")},
    ]
    assert reconciled(rows) == [("基金构成", rows[:2], Decimal("1.00"))]


def test_parts_and_difference_make_the_total_for_every_settlement(ask):
    """Over one month of the demo county: total = parts + difference, by the query itself."""
    for row in ask(
        "select setl_id, ym, fixmedins_code from stg_setl_d where ym = '2026-02' order by setl_id limit 20"
    ):
        parts = ask("case_settlement_parts", ym=row["ym"], code=row["fixmedins_code"], setl_id=row["setl_id"])
        for equation in (1, 2, 3):
            own = [part for part in parts if part["equation"] == equation]
            total = next(part["amount"] for part in own if part["role"] == "total")
            assert total == sum(part["amount"] for part in own if part["role"] != "total")


def test_the_ladder_reconciles_to_the_fen(ask):
    for row in ask("select case_id from fct_case order by case_id"):
        money = ask("case_ladder", case_id=row["case_id"])[0]
        assert money["due_amt"] == money["done_amt"] + money["balance_amt"]
        assert money["fine_due_amt"] == money["fine_done_amt"] + money["fine_balance_amt"]
        if money["found_amt"] is not None:
            assert money["found_amt"] == money["due_amt"] + money["found_less_due_amt"]
        handled = ask("case_handlings", case_id=row["case_id"])
        due = sum((one["amt_due"] or Decimal(0) for one in handled if one["handle_type"] == "32"), Decimal(0))
        assert money["due_amt"] == due


def money(**changes) -> dict:
    row = {
        "fraud_amt": Decimal("100.10"), "vola_amt": None, "found_amt": Decimal("100.10"), "finding_cnt": 1,
        "finding_amt": Decimal("90.00"), "found_less_finding_amt": Decimal("10.10"), "recovery_cnt": 1,
        "due_amt": Decimal("100.10"), "found_less_due_amt": Decimal("0.00"), "done_amt": Decimal("40.00"),
        "balance_amt": Decimal("60.10"), "breach_due_amt": Decimal("0.00"), "breach_done_amt": Decimal("0.00"),
        "breach_balance_amt": Decimal("0.00"), "fine_due_amt": Decimal("200.20"), "fine_done_amt": Decimal("0.00"),
        "fine_balance_amt": Decimal("200.20"), "claim_cnt": 0, "claim_amt": None,
    }  # fmt: skip
    return {**row, **changes}


def test_the_ladder_names_each_rung_and_what_does_not_agree():
    rungs = {rung.name: rung for rung in ladder(money())}
    assert list(rungs) == ["认定金额", "应追回", "已追回", "追回余额", "应缴罚款"]
    assert "合计 90.00 元,少于认定 10.10 元" in rungs["认定金额"].note
    assert rungs["应追回"].note == "1 次追回处理,与认定一致"
    assert ladder_words(money()) == "应追回 100.10 元,已追回 40.00 元,余额 60.10 元。"


def test_a_case_without_amounts_says_so():
    empty = money(
        found_amt=None,
        fraud_amt=None,
        finding_cnt=0,
        recovery_cnt=0,
        due_amt=Decimal(0),
        fine_due_amt=Decimal(0),
    )
    assert [(rung.name, rung.amount) for rung in ladder(empty)] == [("认定金额", None), ("应追回", None)]
    assert ladder_words(empty) == "案件没有登记金额,也没有登记与本案关联的追回处理。"


def test_case_screen_shows_money_events_and_lists(demo):
    app = screen_of(demo, PATH, Role.LEADER, case_id=CASE)
    assert [heading.value for heading in app.subheader] == [
        "经过", "金额阶梯", "涉案单据", "认定问题", "处理处罚", "支付资格记分", "举报投诉",
    ]  # fmt: skip
    for rung in ("认定金额", "应追回", "已追回", "追回余额", "应缴罚款"):
        assert rung in html(app)


def test_looking_at_a_case_is_recorded_once_with_the_object(demo):
    def seen() -> list:
        events = listing(engine(demo), action=ACTION, user=NAMES[Role.FINAL_REVIEWER], limit=1000)
        return [event for event in events if event.object == f"案件 {CASE}"]

    before = len(seen())
    app = screen_of(demo, PATH, Role.FINAL_REVIEWER, case_id=CASE)
    app.run()
    assert len(seen()) == before + 1
    assert seen()[0].detail["screen"] == "case"


@pytest.mark.parametrize("query", [{}, {"setl_id": "S0"}, {"case_id": "AJ0"}])
def test_an_unknown_case_is_said_in_chinese(demo, query):
    app = screen_of(demo, PATH, Role.ANALYST, **query)
    assert not app.exception
    assert "没有找到这" in texts(app)
    assert not app.dataframe


def test_reads_of_a_claim_open_only_the_files_of_its_months(demo, linked, ask):
    """Claims are kept by month: with the month known one file of settlements is opened instead of all."""
    row = ask("case_settlement", setl_id=linked, ym=None)[0]
    stay = {"first_month": row["ym"], "last_month": row["ym"], "code": row["fixmedins_code"]}
    for name, values in (
        ("case_settlement", {"setl_id": linked, "ym": row["ym"]}),
        ("case_settlement_parts", {"setl_id": linked, "ym": row["ym"], "code": row["fixmedins_code"]}),
        ("case_fees", {"setl_id": linked, **stay}),
        ("case_visit", {"mdtrt_id": row["mdtrt_id"], **stay}),
        ("institution_settlements", {"ym": row["ym"], "code": row["fixmedins_code"]}),
    ):
        text = page_sql(name).split("*/", 1)[1]
        plan = str(ask(f"explain analyze {text}", **values))
        assert "Total Files Read: 1" in plan.replace("│", " "), name


def test_months_count_back_over_the_year_end():
    assert screen.months_before("2026-02", 3) == "2025-11"
    assert screen.months_before("2026-02", 12) == "2025-02"


def test_a_claim_without_a_visit_still_has_its_way():
    settlement = {
        "begndate": dt.date(2026, 2, 1), "setl_time": dt.datetime(2026, 2, 3, 9), "refd_setl_flag": "1",
        "fund_pay_sumamt": Decimal("-5.00"),
    }  # fmt: skip
    events = screen.claim_events(settlement, None, reminders=[], documents=[], suspicions=[], links=[])
    assert [(event.step, event.what) for event in events] == [
        ("就诊", "就诊开始(就诊记录未载入)"), ("结算", "退费结算,基金支付"),
    ]  # fmt: skip
