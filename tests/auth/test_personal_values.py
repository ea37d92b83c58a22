"""No value of one person, doctor or claim reaches a role without Ability.PERSONAL: not on screen, in charts, searches or files."""

from __future__ import annotations

import io
import sys
import zipfile

import pyarrow.parquet as pq
import pytest

from fundwatch.access import ABILITIES, PAGES, STAFF, Ability, Role, entry_at
from fundwatch.home import HOME_VARIABLE, PROJECT
from fundwatch.ui import blocks, export
from fundwatch.warehouse import open_warehouse

sys.path.insert(0, str(PROJECT / "tests" / "ui"))
from seen import drawn, leaked
from signed_in import screen_of

#: ids of one person, doctor, visit, claim, document, reminder or line
IDS = (
    "psn_no", "setl_id", "mdtrt_id", "doc_id", "doc_suspt_id", "bkkp_sn", "warn_rslt_id", "init_setl_id", "person_code",
    "dr_code", "bilg_dr_code", "chfpdr_code", "hit_id", "line_id",
)  # fmt: skip
#: those who have lists without Ability.PERSONAL
WITHOUT = sorted(STAFF - ABILITIES[Ability.PERSONAL])
DAYS = {"from": "2026-01-01", "to": "2026-10-31"}
LISTS = (
    "rejection_rate",
    "override_reason_rate",
    "rule_hit_amount",
    "suspended_persons",
    "avg_inpatient_fee",
)
PARTS = {
    "deadlines": [{"topic": "review_first"}, {"topic": "review_appeal"}],
    "inspection-coverage": [{"part": part} for part in ("random", "towns", "list")],
    "reminder-compliance": [{"part": part} for part in ("to_review", "doctors", "reasons", "unseen", "unconnected")],
    "review-rejection": [],
    "screening": [{"part": part} for part in ("institutions", "doctors", "persons", "months", "hits")],
    "high-risk": [{"part": part} for part in ("persons", "credit")],
    "cases": [{"part": part} for part in ("group", "bridge", "transfer", "handling", "post_review")],
}  # fmt: skip


@pytest.fixture
def demo(demo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home.root))
    return demo_home


@pytest.fixture(scope="module")
def personal(demo_home) -> set[str]:
    """Every such value of the demo."""
    with open_warehouse(demo_home) as warehouse:
        columns = warehouse.query(
            "select table_name, column_name from information_schema.columns where table_schema = 'main'"
        ).to_pylist()
        found: set[str] = set()
        for row in columns:
            if row["column_name"] in IDS:
                sql = (
                    f'select distinct cast("{row["column_name"]}" as varchar) as v from "{row["table_name"]}"'
                )
                found |= {one["v"] for one in warehouse.query(sql).to_pylist() if one["v"]}
    assert len(found) > 1000
    return found


@pytest.fixture
def files(monkeypatch) -> list[bytes]:
    """The bytes of every export that a screen offers, made while it is drawn."""
    made: list[bytes] = []

    def now(real):
        def maker(*given):
            made.append(real(*given)())
            return lambda: b""

        return maker

    monkeypatch.setattr(export, "_maker", now(export._maker))
    monkeypatch.setattr(blocks, "_maker", now(blocks._maker))
    return made


def words_of(content: bytes) -> str:
    """The text of a file; of a workbook all its parts."""
    if content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        return f"{table.schema.metadata} {table.column_names} {table.to_pylist()}"
    if not content.startswith(b"PK"):
        return content.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def addresses() -> list[tuple[str, dict]]:
    found = []
    for entry in PAGES:
        found += [(entry.path, {**DAYS, **query}) for query in ({}, *PARTS.get(entry.url_path, []))]
    listing = entry_at("kpi-list").path
    # no query gives such a value to these roles (tests/warehouse/test_sights.py), so a few lists stand for all
    found += [(listing, {**DAYS, "kpi": kpi}) for kpi in LISTS]
    return found


@pytest.mark.parametrize(("path", "query"), addresses())
def test_no_personal_value_on_a_screen_or_in_its_files(demo, personal, files, path, query):
    app = screen_of(demo, path, Role.GROUP_MEMBER, **query)
    assert not app.exception
    found = leaked(drawn(app._tree), personal)
    for file in files:
        found += leaked(words_of(file), personal)
    assert not found[:10]
