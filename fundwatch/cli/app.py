"""Entry point: options that every command shares, exit status, Chinese errors without a traceback.

Exit status: 0 done; 1 something was refused or failed a check; 2 wrong usage; 3 internal error.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import click
import typer
import typer.exceptions

import fundwatch.cli
from fundwatch.errors import DamagedError, UserError, known_trouble
from fundwatch.home import HOME_VARIABLE, find_home
from fundwatch.logs import command_incident

app = typer.Typer(
    name="fundwatch", no_args_is_help=True, add_completion=False, help="医保基金监管驾驶舱命令行。", pretty_exceptions_enable=False
)  # fmt: skip

#: modules of this package that hold no commands; every other one registers its own on ``app``
NOT_COMMANDS = {"app", "output"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status; ``--home`` and ``--json`` may stand anywhere."""
    try:
        arguments = _shared_options(arguments)
        for module in pkgutil.iter_modules(fundwatch.cli.__path__):
            if module.name not in NOT_COMMANDS:
                importlib.import_module(f"fundwatch.cli.{module.name}")
        status = app(args=arguments, prog_name="fundwatch", standalone_mode=False)
        return int(status or 0)
    except UserError as error:
        click.echo(error.message, err=True)
        cause = None if isinstance(error, DamagedError) else error.__cause__
        if cause and (words := known_trouble(cause)) and words not in error.message:
            click.echo(words, err=True)
        return error.exit_code
    except typer.exceptions.TyperException as error:
        click.echo(_usage_in_chinese(error), err=True)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        click.echo("已中断。已提交的数据不受影响,重新运行即可继续。", err=True)
        return 1
    except Exception as error:
        if words := known_trouble(error):
            click.echo(words, err=True)
            return 1
        number = command_incident(find_home(), error)
        click.echo(f"程序内部错误,事件编号 {number}。数据未受影响;请把编号和日志交给维护人员。", err=True)
        return 3


def _shared_options(arguments: list[str]) -> list[str]:
    """Take ``--home`` out (into the environment) and turn ``--json`` into ``--format json``."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--home" or word.startswith("--home="):
            value = word.partition("=")[2] if "=" in word else next(words, "")
            if not value:
                raise UserError("--home 后面缺少目录。", exit_code=2)
            os.environ[HOME_VARIABLE] = value
        elif word == "--json":
            rest += ["--format", "json"]
        else:
            rest.append(word)
    return rest


def _usage_in_chinese(error: typer.exceptions.TyperException) -> str:
    """The usual mistakes in Chinese; anything else keeps its own words behind a Chinese lead.

    Matched by name: typer raises from its own copy of click, whose classes it does not publish.
    """
    name = getattr(getattr(error, "param", None), "name", None) or ""
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return error.format_message()
        case "NoSuchOption":
            return f"没有选项 {getattr(error, 'option_name', '')}。用 --help 查看可用选项。"
        case "MissingParameter":
            return f"缺少参数 {name.rstrip('_')}。用 --help 查看用法。"
        case "BadParameter":
            return f"参数 {name.rstrip('_')} 的值不正确:{error.message}"
        case _:
            return f"用法不正确:{error.format_message()} 用 --help 查看用法。"
