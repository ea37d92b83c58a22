"""Documents that are made from declarations, or name things that must exist, stay true."""

import pkgutil
import re

import pytest

import fundwatch.cli
from fundwatch.cli.app import NOT_COMMANDS
from fundwatch.glossary import TARGET, render
from tests.conftest import ROOT


def test_glossary_is_what_the_declarations_say():
    assert TARGET.read_text(encoding="utf-8") == render()


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_names_every_command(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    commands = {module.name for module in pkgutil.iter_modules(fundwatch.cli.__path__)} - NOT_COMMANDS
    assert {name for name in commands if not re.search(rf"\b{name}\b", text)} == set()


@pytest.mark.parametrize(
    "document", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/architecture.md"]
)
def test_links_of_a_document_lead_somewhere(document):
    source = ROOT / document
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", source.read_text(encoding="utf-8"))
    assert [link for link in links if not (source.parent / link).exists()] == []


def test_ci_runs_the_test_command_of_the_readme():
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().endswith("make test")
