"""What must hold for any file: every row accounted for, loading twice changes nothing, amounts survive to the fen."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from desk import Desk, row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEN = st.decimals(min_value=Decimal("-99999999999999.99"), max_value=Decimal("99999999999999.99"), places=2)
#: a key from a handful, so that keys meet; an amount that may be unreadable
CELLS = st.tuples(st.sampled_from("甲乙丙丁戊"), st.sampled_from(["1", "2.00", "3,000", "x", "1.001", ""]))
FILES = st.lists(st.lists(CELLS, min_size=1, max_size=12), min_size=1, max_size=3)


def ledger(cells: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [row("fund_ledger", category=category, amt=amount) for category, amount in cells]


def new_desk() -> Desk:
    return Desk(Path(tempfile.mkdtemp()))


def expected(state: dict[str, Decimal | None], cells: list[tuple[str, str]]) -> dict[str, Decimal | None]:
    """The rows in force after a file, by the plainest reading: the last good row of each key, or nothing of the file."""
    good = [(key, amount) for key, amount in cells if amount not in ("x", "1.001")]
    bad = len(cells) - len(good)
    if bad >= 3 and bad / len(cells) > 0.05:
        return state
    return state | {key: Decimal(amount.replace(",", "")) if amount else None for key, amount in good}


@FEW
@given(FILES)
def test_rows_add_up_and_the_last_row_of_a_key_is_in_force(files):
    desk, state = new_desk(), {}
    for cells in files:
        report = desk.load_rows("fund_ledger", *ledger(cells))
        assert (
            report.rows_read
            == len(cells)
            == report.loaded + report.replaced + report.duplicates + report.quarantined
        )
        state = expected(state, cells)
        assert {found["category"]: found["amt"] for found in desk.rows("fund_ledger")} == state
        assert len(desk.rows("fund_ledger")) == len(state)


@FEW
@given(st.lists(CELLS, min_size=1, max_size=12))
def test_loading_a_file_twice_changes_nothing(cells):
    desk = new_desk()
    desk.load_rows("fund_ledger", *ledger(cells))
    before, version = desk.state(), desk.lake.version("fund_ledger")
    again = desk.load_rows("fund_ledger", *ledger(cells))
    assert again.status in ("unchanged", "refused")
    assert (again.loaded, desk.state(), desk.lake.version("fund_ledger")) == (0, before, version)


@FEW
@given(st.lists(FEN, min_size=1, max_size=30))
def test_amounts_survive_to_the_fen_however_they_are_written(amounts):
    desk = new_desk()
    written = [f"{amount:,}" if number % 2 else str(amount) for number, amount in enumerate(amounts)]
    desk.load_rows("fund_ledger", *ledger([(f"{number:02}", text) for number, text in enumerate(written)]))
    assert desk.column("fund_ledger", "amt") == amounts


@FEW
@given(st.permutations(list(range(9))), st.integers(min_value=1, max_value=8))
def test_the_order_of_chunks_of_distinct_keys_does_not_matter(order, cut):
    rows = [row("setl_d", setl_id=str(n), setl_time=f"2024-0{n % 3 + 1}-01 08:00:00") for n in range(9)]
    whole, parts = new_desk(), new_desk()
    whole.load_rows("setl_d", *rows)
    shuffled = [rows[number] for number in order]
    parts.load_rows("setl_d", *shuffled[:cut])
    parts.load_rows("setl_d", *shuffled[cut:])
    contents = [
        [{k: v for k, v in found.items() if not k.startswith("_")} for found in desk.rows("setl_d")]
        for desk in (whole, parts)
    ]
    assert contents[0] == contents[1]
