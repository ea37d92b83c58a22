"""Delimited text: unpacking, encoding, delimiter. What DuckDB reads afterwards is always a plain UTF-8 file."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fundwatch.contracts import Contract
from fundwatch.loader.header import HEADER_WITHIN, Header, find_header
from fundwatch.loader.limits import Intake, Limits
from fundwatch.loader.report import Refused
from fundwatch.loader.survey import Survey, survey

DELIMITERS = (",", "\t", ";")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
CHUNK = 1 << 20
#: bytes looked at to find encoding, delimiter and header
PREVIEW = 1 << 20
#: below this unpacked size the ratio does not matter: a small table of zeros packs well and harms nobody
RATIO_MATTERS_FROM = 64 << 20
#: a UTF-8 file with a broken byte here and there is no GB18030 file
BROKEN_SHARE = 0.01
BINARY_STARTS = {
    b"PK\x03\x04": "ZIP 或 XLSX",
    b"\xd0\xcf\x11\xe0": "旧版 Office 文件",
    b"PAR1": "Parquet",
    b"%PDF": "PDF",
    b"\x1f\x8b": "GZIP",
}


@dataclass(frozen=True)
class TextFile:
    """A plain UTF-8 file of delimited text, with its header."""

    path: Path
    delimiter: str
    header: Header
    #: the file's first bytes
    sample: bytes
    #: the survey of the whole file, made beside the reading of its rows
    surveyed: Future[Survey]

    @property
    def survey(self) -> Survey:
        """Waits for it."""
        return self.surveyed.result()

    @property
    def ascii_so_far(self) -> bool:
        """The bytes looked at hold no character outside ASCII, so that the encoding is not known yet."""
        return self.sample.isascii()


def open_text(contract: Contract, intake: Intake, *, encoding: str | None = None) -> TextFile:
    """Unpack, turn into UTF-8 and find the header. Raises Refused with the reason.

    ``encoding`` forces one; without it UTF-8 is tried first, then GB18030.
    """
    path, work = intake.path, intake.work
    if path.suffix.lower() in (".gz", ".zip"):
        path = _unpack(path, work / "unpacked.csv", intake.limits)
    sample = _sample(path)
    chosen = encoding or _encoding(sample)
    if chosen != "utf-8":
        path = _to_utf8(path, work / "utf8.csv", chosen)
        sample = _sample(path)
    if b"\n" not in sample:
        path = one_kind_of_line_end(path, work / "lines.csv")
        sample = _sample(path)
    return _with_header(contract, path, sample, intake)


def _sample(path: Path) -> bytes:
    with open(path, "rb") as file:
        sample = file.read(PREVIEW)
    if not sample.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Refused("文件是空的。")
    for start, kind in BINARY_STARTS.items():
        if sample.startswith(start):
            raise Refused(f"文件类型不符:扩展名是文本,内容是 {kind}。请用正确的扩展名或另存为 CSV。")
    if b"\0" in sample:
        raise Refused("编码无法识别:不是 UTF-8 或 GB18030 文本(可能是 UTF-16)。请另存为 CSV UTF-8 后再载入。")
    return sample


def _encoding(sample: bytes) -> str:
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    broken, foreign = text.count("\ufffd"), sum(character > "\x7f" for character in text)
    return "utf-8" if broken <= BROKEN_SHARE * foreign else "gb18030"


def _to_utf8(path: Path, target: Path, encoding: str) -> Path:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with open(path, "rb") as source, open(target, "w", encoding="utf-8", newline="") as sink:
            while chunk := source.read(CHUNK):
                sink.write(decoder.decode(chunk))
            sink.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise Refused("编码无法识别:既不是 UTF-8,也不是 GB18030。请另存为 CSV UTF-8 后再载入。") from error
    return target


def _with_header(contract: Contract, path: Path, sample: bytes, intake: Intake) -> TextFile:
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample).removeprefix("\ufeff")
    refusals: list[tuple[int, Refused]] = []
    for delimiter in DELIMITERS:
        rows = _first_rows(text, delimiter)
        try:
            header = find_header(contract, rows)
        except Refused as refused:
            refusals.append((max(map(len, rows), default=0), refused))
            continue
        return TextFile(path, delimiter, header, sample, intake.beside.submit(survey, path))
    # The delimiter that cuts the rows into most cells tells best what is missing.
    raise max(refusals, key=lambda found: found[0])[1]


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == HEADER_WITHIN:
                break
    except csv.Error:
        # A cell of more than 128 KiB in the first rows: what was read so far must do for the header.
        pass
    return rows


def one_kind_of_line_end(path: Path, target: Path) -> Path:
    """A copy whose lines all end with a line feed: DuckDB refuses a file that mixes line ends."""
    form = {"encoding": "utf-8", "errors": "surrogateescape"}
    with open(path, newline=None, **form) as source, open(target, "w", newline="", **form) as sink:
        shutil.copyfileobj(source, sink, CHUNK)
    return target


def _unpack(path: Path, target: Path, limits: Limits) -> Path:
    packed, unpacked = path.stat().st_size, 0
    try:
        with _packed_text(path) as source, open(target, "wb") as sink:
            while chunk := source.read(CHUNK):
                unpacked += len(chunk)
                check_size(unpacked, packed, limits)
                sink.write(chunk)
    except (
        zipfile.BadZipFile,
        gzip.BadGzipFile,
        EOFError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Refused("压缩文件不完整、已损坏或已加密,无法解压。请重新导出或上传。") from error
    return target


def check_size(unpacked: int, packed: int, limits: Limits) -> None:
    """Raises Refused when an archive unpacks to more than is sane (ZIP bomb)."""
    if unpacked > limits.archive_max_gb << 30:
        raise Refused(f"解压后超过 {limits.archive_max_gb} GB,已停止(参数 archive_max_gb)。")
    if unpacked > RATIO_MATTERS_FROM and unpacked > limits.archive_max_ratio * packed:
        raise Refused(
            f"压缩比超过 {limits.archive_max_ratio} 倍,疑似压缩炸弹,已停止(参数 archive_max_ratio)。"
        )


@contextmanager
def _packed_text(path: Path) -> Iterator[BinaryIO]:
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as file:
            yield file  # type: ignore[misc]
        return
    with zipfile.ZipFile(path) as archive:
        members = [
            member for member in archive.infolist()
            if not member.is_dir() and not member.filename.startswith("__MACOSX/")
        ]  # fmt: skip
        if len(members) != 1 or not members[0].filename.lower().endswith(TEXT_SUFFIXES):
            raise Refused(f"压缩文件里应只有一个 CSV 文件,现有 {len(members)} 个文件。")
        with archive.open(members[0]) as file:
            yield file  # type: ignore[misc]
