"""The rule files, read once and checked: header, name, fixed columns, parameters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError
from sqlglot import exp

from fundwatch.build.models import HEADER, parse
from fundwatch.errors import UsageError, UserError
from fundwatch.home import QUERIES
from fundwatch.rules.header import RuleHeader, RuleParameter
from fundwatch.yaml_text import read_yaml

NAME = re.compile(r"r(?P<number>\d{3})_[a-z][a-z0-9_]*")
#: what each rule's select gives, in this order: one row per hit line
LINE_COLUMNS = (
    "setl_id", "mdtrt_id", "fixmedins_code", "psn_no", "hit_date", "line_id", "group_key", "line_amt",
    "found_text", "found_num", "limit_text", "limit_num", "related_id",
)  # fmt: skip
PERIOD = frozenset({"period_start", "period_end"})


@dataclass(frozen=True)
class Rule:
    """One rule: number of the catalogue, header and text."""

    rule_id: str
    name: str
    header: RuleHeader
    sql: str

    @property
    def number(self) -> int:
        return int(self.rule_id[1:])

    @cached_property
    def version(self) -> str:
        """Changes with each change of the file, so that hits can be told apart by the text that made them."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:12]

    @cached_property
    def body(self) -> str:
        """The select without its header."""
        return HEADER.sub("", self.sql).strip()

    @cached_property
    def tree(self) -> exp.Query:
        return parse(self.name, self.sql)

    @cached_property
    def placeholders(self) -> frozenset[str]:
        return frozenset(node.name for node in self.tree.find_all(exp.Placeholder))

    def setting_key(self, parameter: str) -> str:
        """Key under which a bureau sets the parameter, for example ``r040_gap_days``."""
        return f"{self.rule_id}_{parameter}"


@lru_cache(maxsize=1)
def library() -> dict[str, Rule]:
    """All rules by id, in the catalogue's order; raises UserError naming every fault at once."""
    return read_rules(sorted((QUERIES / "rules").glob("*.sql")))


def read_rules(paths: Iterable[Path]) -> dict[str, Rule]:
    """Rules of these files; raises UserError naming every fault of every file."""
    rules, faults = [], []
    for path in paths:
        try:
            rules.append(read_rule(path))
        except UserError as error:
            faults.append(error.message)
    for words in ([rule.rule_id for rule in rules], [rule.header.title for rule in rules]):
        faults += [f"重复:{word}" for word in sorted({word for word in words if words.count(word) > 1})]
    if faults:
        raise UserError("规则有误:\n" + "\n".join(faults))
    return {rule.rule_id: rule for rule in rules}


def read_rule(path: Path) -> Rule:
    """One rule file, its select checked too; raises UserError naming the file and what is wrong."""
    rule = _read(path)
    try:
        faults = _faults(rule)
    except UserError as error:
        raise UserError(f"{path.name}:{error.message}") from error
    if faults:
        raise UserError("\n".join(f"{path.name}:{fault}" for fault in faults))
    return rule


def _read(path: Path) -> Rule:
    named = NAME.fullmatch(path.stem)
    if not named:
        raise UserError(f"{path.name}:文件名应为 rNNN_名称.sql。")
    sql = path.read_text(encoding="utf-8")
    found = HEADER.match(sql)
    if not found:
        raise UserError(f"{path.name}:缺少 YAML 头(文件开头的块注释)。")
    try:
        header = RuleHeader.model_validate(read_yaml(found["yaml"]))
    except (ValidationError, yaml.YAMLError) as error:
        raise UserError(f"{path.name}:{error}") from error
    return Rule(f"r{named['number']}", path.stem, header, sql)


def rules_named(ids: Iterable[str] | None) -> list[Rule]:
    """The rules asked for, or all; raises UsageError naming those that do not exist."""
    known = library()
    if not ids:
        return list(known.values())
    wanted = [word.strip().lower() for word in ids]
    unknown = [word for word in wanted if word not in known]
    if unknown:
        raise UsageError(f"没有规则 {', '.join(unknown)}。用 rules list 查看全部规则。")
    return [known[word] for word in dict.fromkeys(wanted)]


@lru_cache(maxsize=1)
def headers() -> dict[str, Rule]:
    """Every rule by id with its header read and its select unchecked: for what is asked often and reads no rows."""
    rules = [_read(path) for path in sorted((QUERIES / "rules").glob("*.sql"))]
    return {rule.rule_id: rule for rule in rules}


@lru_cache(maxsize=1)
def rule_parameters() -> dict[str, tuple[Rule, RuleParameter]]:
    """Every rule parameter by the key under which it is set; reads headers only, settings ask often."""
    return {
        rule.setting_key(name): (rule, parameter)
        for rule in headers().values()
        for name, parameter in rule.header.params.items()
    }


def _faults(rule: Rule) -> list[str]:
    faults = []
    columns = tuple(column.alias_or_name for column in rule.tree.selects)
    if columns != LINE_COLUMNS:
        faults.append(f"列应依次为 {', '.join(LINE_COLUMNS)}")
    declared = rule.header.params.keys() | PERIOD
    if rule.placeholders != declared:
        odd = sorted(rule.placeholders ^ declared)
        faults.append(f"SQL 中的参数与头中声明的不一致:{', '.join(odd)}")
    return faults
