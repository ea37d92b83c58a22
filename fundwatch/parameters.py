"""Declared parameters: ``data/reference/parameters.yaml``, and those that stand in the headers of screening rules."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from fundwatch.errors import UsageError, UserError
from fundwatch.home import REFERENCE
from fundwatch.yaml_text import YAMLError, read_yaml

Value = int | Decimal | str
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Dated(BaseModel):
    """A shipped value and the day it begins (null: since ever)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    from_: dt.date | None = Field(alias="from")
    value: Text


class Parameter(BaseModel):
    """One declared parameter; unknown keys, an empty label or a missing source are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    kind: Literal["int", "decimal", "text"]
    unit: Text
    values: tuple[Dated, ...]
    source: Text
    source_status: Literal["未核实"] | None = None
    timeless: bool = False
    #: whose business it is: the bureau's (thresholds, the county) or the server's (sign-in, limits of loading)
    area: Literal["business", "system"] = "business"
    #: where it acts, when neither a KPI nor a rule nor a model names it
    acts: Text | None = None
    pattern: Text | None = None
    minimum: int | None = None
    maximum: int | None = None

    @model_validator(mode="after")
    def _shipped_values_fit(self) -> Parameter:
        for dated in self.values:
            self.read(dated.value)
        return self

    def read(self, text: str) -> Value:
        """The text as the parameter's type; raises UsageError saying what is wanted."""
        text = text.strip()
        if self.kind == "text":
            if not text or not re.fullmatch(self.pattern or ".+", text):
                raise UsageError(f"{self.key}({self.label})的值“{text}”不符合要求。")
            return text
        try:
            value: Value = int(text) if self.kind == "int" else Decimal(text)
        except (ValueError, InvalidOperation) as error:
            wanted = "整数" if self.kind == "int" else "数字"
            raise UsageError(f"{self.key}({self.label})的值“{text}”应为{wanted}({self.unit})。") from error
        low, high = self.minimum, self.maximum
        finite = not isinstance(value, Decimal) or value.is_finite()
        if not finite or (low is not None and value < low) or (high is not None and value > high):
            raise UsageError(f"{self.key}({self.label})的值“{text}”超出范围 {low} 至 {high}({self.unit})。")
        return value


@lru_cache(maxsize=1)
def parameters() -> dict[str, Parameter]:
    """Declared parameters by key, in file order; raises UserError naming the fault."""
    path = REFERENCE / "parameters.yaml"
    try:
        found = [Parameter.model_validate(item) for item in read_yaml(path.read_text(encoding="utf-8"))]
    except (ValidationError, UsageError, YAMLError) as error:
        raise UserError(f"参数文件 {path.name} 有误:\n{error}") from error
    found += _of_rules()
    keys = [parameter.key for parameter in found]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise UserError(f"参数文件 {path.name} 重复:{', '.join(twice)}")
    return {parameter.key: parameter for parameter in found}


def _of_rules() -> list[Parameter]:
    """Parameters of the screening rules; they are declared in the header of the rule that uses them."""
    from fundwatch.rules.library import rule_parameters

    return [
        Parameter.model_validate({
            "key": key, "label": f"{rule.rule_id} {rule.header.title}:{declared.label}",
            "kind": "decimal" if "." in declared.value else "int", "unit": declared.unit,
            "values": [{"from": None, "value": declared.value}], "source": declared.source,
            "source_status": declared.source_status, "minimum": declared.minimum, "maximum": declared.maximum,
        })
        for key, (rule, declared) in rule_parameters().items()
    ]  # fmt: skip
