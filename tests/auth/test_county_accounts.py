"""Accounts and files of one county of several, from the command line and on 用户与审计."""

from __future__ import annotations

import json
import sys

import pyarrow.parquet as pq
import pytest
from counties import FIRST, SECOND

from fundwatch.access import Role, Sight
from fundwatch.cli.app import run
from fundwatch.errors import UserError
from fundwatch.home import HOME_VARIABLE, PROJECT
from fundwatch.state.db import engine
from fundwatch.state.users import Users
from fundwatch.warehouse import open_warehouse

sys.path.insert(0, str(PROJECT / "tests" / "ui"))
from signed_in import screen_of, texts

USERS = "pages/admin/users.py"


def listed(capsys) -> list[dict]:
    assert run(["user", "list", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_county_is_given_changed_and_taken_away(home, capsys):
    run(["user", "add", "jh02", "--role", "稽核岗", "--county", SECOND])
    run(["user", "add", "jh03", "--role", "稽核岗"])
    capsys.readouterr()
    assert {row["username"]: row["county"] for row in listed(capsys)} == {"jh02": SECOND, "jh03": None}
    users = Users(engine(home))
    assert users.get("jh02").sight == Sight(county=SECOND)
    assert run(["user", "scope", "jh02", "--county", FIRST, "--group", "经办事中组"]) == 0
    assert f"县区 {FIRST}、工作组 经办事中组" in capsys.readouterr().err
    assert users.get("jh02").sight == Sight(county=FIRST, group="经办事中组")
    assert run(["user", "scope", "jh02"]) == 0
    capsys.readouterr()
    # nobody is limited to a county: the list does not speak of counties
    assert all("county" not in row for row in listed(capsys))
    with pytest.raises(UserError, match="6 位医保区划"):
        users.set_scope("jh02", None, None, "测试", county="3412")


def test_a_county_that_the_list_does_not_have_is_refused(county_home, demo_home, capsys):
    for given, said in ((county_home, f"{FIRST}、{SECOND}"), (demo_home, "请先载入")):
        assert (
            run(["user", "add", "jh04", "--role", "稽核岗", "--county", "999999", "--home", str(given.root)])
            != 0
        )
        assert said in capsys.readouterr().err


def test_the_form_offers_counties_where_there_are_several(county_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(county_home.root))
    users = Users.of(county_home)
    if users.get("county-form") is None:
        users.add("county-form", "稽核岗32", [Role.INSPECTOR], "测试")
    app = screen_of(county_home, USERS, Role.ADMIN)
    app.selectbox(key="scope_user").select("county-form")
    app.selectbox(key="scope_county").select(SECOND)
    app.button(key="FormSubmitter:scope-保存").click().run()
    assert not app.exception
    assert f"县区 {SECOND}" in texts(app)
    assert users.get("county-form").sight.county == SECOND
    users.set_scope("county-form", None, None, "测试")


def test_a_file_of_a_county_has_its_rows_only(county_home, tmp_path, capsys):
    days, place = ["--from", "2026-01-01", "--to", "2026-09-30"], ["--home", str(county_home.root)]
    with open_warehouse(county_home) as warehouse:
        own = set(
            warehouse.query(f"select fixmedins_code from dim_institution where admdvs = '{SECOND}'")
            .column(0)
            .to_pylist()
        )
    file = tmp_path / "list.parquet"
    asked = ["export", "--kpi", "inspection_coverage", "--filter", f"admdvs={SECOND}", "--out", str(file)]
    assert run([*asked, *days, *place]) == 0
    codes = set(pq.read_table(file).column("fixmedins_code").to_pylist())
    assert codes
    assert codes <= own
    book = tmp_path / "map.xlsx"
    assert (
        run(
            [
                "export",
                "--page",
                "机构地图",
                "--filter",
                f"admdvs={SECOND}",
                "--out",
                str(book),
                *days,
                *place,
            ]
        )
        == 0
    )
    capsys.readouterr()
    refused = [
        "export",
        "--kpi",
        "fund_income",
        "--filter",
        f"admdvs={SECOND}",
        "--out",
        str(tmp_path / "x.csv"),
    ]
    assert run([*refused, *days, *place]) != 0
    assert "没有分县区的数据" in capsys.readouterr().err
    both = [*asked, "--filter", f"admdvs={FIRST}"]
    assert run([*both, *days, *place]) != 0
    assert "一次只能取一个县区" in capsys.readouterr().err
