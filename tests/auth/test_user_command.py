"""`fundwatch user` and what `fundwatch serve` checks before it serves."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from fundwatch.cli.app import run
from fundwatch.cli.serve import announce, check, missing_models
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.state.db import engine
from fundwatch.state.keys import cookie_key
from fundwatch.state.users import Users


def added(capsys, *words: str) -> dict:
    assert run(["user", "add", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_added_account_can_sign_in_with_the_password_printed(home, capsys):
    made = added(capsys, "cs02", "--role", "初审岗", "--post", "初审岗02")
    assert Users(engine(home)).check("cs02", made["password"])


def test_list_shows_accounts_without_passwords(home, capsys):
    password = added(capsys, "cs02", "--role", "初审岗", "--role", "复核岗", "--post", "初审岗02")["password"]
    assert run(["user", "list", "--json"]) == 0
    printed = capsys.readouterr().out
    assert password not in printed
    assert json.loads(printed) == [
        {
            "username": "cs02", "post": "初审岗02", "roles": "初审岗、复核岗", "town": None, "group": None, "enabled": True,
            "password_is_initial": True, "last_sign_in": None,
        }
    ]  # fmt: skip


def test_list_as_a_table_has_chinese_headers(home, capsys):
    added(capsys, "cs02", "--role", "初审岗")
    run(["user", "list"])
    assert "账号" in capsys.readouterr().out


def test_reset_prints_a_new_password_once(home, capsys):
    old = added(capsys, "cs02", "--role", "初审岗")["password"]
    assert run(["user", "reset", "cs02"]) == 0
    new = capsys.readouterr().out.strip().split(":")[-1]
    assert new != old
    assert Users(engine(home)).check("cs02", new)


def test_disable_and_enable(home, capsys):
    password = added(capsys, "cs02", "--role", "初审岗")["password"]
    assert run(["user", "disable", "cs02"]) == 0
    assert not Users(engine(home)).check("cs02", password)
    assert run(["user", "enable", "cs02"]) == 0
    assert Users(engine(home)).check("cs02", password)


def test_unknown_role_is_wrong_usage_and_names_the_roles(home, capsys):
    assert run(["user", "add", "cs02", "--role", "院长"]) == 2
    assert "没有角色 院长" in capsys.readouterr().err


def test_unknown_account_is_refused(home, capsys):
    assert run(["user", "reset", "nobody"]) == 1
    assert "没有账号 nobody" in capsys.readouterr().err


def test_first_users_are_printed_once_and_only_once(home, capsys):
    users = Users(engine(home))
    announce(users.ensure_first("首次启动"))
    first = capsys.readouterr().out
    assert all(name in first for name in ("ld01", "cs01", "admin"))
    announce(users.ensure_first("首次启动"))
    assert capsys.readouterr().out == ""


def test_serve_makes_the_key_and_says_that_there_are_no_data_yet(home):
    assert any("还没有生成过数据" in line for line in check(home))
    assert (home.state / "cookie.key").exists()


def test_serve_refuses_a_key_file_that_others_can_read(home):
    cookie_key(home)
    (home.state / "cookie.key").chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        check(home)


def test_after_an_update_the_models_that_the_served_version_lacks_are_named(demo_home, tmp_path, monkeypatch):
    assert missing_models(Home(tmp_path / "new")) == []
    assert missing_models(demo_home) == []
    newer = SimpleNamespace(by_name={"dim_institution": None, "fct_of_the_next_version": None})
    monkeypatch.setattr("fundwatch.cli.serve.read_models", lambda: newer)
    assert missing_models(demo_home) == ["fct_of_the_next_version"]
