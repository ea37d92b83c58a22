"""No personal value reaches the lake, its history, its quarantine, its log or the report. All numbers here are made up."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from desk import KEY, Desk, row
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import privacy
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.lake import Lake
from fundwatch.loader.privacy import KEY_VARIABLE, mask, mask_cell
from fundwatch.loader.pseudonyms import column_hasher, pseudonym

ID_CARD, OLD_ID_CARD, MOBILE, LANDLINE = (
    "110101199003070038",
    "110101900307003",
    "13900001111",
    "0558-8600123",
)
PERSON = "PERSON-0001"


def everything_in(home: Path) -> str:
    """All that the home's files say, also what is packed inside Parquet files."""
    texts = []
    for path in sorted(home.rglob("*")):
        if path.is_file():
            texts.append(path.read_bytes().decode("utf-8", "replace"))
            if path.suffix == ".parquet":
                texts.append(
                    json.dumps(pq.ParquetFile(path).read().to_pylist(), ensure_ascii=False, default=str)
                )
    return "\n".join(texts)


#: AES-256 examples of NIST SP 800-38B, appendix D.3: message → tag
NIST_KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
NIST_EMPTY = "028962f61b7bf89efc6b551f4667d983"


def test_a_persons_number_becomes_a_keyed_hash(desk: Desk):
    desk.load_rows("setl_d", row("setl_d", psn_no=f" {PERSON}　"))
    assert desk.column("setl_d", "psn_no") == [pseudonym(bytes.fromhex(KEY), PERSON)]


def test_the_keyed_hash_is_the_published_one():
    assert pseudonym(bytes.fromhex(NIST_KEY), "") == NIST_EMPTY
    assert column_hasher(bytes.fromhex(NIST_KEY))(pa.array([""])).to_pylist() == [NIST_EMPTY]


@given(st.lists(st.none() | st.text(max_size=70)))
def test_a_column_is_hashed_as_its_cells_are_one_by_one(numbers: list[str | None]):
    key = bytes.fromhex(KEY)
    expected = [None if number is None else pseudonym(key, number) for number in numbers]
    assert column_hasher(key)(pa.array(numbers, pa.string())).to_pylist() == expected
    assert column_hasher(key)(pa.array(numbers, pa.string())[1:]).to_pylist() == expected[1:]


def test_the_same_person_is_the_same_in_every_table_and_under_the_old_name(desk: Desk):
    desk.load_rows("setl_d", row("setl_d"))
    cells = row("setl_d", setl_id="S2") | {"patn_id": PERSON}
    del cells["psn_no"]
    desk.load_rows("setl_d", cells)
    assert len(set(desk.column("setl_d", "psn_no"))) == 1


def test_nothing_personal_is_left_in_the_home(desk: Desk):
    personal = {
        "psn_name": "化名甲",
        "certno": ID_CARD,
        "联系电话": MOBILE,
        "住址": "示范路999号",
        "单位名称": "化名公司",
    }
    settlements = [row("setl_d", setl_id=str(number), **personal) for number in range(60)]
    settlements[7] |= {"setl_time": "?", "dise_no": "x"}
    settlements[8] |= {"setl_time": MOBILE}
    desk.load_rows("setl_d", *[dict.fromkeys(settlements[7], "") | cells for cells in settlements])
    desk.load_rows("setl_d", row("setl_d", setl_id="0", psn_no=f"{PERSON}-2"))
    text = f"举报人{MOBILE},身份证{ID_CARD},旧证{OLD_ID_CARD},座机{LANDLINE},全角１３９００００１１１１"
    report = desk.load_rows(
        "complaint", row("complaint", subject=text), row("complaint", cmpl_id="2", recv_date=ID_CARD)
    )
    refused = desk.put("setl_d_bad.csv", f"psn_no,setl_id\n{PERSON},{ID_CARD}\n")
    desk.load_one(refused)
    said = everything_in(desk.home.root) + json.dumps(report.document(), ensure_ascii=False)
    for value in (
        *personal.values(),
        ID_CARD,
        OLD_ID_CARD,
        MOBILE,
        LANDLINE,
        PERSON,
        "１３９００００１１１１",
        KEY,
    ):
        assert value not in said, value


def test_personal_columns_are_left_out_and_named(desk: Desk):
    report = desk.load_rows("inspection", row("inspection", 姓名="化名甲", TEL=MOBILE, addr="x"))
    assert (report.loaded, report.left_out, report.unknown_columns) == (1, ["姓名", "TEL", "addr"], [])


@pytest.mark.parametrize(
    ("text", "masked", "count"),
    [
        (f"电话{MOBILE}", "电话[电话]", 1),
        ("139-0000-1111 或 139 0000 1111", "[电话] 或 [电话]", 2),
        (f"座机{LANDLINE}", "座机[电话]", 1),
        ("(0558)8600123", "[电话]", 1),
        (f"{ID_CARD},{ID_CARD[:-1]}X", "[身份证号],[身份证号]", 2),
        (f"旧证{OLD_ID_CARD}", "旧证[身份证号]", 1),
        ("１３９００００１１１１", "[电话]", 1),
        ("追回 6743900.00 元,2024-06-01,H99900100001", "追回 6743900.00 元,2024-06-01,H99900100001", 0),
    ],
)
def test_numbers_in_free_text_are_masked_and_counted(desk: Desk, text: str, masked: str, count: int):
    report = desk.load_rows("complaint", row("complaint", subject=text))
    assert (desk.column("complaint", "subject"), report.masked) == ([masked], count)
    # Python masks what quarantine shows; both must read the patterns alike.
    assert mask(text) == (masked, count)


