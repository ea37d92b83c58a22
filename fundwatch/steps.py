"""Named selects that several queries share: ``queries/kpis/steps`` for declarations, ``queries/pages/steps`` for screens.

A declaration, a page query or another step names a step where it would name a table; the select is put before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from fundwatch.home import QUERIES

OF_KPIS, OF_PAGES = QUERIES / "kpis" / "steps", QUERIES / "pages" / "steps"
_STEP = re.compile(r"\bstep_[a-z][a-z0-9_]*")
_OPENING = re.compile(r"\s*(?:/\*.*?\*/)?\s*(with\b)?", re.DOTALL)


@lru_cache(maxsize=2)
def steps(folder: Path = OF_KPIS) -> dict[str, str]:
    """All steps of a folder by name."""
    return {path.stem: path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("step_*.sql"))}


def steps_used(texts: Iterable[str], folder: Path = OF_KPIS) -> dict[str, str]:
    """The steps that the texts name, directly or through another step, each after those it reads.

    Raises ValueError naming a step that does not exist.
    """
    found: dict[str, str] = {}
    for text in texts:
        for name in dict.fromkeys(_STEP.findall(text)):
            if name not in steps(folder):
                raise ValueError(f"没有 {name}.sql")
            if name not in found:
                found |= steps_used([steps(folder)[name]], folder)
                found[name] = steps(folder)[name]
    return found


def chain(selects: Mapping[str, str]) -> str:
    """The selects by name as the parts of one WITH."""
    return ",\n\n".join(f"{name} as (\n{sql}\n)" for name, sql in selects.items())


@lru_cache(maxsize=128)
def page_sql(name: str) -> str:
    """The text of ``queries/pages/<name>.sql``, with the steps that it names."""
    text = (QUERIES / "pages" / f"{name}.sql").read_text(encoding="utf-8")
    used = steps_used([text], OF_PAGES)
    if not used:
        return text
    opening = _OPENING.match(text)
    assert opening is not None  # it matches the empty string too
    return f"with\n\n{chain(used)}{',' if opening[1] else ''}\n\n{text[opening.end() :].lstrip()}"
