"""Text from data on screen: shown as it is, never read as markup."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")


def escaped(text: str) -> str:
    """The text with every sign that Streamlit's markdown could read as markup made literal.

    A name in a bureau's file could otherwise draw a link, a formula or an image fetched from elsewhere.
    """
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
