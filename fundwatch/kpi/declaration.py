"""What a KPI declaration may say: one YAML file per KPI in ``queries/kpis``, read by one strict model.

A declaration describes a list: rows with dimensions, a numerator and (for ratios) a denominator. The number is the sum over
the list (``fundwatch.kpi.listing``).
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from fundwatch.contracts import Column, Contract, contracts
from fundwatch.errors import UserError
from fundwatch.home import QUERIES
from fundwatch.kpi.extras import extra_sql
from fundwatch.kpi.listing import PART, Days, ListColumn, Listing, Name, Number, Strict, Text
from fundwatch.kpi.window import WINDOW_PARAMETERS
from fundwatch.settings import TARGET_PATTERN, parameters
from fundwatch.steps import steps_used
from fundwatch.yaml_text import YAMLError, read_yaml

Dimension = Literal[
    "fixmedins_code", "fixmedins_type", "level_class", "medins_natu", "town_code", "admdvs",
    "insutype", "rule_id", "handle_type", "group_name", "month",
]  # fmt: skip
#: an attribute of the institution that every KPI with institutions can be split by, declared or not
OWNERSHIP = "medins_natu"
#: the county, of the institution or (``list.county``) of the insured: wherever there are institutions, but screens of one county do not
#: speak of it
COUNTY = "admdvs"
#: dimensions read from the institution; a KPI of institutions has them all, for filters at least
INSTITUTION_DIMENSIONS = ("fixmedins_code", "fixmedins_type", "level_class", "medins_natu", "town_code")
FILTERS = (*INSTITUTION_DIMENSIONS, COUNTY, "insutype")
#: list columns that are the institution's, not the fact's
INSTITUTION_COLUMNS = {
    "fixmedins_name", "fixmedins_type", "hosp_lv", "level_class", "medins_natu", "specialty", "town_code", "town_name",
}  # fmt: skip
DIMENSION_LABELS = {
    "fixmedins_code": "机构", "fixmedins_type": "机构类别", "level_class": "级别", "medins_natu": "机构性质",
    "town_code": "乡镇", COUNTY: "县区",
    "insutype": "险种", "rule_id": "规则", "handle_type": "处理方式", "group_name": "工作组", "month": "月份",
}  # fmt: skip


#: as precise.md writes them: n and N are two
ExtraName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z][a-z0-9_]*$")]


class Definition(Strict):
    """The definition in words, as a screen shows it."""

    numerator: Text
    denominator: Text | None = None
    note: Text | None = None


class Policy(Strict):
    """The document and clause that ask for the number; own definitions name 本系统定义."""

    document: Text
    clause: Text


class Target(Strict):
    """A target from a day on: ``100``, a bound ``<=20``, a range ``6-9``. ``first_data``: the home's first day of data."""

    from_: dt.date | Literal["first_data"] = Field(alias="from")
    value: Annotated[str, StringConstraints(pattern=f"^({TARGET_PATTERN.pattern})$")]
    #: MM-DD of the year by which it is to be reached; before that day a shortfall is no failure
    reach_by: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")] | None = None
    #: only for rows with this key, for example {insutype: "310"}
    only: dict[Dimension, Text] = Field(default_factory=dict)
    source_status: Literal["未核实"] | None = None


class AsOf(Strict):
    """What the data-through date is read from: the KPI's date column, over all rows in force."""

    source: Name
    date: Text
    where: Text | None = None


