"""The Chinese fonts of this machine: found once, handed to typst, registered for chart pictures.

Without a Chinese font both engines go on silently and leave the characters out, so that a document is only made when one is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst
import vl_convert

from fundwatch.errors import UserError

#: a folder with the bureau's own font files, besides those of the system
VARIABLE = "FUNDWATCH_FONTS"
#: free fonts that may be embedded, best first; fonts-noto-cjk (scripts/system.sh) has both
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei")


@dataclass(frozen=True)
class Fonts:
    """The families that documents on this machine use, and what typst needs to find them."""

    serif: str
    sans: str
    #: all fonts of the machine, scanned once (0.6 s)
    book: typst.Fonts

    @property
    def chart(self) -> str:
        """The family of chart text."""
        return self.sans


def find_fonts() -> Fonts:
    """The fonts for documents. Raises UserError when the machine has no Chinese font.

    Where only one of the two kinds is there, it stands for both.
    """
    return _found(os.environ.get(VARIABLE, ""))


@lru_cache(maxsize=4)
def _found(own_folder: str) -> Fonts:
    folders = [own_folder] if own_folder else []
    if own_folder and not Path(own_folder).is_dir():
        raise UserError(f"环境变量 {VARIABLE} 指定的字体目录不存在:{own_folder}。请改正后重试。")
    book = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=folders)
    serif, sans = chosen(book.families())
    for folder in _folders_of(book, (serif, sans)):
        vl_convert.register_font_directory(str(folder))
    return Fonts(serif, sans, book)


def chosen(families: Iterable[str]) -> tuple[str, str]:
    """Serif and sans of the families there are. Raises UserError when neither kind is among them."""
    there = set(families)
    serif, sans = _first(SERIF, there), _first(SANS, there)
    if serif is None and sans is None:
        raise UserError(
            "本机没有可嵌入的中文字体,生成的文件会缺字,因此没有生成。请安装字体后重试:"
            f"apt-get install fonts-noto-cjk,或把思源字体放入一个目录并用环境变量 {VARIABLE} 指明。"
        )
    return serif or sans or "", sans or serif or ""


def _first(wanted: Sequence[str], there: set[str]) -> str | None:
    return next((name for name in wanted if name in there), None)


def _folders_of(book: typst.Fonts, families: Iterable[str]) -> list[Path]:
    wanted = set(families)
    return sorted({Path(font.path).parent for font in book.fonts() if font.family in wanted and font.path})
