"""Personal values: the keyed hash of ``psn_no``, and the masking of ID-card and phone numbers in free text.

Both run while a file is read, before quarantine, history or log see a value. The key is a secret: it stands in
``FUNDWATCH_PSN_KEY`` or in ``<home>/state/psn.key``, never in the lake, which keeps its fingerprint only.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from pathlib import Path

from fundwatch.errors import UserError
from fundwatch.home import Home

KEY_VARIABLE = "FUNDWATCH_PSN_KEY"
KEY_BYTES = 32
FINGERPRINT_FILE = "_psn_key_fingerprint"

DIGIT = "[0-9０-９]"
#: what is masked, and by what; RE2 and Python read these alike. Longer numbers first.
PATTERNS = (
    (
        f"[1-9１-９]{DIGIT}{{5}} ?(?:18|19|20|１８|１９|２０){DIGIT}{{2}}[01０１]{DIGIT}[0-3０-３]{DIGIT} ?{DIGIT}{{3}}[0-9０-９xXｘＸ]",
        "[身份证号]",
    ),
    (f"[1-9１-９]{DIGIT}{{7}}[01０１]{DIGIT}[0-3０-３]{DIGIT}{{4}}", "[身份证号]"),
    (f"[1１][3-9３-９]{DIGIT}[- ]?{DIGIT}{{4}}[- ]?{DIGIT}{{4}}", "[电话]"),
    (f"[(（]?[0０]{DIGIT}{{2,3}}[)）]?[- －]?[2-8２-８]{DIGIT}{{6,7}}", "[电话]"),
)
#: how a person's name begins, for a cell that should hold a date, number or code: the hundred commonest surnames, and compound ones
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫"
    "段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
COMPOUND = ("欧阳", "司马", "上官", "诸葛", "皇甫", "慕容", "令狐", "尉迟", "司徒", "夏侯")
NAME = re.compile(f"(?:[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:{'|'.join(COMPOUND)})[\u4e00-\u9fff]{{1,2}})")
NAME_WORD = "[疑似姓名]"
#: numbers of persons are this long, longer than those of institutions
LONG_NUMBER = re.compile(f"{DIGIT}{{13,}}[xXｘＸ]?")
NUMBER_WORD = "[长编号]"
COMPILED = tuple((re.compile(pattern), word) for pattern, word in PATTERNS)


def mask(text: str) -> tuple[str, int]:
    """The text with ID-card and phone numbers replaced by a word, and how many there were."""
    count = 0
    for pattern, word in COMPILED:
        text, found = pattern.subn(word, text)
        count += found
    return text, count


def mask_cell(text: str) -> str:
    """As ``mask``, for a cell that failed: what reads like a person's name or number is replaced too.

    A row whose cells have slipped by one column puts them where a date, an amount or a code should stand.
    """
    if NAME.fullmatch(text.strip()):
        return NAME_WORD
    return mask(LONG_NUMBER.sub(_long_number, text))[0]


def _long_number(found: re.Match[str]) -> str:
    """Whole, so that no telephone number is seen in its middle."""
    word = mask(found[0])[0]
    return word if word == PATTERNS[0][1] else NUMBER_WORD


def fingerprint(key: bytes) -> str:
    """Tells keys apart without telling anything about the key."""
    return hmac.new(key, b"fundwatch psn key fingerprint", "sha256").hexdigest()[:32]


def person_key(home: Home) -> bytes:
    """The home's key, made at its first load; raises UserError when it is not the one the lake was loaded with."""
    path = home.state / "psn.key"
    known = _known_fingerprint(home)
    text = os.environ.get(KEY_VARIABLE, "").strip() or (path.read_text().strip() if path.exists() else "")
    if not text and known is not None:
        raise UserError(
            f"缺少人员编号加密密钥:数据湖已用某个密钥载入过数据。请恢复 state/psn.key 或设置环境变量 {KEY_VARIABLE} 后再载入。"
        )
    key = _read_key(text) if text else _make_key(path)
    if known is None:
        _write(home.lake / FINGERPRINT_FILE, fingerprint(key))
    elif known != fingerprint(key):
        raise UserError(
            "人员编号加密密钥与数据湖原来使用的不一致,已停止载入。请恢复原来的密钥;换密钥会使同一个人前后对不上。"
        )
    return key


def _known_fingerprint(home: Home) -> str | None:
    path = home.lake / FINGERPRINT_FILE
    return path.read_text().strip() if path.exists() else None


def _read_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UserError(
            f"人员编号加密密钥应为 {KEY_BYTES * 2} 位十六进制数字(环境变量 {KEY_VARIABLE} 或 state/psn.key)。"
        )
    return key


def _make_key(path: Path) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    _write(path, key.hex())
    return key


def _write(path: Path, text: str) -> None:
    """Write whole or not at all, readable by the owner only."""
    draft = path.with_name(path.name + ".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
