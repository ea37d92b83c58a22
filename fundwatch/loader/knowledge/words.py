"""Words of the two libraries: kinds of limits, batches, and the numbers that stand in a limit's text.

A number is taken only where the text can be read in one way; otherwise the text alone is kept (docs/decisions/120).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

LIMIT, PAIR = "kb_item_limit", "kb_item_pair"
#: what a limit type, sheet name or title says → (table, type). The first that fits counts
KINDS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("主次", (PAIR, "主次操作")), ("重复收费", (PAIR, "重复收费")), ("组套", (PAIR, "组套分解")), ("分解收费", (PAIR, "组套分解")),
    ("性别", (LIMIT, "性别")), ("年龄", (LIMIT, "年龄")), ("险种", (LIMIT, "险种")), ("保险类型", (LIMIT, "险种")),
    ("就医方式", (LIMIT, "就医方式")), ("机构等级", (LIMIT, "机构等级")), ("机构级别", (LIMIT, "机构等级")),
    ("疗程", (LIMIT, "疗程天数")), ("周期", (LIMIT, "周期频次")), ("频次", (LIMIT, "每日数量")), ("每日数量", (LIMIT, "每日数量")),
    ("适应症", (LIMIT, "适应症")), ("限价", (LIMIT, "单价上限")), ("单价上限", (LIMIT, "单价上限")),
)  # fmt: skip
DIGITS = "零一二三四五六七八九十"
NUMBER = r"(\d+(?:\.\d{1,4})?|[一二两三四五六七八九十]{1,3})"
PERIOD = "(天|日|周|个月|月|年)"
UNITS = {"日": "天", "个月": "月"}
BATCH = re.compile(r"第\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*批\s*(?:[-–—－]\s*(\d{1,2}))?")
SINCE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日起")
#: a quantity a day, an hour, a case: what the rules on quantities can judge
A_DAY = ("日", "天", "小时", "例", "次就诊", "就诊", "住院", "次住院")


@dataclass(frozen=True)
class Reading:
    """A limit's number and unit; both None where the text alone says it."""

    number: Decimal | None = None
    unit: str | None = None


NOTHING = Reading()


def kind_of(text: str) -> tuple[str, str] | None:
    """(table, type) that the words name; None when they name none."""
    return next((kind for word, kind in KINDS if word in text), None)


def batch_of(name: str) -> str | None:
    """第八批-1 from a file name, however its digits are written; None when it names no batch."""
    found = BATCH.search(unicodedata.normalize("NFKC", name))
    if not found:
        return None
    number = _whole(found[1])
    return f"第{_in_words(number)}批" + (f"-{int(found[2])}" if found[2] else "")


def date_in(text: str) -> dt.date | None:
    """The day named as the beginning: 自2025年3月1日起施行."""
    found = SINCE.search(unicodedata.normalize("NFKC", text))
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def course(text: str) -> Reading:
    """14天; 支付不超过一年，每周最多支付一次 → 1 年. Two different lengths of a course leave it to the text."""
    plain = _plain(text)
    whole = re.fullmatch(NUMBER + PERIOD, plain)
    if whole:
        return _reading(*whole.groups())
    return _only({_reading(*found) for found in re.findall("不超过" + NUMBER + PERIOD, plain)})


def interval(text: str) -> Reading:
    """The least time from one to the next: 15天, 15天1次, 间隔不少于14天, 每周最多支付一次. More than once in it: none."""
    plain = _plain(text)
    whole = re.fullmatch(NUMBER + PERIOD, plain)
    if whole:
        return _reading(*whole.groups())
    spans = [
        *re.findall("间隔(?:时间)?(?:不少于|不短于|不低于|不小于|至少)" + NUMBER + PERIOD, plain),
        *re.findall(NUMBER + PERIOD + "(?:内)?(?:最多|限|只能|不超过)*(?:支付|开展|收取|计费)?(?:一|1)次", plain),
        *(("1", unit) for unit in re.findall("每" + PERIOD + "(?:最多|限|不超过)*(?:支付|开展|收取|计费)?(?:一|1)次", plain)),
    ]  # fmt: skip
    return _only({_reading(*span) for span in spans})


def age(text: str) -> Reading:
    """18周岁以上 → 18 岁; the direction stays in the text. Words such as 儿童 have no number of their own."""
    plain = _plain(text)
    if re.search(r"\d[-~至到–—]\d", plain):
        return NOTHING
    found = re.findall(r"(\d{1,3})(周岁|岁|天|日龄)", plain)
    units = {"周岁": "岁", "日龄": "天"}
    return _only({Reading(Decimal(number), units.get(unit, unit)) for number, unit in found})


def price(text: str) -> Reading:
    """120.5元 → 120.5 元."""
    found = re.fullmatch(r"(\d+(?:\.\d{1,4})?)元?(?:/.+)?", _plain(text))
    return Reading(Decimal(found[1]), "元") if found else NOTHING


def frequency(count: str, unit: str) -> tuple[str, Reading]:
    """(limit type, reading) of a count and what it is counted by: 24 小时 a day, 1 日 a day, once a 周 an interval."""
    plain = _plain(unit).removeprefix("每").removeprefix("/")
    try:
        number = Decimal(_plain(count))
    except ArithmeticError:
        return "每日数量", NOTHING
    if plain in ("周", "月", "个月", "年"):
        once = number == 1
        return "周期频次", Reading(Decimal(1), UNITS.get(plain, plain)) if once else NOTHING
    return "每日数量", Reading(number, plain) if plain in A_DAY else NOTHING


def read_limit(limit_type: str, text: str) -> Reading:
    """Number and unit of a limit of this type as its text gives them."""
    readers = {"疗程天数": course, "周期频次": interval, "年龄": age, "单价上限": price}
    return readers[limit_type](text) if limit_type in readers else NOTHING


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _only(found: set[Reading]) -> Reading:
    return found.pop() if len(found) == 1 else NOTHING


def _reading(number: str, unit: str) -> Reading:
    return Reading(Decimal(number) if number[0].isdigit() else Decimal(_whole(number)), UNITS.get(unit, unit))


def _whole(text: str) -> int:
    """12, 十二, 二十, 两 as a number."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.replace("两", "二").rpartition("十")
    if not ten:
        return DIGITS.index(ones[-1])
    return (DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(ones) if ones else 0)


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"
