"""The record of alerts: what each look found per rule and month, with version; and who acknowledged what with which words.

Rows are only added. A look is made once per version and state of the settings, forward only: a later version adds what changed since the
one before it, so that what was known on any version can be read again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from fundwatch.access import STAFF, Role, roles_in_words
from fundwatch.alerts.observe import Observation
from fundwatch.clock import Clock, china_time, system_clock
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.loader.privacy import mask
from fundwatch.state.audit import record
from fundwatch.state.db import engine, metadata
from fundwatch.state.users import User

ACTION = "确认预警"
LONGEST = 400

look_row = Table(
    "alert_look",
    metadata,
    Column("look_id", Integer, primary_key=True),
    Column("version", String(40), nullable=False, index=True),
    Column("settings_version", String(20), nullable=False),
    #: JSON: rule → newest month judged
    Column("rules", Text, nullable=False),
    Column("at", String(32), nullable=False),
    UniqueConstraint("version", "settings_version"),
)
observation_row = Table(
    "alert_observation",
    metadata,
    Column("observation_id", Integer, primary_key=True),
    Column("version", String(40), nullable=False, index=True),
    Column("rule_id", String(120), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("kpi", String(60), nullable=False),
    Column("insutype", String(8)),
    Column("code", String(40)),
    Column("name", String(200), nullable=False),
    Column("month", String(7), nullable=False),
    Column("met", Boolean, nullable=False),
    #: the exact decimal as text
    Column("value", String(60), nullable=False),
    Column("limit", String(200), nullable=False),
    Column("words", Text, nullable=False),
)
ack_row = Table(
    "alert_ack",
    metadata,
    Column("ack_id", Integer, primary_key=True),
    Column("rule_id", String(120), nullable=False, index=True),
    #: first month of the episode that was acknowledged
    Column("since", String(7), nullable=False),
    Column("comment", String(LONGEST), nullable=False),
    Column("username", String(32), nullable=False),
    Column("post", String(32), nullable=False),
    Column("at", String(32), nullable=False),
)
FIELDS = ("rule_id", "kind", "kpi", "insutype", "code", "name", "month", "met", "value", "limit", "words")


@dataclass(frozen=True)
class Acknowledgement:
    """Who looked into an alert, when and with what words. ``at`` is ISO time of Asia/Shanghai."""

    rule_id: str
    since: str
    comment: str
    username: str
    post: str
    at: str


def is_looked(home: Home, version: str, settings_version: str) -> bool:
    """Whether this version was looked at with these settings."""
    with engine(home).connect() as connection:
        return _rules(connection, version, settings_version) is not None


def is_old(home: Home, version: str) -> bool:
    """Whether a later version was looked at already: what this one says is then computed and not recorded."""
    with engine(home).connect() as connection:
        newest = connection.execute(select(func.max(look_row.c.version))).scalar()
    return newest is not None and version < newest


def look(
    home: Home, version: str, settings_version: str, found: Sequence[Observation], clock: Clock = system_clock
) -> bool:
    """Record what a look found, as far as it differs from what was known; False when somebody had looked already."""
    rules: dict[str, str] = {}
    for one in found:
        rules[one.rule_id] = max(one.month, rules.get(one.rule_id, ""))
    row = {
        "version": version, "settings_version": settings_version, "rules": json.dumps(rules, sort_keys=True),
        "at": china_time(clock()).isoformat(timespec="seconds"),
    }  # fmt: skip
    try:
        with engine(home).begin() as connection:
            # the look first: of two at once the second is refused here and records nothing
            connection.execute(insert(look_row).values(**row))
            known = {(one.rule_id, one.month): one for one in _known(connection, version)}
            new = [one for one in found if known.get((one.rule_id, one.month)) != one]
            if new:
                connection.execute(insert(observation_row), [_stored(one, version) for one in new])
    except IntegrityError:
        return False
    return True


def known(home: Home, version: str, settings_version: str) -> list[Observation]:
    """What is known on a version of the rules that its look judged, by rule and month."""
    with engine(home).connect() as connection:
        rules = _rules(connection, version, settings_version) or {}
        return [one for one in _known(connection, version) if one.month <= rules.get(one.rule_id, "")]


def history(home: Home, rule_id: str) -> list[tuple[str, Observation]]:
    """Everything recorded of one rule as (version, observation), in the order of recording."""
    query = (
        select(observation_row)
        .where(observation_row.c.rule_id == rule_id)
        .order_by(observation_row.c.observation_id)
    )
    with engine(home).connect() as connection:
        return [(row["version"], _read(row)) for row in connection.execute(query).mappings()]


def acknowledge(
    home: Home, rule_id: str, since: str, comment: str, user: User, *, clock: Clock = system_clock
) -> Acknowledgement:
    """Record that a person looked into the episode that began in ``since``; ID-card and phone numbers in the comment are masked.

    Raises UserError for a role that may not, or a missing or overlong comment.
    """
    if not may_acknowledge(user.roles):
        raise UserError(f"只有{roles_in_words(STAFF)}可以确认预警。")
    text, _ = mask(" ".join(comment.split()))
    if not text or len(text) > LONGEST:
        raise UserError(f"请写明核实情况,不超过 {LONGEST} 字。")
    at = china_time(clock()).isoformat(timespec="seconds")
    made = Acknowledgement(rule_id, since, text, user.username, user.post, at)
    with engine(home).begin() as connection:
        connection.execute(insert(ack_row).values(**asdict(made)))
    record(engine(home), user.username, ACTION, rule_id, {"since": since, "comment": text}, clock=clock)
    return made


def may_acknowledge(roles: Sequence[Role]) -> bool:
    """Whether one of the roles may acknowledge alerts."""
    return not STAFF.isdisjoint(roles)


def acknowledged(home: Home) -> dict[tuple[str, str], Acknowledgement]:
    """The last word on each episode: (rule, first month) → acknowledgement."""
    query = select(ack_row).order_by(ack_row.c.ack_id)
    names = ("rule_id", "since", "comment", "username", "post", "at")
    with engine(home).connect() as connection:
        found = [
            Acknowledgement(*(row[name] for name in names)) for row in connection.execute(query).mappings()
        ]
    return {(one.rule_id, one.since): one for one in found}


def _rules(connection: Connection, version: str, settings_version: str) -> dict[str, str] | None:
    query = select(look_row.c.rules).where(
        look_row.c.version == version, look_row.c.settings_version == settings_version
    )
    text = connection.execute(query).scalar()
    return None if text is None else json.loads(text)


def _known(connection: Connection, version: str) -> list[Observation]:
    """The last record of each rule and month up to the version."""
    last = (
        select(func.max(observation_row.c.observation_id).label("observation_id"))
        .where(observation_row.c.version <= version)
        .group_by(observation_row.c.rule_id, observation_row.c.month)
        .subquery()
    )
    query = select(observation_row).join(last, observation_row.c.observation_id == last.c.observation_id)
    rows = connection.execute(query.order_by(observation_row.c.rule_id, observation_row.c.month)).mappings()
    return [_read(row) for row in rows]


def _stored(one: Observation, version: str) -> dict[str, Any]:
    return {**asdict(one), "kind": str(one.kind), "value": format(one.value, "f"), "version": version}


def _read(row: Mapping[str, Any]) -> Observation:
    return Observation(**{**{name: row[name] for name in FIELDS}, "value": Decimal(row["value"])})
