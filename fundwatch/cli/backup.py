"""`backup` and `restore`: a home as one file, and a home made from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fundwatch.backup import Backup, backup, restore
from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json
from fundwatch.cli.user import AT_TERMINAL
from fundwatch.home import find_home
from fundwatch.progress import progress

FORMAT = Annotated[Format, typer.Option("--format", help="输出格式")]
MEBIBYTE = 1 << 20


@app.command("backup", help="把数据湖、数据仓库和应用状态备份成一个文件;运行中也可以备份。")
def backup_command(
    out: Annotated[Path, typer.Option("--out", help="备份文件(不能已存在)")],
    form: FORMAT = Format.table,
) -> None:
    """Write the home to a file."""
    with progress("备份") as step:
        done = backup(find_home(), out, by=AT_TERMINAL, step=step)
    _say(f"已备份到 {done.file}", done, form)


@app.command("restore", help="从备份文件恢复到一个空的数据目录(--home)。")
def restore_command(
    file: Annotated[Path, typer.Argument(help="备份文件", metavar="备份文件")],
    form: FORMAT = Format.table,
) -> None:
    """Make a home from a file."""
    home = find_home()
    with progress("恢复") as step:
        done = restore(file, home, by=AT_TERMINAL, step=step)
    _say(f"已恢复到 {home.root}", done, form)


def _say(lead: str, done: Backup, form: Format) -> None:
    if form is Format.json:
        print_json({**vars(done), "notes": list(done.notes)})
        return
    typer.echo(
        f"{lead}:{done.files:,} 个文件,{done.size / MEBIBYTE:,.1f} MiB,数据版本 {done.version or '—'}。"
    )
    typer.echo(f"清单指纹 {done.sha256}")
    for note in done.notes:
        typer.echo(note)
