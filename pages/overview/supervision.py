"""监管总览: the start page."""

from fundwatch.ui import start_page

page = start_page(__file__)
