"""``serve``: check what the dashboard needs, make the first accounts, then run the web server."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from fundwatch.build.models import read_models
from fundwatch.checks import findings
from fundwatch.cli.app import app, run
from fundwatch.errors import UserError
from fundwatch.home import HOME_VARIABLE, PROJECT, Home, find_home
from fundwatch.state.users import User, Users
from fundwatch.warehouse import open_warehouse


@app.command("serve", help="检查运行条件并打开驾驶舱。")
def serve(
    port: Annotated[int, typer.Option("--port", help="端口", min=1, max=65535)] = 8501,
    address: Annotated[str, typer.Option("--address", help="监听地址;默认只有本机可以访问")] = "127.0.0.1",
    host: Annotated[
        list[str] | None, typer.Option("--host", help="只接受以此域名访问(可重复);默认不限")
    ] = None,
    only_check: Annotated[bool, typer.Option("--check", help="只检查运行条件,不启动")] = False,
) -> int:
    """Check, print the first users once, and serve until stopped."""
    home = find_home().ensure()
    for warning in check(home):
        typer.echo(warning, err=True)
    if only_check:
        typer.echo("检查通过,可以启动。", err=True)
        return 0
    if lacking := missing_models(home):
        typer.echo(f"程序已更新,现用数据版本缺少 {len(lacking)} 张统计表,正在重建……", err=True)
        if run(["build", "--home", str(home.root)]):
            raise UserError("重建没有成功,原因见上。改正后再打开;数据没有受影响。")
    announce(Users.of(home).ensure_first("首次启动"))
    typer.echo(f"驾驶舱地址:http://{address}:{port}/  (按 Ctrl+C 停止)", err=True)
    sys.stderr.flush()
    return _run_server(home, address, port, host or [])


def check(home: Home) -> list[str]:
    """What is worth a warning before serving; raises UserError with all that must be mended first."""
    found = findings(home)
    if stopping := [finding for finding in found if finding.stops]:
        lines = [f"  {number}. {finding.words}" for number, finding in enumerate(stopping, 1)]
        raise UserError("\n".join([f"不能启动,有 {len(stopping)} 处需要先处理:", *lines]))
    return [f"提示:{finding.words}" for finding in found]


def missing_models(home: Home) -> list[str]:
    """Models of this program that the served version does not have, as after an update; none before the first build."""
    if not (home.warehouse / "CURRENT").exists():
        return []
    return sorted(read_models().by_name.keys() - set(open_warehouse(home).names()))


def announce(made: list[tuple[User, str]]) -> None:
    """Print the first accounts with their passwords: the only time they can be read."""
    if not made:
        return
    typer.echo("首次启动,已建立以下账号。密码只显示这一次,请抄录后分发,并尽快用 fundwatch user reset 更换:")
    for user, password in made:
        typer.echo(f"  {user.username:<8}{password}    {user.post}({'、'.join(user.roles)})")
    sys.stdout.flush()


def _run_server(home: Home, address: str, port: int, hosts: list[str]) -> int:
    command = [sys.executable, "-m", "fundwatch.server", "--address", address, "--port", str(port)]
    command += [word for host in hosts for word in ("--host", host)]
    environment = {**os.environ, HOME_VARIABLE: str(home.root)}
    sys.stdout.flush()
    if os.name == "posix":
        # Take this process's place: whoever stops `serve` stops the web server, none is left behind.
        os.chdir(PROJECT)
        os.execve(sys.executable, command, environment)  # noqa: S606
    try:
        return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0
