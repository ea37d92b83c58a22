"""数据质量: what is loaded, what is not, why rows stay out, and files handed in through the browser."""

from __future__ import annotations

import io

import openpyxl
import pytest
from signed_in import screen_of, sheets, texts

from fundwatch.access import STAFF, Role
from fundwatch.contracts import contracts
from fundwatch.errors import UserError
from fundwatch.home import HOME_VARIABLE, Home
from fundwatch.lake import Lake
from fundwatch.loader import load_paths, preview_paths
from fundwatch.loader.inbox import discard, receive, safe_name
from fundwatch.screens import quality as view
from fundwatch.state.audit import listing
from fundwatch.state.db import engine

PATH = "pages/data/quality.py"
HEAD = "日期,事件,说明\n"
MARKS = "event_mark_2024.csv"


@pytest.fixture
def taihe(taihe_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(taihe_home.root))
    return taihe_home


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    made = Home(tmp_path / "home").ensure()
    monkeypatch.setenv(HOME_VARIABLE, str(made.root))
    return made


def file(name: str, text: str) -> tuple[str, io.BytesIO]:
    return name, io.BytesIO(text.encode())


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_state_of_the_data_and_the_administrator_is_refused(taihe, role):
    app = screen_of(taihe, PATH, role)
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == (["数据质量"] if role in STAFF else ["没有查看权限"])
    assert bool(app.dataframe) == (role in STAFF)


def test_tables_that_were_never_loaded_stand_apart_with_what_they_would_bring(taihe):
    app = screen_of(taihe, PATH, Role.LEADER)
    assert f"已载入 7 张表,{len(contracts()) - 7} 张从未载入" in texts(app)
    assert set(app.dataframe[0].value["表名"]) == set(Lake(taihe).tables())
    absent = sheets(app)
    assert "fund_balance_…" in absent
    assert "累计结余、可支付月数" in absent


def test_missing_months_are_named_with_the_kpis_that_feel_them(taihe):
    app = screen_of(taihe, PATH, Role.LEADER, part="months")
    assert "缺 2 个表月,完整度 66.7%" in texts(app)
    assert "2021年3月" in sheets(app)
    assert "基金收入" in sheets(app)


@pytest.mark.parametrize("part", ["loads", "quarantine", "checks"])
def test_every_part_is_drawn(taihe, part):
    app = screen_of(taihe, PATH, Role.ANALYST, part=part)
    assert not app.exception
    assert not app.error


def test_only_those_who_may_upload_find_the_button(home):
    assert [button.label for button in screen_of(home, PATH, Role.ANALYST).button if "检查" in button.label]
    leader = screen_of(home, PATH, Role.LEADER)
    assert not [button.label for button in leader.button if "检查" in button.label]
    assert "上传由协议管理、分析员办理" in texts(leader)


def test_files_are_looked_at_then_loaded_then_built_and_each_act_is_on_record(home):
    app = screen_of(home, PATH, Role.ANALYST)
    app.file_uploader[0].upload(MARKS, (HEAD + "2024-01-01,甲,\n2024-02-01,乙,\n").encode(), "text/csv").run()
    button(app, "检查文件").click().run()
    assert "确认后新增 2 行,替换已有的 0 行" in texts(app)
    assert Lake(home).batches() == []
    button(app, "确认载入").click().run()
    assert "载入报告" in texts(app)
    assert [batch.loaded for batch in Lake(home).batches()] == [2]
    assert list(home.inbox.iterdir()) == []
    button(app, "生成新版本").click().run()
    assert not app.exception
    assert (home.warehouse / "CURRENT").exists()
    acts = [(event.action, event.detail.get("loaded")) for event in listing(engine(home), limit=10)]
    assert ("载入", 2) in acts
    assert "生成版本" in [action for action, _ in acts]


