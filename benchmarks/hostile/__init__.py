"""Hostile input, family by family: what must hold is in each module's first lines (``python -m benchmarks.hostile``)."""
