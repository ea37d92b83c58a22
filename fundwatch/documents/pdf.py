"""A document as PDF by typst: embedded Chinese font, selectable text, the same bytes for the same document."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import typst

from fundwatch.documents.charts import as_svg
from fundwatch.documents.fonts import Fonts, find_fonts
from fundwatch.documents.model import Block, Chart, Document, as_data, block_data, numbered, printable
from fundwatch.errors import UserError

#: archival: fonts embedded, text as Unicode, tagged
STANDARD = "a-2a"
PICTURE_PPI = 100.0
#: what an archival PDF may not hold: a character that no font of the machine draws; typst names the first one
UNDRAWN = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed', re.DOTALL)
CODE_POINT = re.compile(r"\\u\{(?P<hex>[0-9a-f]+)\}")
#: stands in its place; so many different ones are no text any more
BOX, MOST_UNDRAWN = "□", 60


def as_pdf(document: Document, template: Path, fonts: Fonts | None = None) -> bytes:
    """The document set by the .typ template.

    Raises UserError when the template is missing or wrong, or the machine has no Chinese font.
    """
    made = _compiled(document, template, fonts or find_fonts(), format="pdf", pdf_standards=STANDARD)
    assert isinstance(made, bytes)
    return made


def as_pictures(document: Document, template: Path, fonts: Fonts | None = None) -> list[bytes]:
    """The pages as PNG: a preview, and what the tests look for missing characters in."""
    made = _compiled(document, template, fonts or find_fonts(), format="png", ppi=PICTURE_PPI)
    return list(made) if isinstance(made, list) else [made]


def _compiled(document: Document, template: Path, fonts: Fonts, **options: Any) -> Any:
    if not template.is_file():
        raise UserError(f"没有找到文档模板 {template.name}。请从安装包恢复 reports 目录。")
    content = _mapped(_content(document, fonts), _settable)
    undrawn: set[str] = set()
    while True:
        inputs = {
            "document": json.dumps(content, ensure_ascii=False), "serif": fonts.serif, "sans": fonts.sans,
        }  # fmt: skip
        try:
            return typst.compile(
                str(template),
                # A template may use what lies beside its folder: reports/official.typ.
                root=str(template.resolve().parent.parent),
                font_paths=fonts.book,
                sys_inputs=inputs,
                timestamp=int(document.made_at.timestamp()),
                **options,
            )
        except typst.TypstError as error:
            found = _undrawn(error.message)
            if not found or found <= undrawn or len(undrawn) > MOST_UNDRAWN:
                raise UserError(f"模板 {template.name} 不能排版:{error.message}") from error
            undrawn |= found
            # a box with marks over it cannot be drawn either
            change = _unmarked if found == {BOX} else partial(_boxed, undrawn=found)
            content = _mapped(content, change)


def _settable(text: str) -> str:
    """What an archival PDF may hold of a text: no control characters, nothing of private use."""
    return "".join(BOX if unicodedata.category(sign) == "Co" else sign for sign in printable(text)).replace(
        "\t", " "
    )


def _unmarked(text: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFC", text) if not unicodedata.category(sign).startswith("M")
    )


def _boxed(text: str, undrawn: set[str]) -> str:
    return text.translate(str.maketrans(dict.fromkeys(undrawn, BOX)))


def _undrawn(message: str) -> set[str]:
    """The characters that typst says it cannot draw."""
    found = UNDRAWN.search(message)
    return set(CODE_POINT.sub(lambda m: chr(int(m["hex"], 16)), found["text"])) if found else set()


def _mapped(content: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed."""
    if isinstance(content, dict):
        return {name: _mapped(value, change) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_mapped(value, change) for value in content]
    return change(content) if isinstance(content, str) else content


def _content(document: Document, fonts: Fonts) -> dict[str, Any]:
    """The document's data with headings numbered and flat, and charts drawn."""
    data = as_data(document)
    flat = [
        {
            "level": level,
            "title": f"{number}{section.title}",
            "blocks": [_drawn(b, fonts) for b in section.blocks],
        }
        for level, number, section in numbered(document.sections)
    ]
    return {**data, "lead": [_drawn(b, fonts) for b in document.lead], "sections": flat}


def _drawn(block: Block, fonts: Fonts) -> dict[str, Any]:
    data = block_data(block)
    return {**data, "svg": as_svg(block, fonts)} if isinstance(block, Chart) else data
