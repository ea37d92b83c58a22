"""Every act that the program logs, done once: the log has who, when, what, and stays sound. A new act needs a case here."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from fundwatch.access import Role
from fundwatch.alerts.store import acknowledge
from fundwatch.analyst.run import Outcome
from fundwatch.cli.app import run
from fundwatch.clock import china_today
from fundwatch.draws.inspection_store import inspect_draws
from fundwatch.draws.lots import Signer
from fundwatch.draws.store import items
from fundwatch.home import HOME_VARIABLE, PROJECT, Home
from fundwatch.meetings.comments import NewComment, give
from fundwatch.meetings.decisions import NewDecision, NewReport, Progress, decide, decided, report
from fundwatch.meetings.freeze import make_meeting
from fundwatch.meetings.store import State, end_meeting
from fundwatch.reports.monthly import Month, monthly_report, submit
from fundwatch.settings import Settings
from fundwatch.state.audit import events, verify
from fundwatch.state.db import engine
from fundwatch.state.queries import Queries
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import User, Users
from fundwatch.state.verdicts import Hit, Verdicts
from fundwatch.state.views import Views
from fundwatch.ui.audit_view import note_view
from fundwatch.ui.signin import SESSION
from fundwatch.ui.sql_run import _logger
from fundwatch.warehouse import open_warehouse

sys.path.append(str(PROJECT / "tests" / "draws"))
from small_issue import ISSUE, built

AT_COMMAND = "命令行"
ANALYST, LEADER = Signer("fx01", "分析员01"), Signer("ld01", "局领导01")
PEOPLE = {"fx01": Role.ANALYST, "ld01": Role.LEADER, "jh01": Role.INSPECTOR}
#: without one no institution can be drawn for inspection
AGREEMENTS = (
    "cntr_id,fixmedins_code,efft_time,invd_time,cntr_stas\nXY1,H99900100001,2023-01-01,2099-12-31,1\n"
    "XY2,H99900100002,2023-01-01,2099-12-31,1\n"
)
Done = Callable[["Desk"], None]


class Desk:
    """The home, its people, and commands."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder, self.users = home, folder, Users.of(home)
        for name, role in PEOPLE.items():
            self.users.add(name, f"{role.value}01", [role], "测试")
            self.users.set_password(name, "Own-password-2026")

    def person(self, name: str) -> User:
        found = self.users.get(name)
        assert found is not None
        return found

    def run(self, *words: str, status: int = 0) -> None:
        assert run([*words, "--home", str(self.home.root)]) == status, words

    def put(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    folder = tmp_path_factory.mktemp("acts")
    return Desk(built(folder / "home"), folder)


def signing_in(desk: Desk) -> None:
    assert desk.users.check("fx01", "Own-password-2026")


def failing(desk: Desk) -> None:
    for _ in range(desk.users.lock_out.failures):
        assert not desk.users.check("jh01", "wrong")


def signing_out(desk: Desk) -> None:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state[SESSION] = Sessions.of(desk.home).issue("fx01")
    app.run().button(key="sign_out").click().run()


def looking(desk: Desk) -> None:
    import streamlit

    page = SimpleNamespace(
        home=desk.home, user=desk.person("fx01"), has_data=False, entry=SimpleNamespace(url_path="case")
    )
    streamlit.session_state.clear()
    note_view(page, "结算 S0001", 1)


def new_password(desk: Desk) -> None:
    desk.users.set_password("ld01", "Another-password-2026")


def meeting_held(desk: Desk) -> None:
    meeting = make_meeting(desk.home, dt.date(2024, 7, 1), ANALYST)
    due = dt.date(2024, 8, 1)
    give(desk.home, meeting, "rejection_rate", NewComment("原因", "措施", "责任岗01", due), ANALYST)
    decide(desk.home, meeting, NewDecision("事中审核组", "逐项整改", "责任岗01", due), LEADER)
    (made,) = decided(desk.home, meeting)
    report(desk.home, made, NewReport(Progress.RUNNING, "已部署"), LEADER)
    end_meeting(desk.home, meeting, State.CLOSED, "", LEADER)


def submitting(desk: Desk) -> None:
    with open_warehouse(desk.home) as warehouse:
        made = monthly_report(warehouse, Settings(desk.home), Month.read("2024-05"), china_today())
    submit(desk.home, made, "1", desk.person("fx01"))


def judging(desk: Desk) -> None:
    Verdicts.of(desk.home).give(Hit("r040", "S1", "v", "p"), "属实", "两次主诊断相同", desk.person("jh01"))


def queries(desk: Desk) -> None:
    store, person = Queries.of(desk.home), desk.person("fx01")
    kept = store.keep(person, "各险种", "select 1", shared=False)
    store.share(person, kept.query_id, True)
    store.remove(person, kept.query_id)


def views(desk: Desk) -> None:
    store, person = Views.of(desk.home), desk.person("fx01")
    kept = store.keep(person, "cross", "按险种", {"by": ["insutype"]}, shared=False)
    store.share(person, kept.view_id, True)
    store.remove(person, kept.view_id)


def statement(desk: Desk) -> None:
    page = SimpleNamespace(home=desk.home, user=desk.person("fx01"), entry=SimpleNamespace(url_path="sql"))
    _logger(page, "select 1", "v")(Outcome("done", rows=pa.table({"a": [1]})))


def results(desk: Desk) -> None:
    _, document = items(desk.home, "S202405-01")[0]
    desk.run(
        "sample",
        "results",
        "S202405-01",
        desk.put("r.csv", f"doc_id,smpl_vola_amt,smpl_rchker\n{document.doc_id},1.00,复审岗01\n"),
    )


def backing_up(desk: Desk) -> None:
    desk.run("backup", "--out", str(desk.folder / "b.tar"))
    assert run(["restore", str(desk.folder / "b.tar"), "--home", str(desk.folder / "restored")]) == 0
    # the restored home's own log says that it was restored
    assert logged(Home(desk.folder / "restored"))[-1][:2] == (AT_COMMAND, "恢复备份")


#: what is done → who, act and object of each event, and what its detail must hold
CASES: list[tuple[Done, list[tuple[str, str, str]], set[str]]] = [
    (signing_in, [("fx01", "登录", "")], set()),
    (failing, [("jh01", "登录失败", "")] * 5, {"failures", "locked"}),
    (signing_out, [("fx01", "退出登录", "")], set()),
    (looking, [("fx01", "查看个人明细", "结算 S0001")], {"rows", "screen"}),
    (lambda d: d.run("rows", "--kpi", "first_review_rate", "--from", "2024-01-01", "--to", "2024-12-31"),
     [(AT_COMMAND, "查看个人明细", "指标 first_review_rate 清单")], {"rows", "version"}),
    (lambda d: d.run("user", "add", "cs09", "--role", "初审岗"), [(AT_COMMAND, "新增账号", "cs09")], {"roles", "post"}),
    (lambda d: d.run("user", "scope", "cs09", "--group", "事中审核组"), [(AT_COMMAND, "变更数据范围", "cs09")], {"before", "after"}),
    (lambda d: d.run("user", "reset", "cs09"), [(AT_COMMAND, "重置密码", "cs09")], set()),
    (lambda d: d.run("user", "disable", "cs09"), [(AT_COMMAND, "停用账号", "cs09")], set()),
    (lambda d: d.run("user", "enable", "cs09"), [(AT_COMMAND, "启用账号", "cs09")], set()),
    (new_password, [("ld01", "修改密码", "ld01")], set()),
    (lambda d: d.run("settings", "set", "small_cell_min", "6", "--why", "从严"),
     [(AT_COMMAND, "修改设置", "small_cell_min")], {"before", "after", "why", "since"}),
    (lambda d: d.run("settings", "set", "target.rejection_rate", "2", "--why", "年度目标"),
     [(AT_COMMAND, "修改设置", "target.rejection_rate")], {"before", "after", "why", "since"}),
    (lambda d: d.run("load", d.put("fixmedins_cntr_reg_d.csv", AGREEMENTS)),
     [(AT_COMMAND, "载入", "fixmedins_cntr_reg_d.csv")], {"table", "loaded", "quarantined", "sha256"}),
    (lambda d: d.run("build"), [(AT_COMMAND, "生成版本", "")], {"changed", "months"}),
    (lambda d: d.run("export", "--kpi", "first_review_rate", "--from", "2024-01-01", "--to", "2024-12-31", "--why", "核查",
                     "--out", str(d.folder / "list.csv")),
     [(AT_COMMAND, "导出", "")], {"rows", "sha256", "why", "version"}),
    (lambda d: d.run("report", "monthly", "--month", "2024-05", "--out", str(d.folder)),
     [(AT_COMMAND, "导出", "")], {"sha256", "version", "format"}),
    (submitting, [("fx01", "提交月报", "YB202405-01")], {"content_sha256", "version"}),
    (lambda d: d.run("sample", "draw", "--issue", ISSUE, "--seed", "7", "--why", "第二季度"),
     [(AT_COMMAND, "抽取复审样本", "S202405-01")], {"seed", "frame_hash", "items_hash", "why"}),
    (lambda d: d.run("sample", "replay", "S202405-01"), [(AT_COMMAND, "重放复审抽样", "S202405-01")], {"sound"}),
    (lambda d: d.run("inspect", "inspector", "检查员01"), [(AT_COMMAND, "登记检查人员", "检查员01")], {"areas", "enabled"}),
    (lambda d: (d.run("inspect", "inspector", "检查员02"), d.run("inspect", "draw", "--n", "1", "--why", "抽查")),
     [(AT_COMMAND, "登记检查人员", "检查员02"), (AT_COMMAND, "双随机抽取", "")], set()),
    (results, [(AT_COMMAND, "登记复审结果", "S202405-01")], {"rows", "amount", "source"}),
    (lambda d: d.run("inspect", "replay", inspect_draws(d.home)[0].draw_id), [(AT_COMMAND, "重放双随机抽取", "")], {"sound"}),
    (meeting_held, [("fx01", "会议", "")] * 2 + [("ld01", "会议", "")] * 3, {"act"}),
    (lambda d: acknowledge(d.home, "r", "2024-05", "已约谈", d.person("jh01")), [("jh01", "确认预警", "r")], {"comment"}),
    (judging, [("jh01", "线索核实", "r040:S1")], {"verdict", "reason"}),
    (queries, [("fx01", act, "各险种") for act in ("保存查询", "共享查询", "删除查询")], set()),
    (views, [("fx01", act, "cross:按险种") for act in ("保存视图", "共享视图", "删除视图")], set()),
    (statement, [("fx01", "自助查询", "")], {"statement", "rows", "ms"}),
    (backing_up, [(AT_COMMAND, "备份", "b.tar")], {"sha256", "files"}),
]  # fmt: skip


def logged(home: Home) -> list[tuple[str, str, str, str, dict]]:
    """Who, act, object, when, detail of every event."""
    with engine(home).connect() as connection:
        rows = connection.execute(select(events).order_by(events.c.id)).mappings().all()
    return [(r["user"], r["action"], r["object"], r["at"], json.loads(r["detail"])) for r in rows]


@pytest.mark.parametrize(("act", "expected", "holds"), CASES, ids=[case[1][-1][1] for case in CASES])
def test_an_act_is_logged(desk, monkeypatch, act, expected, holds):
    monkeypatch.setenv(HOME_VARIABLE, str(desk.home.root))
    before, begun = len(logged(desk.home)), dt.datetime.now(dt.UTC).replace(microsecond=0)
    act(desk)
    made = logged(desk.home)[before:]
    assert [one[:2] for one in made] == [one[:2] for one in expected]
    for (_, _, thing, at, detail), (_, _, wanted, *_) in zip(made, expected, strict=True):
        assert not wanted or thing == wanted
        assert begun <= dt.datetime.fromisoformat(at) <= dt.datetime.now(dt.UTC)
        assert holds <= detail.keys(), detail
    assert verify(engine(desk.home)).sound


def test_every_act_of_the_program_has_a_case():
    tried = {act for _, expected, _ in CASES for _, act, _ in expected} | {"恢复备份"}
    assert acts_in_the_program() == tried


def acts_in_the_program() -> set[str]:
    """The act of every call that writes to the log, by the text of the program."""
    found: set[str] = set()
    for file in sorted((PROJECT / "fundwatch").rglob("*.py")):
        module = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        hands_on = any(
            isinstance(n, ast.FunctionDef) and n.name == "_log" and "action" in names(n) for n in nodes
        )
        for node in nodes:
            match node:
                case ast.Call(func=ast.Name(id="record"), args=[_, _, act, *_]):
                    found |= words(module, act)
                case ast.Call(func=ast.Attribute(attr="_log"), args=[_, act, *_]) if hands_on:
                    found |= words(module, act)
    return found


def names(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in function.args.args}


def words(module: str, node: ast.expr) -> set[str]:
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return words(module, node.body) | words(module, node.orelse)
        case ast.Name(id="action"):
            # handed on by a function whose callers are looked at
            return set()
        case ast.Name(id=name):
            return {getattr(importlib.import_module(module), name)}
    raise AssertionError(f"{module}: the act {ast.unparse(node)} is neither a word nor a constant")
