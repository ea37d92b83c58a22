"""The fictional county: files in the contract's formats, the same bytes for the same seed."""

from fundwatch.demo.county import make_demo
from fundwatch.demo.plan import SCALES, Plan, plan_for

__all__ = ["SCALES", "Plan", "make_demo", "plan_for"]
