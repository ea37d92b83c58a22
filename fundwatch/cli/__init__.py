"""The command line. Each command lives in a module of its own and registers itself on ``app``."""

from __future__ import annotations

from fundwatch.cli.app import main

__all__ = ["main"]
