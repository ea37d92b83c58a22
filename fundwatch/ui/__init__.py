"""What screens are made of. The first statement of a page is ``page = start_page(__file__)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fundwatch.ui.shell import Page, start_page

__all__ = ["Page", "start_page"]


def __getattr__(name: str) -> Any:
    # Commands use the words and numbers of this package: those modules must not bring a web server along.
    if name in __all__:
        from fundwatch.ui import shell

        return getattr(shell, name)
    raise AttributeError(name)
