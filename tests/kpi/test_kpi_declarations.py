"""What a declaration must say, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from kpi_world import World

from fundwatch.errors import UserError
from fundwatch.home import QUERIES
from fundwatch.kpi import declarations, evaluate, rows
from fundwatch.kpi.declaration import Kpi, read_declaration
from fundwatch.settings import Values
from fundwatch.steps import steps

FOLDER = QUERIES / "kpis"
#: in the order of kpis.md
DECLARED_NOW = [
    "inspection_coverage", "onsite_coverage", "record_sheet_rate", "problem_found_rate", "random_share",
    "over_frequency", "self_check_coverage", "self_check_refund_rate", "self_check_honesty",
    "filing_timeliness", "assessment_coverage", "training_pass_rate", "interface_coverage", "video_coverage",
    "reminder_compliance", "reminder_compliance_amt", "reminder_feedback_rate", "override_reason_rate",
    "override_review_rate", "avoided_amount", "rules_to_review",
    "first_review_rate", "recheck_rate", "recheck_overturn_rate", "rejection_rate", "flagged_amount", "first_review_amount",
    "confirmed_amount", "deducted_amount", "rejected_doc_rate", "appeal_rate", "appeal_success_rate", "review_overdue_rate",
    "duty_breaches", "clue_transfers", "extrapolated_rejection", "post_review_rate", "rule_hit_amount", "recovered_amount", "penalty_due",
    "penalty_done", "breach_due", "breach_done", "handled_institutions", "recovery_rate", "handling_counts",
    "case_closed_rate", "case_on_time_rate", "complaint_reply_rate", "complaint_on_time_rate",
    "suspended_persons", "task_on_time_rate", "fund_income", "fund_outlay", "fund_surplus",
    "benefit_amount", "benefit_person_times", "benefit_growth", "benefit_times_growth",
    "fund_closing_balance", "payable_months", "budget_execution", "outlay_growth", "actual_reimbursement",
    "policy_reimbursement", "avg_inpatient_fee", "admission_rate", "outside_share", "payment_cycle", "instant_share",
]  # fmt: skip


def test_the_kpis_of_the_foundation_are_declared_in_the_order_of_the_definitions() -> None:
    assert [name for name in declarations() if name in DECLARED_NOW] == DECLARED_NOW


def test_the_file_is_named_for_the_kpi(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text((FOLDER / "recovery_rate.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(UserError, match="id 写成了 recovery_rate"):
        read_declaration(other)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"traget": "100"}, "traget"),
        ({"owner": ""}, "owner"),
        ({"owner": "   "}, "owner"),
        ({"owner": None}, "owner"),
        ({"unit": None}, "unit"),
        ({"unit": "percent"}, "unit"),
        ({"policy": []}, "policy"),
        ({"reviewed": None}, "reviewed"),
        ({"better": "up"}, "better"),
        ({"targets": [{"from": "2024-01-01", "value": "about 100"}]}, "targets"),
        ({"dimensions": ["fixmedins_code", "month"], "month_split": None}, "month_split"),
        ({"dimensions": ["insutype", "month"], "always_by": "fixmedins_code"}, "always_by"),
        ({"parameters": ["over_frequency_limit"]}, "parameters"),
        ({"definition": {"numerator": "已追回金额"}}, "分母不一致"),
    ],
)
def test_a_faulty_declaration_is_refused_naming_file_and_fault(
    tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    with pytest.raises(UserError, match=f"(?s)recovery_rate.yaml 有误.*{fault}"):
        read_declaration(written(tmp_path, change))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"numerator": None}, "缺少 numerator"),
        ({"having": "count(*) > 1"}, "不用 having"),
        ({"columns": ["no_such_field"]}, "no_such_field"),
        ({"institution": None}, "机构类维度"),
        ({"where": "fact.amt_due > $some_limit"}, "some_limit"),
        ({"source": "step_nowhere"}, "step_nowhere"),
    ],
)
def test_a_faulty_list_is_refused(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    text = yaml.safe_load((FOLDER / "recovery_rate.yaml").read_text(encoding="utf-8"))
    with pytest.raises(UserError, match=f"(?s)recovery_rate.yaml 有误.*{fault}"):
        read_declaration(written(tmp_path, {"list": {**text["list"], **change}}))


@pytest.mark.parametrize("kpi", declarations().values(), ids=lambda kpi: kpi.id)
def test_no_value_stands_in_the_text_of_a_declaration(kpi: Kpi) -> None:
    for text in kpi.listing.sql_texts():
        assert not re.search(r"date '|'\d{4}-\d\d", text), "a date belongs in a parameter"


@pytest.mark.parametrize("kpi", declarations().values(), ids=lambda kpi: kpi.id)
def test_every_kpi_answers_on_a_county_without_any_row(world: World, kpi: Kpi) -> None:
    world.fill({})
    world.meta = {"version": "test"}
    period = (kpi.reviewed.replace(day=1), kpi.reviewed)
    found = evaluate(world, Values(), [kpi.id], *period)
    assert [(number.numerator, number.value) for number in found] == (
        [] if kpi.always_by else [(0, None if kpi.is_ratio or kpi.no_value else 0)]
    )
    assert all(number.data_through is None for number in found)
    assert rows(world, Values(), kpi.id, *period).num_rows == 0
    for by in kpi.dimensions:
        assert evaluate(world, Values(), [kpi.id], *period, by) == []


def test_every_step_is_used_and_says_what_a_row_is() -> None:
    texts = "\n".join(
        [*(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")), *steps().values()]
    )
    for name, sql in steps().items():
        assert len(re.findall(rf"\b{name}\b", texts)) > 0
        assert sql.startswith("/*\nOne row per "), name


def test_labels_are_unique_and_policies_name_a_document() -> None:
    labels = [kpi.label for kpi in declarations().values()]
    assert len(labels) == len(set(labels))
    for kpi in declarations().values():
        assert all(policy.document and policy.clause for policy in kpi.policy)


def written(folder: Path, change: dict[str, Any]) -> Path:
    """recovery_rate.yaml with some keys changed; None takes a key away."""
    text = yaml.safe_load((FOLDER / "recovery_rate.yaml").read_text(encoding="utf-8"))
    changed = {key: value for key, value in {**text, **change}.items() if value is not None}
    if isinstance(changed.get("list"), dict):
        changed["list"] = {key: value for key, value in changed["list"].items() if value is not None}
    path = folder / "recovery_rate.yaml"
    path.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
    return path
