"""From the bureau's files to typed rows in the lake, with an account of every row."""

from __future__ import annotations

from fundwatch.loader.load import load_paths
from fundwatch.loader.preview import preview_paths
from fundwatch.loader.report import FileReport, LoadReport, Reason

__all__ = ["FileReport", "LoadReport", "Reason", "load_paths", "preview_paths"]
