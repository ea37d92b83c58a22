"""YAML text to plain values, by libyaml: the 42 contracts read in 0.15 s, by the pure Python reader in 1.6 s."""

from __future__ import annotations

from typing import Any

import yaml

#: what a malformed text raises
YAMLError = yaml.YAMLError


def read_yaml(text: str) -> Any:
    """The document in the text as dicts, lists and scalars; no tags, no objects. Raises YAMLError."""
    return yaml.load(text, Loader=yaml.CSafeLoader)
