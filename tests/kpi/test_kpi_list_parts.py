"""Lists in parts: the parts are the list, in its order; totals are those of the whole; a text is found as on screen."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from kpi_compare import total
from kpi_random import END, START, County
from kpi_world import World

from fundwatch.contracts import code_lists
from fundwatch.kpi import Kpi, Look, batches, declarations, rows, totals
from fundwatch.settings import Values

EVERY = list(declarations().values())


@pytest.fixture(scope="module")
def county(world: World) -> World:
    return world.fill(County(21).rows())


@pytest.mark.parametrize("kpi", EVERY, ids=lambda kpi: kpi.id)
def test_parts_are_the_list_and_totals_are_its_sums(county: World, kpi: Kpi) -> None:
    asked = (county, Values(), kpi.id, START, END)
    whole, step = rows(*asked), 7
    parts = [rows(*asked, limit=step, offset=first) for first in range(0, whole.num_rows + 1, step)]
    assert pa.concat_tables(parts).to_pylist() == whole.to_pylist()
    assert [row for batch in batches(*asked) for row in batch.to_pylist()] == whole.to_pylist()
    found = totals(*asked)
    assert (found.row_cnt, found.numerator) == (whole.num_rows, total(whole, "numerator"))
    assert found.denominator == (total(whole, "denominator") if kpi.is_ratio else None)
    if kpi.is_ratio:
        short = rows(*asked, look=Look(only="short")).to_pylist()
        assert short == [row for row in whole.to_pylist() if row["numerator"] < row["denominator"]]
        assert found.short_cnt == len(short)
    counted = rows(*asked, look=Look(only="counted")).to_pylist()
    assert counted == [row for row in whole.to_pylist() if row["numerator"] != 0]
    assert found.counted_cnt == len(counted)


@pytest.mark.parametrize("kpi", EVERY, ids=lambda kpi: kpi.id)
@pytest.mark.parametrize("text", ["h1", " D1 ", "职工", "%", "H1'"])
def test_a_text_is_found_in_any_case_and_among_the_words_of_codes(county: World, kpi: Kpi, text: str) -> None:
    columns = tuple(c.name for c in kpi.columns if c.kind in ("code", "text", "flag", "month"))
    look = Look(text=text, columns=columns)
    asked = (county, Values(), kpi.id, START, END)

    def holds(row: dict) -> bool:
        for column in kpi.columns:
            value = row[column.name]
            if column.name in columns and value is not None:
                words = code_lists()[column.codes].get(value, "") if column.codes else ""
                if text.strip().lower() in str(value).lower() or text.strip() in words:
                    return True
        return False

    expected = [row for row in rows(*asked).to_pylist() if holds(row)]
    assert rows(*asked, look=look).to_pylist() == expected
    found = totals(*asked, look=look)
    assert found.row_cnt == len(expected)
    assert found.numerator == sum((Decimal(row["numerator"]) for row in expected), Decimal(0))


def test_a_column_that_is_not_looked_at_finds_nothing(county: World) -> None:
    asked = (county, Values(), "first_review_rate", START, END)
    assert totals(*asked, look=Look(text="审核岗", columns=("chker",))).row_cnt > 0
    assert totals(*asked, look=Look(text="审核岗", columns=("doc_id",))).row_cnt == 0
    assert totals(*asked, look=Look(text="审核岗")).row_cnt == 0
