"""Files that are not what they should be: a clear Chinese line each, nothing lost, nothing half loaded."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from desk import Desk, csv_text, row, unchanged

from fundwatch.errors import UsageError
from fundwatch.loader import text

GOOD = csv_text([row("inspection", inspectors="检查员03;检查员05")]).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


PACKED = zipped({"inspection.csv": GOOD * 50})
BAD = {
    "an empty file": ("inspection.csv", b"", "文件是空的。"),
    "nothing but blanks": ("inspection.csv", b"\xef\xbb\xbf \r\n\r\n", "文件是空的。"),
    "a table nobody knows": ("hospital_list.csv", GOOD, "文件名 hospital_list.csv 不以任何数据表的名称开头"),
    "a Word document": ("inspection.docx", GOOD, "不支持的文件类型 .docx。可以载入:CSV、XLSX、Parquet"),
    "an old workbook": ("inspection.xls", b"\xd0\xcf\x11\xe0", "不支持的文件类型 .xls。"),
    "no type at all": ("inspection-2024", GOOD, "不支持的文件类型 (无扩展名)"),
    "a workbook called CSV": ("inspection.csv", PACKED, "文件类型不符:扩展名是文本,内容是 ZIP 或 XLSX"),
    "a PDF called CSV": ("inspection.csv", b"%PDF-1.7 ...", "文件类型不符:扩展名是文本,内容是 PDF"),
    "a CSV called XLSX": ("inspection.xlsx", GOOD, "文件不是 XLSX 工作簿,或不完整"),
    "a CSV called Parquet": ("inspection.parquet", GOOD, "文件不是 Parquet,或不完整"),
    "UTF-16": ("inspection.csv", GOOD.decode().encode("utf-16"), "编码无法识别:不是 UTF-8 或 GB18030 文本(可能是 UTF-16)"),
    "Latin-1": ("inspection.csv", GOOD + "JC9,caf\u00e9 \u00ff\n".encode("latin-1") * 9, "编码无法识别:既不是 UTF-8,也不是 GB18030"),
    "a ZIP cut off": ("inspection.zip", PACKED[: len(PACKED) // 2], "压缩文件不完整、已损坏或已加密"),
    "a ZIP of garbage": ("inspection.zip", b"PK\x03\x04" + b"x" * 99, "压缩文件不完整、已损坏或已加密"),
    "a GZIP cut off": ("inspection.csv.gz", gzip.compress(GOOD * 50)[:-20], "压缩文件不完整、已损坏或已加密"),
    "a GZIP that is none": ("inspection.csv.gz", GOOD, "压缩文件不完整、已损坏或已加密"),
    "two files in a ZIP": ("inspection.zip", zipped({"a.csv": GOOD, "b.csv": GOOD}), "压缩文件里应只有一个 CSV 文件,现有 2 个文件。"),
    "a workbook in a ZIP": ("inspection.zip", zipped({"a.xlsx": GOOD}), "压缩文件里应只有一个 CSV 文件"),
    "no header": ("inspection.csv", b"\n".join(GOOD.splitlines()[1:]), "前 10 行内找不到“检查”表的表头"),
    "an open quote": (
        "inspection.csv", GOOD + b'JC2,"H99900100001,2024-06-01\n' + b"JC3,H99900100001,2024-06-01,a,b,c,d\n" * 9,
        "第 3 行有一个引号没有闭合,它后面的行无法分清。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "because"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_named_directly_is_refused_with_a_clear_line(
    desk: Desk, name: str, content: bytes, because: str
):
    desk.load_rows("inspection", row("inspection", insp_id="earlier"), name="inspection_0.csv")
    with unchanged(desk):
        report = desk.load(desk.put(name, content))
    assert report.files[0].status == "refused"
    assert report.files[0].refused_because.startswith(because)
    assert report.exit_code == 1


def test_a_zip_bomb_is_stopped_before_it_fills_the_disk(desk: Desk, monkeypatch):
    monkeypatch.setattr(text, "RATIO_MATTERS_FROM", 1 << 20)
    report = desk.load_one(desk.put("inspection.zip", zipped({"inspection.csv": b"0" * (32 << 20)})))
    assert report.refused_because == "压缩比超过 200 倍,疑似压缩炸弹,已停止(参数 archive_max_ratio)。"


def test_a_gzip_bomb_is_stopped_too(desk: Desk, monkeypatch):
    monkeypatch.setattr(text, "RATIO_MATTERS_FROM", 1 << 20)
    report = desk.load_one(desk.put("inspection.csv.gz", gzip.compress(b"0" * (32 << 20))))
    assert report.refused_because.startswith("压缩比超过 200 倍")


def test_a_workbook_that_unpacks_to_too_much_is_refused(desk: Desk, monkeypatch):
    monkeypatch.setattr(text, "RATIO_MATTERS_FROM", 1 << 20)
    report = desk.load_one(desk.put("inspection.xlsx", zipped({"xl/workbook.xml": b" " * (32 << 20)})))
    assert report.refused_because.startswith("压缩比超过 200 倍")


def test_a_strange_file_in_a_folder_is_skipped_and_does_no_harm(desk: Desk):
    desk.put("README.md", "说明")
    desk.put(".DS_Store", "x")
    desk.put_rows("inspection.csv", [row("inspection")])
    report = desk.load(desk.folder)
    assert [(file.file.rpartition("/")[2], file.status) for file in report.files] == [
        ("README.md", "skipped"),
        ("inspection.csv", "loaded"),
    ]
    assert report.exit_code == 0


def test_a_path_that_does_not_exist_is_wrong_usage(desk: Desk):
    with pytest.raises(UsageError, match="找不到文件或目录"):
        desk.load(desk.folder / "无此文件.csv")


def test_a_csv_cut_off_in_the_middle_of_a_line_loads_the_rest_and_warns(desk: Desk):
    whole = csv_text([row("inspection", insp_id=f"JC{number}") for number in range(100)]).encode()
    report = desk.load_one(desk.put("inspection.csv", whole[: len(whole) - 40]))
    assert (report.rows_read, report.loaded, report.quarantined) == (100, 99, 1)
    assert report.reasons[0].row == 101
    assert "最后一行不完整,文件可能被截断,该行已隔离" in report.warnings


def test_a_csv_cut_off_inside_quotes_loads_the_rest(desk: Desk):
    whole = csv_text(
        [row("complaint", cmpl_id=str(number), subject='说"好"') for number in range(30)]
    ).encode()
    report = desk.load_one(desk.put("complaint.csv", whole[:-4]))
    assert (report.rows_read, report.loaded, report.quarantined) == (30, 29, 1)


def test_a_last_line_without_line_end_loads_with_a_warning(desk: Desk):
    report = desk.load_one(desk.put("inspection.csv", GOOD.rstrip()))
    assert (report.loaded, report.warnings) == (1, ["最后一行没有换行符,请确认文件完整"])


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("gb18030"),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
    ],
    ids=["UTF-8", "UTF-8 with BOM", "GB18030", "Windows line ends", "old Mac line ends"],
)
def test_encodings_and_line_ends_are_found(desk: Desk, content: bytes):
    assert desk.load_one(desk.put("inspection.csv", content)).loaded == 1
    assert desk.column("inspection", "inspectors") == ["检查员03;检查员05"]


def test_line_ends_of_two_kinds_in_one_file(desk: Desk):
    lines = csv_text([row("inspection", insp_id=str(number)) for number in range(4)]).encode().splitlines()
    content = lines[0] + b"\n" + lines[1] + b"\r\n" + lines[2] + b"\n" + lines[3] + b"\r\n"
    assert desk.load_one(desk.put("inspection.csv", content)).loaded == 3


def test_gb18030_that_begins_after_a_megabyte_of_plain_text(desk: Desk, monkeypatch):
    monkeypatch.setattr(text, "PREVIEW", 200)
    rows = [row("complaint", cmpl_id=str(number), subject="x") for number in range(50)]
    content = csv_text([*rows, row("complaint", cmpl_id="汉", subject="重复收费")]).encode("gb18030")
    assert desk.load_one(desk.put("complaint.csv", content)).loaded == 51
    assert "重复收费" in desk.column("complaint", "subject")


def test_a_broken_byte_in_a_utf8_file_costs_its_line_only(desk: Desk):
    rows = [row("complaint", cmpl_id=str(number), subject="重复收取床位费用,请核查") for number in range(60)]
    lines = csv_text(rows).encode().splitlines(keepends=True)
    lines[30] = lines[30].replace("床".encode(), b"\xe5\xba", 1)
    report = desk.load_one(desk.put("complaint.csv", b"".join(lines)))
    assert (report.loaded, [(reason.row, reason.reason) for reason in report.reasons]) == (
        59,
        [(31, "有无法识别的字符(编码损坏)")],
    )


@pytest.mark.parametrize("name", ["inspection.zip", "inspection.csv.zip", "inspection_2024.csv.gz"])
def test_a_packed_csv_loads(desk: Desk, name: str):
    content = gzip.compress(GOOD) if name.endswith("gz") else zipped({"__MACOSX/x": b"", "检查.csv": GOOD})
    assert desk.load_one(desk.put(name, content)).loaded == 1
