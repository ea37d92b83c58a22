"""What DuckDB says of a statement, in Chinese: which name, which line, what to do. Paths and engine text never pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import duckdb

STOPPED = "查询超过时间上限,已停止。请缩小范围(加 where 条件、先汇总再关联)后重试。"
TOO_BIG = "查询占用的内存超过上限,已停止。请缩小范围(加 where 条件、先汇总再关联)后重试。"
#: the last word when nothing more can be said
UNCLEAR = "这条语句无法执行,请检查字段名、类型和写法。"
NAME = r'"?(?P<name>[^"\n]{1,80}?)"?'

Say = Callable[[re.Match[str]], str]
_PATTERNS: Sequence[tuple[str, Say]] = (
    (rf'Referenced column {NAME} (was )?not found', lambda m: f"没有字段“{m['name']}”。"),
    (rf'Referenced table {NAME} not found', lambda m: f"from 中没有表或别名“{m['name']}”。"),
    (rf'[Tt]able {NAME} does not have a column named "(?P<column>[^"\n]+)"', lambda m: f"“{m['name']}”没有字段“{m['column']}”。"),
    (rf'Values list {NAME} does not have a column named "(?P<column>[^"\n]+)"', lambda m: f"“{m['name']}”没有字段“{m['column']}”。"),
    (rf'Ambiguous reference to column name {NAME} ', lambda m: f"字段“{m['name']}”在几张表中都有,请写成 表名.字段。"),
    (rf'column {NAME} must appear in the GROUP BY', lambda m: f"字段“{m['name']}”要么写进 group by,要么放进汇总函数(如 sum、any_value)。"),
    (rf'Table with name {NAME} does not exist', lambda m: f"没有可查的表“{m['name']}”。"),
    (r"aggregate function calls cannot be nested|Aggregate.*cannot be nested", lambda _: "汇总函数不能嵌套,请先在 with 子查询中汇总一次。"),
    (r"WHERE clause cannot contain aggregates", lambda _: "where 中不能用汇总函数,请改用 having。"),
    (r"WHERE clause cannot contain window", lambda _: "where 中不能用窗口函数,请改用 qualify。"),
    (r"No function matches the given name and argument types '(?P<name>[^\n']{1,80})'",
     lambda m: f"函数的参数类型不对:{m['name']}。可用 cast(… as …) 转换。"),
    (r"Could not choose a best candidate function", lambda _: "函数的参数类型不明确,请用 cast(… as …) 写明类型。"),
    (r"Could not convert string '(?P<name>[^\n']{0,60})' to", lambda m: f"“{m['name']}”不能转换成所要的类型。"),
    (r"(?:date|timestamp|time) field value out of range: \"(?P<name>[^\"\n]{0,60})\"",
     lambda m: f"“{m['name']}”不是日期,应写成 '2024-06-30'。"),
    (r"invalid (date|timestamp) field format: \"(?P<name>[^\"\n]{0,60})\"",
     lambda m: f"“{m['name']}”不是日期,应写成 '2024-06-30'。"),
    (r"Cannot compare values of type|Cannot mix values of type|Cannot cast|Unimplemented type for cast",
     lambda _: "比较或合并的两边类型不同,请用 cast(… as …) 转换。"),
    (r"Set operations can only apply to expressions with the same number of result columns",
     lambda _: "union 两边的列数不同。"),
    (r"Subquery returns \d+ columns|returns more than one row|More than one row returned",
     lambda _: "作为一个值使用的子查询只能返回一行一列。"),
    (r"[Oo]verflow|out of range", lambda _: "计算结果超出数值范围。"),
    (r"[Pp]repared statement parameter|Values were not provided|[Ii]nvalid [Ii]nput.*parameter|Parameter argument/count",
     lambda _: "语句中的参数($名称)与给出的值不一致。"),
    (r"expression depth|nested too deep|Max expression depth", lambda _: "语句嵌套太深,请拆成 with 子查询。"),
)  # fmt: skip
_LINE = re.compile(r"LINE (?P<line>\d+): ")
_NEAR = re.compile(r'at or near "(?P<word>[^"\n]{1,40})"')


def in_chinese(error: BaseException) -> str:
    """The sentence for a fault; always Chinese, never the engine's own text."""
    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return TOO_BIG
    if isinstance(error, duckdb.InterruptException):
        return STOPPED
    line = _LINE.search(text)
    place = f"第 {line['line']} 行" if line else ""
    if isinstance(error, duckdb.ParserException):
        near = _NEAR.search(text)
        around = f"“{near['word']}”附近" if near else ""
        return f"语法有误:{place}{around or ('' if place else '请检查括号、逗号和引号')}。"
    for pattern, say in _PATTERNS:
        if found := re.search(pattern, text):
            return f"{place}:{say(found)}" if place else say(found)
    return f"{place}:{UNCLEAR}" if place else UNCLEAR
