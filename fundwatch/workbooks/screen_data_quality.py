"""数据质量: what is loaded of each table, the loads, the checks."""

from __future__ import annotations

from fundwatch.lake import Lake
from fundwatch.quality import completeness
from fundwatch.screens import quality as view
from fundwatch.screens.fields import Field
from fundwatch.screens.quality_fields import BATCH_FIELDS, TABLE_FIELDS
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import Book, Part, table

NEVER_FIELDS = (
    Field("title", "表"),
    Field("file", "文件名以此开头"),
    Field("grain", "一行是什么"),
    Field("kpis", "载入后影响"),
)
GAP_FIELDS = (Field("title", "表"), Field("months", "缺少的月份"), Field("kpis", "影响的指标"))


def parts(ask: Ask) -> list[Part]:
    """The lists of the screen; rows in quarantine hold original values and leave through the screen's own list only."""
    states = list(ask.states.values())
    complete = completeness(states)
    batches = Lake(ask.home).batches()
    absent = view.never_loaded(states)
    gaps = view.missing_spans(complete, states)
    return [
        Part(
            "数据表状态",
            view.table_rows(states, complete, batches),
            TABLE_FIELDS,
            "完整度和数据起止按本版本。",
        ),
        Part(
            "缺少的月份", _texts(gaps, GAP_FIELDS), GAP_FIELDS, "按月载入的表自首个月份起应有而没有的月份。"
        ),
        Part("从未载入的表", _texts(absent, NEVER_FIELDS), NEVER_FIELDS, ""),
        Part("装载记录", view.batch_rows(batches), BATCH_FIELDS, ""),
    ]


def _texts(rows: list[tuple[str, ...]], fields: tuple[Field, ...]):
    names = [field.name for field in fields]
    return table([dict(zip(names, row, strict=True)) for row in rows], names, {})


BOOK = Book((), lambda _: (), parts)
