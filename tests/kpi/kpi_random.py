"""Random counties in contract rows, the same for the same seed, thick with days on and beside the edges of periods."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from kpi_hits import hit_rows
from kpi_random_claims import claim_rows
from kpi_random_review import review_rows
from kpi_world import completed

from fundwatch.contracts import code_lists, contracts

START, END = dt.date(2024, 2, 10), dt.date(2024, 5, 31)
#: the period's edges and their neighbours, year ends, the half-year, month ends, a leap day
EDGES = [
    dt.date.fromisoformat(day)
    for day in (
        "2023-12-31", "2024-01-01", "2024-02-09", "2024-02-10", "2024-02-29", "2024-03-01", "2024-05-30", "2024-05-31",
        "2024-06-01", "2024-06-30", "2024-07-01", "2024-12-31", "2023-02-10", "2023-05-31",
    )
]  # fmt: skip
MONTHS = [f"{year}-{month:02}" for year in (2022, 2023, 2024) for month in range(1, 13)]
METHODS = ("现场检查", "现场检查", "日常巡查", "数据核查", "举报核查")


class County:
    """Makes the rows of one random county."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        codes = [f"H{number}" for number in range(1, 7)] + ["P1", "P2"]
        self.registered = codes
        #: facts also name an institution nobody registered
        self.named = [*codes, "H99"]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        made = {
            "fixmedins_b": [self.institution(code) for code in self.registered],
            "fixmedins_cntr_reg_d": self.many(14, self.agreement),
            "inspection": self.many(60, self.inspection),
            "finding": self.many(40, self.finding),
            "handling": self.many(60, self.handling),
            "clue_case": self.many(12, self.case),
            "complaint": self.many(20, self.complaint),
            "self_check": self.many(16, self.self_check),
            "assessment": self.assessments(),
            "report_filing": self.filings(),
            "training": self.many(12, self.training),
            "work_plan": self.many(20, self.task),
            "credit_point": self.many(30, self.credit_point),
            "fund_ledger": self.ledger(),
            "fund_balance": self.balances(),
            "fund_budget": self.budgets(),
            "base_year": [{"year": 2024, "insutype": "390", "base_year": 2022, "reason": "上年无可比性"}],
            "benefit_stat": self.benefits(),
            **claim_rows(self),
            **review_rows(self),
        }
        claims = {
            table: [whole_row(table, row) for row in completed(table, rows)] for table, rows in made.items()
        }
        return {**claims, **hit_rows(self)}

    def many(self, count: int, make: Any) -> list[dict[str, Any]]:
        return [make(number) for number in range(count)]

    def day(self) -> dt.date:
        if self.random.random() < 0.6:
            return self.random.choice(EDGES)
        return dt.date(2023, 6, 1) + dt.timedelta(days=self.random.randrange(500))

    def maybe(self, value: Any, share: float = 0.75) -> Any:
        return value if self.random.random() < share else None

    def amount(self) -> Decimal:
        return Decimal(self.random.randrange(-5_00, 900_00)).scaleb(-2)

    def flag(self) -> str | None:
        return self.random.choice(("0", "1", None))

    def near(self, day: dt.date | None) -> dt.date | None:
        """The same day, one before or one after: both sides of a limit."""
        if day is None or self.random.random() < 0.2:
            return self.maybe(self.day(), 0.5)
        return day + dt.timedelta(days=self.random.choice((-1, 0, 0, 1)))

    def institution(self, code: str) -> dict[str, Any]:
        levels = [*code_lists()["hosp_lv"], None]
        return {
            "fixmedins_code": code,
            "fixmedins_type": "2" if code.startswith("P") else "1",
            "hosp_lv": self.random.choice(levels),
            "town_code": self.random.choice(("T1", "T2", None)),
            "medins_natu": {"H1": "公立", "H2": "公立", "H3": "民营", "P1": "民营"}.get(code),
            "vali_flag": "0" if code == "H6" else "1",
        }

    def agreement(self, number: int) -> dict[str, Any]:
        first, last = sorted((self.day(), self.day()))
        return {
            "fixmedins_code": self.named[number % len(self.named)],
            "efft_time": dt.datetime.combine(first, dt.time(8, 30)),
            "invd_time": dt.datetime.combine(last, dt.time(23, 59)),
            "cntr_stas": self.random.choice(("1", "2", "3", "4")),
            "stas_begndate": self.maybe(self.day()),
        }

    def inspection(self, number: int) -> dict[str, Any]:
        return {
            "insp_id": f"I{number}",
            "fixmedins_code": self.random.choice(self.named),
            "insp_date": self.day(),
            "insp_kind": self.random.choice(("协议检查", "行政检查")),
            "insp_method": self.random.choice(METHODS),
            "insp_stas": self.random.choice(("完成", "完成", "完成", "进行")),
            "random_flag": self.flag(),
            "vola_found_flag": self.flag(),
            "clue_id": self.maybe("C1", 0.2),
            "record_no": self.maybe(f"JL{number}"),
        }

    def finding(self, number: int) -> dict[str, Any]:
        return {
            "finding_id": f"F{number}",
            "insp_id": self.maybe(f"I{self.random.randrange(60)}"),
            "case_id": self.maybe(f"C{self.random.randrange(12)}", 0.3),
            "fixmedins_code": self.random.choice(self.named),
            "found_date": self.day(),
            "amt": self.amount(),
            "notice_no": self.maybe(f"GZ{number}", 0.5),
        }

    def handling(self, _number: int) -> dict[str, Any]:
        decided = self.day()
        return {
            "finding_id": self.maybe(f"F{self.random.randrange(44)}", 0.4),
            "case_id": self.maybe(f"C{self.random.randrange(14)}", 0.4),
            "fixmedins_code": self.maybe(self.random.choice(self.named), 0.5),
            "handle_type": self.random.choice(("32", "32", "33", "61", "10")),
            "decided_date": decided,
            "amt_due": self.maybe(self.amount()),
            "amt_done": self.maybe(self.amount()),
            "done_date": self.maybe(self.day(), 0.6),
        }

    def case(self, number: int) -> dict[str, Any]:
        due = self.maybe(self.day())
        return {
            "case_id": f"C{number}",
            "fixmedins_code": self.maybe(self.random.choice(self.named), 0.5),
            "opened_date": self.day(),
            "due_date": due,
            "closed_date": self.near(due),
        }

    def complaint(self, _number: int) -> dict[str, Any]:
        due = self.maybe(self.day())
        return {
            "recv_date": self.day(),
            "fixmedins_code": self.maybe(self.random.choice(self.named), 0.5),
            "case_id": self.maybe(f"C{self.random.randrange(14)}", 0.5),
            "due_date": due,
            "closed_date": self.near(due),
            "reply_date": self.near(END),
        }

    def self_check(self, _number: int) -> dict[str, Any]:
        return {
            "fixmedins_code": self.random.choice(self.named),
            "period_begn": self.random.choice(
                (dt.date(2024, 1, 1), dt.date(2024, 1, 1), dt.date(2023, 12, 31))
            ),
            "period_end": dt.date(2024, 6, 30),
            "submit_date": self.maybe(self.day()),
            "amt_found": self.maybe(self.amount()),
            "refund_due": self.maybe(self.amount()),
            "refund_done": self.maybe(self.amount()),
        }

    def assessments(self) -> list[dict[str, Any]]:
        pairs = self.random.sample([(code, year) for code in self.named for year in (2023, 2024)], 8)
        return [{"fixmedins_code": code, "year": year, "score": 90} for code, year in pairs]

    def filings(self) -> list[dict[str, Any]]:
        items = list(code_lists()["report_item"])
        found = []
        for month, due in (
            ("2023-12", dt.date(2024, 1, 10)),
            ("2024-01", dt.date(2024, 2, 10)),
            ("2024-03", dt.date(2024, 4, 10)),
        ):
            for item in self.random.sample(items, 4):
                found.append({"month": month, "item": item, "due_date": due, "filed_date": self.near(due)})
        return found

    def training(self, _number: int) -> dict[str, Any]:
        persons = self.random.randrange(50)
        kind = self.random.choice(("测试", "培训"))
        passed = self.maybe(self.random.randrange(50))
        return {"train_date": self.day(), "kind": kind, "persons": self.maybe(persons), "passed": passed}

    def task(self, _number: int) -> dict[str, Any]:
        due = self.day()
        group = self.random.choice(list(code_lists()["work_group"]))
        return {"group_name": group, "due_date": due, "done_date": self.near(due)}

    def credit_point(self, _number: int) -> dict[str, Any]:
        return {
            "person_code": f"D{self.random.randrange(8)}",
            "fixmedins_code": self.random.choice(self.named),
            "event_date": self.day(),
            "points": self.random.randint(1, 6),
            "repair_points": self.maybe(self.random.randrange(3), 0.4),
        }

    def ledger(self) -> list[dict[str, Any]]:
        """310 complete, 390 with gaps, 320 with few months: the conditions for a value hold and fail."""
        shares = {"310": 1.0, "390": 0.8, "320": 0.06}
        keys = [
            (month, insutype, direction, category)
            for insutype, share in shares.items()
            for month in MONTHS[:30]
            for direction in ("收入", "支出")
            for category in ("甲", "乙")
            if self.random.random() < share
        ]
        names = ("month", "insutype", "direction", "category")
        return [{**dict(zip(names, key, strict=True)), "amt": self.amount()} for key in keys]

    def balances(self) -> list[dict[str, Any]]:
        return [
            {"month": month, "insutype": insutype, "closing_balance": self.amount() * 100}
            for month in MONTHS[:30]
            for insutype in ("310", "390", "340")
            if self.random.random() < 0.7
        ]

    def budgets(self) -> list[dict[str, Any]]:
        return [
            {
                "year": year,
                "insutype": insutype,
                "direction": direction,
                "category": category,
                "amt": self.amount() * 7,
            }
            for year in (2023, 2024)
            for insutype in ("310", "390", "340")
            for direction in ("收入", "支出")
            for category in ("甲", "乙", "丙")
            if self.random.random() < 0.8
        ]

    def benefits(self) -> list[dict[str, Any]]:
        spans = [
            ((1, 1), (3, 31)),
            ((3, 1), (3, 31)),
            ((4, 1), (4, 30)),
            ((4, 15), (5, 31)),
            ((5, 1), (5, 31)),
            ((3, 1), (4, 30)),
        ]
        found = []
        for insutype in ("310", "390"):
            for first, last in self.random.sample(spans, 3):
                for year in (2022, 2023, 2024):
                    for category in self.random.sample(
                        ("合计", "住院", "门诊", "小计:基本", "实际报销比例:综合"), 3
                    ):
                        found.append({
                            "begndate": dt.date(year, *first),
                            "enddate": dt.date(year, *last),
                            "insutype": insutype,
                            "category": category,
                            "fund_amt": self.maybe(self.amount()),
                            "person_times": self.maybe(self.random.randrange(500)),
                        })  # fmt: skip
        return found


def whole_row(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Every column of the contract, blanks as None."""
    return {column.name: row.get(column.name) for column in contracts()[table].columns}
