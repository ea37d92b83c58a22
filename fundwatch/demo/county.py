"""Everything of the demo, written to one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fundwatch.demo import fund, knowledge, office, registry, selfchecks
from fundwatch.demo.campaigns import campaign_rows, inspect_all, suspend_in_campaign
from fundwatch.demo.cases import make_cases
from fundwatch.demo.claims import Claims, write_claims
from fundwatch.demo.columns import stack
from fundwatch.demo.handlings import Handlings
from fundwatch.demo.outline import outline_geojson
from fundwatch.demo.plan import Plan
from fundwatch.demo.vocabulary import COUNTY, COUNTY_NAME
from fundwatch.demo.world import World, make_world
from fundwatch.demo.write import Row, write_csv, write_gb18030, write_xlsx
from fundwatch.errors import UserError
from fundwatch.progress import Step, silent

HOME_FILE = "home.yaml"
OUTLINE_FILE = "outline.geojson"


def make_demo(out: Path, plan: Plan, step: Step = silent) -> dict[str, int]:
    """Write the files of the fictional county to ``out`` (made if missing); returns rows by table.

    Raises UserError when the folder holds something already: two demos mixed are no county.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"目录 {out} 已有内容。请换一个空目录,或先清空再生成演示数据。")
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _write(out, plan, step)
    except OSError as error:
        raise UserError(f"无法写入 {out}:{error.strerror}。请检查目录权限或剩余空间。") from error


def _write(out: Path, plan: Plan, step: Step) -> dict[str, int]:
    world = make_world(plan)
    home = f'county_admdvs: "{COUNTY}"\ncounty_name: {COUNTY_NAME}\n'
    (out / HOME_FILE).write_text(home, encoding="utf-8")
    (out / OUTLINE_FILE).write_text(outline_geojson(), encoding="utf-8")
    interfaces, online = registry.interfaces(world)
    claims = write_claims(world, out, online, step)
    tables = {"intf_onln_d": interfaces, **_registers(world), **_supervision(world, claims)}
    tables |= {**_office(world, claims), **_fund(world)}
    tables = {table: rows for table, rows in tables.items() if rows}  # a file without rows would be sent back
    for table, rows in tables.items():
        _WRITERS.get(table, write_csv)(out, table, rows)
    return dict(claims.written) | {table: len(rows) for table, rows in tables.items()}


#: tables that do not come as UTF-8 CSV with field names: spreadsheets, and what a clerk's program saved
_WRITERS: dict[str, Callable[[Path, str, list[Row]], None]] = {
    "inspection": write_xlsx,
    "finding": write_xlsx,
    "complaint": write_xlsx,
    "fund_ledger": write_xlsx,
    "work_plan": write_xlsx,
    "town": write_gb18030,
    "self_check": write_gb18030,
}


def _registers(world: World) -> dict[str, list[Row]]:
    return {
        "fixmedins_b": registry.institutions(world),
        "fixmedins_cntr_reg_d": registry.agreements(world),
        "town": registry.towns(world),
        "med_type": office.medical_types(),
        "rule_map": office.rule_map(world),
        "kb_item_limit": knowledge.item_limits(world),
        "kb_item_pair": knowledge.item_pairs(world),
        "kb_code": knowledge.codes(world),
    }


def _supervision(world: World, claims: Claims) -> dict[str, list[Row]]:
    """Inspections first, then what follows from their findings, then cases (with inspections of their own)."""
    inspections, plans = inspect_all(world)
    handlings = Handlings(inspections.last_day)
    handlings.follow(inspections.findings, world.plan.stream("handlings"))
    pharmacy, begin, end = registry.suspension(world)
    handlings.suspend(world.institutions[pharmacy].code, begin, end)
    suspend_in_campaign(inspections, plans, handlings)
    stories = stack(claims.stories) if claims.stories else None
    transfers = stack(claims.transfers) if claims.transfers else None
    book = make_cases(world, inspections, handlings, stories, transfers)
    return {
        "campaign": campaign_rows(inspections, plans, handlings.rows),
        "inspection": inspections.rows,
        "finding": inspections.findings,
        "handling": handlings.rows,
        "self_check": selfchecks.self_checks(world),
        "post_review": selfchecks.post_reviews(world),
        "assessment": selfchecks.assessments(world),
        "clue_case": book.cases,
        "case_event": book.events,
        "case_claim": book.links,
        "complaint": book.complaints,
        "credit_point": book.points,
    }


def _office(world: World, claims: Claims) -> dict[str, list[Row]]:
    return {
        "clr_pay_d": office.payments(world, claims.payable),
        "report_filing": office.filings(world),
        "training": office.trainings(world),
        "control_check": office.control_checks(world),
        "work_plan": office.tasks(world),
        "event_mark": office.marks(world),
        "invoicing": office.stock(world),
    }


def _fund(world: World) -> dict[str, list[Row]]:
    ledger = fund.ledger(world)
    return {
        "fund_ledger": ledger,
        "fund_balance": fund.balances(world, ledger),
        "fund_budget": fund.budgets(world),
        "enrolment": fund.enrolment(world),
        "benefit_stat": fund.benefits(world, ledger),
        "base_year": fund.base_years(world),
    }
