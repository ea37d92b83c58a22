"""The casebook: cases with their events, claims and handlings, complaints, and credit points."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from fundwatch.demo.calendar import as_date, days_after, in_office
from fundwatch.demo.handlings import Handlings
from fundwatch.demo.inspections import Inspections
from fundwatch.demo.vocabulary import COUNTY
from fundwatch.demo.world import World
from fundwatch.demo.write import Row, yuan

_CASE_DAYS, _COMPLAINT_DAYS = 90, 30


def _next(rows: list[dict], key: str, prefix: str) -> int:
    """The next number of a year's register."""
    return 1 + sum(row[key].startswith(prefix) for row in rows)


@dataclass
class Casebook:
    """The ledgers that cases fill; inspections and handlings are shared with the yearly round."""

    world: World
    inspections: Inspections
    handlings: Handlings
    cases: list[dict] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    complaints: list[dict] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)

    @cached_property
    def _hours(self) -> np.random.Generator:
        return self.world.plan.stream("case hours")

    @property
    def last_day(self) -> dt.date:
        return as_date(self.world.plan.last_day)

    def open(self, source: str, day: dt.date, place: int, title: str) -> dict:
        case = {
            "case_id": f"AJ{day.year}-{_next(self.cases, 'case_id', f'AJ{day.year}'):03d}",
            "case_souc": source,
            "fixmedins_code": self.world.institutions[place].code,
            "title": title,
            "opened_date": day,
            "due_date": day + dt.timedelta(days=_CASE_DAYS),
            "case_stas": "办理中",
        }
        self.cases.append(case)
        return case

    def event(self, case: dict, day: dt.date, kind: str, actor: str, text: str) -> None:
        """One event of the case, unless it lies after the data."""
        if day <= self.last_day:
            number = (
                f"{case['case_id']}-{sum(row['case_id'] == case['case_id'] for row in self.events) + 1:02d}"
            )
            self.events.append(
                {
                    "event_id": number,
                    "case_id": case["case_id"],
                    "event_time": in_office(day, self._hours),
                    "event_type": kind,
                    "actor": actor,
                    "text": text,
                }
            )

    def link(self, case: dict, bill: int, fen: int, **more: Any) -> None:
        """One claim of the case."""
        self.links.append(
            {
                "link_id": f"GL{len(self.links) + 1:05d}",
                "setl_id": f"S{COUNTY}{bill:013d}",
                "case_id": case["case_id"],
                "amt": yuan(fen),
                **more,
            }
        )

    def close(self, case: dict, day: dt.date) -> None:
        if day <= self.last_day:
            case.update(closed_date=day, case_stas="已办结")


def settle(book: Casebook, case: dict, nature: str, amount: Decimal, rng: np.random.Generator) -> None:
    """Check on site, find, recover, close: mostly in time."""
    place = next(i for i, one in enumerate(book.world.institutions) if one.code == case["fixmedins_code"])
    checked = days_after(case["opened_date"], rng, 5, 20)
    if checked > book.last_day:
        return
    method = (
        "举报核查"
        if case["case_souc"] == "举报"
        else "病历审查"
        if book.world.institutions[place].kind == "1"
        else "现场检查"
    )
    visit = book.inspections.add(
        place, checked, rng, insp_method=method, clue_id=case["case_id"], vola_found_flag="1", random_flag="0"
    )
    book.event(
        case,
        checked,
        "现场检查" if method != "病历审查" else "病历审查",
        visit["inspectors"].split(";")[0],
        f"{method}完成",
    )
    found = days_after(checked, rng, 1, 10)
    if found > book.last_day:
        return
    finding = book.inspections.find(
        visit, nature, int(amount * 100), found, bool(rng.random() < 0.95), case_id=case["case_id"]
    )
    decided = days_after(found, rng, 5, 20)
    link = {
        "finding_id": finding["finding_id"],
        "case_id": case["case_id"],
        "fixmedins_code": case["fixmedins_code"],
    }
    recovered = book.handlings.recover(amount, decided, link, rng)
    if recovered is None:
        return
    book.event(case, decided, "协议处理", visit["inspectors"].split(";")[1], f"应追回 {amount} 元")
    if amount > 20_000 and rng.random() < 0.4:
        book.handlings.add("60", days_after(decided, rng, 1, 4), handle_stas="已移交", **link)
    if rng.random() < 0.88:
        closed = days_after(decided, rng, 10, 45)
        book.close(case, closed)
        book.event(case, closed, "办结", visit["inspectors"].split(";")[0], "整改复查通过后办结")


def receive(book: Casebook, day: dt.date, place: int | None, channel: str, subject: str) -> dict:
    row = {
        "cmpl_id": f"JB{day.year}-{_next(book.complaints, 'cmpl_id', f'JB{day.year}'):03d}",
        "recv_date": day,
        "channel": channel,
        "fixmedins_code": None if place is None else book.world.institutions[place].code,
        "subject": subject,
        "due_date": day + dt.timedelta(days=_COMPLAINT_DAYS),
    }
    book.complaints.append(row)
    return row