class Kpi(Strict):
    """One declared KPI."""

    id: Name
    label: Text
    #: place among the KPIs, in the order of kpis.md
    order: int
    group: Literal["协议检查", "事前提醒", "事中审核", "事后监管", "基金运行", "综合"]
    unit: Literal["%", "元", "家", "次", "人", "人次", "件", "条", "月", "工作日"]
    better: Literal["higher", "lower", "neither"]
    decimals: int = Field(ge=0, le=4)
    definition: Definition
    policy: tuple[Policy, ...] = Field(min_length=1)
    source_status: Literal["未核实"] | None = None
    owner: Text
    reviewed: dt.date
    #: url_path of the screen that shows it
    screen: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    dimensions: tuple[Dimension, ...]
    #: by month: rows grouped by their month, or the KPI evaluated anew for each month; None: not split by month
    month_split: Literal["rows", "restate"] | None = None
    #: whether the rows of a split add up to the whole (months that are restated never do)
    additive: bool
    #: the split that is always there: a fund is never mixed with another
    always_by: Literal["insutype"] | None = None
    asof: AsOf
    #: summed by day at build time, for lists of claim scale
    by_day: Days | None = None
    #: for lists of claim scale that ``by_day`` cannot sum: the number from sums, the list still row by row
    number: Number | None = None
    targets: tuple[Target, ...] = ()
    parameters: tuple[Name, ...] = ()
    listing: Listing = Field(alias="list")
    #: what stands beside the value: name → SQL aggregate over the list, or a built-in of fundwatch.kpi.extras
    extra: dict[ExtraName, Text] = Field(default_factory=dict)
    #: SQL aggregate over the list that gives the Chinese reason for which there is no value, else NULL
    no_value: Text | None = None

    @field_validator("by_day", mode="before")
    @classmethod
    def _days(cls, given: Any) -> Any:
        return {} if given is True else given or None

    @model_validator(mode="after")
    def _consistent(self) -> Kpi:
        faults = [*self._dimension_faults(), *self._parameter_faults(), *self._day_faults()]
        faults += self._number_faults()
        if self.listing.is_ratio != (self.definition.denominator is not None):
            faults.append("definition.denominator 与 list 的分母不一致")
        if faults:
            raise ValueError("; ".join(faults))
        _ = self.columns
        return self

    def _dimension_faults(self) -> list[str]:
        faults = []
        if ("month" in self.dimensions) != (self.month_split is not None):
            faults.append("dimensions 有 month 时必须写 month_split,没有时不写")
        if self.always_by and self.always_by not in self.dimensions:
            faults.append("always_by 不在 dimensions 中")
        if set(INSTITUTION_DIMENSIONS) & set(self.dimensions) and not self.listing.has_institution:
            faults.append("机构类维度需要 list.institution")
        return faults

    def _parameter_faults(self) -> list[str]:
        numbers = self.number.sql_texts() if self.number else []
        texts = [
            *self.listing.sql_texts(),
            *numbers,
            *self.extra.values(),
            *([self.no_value] if self.no_value else []),
        ]
        used = {name for text in texts for name in parameter_names(text)} - set(WINDOW_PARAMETERS)
        faults = []
        if used != set(self.parameters):
            faults.append(f"parameters 应为 {sorted(used)}")
        unknown = set(self.parameters) - set(parameters())
        if unknown:
            faults.append(f"没有声明的参数 {sorted(unknown)}")
        return faults

    def _day_faults(self) -> list[str]:
        """Why the list cannot be summed by day in advance: the sum would depend on more than the row's day and dimensions."""
        listing, days = self.listing, self.by_day
        if days is None:
            return []
        faults = []
        if listing.kind != "rows" or not listing.date or not self.additive or self.month_split == "restate":
            faults.append("只用于 kind rows、有 date、可相加、不逐月重算的指标")
        measures = [text for text in (listing.numerator, listing.denominator) if text]
        fixed = [text for text in (listing.source, listing.date, listing.where, listing.institution) if text]
        built = [*fixed, *steps_used(fixed).values(), *([] if days.keep else measures)]
        if any("institution." in text for text in [*built, *measures]):
            faults.append("机构属性按今天的登记,不能写入按日汇总")
        if {name for text in built for name in parameter_names(text)} & set(WINDOW_PARAMETERS):
            faults.append("依赖期间的分子分母须用 keep 写明所需列")
        read = {name for text in measures for name in re.findall(r"\bfact\.([a-z][a-z0-9_]*)", text)}
        if days.keep and read != set(days.keep):
            faults.append(f"keep 应为 {sorted(read)}")
        beside = [sql for text in (*self.extra.values(), self.no_value) if text and (sql := extra_sql(text))]
        if any(
            set(re.findall(r"[a-z_][a-z0-9_]*", re.sub("'[^']*'", "", text))) - _SUMS_ONLY for text in beside
        ):
            faults.append("extra、no_value 只能由 numerator、denominator 的合计得出")
        return [f"by_day:{fault}" for fault in faults]

    def _number_faults(self) -> list[str]:
        """Why the number may not be summed by another way than its list."""
        if self.number is None:
            return []
        faults = []
        if self.listing.kind not in ("rows", "distinct") or self.by_day:
            faults.append("只用于 kind rows 或 distinct、没有 by_day 的指标")
        if bool(self.number.institution) != self.listing.has_institution:
            faults.append("与 list 的 institution 不一致")
        if bool(self.number.county) != bool(self.listing.county):
            faults.append("与 list 的 county 不一致")
        if (self.number.denominator is None) != (self.listing.denominator is None):
            faults.append("与 list 的分母不一致")
        return [f"number:{fault}" for fault in faults]

    @cached_property
    def columns(self) -> tuple[ListColumn, ...]:
        """The list's columns with labels; ``numerator`` and ``denominator`` follow them."""
        own = tuple(
            column if isinstance(column, ListColumn) else _labelled(column, self.listing.contract)
            for column in self.listing.columns
        )
        return (PART, *own) if self.listing.kind == "pair" else own

    @property
    def is_ratio(self) -> bool:
        return self.listing.is_ratio and self.definition.denominator is not None

    @property
    def scale(self) -> int:
        """What numerator ÷ denominator is multiplied by to be in the KPI's unit."""
        return 100 if self.unit == "%" else 1

    @property
    def filterable(self) -> tuple[str, ...]:
        """Filters that apply to this KPI; others are ignored, and the screen says so."""
        own = ("insutype",) if "insutype" in self.dimensions else ()
        return (*((*INSTITUTION_DIMENSIONS, COUNTY) if self.listing.has_institution else ()), *own)

    @property
    def splittable(self) -> tuple[str, ...]:
        """What the KPI may be split and crossed by: its dimensions, and the institutions' ownership where it has institutions."""
        more = OWNERSHIP in self.filterable and OWNERSHIP not in self.dimensions
        return (*self.dimensions, OWNERSHIP) if more else self.dimensions

    def splits(self, *, by_county: bool) -> tuple[str, ...]:
        """As ``splittable``; with several counties also by county, where the KPI has them."""
        return (*self.splittable, COUNTY) if by_county and COUNTY in self.filterable else self.splittable

    def adds_up_over(self, dimension: str) -> bool:
        """Whether the cells along a dimension sum to the number without it."""
        return self.additive and not (dimension == "month" and self.month_split == "restate")


