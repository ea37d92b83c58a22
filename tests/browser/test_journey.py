"""Sign-in → overview → coverage → institution → case → export → logout, with nothing but loopback to reach."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.browser.stage import ROOT

pytestmark = pytest.mark.browser


def test_the_whole_journey_needs_only_loopback(demo_home_copy):
    command = [
        sys.executable, "-m", "tests.browser.loopback", sys.executable, "-m", "tests.browser.journey",
        str(demo_home_copy.root),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.strip().splitlines()[-1])
    assert seen == {
        "hosts": ["127.0.0.1"],
        "before_sign_in": 0,
        "deep_link_kept": True,
        "tile_opens": "/kpi-list",
        "row_opens": "/institution",
        "claim_opens": "/case",
        "export_bom": True,
        "export_rows": seen["export_rows"],
        "back_to": "/institution",
        "after_logout": "form",
    }
    assert seen["export_rows"] > 0


def test_outside_of_the_loopback_run_other_addresses_cannot_be_reached():
    """The test above would prove nothing if its network had a way out."""
    probe = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
    command = [sys.executable, "-m", "tests.browser.loopback", sys.executable, "-c", probe]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "Network is unreachable" in done.stderr
