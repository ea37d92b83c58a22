"""The guard before a statement runs: one select, known tables, known functions, and nothing else.

It reads the tree that DuckDB's own parser made (``json_serialize_sql``), so that no second parser can see a statement
differently. Everything that is not on a list is refused: kinds of nodes, tables, functions. Runs in the child process.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator
from typing import Any

import duckdb

from fundwatch.analyst.functions import FUNCTIONS
from fundwatch.analyst.words import in_chinese
from fundwatch.errors import UserError

#: a statement that a person writes is shorter; a parser fed with megabytes of brackets is not kept busy
LONGEST = 20_000
ONE_SELECT = "只能运行一条以 select(或 with)开头的查询语句。"
#: kinds of expressions; left out: LAMBDA, DEFAULT
EXPRESSIONS = frozenset({
    "CONSTANT", "COLUMN_REF", "FUNCTION", "WINDOW", "COMPARISON", "CONJUNCTION", "OPERATOR", "CASE", "CAST", "BETWEEN", "STAR", "SUBQUERY",
    "PARAMETER", "POSITIONAL_REFERENCE", "COLLATE", "TYPE",
})  # fmt: skip
#: kinds of everything else that carries a type; left out: recursive, insert, update, delete and merge nodes, table functions, show, at
NODES = frozenset({
    "SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE", "BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY", "EXPRESSION_LIST", "PIVOT",
    "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING",
})  # fmt: skip
REFUSED_NODES = {
    "TABLE_FUNCTION": "不能在 from 中使用函数(如读取文件、生成数列),只能查询“数据表”中列出的表。",
    "RECURSIVE_CTE_NODE": "不支持递归查询(with recursive)。",
    "SHOW_REF": "不支持 describe、show、summarize。表和字段见“数据表”。",
    "LAMBDA": "不支持列表函数和 lambda。",
}


def check(connection: duckdb.DuckDBPyConnection, sql: str, tables: Collection[str]) -> None:
    """Raise UserError in Chinese unless the text is one select of the tables with known functions.

    ``connection`` is only used to parse; nothing of the text is run.
    """
    if not sql.strip():
        raise UserError("请输入查询语句。")
    if len(sql) > LONGEST:
        raise UserError(f"语句太长:{len(sql):,} 个字符,上限 {LONGEST:,}。")
    if "\x00" in sql:
        raise UserError("语句中有不可见的控制字符,请删除后重试。")
    statements = _statements(connection, sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UserError(ONE_SELECT)
    tree = _tree(connection, sql)
    hidden = _system_views(connection)
    common = set()
    for node in _walk(tree):
        if "cte_map" in node:
            common |= {str(entry["key"]).lower() for entry in node["cte_map"]["map"]}
    if taken := sorted(common & hidden):
        # Outside its scope the name would mean the system's own view.
        raise UserError(f"with 子查询不能命名为 {taken[0]}。")
    known = {name.lower() for name in tables}
    for node in _walk(tree):
        _check_node(node, known, common)


def _statements(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    try:
        return connection.extract_statements(sql)
    except duckdb.Error as error:
        raise UserError(in_chinese(error)) from error


def _tree(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    try:
        [text] = connection.execute("select json_serialize_sql($1)", [sql]).fetchone() or [""]
        found = json.loads(text)
    except RecursionError as error:
        raise UserError("语句嵌套太深,请拆成 with 子查询。") from error
    except duckdb.Error as error:
        raise UserError(in_chinese(error)) from error
    if found["error"] or len(found["statements"]) != 1:
        raise UserError(ONE_SELECT)
    return found["statements"]


def _system_views(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute("select view_name from duckdb_views() where internal").fetchall()
    return {name.lower() for (name,) in rows}


def _walk(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the tree, without recursion: its depth is the statement's."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _check_node(node: dict[str, Any], tables: set[str], common: set[str]) -> None:
    kind = node.get("class", node.get("type"))
    if not isinstance(kind, str):
        return
    allowed = EXPRESSIONS if "class" in node else NODES
    if kind not in allowed:
        raise UserError(REFUSED_NODES.get(kind, "语句中有不支持的写法,只能查询、汇总列出的表。"))
    if kind in {"FUNCTION", "WINDOW"}:
        _check_function(node)
    elif kind == "BASE_TABLE":
        _check_table(node, tables, common)


def _check_function(node: dict[str, Any]) -> None:
    name = str(node["function_name"])
    if len(node["qualified_name"]["path"]) != 1 or name.lower() not in FUNCTIONS:
        near = difflib.get_close_matches(name.lower(), FUNCTIONS, n=3, cutoff=0.75)
        hint = f"相近的函数:{'、'.join(near)}。" if near else ""
        raise UserError(f"函数 {_short(name)} 不在可用范围内。{hint}")


def _check_table(node: dict[str, Any], tables: set[str], common: set[str]) -> None:
    name = str(node["table_name"])
    if len(node["qualified_name"]["path"]) != 1 or node["at_clause"] is not None:
        raise UserError(f"表名 {_short(name)} 前不要写库名或模式名,直接写表名。")
    if name.lower() not in tables | common:
        near = difflib.get_close_matches(name.lower(), tables, n=3, cutoff=0.5)
        hint = f"相近的表:{'、'.join(near)}。" if near else "可查的表见“数据表”。"
        raise UserError(f"没有可查的表 {_short(name)}。{hint}")


def _short(name: str) -> str:
    """A name as typed, cut: it may be a path or a page of text."""
    return f"“{name}”" if len(name) <= 40 and not set(name) & set("/\\\n") else "(名称不合规)"
