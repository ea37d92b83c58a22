"""Everything that a browser gets of a screen, as text to be searched."""

from __future__ import annotations

import re
from typing import Any


def drawn(node: Any) -> str:
    """The protocol messages of a screen, tables and chart data included."""
    texts = []
    for element in walk(node):
        proto = getattr(element, "proto", None)
        if proto is None:
            continue
        texts.append(proto.SerializeToString().decode("utf-8", "replace"))
        if element.type == "arrow_data_frame":
            texts.append(element.value.to_csv())
    return "\n".join(texts)


def walk(block: Any):
    """All elements below a block, blocks included."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield child
            yield from walk(child)
        else:
            yield child


def leaked(text: str, values: set[str]) -> list[str]:
    """The values that stand in the text as words."""
    return sorted(set(re.findall(r"[A-Za-z0-9_:\-]+", text)) & values)
