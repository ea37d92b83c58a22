"""A submitted report stays as it was; the current data are held against it number by number."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal

import pytest

from fundwatch.access import Ability, Role, may
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.reports.monthly import changes, get_submission, submissions, submit, submitted_files
from fundwatch.reports.monthly.changes import changes_in_words
from fundwatch.reports.monthly.files import sha256
from fundwatch.reports.monthly.month import When
from fundwatch.state.audit import listing, verify
from fundwatch.state.db import engine
from fundwatch.state.users import Users

D = Decimal


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def analyst(home):
    Users.of(home).add("fx01", "分析员01", [Role.ANALYST], "测试")
    return Users.of(home).get("fx01")


@pytest.fixture
def corrected(demo_report):
    """The same report after a later build: one count of the month is another, one base is gone, one has come."""
    figures = dict(demo_report.figures)
    done, paid = figures["daily.inspection_cnt"], figures["instant_share.denominator"]
    figures["daily.inspection_cnt"] = dataclasses.replace(
        done, values={**done.values, When.NOW: done.now + 3}
    )
    figures["instant_share.denominator"] = dataclasses.replace(
        paid, values={**paid.values, When.LAST_YEAR: None}
    )
    return dataclasses.replace(demo_report, figures=figures, version="20991231-000000-000")


def test_a_submission_freezes_content_version_and_files(home, analyst, taihe_report):
    made = submit(home, taihe_report, "7", analyst, "按期报送", clock=lambda: 1_620_432_000.0)
    assert (made.report_id, made.month, made.data_version) == ("YB202104-01", "2021-04", taihe_report.version)
    assert made.at == "2021-05-08 08:00"
    assert get_submission(home, made.report_id) == made
    files = submitted_files(home, made)
    assert (sha256(files.docx), sha256(files.pdf)) == (made.docx_sha256, made.pdf_sha256)
    assert made.document == taihe_report.document
    assert made.figures == list(taihe_report.figures.values())


def test_each_submission_of_a_month_has_its_own_number_and_a_line_in_the_log(home, analyst, taihe_report):
    first, second = (submit(home, taihe_report, "7", analyst) for _ in range(2))
    assert [one.report_id for one in submissions(home)] == ["YB202104-02", "YB202104-01"]
    assert first.docx_sha256 == second.docx_sha256
    store = engine(home)
    logged = listing(store, action="提交月报")
    assert [one.object for one in logged] == ["YB202104-02", "YB202104-01"]
    assert logged[0].detail["content_sha256"] == sha256(second.content.encode())
    assert logged[0].detail["pdf_sha256"] == second.pdf_sha256
    assert verify(store).sound


def test_a_file_that_was_changed_afterwards_is_refused(home, analyst, taihe_report):
    made = submit(home, taihe_report, "7", analyst)
    kept = home.state / "reports" / f"{made.report_id}.pdf"
    kept.write_bytes(kept.read_bytes() + b" ")
    with pytest.raises(UserError, match="校验值不符"):
        submitted_files(home, made)
    kept.unlink()
    with pytest.raises(UserError, match="不在数据目录中"):
        submitted_files(home, made)


def test_only_who_may_submit_can(home, taihe_report):
    for role in Role:
        assert may([role], Ability.SUBMIT) == (role in {Role.ANALYST, Role.AGREEMENTS})
    Users.of(home).add("ld01", "局领导01", [Role.LEADER], "测试")
    with pytest.raises(UserError, match="月报由协议管理、分析员提交"):
        submit(home, taihe_report, "7", Users.of(home).get("ld01"))
    assert submissions(home) == []


def test_corrections_list_number_then_now_and_difference(demo_report, corrected):
    frozen = [type(f).from_record(json.loads(json.dumps(f.record()))) for f in demo_report.figures.values()]
    assert changes(frozen, demo_report.figures) == []
    found = changes(frozen, corrected.figures)
    assert [(one.label, one.when) for one in found] == [("完成检查", When.NOW), ("拨付金额", When.LAST_YEAR)]
    assert found[0].difference == D(3)
    assert found[0].difference_words == "+3"
    then = demo_report.figures["daily.inspection_cnt"].now
    assert (found[0].then_words, found[0].now_words) == (f"{then:,}", f"{then + 3:,}")
    assert found[1].now_words == "—"
    assert found[1].difference_words == "现无数据"
    assert changes_in_words(found) == "与提交时相比,本月数字 1 个、对比和累计数字 1 个有变化。"
    assert changes_in_words([]) == "提交时的各项数字与目前数据一致。"


def test_a_long_note_is_refused(home, analyst, taihe_report):
    with pytest.raises(UserError, match="不超过 400 字"):
        submit(home, taihe_report, "7", analyst, "长" * 401)


def test_the_document_is_signed_on_the_day_given(taihe_report):
    assert taihe_report.document.slots["落款日期"] == "2021年5月8日"
    assert taihe_report.document.made_at.date() == dt.date(2021, 5, 8)
