"""The log from the command line: ``audit list|verify|ship``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_json, print_records
from fundwatch.errors import UserError
from fundwatch.home import find_home
from fundwatch.state.audit import listing, verify
from fundwatch.state.audit_copy import difference, ship
from fundwatch.state.db import engine

COLUMNS = {"id": "序号", "at": "时间", "user": "账号", "action": "操作", "object": "对象", "detail": "详情"}
FORMAT = Annotated[Format, typer.Option("--format", help="输出格式")]

commands = typer.Typer(no_args_is_help=True, help="操作日志:查看、校验、送出副本。")
app.add_typer(commands, name="audit")


@commands.command("list", help="列出最近的操作,新的在前。")
def list_events(
    limit: Annotated[int, typer.Option(min=1, help="最多条数")] = 200,
    action: Annotated[str | None, typer.Option(help="只看一种操作,如 登录、导出")] = None,
    user: Annotated[str | None, typer.Option(help="只看一个账号")] = None,
    form: FORMAT = Format.table,
) -> None:
    """Print the newest events."""
    records = [vars(event) for event in listing(engine(_home()), limit, action, user)]
    if form is Format.table:
        shown = [{label: record[name] for name, label in COLUMNS.items()} for record in records]
        print_records(shown, list(COLUMNS.values()), form)
    else:
        print_records(records, list(COLUMNS), form)


@commands.command("verify", help="逐条校验日志;有改动、删除、调换即退出状态 1。")
def verify_log(
    copy: Annotated[Path | None, typer.Option(help="再与送出的副本比对")] = None,
    form: FORMAT = Format.table,
) -> None:
    """Check the chain, its end and, when named, the copy."""
    store = engine(_home())
    verdict = verify(store)
    differs = difference(store, copy) if copy else None
    sound = verdict.sound and differs is None
    words = verdict.words + (differs or ("与副本一致。" if copy else ""))
    if form is Format.table:
        typer.echo(words)
    else:
        print_json(
            {
                "sound": sound,
                "rows": verdict.rows,
                "broken_at": verdict.broken_at,
                "cut": verdict.is_cut,
                "words": words,
            }
        )
    if not sound:
        raise typer.Exit(1)


@commands.command("ship", help="把新增的日志追加到副本(每行一条 JSON);副本应放在数据库管理者不能写的地方。")
def ship_log(
    to: Annotated[Path, typer.Option("--to", help="副本文件")],
    form: FORMAT = Format.table,
) -> None:
    """Add what is new to the copy."""
    done = ship(engine(_home()), to)
    if form is Format.table:
        typer.echo(f"已追加 {done.added:,} 条,副本共 {done.rows:,} 条。")
    else:
        print_json(vars(done))


def _home():
    home = find_home()
    if not home.root.is_dir():
        raise UserError(f"数据目录 {home.root} 不存在。")
    return home
