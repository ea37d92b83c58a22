"""Text from files is shown as it is."""

from __future__ import annotations

import pytest

from fundwatch.ui.words import escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲医院", "甲医院"),
        ("![x](http://e)", r"\!\[x\]\(http\://e\)"),
        ("<b>", r"\<b\>"),
        (":red[x] $a$", r"\:red\[x\] \$a\$"),
        ("a\n# b", r"a \# b"),
    ],
)
def test_signs_of_markup_are_made_literal(text, shown):
    assert escaped(text) == shown
