"""Every notebook runs from top to bottom on any home, says Chinese words, and its numbers are the engine's."""

from __future__ import annotations

import ast
import datetime as dt
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import jupytext
import nbformat
import pytest

from fundwatch.home import HOME_VARIABLE, PROJECT
from fundwatch.kpi import evaluate
from fundwatch.settings import Settings
from fundwatch.stats.forecast import compare
from fundwatch.warehouse import open_warehouse

FOLDER = PROJECT / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.py"))
EXECUTE = PROJECT / "tests" / "notebooks" / "execute.py"
#: a cell that the test adds: what the notebook found, and its period
ASK = (
    "print(repr(({name: str(value) for name, value in figures.items()}, start.isoformat(), end.isoformat())))"
)


@pytest.fixture(scope="module")
def ran(demo_home, tmp_path_factory) -> dict[str, nbformat.NotebookNode]:
    """All notebooks after their run, two at a time."""
    folder = tmp_path_factory.mktemp("notebooks")
    own = {
        HOME_VARIABLE: str(demo_home.root),
        "PYTHONPATH": str(PROJECT),
        "IPYTHONDIR": str(folder / "ipython"),
    }

    def one(name: str) -> nbformat.NotebookNode:
        target = folder / f"{name}.ipynb"
        command = [sys.executable, "-W", "ignore", str(EXECUTE), str(FOLDER / f"{name}.py"), str(target), ASK]
        done = subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return nbformat.read(target, as_version=4)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(NOTEBOOKS, pool.map(one, NOTEBOOKS), strict=True))


def drawn(notebook: nbformat.NotebookNode) -> str:
    """All outputs as text: a chart that fetches its script from elsewhere would name the place."""
    return "".join(
        str(o.get("data", "")) for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs
    )


def found(notebook: nbformat.NotebookNode) -> tuple[dict[str, Decimal], dt.date, dt.date]:
    """The figures a notebook ends with, and its period."""
    text = "".join(output["text"] for output in notebook.cells[-1].outputs if output.output_type == "stream")
    figures, start, end = ast.literal_eval(text)
    numbers = {name: Decimal(value) for name, value in figures.items()}
    return numbers, dt.date.fromisoformat(start), dt.date.fromisoformat(end)


@pytest.fixture(scope="module")
def engine(demo_home):
    """``evaluate`` on the demo home, without the public interface."""
    with open_warehouse(demo_home) as warehouse:
        settings = Settings(demo_home)
        yield lambda kpis, start, end, by=None: evaluate(warehouse, settings, kpis, start, end, by)


def test_the_four_worked_analyses_are_there():
    assert NOTEBOOKS == ["fund_outlook", "new_rule_idea", "rejection_funnel", "reminder_compliance"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_begins_with_a_chinese_title_and_draws_and_holds_no_output(name):
    notebook = jupytext.read(FOLDER / f"{name}.py")
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    assert not notebook.cells[0].source.splitlines()[0].isascii()
    assert "alt.Chart" in (FOLDER / f"{name}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_and_shows_a_table_and_a_chart(ran, name):
    kinds = {
        kind
        for cell in ran[name].cells
        if cell.cell_type == "code"
        for o in cell.outputs
        for kind in o.get("data", {})
    }
    assert "text/html" in kinds
    assert "image/svg+xml" in kinds
    assert "https://" not in drawn(ran[name])
    assert not [
        o
        for cell in ran[name].cells
        if cell.cell_type == "code"
        for o in cell.outputs
        if o.get("name") == "stderr"
    ]


def test_rejection_funnel_has_the_engines_numbers(ran, engine):
    figures, start, end = found(ran["rejection_funnel"])
    steps = ["flagged_amount", "first_review_amount", "confirmed_amount", "deducted_amount"]
    expected = {value.kpi: value.value for value in engine(steps, start, end)}
    assert {name: figures[name] for name in steps} == expected
    assert expected["flagged_amount"] > expected["deducted_amount"] > 0
    assert figures["deducted_by_level"] == expected["deducted_amount"]
    assert figures["rejection_numerator_by_month"] == engine(["rejection_rate"], start, end)[0].numerator


def test_reminder_compliance_has_the_engines_numbers_from_kpi_and_from_sql(ran, engine):
    figures, start, end = found(ran["reminder_compliance"])
    [value] = engine(["reminder_compliance"], start, end)
    assert figures["reminder_compliance"] == value.value
    assert figures["complied_by_rule"] == figures["complied_by_sql"] == value.numerator > 0
    assert figures["warned_by_rule"] == figures["warned_by_sql"] == value.denominator


def test_new_rule_idea_counts_every_stay_and_every_hit(ran, engine):
    figures, start, end = found(ran["new_rule_idea"])
    [fee] = engine(["avg_inpatient_fee"], start, end)
    [hits] = engine(["rule_hit_amount"], start, end)
    assert (figures["fee"], figures["visits"]) == (fee.numerator, fee.denominator)
    assert figures["rule_hit_amount"] == hits.value > 0


def test_fund_outlook_is_that_of_the_screen(ran, engine):
    figures, start, end = found(ran["fund_outlook"])
    year = {str(value.key): value for value in engine(["fund_outlay"], start, end)}
    assert len(year) > 1
    for insutype, value in year.items():
        assert figures[f"outlay_{insutype}"] == value.value
        months = engine(["fund_outlay"], dt.date(2020, 1, 1), end, "month")
        own = {str(v.key)[-7:]: v.value for v in months if str(v.key).startswith(insutype)}
        outlook = compare([own[month] for month in sorted(own)], end.month)
        assert figures[f"year_end_{insutype}"] == Decimal(str(outlook.chosen.year_end))
        assert figures[f"benchmark_{insutype}"] == Decimal(str(outlook.benchmark.year_end))
