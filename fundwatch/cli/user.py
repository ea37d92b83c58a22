"""Accounts from the command line: ``user add|list|scope|reset|disable|enable``."""

from __future__ import annotations

from typing import Annotated

import typer

from fundwatch.access import Role
from fundwatch.build.publish import current_version
from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.clock import china_time
from fundwatch.errors import UsageError, UserError
from fundwatch.home import find_home
from fundwatch.state import scopes
from fundwatch.state.users import User, Users
from fundwatch.steps import page_sql
from fundwatch.warehouse import open_warehouse

#: who the log names for what is done at the server's own terminal
AT_TERMINAL = "命令行"
COLUMNS = {
    "username": "账号", "post": "岗位", "roles": "角色", "county": "县区", "town": "乡镇", "group": "工作组", "enabled": "启用",
    "password_is_initial": "初始密码", "last_sign_in": "最近登录",
}  # fmt: skip
FORMAT = Annotated[Format, typer.Option("--format", help="输出格式")]
TOWN = Annotated[str | None, typer.Option("--town", help="只看该乡镇(代码)的机构;不写为不限")]
COUNTY = Annotated[str | None, typer.Option("--county", help="只看该县区(6 位医保区划)的数据;不写为全部县区")]
GROUP = Annotated[str | None, typer.Option("--group", help="只看该工作组的任务;不写为全部")]
ACCOUNT = Annotated[str, typer.Argument(help="账号(登录名)", metavar="账号")]

commands = typer.Typer(no_args_is_help=True, help="账号管理:新增、列表、重置密码、停用、启用。")
app.add_typer(commands, name="user")


@commands.command("add", help="新增账号。随机密码只显示这一次。")
def add(  # noqa: PLR0917
    username: ACCOUNT,
    role: Annotated[list[str], typer.Option("--role", help="角色,可多次:" + "、".join(Role))],
    post: Annotated[str | None, typer.Option("--post", help="岗位编号,如 初审岗02;不写则用账号")] = None,
    town: TOWN = None,
    group: GROUP = None,
    county: COUNTY = None,
    form: FORMAT = Format.table,
) -> None:
    """Make an account and print its password once."""
    users = _users()
    roles = [_role(word) for word in role]
    _check_known(town, county)
    password = users.add(
        username, post or username, roles, AT_TERMINAL, town=town, group=group, county=county
    )
    _show_password(username.strip().lower(), password, form)


@commands.command("list", help="列出全部账号。")
def listing(form: FORMAT = Format.table) -> None:
    """Print all accounts; passwords are never shown."""
    records = [_record(user) for user in _users().listing()]
    columns = dict(COLUMNS)
    if not any(record["county"] for record in records):
        # an installation of one county does not speak of counties
        columns.pop("county")
        records = [{name: record[name] for name in columns} for record in records]
    if form is Format.table:
        print_records([_in_chinese(record) for record in records], list(columns.values()), form)
    else:
        print_records(records, list(columns), form)


@commands.command("scope", help="改变账号的数据范围;不写 --county、--town 和 --group 即恢复为全部。")
def scope(username: ACCOUNT, town: TOWN = None, group: GROUP = None, county: COUNTY = None) -> None:
    """Limit an account to a county, a town's institutions and a work group's tasks, or to nothing."""
    _check_known(town, county)
    _users().set_scope(username, town, group, AT_TERMINAL, county=county)
    typer.echo(f"账号 {username} 的数据范围:{scopes.words(town, group, county)}。", err=True)


@commands.command("reset", help="重置密码并结束该账号的全部登录。新密码只显示这一次。")
def reset(username: ACCOUNT, form: FORMAT = Format.table) -> None:
    """Give a new random password and print it once."""
    _show_password(username, _users().reset(username, AT_TERMINAL), form)


@commands.command("disable", help="停用账号并结束其全部登录。")
def disable(username: ACCOUNT) -> None:
    """Switch an account off."""
    _users().set_enabled(username, False, AT_TERMINAL)
    typer.echo(f"账号 {username} 已停用。", err=True)


@commands.command("enable", help="重新启用账号。")
def enable(username: ACCOUNT) -> None:
    """Switch an account on."""
    _users().set_enabled(username, True, AT_TERMINAL)
    typer.echo(f"账号 {username} 已启用。", err=True)


def _users() -> Users:
    return Users.of(find_home())


def _check_known(town: str | None, county: str | None) -> None:
    """Where data are published, the codes must be among them: a wrong one would show nothing."""
    home = find_home()
    if not (town or county) or current_version(home) is None:
        return
    with open_warehouse(home) as warehouse:
        towns = warehouse.query(page_sql("scope_town")).column("town_code").to_pylist()
        counties = warehouse.query(page_sql("scope_county")).column("admdvs").to_pylist()
    if town and town.strip() not in towns:
        raise UserError(f"数据中没有乡镇 {town}。可用:{'、'.join(towns) or '无'}。")
    if county and county.strip() not in counties:
        raise UserError(f"县区表中没有 {county}。可用:{'、'.join(counties) or '无(请先载入“县区”表)'}。")


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise UsageError(f"没有角色 {word}。可选:{'、'.join(Role)}。") from None


def _record(user: User) -> dict:
    last = china_time(user.last_sign_in).isoformat() if user.last_sign_in else None
    return {
        "username": user.username,
        "post": user.post,
        "roles": "、".join(user.roles),
        "county": user.county,
        "town": user.town,
        "group": user.group,
        "enabled": user.enabled,
        "password_is_initial": user.password_is_initial,
        "last_sign_in": last,
    }


def _in_chinese(record: dict) -> dict:
    words = {True: "是", False: "否"}
    return {
        COLUMNS[key]: words.get(value, value) if isinstance(value, bool) else value
        for key, value in record.items()
    }


def _show_password(username: str, password: str, form: Format) -> None:
    if form is Format.json:
        print_json({"username": username, "password": password})
    else:
        typer.echo(f"账号 {username} 的密码(只显示这一次):{password}")
