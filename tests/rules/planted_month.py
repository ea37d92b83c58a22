"""The second half of the plants: stays, visits, purchases, papers and agreements; ``PlantedMonth`` has them all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from planted_charges import DRUG, PlantedCharges
from planted_claims import CHRONIC, EMERGENCY, INPATIENT, LEVEL_1, LEVEL_2, PAUSED, SHOPS, fen


class PlantedMonth(PlantedCharges):
    """All plants; see ``PlantedCharges``."""

    # -- stays

    def plant_split_stay(self) -> None:
        """Back on the fifteenth day after discharge, for the same illness; on the sixteenth it is lawful."""
        for gap in (15, 16):
            who = self.person()
            self.stay(who, LEVEL_2[0], self.day(1), self.day(5), diagnosis="J18.900")
            begin = self.day(5 + gap)
            again = self.stay(who, LEVEL_2[0], begin, begin + dt.timedelta(6), diagnosis="J18.100")
            if gap == 15:
                self.hit("r040", again, self.fund(again))

    def plant_idle_stay(self) -> None:
        """Two days with bed, nursing and consultation only; one such day is lawful."""
        for idle in (3, 2):
            # The day of discharge has no bed any more, so that the last idle day is a day without any line.
            found = self.stay(self.person(), LEVEL_2[2], self.day(6), self.day(12), idle=idle)
            if idle == 3:
                self.hit("r041", found, self.fund(found))

    def plant_light_stay(self) -> None:
        """Two nights and mostly tests: 80 of 100 yuan; with 70 of 100 it is lawful."""
        for tests in (80, 70):
            lines = [
                self.line("JC01", charge="03", pric=Decimal(tests - 20)),
                self.line("HY01", charge="04", pric=Decimal(20)),
                self.line("XSTAY", kind=DRUG, charge="09", pric=Decimal(100 - tests)),
            ]
            found = self.visit(
                self.person(),
                LEVEL_2[0],
                self.day(9),
                lines,
                med_type=INPATIENT,
                end=self.day(11),
                diagnosis="J06.900",
            )
            if tests == 80:
                self.hit("r042", found, self.fund(found))

    def plant_overlapping_stays(self) -> None:
        """Two days in two hospitals at once, found on the cheaper stay; leaving and entering on one day is lawful."""
        who = self.person()
        stays = [
            self.stay(who, LEVEL_2[0], self.day(3), self.day(10)),
            self.stay(who, LEVEL_2[1], self.day(8), self.day(14)),
        ]
        cheaper = min(stays, key=self.fund)
        self.hit("r043", cheaper, self.fund(cheaper))
        who = self.person()
        self.stay(who, LEVEL_2[0], self.day(3), self.day(10))
        self.stay(who, LEVEL_2[1], self.day(10), self.day(15))

    def plant_clinic_during_stay(self) -> None:
        """On a day inside the stay; on the day of discharge it is lawful. The stay itself is suspect too."""
        who = self.person()
        stay = self.stay(who, LEVEL_2[0], self.day(3), self.day(10))
        inside = self.clinic(who, LEVEL_2[1], self.day(9))
        self.hit("r044", inside, self.settled(inside)["inscp_amt"])
        self.hit("r041", stay, self.fund(stay))
        who = self.person()
        self.stay(who, LEVEL_2[0], self.day(3), self.day(10))
        self.clinic(who, LEVEL_2[1], self.day(10))

    # -- visits and purchases

    def plant_many_visits(self) -> None:
        """Three visits on one day hit, each of them; two do not."""
        for count in (3, 2):
            who, day = self.person(), self.any_day()
            for number in range(count):
                lines = [self.line("ZC01", charge="02")]
                found = self.visit(who, LEVEL_2[0], day, lines, clock=dt.time(9 + 2 * number))
                if count == 3:
                    self.hit("r046", found, None)

    def plant_many_shops(self) -> None:
        for count in (3, 2):
            who, day = self.person(), self.any_day()
            for number in range(count):
                found = self.shop(who, SHOPS[number], day, clock=dt.time(9 + 2 * number))
                if count == 3:
                    self.hit("r047", found, None)

    def plant_large_purchase(self) -> None:
        """One purchase of 500.00 on average is lawful, 500.01 is not."""
        for amount in ("500.01", "500.00"):
            line = self.line("XDEAR", kind=DRUG, pric=Decimal(amount))
            found = self.shop(self.person(), SHOPS[3], self.any_day(), line)
            if amount == "500.01":
                self.hit("r054", found, None)

    def plant_supply(self) -> None:
        """Supply beyond 7 days, 3 in emergency, 84 for chronic illness; the limit itself is lawful."""
        for med_type, limit, beyond in (("11", 7, 10), (EMERGENCY, 3, 5), (CHRONIC, 84, 90)):
            for days in (beyond, limit):
                line = self.line("XLONG", kind=DRUG, more={"prd_days": days})
                found = self.visit(self.person(), LEVEL_2[0], self.any_day(), [line], med_type=med_type)
                if days == beyond:
                    self.hit("r048", found, self.beyond(line.covered, beyond, limit))

    def plant_early_refill(self) -> None:
        """Five days on, less than 80 % of seven are used; on the sixth more than that."""
        for gap in (5, 6):
            who, line = self.person(), self.line("XREFILL", kind=DRUG, more={"prd_days": 7})
            self.visit(who, LEVEL_2[0], self.day(5), [line])
            again = self.line("XREFILL", kind=DRUG, more={"prd_days": 7})
            found = self.visit(who, LEVEL_2[1], self.day(5 + gap), [again])
            if gap == 5:
                self.hit("r049", found, again.covered)

    def plant_two_places(self) -> None:
        """Thirty minutes between two institutions are too few, thirty-one are enough."""
        for minutes in (30, 31):
            who, day = self.person(), self.any_day()
            lines = [[self.line("ZC01", charge="02")] for _ in range(2)]
            self.visit(who, LEVEL_2[0], day, lines[0], clock=dt.time(9, 0, 10))
            later = self.visit(who, LEVEL_2[1], day, lines[1], clock=dt.time(9, minutes, 10))
            if minutes == 30:
                self.hit("r051", later, self.fund(later))

    def plant_doctor(self) -> None:
        """A doctor's 161 visits a day hit, all of them; 160 do not."""
        for count in (161, 160):
            number = len(self.rows["mdtrt_d"])
            day = self.any_day()
            for _ in range(count):
                line = self.line("ZC01", charge="02", more={"bilg_dr_code": f"D999001{number:06d}"})
                found = self.visit(self.person(), LEVEL_1[1], day, [line])
                if count == 161:
                    self.hit("r071", found, None)

    def plant_dialysis(self) -> None:
        """Two on one day are one too many."""
        day = self.any_day()
        lines = [self.line("IHD", more={"hilist_name": "血液透析"}) for _ in range(2)]
        found = self.visit(self.person(), LEVEL_2[0], day, lines, diagnosis="N18.900")
        self.hit("r076", found, self.beyond(sum(line.covered for line in lines), 2, 1))
        one = self.line("IHD", more={"hilist_name": "血液透析"})
        self.visit(self.person(), LEVEL_2[0], day, [one], diagnosis="N18.900")

    # -- papers

    def plant_diagnoses(self) -> None:
        for rule, code, gend, age in (
            ("r058", "N80.900", "1", 40),
            ("r058", "N40.x00", "2", 70),
            ("r059", "O80.900", "2", 61),
            ("r059", "P22.900", "2", 3),
            ("r062", "J1890", "1", 40),
        ):
            found = self.clinic(self.person(gend, age), LEVEL_2[0], self.any_day(), diagnosis=code)
            self.hit(rule, found, None)
        for code, gend, age in (("N80.900", "2", 40), ("N40.x00", "1", 70), ("O80.900", "2", 60)):
            self.clinic(self.person(gend, age), LEVEL_2[0], self.any_day(), diagnosis=code)

    def plant_operations(self) -> None:
        for rule, code, gend in (
            ("r060", "68.4100", "1"),
            ("r060", "60.2900", "2"),
            ("r063", "6841", "2"),
            (None, "68.4100", "2"),
            (None, "60.2900", "1"),
        ):
            begin = self.day(self.dice.randint(1, 15))
            found = self.stay(self.person(gend), LEVEL_2[0], begin, begin + dt.timedelta(7))
            self.operation(found, code)
            if rule:
                self.hit(rule, found, None)

    def plant_settlement_list(self) -> None:
        """A stay without a main diagnosis, and a visit with two."""
        none = self.stay(self.person(), LEVEL_2[0], self.day(2), self.day(8), diagnosis=None)
        self.hit("r064", none, None)
        two = self.clinic(self.person(), LEVEL_2[0], self.any_day(), diagnosis="J06.900")
        self.diagnosis(two, two.replace("S", "M"), "I10.x00", main=True)
        self.hit("r064", two, None)

    def plant_sums(self) -> None:
        """Fee lines and total differ by six fen; by five is within the tolerance."""
        for off in ("0.06", "0.05"):
            line = self.line("ZC01", charge="02")
            found = self.visit(
                self.person(), LEVEL_2[0], self.any_day(), [line], medfee=line.total + Decimal(off)
            )
            if off == "0.06":
                self.hit("r065", found, None)
        wrong = self.line("ZC01", charge="02", pric=Decimal("10.00"), cnt=Decimal(3), share=100)
        wrong.amount = Decimal("30.06")
        wrong.inscp = Decimal("30.00")
        self.hit("r065", self.visit(self.person(), LEVEL_2[0], self.any_day(), [wrong]), None)

    def plant_reminder(self) -> None:
        """Went on in spite of the reminder, or never answered; who went back and changed is left alone."""
        for answer in ("1", None, "2"):
            found = self.clinic(self.person(), LEVEL_2[0], self.any_day())
            visit, amount = self.settled(found), fen(self.price())
            self.add("bffact_warn_rslt_d", warn_rslt_id=self.number("bffact_warn_rslt_d", "W"),
                     mdtrt_id=visit["mdtrt_id"], psn_no=visit["psn_no"], fixmedins_code=visit["fixmedins_code"],
                     rule_id="P001", rule_name="提醒", vola_amt=amount, crte_time=visit["setl_time"],
                     warn_dspo_way=answer)  # fmt: skip
            if answer != "2":
                self.hit("r074", found, amount)

    def plant_paused_agreement(self) -> None:
        """Paused from one day to another, both included; the day after it is lawful."""
        begin = self.day(self.dice.randint(2, 20))
        end = begin + dt.timedelta(4)
        if not hasattr(self, "pause"):
            self.pause = (begin, end)
            [term] = [row for row in self.rows["fixmedins_cntr_reg_d"] if row["fixmedins_code"] == PAUSED]
            term |= {"cntr_stas": "2", "stas_begndate": begin, "stas_enddate": end}
        for day in self.pause:
            found = self.clinic(self.person(), PAUSED, day)
            self.hit("r073", found, self.fund(found))
        self.clinic(self.person(), PAUSED, self.pause[0] - dt.timedelta(1))
        self.clinic(self.person(), PAUSED, self.pause[1] + dt.timedelta(1))
