"""``fundwatch demo``: files of a fictional county in the contract's formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fundwatch.cli.app import app
from fundwatch.cli.output import Format, print_records
from fundwatch.contracts import contracts
from fundwatch.demo import SCALES, make_demo, plan_for
from fundwatch.demo.plan import DEFAULT_END, DEFAULT_MONTHS, DEFAULT_SEED
from fundwatch.progress import progress


@app.command()
def demo(  # noqa: PLR0917  (one parameter an option)
    out: Annotated[Path, typer.Option("--out", help="写入的目录(须为空,没有就新建)。")],
    scale: Annotated[str, typer.Option(help=f"规模:{'、'.join(SCALES)}。")] = "small",
    months: Annotated[int, typer.Option(help="结算数据的月数。")] = DEFAULT_MONTHS,
    seed: Annotated[int, typer.Option(help="随机种子;种子相同,文件逐字节相同。")] = DEFAULT_SEED,
    end: Annotated[str, typer.Option(help="数据的最后一个月,如 2026-10。")] = DEFAULT_END,
    form: Annotated[Format, typer.Option("--format", help="结果的输出格式。")] = Format.table,
) -> None:
    """生成虚构的示范县数据(区划 999001),格式与数据约定一致。"""
    plan = plan_for(scale, months, seed, end)
    with progress("生成示范县") as step:
        written = make_demo(out, plan, step)
    known = contracts()
    rows = [
        {"table": table, "title": known[table].title, "rows": count}
        for table, count in sorted(written.items())
    ]
    print_records(rows, ["table", "title", "rows"], form)
