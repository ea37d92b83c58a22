"""Alerts: what is below its target, out of its usual range, or drifting; recorded by month and version, acknowledged by people.

An alert is a lead (提示,待核实), never a finding. ``current`` gives those that are new, last or have ended, for screens and packs.
"""

from fundwatch.alerts.current import Alert, State, current, judged
from fundwatch.alerts.observe import Observation
from fundwatch.alerts.store import Acknowledgement, acknowledge, history, look

__all__ = [
    "Acknowledgement",
    "Alert",
    "Observation",
    "State",
    "acknowledge",
    "current",
    "history",
    "judged",
    "look",
]
