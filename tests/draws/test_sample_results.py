"""Results coming in: what is refused and why, files as offices make them, the trail of every figure."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
import xlsxwriter
from small_issue import HOSPITAL, ISSUE, REVIEWER

from fundwatch.draws.design import Cell, Design
from fundwatch.draws.frame import Document
from fundwatch.draws.lots import Signer
from fundwatch.draws.outcome import drawn_sample, estimates
from fundwatch.draws.result_file import read_results
from fundwatch.draws.results import (
    ENTERED,
    Checked,
    Entry,
    Found,
    Source,
    Stage,
    check,
    enter,
    entries_of,
    standing,
)
from fundwatch.draws.service import draw_sample
from fundwatch.draws.store import items
from fundwatch.errors import UserError
from fundwatch.settings import Settings
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.warehouse import open_warehouse

D = Decimal
TODAY = dt.date(2024, 7, 1)
ONE = Document("D1", HOSPITAL, "门诊", 10_000, 6_000, "初审岗01")


def entry(**changes) -> Entry:
    fields = {
        "doc_id": "D1",
        "amount": D("12.50"),
        "reviewer": "复审岗01",
        "reviewed_on": dt.date(2024, 6, 20),
        "row": 2,
    }
    return Entry(**{**fields, **changes})


def checked(*entries: Entry, found: Found | None = None) -> Checked:
    return check(entries, {"D1": ONE}, {"D1": found or Found()}, TODAY)


class TestChecks:
    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"doc_id": "D2"}, "不在本次抽样的样本中"),
            ({"reviewer": "张三"}, "不写姓名"),
            ({"reviewer": ""}, "不写姓名"),
            ({"reviewer": "初审岗01"}, "岗位应当分离"),
            ({"reviewed_on": TODAY + dt.timedelta(days=1)}, "晚于今天"),
            ({"amount": D("100.01")}, "医疗费总额 100.00 元之间"),
            ({"amount": D("-0.01")}, "医疗费总额 100.00 元之间"),
            ({"stage": Stage.APPEAL}, "尚无复审结果"),
            ({"why": "长" * 401}, "不超过 400 字"),
        ],
    )
    def test_what_cannot_be_right_is_refused_with_its_reason(self, changes, reason):
        found = checked(entry(**changes))
        assert not found.accepted
        assert reason in found.refused[0].reason
        assert found.refused[0].row == 2

    @pytest.mark.parametrize("changes", [{"amount": D("100.00")}, {"amount": D(0)}, {"reviewed_on": TODAY}])
    def test_what_lies_on_the_edge_is_taken(self, changes):
        assert len(checked(entry(**changes)).accepted) == 1

    def test_a_correction_needs_a_reason_and_the_same_again_changes_nothing(self):
        there = Found(1250, None, "复审岗01", dt.date(2024, 6, 20), Source.TYPED)
        assert checked(entry(), found=there).unchanged == 1
        assert "更正须写明理由" in checked(entry(amount=D(13)), found=there).refused[0].reason
        assert checked(entry(amount=D(13), why="补充病历"), found=there).accepted

    def test_an_entry_that_confirms_the_platform_is_kept_and_one_against_it_needs_a_reason(self):
        loaded = Found(1250, None, "抽检岗01", dt.date(2024, 6, 18), Source.PLATFORM, platform_fen=1250)
        assert checked(entry(), found=loaded).accepted
        assert checked(entry(amount=D(1)), found=loaded).refused

    def test_an_appeal_may_lower_an_amount_and_never_raise_it(self):
        there = Found(1250, None, "复审岗01", dt.date(2024, 6, 20), Source.TYPED)
        appeal = {"stage": Stage.APPEAL}
        assert checked(entry(amount=D("12.50"), **appeal), found=there).accepted
        assert checked(entry(amount=D(0), **appeal), found=there).accepted
        assert (
            "不能高于复审金额 12.50 元"
            in checked(entry(amount=D("12.51"), **appeal), found=there).refused[0].reason
        )

    def test_a_review_is_not_corrected_below_the_amount_after_appeal(self):
        there = Found(1250, 1000, "复审岗01", dt.date(2024, 6, 20), Source.TYPED)
        found = checked(entry(amount=D("9.99"), why="误录"), found=there)
        assert "请先更正申诉后金额" in found.refused[0].reason

    def test_in_one_file_review_and_appeal_may_stand_in_any_order_but_each_once(self):
        found = checked(
            entry(stage=Stage.APPEAL, amount=D(5), row=2), entry(row=3), entry(amount=D(1), row=4)
        )
        assert [(one.stage, one.amount) for one in found.accepted] == [
            (Stage.REVIEW, D("12.50")),
            (Stage.APPEAL, D(5)),
        ]
        assert [(one.row, one.reason) for one in found.refused] == [(4, "同一单据在本次登记中出现两次")]


def workbook(*rows) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
    return target.getvalue()


class TestFiles:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_csv_as_offices_save_it(self, encoding):
        lines = [
            "单据ID,抽检违规金额(元),复审岗位,复审日期,阶段,说明", 'D1,"1,012.50",复审岗01,2024/6/20,,', "",
            "D2,0,复审岗02,2024年6月21日,申诉后,采纳申诉", "",
        ]  # fmt: skip
        text = "\r\n".join(lines)
        found = read_results("结果.csv", text.encode(encoding), TODAY)
        assert found.refused == ()
        assert found.entries == (
            Entry("D1", D("1012.50"), "复审岗01", dt.date(2024, 6, 20), Stage.REVIEW, "", 2),
            Entry("D2", D("0.00"), "复审岗02", dt.date(2024, 6, 21), Stage.APPEAL, "采纳申诉", 4),
        )

    def test_platform_names_and_a_missing_date(self):
        found = read_results("a.csv", b"smpl_rchker,doc_id,smpl_vola_amt\nR01,D1,3\n", TODAY)
        assert found.entries == (Entry("D1", D("3.00"), "R01", TODAY, Stage.REVIEW, "", 2),)

    def test_workbook_with_numbers_dates_and_float_noise(self):
        content = workbook(
            ["单据ID", "抽检违规金额", "复审岗位", "复审日期"],
            [10001, 0.1 + 0.2, "复审岗01", 45463],
            ["D2", "１２．５元", "复审岗01", "2024-06-21 08:30"],
        )
        found = read_results("a.XLSX", content, TODAY)
        assert [(one.doc_id, one.amount, one.reviewed_on) for one in found.entries] == [
            ("10001", D("0.30"), dt.date(2024, 6, 20)), ("D2", D("12.50"), dt.date(2024, 6, 21)),
        ]  # fmt: skip

    def test_rows_that_cannot_be_read_are_named_one_by_one(self):
        text = (
            "单据ID,抽检违规金额,复审岗位,复审日期,阶段\n,1,复审岗01,,\nD1,,复审岗01,,\nD2,无,复审岗01,,\nD3,1.005,复审岗01,,\n"
            "D4,1,复审岗01,2024-06-31,\nD5,1,复审岗01,,终审\nD6,1e3,复审岗01,,\nD7,NaN,复审岗01,,\n"
        )
        found = read_results("a.csv", text.encode(), TODAY)
        assert [(one.row, one.reason) for one in found.refused] == [
            (2, "缺少单据ID"), (3, "缺少抽检违规金额;未发现问题请填 0"), (4, "抽检违规金额“无”不是数字"),
            (5, "抽检违规金额“1.005”多于两位小数"), (6, "复审日期“2024-06-31”应写成 2024-06-30"),
            (7, "阶段“终审”应为 复审 或 申诉后"), (9, "抽检违规金额“NaN”不是可用的金额"),
        ]  # fmt: skip
        assert [(one.doc_id, one.amount) for one in found.entries] == [("D6", D("1000.00"))]

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("a.csv", b"", "空的"),
            ("a.csv", "单据ID,复审岗位\n".encode(), "缺少:抽检违规金额"),
            ("a.csv", "单据ID,doc_id,抽检违规金额,复审岗位\n".encode(), "出现 2 次"),
            ("a.pdf", b"%PDF", "只支持 CSV 和 XLSX"),
            ("a.xlsx", b"PK nonsense", "不是 XLSX 工作簿"),
            ("a.csv", b"\xff\xfe\x00", "编码"),
            ("a.csv", b'doc_id,smpl_vola_amt,smpl_rchker\n"D1,1,R01\n', "引号不成对"),
        ],
    )  # fmt: skip
    def test_files_that_cannot_be_used_say_why(self, name, content, said):
        with pytest.raises(UserError, match=said):
            read_results(name, content, TODAY)


@pytest.fixture
def sampled(issue_home):
    with open_warehouse(issue_home) as warehouse:
        draw = draw_sample(
            issue_home, warehouse, ISSUE, Design(D("0.05"), D(30000), 1), seed=3, why="", by=REVIEWER
        )
    return issue_home, draw


def written(home, draw, *entries: Entry) -> int:
    with open_warehouse(home) as warehouse:
        sample = drawn_sample(home, draw, warehouse)
    return enter(
        home,
        draw,
        check(entries, sample.documents, sample.found, TODAY),
        Source.TYPED,
        Signer("fs02", "复审岗02"),
    )


class TestTrail:
    def test_recomputation_after_appeals_keeps_before_and_after(self, sampled):
        home, draw = sampled
        outpatient = [one.doc_id for cell, one in items(home, draw.draw_id) if cell == Cell(HOSPITAL, "门诊")]
        reviews = [
            entry(doc_id=one, amount=D(20) if place < 2 else D(0)) for place, one in enumerate(outpatient)
        ]
        assert written(home, draw, *reviews) == 10
        assert (
            written(
                home, draw, entry(doc_id=outpatient[0], stage=Stage.APPEAL, amount=D(5), why="采纳部分申诉")
            )
            == 1
        )
        with open_warehouse(home) as warehouse:
            both = estimates(drawn_sample(home, draw, warehouse), Settings(home), TODAY)
        # 200 documents, 10 reviewed: 40 × 20 before, 25 × 20 after
        assert (both[Stage.REVIEW].point, both[Stage.APPEAL].point) == (D("800.00"), D("500.00"))

    def test_every_figure_that_ever_stood_stays_with_post_time_and_reason(self, sampled):
        home, draw = sampled
        doc = items(home, draw.draw_id)[0][1].doc_id
        written(home, draw, entry(doc_id=doc))
        written(home, draw, entry(doc_id=doc, amount=D("9.00"), why="复核病历,电话13812345678"))
        trail = entries_of(home, draw.draw_id)
        assert [(one["amount_fen"], one["entered_by"], one["why"]) for one in trail] == [
            (1250, "复审岗02", ""), (900, "复审岗02", "复核病历,电话[电话]"),
        ]  # fmt: skip
        assert [event.detail["amount"] for event in listing(engine(home), action=ENTERED)] == [
            "9.00",
            "12.50",
        ]
        with open_warehouse(home) as warehouse:
            assert drawn_sample(home, draw, warehouse).found[doc].final_fen == 900

    def test_refused_entries_write_nothing(self, sampled):
        home, draw = sampled
        assert written(home, draw, entry(doc_id="D0241")) == 0
        assert entries_of(home, draw.draw_id) == []
        assert listing(engine(home), action=ENTERED) == []

    def test_an_entry_outweighs_the_platform_and_the_difference_is_counted(self):
        platform = [{"doc_id": "D1", "smpl_rchk_date": dt.date(2024, 6, 18), "smpl_rchker": "抽检岗01",
                     "smpl_vola_amt": D(8), "appeal_amt": D(4)}]  # fmt: skip
        typed = {"doc_id": "D1", "stage": "复审", "amount_fen": 700, "reviewer": "复审岗01",
                 "reviewed_on": dt.date(2024, 6, 20), "source": "页面登记", "why": "改判"}  # fmt: skip
        loaded = standing([ONE], [], platform)["D1"]
        assert (loaded.review_fen, loaded.final_fen, loaded.source, loaded.differs) == (
            800,
            400,
            "平台数据",
            False,
        )
        entered = standing([ONE], [typed], platform)["D1"]
        assert (entered.review_fen, entered.source, entered.differs) == (700, "页面登记", True)
        assert standing([ONE], [], [])["D1"] == Found()

    def test_a_document_reviewed_on_the_platform_without_an_amount_found_nothing(self):
        row = {
            "doc_id": "D1",
            "smpl_rchk_date": dt.date(2024, 6, 18),
            "smpl_rchker": None,
            "smpl_vola_amt": None,
            "appeal_amt": None,
        }
        assert standing([ONE], [], [row])["D1"].final_fen == 0
