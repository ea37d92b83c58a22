"""Everything of the demo, written to one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fundwatch.demo import registry
from fundwatch.demo.claims import write_claims
from fundwatch.demo.outline import outline_geojson
from fundwatch.demo.plan import Plan
from fundwatch.demo.vocabulary import COUNTY, COUNTY_NAME
from fundwatch.demo.world import World, make_world
from fundwatch.demo.write import write_csv, write_gb18030, write_xlsx
from fundwatch.errors import UserError
from fundwatch.progress import Step, silent

HOME_FILE = "home.yaml"
OUTLINE_FILE = "outline.geojson"


def make_demo(out: Path, plan: Plan, step: Step = silent) -> dict[str, int]:
    """Write the files of the fictional county to ``out`` (made if missing, must be empty); rows written by table.

    Raises UserError when the folder holds something already: mixing two demos would make a county that never was.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"目录 {out} 已有内容。请换一个空目录,或先清空再生成演示数据。")
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _write(out, plan, step)
    except OSError as error:
        raise UserError(f"无法写入 {out}:{error.strerror}。请检查目录权限或剩余空间。") from error


def _write(out: Path, plan: Plan, step: Step) -> dict[str, int]:
    world = make_world(plan)
    (out / HOME_FILE).write_text(f'county_admdvs: "{COUNTY}"\ncounty_name: {COUNTY_NAME}\n', encoding="utf-8")
    (out / OUTLINE_FILE).write_text(outline_geojson(), encoding="utf-8")
    interfaces, online = registry.interfaces(world)
    written = _ledgers(out, world, interfaces)
    return written | write_claims(world, out, online, step)


def _ledgers(out: Path, world: World, interfaces: list) -> dict[str, int]:
    tables: list[tuple[str, list, Callable]] = [
        ("fixmedins_b", registry.institutions(world), write_csv),
        ("fixmedins_cntr_reg_d", registry.agreements(world), write_csv),
        ("intf_onln_d", interfaces, write_csv),
        ("town", registry.towns(world), write_gb18030),
    ]
    for table, rows, write in tables:
        write(out, table, rows)
    return {table: len(rows) for table, rows, _ in tables}


__all__ = ["make_demo", "write_xlsx"]
