"""DOCX and PDF of one document: same words in both, official measures, fonts named or embedded, no character lost."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pytest
import typst
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image
from sample_document import CHART, TABLE, sample_document

from fundwatch.documents import as_docx, as_pdf, as_pictures, official
from fundwatch.documents.charts import as_png, as_svg, spec
from fundwatch.documents.fonts import VARIABLE, Fonts, chosen, find_fonts
from fundwatch.documents.model import as_data, chinese, from_data, number_words
from fundwatch.errors import UserError
from fundwatch.home import PROJECT

MONTHLY = PROJECT / "reports" / "monthly"
WORD, TYPST = MONTHLY / "monthly.docx", MONTHLY / "monthly.typ"
DARK = 128


@pytest.fixture(scope="module")
def word():
    return docx.Document(io.BytesIO(as_docx(sample_document(), WORD)))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return as_pdf(sample_document(), TYPST)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def dark(picture: bytes, box: tuple[int, int, int, int] | None = None) -> int:
    """Dark pixels of a picture."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    return sum(image.crop(box).histogram()[:DARK] if box else image.histogram()[:DARK])


def test_a_document_comes_back_from_its_data_unchanged():
    assert from_data(as_data(sample_document())) == sample_document()


def test_headings_are_numbered_as_the_standard_has_it():
    assert [number_words(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2．", "（2）"]
    assert [chinese(number) for number in (1, 9, 10, 11, 20, 35)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "三十五",
    ]


def test_every_word_of_the_document_is_in_the_docx(word):
    printed = squeezed("".join(_texts(word)))
    alternatives = " ".join(node.get("descr", "") for node in word.element.iter(qn("wp:docPr")))
    for text in sample_document().words():
        # what a chart writes is in its picture, its words are the picture's text alternative
        if text not in (CHART.unit, *CHART.categories, *(series.name for series in CHART.series)):
            assert squeezed(text) in printed or text in alternatives, text
    assert "{{" not in printed
    assert "⟦" not in printed


def test_every_word_of_the_document_is_in_the_pdf_as_text(pdf):
    printed = squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))
    for text in sample_document().words():
        if text != CHART.words:
            assert squeezed(text) in printed, text


def test_the_docx_has_the_measures_of_the_standard(word):
    section = word.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    body = word.styles[official.BODY]
    assert body.font.size == Pt(16)
    assert 28 <= body.paragraph_format.line_spacing.pt <= 30
    lines = (297 - 37 - 35) / 25.4 * 72 / body.paragraph_format.line_spacing.pt
    assert int(lines) == 22
    characters = (210 - 28 - 26) / 25.4 * 72 / (16 + official.CLOSER_PT)
    assert int(characters) == 28


def test_the_docx_names_chinese_fonts_in_its_styles(word):
    wanted = {
        "Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312", "Heading 3": "仿宋_GB2312",
        "Heading 4": "仿宋_GB2312", official.BODY: "仿宋_GB2312", official.TABLE_TEXT: "仿宋_GB2312",
    }  # fmt: skip
    for name, chinese_font in wanted.items():
        fonts = word.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == chinese_font, name
        assert fonts.get(qn("w:ascii")) == "Times New Roman", name
        assert fonts.get(qn("w:eastAsiaTheme")) is None, name


def test_headings_and_body_use_the_styles_and_nothing_else(word):
    used = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs}
    assert used["一、日常稽核"] == "Heading 1"
    assert used["（一）现场检查"] == "Heading 2"
    assert used["1．文书"] == "Heading 3"
    assert used["现场检查96次。"] == official.BODY
    assert used["虚构县医疗保障局六项信息月报"] == "Title"


def test_page_numbers_stand_on_the_outer_side(word):
    section = word.sections[0]
    assert word.settings.odd_and_even_pages_header_footer
    for footer in (section.footer, section.even_page_footer):
        assert " PAGE " in [node.text for node in footer._element.iter(qn("w:instrText"))]
    sides = [footer.paragraphs[0].alignment for footer in (section.footer, section.even_page_footer)]
    assert [str(side).split()[0] for side in sides] == ["RIGHT", "LEFT"]


def test_a_table_stays_a_table_with_its_header_on_each_page(word):
    [table] = word.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        [column.header for column in TABLE.columns],
        *(list(row) for row in TABLE.rows),
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_same_document_gives_the_same_bytes(pdf):
    assert as_pdf(sample_document(), TYPST) == pdf
    assert as_docx(sample_document(), WORD) == as_docx(sample_document(), WORD)


