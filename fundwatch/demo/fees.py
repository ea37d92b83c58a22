"""Fee lines, diagnoses and operations of the bills: catalogue prices that add up to the bill to the fen."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fundwatch.demo.columns import (
    NONE,
    Frame,
    date,
    flag,
    label,
    moment,
    money,
    number,
    pick,
    price,
    stack,
    word,
)
from fundwatch.demo.knowledge import plant
from fundwatch.demo.mix import KINDS
from fundwatch.demo.settlements import (
    INPATIENT,
    doctor_code,
    institution_code,
    person_number,
    settlement_id,
    visit_id,
)
from fundwatch.demo.vocabulary import CATALOGUE, COUNTY, DIAGNOSES, DIAGNOSIS, ITEMS, OPERATIONS
from fundwatch.demo.world import World

_REST, _REST_PHARMACY = len(ITEMS), len(ITEMS) + 1
_PRICES = np.array([item.price for item in CATALOGUE], dtype=np.int64)
_MOST_LINES = 900
#: one line in a thousand is charged above the price limit
_OVERCHARGED = 0.001
#: charged once a day of a stay: bed, consultation, nursing
_BY_DAY = ("01", "02", "07")
#: one stay in so many is charged more days than it lasts; one common visit in so many gets drugs for more than a week
_TOO_MANY_DAYS, _TOO_LONG = 60, 70
_WEEK = 7
#: a line holds up to this many units; the item is chosen so that they fill the line's share of the bill
_USUAL_UNITS = 16


def _items_for(kind: int) -> np.ndarray:
    one = KINDS[kind]
    mark = {"41": "p", "52": "b"}.get(one.med_type, "i" if one.inpatient else "o")
    found = np.array([place for place, item in enumerate(ITEMS) if mark in item.where])
    return found[np.argsort(_PRICES[found], kind="stable")]


#: items of each kind of claim, cheapest first
_CHOICE = [_items_for(kind) for kind in range(len(KINDS))]


def month_lines(world: World, bills: Frame, visits: Frame) -> Frame:
    """Lines of the month's bills, of refunds (negative, naming the line they take back), of open stays."""
    rng = world.plan.stream("lines", str(visits["begin"][0].astype("M8[M]")))
    paid = pick(bills, bills["refunds"] == NONE)
    paid["open"] = np.zeros(len(paid["bill"]), dtype=bool)
    lines = stack([plant(paid, _lines(world, paid, rng)), _lines(world, _open_stays(world, visits), rng)])
    taken_back = _taken_back(lines, pick(bills, bills["refunds"] != NONE))
    both = stack([lines, taken_back])
    return pick(both, both["time"] < world.plan.midnight)


def _open_stays(world: World, visits: Frame) -> Frame:
    rows = pick(visits, visits["end"] >= world.plan.midnight)
    rows["paid"], rows["bill"] = rows["end"], rows["visit"] * 10 + 1
    rows["refunds"] = np.full(len(rows["bill"]), NONE)
    rows["refunded"] = np.zeros(len(rows["bill"]), dtype=bool)
    rows["open"] = np.ones(len(rows["bill"]), dtype=bool)
    return rows


