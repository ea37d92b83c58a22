"""Locked files agree, and the one that a bureau installs holds nothing of the tests' tools."""

from __future__ import annotations

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fundwatch.home import PROJECT

FILES = ("requirements.txt", "requirements-dev.txt", "requirements-lab.txt", "requirements-spark.txt")
#: what tests, notebooks and the other engine need, and no bureau
NOT_SERVED = {"pyspark", "py4j", "grpcio", "pytest", "playwright", "polars", "jupyterlab"}


def locked(file: str) -> dict[str, str]:
    """Versions by package; fails on a line that leaves one open."""
    lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.lstrip().startswith(("#", "-"))]
    assert all([one.operator for one in pin.specifier] == ["=="] for pin in pins), file
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins}


def test_no_package_is_locked_to_two_versions():
    """`make test` installs several of the files into one environment: the last would win."""
    versions: dict[str, set[str]] = {}
    for file in FILES:
        for name, version in locked(file).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_what_a_bureau_installs_has_no_test_tool_and_no_second_engine():
    assert not NOT_SERVED & locked("requirements.txt").keys()
    others = set().union(*(locked(file) for file in FILES[1:]))
    assert others >= NOT_SERVED, "a name that no file has proves nothing"
