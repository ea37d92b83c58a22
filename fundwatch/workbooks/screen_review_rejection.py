"""审核拒付: from declared to deducted, queues, institutions, rules, insurance types, months, what counts against the review."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.kpi import DIMENSION_LABELS, declarations
from fundwatch.screens import rejection as view
from fundwatch.screens.fields import Field
from fundwatch.screens.overview import insutype_words
from fundwatch.ui import numbers
from fundwatch.workbooks.ask import DIMENSIONS, Ask
from fundwatch.workbooks.parts import (
    EXACT,
    MOST_BARS,
    Book,
    Chart,
    Part,
    kpi_part,
    list_part,
    months_part,
    table,
)

TILED = (
    "first_review_rate", "review_overdue_rate", "rejection_rate", "rejected_doc_rate", "duty_breaches", "clue_transfers",
)  # fmt: skip
KPIS = (*TILED, *view.AMOUNTS)
RATES = ("rejection_rate", "rejected_doc_rate")
FUNNEL_FIELDS = (
    Field("name", "步骤"), Field("docs", "单据", "int", "件"), Field("amount", "金额", "amount", "元"),
    Field("share", "占申报", "percent", "%"),
)  # fmt: skip
QUEUE_FIELDS = (
    Field("name", "环节"), Field("owner", "责任岗位"), *(Field(f"age{n}", word, "int", "件") for n, word in enumerate(view.AGE_WORDS)),
    Field("oldest", "最久", "int", "天"), Field("amount", "金额", "amount", "元"),
)  # fmt: skip


def parts(ask: Ask) -> list[Part]:
    """Everything the screen shows under its filters."""
    return [
        kpi_part(ask, KPIS),
        _funnel(ask),
        _queues(ask),
        months_part(ask, TILED),
        _cells(ask, "fixmedins_code", "分机构拒付", ask.institution_names),
        Part(
            "分规则",
            view.rules(ask.of_period("review_rules", *DIMENSIONS)),
            view.RULE_FIELDS,
            "各规则的检出与扣款。",
        ),
        _cells(ask, "insutype", "分险种拒付", {code: insutype_words(code) for code in ("310", "390", "510")}),
        _cells(ask, "month", "分月拒付", {}),
        _against(
            ask, "review_overdue_rate", "初审超时的单据", "初审应在申报后规定的工作日内完成,含调休上班日。"
        ),
        _against(ask, "duty_breaches", "岗位未分离的疑点", "初审人、复核人、复审人两两比较,空白不算。"),
        _against(ask, "clue_transfers", "移交监管的线索", "转稽核标志为是的疑点,按检出日期统计。"),
    ]


def _funnel(ask: Ask) -> Part:
    rungs = view.funnel(ask.by_kpi(KPIS), ask.of_period("review_funnel", *DIMENSIONS).to_pylist()[0])
    rows = [
        {
            "name": rung.name,
            "docs": rung.docs,
            "amount": rung.amount,
            "share": view.share_of_first(rungs, rung),
        }
        for rung in rungs
    ]
    types = {"docs": pa.int64(), "amount": view.MONEY, "share": EXACT}
    note = "按单据申报日期统计,截至本版本。同一单据可有多条疑点,只计一件。"
    chart = Chart("bar", "name", ("amount",), view.funnel_title(rungs))
    return Part(
        "审核漏斗", table(rows, [f.name for f in FUNNEL_FIELDS], types), FUNNEL_FIELDS, note, (chart,)
    )


def _queues(ask: Ask) -> Part:
    day = min(ask.period.end, ask.newest or ask.period.end, ask.today)
    rows = ask.query("deadlines_review", day=day, next_day=day + dt.timedelta(days=1)).to_pylist()
    found = [
        {"name": queue.name, "owner": queue.owner, "oldest": queue.oldest, "amount": queue.amount}
        | {f"age{number}": count for number, count in enumerate(queue.by_age)}
        for queue in view.queues(rows, day)
    ]
    types = {f"age{number}": pa.int64() for number in range(len(view.AGE_WORDS))}
    types |= {"oldest": pa.int64(), "amount": view.MONEY}
    note = f"截至{numbers.date(day)}等待处理的单据(初审)和疑点(其余环节),不受筛选影响;从进入该环节之日起计。"
    return Part("六步流程时钟", table(found, [f.name for f in QUEUE_FIELDS], types), QUEUE_FIELDS, note)


def _cells(ask: Ask, by: str, name: str, words: dict[str, str]) -> Part:
    values = ask.values(RATES, by)
    if by == "month":
        words = {str(value.key): numbers.month(str(value.key)) for value in values}
    rows = view.cells(values, words)
    lead = (
        [Field("key", "机构编号", "code"), Field("name", "机构")]
        if by == "fixmedins_code"
        else [Field("name", DIMENSION_LABELS[by])]
    )
    kind = "column" if by == "month" else "bar"
    charts = (Chart(kind, "name", ("rate",), f"{name}率"),) if 1 < rows.num_rows <= MOST_BARS else ()
    return Part(name, rows, [*lead, *view.CELL_FIELDS], "按代码或时间排列,不排名次。", charts, money="元")


def _against(ask: Ask, kpi: str, name: str, note: str) -> Part:
    rows = ask.listed(kpi)
    if declarations()[kpi].is_ratio:
        rows = rows.filter(pc.not_equal(rows.column("numerator"), 0))
    return list_part(ask, kpi, name, note, rows)


BOOK = Book(DIMENSIONS, lambda _: KPIS, parts, personal=True, follows=("day",))
