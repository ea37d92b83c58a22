"""The analysts' file: what is in it, what is not, that its sums are the engine's, and when it is made anew."""

from __future__ import annotations

import duckdb
import pytest

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.analyst.file import FOLDER, analyst_file
from fundwatch.analyst.tables import analyst_tables, read_tables
from fundwatch.build.publish import current_version
from fundwatch.contracts import code_lists, contracts
from fundwatch.errors import UserError
from fundwatch.warehouse import open_warehouse

#: columns that tie a value to one person, doctor, visit, claim, document, reminder or line
IDS = (
    "psn_no", "setl_id", "mdtrt_id", "doc_id", "doc_suspt_id", "bkkp_sn", "warn_rslt_id", "init_setl_id", "person_code",
    "dr_code", "bilg_dr_code", "chfpdr_code", "hit_id", "line_id",
)  # fmt: skip
#: select over the serving file → select over the analysts' file; both give the same single row
SAME = {
    "select count(*), sum(amount_at_issue) from fct_rule_hit": "select sum(hit_cnt), sum(amount_at_issue) from fct_rule_hit_month",
    "select sum(fund_pay_sumamt), sum(inscp_amt) from fct_inpatient_settlement":
        "select sum(fund_pay_sumamt), sum(inscp_amt) from fct_inpatient_month",
    "select count(*), sum(vola_amt), sum(is_reviewed) from fct_reminder_override":
        "select sum(warn_cnt), sum(vola_amt), sum(warn_cnt) filter (where is_reviewed = 1) from fct_reminder_unheeded_month",
    "select count(*), sum(points), sum(net_points) from fct_credit_point":
        "select sum(point_cnt), sum(points), sum(net_points) from fct_credit_month",
    "select sum(fund_pay_sumamt), sum(setl_cnt) from fct_settlement_month":
        "select sum(fund_pay_sumamt), sum(setl_cnt) from fct_settlement_month",
    "select sum(amt_due), sum(amt_done), count(*) from fct_handling": "select sum(amt_due), sum(amt_done), count(*) from fct_handling",
    "select sum(amt), sum(person_times) from fct_fund_ledger": "select sum(amt), sum(person_times) from fct_fund_ledger",
}  # fmt: skip


@pytest.fixture(scope="module")
def connection(demo_home):
    with duckdb.connect(str(analyst_file(demo_home, current_version(demo_home))), read_only=True) as opened:
        yield opened


def columns(connection) -> set[tuple[str, str]]:
    return set(
        connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    )


def test_the_file_holds_what_is_declared_and_nothing_else(connection):
    declared = {(table.name, column.name) for table in analyst_tables().values() for column in table.columns}
    assert columns(connection) == declared


def test_no_column_of_one_person_or_claim_and_no_free_text(connection):
    free = {
        c.name for contract in contracts().values() for c in contract.columns if c.free_text or c.pseudonym
    }
    found = {(table, column) for table, column in columns(connection) if column in PERSONAL_COLUMNS}
    assert found == set()
    # dim_rule's title is the product's own
    assert {(t, c) for t, c in columns(connection) if c in free} == {
        ("dim_rule", "title"),
        ("dim_source", "title"),
    }


def test_no_value_of_one_person_or_claim_stands_anywhere_in_the_file(demo_home, connection):
    personal: set[str] = set()
    with open_warehouse(demo_home) as warehouse:
        known = warehouse.query(
            "select table_name, column_name from information_schema.columns where table_schema = 'main'"
        ).to_pylist()
        for row in known:
            if row["column_name"] in IDS:
                sql = (
                    f'select distinct cast("{row["column_name"]}" as varchar) as v from "{row["table_name"]}"'
                )
                personal |= {one["v"] for one in warehouse.query(sql).to_pylist() if one["v"]}
    assert len(personal) > 1000
    for table, column in sorted(columns(connection)):
        values = {
            v
            for (v,) in connection.execute(
                f'select distinct cast("{column}" as varchar) from "{table}"'
            ).fetchall()
        }
        assert not values & personal, (table, column)


@pytest.mark.parametrize("served", SAME)
def test_sums_are_those_of_the_serving_file(demo_home, connection, served):
    with open_warehouse(demo_home) as warehouse:
        expected = tuple(warehouse.query(served).to_pylist()[0].values())
    assert connection.execute(SAME[served]).fetchone() == expected
    assert any(expected)


def test_every_column_has_a_chinese_label_and_amounts_their_unit():
    for table in analyst_tables().values():
        assert all(column.label and not column.label.isascii() for column in table.columns), table.name
        assert all(column.unit == "元" for column in table.columns if column.kind == "amount"), table.name
        assert {column.codes for column in table.columns} - {None} <= set(code_lists())


def test_the_declaration_refuses_what_must_not_leave(tmp_path):
    path = tmp_path / "tables.yaml"
    path.write_text(
        "labels: {}\ntables:\n  fct_rule_hit:\n    title: 疑点\n    grain: 一行\n    contract: setl_d\n"
        "    columns: [setl_id, psn_no, fixmedins_code, nobody_knows]\n"
        "  fct_case:\n    title: 案件\n    grain: 一行\n    contract: clue_case\n    columns: [title]\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError) as caught:
        read_tables(path)
    for words in (
        "fct_rule_hit.psn_no 属于个人",
        "fct_rule_hit.setl_id 属于个人",
        "fct_case.title 属于个人或文字",
        "nobody_knows 没有中文名",
    ):
        assert words in caught.value.message


def test_a_file_is_made_once_and_goes_with_its_version(demo_home_copy):
    version = current_version(demo_home_copy)
    folder = demo_home_copy.warehouse / FOLDER
    first = analyst_file(demo_home_copy, version)
    made = first.stat().st_mtime_ns
    gone = folder / "analyst-20200101-000000-000-0123456789.duckdb"
    earlier = folder / f"analyst-{version}-0123456789.duckdb"
    for path in (gone, earlier):
        path.write_bytes(b"")
    assert analyst_file(demo_home_copy, version).stat().st_mtime_ns == made
    first.unlink()
    assert analyst_file(demo_home_copy, version) == first
    assert sorted(path.name for path in folder.glob("*.duckdb")) == [first.name]


def test_a_version_that_is_gone_is_said_so(demo_home):
    with pytest.raises(UserError, match="服务文件不存在"):
        analyst_file(demo_home, "20200101-000000-000")


def test_a_county_without_claims_has_every_table_and_its_published_totals(taihe_home):
    with duckdb.connect(str(analyst_file(taihe_home, current_version(taihe_home))), read_only=True) as opened:
        assert {
            name for (name,) in opened.execute("select table_name from duckdb_tables()").fetchall()
        } == set(analyst_tables())
        assert opened.execute("select count(*) from fct_settlement_month").fetchone() == (0,)
        with open_warehouse(taihe_home) as warehouse:
            [expected] = warehouse.query("select sum(fund_amt) as amt from fct_benefit").to_pylist()
        assert opened.execute("select sum(fund_amt) from fct_benefit").fetchone() == (expected["amt"],)
        assert expected["amt"] > 0
