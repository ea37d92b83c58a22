"""What the dashboard needs before it serves: each finding says what is wrong and what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from fundwatch.errors import UserError
from fundwatch.health import LEAST_DISK, OK, readiness
from fundwatch.home import PROJECT, Home
from fundwatch.loader.privacy import FINGERPRINT_FILE, KEY_VARIABLE
from fundwatch.state.db import URL_FILE, engine
from fundwatch.state.keys import SECRETS_FILE, cookie_key, open_to_others
from fundwatch.state.single_sign_on import HOME_SECRETS, configured
from fundwatch.warehouse import open_warehouse

#: private parts of the first two are replaced here, and the third's files can be read by its own version only
EXACT = ("streamlit", "streamlit-authenticator", "duckdb")
REQUIREMENTS = PROJECT / "requirements.txt"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. ``stops``: the dashboard does not start until it is mended."""

    what: str
    do: str
    stops: bool = True

    @property
    def words(self) -> str:
        return f"{self.what}。处理:{self.do}。"


def findings(home: Home) -> list[Finding]:
    """All that is wrong with program and home, what stops first."""
    looks: tuple[Callable[[Home], Iterator[Finding]], ...] = (
        _versions,
        _folders,
        _state,
        _secrets,
        _data,
        _font,
    )
    found = [finding for look in looks for finding in look(home)]
    return sorted(found, key=lambda finding: not finding.stops)


def _versions(_home: Home) -> Iterator[Finding]:
    lacking, wrong, other = [], [], []
    for requirement in pins():
        name, wanted = requirement.name, next(iter(requirement.specifier)).version
        try:
            found = version(name)
        except PackageNotFoundError:
            lacking.append(name)
            continue
        if found != wanted:
            (wrong if name in EXACT else other).append(f"{name} {found}(应为 {wanted})")
    again = "运行 make env,或用离线安装包重新安装 requirements.txt"
    if lacking:
        yield Finding(f"缺少组件 {'、'.join(lacking)}", again)
    if wrong:
        yield Finding(f"组件版本不符:{'、'.join(wrong)}", again)
    if other:
        yield Finding(f"有 {len(other)} 个组件不是测试过的版本:{'、'.join(other[:5])}", again, stops=False)


def pins(file: Path = REQUIREMENTS) -> list[Requirement]:
    """The locked versions that apply to this machine."""
    lines = [line.split(" #")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return [each for each in found if each.marker is None or each.marker.evaluate()]


def _folders(home: Home) -> Iterator[Finding]:
    for folder in (home.lake, home.warehouse, home.state, home.inbox):
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Finding(
                f"数据目录中 {folder.name} 不能写入({error.strerror})",
                "检查该目录的所有者、权限和磁盘是否只读",
            )
    free = shutil.disk_usage(home.root).free
    if free < LEAST_DISK:
        yield Finding(
            f"磁盘只剩 {free / 1e9:.1f} GB",
            "清理或扩充磁盘;旧版本可用 fundwatch build --keep 减少保留个数",
            stops=False,
        )


def _state(home: Home) -> Iterator[Finding]:
    try:
        with engine(home).connect():
            pass
    except UserError as error:
        yield Finding(error.message.rstrip("。"), "见上句")
    except Exception as error:
        # whatever the driver says may quote what is stored
        yield Finding(
            f"应用状态库打不开({type(error).__name__})", "检查 state/state.db 是否完好,必要时从备份恢复"
        )


def _secrets(home: Home) -> Iterator[Finding]:
    try:
        cookie_key(home)
    except UserError as error:
        yield Finding(error.message.rstrip("。"), "见上句")
    except OSError:
        # a key that cannot be made: why, stands with the folders
        pass
    try:
        configured(home)
    except UserError as error:
        yield Finding(error.message.rstrip("。"), "见上句")
    private = [
        home.state / HOME_SECRETS,
        *sorted(home.state.glob("*.key")),
        home.state / URL_FILE,
        SECRETS_FILE,
    ]
    for file in private:
        if file.is_file() and open_to_others(file):
            where = file.relative_to(home.root if file.is_relative_to(home.root) else PROJECT)
            yield Finding(f"文件 {where} 含密钥或密码,却可被其他用户读取", f"运行 chmod 600 {where} 后重试")
    if open_to_others(home.state):
        yield Finding("数据目录中 state 可被其他用户查看", "运行 chmod 700 state", stops=False)
    lost = (home.lake / FINGERPRINT_FILE).exists() and not (home.state / "psn.key").exists()
    if lost and not os.environ.get(KEY_VARIABLE, "").strip():
        yield Finding(
            "缺少人员编号加密密钥,可以查看但不能载入新数据",
            f"恢复 state/psn.key 或设置 {KEY_VARIABLE}",
            stops=False,
        )


def _data(home: Home) -> Iterator[Finding]:
    match readiness(home)["warehouse"]:
        case "empty":
            yield Finding(
                "还没有生成过数据,页面会显示首次使用步骤", "载入数据后运行 fundwatch build", stops=False
            )
        case "missing" | "damaged":
            yield Finding(
                "现用数据版本的文件缺失或损坏,或 warehouse/CURRENT 缺失或损坏",
                "运行 fundwatch build 重新生成,或从备份恢复 warehouse",
            )
        case word:
            assert word == OK
            try:
                open_warehouse(home).close()
            except UserError as error:
                yield Finding(error.message.rstrip("。"), "见上句")


def _font(_home: Home) -> Iterator[Finding]:
    tool = shutil.which("fc-list")
    if tool is None:
        return
    found = subprocess.run([tool, ":lang=zh", "family"], capture_output=True, text=True, check=False)  # noqa: S603
    if not found.stdout.strip():
        yield Finding(
            "本机没有中文字体,服务器生成的图片和 PDF 可能缺字;浏览器显示不受影响",
            "安装 fonts-noto-cjk 或文泉驿字体",
            stops=False,
        )
