"""A small random county for the stored hits: stays, visits, purchases, fee lines, refunds and reminders over ten months.

Few persons, few items and low thresholds, so that many rules hit and their windows reach from month to month.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any

from lake_home import new_home, put, run_build

from fundwatch.home import Home
from fundwatch.settings import Settings

#: across a new year: windows of a calendar year leave months out
FIRST, LAST = dt.date(2023, 8, 1), dt.date(2024, 5, 31)
MONTHS = [*(f"2023-{month:02}" for month in range(8, 13)), *(f"2024-{month:02}" for month in range(1, 6))]
HOSPITALS, PHARMACIES = ("H99900100001", "H99900100002", "H99900100003"), ("P99900100001", "P99900100002")
DRUGS, ITEMS = ("XA10BAE047A002010100001", "XC09AAL158A001010100002"), ("001102000010000", "002503010010000")
#: thresholds low enough for a handful of persons
LOW = {
    "r046_visits_a_month": "3", "r046_visits_a_day": "2", "r047_drug_times_a_month": "1", "r050_institutions": "2",
    "r050_units": "2", "r054_trades_a_year": "3", "r071_visits_a_day": "10", "r068_min_stays": "5", "r068_z_limit": "2",
}  # fmt: skip
KNOWLEDGE = {
    "kb_item_limit": [
        {"limit_type": "每日数量", "item_code": ITEMS[0], "limit_value": "1", "limit_num": "1", "limit_unit": "次", "source": "t"},
        {"limit_type": "周期频次", "item_code": ITEMS[1], "limit_value": "60", "limit_num": "60", "limit_unit": "天", "source": "t"},
    ],
    "kb_item_pair": [
        {"pair_type": "重复收费", "window": "单日", "item_code_a": ITEMS[0], "item_code_b": ITEMS[1], "source": "t"},
    ],
}  # fmt: skip
Row = dict[str, Any]
Rows = dict[str, list[Row]]


class County:
    """Rows of every claim table, by table. The more persons, the fewer have claims that change."""

    def __init__(self, seed: int, persons: int = 4) -> None:
        self.random = random.Random(seed)
        self.persons = persons
        self.rows: Rows = {
            name: [] for name in ("setl_d", "mdtrt_d", "fee_list_d", "bffact_warn_rslt_d", "setl_list_diag_d")
        }
        self._number = 0
        for _ in range(45):
            self.visit()

    def day(self) -> dt.date:
        return FIRST + dt.timedelta(days=self.random.randrange(300))

    def visit(self) -> None:
        """One visit with one settlement (a long stay sometimes two) and its lines."""
        self._number += 1
        number, begin = f"{self._number:03}", self.day()
        kind = self.random.choice(("11", "11", "41", "14", "21", "21"))
        nights = self.random.choice((1, 3, 5, 12, 40)) if kind == "21" else 0
        end = min(begin + dt.timedelta(days=nights), LAST)
        place = self.random.choice(PHARMACIES if kind == "41" else HOSPITALS)
        person = f"P{self.random.randrange(self.persons)}"
        visit = {"mdtrt_id": f"M{number}", "psn_no": person, "fixmedins_code": place, "med_type": kind}
        self.rows["mdtrt_d"].append(
            {
                **visit,
                "begntime": _time(begin),
                "endtime": _time(end),
                "dscg_maindiag_code": self.random.choice(("J18.9", "I10")),
            }
        )
        parts = [begin + (end - begin) // 2, end] if nights > 20 else [end]
        for part, day in enumerate(parts):
            setl_id = f"S{number}{'ab'[part]}"
            self.rows["setl_d"].append({
                **visit, "setl_id": setl_id, "begndate": str(begin), "enddate": str(day), "setl_time": _time(day, 10),
                "medfee_sumamt": "100", "fund_pay_sumamt": str(self.random.randrange(20, 90)), "inscp_amt": "90",
                "insutype": "390", "hifp_pay": "0",
            })  # fmt: skip
            self.lines(visit, setl_id, begin, day)
        if self.random.random() < 0.15:
            self.refund(self.rows["setl_d"][-1])
        if self.random.random() < 0.3:
            self.rows["bffact_warn_rslt_d"].append({
                "warn_rslt_id": f"W{number}", "mdtrt_id": visit["mdtrt_id"], "fixmedins_code": place, "vola_amt": "7.50",
                "crte_time": _time(begin), "warn_dspo_way": self.random.choice(("1", "2", None)),
            })  # fmt: skip

    def lines(self, visit: Row, setl_id: str, begin: dt.date, end: dt.date) -> None:
        for place in range(self.random.randrange(1, 4)):
            code = self.random.choice((*DRUGS, *ITEMS))
            day = begin + dt.timedelta(days=self.random.randrange((end - begin).days + 1))
            line = {
                **visit, "bkkp_sn": f"F{setl_id}{place}", "setl_id": setl_id, "hilist_code": code, "hilist_name": code,
                "fee_ocur_time": _time(day, 9), "cnt": str(self.random.randrange(1, 4)), "pric": "10",
                "det_item_fee_sumamt": "10", "inscp_amt": "9.99", "prd_days": self.random.choice((None, 7, 30, 90)),
                "med_chrgitm_type": self.random.choice(("01", "09")), "bilg_dr_code": "D1",
            }  # fmt: skip
            self.rows["fee_list_d"].append(line)
            if self.random.random() < 0.1:
                later = day + dt.timedelta(days=self.random.choice((0, 20)))
                self.rows["fee_list_d"].append({
                    **line, "bkkp_sn": f"{line['bkkp_sn']}R", "init_feedetl_sn": line["bkkp_sn"], "cnt": "-1",
                    "det_item_fee_sumamt": "-10", "inscp_amt": "-9.99", "fee_ocur_time": _time(min(later, LAST)),
                })  # fmt: skip

    def refund(self, settlement: Row) -> None:
        day = dt.date.fromisoformat(settlement["setl_time"][:10]) + dt.timedelta(
            days=self.random.choice((1, 70))
        )
        self.rows["setl_d"].append({
            **settlement, "setl_id": f"{settlement['setl_id']}R", "init_setl_id": settlement["setl_id"],
            "refd_setl_flag": "1", "setl_time": _time(min(day, LAST)),
        })  # fmt: skip

    def change(self) -> None:
        """One thing that a later file brings: a new visit, a row gone, another amount, day, person or quantity."""
        match self.random.randrange(6):
            case 0:
                self.visit()
            case 1:
                rows = self.rows[
                    self.random.choice(("setl_d", "fee_list_d", "mdtrt_d", "bffact_warn_rslt_d"))
                ]
                rows.pop(self.random.randrange(len(rows)))
            case 2:
                self.random.choice(self.rows["setl_d"])["fund_pay_sumamt"] = "33.33"
            case 3:
                self.random.choice(self.rows["mdtrt_d"])["endtime"] = _time(self.day())
            case 4:
                self.random.choice(self.rows["setl_d"])["psn_no"] = f"P{self.random.randrange(self.persons)}"
            case _:
                self.random.choice(self.rows["fee_list_d"])["cnt"] = "5"

    def put(self, home: Home, before: Rows | None = None) -> None:
        """Write the tables whose rows differ from ``before``: by month where the lake keeps months."""
        for table, rows in self.rows.items():
            if table == "setl_list_diag_d":
                continue
            for month in MONTHS:
                now, then = (
                    _of_month(table, rows, month),
                    _of_month(table, (before or {}).get(table, []), month),
                )
                if now != then:
                    # A month that lost its last row keeps one that no rule looks at.
                    put(home, table, *(now or [_nothing(table, month)]))

    def copy(self) -> Rows:
        return {table: [dict(row) for row in rows] for table, rows in self.rows.items()}


def home_of(county: County, path: Any) -> Home:
    """A home with the county loaded, thresholds set and knowledge in force; built."""
    home = new_home(path)
    for key, value in LOW.items():
        Settings(home).set(key, value, None, "测试", "测试")
    put(home, "fixmedins_b", *({"fixmedins_code": code, "hosp_lv": "05"} for code in HOSPITALS),
        *({"fixmedins_code": code, "fixmedins_type": "2"} for code in PHARMACIES))  # fmt: skip
    for table, rows in KNOWLEDGE.items():
        put(home, table, *rows)
    county.put(home)
    run_build(home)
    return home


def _of_month(table: str, rows: Iterable[Row], month: str) -> list[Row]:
    dated = {
        "setl_d": "setl_time",
        "mdtrt_d": "begntime",
        "fee_list_d": "fee_ocur_time",
        "bffact_warn_rslt_d": "crte_time",
    }
    return [row for row in rows if row[dated[table]].startswith(month)]


def _nothing(table: str, month: str) -> Row:
    day = {
        "setl_time": f"{month}-01",
        "begntime": f"{month}-01",
        "fee_ocur_time": f"{month}-01",
        "crte_time": f"{month}-01",
    }
    known = {
        "setl_d": {"setl_id": f"X{month}", "mdtrt_id": f"X{month}", "psn_no": f"X{month}", "vali_flag": "0", "begndate": f"{month}-01"},
        "mdtrt_d": {"mdtrt_id": f"X{month}", "vali_flag": "0"},
        "fee_list_d": {"bkkp_sn": f"X{month}", "mdtrt_id": f"X{month}", "vali_flag": "0"},
        "bffact_warn_rslt_d": {"warn_rslt_id": f"X{month}", "mdtrt_id": f"X{month}"},
    }[table]  # fmt: skip
    dated = {
        "setl_d": "setl_time",
        "mdtrt_d": "begntime",
        "fee_list_d": "fee_ocur_time",
        "bffact_warn_rslt_d": "crte_time",
    }
    return {**known, dated[table]: day[dated[table]]}


def _time(day: dt.date, hour: int = 8) -> str:
    return f"{day} {hour:02}:00:00"
