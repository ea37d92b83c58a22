"""What screens are made of. The first statement of a page is ``page = start_page(__file__)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fundwatch.ui.shell import Page, start_page

__all__ = ["Page", "start_page"]


def __getattr__(name: str) -> Any:
    """Page and start_page, read when asked for: words and numbers of this package serve commands, which start no Streamlit."""
    if name in __all__:
        from fundwatch.ui import shell

        return getattr(shell, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
