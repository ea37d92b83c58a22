"""What one sight leaves of every table: the columns and the rows that a warehouse's views have for it.

Enforced below every query of a screen, so that a page that forgets cannot show more. Ids become keyed hashes, the same in every
table: counts and joins give what they give on the real ones. What is known of a person becomes null, free text one phrase.
A sight of a town keeps the rows of the town's institutions, a sight of a county those of the county's; benefits go by the county of the
insured. A sight of a work group keeps the group's tasks.
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

# Where the rows of a town or a county are. By default a table has fixmedins_code.
#: lists and definitions that are the same for everybody
SHARED = frozenset({
    "base_year", "event_mark", "kb_code", "kb_item_limit", "kb_item_pair", "med_type", "rule_map", "workday", "dim_fee_item",
    "dim_med_type", "dim_rule", "dim_workday", "fct_base_year", "fct_event_mark", "fct_rule_month",
})  # fmt: skip
#: figures of the whole installation, which have no institution: whole for a town, nothing for one county of several
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
#: the list of counties itself
COUNTIES = frozenset({"county", "dim_county"})
#: marts whose rows are the insured's, wherever they were treated: insu_admdvs is their county
OF_INSURED = frozenset({"fct_inpatient_settlement", "fct_stay_again", "fct_stay_day", "fct_stay_month"})
STAYS, REFUNDS = "fct_inpatient_settlement", "fct_refund"
#: how many digits of a town's code are its county
COUNTY_DIGITS = 6
#: sums over all institutions: made anew from the rows of the town, by their own models
SUMMED = frozenset({"fct_doc_day", "fct_doc_state_day", "fct_settlement_day", "fct_settlement_gap"})
#: tables of the work groups' tasks
TASKS = frozenset({"work_plan", "fct_task"})


@dataclass(frozen=True)
class Lens:
    """One sight on one version. ``codes``: the institutions of the town, as registered now; ``parent`` gives the unmasked select of
    a table. Of a county ``codes`` are only those that their code does not show, ``others`` those that it shows wrongly: so an
    institution that nobody registered is where its code says.
    """

    sight: Sight
    key: str
    codes: Sequence[str]
    parent: Callable[[str], str]
    others: Sequence[str] = ()

    def is_summed(self, table: str) -> bool:
        """Whether the mart is made anew for this sight."""
        return self.sight.is_local and table in SUMMED

    def select(self, table: str, columns: Columns, source: str, *, all_rows: bool = False) -> str:
        """The select of what this sight sees of ``source`` (``wh.main."x"``, or a select in brackets); with ``all_rows`` only masked.

        Raises UserError for a table of which nobody said where the rows of a town are.
        """
        shown = ", ".join(self._shown(table, name, kind) for name, kind in columns)
        kept = "" if all_rows else " and ".join(self._conditions(table, {name for name, _ in columns}))
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
        sight = self.sight
        if sight.county is not None and table in COUNTY:
            return [*found, "1 = 0"]
        column = self._county_column(table, names) if sight.county is not None else None
        if column:
            found.append(f"{column} = {literal(str(sight.county))}")
        if table not in SHARED | COUNTY | COUNTIES and (sight.town or (sight.county and not column)):
            found.append(self._of_place(table, names))
        return found

    def _county_column(self, table: str, names: set[str]) -> str | None:
        """The column that is the rows' county, where it is not the institution's."""
        if table in COUNTIES or (table.startswith("day_") and "admdvs" in names):
            return "admdvs"
        return "insu_admdvs" if table in OF_INSURED else None

    def _of_place(self, table: str, names: set[str]) -> str:
        if table in OF_PARENT:
            key, parent = OF_PARENT[table]
            kept = f"{key} in (select {key} from ({self.parent(parent)}) where {self._own})"  # noqa: S608 - as above
            if table == REFUNDS and self.sight.county is not None:
                # whether a stay elsewhere of the county's insured counts hangs on its refund
                stays = f"select setl_id from ({self.parent(STAYS)}) where insu_admdvs = {literal(self.sight.county)}"  # noqa: S608
                return f"({kept} or init_setl_id in ({stays}))"
            return kept
        if "fixmedins_code" in names:
            return self._own
        if "town_code" in names and self.sight.town is not None:
            return f"town_code = {literal(self.sight.town)}"
        if "town_code" in names:
            return f"left(town_code, {COUNTY_DIGITS}) = {literal(str(self.sight.county))}"
        raise UserError(f"表 {table} 没有说明乡镇和县区范围,限定乡镇或县区的账号不能使用本版本。")

    @property
    def _own(self) -> str:
        """SQL that keeps the rows of the sight's institutions."""
        listed = f"fixmedins_code in ({_list(self.codes)})"
        if self.sight.county is None or self.sight.town is not None:
            return listed
        of_code = f"substring(fixmedins_code, 2, {COUNTY_DIGITS}) = {literal(self.sight.county)}"
        others = f" and fixmedins_code not in ({_list(self.others)})" if self.others else ""
        return f"({listed} or ({of_code}{others}))"


def _list(codes: Sequence[str]) -> str:
    """Codes as SQL; nothing is in an empty list."""
    return ", ".join(literal(code) for code in codes) or "null"


def opaque(key: str, value: str) -> str:
    """The keyed hash of an id: as DuckDB's ``sha256(key || id)``."""
    return hashlib.sha256(f"{key}{value}".encode()).hexdigest()


def masking_key(home: Home) -> str:
    """The home's key of opaque ids: of the secret that signs cookies, so that nobody can compute an id's hash from outside."""
    return hmac.new(cookie_key(home).encode(), b"opaque ids", hashlib.sha256).hexdigest()