#: what an aggregate may name to be the same over days as over rows
_SUMS_ONLY = {
    "case", "when", "then", "else", "end", "is", "null", "not", "and", "or", "sum", "coalesce", "numerator", "denominator",
}  # fmt: skip


def parameter_names(sql: str) -> set[str]:
    """The ``$names`` in a SQL text."""
    return set(re.findall(r"\$([a-z][a-z0-9_]*)", sql))


def _labelled(name: str, contract_name: str) -> ListColumn:
    """A field's label, kind, unit and code list from its contract (institution columns: from fixmedins_b)."""
    if name == "level_class":
        return ListColumn(name=name, label="机构级别", kind="text")
    owner = "fixmedins_b" if name in INSTITUTION_COLUMNS else contract_name
    contract: Contract | None = contracts().get(owner)
    column: Column | None = contract.by_name.get(name) if contract else None
    if column is None:
        raise ValueError(f"列 {name} 不在数据约定 {owner} 中,请写明 label、kind")
    return ListColumn(name=name, label=column.label, kind=column.kind, unit=column.unit, codes=column.codes)


def read_declaration(path: Path) -> Kpi:
    """One declaration; raises UserError naming the file and every fault in it."""
    try:
        kpi = Kpi.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (ValidationError, YAMLError) as error:
        raise UserError(f"指标声明 {path.name} 有误:\n{error}") from error
    if kpi.id != path.stem:
        raise UserError(f"指标声明 {path.name} 的 id 写成了 {kpi.id}。")
    return kpi


@lru_cache(maxsize=1)
def declarations() -> dict[str, Kpi]:
    """All declarations by id, in the order of kpis.md; raises UserError when two share a label or a place."""
    read = [read_declaration(path) for path in sorted((QUERIES / "kpis").glob("*.yaml"))]
    for words in ([kpi.label for kpi in read], [kpi.order for kpi in read]):
        twice = sorted({str(word) for word in words if words.count(word) > 1})
        if twice:
            raise UserError(f"指标声明重复:{', '.join(twice)}")
    return {kpi.id: kpi for kpi in sorted(read, key=lambda kpi: kpi.order)}
