"""`settings list` and `settings set`: parameters and targets with effective dates."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_records
from fundwatch.clock import china_today
from fundwatch.errors import UsageError
from fundwatch.home import find_home
from fundwatch.kpi import declarations
from fundwatch.kpi.declaration import Target
from fundwatch.settings import TARGET_PREFIX, Setting, Settings, parameters

group = typer.Typer(name="settings", help="参数与目标值,带生效日期。", no_args_is_help=True)
app.add_typer(group)
#: what the command line signs its changes with
COMMAND_LINE = "命令行"
FIELDS = ("key", "label", "value", "unit", "from", "source", "source_status", "why", "by")
_HEADERS = ("键", "名称", "值", "单位", "生效日期", "来源", "来源状态", "理由", "设置人")


@group.command("list", help="列出全部参数和目标值。")
def list_command(form: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.table) -> None:
    """Print what is in force today, the county first, then every target."""
    today = china_today()
    values = Settings(find_home()).now()
    found = [_record(setting) for setting in values.all(today)]
    own = {record["key"] for record in found}
    found += [
        _target_record(kpi.id, kpi.label, kpi.unit, target, kpi.policy[0].document)
        for kpi in declarations().values()
        for target in kpi.targets
        if TARGET_PREFIX + kpi.id not in own
    ]
    if form is Format.table:
        print_records([dict(zip(_HEADERS, record.values(), strict=True)) for record in found], _HEADERS, form)
    else:
        print_records(found, FIELDS, form)


@group.command("set", help="设置参数或目标值,例如 settings set county_admdvs 999001。")
def set_command(
    key: str,
    value: str,
    from_: Annotated[str | None, typer.Option("--from", metavar="D", help="生效日期,默认今天")] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="理由")] = "",
) -> None:
    """Record a value; without a date from today on, for what names the county since ever."""
    declared = parameters().get(key)
    begins = None if declared and declared.timeless else china_today()
    if from_ is not None:
        try:
            begins = dt.date.fromisoformat(from_)
        except ValueError as error:
            raise UsageError(f"--from 的日期“{from_}”不正确,应写成 2024-06-30。") from error
    Settings(find_home()).set(key, value, begins, why or "未说明", COMMAND_LINE)
    echo(f"{key} = {value.strip()},{f'自 {begins} 起' if begins else '自始'}生效。", err=True)


def _record(setting: Setting) -> dict[str, Any]:
    values = (
        setting.key, setting.label, setting.value, setting.unit, setting.effective_from, setting.source,
        setting.source_status, setting.why, setting.set_by,
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def _target_record(kpi: str, label: str, unit: str, target: Target, source: str) -> dict[str, Any]:
    begins = "本机数据起始日" if target.from_ == "first_data" else target.from_
    values = (
        TARGET_PREFIX + kpi,
        f"目标值 {label}",
        target.value,
        unit,
        begins,
        source,
        target.source_status,
        None,
        None,
    )
    return dict(zip(FIELDS, values, strict=True))