def test_a_persons_number_is_never_shown_in_a_reason(desk: Desk):
    report = desk.load_rows(
        "setl_d", row("setl_d"), row("setl_d", psn_no=""), row("setl_d", setl_time=f"{MOBILE}")
    )
    assert [(reason.column, reason.value) for reason in report.reasons] == [
        ("psn_no", None),
        ("setl_time", "[电话]"),
    ]


def test_the_first_load_makes_a_key_that_only_its_owner_can_read(desk: Desk, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE)
    desk.load_rows("setl_d", row("setl_d"))
    path = desk.home.state / "psn.key"
    assert path.stat().st_mode & 0o777 == 0o600
    key = path.read_text().strip()
    assert len(bytes.fromhex(key)) == 32
    assert key not in everything_in(desk.home.lake)
    assert desk.column("setl_d", "psn_no") == [pseudonym(bytes.fromhex(key), PERSON)]


def test_a_load_under_another_key_is_refused(desk: Desk, monkeypatch):
    desk.load_rows("setl_d", row("setl_d"))
    monkeypatch.setenv(KEY_VARIABLE, "22" * 32)
    with pytest.raises(UserError, match="密钥与数据湖原来使用的不一致"):
        desk.load_rows("setl_d", row("setl_d"))


def test_a_lost_key_is_not_replaced_by_a_new_one(desk: Desk, monkeypatch):
    desk.load_rows("setl_d", row("setl_d"))
    monkeypatch.delenv(KEY_VARIABLE)
    with pytest.raises(UserError, match="缺少人员编号加密密钥"):
        desk.load_rows("setl_d", row("setl_d"))


@pytest.mark.parametrize("key", ["11" * 31, "zz" * 32, "secret"])
def test_a_key_of_the_wrong_shape_is_refused(desk: Desk, monkeypatch, key: str):
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(UserError, match="64 位十六进制"):
        desk.load_rows("setl_d", row("setl_d"))


def test_the_original_in_the_inbox_is_deleted_once_loaded_and_only_there(desk: Desk):
    desk.home.ensure()
    inbox = desk.home.inbox / "inspection.csv"
    outside = desk.put_rows("inspection.csv", [row("inspection")])
    inbox.write_bytes(outside.read_bytes())
    bad = desk.home.inbox / "inspection_bad.csv"
    bad.write_text("什么都没有\n", encoding="utf-8")
    desk.load(inbox, outside, bad)
    assert (inbox.exists(), outside.exists(), bad.exists()) == (False, True, True)


def test_copies_made_while_loading_are_gone_afterwards(desk: Desk):
    path = desk.put(
        "setl_d.csv.gz",
        gzip.compress((",".join(row("setl_d")) + "\n" + ",".join(row("setl_d").values())).encode()),
    )
    assert desk.load_one(path).loaded == 1
    assert not (desk.home.lake / "_work").exists()


def test_files_full_of_persons_leave_nothing_in_any_form(tmp_path: Path):
    result = privacy.tried(tmp_path, 45, 2, times=1)
    assert result["statuses"] == [1, 0, 2]
    home = Home(result["home"])
    status = {batch.file: batch.status for batch in Lake(home).batches()}
    assert {status[name] for name in ("setl_d_e.csv", "setl_d_f.csv")} == {"refused"}
    assert {status[name] for name in ("setl_d_a_[身份证号].csv", "setl_d_b.csv", "setl_d_c.csv.gz")} == {
        "loaded"
    }
    # the workbook repeats rows of the second file
    assert status["setl_d_g.xlsx"] == "unchanged"
    assert sum(batch.masked for batch in Lake(home).batches()) == 5 * 45
    # it was there to be found: the same search finds it in what was handed in
    assert result["control"] >= {"utf-8", "gb18030"}
    assert result["found"] == {}


def test_the_search_finds_every_form_of_a_value():
    (person,) = privacy.persons(1, 3)
    wanted = privacy.needles([person])
    assert len(set(wanted.values())) >= 15
    search = privacy.Search(wanted)
    for needle, kind in wanted.items():
        assert kind in search(b"some bytes before" + needle + b"and after"), kind
    assert search(b"nothing of the kind" * 10) == search(b"short") == set()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("张大明", "[疑似姓名]"),
        ("欧阳瑜琳", "[疑似姓名]"),
        ("34000011000000012345678901", "[长编号]"),
        (MOBILE, "[电话]"),
        ("PSN807440948040822", "PSN[长编号]"),
        ("20240603", "20240603"),
        (f"{ID_CARD[:-1]}X", "[身份证号]"),
        ("H9990010000", "H9990010000"),
        ("居民医保", "居民医保"),
        ("十点", "十点"),
    ],
)
def test_a_cell_that_failed_is_shown_without_what_reads_like_a_person(cell: str, shown: str):
    assert mask_cell(cell) == shown