def _lines(world: World, bills: Frame, rng: np.random.Generator) -> Frame:
    """Lines of bills: a share of the fee in whole units of each item, the rest as one line of its own."""
    mean = np.array([kind.lines for kind in KINDS])[bills["kind"]] * world.plan.scale.line_share
    wanted = np.clip(np.rint(mean * (0.6 + 0.8 * rng.random(len(mean)))), 1, _MOST_LINES).astype(int)
    of = np.repeat(np.arange(len(wanted)), wanted)
    weights = rng.random(len(of)) + 0.2
    budget = weights / np.bincount(of, weights, len(wanted))[of] * bills["fee"][of]
    item = _draw_items(bills["kind"][of], budget, rng)
    units = np.floor(budget / _PRICES[item]).astype(np.int64)
    units = _within_stay(bills, of, item, units)
    kept = units > 0
    of, item, units = of[kept], item[kept], units[kept]
    over = rng.random(len(of)) < _OVERCHARGED
    # A price above its limit must still fit the bill: such a line gives up a third of its units.
    over &= units >= 3
    units = np.where(over, units - units // 3, units)
    unit_price = np.where(over, _PRICES[item] * 5 // 4, _PRICES[item])
    amount = units * unit_price
    rest = bills["fee"] - np.bincount(of, amount, len(wanted)).astype(np.int64)
    more = np.flatnonzero(rest > 0)
    pharmacy = np.array([kind.med_type == "41" for kind in KINDS])[bills["kind"][more]]
    made = {
        "of": np.concatenate([of, more]),
        "item": np.concatenate([item, np.where(pharmacy, _REST_PHARMACY, _REST)]),
        "units": np.concatenate([units, np.ones(len(more), dtype=np.int64)]),
        "price": np.concatenate([unit_price, rest[more]]),
        "amount": np.concatenate([amount, rest[more]]),
    }
    return _finish(bills, made, rng)


def _within_stay(bills: Frame, of: np.ndarray, item: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Units of what is charged by the day, no more in all than the stay has nights, but for one stay in ``_TOO_MANY_DAYS``."""
    charge = np.array([_BY_DAY.index(one.charge) if one.charge in _BY_DAY else -1 for one in CATALOGUE])[item]
    honest = INPATIENT[bills["kind"]] & (bills["visit"] % _TOO_MANY_DAYS != 0)
    here = np.flatnonzero((charge >= 0) & honest[of])
    here = here[np.lexsort((charge[here], of[here]))]
    days = bills["end"].astype("M8[D]") - bills["begin"].astype("M8[D]")
    group = of[here] * len(_BY_DAY) + charge[here]
    running = np.cumsum(units[here])
    first = np.concatenate([[True], group[1:] != group[:-1]]) if len(here) else np.zeros(0, dtype=bool)
    before = running - units[here] - np.maximum.accumulate(np.where(first, running - units[here], 0))
    left = np.maximum(days[of[here]].astype(np.int64), 1) - before
    found = units.copy()
    found[here] = np.clip(left, 0, units[here])
    return found


def _draw_items(kinds: np.ndarray, budget: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Items whose price fits the budget some whole number of times, a neighbour in price now and then."""
    item = np.zeros(len(kinds), dtype=np.int64)
    price_wanted = budget / (1 + _USUAL_UNITS * rng.random(len(kinds)) ** 2)
    shift = rng.integers(-2, 2, len(kinds))
    for kind, choice in enumerate(_CHOICE):
        here = np.flatnonzero(kinds == kind)
        place = np.searchsorted(_PRICES[choice], price_wanted[here], side="right") - 1
        item[here] = choice[(place + shift[here]).clip(0, len(choice) - 1)]
    return item


def _finish(bills: Frame, lines: Frame, rng: np.random.Generator) -> Frame:
    """Number the lines within their bill, spread the scope amount over them, and place them in time."""
    order = np.argsort(lines["of"], kind="stable")
    lines = pick(lines, order)
    of = lines.pop("of")
    count = np.bincount(of, minlength=len(bills["bill"]))
    starts = np.cumsum(count) - count
    scope = lines["amount"] * bills["scope"][of] // np.maximum(bills["fee"][of], 1)
    short = bills["scope"] - np.bincount(of, scope, len(count)).astype(np.int64)
    # The last line is the largest remainder's place: it takes the few fen that rounding down left over.
    last = (starts + count - 1)[count > 0]
    scope[last] += short[count > 0]
    copied = {
        name: bills[name][of]
        for name in ("bill", "visit", "person", "institution", "kind", "doctor", "diagnosis", "open")
    }
    place = np.arange(len(of)) - starts[of]
    begin, end = bills["begin"][of], bills["end"][of]
    length = (end - begin).astype(np.int64)
    return {
        **lines,
        **copied,
        "line": bills["bill"][of] * 1000 + place + 1,
        "takes_back": np.full(len(of), NONE),
        "scope": scope,
        # one after the other through the visit, so that no day of a stay goes without
        "time": begin
        + ((place + rng.random(len(of))) / count[of] * length).astype(np.int64) * np.timedelta64(1, "s"),
        "refunded": bills["refunded"][of],
    }


def _taken_back(lines: Frame, refunds: Frame) -> Frame:
    """The lines of refunded bills once more, negative, under the refund's number and time."""
    back = pick(lines, lines["refunded"])
    order = np.argsort(refunds["refunds"])
    place = order[np.searchsorted(refunds["refunds"], back["bill"], sorter=order)]
    back["takes_back"] = back["line"]
    back["bill"] = refunds["bill"][place]
    back["line"] = back["bill"] * 1000 + back["line"] % 1000
    back["time"] = refunds["paid"][place]
    for name in ("units", "amount", "scope"):
        back[name] = -back[name]
    return back


def line_table(world: World, lines: Frame) -> pa.Table:
    """fee_list_d. Lines of open stays have no settlement yet."""
    item = lines["item"]
    limit = np.where(item < len(ITEMS), _PRICES[item] * 10_000, NONE)
    stay = INPATIENT[lines["kind"]]
    drug = np.array([one.list_type == "101" for one in CATALOGUE])[item]
    return pa.table(
        {
            "bkkp_sn": label(f"F{COUNTY}", lines["line"], 16),
            "init_feedetl_sn": label(f"F{COUNTY}", lines["takes_back"], 16),
            "mdtrt_id": visit_id(lines["visit"]),
            "setl_id": settlement_id(np.where(lines["open"], NONE, lines["bill"])),
            "psn_no": person_number(lines["person"]),
            "fixmedins_code": institution_code(world, lines["institution"]),
            "fee_ocur_time": moment(lines["time"]),
            "med_type": word([kind.med_type for kind in KINDS], lines["kind"]),
            "hilist_code": word([one.code for one in CATALOGUE], item),
            "hilist_name": word([one.name for one in CATALOGUE], item),
            "list_type": word([one.list_type for one in CATALOGUE], item),
            "med_chrgitm_type": word([one.charge for one in CATALOGUE], item),
            "chrgitm_lv": word([one.level for one in CATALOGUE], item),
            "cnt": number(lines["units"]),
            "pric": price(lines["price"] * 10_000),
            "pric_uplmt_amt": price(limit),
            "det_item_fee_sumamt": money(lines["amount"]),
            "inscp_amt": money(lines["scope"]),
            "prd_days": number(np.where(drug, _supply_days(lines), NONE)),
            "dscg_tkdrug_flag": flag(np.where(drug & stay, (lines["line"] % 9 == 0).astype(int), 0)),
            "bilg_dept_name": word([one.department for one in DIAGNOSES], lines["diagnosis"]),
            "bilg_dr_code": doctor_code(lines),
            "vali_flag": flag(np.ones(len(item), dtype=int)),
        }
    )


def _supply_days(lines: Frame) -> np.ndarray:
    """Days a drug line lasts, one a unit; a common visit gets a week at most, but for one in ``_TOO_LONG``."""
    common = np.array([kind.med_type == "11" for kind in KINDS])[lines["kind"]]
    common &= lines["visit"] % _TOO_LONG != 0
    return np.abs(lines["units"]).clip(1, np.where(common, _WEEK, 30))


def diagnosis_table(bills: Frame) -> pa.Table:
    """setl_list_diag_d: the main diagnosis of each bill of a stay, and a second one for every third."""
    rows = pick(bills, (bills["refunds"] == NONE) & INPATIENT[bills["kind"]])
    second = pick(rows, rows["bill"] // 10 % 3 == 0)
    second["diagnosis"] = np.full(len(second["bill"]), DIAGNOSIS["I10.x00"])
    main = np.concatenate([np.ones(len(rows["bill"]), dtype=int), np.zeros(len(second["bill"]), dtype=int)])
    both = stack([rows, second])
    return pa.table(
        {
            "setl_list_diag_id": label(f"G{COUNTY}", both["bill"] * 10 + 2 - main, 14),
            "setl_id": settlement_id(both["bill"]),
            "mdtrt_id": visit_id(both["visit"]),
            "diag_type": word(["1"], np.zeros(len(main), dtype=int)),
            "maindiag_flag": flag(main),
            "diag_code": word([one.code for one in DIAGNOSES], both["diagnosis"]),
            "diag_name": word([one.name for one in DIAGNOSES], both["diagnosis"]),
        }
    )


def operation_table(bills: Frame) -> pa.Table:
    """setl_list_oprn_d: stays whose diagnosis is operated on, four in five of them."""
    of_diagnosis = {one.diagnosis: place for place, one in enumerate(OPERATIONS)}
    operation = np.array([of_diagnosis.get(one.code, -1) for one in DIAGNOSES])[bills["diagnosis"]]
    chosen = (
        (bills["refunds"] == NONE)
        & INPATIENT[bills["kind"]]
        & (operation >= 0)
        & (bills["bill"] // 10 % 5 != 0)
    )
    rows, operation = pick(bills, chosen), operation[chosen]
    day = np.minimum(rows["begin"].astype("M8[D]") + 1, rows["end"].astype("M8[D]"))
    return pa.table(
        {
            "setl_list_oprn_id": label(f"O{COUNTY}", rows["bill"], 13),
            "setl_id": settlement_id(rows["bill"]),
            "mdtrt_id": visit_id(rows["visit"]),
            "main_oprn_flag": flag(np.ones(len(operation), dtype=int)),
            "oprn_oprt_code": word([one.code for one in OPERATIONS], operation),
            "oprn_oprt_name": word([one.name for one in OPERATIONS], operation),
            "oprn_oprt_date": date(day),
        }
    )
