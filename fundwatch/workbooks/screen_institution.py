"""机构画像: one institution (choice ``code``) beside those of its level, its money by month, what happened."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.errors import UserError
from fundwatch.screens import institution as view
from fundwatch.screens.fields import Field
from fundwatch.screens.map import kpis_of_institutions
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Chart, Part, table

COMPARED = (
    Field("kpi", "指标"), Field("shown", "本机构"), Field("place", "位置"), Field("peers", "同级别"), Field("way", "比较方式"),
)  # fmt: skip
MONTHS = (Field("ym", "月份", "ym"), Field("fund_pay_sumamt", "基金支付", "amount", "元"))
HAPPENED = (
    Field("shown_date", "日期"), Field("kind", "类别"), Field("what", "事项"), Field("detail", "内容"),
    Field("amount", "金额", "amount", "元"),
)  # fmt: skip
MONEY = pa.decimal128(18, 2)


def parts(ask: Ask) -> list[Part]:
    """The profile without single settlements: those leave through 指标明细."""
    code = ask.choices["code"]
    heads = ask.query("institution_head", code=code).to_pylist()
    if not heads:
        raise UserError(f"没有定点医药机构 {code}。")
    [head] = heads
    level = {"level_class": (head["level_class"],), "fixmedins_type": (head["fixmedins_type"],)}
    peers = ask.choosing(level)
    kpis = kpis_of_institutions()
    values = peers.values(list(kpis), "fixmedins_code")
    stand = [view.standing(kpi, code, [v for v in values if v.kpi == kpi.id]) for kpi in kpis.values()]
    compared = [
        {
            "kpi": one.kpi.label,
            "shown": one.shown,
            "place": one.place,
            "peers": one.peers_words,
            "way": one.way.value,
        }
        for one in stand
    ]
    months = ask.query("institution_fund_months", code=code, insutype=[]).to_pylist()
    paid = [
        {"ym": dt.date.fromisoformat(f"{row['ym']}-01"), "fund_pay_sumamt": row["fund_pay_sumamt"]}
        for row in months
    ]
    events = ask.query("institution_timeline", code=code).to_pylist()
    happened = view.timeline_rows(events, not ask.hidden_columns & PERSONAL_COLUMNS)
    chart = Chart("line", "ym", ("fund_pay_sumamt",), f"{head['fixmedins_name']}基金支付按月")
    return [
        Part(
            "与同级别机构比较",
            table(compared, [f.name for f in COMPARED], {}),
            COMPARED,
            f"{view.head_words(head)}。不作排名。",
        ),
        Part(
            "基金支付按月",
            table(paid, ["ym", "fund_pay_sumamt"], {"ym": pa.date32(), "fund_pay_sumamt": MONEY}),
            MONTHS,
            "",
            (chart,),
        ),
        Part(
            "经过",
            table(happened, [f.name for f in HAPPENED], {"amount": MONEY}),
            HAPPENED,
            "从新到旧。",
            money="元",
        ),
    ]


BOOK = Book((), lambda _: list(kpis_of_institutions()), parts, needs=("code",))
