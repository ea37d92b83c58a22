"""What one sight leaves of every table: the columns and the rows that a warehouse's views have for it.

Enforced below every query of a screen, so that a page that forgets cannot show more. Ids become keyed hashes, the same in every
table: counts and joins give what they give on the real ones. What is known of a person becomes null, free text one phrase.
A sight of a town keeps the rows of the town's institutions; a sight of a work group keeps the group's tasks.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fundwatch.access import CASE_TITLES, DOCTOR_IDS, FREE_TEXT, PERSON_FACTS, PERSON_IDS, Sight, Text
from fundwatch.build.sources import Columns, literal
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.keys import cookie_key

#: what stands for free text that the role does not read; blank stays blank, so that what counts texts counts the same
WITHHELD = "(按角色不显示)"
#: query parameters that hold stored ids of hits, which the views have as hashes
ID_PARAMETERS = frozenset({"true_hits", "excluded_hits", "true_ids", "excluded_ids"})

# Where the rows of a town are. By default a table has fixmedins_code.
#: lists and definitions that are the same for everybody
SHARED = frozenset({
    "base_year", "event_mark", "kb_code", "kb_item_limit", "kb_item_pair", "med_type", "rule_map", "workday", "dim_fee_item",
    "dim_med_type", "dim_rule", "dim_workday", "fct_base_year", "fct_event_mark", "fct_rule_month",
})  # fmt: skip
#: the county's own figures, which have no institution: whole for every sight
COUNTY = frozenset({
    "benefit_stat", "campaign", "control_check", "enrolment", "fund_balance", "fund_budget", "fund_ledger", "report_filing",
    "training", "work_plan", "fct_benefit", "fct_campaign", "fct_control_check", "fct_enrolment", "fct_fund_balance",
    "fct_fund_budget", "fct_fund_ledger", "fct_report_filing", "fct_task", "fct_training",
})  # fmt: skip
#: tables whose rows belong to a row of a lake table that has the institution: key, that table
OF_PARENT = {
    "doc_suspt_d": ("doc_id", "doc_d"), "setl_list_diag_d": ("setl_id", "setl_d"), "setl_list_oprn_d": ("setl_id", "setl_d"),
    "case_claim": ("setl_id", "setl_d"), "case_event": ("case_id", "clue_case"), "fct_refund": ("setl_id", "setl_d"),
}  # fmt: skip
#: sums over all institutions: made anew from the rows of the town, by their own models
SUMMED = frozenset({"fct_doc_day", "fct_doc_state_day", "fct_settlement_day", "fct_settlement_gap"})
#: tables of the work groups' tasks
TASKS = frozenset({"work_plan", "fct_task"})


@dataclass(frozen=True)
class Lens:
    """One sight on one version. ``codes``: the town's institutions; ``parent`` gives the unmasked select of a lake table."""

    sight: Sight
    key: str
    codes: Sequence[str]
    parent: Callable[[str], str]

    def is_summed(self, table: str) -> bool:
        """Whether the mart is made anew for this sight."""
        return self.sight.town is not None and table in SUMMED

    def select(self, table: str, columns: Columns, source: str) -> str:
        """The select of what this sight sees of ``source`` (``wh.main."x"``, or a select in brackets).

        Raises UserError for a table of which nobody said where the rows of a town are.
        """
        shown = ", ".join(self._shown(table, name, kind) for name, kind in columns)
        kept = " and ".join(self._conditions(table, {name for name, _ in columns}))
        return f"select {shown} from {source}{f' where {kept}' if kept else ''}"  # noqa: S608 - names of the file, quoted literals

    def opaque(self, value: str) -> str:
        """What the views have for an id."""
        return opaque(self.key, value)

    def _shown(self, table: str, name: str, kind: str) -> str:
        sight = self.sight
        ids = (frozenset() if sight.persons else PERSON_IDS) | (frozenset() if sight.doctors else DOCTOR_IDS)
        if name in ids and kind == "VARCHAR":
            return f'sha256({literal(self.key)} || "{name}") as "{name}"'
        if name in ids or (name in PERSON_FACTS and not sight.persons):
            return f'cast(null as {kind}) as "{name}"'
        if (name in FREE_TEXT and sight.text is not Text.ALL) or (
            (table, name) in CASE_TITLES and sight.text is Text.NONE
        ):
            return f'case when "{name}" is not null then {literal(WITHHELD)} end as "{name}"'
        return f'"{name}"'

    def _conditions(self, table: str, names: set[str]) -> list[str]:
        found = []
        if self.sight.group is not None and table in TASKS:
            found.append(f"group_name = {literal(self.sight.group)}")
        if self.sight.town is not None and table not in SHARED | COUNTY:
            found.append(self._of_town(table, names))
        return found

    def _of_town(self, table: str, names: set[str]) -> str:
        own = f"fixmedins_code in ({', '.join(literal(code) for code in self.codes) or 'null'})"
        if table in OF_PARENT:
            key, parent = OF_PARENT[table]
            return f"{key} in (select {key} from ({self.parent(parent)}) where {own})"  # noqa: S608 - as above
        if "fixmedins_code" in names:
            return own
        if "town_code" in names:
            return f"town_code = {literal(str(self.sight.town))}"
        raise UserError(f"表 {table} 没有说明乡镇范围,限定乡镇的账号不能使用本版本。")


def opaque(key: str, value: str) -> str:
    """The keyed hash of an id: as DuckDB's ``sha256(key || id)``."""
    return hashlib.sha256(f"{key}{value}".encode()).hexdigest()


def masking_key(home: Home) -> str:
    """The home's key of opaque ids: of the secret that signs cookies, so that nobody can compute an id's hash from outside."""
    return hmac.new(cookie_key(home).encode(), b"opaque ids", hashlib.sha256).hexdigest()