def test_the_pdf_embeds_a_chinese_font_and_says_what_it_is(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    names = {
        str(font["/BaseFont"])
        for page in reader.pages
        for font in (entry.get_object() for entry in page["/Resources"]["/Font"].values())
    }
    assert any("CJK" in name or "HanS" in name or "WenQuan" in name for name in names), names
    assert reader.metadata.title == "虚构县医疗保障局六项信息月报"
    assert reader.metadata.creation_date.strftime("%Y-%m-%d") == "2024-07-08"
    assert len(reader.pages) in (2, 3)


def test_no_character_is_missing_on_the_rendered_page():
    """Latin letters alone would draw the same page with far less ink: 缺字 is seen as lost pixels."""
    full = as_pictures(sample_document("医保基金监管" * 20), TYPST)[0]
    lost = as_pictures(sample_document(" " * 120), TYPST)[0]
    assert dark(full) - dark(lost) > 120 * 60


def test_chart_text_is_drawn_in_a_font_that_has_the_characters():
    """What docs say of lost glyphs: the default font loses Chinese, an unknown one everything."""
    fonts = find_fonts()
    nowhere = Fonts(fonts.serif, "NoSuchFont", fonts.book)
    drawn, lost = dark(as_png(CHART, fonts)), dark(as_png(CHART, nowhere))
    assert drawn > lost + 1_000
    assert "本年" in as_svg(CHART, fonts)


def test_chart_values_are_those_of_the_document():
    rows = next(iter(spec(CHART, "x")["datasets"].values()))
    assert [(row["系列"], row["类别"], row["值"]) for row in rows[:3]] == [
        ("本年", "4月", 25.0),
        ("本年", "5月", None),
        ("本年", "6月", 96.0),
    ]
    assert spec(CHART, "x")["config"]["font"] == "x"


def test_without_a_chinese_font_nothing_is_made():
    with pytest.raises(UserError, match="没有可嵌入的中文字体"):
        chosen(["DejaVu Sans", "Liberation Serif"])
    assert chosen(["WenQuanYi Zen Hei"]) == ("WenQuanYi Zen Hei", "WenQuanYi Zen Hei")


def test_a_font_folder_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv(VARIABLE, "/no/such/folder")
    with pytest.raises(UserError, match="/no/such/folder"):
        find_fonts()


def test_the_engine_that_sets_the_pdf_sees_the_chosen_fonts():
    fonts = find_fonts()
    assert isinstance(fonts.book, typst.Fonts)
    assert {fonts.serif, fonts.sans} <= set(fonts.book.families())


def test_a_template_that_asks_for_what_is_not_there_is_refused(tmp_path):
    changed = docx.Document(str(WORD))
    changed.paragraphs[0].text = "{{ 抄送 }}"
    changed.save(str(tmp_path / "own.docx"))
    with pytest.raises(UserError, match="抄送"):
        as_docx(sample_document(), tmp_path / "own.docx")


def test_a_template_without_a_place_for_the_text_is_refused(tmp_path):
    changed = docx.Document(str(WORD))
    for paragraph in changed.paragraphs:
        if "正文" in paragraph.text:
            paragraph.text = ""
    changed.save(str(tmp_path / "own.docx"))
    with pytest.raises(UserError, match="缺少单独一段"):
        as_docx(sample_document(), tmp_path / "own.docx")


def test_a_changed_template_changes_the_document(tmp_path):
    changed = docx.Document(str(WORD))
    changed.styles[official.BODY].font.size = Pt(15)
    changed.add_paragraph("抄送：{{ 落款单位 }}")
    changed.save(str(tmp_path / "own.docx"))
    made = docx.Document(io.BytesIO(as_docx(sample_document(), tmp_path / "own.docx")))
    assert made.styles[official.BODY].font.size == Pt(15)
    assert made.paragraphs[-1].text == "抄送：虚构县医保经办中心"


def test_a_missing_template_is_named():
    for write, name in ((as_docx, "none.docx"), (as_pdf, "none.typ")):
        with pytest.raises(UserError, match=name):
            write(sample_document(), Path("/nowhere") / name)


def test_marks_of_markup_in_the_data_stay_text(pdf):
    words = "甲院 <b> & $x$ #let [x] *y* _z_ {{ 7 }}"
    document = sample_document(words)
    printed = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(as_pdf(document, TYPST))).pages)
    assert squeezed(words) in squeezed(printed)
    made = docx.Document(io.BytesIO(as_docx(document, WORD)))
    assert words in [paragraph.text for paragraph in made.paragraphs]


def test_characters_that_no_font_has_are_boxes_and_control_characters_are_left_out():
    document = sample_document("甲\ue183乙👩丙\x00\x1b丁\t戊\u202e己\ufe0f\u093c\u093c")
    printed = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(as_pdf(document, TYPST))).pages)
    assert "甲□乙□丙丁戊己" in squeezed(printed)
    document = replace(document, title="甲\x00乙" * 200, slots=document.slots | {"落款单位": "丙\x01丁"})
    made = docx.Document(io.BytesIO(as_docx(document, WORD)))
    assert made.core_properties.title == ("甲乙" * 200)[:255]
    assert "丙丁" in [paragraph.text.strip() for paragraph in made.paragraphs]


def test_the_shipped_template_is_the_official_one():
    fresh = docx.Document(io.BytesIO(official.official_template()))
    shipped = docx.Document(str(WORD))
    assert shipped.styles.element.xml == fresh.styles.element.xml
    assert [p.text for p in shipped.paragraphs] == [p.text for p in fresh.paragraphs]


def _texts(word) -> list[str]:
    body = [paragraph.text for paragraph in word.paragraphs]
    return [*body, *(cell.text for table in word.tables for row in table.rows for cell in row.cells)]
