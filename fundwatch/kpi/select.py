"""One SELECT from its pieces."""

from __future__ import annotations

from collections.abc import Sequence


def select(
    columns: Sequence[str],
    source: str,
    conditions: Sequence[str | None] = (),
    group_by: Sequence[str] = (),
) -> str:
    """One select; its pieces come from declarations in the repository, values are ``$names``."""
    where = " and ".join(f"({condition})" for condition in conditions if condition)
    clauses = [f"select {commas(columns)}", f"from {source}"]
    clauses += [f"where {where}"] if where else []
    clauses += [f"group by {commas(group_by)}"] if group_by else []
    return "\n".join(clauses)


def commas(items: Sequence[str]) -> str:
    """The pieces as a list."""
    return ", ".join(items)
