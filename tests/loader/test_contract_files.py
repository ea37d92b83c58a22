"""The contracts themselves: what they must declare, and that a faulty one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundwatch.contracts import aliases, code_lists, contracts, personal_fields, read_contract
from fundwatch.errors import UserError
from fundwatch.home import CONTRACTS, REFERENCE

CLOSED = {
    "flag", "fixmedins_type", "cntr_stas", "insp_kind", "insp_method", "insp_stas", "direction", "report_item",
    "handle_type", "suspt_souc", "insutype", "coord_sys",
}  # fmt: skip
OPEN = {"med_type", "vola_nature", "specialty", "training_kind"}


def changed(folder: Path, old: str, new: str) -> Path:
    path = folder / "inspection.yaml"
    text = (CONTRACTS / "inspection.yaml").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("grain:", "grane:"),
        ("label: 检查日期, ", ""),
        ("label: 检查日期", "label: ''"),
        ("key: [insp_id]", "key: [insp_no]"),
        ("label: 检查日期", "label: 检查编号"),
        ("name: insp_date", "name: insp_id"),
        ("kind: date, required", "kind: amount, required"),
        ("title: 检查\n", "title: 检查\nowner: x\n"),
        ("kind: date", "kind: datum"),
    ],
)
def test_a_faulty_contract_is_refused_naming_the_file(tmp_path: Path, old: str, new: str):
    with pytest.raises(UserError, match=r"数据约定 inspection\.yaml 有误"):
        read_contract(changed(tmp_path, old, new))


@pytest.mark.parametrize("table", sorted(contracts()))
def test_every_code_list_and_reference_that_a_contract_names_exists(table: str):
    for column in contracts()[table].columns:
        assert column.codes is None or column.codes in code_lists(), column.name
        if column.refers_to:
            other, key = column.refers_to.split(".")
            assert contracts()[other].key == (key,), column.name


@pytest.mark.parametrize("table", sorted(contracts()))
def test_lists_are_closed_and_open_as_the_data_contract_says(table: str):
    for column in contracts()[table].columns:
        if column.codes in CLOSED:
            assert column.closed, column.name
        if column.codes in OPEN:
            assert not column.closed, column.name


@pytest.mark.parametrize("table", [name for name, contract in contracts().items() if contract.by_month])
def test_a_table_kept_by_month_always_has_its_date(table: str):
    contract = contracts()[table]
    assert contract.by_name[contract.dated_by].required
    assert contract.by_name[contract.dated_by].kind in ("date", "time")


@pytest.mark.parametrize("table", sorted(contracts()))
def test_an_institution_code_has_its_format_checked_in_every_table(table: str):
    columns = [column for column in contracts()[table].columns if column.name == "fixmedins_code"]
    assert all(column.pattern == r"^[HP]\d{11}$" for column in columns)


def test_persons_are_pseudonymised_and_free_text_is_masked_wherever_they_occur():
    for contract in contracts().values():
        for column in contract.columns:
            assert column.pseudonym == (column.name == "psn_no"), (contract.table, column.name)
            if column.name in ("title", "text", "subject", "appl_rea", "warn_dspo_way_dscr"):
                assert column.free_text, (contract.table, column.name)


def test_no_column_is_a_personal_field():
    names = {
        name
        for contract in contracts().values()
        for column in contract.columns
        for name in (column.name, column.label)
    }
    assert not names & personal_fields()


def test_every_alias_leads_to_a_field():
    fields = {column.name for contract in contracts().values() for column in contract.columns}
    assert set(aliases().values()) <= fields
    assert not set(aliases()) & fields


def test_the_shipped_list_of_visit_types_is_a_file_of_its_own_table(desk):
    path = desk.put("med_type.csv", (REFERENCE / "med_type.csv").read_bytes())
    report = desk.load_one(path)
    assert (report.status, report.quarantined) == ("loaded", 0)
