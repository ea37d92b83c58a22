"""`alerts list|ack`: what is below target, out of its usual range or drifting, and what was said to it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from click import echo

from fundwatch.alerts import Alert, acknowledge, current
from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_records
from fundwatch.errors import UserError
from fundwatch.home import find_home
from fundwatch.settings import Settings
from fundwatch.state.users import Users
from fundwatch.warehouse import open_warehouse

group = typer.Typer(name="alerts", help="指标预警:未达目标、异常波动、机构偏离。", no_args_is_help=True)
app.add_typer(group)
FIELDS = (
    "rule_id", "kind", "state", "kpi", "insutype", "fixmedins_code", "month", "since", "months", "value", "limit", "reason", "owner",
    "version", "acknowledged",
)  # fmt: skip
_HEADERS = ("编号", "类别", "状态", "起始", "理由", "责任岗位", "确认情况")
Form = Annotated[Format, typer.Option("--format", help="输出格式")]


@group.command("list", help="列出本版本的预警:新出现、持续、解除。")
def list_command(form: Form = Format.table) -> None:
    """Print the alerts of the published version; the first call for a version records them."""
    home = find_home()
    found = current(home, open_warehouse(home), Settings(home))
    if form is Format.table:
        print_records([_readable(one) for one in found], _HEADERS, form)
    else:
        print_records([_record(one) for one in found], FIELDS, form)


@group.command("ack", help="确认一项预警,写明核实情况。")
def ack_command(
    rule_id: Annotated[str, typer.Argument(metavar="RULE", help="预警编号,见 alerts list")],
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="核实情况")],
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="确认人的账号")],
) -> None:
    """Acknowledge an alert that stands, in the name of an account."""
    home = find_home()
    person = Users.of(home).get(user)
    if person is None:
        raise UserError(f"没有账号 {user}。")
    found = current(home, open_warehouse(home), Settings(home))
    alert = next((one for one in found if one.rule_id == rule_id), None)
    if alert is None:
        raise UserError(f"本版本没有预警 {rule_id}。用 alerts list 查看全部预警。")
    made = acknowledge(home, alert.rule_id, alert.since, comment, person)
    echo(f"已确认 {rule_id}:{made.comment}", err=True)


def _record(one: Alert) -> dict[str, Any]:
    said = one.acknowledged
    values = (
        one.rule_id, str(one.kind), str(one.state), one.kpi, one.insutype, one.code, one.month, one.since, one.months, one.value,
        one.limit, one.reason, one.owner, one.version,
        {"post": said.post, "at": said.at, "comment": said.comment} if said else None,
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def _readable(one: Alert) -> dict[str, Any]:
    said = one.acknowledged
    values = (
        one.rule_id, str(one.kind), str(one.state), one.since, one.reason, one.owner,
        f"{said.post} {said.at[:10]}:{said.comment}" if said else "未确认" if one.is_open else "",
    )  # fmt: skip
    return dict(zip(_HEADERS, values, strict=True))
