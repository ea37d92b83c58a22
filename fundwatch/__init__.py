"""Fundwatch: supervision of a county's medical-insurance fund."""

__version__ = "0.1.0"
