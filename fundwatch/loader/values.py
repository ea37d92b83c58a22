"""How a column's text becomes its typed value: SQL expressions over the macros of queries/loader/macros.sql.

An expression gives NULL for what is blank and for what cannot be read; ``unreadable`` tells the two apart. Values that an
expression needs (code words, patterns, keys) reach it as DuckDB variables, never as text.
"""

from __future__ import annotations

import re

import duckdb

from fundwatch.contracts import Column, Contract, code_lists
from fundwatch.home import QUERIES
from fundwatch.loader.limits import Limits
from fundwatch.loader.privacy import PATTERNS
from fundwatch.loader.pseudonyms import column_hasher

MACROS = QUERIES / "loader" / "macros.sql"
#: precision and scale of a decimal type
DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
#: kinds that hold a number: a blank one loads as NULL, also where the column is required
NUMBERS = frozenset({"amount", "quantity", "price", "percent", "score", "coordinate", "int"})
#: a required cell of these may be blank (see docs/decisions): it counts as the county's own code
MAY_BE_BLANK = frozenset({"insu_admdvs"})
#: what counts as nothing, besides white space (precise.md, Rows)
BLANK_WORDS = ("", "NULL", "null", "\\N")
#: words that stand for an item in the reports counties send (precise.md, Loading)
ITEM_ALIASES = {
    "report_item": {
        "两定机构自查自纠": "自查自纠",
        "投诉举报应诉": "投诉举报",
        "投诉举报应诉处置": "投诉举报",
        "县局委托的检查": "委托检查",
        "县局委托检查事项": "委托检查",
    }
}
#: dates are read from this day on, and up to the last of four digits
FIRST_DAY, DAY_TOO_FAR = "1900-01-01", "10000-01-01"
#: rows that add up others; the category of published benefit figures is the one column where they are data
TOTALS = ("合计", "小计", "总计")
TOTALS_ARE_DATA = frozenset({("benefit_stat", "category")})


def prepare(connection: duckdb.DuckDBPyConnection, contract: Contract, key: bytes, limits: Limits) -> None:
    """Create the macros and set the variables that the contract's expressions use."""
    connection.execute(MACROS.read_text(encoding="utf-8"))
    connection.create_function(
        "fw_person", column_hasher(key), ["VARCHAR"], "VARCHAR", type="arrow", null_handling="special"
    )
    connection.execute("set variable latest_month = $month", {"month": limits.latest_month})
    connection.execute("set variable totals = $words", {"words": list(TOTALS)})
    aliased = [word for words in ITEM_ALIASES.values() for word in words]
    connection.execute("set variable item_aliases = $words", {"words": aliased})
    for number, (pattern, word) in enumerate(PATTERNS):
        connection.execute(f"set variable personal_{number} = $pattern", {"pattern": pattern})
        connection.execute(f"set variable personal_word_{number} = $word", {"word": word})
    for column in contract.columns:
        if column.codes:
            connection.execute(
                f"set variable codes_{column.codes} = $codes", {"codes": list(code_lists()[column.codes])}
            )
            entries = [{"k": word, "v": code} for word, code in code_words(column.codes).items()]
            connection.execute(
                f"set variable words_{column.codes} = map_from_entries($entries)", {"entries": entries}
            )
        if column.pattern:
            connection.execute(f"set variable pattern_{column.name} = $pattern", {"pattern": column.pattern})


def code_words(name: str) -> dict[str, str]:
    """Every word that stands for a code of the list: the code, its label, an alias, the code without leading zeros."""
    codes = code_lists()[name]
    words = {code.lstrip("0"): code for code in codes if code.lstrip("0")}
    words |= {label: code for code, label in reversed(codes.items())}
    return words | ITEM_ALIASES.get(name, {}) | {code: code for code in codes}


def typed(column: Column, cell: str) -> str:  # noqa: PLR0911 - one return for each kind
    """SQL: the cell's text as the column's type, or NULL."""
    if column.pseudonym:
        return f"fw_person(fw_code({cell}))"
    decimal = DECIMAL.fullmatch(column.sql_type)
    if decimal:
        return _decimal(column.sql_type, cell, int(decimal[1]) - int(decimal[2]), int(decimal[2]))
    if column.pattern:
        return f"fw_shaped({cell}, getvariable('pattern_{column.name}'))"
    if column.codes:
        codes, words = f"getvariable('codes_{column.codes}')", f"getvariable('words_{column.codes}')"
        if column.closed:
            return f"fw_listed({cell}, {codes}, {words})"
        habit = f"coalesce(fw_listed({cell}, {codes}, {words}), fw_whole(fw_code({cell})))"
        return f"case when list_contains({codes}, {cell}) then {cell} else {habit} end"
    match column.kind:
        case "text":
            return _masked(cell) if column.free_text else f"fw_clean({cell})"
        case "code" | "flag":
            return f"fw_code({cell})"
        case "int":
            return _whole_number(column, cell)
        case "coordinate":
            shape = "'-?\\d{1,3}(\\.\\d{1,15})?'"
            return f"case when regexp_full_match(fw_strip({cell}), {shape}) then try_cast(fw_strip({cell}) as double) end"
        case "date" | "time":
            zero = f"date '{FIRST_DAY}'"
            return f"case when fw_{column.kind}({cell}) >= {zero} then fw_{column.kind}({cell}) end"
        case "issue":
            return f"replace(fw_month({cell}), '-', '')"
        case "month" | "quarter" | "year":
            return f"fw_{column.kind}({cell})"
    raise AssertionError(column.kind)


