"""`settings list|set|history`: parameters and targets with effective dates, and every change of them and of the own lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from click import echo

from fundwatch.bureau import LISTS, ListChange, changes, said
from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_records
from fundwatch.clock import china_time, china_today
from fundwatch.contracts import contracts
from fundwatch.errors import UsageError
from fundwatch.home import find_home
from fundwatch.kpi import Kpi, declarations
from fundwatch.kpi.declaration import Target
from fundwatch.settings import TARGET_PREFIX, Recorded, Setting, Settings, Values, parameters

group = typer.Typer(name="settings", help="参数与目标值,带生效日期。", no_args_is_help=True)
app.add_typer(group)
#: what the command line signs its changes with
COMMAND_LINE = "命令行"
FIELDS = ("key", "label", "value", "unit", "from", "source", "source_status", "why", "by", "coming")
_HEADERS = ("键", "名称", "值", "单位", "生效日期", "来源", "来源状态", "理由", "设置人", "将要生效")
HISTORY_FIELDS = ("at", "item", "key", "before", "after", "from", "why", "by")
_HISTORY_HEADERS = ("时间", "事项", "键", "变更前", "变更后", "生效日期", "理由", "设置人")
FORMAT = Annotated[Format, typer.Option("--format", help="输出格式")]


@group.command("list", help="列出全部参数和目标值。")
def list_command(
    form: FORMAT = Format.table,
    on: Annotated[str | None, typer.Option("--on", metavar="D", help="哪一天的取值,默认今天")] = None,
) -> None:
    """Print what is in force on the day and what comes, the county first, then every target."""
    day = _day(on, "--on") or china_today()
    values = Settings(find_home()).now()
    # A target of the bureau's own that does not hold on the day leaves the declared one in force.
    found = [
        _record(setting, values, day)
        for setting in values.all(day)
        if setting.value is not None or not setting.key.startswith(TARGET_PREFIX)
    ]
    own = {record["key"] for record in found}
    found += [
        _target_record(kpi, target, values, day)
        for kpi in declarations().values()
        for target in kpi.targets
        if TARGET_PREFIX + kpi.id not in own
    ]
    _print(found, FIELDS, _HEADERS, form)


@group.command("set", help="设置参数或目标值,例如 settings set county_admdvs 999001。")
def set_command(
    key: str,
    value: str,
    from_: Annotated[str | None, typer.Option("--from", metavar="D", help="生效日期,默认今天")] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="理由")] = "",
    form: FORMAT = Format.table,
) -> None:
    """Record a value; without a date from today on, for what names the county since ever."""
    declared = parameters().get(key)
    begins = _day(from_, "--from") or (None if declared and declared.timeless else china_today())
    settings = Settings(find_home())
    settings.set(key, value, begins, why or "未说明", COMMAND_LINE)
    echo(f"{key} = {value.strip()},{f'自 {begins} 起' if begins else '自始'}生效。", err=True)
    if form is not Format.table:
        _print(
            [_recorded(settings.now().recorded(key)[-1], settings)], HISTORY_FIELDS, _HISTORY_HEADERS, form
        )


@group.command("history", help="列出历次变更:参数、目标值,以及可比基年、大事记、医疗类别、工作日。")
def history_command(
    key: Annotated[str | None, typer.Argument(help="只看一个键,或一张表(例如 base_year)")] = None,
    form: FORMAT = Format.table,
) -> None:
    """Print every change of the key (or of all), newest record first, with what was before and after."""
    settings, home = Settings(find_home()), find_home()
    values = settings.now()
    if key is not None and key not in LISTS:
        settings.history(key)
    found = [
        (one.change.set_at, _recorded(one, settings))
        for name in values.changed_keys()
        if key in {None, name}
        for one in values.recorded(name)
    ]
    found += [(one.set_at, _list_record(one)) for one in changes(home) if key in {None, one.table}]
    records = [record for _, record in sorted(found, key=lambda one: one[0], reverse=True)]
    _print(records, HISTORY_FIELDS, _HISTORY_HEADERS, form)


def _print(
    records: list[dict[str, Any]], fields: Sequence[str], headers: Sequence[str], form: Format
) -> None:
    if form is Format.table:
        print_records([dict(zip(headers, record.values(), strict=True)) for record in records], headers, form)
    else:
        print_records(records, fields, form)


def _day(text: str | None, option: str) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} 的日期“{text}”不正确,应写成 2024-06-30。") from error


def _recorded(one: Recorded, settings: Settings) -> dict[str, Any]:
    change = one.change
    label = settings.now().setting(change.key, china_today()).label
    values = (
        china_time(change.set_at.replace(tzinfo=dt.UTC).timestamp()), label, change.key,
        None if one.before is None else str(one.before), change.value,
        change.effective_from, change.why, change.set_by,
    )  # fmt: skip
    return dict(zip(HISTORY_FIELDS, values, strict=True))


def _list_record(one: ListChange) -> dict[str, Any]:
    values = (
        china_time(one.set_at.replace(tzinfo=dt.UTC).timestamp()), contracts()[one.table].title, one.table,
        said(one.table, one.before) if one.before else None, "取消" if one.taken_back else said(one.table, one.content),
        one.effective_from, one.why, one.set_by,
    )  # fmt: skip
    return dict(zip(HISTORY_FIELDS, values, strict=True))


def _record(setting: Setting, values: Values, day: dt.date) -> dict[str, Any]:
    record = (
        setting.key, setting.label, setting.value, setting.unit, setting.effective_from, setting.source,
        setting.source_status, setting.why, setting.set_by, _coming(setting.key, values, day),
    )  # fmt: skip
    return dict(zip(FIELDS, record, strict=True))


def _target_record(kpi: Kpi, target: Target, values: Values, day: dt.date) -> dict[str, Any]:
    begins = "本机数据起始日" if target.from_ == "first_data" else target.from_
    key = TARGET_PREFIX + kpi.id
    record = (
        key, f"目标值 {kpi.label}", target.value, kpi.unit, begins, kpi.policy[0].document, target.source_status, None, None,
        _coming(key, values, day),
    )  # fmt: skip
    return dict(zip(FIELDS, record, strict=True))


def _coming(key: str, values: Values, day: dt.date) -> list[dict[str, Any]] | None:
    """Values still to come, with their beginnings; None without any."""
    found = [{"from": one.effective_from, "value": one.value} for one in values.coming(key, day)]
    return found or None
