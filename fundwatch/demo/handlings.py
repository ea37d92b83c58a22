"""What follows a finding: money back, penalty, talk, order to mend, suspension."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from fundwatch.demo.calendar import days_after
from fundwatch.demo.write import yuan

#: share of findings with money back in full, in part, not at all
_PAID = (0.84, 0.11, 0.05)
_PENALTY_FROM = Decimal(8000)


def part(amount: Decimal, percent: int) -> Decimal:
    """A whole percentage of an amount, half up to the fen."""
    return (amount * percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Handlings:
    """The ledger of handlings; numbers run in the order of entry."""

    def __init__(self, last_day: dt.date) -> None:
        self.last_day = last_day
        self.rows: list[dict] = []

    def add(self, kind: str, day: dt.date, **more: object) -> dict | None:
        """One handling; None when the day lies after the data."""
        if day > self.last_day:
            return None
        row = {
            "handle_id": f"CL{len(self.rows) + 1:05d}",
            "handle_type": kind,
            "psn_object": "机构",
            "decided_date": day,
            **more,
        }
        self.rows.append(row)
        return row

    def follow(self, findings: Iterable[dict], rng: np.random.Generator) -> None:
        """The usual course after each finding."""
        for finding in findings:
            self._after(finding, rng)

    def _after(self, finding: dict, rng: np.random.Generator) -> None:
        link = {
            "finding_id": finding["finding_id"],
            "fixmedins_code": finding["fixmedins_code"],
            "case_id": finding.get("case_id"),
        }
        luck = rng.random(5)
        day = days_after(finding["found_date"], rng, 7, 25)
        self.recover(finding["amt"], day, link, rng)
        if luck[0] < 0.18:
            self._money("33", part(finding["amt"], 30), day, link, rng)
        if luck[1] < 0.25:
            self.add("10", day, handle_stas="已约谈", done_date=day, **link)
        if luck[2] < 0.40:
            mended = days_after(day, rng, 15, 30)
            self.add(
                "20",
                day,
                enddate=day + dt.timedelta(days=30),
                **_done("已整改", "整改中", mended, self.last_day),
                **link,
            )
        if luck[3] < 0.06:
            self.add(
                "30",
                day,
                amt_due=finding["amt"],
                amt_done=finding["amt"],
                done_date=day,
                handle_stas="已拒付",
                **link,
            )
        if finding["amt"] > _PENALTY_FROM and luck[4] < 0.35:
            self._money("61", finding["amt"], days_after(day, rng, 20, 45), link, rng)

    def recover(self, amount: Decimal, day: dt.date, link: dict, rng: np.random.Generator) -> dict | None:
        """Money back (追回): mostly in full, sometimes in part or not yet."""
        way = int(np.searchsorted(np.cumsum(_PAID), rng.random(), side="right"))
        done = (amount, part(amount, 60), yuan(0))[min(way, 2)]
        return self._money("32", amount, day, link, rng, done=done)

    def _money(
        self,
        kind: str,
        due: Decimal,
        day: dt.date,
        link: dict,
        rng: np.random.Generator,
        *,
        done: Decimal | None = None,
    ) -> dict | None:
        paid_on = days_after(day, rng, 4, 35)
        paid = due if done is None else done
        if paid_on > self.last_day or not paid:
            return self.add(
                kind,
                day,
                amt_due=due,
                amt_done=yuan(0),
                handle_stas="待追回" if kind == "32" else "待缴",
                **link,
            )
        status = "已办结" if paid == due else "部分追回"
        return self.add(kind, day, amt_due=due, amt_done=paid, done_date=paid_on, handle_stas=status, **link)

    def suspend(self, code: str, begin: dt.date, end: dt.date, finding_id: str | None = None) -> None:
        """Agreement suspended for a term (中止协议)."""
        status = "已恢复" if end <= self.last_day else "执行中"
        self.add(
            "41",
            begin,
            fixmedins_code=code,
            finding_id=finding_id,
            begndate=begin,
            enddate=end,
            handle_stas=status,
        )


def _done(done: str, under_way: str, day: dt.date, last_day: dt.date) -> dict:
    return {"done_date": day, "handle_stas": done} if day <= last_day else {"handle_stas": under_way}
