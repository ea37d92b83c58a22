"""A person's word on a screening hit: 属实 or 排除, with a reason. Hits are leads; only this makes one more than a lead.

Kept apart from the serving files and never overwritten: a later word is a later row. A hit is known by rule and settlement, so
that a verdict outlives every rebuild; the rule's version and parameters it was given on stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Engine, Integer, String, Table, func, insert, select

from fundwatch.access import REVIEWERS, Role, roles_in_words
from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.loader.privacy import mask
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata
from fundwatch.state.users import User

TRUE, EXCLUDED, WITHDRAWN = "属实", "排除", "撤回"
#: what may be said of a hit; 撤回 takes back what was said and needs a reason too
WORDS = (TRUE, EXCLUDED, WITHDRAWN)
#: whose work it is to look into a hit; others read what was found
JUDGES = REVIEWERS | {Role.INSPECTOR}
ACTION = "线索核实"
LONGEST = 400

verdict_row = Table(
    "hit_verdict",
    metadata,
    Column("verdict_id", Integer, primary_key=True),
    Column("rule_id", String(8), nullable=False, index=True),
    Column("setl_id", String(64), nullable=False, index=True),
    Column("version", String(16), nullable=False),
    Column("params_hash", String(16), nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("reason", String(LONGEST), nullable=False),
    Column("username", String(32), nullable=False),
    Column("post", String(32), nullable=False),
    #: ISO time of Asia/Shanghai
    Column("at", String(32), nullable=False),
)


@dataclass(frozen=True)
class Hit:
    """What a verdict is given on, as a row of ``fct_rule_hit`` has it."""

    rule_id: str
    setl_id: str
    version: str
    params_hash: str

    @property
    def hit_id(self) -> str:
        return f"{self.rule_id}:{self.setl_id}"


@dataclass(frozen=True)
class Verdict:
    """One word on one hit. ``post`` is what a screen shows (稽核岗01), ``at`` ISO time of Asia/Shanghai."""

    verdict_id: int
    rule_id: str
    setl_id: str
    version: str
    params_hash: str
    verdict: str
    reason: str
    username: str
    post: str
    at: str

    @property
    def hit_id(self) -> str:
        return f"{self.rule_id}:{self.setl_id}"

    def fits(self, hit: Hit) -> bool:
        """Whether the hit still is what was judged: same text of the rule, same parameters. Else a screen says 规则已变."""
        return (self.version, self.params_hash) == (hit.version, hit.params_hash)


class Verdicts:
    """The verdicts of one home."""

    def __init__(self, store: Engine, clock: Clock = system_clock) -> None:
        self._engine, self._clock = store, clock

    @classmethod
    def of(cls, home: Home) -> Verdicts:
        return cls(engine(home))

    @property
    def version(self) -> str:
        """Changes with each verdict; use it in cache keys."""
        with self._engine.connect() as connection:
            return str(connection.execute(select(func.max(verdict_row.c.verdict_id))).scalar() or 0)

    def give(self, hit: Hit, verdict: str, reason: str, user: User) -> Verdict:
        """Record a verdict and log it. ID-card and phone numbers in the reason are masked.

        Raises UserError for a role that may not, an unknown word, a missing or overlong reason, or nothing to take back.
        """
        if not may_judge(user.roles):
            raise UserError(f"只有{roles_in_words(JUDGES)}可以核实线索。")
        if verdict not in WORDS:
            raise UserError(f"核实结论只能是{'、'.join(WORDS)}。")
        text, _ = mask(reason.strip())
        if not text:
            raise UserError("请写明核实理由。")
        if len(text) > LONGEST:
            raise UserError(f"核实理由不超过 {LONGEST} 字,现为 {len(text)} 字。")
        if verdict == WITHDRAWN and self.standing(hit.rule_id, hit.setl_id) is None:
            raise UserError("这条线索没有可撤回的核实结论。")
        row = {
            "rule_id": hit.rule_id, "setl_id": hit.setl_id, "version": hit.version, "params_hash": hit.params_hash,
            "verdict": verdict, "reason": text, "username": user.username, "post": user.post,
            "at": china_time(self._clock()).isoformat(timespec="seconds"),
        }  # fmt: skip
        with self._engine.begin() as connection:
            made = connection.execute(insert(verdict_row).values(**row)).inserted_primary_key
        detail = {"verdict": verdict, "reason": text, "version": hit.version, "params": hit.params_hash}
        record(self._engine, user.username, ACTION, hit.hit_id, detail, clock=self._clock)
        return Verdict(int(made[0]), **row)

    def history(self, rule_id: str, setl_id: str) -> list[Verdict]:
        """Everything that was said of one hit, oldest first."""
        return self._rows(verdict_row.c.rule_id == rule_id, verdict_row.c.setl_id == setl_id)

    def standing(self, rule_id: str, setl_id: str) -> Verdict | None:
        """What holds of one hit now; None when nothing was said or it was taken back."""
        return _standing(self.history(rule_id, setl_id))

    def all_standing(self, rule_ids: Iterable[str] | None = None) -> list[Verdict]:
        """What holds now, of all hits or those of some rules, in the order of rule and settlement."""
        wanted = [] if rule_ids is None else [verdict_row.c.rule_id.in_(list(rule_ids))]
        by_hit: dict[str, list[Verdict]] = {}
        for verdict in self._rows(*wanted):
            by_hit.setdefault(verdict.hit_id, []).append(verdict)
        found = (_standing(said) for _, said in sorted(by_hit.items()))
        return [verdict for verdict in found if verdict is not None]

    def _rows(self, *conditions: Any) -> list[Verdict]:
        query = select(verdict_row).where(*conditions).order_by(verdict_row.c.verdict_id)
        with self._engine.connect() as connection:
            return [Verdict(**row) for row in connection.execute(query).mappings()]


def may_judge(roles: Iterable[str]) -> bool:
    """Whether one of the roles may give verdicts."""
    return not JUDGES.isdisjoint(roles)


def _standing(said: list[Verdict]) -> Verdict | None:
    return said[-1] if said and said[-1].verdict != WITHDRAWN else None
