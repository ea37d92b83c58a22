"""Claims of one made-up month, written by hand-kept bookkeeping as CSV in the contract's form.

Shares no code with the rules nor with the demo: a reader can follow every yuan here without SQL.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

FEN = Decimal("0.01")
OUTPATIENT, INPATIENT, PHARMACY, EMERGENCY, CHRONIC = "11", "21", "41", "13", "14"
LEVEL_2, LEVEL_1 = ("H99900100001", "H99900100002", "H99900100003"), ("H99900100011", "H99900100012")
PAUSED = "H99900100021"
SHOPS = ("P99900100001", "P99900100002", "P99900100003", "P99900100004")


def fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)


@dataclass(frozen=True)
class Person:
    psn_no: str
    gend: str
    brdy: dt.date

    def age(self, day: dt.date) -> int:
        return day.year - self.brdy.year - ((day.month, day.day) < (self.brdy.month, self.brdy.day))


@dataclass
class Line:
    """One fee line; ``amount`` is cnt × pric unless given, ``inscp`` all of it unless given."""

    code: str
    cnt: Decimal = Decimal(1)
    pric: Decimal = Decimal("10.00")
    kind: str = "201"
    charge: str = "05"
    day: dt.date | None = None
    clock: dt.time = dt.time(9, 30)
    inscp: Decimal | None = None
    amount: Decimal | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return fen(self.cnt * self.pric) if self.amount is None else self.amount

    @property
    def covered(self) -> Decimal:
        return self.total if self.inscp is None else self.inscp


class Claims:
    """Tables of the month as lists of rows."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        year, month = self.dice.choice([2023, 2024, 2025]), self.dice.choice([1, 3, 5, 7, 8, 10, 12])
        self.first, self.last = dt.date(year, month, 1), dt.date(year, month, 31)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self._people = 0

    def day(self, number: int) -> dt.date:
        return self.first.replace(day=number)

    def any_day(self) -> dt.date:
        return self.day(self.dice.randint(1, 31))

    def price(self, low: int = 5, high: int = 60) -> Decimal:
        return Decimal(self.dice.randint(low * 100, high * 100)) / 100

    def add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def number(self, table: str, letter: str) -> str:
        return f"{letter}{len(self.rows.get(table, [])) + 1:06d}"

    def person(self, gend: str = "", age: int = 45) -> Person:
        """Somebody new, who is ``age`` all through the month: born in the half year before it."""
        self._people += 1
        born = self.first.replace(year=self.first.year - age, day=1) - dt.timedelta(
            days=self.dice.randint(20, 150)
        )
        return Person(f"999001{self._people:012d}", gend or self.dice.choice("12"), born)

    def line(self, code: str, *, share: int | None = None, **words: Any) -> Line:
        """A line with a random price of which a random share is in scope."""
        found = Line(code, **{"pric": self.price(), **words})
        found.inscp = fen(
            found.total * (self.dice.randint(60, 100) if share is None else share) / Decimal(100)
        )
        return found

    def visit(
        self,
        who: Person,
        where: str,
        begin: dt.date,
        lines: Sequence[Line],
        *,
        med_type: str = OUTPATIENT,
        end: dt.date | None = None,
        clock: dt.time | None = None,
        diagnosis: str | None = "J06.900",
        medfee: Decimal | None = None,
        **more: Any,
    ) -> str:
        """Visit, settlement, fee lines and main diagnosis; returns the settlement's number."""
        end = end or begin
        setl_id, mdtrt_id = self.number("setl_d", "S"), self.number("mdtrt_d", "M")
        clock = clock or dt.time(self.dice.randint(9, 16), self.dice.randint(0, 59), 30)
        who_where = {"psn_no": who.psn_no, "fixmedins_code": where}
        self.add(
            "mdtrt_d",
            mdtrt_id=mdtrt_id,
            gend=who.gend,
            age=who.age(begin),
            brdy=who.brdy,
            med_type=med_type,
            begntime=dt.datetime.combine(begin, dt.time(8, 5)),
            endtime=dt.datetime.combine(end, dt.time(17, 55)),
            dscg_maindiag_code=diagnosis if med_type == INPATIENT else None,
            dscg_way="1" if med_type == INPATIENT else None,
            vali_flag="1",
            **who_where,
        )
        total, covered = sum(line.total for line in lines), sum(line.covered for line in lines)
        fund = fen(covered * Decimal("0.7"))
        medfee = total if medfee is None else medfee
        self.add(
            "setl_d",
            **{
                "setl_id": setl_id, "mdtrt_id": mdtrt_id, "gend": who.gend, "age": who.age(begin), "insutype": "390",
                "med_type": med_type, "insu_admdvs": "999001", "fix_blng_admdvs": "999001", "begndate": begin,
                "enddate": end, "setl_time": dt.datetime.combine(end, clock), "medfee_sumamt": medfee,
                "fulamt_ownpay_amt": total - covered, "inscp_amt": covered, "hifp_pay": fund, "fund_pay_sumamt": fund,
                "psn_pay": medfee - fund, "refd_setl_flag": "0", "vali_flag": "1", **who_where, **more,
            },
        )  # fmt: skip
        for line in lines:
            self._fee(line, begin, setl_id, mdtrt_id, who_where)
        if diagnosis:
            self.diagnosis(setl_id, mdtrt_id, diagnosis, main=True)
        return setl_id

    def diagnosis(self, setl_id: str, mdtrt_id: str, code: str, *, main: bool) -> None:
        key = self.number("setl_list_diag_d", "D")
        self.add("setl_list_diag_d", setl_list_diag_id=key, setl_id=setl_id, mdtrt_id=mdtrt_id, diag_type="1",
                 maindiag_flag="1" if main else "0", diag_code=code)  # fmt: skip

    def operation(self, setl_id: str, code: str) -> None:
        key = self.number("setl_list_oprn_d", "O")
        self.add("setl_list_oprn_d", setl_list_oprn_id=key, setl_id=setl_id, mdtrt_id=setl_id.replace("S", "M"),
                 main_oprn_flag="1", oprn_oprt_code=code)  # fmt: skip

    def settled(self, setl_id: str) -> dict[str, Any]:
        return self.rows["setl_d"][int(setl_id[1:]) - 1]

    def _fee(
        self, line: Line, begin: dt.date, setl_id: str, mdtrt_id: str, who_where: dict[str, str]
    ) -> None:
        self.add(
            "fee_list_d",
            **{
                "bkkp_sn": self.number("fee_list_d", "F"), "mdtrt_id": mdtrt_id, "setl_id": setl_id,
                "fee_ocur_time": dt.datetime.combine(line.day or begin, line.clock), "hilist_code": line.code,
                "hilist_name": f"名称{line.code}", "list_type": line.kind, "med_chrgitm_type": line.charge, "cnt": line.cnt,
                "pric": line.pric, "det_item_fee_sumamt": line.total, "inscp_amt": line.covered, "vali_flag": "1",
                **who_where, **line.more,
            },
        )  # fmt: skip

    def write(self, folder: Path) -> None:
        """One CSV per table."""
        folder.mkdir(parents=True, exist_ok=True)
        for table, rows in self.rows.items():
            names = list(dict.fromkeys(name for row in rows for name in row))
            with open(folder / f"{table}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, names)
                writer.writeheader()
                writer.writerows(rows)
