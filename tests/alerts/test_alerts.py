"""Alerts: what is judged and what is not, the three states, one record per version, and a person's word on an episode."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from fundwatch.access import Role
from fundwatch.alerts import Observation, State, acknowledge, current, history, judged, look
from fundwatch.alerts.current import facts_of
from fundwatch.alerts.observe import Facts, Kind, observations
from fundwatch.alerts.store import acknowledged, is_old, known
from fundwatch.cli.app import run
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.kpi import KpiValue, evaluate
from fundwatch.kpi.targets import meets
from fundwatch.screens.drift import Alerts
from fundwatch.settings import Change, Settings, Values
from fundwatch.state.audit import listing
from fundwatch.state.db import engine
from fundwatch.state.users import User
from fundwatch.warehouse import open_warehouse
from tests.conftest import ROOT

NONE_DRIFT = Alerts((), None, 0, 0, (), Decimal(5), "没有")
INSPECTOR = User("jh01", "稽核岗01", (Role.INSPECTOR,), True, False, None)
ADMINISTRATOR = User("admin", "系统管理员01", (Role.ADMIN,), True, False, None)


def seen(rule: str, month: str, met: bool, value: str = "90") -> Observation:
    return Observation(
        rule,
        Kind.TARGET,
        "recovery_rate",
        None,
        None,
        "违规金额追回率",
        month,
        met,
        Decimal(value),
        "目标 100%",
        f"{month} {value}%",
    )


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home").ensure()


class TestStates:
    """New, lasting, ended; nothing is said of what was and is in order, nor of what is long past."""

    @pytest.mark.parametrize(
        ("met", "state", "since", "months"),
        [
            ("001", State.NEW, "2024-03", 1), ("011", State.LASTING, "2024-02", 2), ("110", State.ENDED, "2024-01", 2),
            ("101", State.NEW, "2024-03", 1), ("000", None, "", 0), ("100", None, "", 0),
        ],
    )  # fmt: skip
    def test_states_come_from_the_newest_month_and_the_one_before(self, met, state, since, months):
        own = [seen("target:a", f"2024-0{place}", one == "1") for place, one in enumerate(met, start=1)]
        found = judged(own, "v1", {})
        assert [(one.state, one.since, one.months) for one in found] == (
            [(state, since, months)] if state else []
        )

    def test_the_reason_says_how_long_and_that_it_is_a_lead(self):
        [lasting] = judged([seen("a", "2023-12", True), seen("a", "2024-01", True)], "v1", {})
        assert lasting.reason == "2024-01 90%,已连续 2 个月(提示,待核实)。"
        [ended] = judged([seen("a", "2023-12", True), seen("a", "2024-01", False, "100")], "v1", {})
        assert ended.reason == "2024-01 100%,2023年12月起的预警解除。"
        assert lasting.is_open
        assert not ended.is_open

    def test_a_gap_ends_an_episode(self):
        [one] = judged([seen("a", "2024-01", True), seen("a", "2024-03", True)], "v1", {})
        assert (one.state, one.since) == (State.NEW, "2024-03")

    def test_a_rule_last_judged_long_ago_says_nothing_of_today(self):
        found = judged(
            [seen("old", "2024-01", True), seen("late", "2024-02", True), seen("a", "2024-04", True)],
            "v1",
            {},
        )
        assert {one.rule_id for one in found} == {"late", "a"}


class TestRecord:
    """One look per version and settings; changes only; forward only."""

    def test_a_second_look_at_a_version_records_nothing(self, home):
        assert look(home, "v1", "0", [seen("a", "2024-01", True)])
        assert not look(home, "v1", "0", [seen("a", "2024-01", False)])
        assert [one.met for _, one in history(home, "a")] == [True]

    def test_a_later_version_adds_what_changed_and_the_earlier_can_be_read_again(self, home):
        look(home, "v1", "0", [seen("a", "2024-01", True), seen("a", "2024-02", False)])
        look(
            home,
            "v2",
            "0",
            [seen("a", "2024-01", True), seen("a", "2024-02", True), seen("a", "2024-03", True)],
        )
        assert [(version, one.month, one.met) for version, one in history(home, "a")] == [
            ("v1", "2024-01", True), ("v1", "2024-02", False), ("v2", "2024-02", True), ("v2", "2024-03", True),
        ]  # fmt: skip
        assert [one.met for one in known(home, "v1", "0")] == [True, False]
        assert [one.met for one in known(home, "v2", "0")] == [True, True, True]
        assert is_old(home, "v1")
        assert not is_old(home, "v2")

    def test_changed_settings_are_a_look_of_their_own(self, home):
        look(home, "v1", "0", [seen("a", "2024-01", True)])
        assert look(home, "v1", "1", [seen("b", "2024-01", True)])
        assert {one.rule_id for one in known(home, "v1", "1")} == {"b"}

    def test_a_value_comes_back_exactly(self, home):
        look(home, "v1", "0", [seen("a", "2024-01", True, "66.6666666667")])
        assert known(home, "v1", "0") == [seen("a", "2024-01", True, "66.6666666667")]


class TestAcknowledging:
    """A word holds for one episode, is logged, and needs a role and a text."""

    def test_an_acknowledged_episode_stays_so_and_a_new_one_is_open(self, home):
        acknowledge(home, "a", "2024-01", "已约谈,8月前补缴", INSPECTOR)
        said = acknowledged(home)
        [lasting] = judged([seen("a", "2024-01", True), seen("a", "2024-02", True)], "v1", said)
        assert (lasting.acknowledged.post, lasting.acknowledged.comment) == ("稽核岗01", "已约谈,8月前补缴")
        again = [seen("a", "2024-01", True), seen("a", "2024-02", False), seen("a", "2024-03", True)]
        assert judged(again, "v1", said)[0].is_open
        [event] = listing(engine(home), action="确认预警")
        assert (event.user, event.object, event.detail["comment"]) == ("jh01", "a", "已约谈,8月前补缴")

    @pytest.mark.parametrize(
        ("user", "comment"), [(ADMINISTRATOR, "看过"), (INSPECTOR, " "), (INSPECTOR, "长" * 401)]
    )
    def test_a_role_and_a_text_are_needed(self, home, user, comment):
        with pytest.raises(UserError):
            acknowledge(home, "a", "2024-01", comment, user)
        assert not listing(engine(home), action="确认预警")

    def test_a_persons_number_is_masked(self, home):
        assert "13812345678" not in acknowledge(home, "a", "2024-01", "已电话 13812345678", INSPECTOR).comment


@pytest.fixture(scope="module")
def facts(demo_home) -> Facts:
    return facts_of(open_warehouse(demo_home), Settings(demo_home))


@pytest.fixture(scope="module")
def found(demo_home, facts) -> list[Observation]:
    return observations(facts, Settings(demo_home).now())


class TestDemoCounty:
    """Over the tiny demo county every alert is the engine's number against its limit."""

    def test_the_same_version_says_the_same_twice(self, demo_home, facts, found):
        assert observations(facts, Settings(demo_home).now()) == found
        assert len({(one.rule_id, one.month) for one in found}) == len(found) > 300

    def test_values_and_verdicts_are_the_engines(self, demo_home, found):
        warehouse, settings = open_warehouse(demo_home), Settings(demo_home).now()
        for one in [one for one in found if one.rule_id == "target:recovery_rate"]:
            first = dt.date.fromisoformat(f"{one.month}-01")
            last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
            [number] = evaluate(warehouse, settings, ["recovery_rate"], first, last)
            assert (one.value, one.met) == (number.value, not meets(number.value, "100", "higher"))
        assert any(one.rule_id == "target:recovery_rate" for one in found)

    def test_no_month_is_judged_that_is_not_over_loaded_and_ripe(self, facts, found):
        assert max(one.month for one in found) <= f"{facts.newest:%Y-%m}"
        # recovery takes 30 days to come in
        newest = max(one.month for one in found if one.kpi == "recovery_rate")
        assert newest < f"{facts.newest:%Y-%m}"

    def test_every_sentence_holds_its_number_and_no_blame(self, found):
        for one in found:
            assert one.words
            assert any(sign.isdigit() for sign in one.words)
            assert not [word for word in ("骗保", "欺诈", "!", "严重") if word in one.words]

    def test_funds_are_judged_apart(self, found):
        funds = {one.insutype for one in found if one.kpi == "fund_outlay"}
        assert funds == {"310", "390"}
        assert all(one.rule_id.endswith(f":{one.insutype}") for one in found if one.kpi == "fund_outlay")

    def test_a_bound_set_by_the_bureau_holds_from_its_day_on_also_without_direction(self, facts):
        change = Change(
            "target.rejection_rate", "<=0.01", dt.date(2026, 7, 1), "试行", "测试", dt.datetime(2026, 7, 1)
        )
        own = [one for one in observations(facts, Values([change])) if one.rule_id == "target:rejection_rate"]
        assert own
        assert min(one.month for one in own) == "2026-07"
        assert all(one.met == (one.value > Decimal("0.01")) for one in own)
        assert not [one for one in observations(facts, Values()) if one.rule_id == "target:rejection_rate"]

    @pytest.mark.parametrize(
        ("until", "newest"), [("2026-06-30", "2026-06"), ("2026-06-23", "2026-06"), ("2026-06-22", "2026-05")]
    )
    def test_months_beyond_the_kpis_own_data_are_not_judged(self, facts, until, newest):
        until = dt.date.fromisoformat(until)

        def cut(*asked) -> Iterator[KpiValue]:
            return (replace(one, data_through=until) for one in facts.numbers(*asked))

        found = observations(replace(facts, numbers=cut, institutions=NONE_DRIFT), Values())
        assert max(one.month for one in found) == newest

    def test_a_kpi_without_any_data_is_not_judged(self, facts):
        def nothing(*asked) -> Iterator[KpiValue]:
            return (replace(one, data_through=None) for one in facts.numbers(*asked))

        assert not observations(replace(facts, numbers=nothing, institutions=NONE_DRIFT), Values())

    def test_the_record_gives_what_the_look_found_and_commands_print_it(self, demo_home_copy, capsys):
        home = demo_home_copy
        warehouse, settings = open_warehouse(home), Settings(home)
        first = current(home, warehouse, settings)
        again = current(home, warehouse, settings, lambda: pytest.fail("a second look was made"))
        assert first == again
        assert {one.state for one in first} == set(State)
        assert [one.state for one in first] == sorted((one.state for one in first), key=list(State).index)
        assert run(["alerts", "list", "--home", str(home.root), "--json"]) == 0
        printed = json.loads(capsys.readouterr().out)
        assert [(one["rule_id"], one["value"], one["reason"]) for one in printed] == [
            (one.rule_id, format(one.value, "f"), one.reason) for one in first
        ]
        assert run(["user", "add", "jh09", "--role", "稽核岗", "--home", str(home.root)]) == 0
        rule = first[0].rule_id
        assert (
            run(
                ["alerts", "ack", rule, "--comment", "已核对台账", "--user", "jh09", "--home", str(home.root)]
            )
            == 0
        )
        assert (
            next(
                one for one in current(home, warehouse, settings) if one.rule_id == rule
            ).acknowledged.comment
            == "已核对台账"
        )
        capsys.readouterr()
        assert (
            run(
                [
                    "alerts",
                    "ack",
                    "target:none",
                    "--comment",
                    "无",
                    "--user",
                    "jh09",
                    "--home",
                    str(home.root),
                ]
            )
            == 1
        )
        assert "没有预警 target:none" in capsys.readouterr().err


def test_a_county_of_totals_alone_has_no_invented_alert(taihe_home):
    warehouse, settings = open_warehouse(taihe_home), Settings(taihe_home)
    known_kpis = {
        one.kpi
        for one in evaluate(warehouse, settings, None, dt.date(2021, 1, 1), dt.date(2021, 6, 30))
        if one.data_through
    }
    assert {one.kpi for one in current(taihe_home, warehouse, settings)} <= known_kpis


def test_alerts_start_no_streamlit():
    code = "import sys, fundwatch.alerts; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
