"""A county small enough to know by heart, built once per test run, and a person who looks at it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "build"))

from lake_home import new_home, put, run_build

from fundwatch.access import PAGES, Entry, Role
from fundwatch.home import Home
from fundwatch.settings import Settings
from fundwatch.state.users import User
from fundwatch.ui.shell import Page
from fundwatch.warehouse import open_warehouse

HOSPITAL, PHARMACY = "H99900100001", "P99900100002"


def built(path: Path) -> Home:
    """One hospital (inspected, 10,000 of 20,000 yuan recovered) and one pharmacy (not inspected), June 2024."""
    home = new_home(path)
    put(
        home, "fixmedins_b",
        {"fixmedins_code": HOSPITAL, "fixmedins_name": "=甲[医]院", "hosp_lv": "05", "town_code": "999001101", "town_name": "甲镇"},
        {"fixmedins_code": PHARMACY, "fixmedins_name": "乙药店", "fixmedins_type": "2", "hosp_lv": "11", "town_code": "999001102",
         "town_name": "乙镇"},
    )  # fmt: skip
    put(
        home, "fixmedins_cntr_reg_d",
        *({"cntr_id": code, "fixmedins_code": code, "efft_time": "2023-01-01", "invd_time": "2025-12-31"}
          for code in (HOSPITAL, PHARMACY)),
    )  # fmt: skip
    put(home, "inspection", {"insp_id": "I1", "fixmedins_code": HOSPITAL, "insp_date": "2024-06-05"})
    put(
        home, "handling",
        {"handle_id": "C1", "fixmedins_code": HOSPITAL, "decided_date": "2024-06-20", "amt_due": "20000.00",
         "amt_done": "10000.00", "done_date": "2024-06-25"},
    )  # fmt: skip
    run_build(home)
    return home


def page_of(home: Home, role: Role, entry: Entry = PAGES[0]) -> Page:
    """What the guard gives a page for a person of this role."""
    user = User("test01", f"{role.value}01", (role,), True, False, None)
    return Page(entry, home, user, Settings(home), open_warehouse(home))
