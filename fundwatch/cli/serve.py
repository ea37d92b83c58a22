"""``serve``: check what the dashboard needs, make the first accounts, then run the web server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from fundwatch.build.models import read_models
from fundwatch.cli.app import app, run
from fundwatch.errors import UserError
from fundwatch.home import HOME_VARIABLE, PROJECT, Home, find_home
from fundwatch.state.keys import cookie_key, open_to_others
from fundwatch.state.users import User, Users
from fundwatch.warehouse import open_warehouse

#: the sign-in replaces private parts of this library, so another version is not served
PINNED = {"streamlit": "1.67.0", "streamlit-authenticator": "0.4.2"}


@app.command("serve", help="检查运行条件并打开驾驶舱。")
def serve(
    port: Annotated[int, typer.Option("--port", help="端口", min=1, max=65535)] = 8501,
    address: Annotated[str, typer.Option("--address", help="监听地址;默认只有本机可以访问")] = "127.0.0.1",
) -> int:
    """Check, print the first users once, and serve until stopped."""
    home = find_home().ensure()
    for warning in check(home):
        typer.echo(warning, err=True)
    if lacking := missing_models(home):
        typer.echo(f"程序已更新,现用数据版本缺少 {len(lacking)} 张统计表,正在重建……", err=True)
        if run(["build", "--home", str(home.root)]):
            raise UserError("重建没有成功,原因见上。改正后再打开;数据没有受影响。")
    announce(Users.of(home).ensure_first("首次启动"))
    typer.echo(f"驾驶舱地址:http://{address}:{port}/  (按 Ctrl+C 停止)", err=True)
    sys.stderr.flush()
    return _run_streamlit(home, address, port)


def check(home: Home) -> list[str]:
    """What is worth a warning before serving; raises UserError for what must be mended first."""
    for package, wanted in PINNED.items():
        found = version(package)
        if found != wanted:
            raise UserError(f"{package} 版本为 {found},本系统需要 {wanted}。请重新运行 make env。")
    cookie_key(home)
    warnings = []
    for key in sorted(home.state.glob("*.key")):
        if open_to_others(key):
            raise UserError(f"密钥文件 state/{key.name} 可被其他用户读取。请运行 chmod 600 后重试。")
    if not (home.warehouse / "CURRENT").exists():
        warnings.append("提示:还没有生成过数据,页面会显示首次使用步骤。")
    if not has_chinese_font():
        warnings.append("提示:本机没有中文字体,服务器端生成的图片可能缺字;浏览器显示不受影响。")
    return warnings


def missing_models(home: Home) -> list[str]:
    """Models of this program that the served version does not have, as after an update; none before the first build."""
    if not (home.warehouse / "CURRENT").exists():
        return []
    return sorted(read_models().by_name.keys() - set(open_warehouse(home).names()))


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Chinese; True where there is no fontconfig to ask."""
    tool = shutil.which("fc-list")
    if tool is None:
        return True
    found = subprocess.run([tool, ":lang=zh", "family"], capture_output=True, text=True, check=False)  # noqa: S603
    return bool(found.stdout.strip())


def announce(made: list[tuple[User, str]]) -> None:
    """Print the first accounts with their passwords: the only time they can be read."""
    if not made:
        return
    typer.echo("首次启动,已建立以下账号。密码只显示这一次,请抄录后分发,并尽快用 fundwatch user reset 更换:")
    for user, password in made:
        typer.echo(f"  {user.username:<8}{password}    {user.post}({'、'.join(user.roles)})")
    sys.stdout.flush()


def _run_streamlit(home: Home, address: str, port: int) -> int:
    command = [
        sys.executable, "-m", "fundwatch.server", "run", "app.py",
        "--server.address", address, "--server.port", str(port), "--logger.level", "warning",
    ]  # fmt: skip
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
