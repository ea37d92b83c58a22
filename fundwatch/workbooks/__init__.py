"""A screen as a workbook: one module per screen, named after its address, holds its ``BOOK``.

A book says which tables and charts the screen has, which filters it takes and which indicators it explains. It reads through
``fundwatch.screens`` only, so that the page's button and ``fundwatch export`` make the same file.
"""
