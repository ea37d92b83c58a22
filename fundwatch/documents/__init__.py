"""Documents to carry away: one neutral model of a document, written as DOCX (GB/T 9704-2012) and as PDF.

No part of it imports a user interface, so that a command makes the same bytes as a click.
"""

from __future__ import annotations

from fundwatch.documents.model import Block, Chart, Column, Document, Paragraph, Section, Series, Table
from fundwatch.documents.pdf import as_pdf, as_pictures
from fundwatch.documents.word import as_docx

__all__ = [
    "Block", "Chart", "Column", "Document", "Paragraph", "Section", "Series", "Table", "as_docx", "as_pdf", "as_pictures",
]  # fmt: skip
