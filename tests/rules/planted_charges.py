"""A month of lawful claims with violations planted in it, and what a careful reader of the rules would find.

Each ``plant_`` method adds one violation, and beside it a near miss that is lawful; it writes into ``expected`` which
settlements the rules must find and for how much. Readings are those of the rule catalogue; amounts are worked out by hand.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from planted_claims import (
    INPATIENT,
    LEVEL_1,
    LEVEL_2,
    PAUSED,
    PHARMACY,
    SHOPS,
    Claims,
    Line,
    Person,
    fen,
)

DRUG, CONSUMABLE = "101", "301"
DIAGNOSES = ("J18.900", "I10.x00", "E11.900", "K29.500", "M54.500", "I63.900", "J44.100", "N20.000")


class PlantedCharges(Claims):
    """``expected``: (rule, settlement) → amount, None where the rule has no amount."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.expected: dict[tuple[str, str], Decimal | None] = {}
        self._offices()
        self._lawful()
        plants = [getattr(self, name) for name in dir(self) if name.startswith("plant_")]
        self.dice.shuffle(plants)
        for plant in plants:
            for _ in range(self.dice.randint(1, 2)):
                plant()

    def hit(self, rule: str, setl_id: str, amount: Decimal | None) -> None:
        assert (rule, setl_id) not in self.expected
        self.expected[rule, setl_id] = amount

    def fund(self, setl_id: str) -> Decimal:
        return self.settled(setl_id)["fund_pay_sumamt"]

    # -- what is lawful

    def _offices(self) -> None:
        for code in (*LEVEL_2, *LEVEL_1, PAUSED, *SHOPS):
            shop, level = code in SHOPS, "05" if code in LEVEL_2 else "09"
            self.add("fixmedins_b", fixmedins_code=code, fixmedins_name=f"机构{code[-2:]}",
                     fixmedins_type="2" if shop else "1", hosp_lv="11" if shop else level, fix_blng_admdvs="999001",
                     vali_flag="1")  # fmt: skip
            self.agreement(code, "1")

    def agreement(
        self, code: str, state: str, begin: dt.date | None = None, end: dt.date | None = None
    ) -> None:
        year = self.first.year
        self.add("fixmedins_cntr_reg_d", cntr_id=self.number("fixmedins_cntr_reg_d", "C"), fixmedins_code=code,
                 efft_time=dt.datetime(year, 1, 1), invd_time=dt.datetime(year, 12, 31), cntr_stas=state,
                 stas_begndate=begin, stas_enddate=end)  # fmt: skip

    def _lawful(self) -> None:
        for _ in range(120):
            self.clinic(self.person(), self.dice.choice([*LEVEL_2, *LEVEL_1]), self.any_day())
        for _ in range(40):
            begin = self.day(self.dice.randint(1, 20))
            self.stay(
                self.person(),
                self.dice.choice(LEVEL_2),
                begin,
                begin + dt.timedelta(self.dice.randint(4, 10)),
            )
        for _ in range(40):
            self.shop(self.person(), self.dice.choice(SHOPS), self.any_day())

    def clinic(self, who: Person, where: str, day: dt.date, *lines: Line, **more: object) -> str:
        usual = [self.line("ZC01", charge="02"), self.line("XGENERAL", kind=DRUG, more={"prd_days": 3})]
        return self.visit(who, where, day, [*usual, *lines], **more)

    def stay(
        self,
        who: Person,
        where: str,
        begin: dt.date,
        end: dt.date,
        *lines: Line,
        idle: int = 0,
        **more: object,
    ) -> str:
        """A bed, nursing and a visit by the doctor for each night; medicine and treatment on every day but ``idle`` ones."""
        nights = (end - begin).days
        usual = []
        for night in range(nights):
            day = begin + dt.timedelta(night)
            usual += [
                self.line(code, charge=charge, day=day)
                for code, charge in (("CW01", "01"), ("HL01", "07"), ("ZC02", "02"))
            ]
        for night in range(nights + 1 - idle):
            day = begin + dt.timedelta(night)
            usual += [self.line("XSTAY", kind=DRUG, day=day), self.line("ZL01", charge="05", day=day)]
        more = {"diagnosis": self.dice.choice(DIAGNOSES), **more}
        return self.visit(who, where, begin, [*usual, *lines], med_type=INPATIENT, end=end, **more)

    def shop(self, who: Person, where: str, day: dt.date, *lines: Line, **more: object) -> str:
        code = f"XSHOP{self.dice.randint(0, 10**9)}"
        bought = lines or (self.line(code, kind=DRUG, cnt=Decimal(self.dice.randint(1, 4))),)
        return self.visit(who, where, day, bought, med_type=PHARMACY, diagnosis=None, **more)

    def limit(
        self, kind: str, code: str, value: str, number: int | None = None, unit: str | None = None
    ) -> None:
        """A knowledge point, once."""
        point = {"limit_type": kind, "item_code": code, "match": "编码", "limit_value": value, "limit_num": number,
                 "limit_unit": unit, "source": "测试知识"}  # fmt: skip
        if point not in self.rows.get("kb_item_limit", []):
            self.add("kb_item_limit", **point)

    def pair(self, kind: str, a: str, b: str | None, **more: str) -> None:
        point = {"pair_type": kind, "window": None, "item_code_a": a, "item_code_b": b, "group_name": None,
                 "source": "测试知识", **more}  # fmt: skip
        if point not in self.rows.get("kb_item_pair", []):
            self.add("kb_item_pair", **point)

    def beyond(self, amount: Decimal, used: int, allowed: int) -> Decimal:
        """The share of what goes beyond the allowed number (method M2), to the fen."""
        return fen(amount * (used - allowed) / Decimal(used))

    # -- limits of the catalogue

    def plant_drug_sex(self) -> None:
        self.limit("性别", "XSEX", "女")
        wrong = self.line("XSEX", kind=DRUG)
        self.hit("r001", self.clinic(self.person("1"), LEVEL_2[0], self.any_day(), wrong), wrong.covered)
        self.clinic(self.person("2"), LEVEL_2[0], self.any_day(), self.line("XSEX", kind=DRUG))

    def plant_item_sex(self) -> None:
        self.limit("性别", "ISEX", "男")
        wrong = self.line("ISEX")
        self.hit("r003", self.clinic(self.person("2"), LEVEL_2[1], self.any_day(), wrong), wrong.covered)
        self.clinic(self.person("1"), LEVEL_2[1], self.any_day(), self.line("ISEX"))

    def plant_drug_age(self) -> None:
        """A drug for children: on the eighteenth birthday, and on the day before it."""
        self.limit("年龄", "XAGE", "儿童")
        birthday = self.day(self.dice.randint(2, 28))
        born = birthday.replace(year=birthday.year - 18)
        grown, child = (Person(self.person().psn_no, "1", born) for _ in range(2))
        wrong = self.line("XAGE", kind=DRUG)
        self.hit("r002", self.clinic(grown, LEVEL_2[0], birthday, wrong), wrong.covered)
        self.clinic(child, LEVEL_2[0], birthday - dt.timedelta(1), self.line("XAGE", kind=DRUG))

    def plant_item_age(self) -> None:
        self.limit("年龄", "IAGE", "成人")
        wrong = self.line("IAGE")
        self.hit("r004", self.clinic(self.person(age=17), LEVEL_2[0], self.any_day(), wrong), wrong.covered)
        self.clinic(self.person(age=18), LEVEL_2[0], self.any_day(), self.line("IAGE"))

    def plant_drug_insurance(self) -> None:
        self.limit("险种", "XWORK", "限工伤保险")
        wrong = self.line("XWORK", kind=DRUG)
        self.hit("r005", self.clinic(self.person(), LEVEL_2[0], self.any_day(), wrong), wrong.covered)

    def plant_drug_setting(self) -> None:
        self.limit("就医方式", "XBED", "限住院")
        wrong = self.line("XBED", kind=DRUG)
        self.hit("r006", self.clinic(self.person(), LEVEL_2[0], self.any_day(), wrong), wrong.covered)
        self.stay(self.person(), LEVEL_2[0], self.day(3), self.day(8), self.line("XBED", kind=DRUG))

    def plant_levels(self) -> None:
        for rule, code, kind in (("r007", "XLEVEL", DRUG), ("r008", "ILEVEL", "201")):
            self.limit("机构等级", code, "限二级及以上医疗机构")
            wrong = self.line(code, kind=kind)
            self.hit(rule, self.clinic(self.person(), LEVEL_1[0], self.any_day(), wrong), wrong.covered)
            self.clinic(self.person(), LEVEL_2[0], self.any_day(), self.line(code, kind=kind))

    def plant_drug_course(self) -> None:
        """Three days are paid; five are used, and in another stay three."""
        self.limit("疗程天数", "XCOURSE", "3天", 3, "天")
        used = [self.line("XCOURSE", kind=DRUG, day=self.day(5 + n)) for n in range(5)]
        found = self.stay(self.person(), LEVEL_2[0], self.day(5), self.day(12), *used)
        self.hit("r009", found, self.beyond(sum(line.covered for line in used), 5, 3))
        lawful = [self.line("XCOURSE", kind=DRUG, day=self.day(5 + n)) for n in range(3)]
        self.stay(self.person(), LEVEL_2[0], self.day(5), self.day(12), *lawful)

    def plant_daily_quantity(self) -> None:
        """Two a day are paid: five on one line is too many; two lines of two are so besides twice on one day."""
        self.limit("每日数量", "IDAY", "2次/日", 2, "次")
        many = self.line("IDAY", cnt=Decimal(5))
        self.hit(
            "r012",
            self.clinic(self.person(), LEVEL_2[0], self.any_day(), many),
            self.beyond(many.covered, 5, 2),
        )
        twice = [self.line("IDAY", cnt=Decimal(2)) for _ in range(2)]
        found = self.clinic(self.person(), LEVEL_2[0], self.any_day(), *twice)
        for rule in ("r012", "r025"):
            self.hit(rule, found, self.beyond(sum(line.covered for line in twice), 4, 2))
        self.clinic(self.person(), LEVEL_2[0], self.any_day(), self.line("IDAY"), self.line("IDAY"))

    def plant_drug_maximum(self) -> None:
        self.limit("每日数量", "XMAX", "4支/日", 4, "支")
        many = self.line("XMAX", kind=DRUG, cnt=Decimal(7))
        self.hit(
            "r017",
            self.clinic(self.person(), LEVEL_2[0], self.any_day(), many),
            self.beyond(many.covered, 7, 4),
        )
        self.clinic(self.person(), LEVEL_2[0], self.any_day(), self.line("XMAX", kind=DRUG, cnt=Decimal(4)))

    def plant_consumables(self) -> None:
        self.limit("每日数量", "CASE", "2个/例", 2, "例")
        many = self.line("CASE", kind=CONSUMABLE, cnt=Decimal(3))
        self.hit(
            "r019",
            self.stay(self.person(), LEVEL_2[0], self.day(2), self.day(8), many),
            self.beyond(many.covered, 3, 2),
        )

    def plant_self_paid(self) -> None:
        wrong = self.line("XSELF", kind=DRUG, more={"chrgitm_lv": "03"})
        self.hit("r020", self.clinic(self.person(), LEVEL_2[0], self.any_day(), wrong), wrong.covered)
        lawful = self.line("XSELF", kind=DRUG, share=0, more={"chrgitm_lv": "03"})
        self.clinic(self.person(), LEVEL_2[0], self.any_day(), lawful)

    # -- charges

    def plant_exclusive_pair(self) -> None:
        self.pair("重复收费", "IMAIN", "IPART", window="单日")
        wrong = self.line("IPART")
        found = self.clinic(self.person(), LEVEL_2[0], self.any_day(), self.line("IMAIN"), wrong)
        self.hit("r024", found, wrong.covered)
        days = [self.line("IMAIN", day=self.day(3)), self.line("IPART", day=self.day(4))]
        self.stay(self.person(), LEVEL_2[0], self.day(2), self.day(8), *days)

    def plant_package(self) -> None:
        self.pair("组套分解", "ISET", "ISET1")
        self.pair("组套分解", "ISET", "ISET2")
        parts = [self.line("ISET1"), self.line("ISET2")]
        found = self.clinic(self.person(), LEVEL_2[0], self.any_day(), *parts)
        self.hit("r026", found, sum(line.covered for line in parts))
        self.clinic(self.person(), LEVEL_2[0], self.any_day(), self.line("ISET1"), self.line("ISET1"))

    def plant_price(self) -> None:
        """A limit of 100 yuan bears 100.10, not 100.11."""
        for price, over in (("100.11", True), ("100.10", False)):
            line = self.line(
                "IPRICE", pric=Decimal(price), cnt=Decimal(3), share=100, more={"pric_uplmt_amt": "100.00"}
            )
            found = self.clinic(self.person(), LEVEL_2[0], self.any_day(), line)
            if over:
                self.hit("r027", found, Decimal("0.33"))

    def plant_second_operation(self) -> None:
        for code in ("IOP1", "IOP2"):
            self.pair("主次操作", code, None, group_name="测试手术组")
        second = self.line("IOP2", pric=Decimal("600.00"), share=100)
        first = [self.line("IOP1", pric=Decimal("1000.00"), share=100) for _ in range(2)]
        found = self.stay(self.person(), LEVEL_2[0], self.day(2), self.day(8), first[0], second)
        self.hit("r028", found, Decimal("300.00"))
        halved = self.line("IOP2", pric=Decimal("600.00"), cnt=Decimal("0.5"))
        self.stay(self.person(), LEVEL_2[0], self.day(2), self.day(8), first[1], halved)

    def plant_days_of_a_stay(self) -> None:
        """Six nights may be charged seven times; nine is two too many, seven is lawful."""
        for rule, code, charge in (("r031", "CW09", "01"), ("r032", "HL09", "07")):
            for count in (3, 1):
                extra = self.line(code, charge=charge, cnt=Decimal(count), day=self.day(4))
                found = self.stay(self.person(), LEVEL_2[0], self.day(4), self.day(10), extra)
                if count == 3:
                    rows = [
                        row
                        for row in self.rows["fee_list_d"]
                        if row["setl_id"] == found and row["med_chrgitm_type"] == charge
                    ]
                    self.hit(rule, found, self.beyond(sum(row["inscp_amt"] for row in rows), 9, 7))

    def plant_hours(self) -> None:
        self.limit("每日数量", "IHOUR", "24小时/日", 24, "小时")
        line = self.line("IHOUR", cnt=Decimal(30), day=self.day(5))
        found = self.stay(self.person(), LEVEL_2[0], self.day(4), self.day(10), line)
        # the catalogue's rule 12 names 24 hours a day among its limits, so that both rules look at them
        for rule in ("r012", "r033"):
            self.hit(rule, found, self.beyond(line.covered, 30, 24))
        full = self.line("IHOUR", cnt=Decimal(24), day=self.day(5))
        self.stay(self.person(), LEVEL_2[0], self.day(4), self.day(10), full)

    def plant_outside_stay(self) -> None:
        late = self.line("ILATE", day=self.day(11))
        self.hit("r034", self.stay(self.person(), LEVEL_2[0], self.day(4), self.day(10), late), late.covered)
        self.stay(self.person(), LEVEL_2[0], self.day(4), self.day(10), self.line("ILATE", day=self.day(10)))
