"""How much of the repeated work a run does: `make test` some of it, `make test-deep` all of it.

The same promise is checked on fewer random counties, kill points or pairs; nothing is left out altogether.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")
DEEP = os.environ.get("FUNDWATCH_DEEP") == "1"


def cases(all_of_them: Sequence[Case], few: int) -> Sequence[Case]:
    """The first ``few`` in a usual run, all in a deep one."""
    return all_of_them if DEEP else all_of_them[:few]
