from __future__ import annotations

from pathlib import Path

import pytest

from fundwatch.cli.app import run
from fundwatch.home import Home


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a few loaded and built rows and a log; read only."""
    folder = tmp_path_factory.mktemp("small")
    source = folder / "inspection.csv"
    source.write_text(
        "insp_id,fixmedins_code,insp_date,insp_kind,insp_method,insp_stas\n"
        "JC1,H99900100001,2024-06-01,协议检查,现场检查,完成\n"
        "JC2,H99900100002,2024-06-02,协议检查,数据核查,计划\n",
        encoding="utf-8",
    )
    home = Home(folder / "home").ensure()
    for words in (
        ["settings", "set", "county_admdvs", "999001", "--why", "测试"],
        ["user", "add", "fx01", "--role", "分析员"],
        ["load", str(source)],
        ["build"],
    ):
        assert run([*words, "--home", str(home.root)]) == 0
    return home


@pytest.fixture
def tree():
    """What a folder holds: path → bytes."""

    def held(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return held
