"""The YAML header of a rule file. Unknown keys, empty texts and a parameter without unit or source are refused."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from fundwatch.contracts import contracts

#: what people write to get past a required key
NO_ANSWERS = frozenset({"n/a", "na", "none", "无", "待定", "-"})


def _answers(text: str) -> str:
    if text.lower() in NO_ANSWERS:
        raise ValueError(f"“{text}”不是内容")
    return text


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_answers)]
Level = Literal["明确违规", "可疑", "提示"]
#: M0 no amount; M1 whole lines; M2 share beyond a limit; M3 share not discounted; M4 the occurrence that came too early;
#: M5 price above the limit; M6 the fund's payment of the whole settlement
Method = Literal["M0", "M1", "M2", "M3", "M4", "M5", "M6"]
METHODS: dict[str, str] = {
    "M0": "无金额(数据质量或线索)",
    "M1": "所列明细的政策范围内金额",
    "M2": "政策范围内金额 ×(数量 − 限量)÷ 数量",
    "M3": "政策范围内金额 × 未折价数量 ÷ 数量",
    "M4": "过早一次的政策范围内金额",
    "M5": "(单价 − 限价)× 数量,不超过政策范围内金额",
    "M6": "结算的基金支付总额",
}
PRO_RATA = ("M2", "M3")


class Strict(BaseModel):
    """Refuses unknown keys, so that a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleParameter(Strict):
    """A value of the rule that a bureau may set; ``value`` is the default and is read like any setting."""

    label: Text
    value: Text
    unit: Text
    minimum: int | None = None
    maximum: int | None = None
    source: Text
    source_status: Literal["未核实"] | None = None


class Knowledge(Strict):
    """Knowledge that must be loaded: points of a limit type (of drugs or items, of a unit), pairs, or codes."""

    limit: Text | None = None
    kind: Literal["药品", "项目"] | None = None
    #: the point's unit holds one of these words
    unit: tuple[Text, ...] | None = None
    pair: Text | None = None
    code: Text | None = None
    #: codes that name a related code, pairs that name both items (True) or a group and one item (False); None: whichever
    related: bool | None = None

    @model_validator(mode="after")
    def _one_sort(self) -> Knowledge:
        if sum(word is not None for word in (self.limit, self.pair, self.code)) != 1:
            raise ValueError("limit、pair、code 必须恰好写一个")
        if self.limit is None and (self.kind or self.unit):
            raise ValueError("kind、unit 只用于 limit")
        if self.limit and self.related is not None:
            raise ValueError("related 只用于 pair、code")
        return self

    @property
    def table(self) -> str:
        """The contract table that holds such points."""
        if self.pair:
            return "kb_item_pair"
        return "kb_code" if self.code else "kb_item_limit"

    @property
    def words(self) -> str:
        """What is wanted, as a person reads it."""
        if self.pair:
            detail = {None: "", True: "(写明项目A和项目B)", False: "(按组)"}[self.related]
            return f"成对知识点:{self.pair}{detail}"
        if self.code:
            return f"代码表:{self.code}" + ("(含关联代码)" if self.related else "")
        detail = ",".join(filter(None, (self.kind, self.unit and f"单位含“{'、'.join(self.unit)}”")))
        return f"限定知识点:{self.limit}" + (f"({detail})" if detail else "")


class Needs(Strict):
    """Without a table or knowledge in ``tables`` or ``knowledge`` the rule is not run; ``partial`` only widens it."""

    tables: tuple[str, ...] = Field(min_length=1)
    knowledge: tuple[Knowledge, ...] = ()
    partial: tuple[Knowledge, ...] = ()

    @model_validator(mode="after")
    def _tables_known(self) -> Needs:
        unknown = sorted(set(self.tables) - contracts().keys())
        if unknown:
            raise ValueError(f"没有这些表: {', '.join(unknown)}")
        return self


class Reach(Strict):
    """How far from a visit other visits may lie and still decide its hits: days, or the same calendar unit."""

    #: days between the two visits, each from its first to its last day (admission, fee, settlement); 0: they touch
    days: Annotated[int, Field(ge=0, le=3660)] | None = None
    unit: Literal["month", "half_year", "year", "ever"] | None = None
    #: other persons' visits decide too; else only those of the person
    others: bool = False

    @property
    def is_far(self) -> bool:
        """Whether it reaches over months that have nothing to do with the visit's own days."""
        return self.unit in ("half_year", "year", "ever")

    @model_validator(mode="after")
    def _one_sort(self) -> Reach:
        if (self.days is None) == (self.unit is None):
            raise ValueError("days、unit 必须恰好写一个")
        return self


class EvidenceLabels(Strict):
    """What the evidence columns hold: what was found, what it was held against, and what stands beside the line."""

    found: Text
    limit: Text
    related: Text | None = None


class RuleHeader(Strict):
    """What a rule says of itself. ``basis`` is null where the catalogue names no clause."""

    title: Text
    class_: Literal["政策类", "管理类", "医疗类"] = Field(alias="class")
    basis: Text | None
    #: 未核实: the screen cites no clause for it
    source_status: Literal["未核实"] | None = None
    level: Level
    amount_method: Method
    #: contract table whose key is the hit line's id
    lines: str
    needs: Needs
    #: None: the settlements of one visit decide alone
    reach: Reach | None = None
    params: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], RuleParameter] = {}
    evidence: EvidenceLabels
    #: lawful behaviour that matches too, and that data cannot tell apart
    not_a_violation: Text
    note: Text | None = None
    owner: Text
    reviewed: dt.date

    @model_validator(mode="after")
    def _fits(self) -> RuleHeader:
        if self.lines not in contracts():
            raise ValueError(f"lines: 没有表 {self.lines}")
        if self.basis is None and self.level == "明确违规":
            raise ValueError("明确违规必须有依据 basis")
        return self
