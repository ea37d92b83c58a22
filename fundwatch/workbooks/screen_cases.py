"""案件台账: the money ladder, every case with its clock, sources and states, transfers, penalties, post review."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from fundwatch.kpi import declarations
from fundwatch.screens import cases as view
from fundwatch.screens.cases_money import bridge, steps, title
from fundwatch.screens.clocks import clock_of
from fundwatch.screens.fields import Field, contract_fields
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import (
    Book,
    Chart,
    Part,
    kpi_part,
    list_part,
    months_part,
    split_part,
    table,
)

BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")
RECOVERY, POST_REVIEW = "recovery_rate", "post_review_rate"
KPIS = (
    "case_closed_rate", "case_on_time_rate", RECOVERY, "recovered_amount", "penalty_due", "penalty_done", "breach_due",
    "breach_done", "handled_institutions", "handling_counts", POST_REVIEW,
)  # fmt: skip
LADDER_FIELDS = (Field("name", "项目"), Field("amount", "金额", "amount", "元"), Field("note", "说明"))
BRIDGE_FIELDS = (
    Field("name", "构成"), Field("recovery_cnt", "处理次数", "int", "次"), Field("due", "应追回", "amount", "元"),
    Field("done", "已追回", "amount", "元"), Field("balance", "余额", "amount", "元"), Field("note", "核对"),
)  # fmt: skip
TRANSFERS = (
    "decided_date",
    "handle_type",
    "case_id",
    "fixmedins_code",
    "amt_due",
    "amt_done",
    "handle_stas",
    "handle_id",
)
MONEY = pa.decimal128(18, 2)


def kpis(_: Ask) -> list[str]:
    """Those of the screen that are declared."""
    return [kpi for kpi in KPIS if kpi in declarations()]


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters."""
    clock = clock_of(ask.today, ask.newest, ask.period.end)
    asked: dict[str, Any] = {"first_day": ask.period.start, "day": clock.day, **ask.lists(BAR)}
    listed = view.ledger(ask.query("cases_ledger", **asked).to_pylist(), clock)
    [money] = ask.query("cases_ladder", **asked).to_pylist()
    without_day = {name: value for name, value in asked.items() if name != "day"}
    transfers = ask.query("cases_transfers", last_day=ask.period.end, **without_day)
    fields = contract_fields("handling", TRANSFERS)
    fields[3:3] = [Field("title", "案由"), Field("fixmedins_name", "定点医药机构名称")]
    found = [
        kpi_part(ask, kpis(ask)),
        _ladder(money),
        months_part(ask, kpis(ask)),
        Part("案件清单", listed, view.FIELDS, clock.words, money="元"),
        Part(
            "分来源",
            view.by(listed, "case_souc"),
            [Field("name", "案件来源"), *view.GROUP_FIELDS],
            "",
            money="元",
        ),
        Part(
            "分状态",
            view.by(listed, "case_stas"),
            [Field("name", "案件状态"), *view.GROUP_FIELDS],
            "",
            money="元",
        ),
        _bridge(ask, asked, money),
        Part("移送与行政处罚", transfers, fields, "处理台账不登记移送的金额。", money="元"),
        split_part(ask, "handling_counts", "handle_type", "处理处罚分布"),
        list_part(ask, RECOVERY, "追回清单", "违规金额追回率的清单:期内处理的全部追回。"),
    ]
    if POST_REVIEW in declarations():
        quarters = view.by_quarter(ask.listed(POST_REVIEW))
        found.append(
            Part(
                "季度事后审核",
                quarters,
                view.QUARTER_FIELDS,
                f"{declarations()[POST_REVIEW].definition.denominator}。",
                money="元",
            )
        )
    return found


def _ladder(money: dict[str, Any]) -> Part:
    rows = (
        [{"name": step.name, "amount": step.amount, "note": step.note} for step in steps(money)]
        if money["case_cnt"]
        else []
    )
    shape = table(rows, [field.name for field in LADDER_FIELDS], {"amount": MONEY})
    note = "罚款、违约金另计,不冲减追回余额。"
    return Part("金额阶梯", shape, LADDER_FIELDS, note, (Chart("bar", "name", ("amount",), title(money)),))


def _bridge(ask: Ask, asked: dict[str, Any], money: dict[str, Any]) -> Part:
    rows = ask.query("cases_bridge", last_day=ask.period.end, **asked).to_pylist()
    lines = bridge(rows, money, ask.by_kpi([RECOVERY]).get(RECOVERY))
    made = [{field.name: getattr(line, field.name) for field in BRIDGE_FIELDS} for line in lines]
    types = {"recovery_cnt": pa.int64(), "due": MONEY, "done": MONEY, "balance": MONEY}
    note = "违规金额追回率按处理日期统计全部追回,金额阶梯只列本页案件;两者在此逐项对应。"
    return Part(
        "金额对账", table(made, [f.name for f in BRIDGE_FIELDS], types), BRIDGE_FIELDS, note, money="元"
    )


BOOK = Book(BAR, kpis, parts, follows=("day",))
