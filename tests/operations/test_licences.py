"""docs/licences.md lists what is installed at the bureau: every locked package, its version and a licence."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from fundwatch.checks import pins
from fundwatch.home import PROJECT


def listed() -> dict[str, tuple[str, str]]:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (PROJECT / "docs" / "licences.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| Package", "| ---"))
    ]
    return {name: (version, licence) for name, version, licence in rows}


def test_list_is_the_lock_file():
    locked = {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins()}
    assert {name: version for name, (version, _) in listed().items()} == locked


def test_every_package_states_a_licence_that_lets_the_product_stay_under_its_own():
    for name, (_, licence) in listed().items():
        assert licence not in ("", "UNKNOWN"), name
        # LGPL is met by a library that anybody can replace; a plain GPL or AGPL would bind the product
        strict = licence.replace("LGPL", "").replace("Lesser General Public", "")
        assert "GPL" not in strict, (name, licence)
        assert "General Public" not in strict, (name, licence)
