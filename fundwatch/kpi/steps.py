"""Named selects that several parts of a declaration share: ``queries/kpis/steps/step_*.sql``.

A declaration (or another step) names a step where it would name a table; the writer puts the select before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from fundwatch.home import QUERIES

_STEP = re.compile(r"\bstep_[a-z][a-z0-9_]*")


@lru_cache(maxsize=1)
def steps() -> dict[str, str]:
    """All steps by name."""
    folder = QUERIES / "kpis" / "steps"
    return {path.stem: path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("step_*.sql"))}


def steps_used(texts: Iterable[str]) -> dict[str, str]:
    """The steps that the texts name, directly or through another step, each after those it reads.

    Raises ValueError naming a step that does not exist.
    """
    found: dict[str, str] = {}
    for text in texts:
        for name in dict.fromkeys(_STEP.findall(text)):
            if name not in steps():
                raise ValueError(f"没有 {name}.sql")
            if name not in found:
                found |= steps_used([steps()[name]])
                found[name] = steps()[name]
    return found