def test_giving_up_leaves_neither_rows_nor_files(home):
    app = screen_of(home, PATH, Role.ANALYST)
    app.file_uploader[0].upload(MARKS, (HEAD + "2024-01-01,甲,\n").encode(), "text/csv").run()
    button(app, "检查文件").click().run()
    button(app, "放弃本次上传").click().run()
    assert list(home.inbox.iterdir()) == []
    assert Lake(home).batches() == []


def test_workbook_of_the_national_bureau_is_handed_in_under_its_own_name(home):
    book = openpyxl.Workbook()
    for row in (
        ["项目名称", "国标代码", "限定类型", "限定对象"],
        ["演示", "003111000010000", "限定年龄对象", "儿童"],
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    app = screen_of(home, PATH, Role.ANALYST)
    app.file_uploader[0].upload("【第一批】项目规则库(限定年龄对象).xlsx", content.getvalue(), "").run()
    button(app, "检查文件").click().run()
    assert "确认后新增 1 行" in texts(app)
    button(app, "确认载入").click().run()
    assert "本文件现行知识点 1 条" in texts(app)
    [batch] = Lake(home).batches()
    assert (batch.table, batch.loaded) == ("kb_item_limit", 1)


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


def test_preview_gives_the_account_of_the_load_and_leaves_everything_as_it_is(home):
    folder = receive(home, [file(MARKS, HEAD + "2024-01-01,甲,\n2024-02-01,乙,\n")])
    load_paths(home, [folder])
    before = (Lake(home).version("event_mark"), len(Lake(home).batches()))
    changed = receive(
        home, [file(MARKS, HEAD + "2024-01-01,甲,改\n2024-02-01,乙,\n2024-13-01,丙,\n2024-03-01,丁,\n")]
    )
    [looked] = preview_paths(home, [changed]).files
    assert (looked.loaded, looked.replaced, looked.duplicates, looked.quarantined) == (1, 1, 1, 1)
    assert (Lake(home).version("event_mark"), len(Lake(home).batches())) == before
    assert Lake(home).quarantine().num_rows == 0
    assert (changed / MARKS).exists()
    [loaded] = load_paths(home, [changed]).files
    account = [looked.loaded, looked.replaced, looked.duplicates, looked.quarantined]
    assert [loaded.loaded, loaded.replaced, loaded.duplicates, loaded.quarantined] == account


def test_refused_file_leaves_no_trace_in_a_preview(home):
    folder = receive(home, [file(MARKS, HEAD)])
    [looked] = preview_paths(home, [folder]).files
    assert looked.status == "refused"
    assert Lake(home).batches() == []


def test_handed_in_files_keep_to_their_folder(home):
    assert safe_name("../../etc/event_mark.csv") == "event_mark.csv"
    assert safe_name("C:\\数据\\setl_d 2024;rm.csv") == "setl_d 2024_rm.csv"
    with pytest.raises(UserError, match="两个文件都叫"):
        receive(home, [file("a/x.csv", "1"), file("b/x.csv", "2")])
    discard(home, home.lake)
    assert home.lake.is_dir()


def test_months_missing_in_a_row_are_named_as_a_span():
    words = view.spans_in_words(["2024-01", "2024-03", "2024-04", "2024-05"])
    assert words == "2024年1月、2024年3月至2024年5月(共 4 个月)"


def test_values_of_personal_columns_in_quarantine_are_shown_to_those_who_may(home):
    good = "".join(f"2024-01-{day:02d},甲{day},\n" for day in range(1, 25))
    load_paths(home, [receive(home, [file(MARKS, HEAD + good + "2024-13-01,丙,\n")])])
    rows, batches = Lake(home).quarantine(), Lake(home).batches()
    [seen] = view.quarantine_rows(rows, batches, frozenset()).to_pylist()
    [hidden] = view.quarantine_rows(rows, batches, frozenset({"event_date"})).to_pylist()
    assert (seen["column"], seen["value"], seen["row_no"]) == ("日期", "2024-13-01", 26)
    assert hidden["value"] is None
    assert hidden["reason"] == seen["reason"]