def typed_unhashed(column: Column, cell: str) -> str:
    """SQL: as ``typed``, but a person's number is left for the caller to hash, a whole column at once."""
    return f"fw_code({cell})" if column.pseudonym else typed(column, cell)


def source_word(contract: Contract, cells: dict[str, str]) -> str | None:
    """SQL: the word as written where an alias of an item was read as the item, else NULL; None: no such column."""
    aliased = [c for c in contract.columns if c.codes in ITEM_ALIASES and c.name in cells]
    if not aliased:
        return None
    cell = cells[aliased[0].name]
    return f"case when list_contains(getvariable('item_aliases'), fw_code({cell})) then fw_code({cell}) end"


def fault(contract: Contract, column: Column, cell: str, value: str) -> str | None:
    """SQL: true when the cell must not load; None when any cell may. ``value`` is the typed expression's result."""
    tests = []
    if must_not_be_blank(column):
        tests.append(f"{value} is null")
    elif _may_be_unreadable(column):
        tests.append(
            f"case when {value} is null and {cell} is not null then {_is_written(column, cell)} else false end"
        )
    if column.name == contract.dated_by:
        tests.append(f"coalesce({_too_late(column, value)}, false)")
    if (
        column.name in contract.key
        and (contract.table, column.name) not in TOTALS_ARE_DATA
        and _is_word(column)
    ):
        tests.append(f"coalesce(list_contains(getvariable('totals'), {value}), false)")
    return f"({' or '.join(tests)})" if tests else None


def read_fault(contract: Contract, column: Column) -> str | None:
    """SQL: true when a cell that the reader itself has turned into its type must not load; None when any may."""
    value, tests = f'"{column.name}"', []
    if must_not_be_blank(column):
        tests.append(f"{value} is null")
    if column.kind in ("date", "time"):
        last = _first_day_too_late() if column.name == contract.dated_by else f"date '{DAY_TOO_FAR}'"
        outside = f"{value} < date '{FIRST_DAY}' or {value} >= {last}"
        tests.append(outside if must_not_be_blank(column) else f"coalesce({outside}, false)")
    return f"({' or '.join(tests)})" if tests else None


def _may_be_unreadable(column: Column) -> bool:
    """Words are taken as they stand; everything else has a form that a cell may fail."""
    return column.kind not in ("code", "text", "flag") or column.closed or column.pattern is not None


def must_not_be_blank(column: Column) -> bool:
    """Keys, codes, texts and dates that are required; numbers and flags load blank."""
    return column.required and column.kind not in NUMBERS | {"flag"} and column.name not in MAY_BE_BLANK


def _is_word(column: Column) -> bool:
    return (
        column.kind in ("code", "text") and not column.pattern and not column.closed and not column.pseudonym
    )


def _is_written(column: Column, cell: str) -> str:
    """Blank cells and a lone dash among numbers are nothing; anything else is a value that was not understood."""
    if column.kind in NUMBERS:
        return f"fw_clean({cell}) is not null and fw_strip({cell}) <> '-'"
    return f"fw_clean({cell}) is not null"


def _decimal(kind: str, cell: str, whole: int, places: int) -> str:
    canonical = f"'-?\\d{{1,{whole}}}(\\.\\d{{1,{places}}})?'"
    habit = f"list_transform([fw_number_text({cell})], lambda n: fw_exact(n, try_cast(n as {kind})))[1]"
    return (
        f"case when regexp_full_match({cell}, {canonical}) then cast({cell} as {kind})"
        f" when {cell} is not null then {habit} end"
    )


def _whole_number(column: Column, cell: str) -> str:
    habit = (
        f"list_transform([fw_number_text({cell})], lambda n: fw_exact(n, try_cast(n as decimal(18, 0))))[1]"
    )
    value = (
        f"case when regexp_full_match({cell}, '-?\\d{{1,15}}') then cast({cell} as bigint)"
        f" when {cell} is not null then cast({habit} as bigint) end"
    )
    low, high = column.minimum, column.maximum
    bounds = [f"{value} >= {low}"] * (low is not None) + [f"{value} <= {high}"] * (high is not None)
    return f"case when {' and '.join(bounds)} then {value} end" if bounds else value


def _masked(cell: str) -> str:
    text = f"fw_clean({cell})"
    for number in range(len(PATTERNS)):
        text = f"regexp_replace({text}, getvariable('personal_{number}'), getvariable('personal_word_{number}'), 'g')"
    return text


def _too_late(column: Column, value: str) -> str:
    if column.kind in ("date", "time"):
        return f"{value} >= {_first_day_too_late()}"
    return f"cast({value} as varchar) > getvariable('latest_month')"


def _first_day_too_late() -> str:
    return "cast(cast(getvariable('latest_month') || '-01' as date) + interval 1 month as date)"


def is_blank(text: str) -> bool:
    """The same words as ``fw_word`` in the macros."""
    return text.strip(" \t\r\n\u00a0\u3000\ufeff\u200b") in BLANK_WORDS
