"""``home.yaml`` in a folder of data: which county the files are of. The demo and the sample carry one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from fundwatch.clock import china_today
from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.settings import Settings
from fundwatch.yaml_text import YAMLError, read_yaml

NAME = "home.yaml"
#: town outlines of the county, drawn by the map; a bureau may put its own at the same place in its home
OUTLINE = "outline.geojson"


class HomeFile(BaseModel):
    """The file's keys; any other is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    county_admdvs: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    county_name: Annotated[str, StringConstraints(min_length=1, max_length=40)]


def apply_home_file(home: Home, folder: Path) -> list[str]:
    """Set what ``folder/home.yaml`` says where the home says otherwise; keep the folder's outline, too.

    Returns one Chinese line for each thing that changed; nothing when the folder has no such file.
    A value the bureau set by hand later is not touched again by the same file: only an unset key is set.
    """
    done = []
    outline = folder / OUTLINE
    if outline.is_file() and not (home.state / OUTLINE).exists():
        shutil.copyfile(outline, home.ensure().state / OUTLINE)
        done.append("已采用目录中的乡镇轮廓 outline.geojson。")
    if not (folder / NAME).is_file():
        return done
    try:
        found = HomeFile.model_validate(read_yaml((folder / NAME).read_text(encoding="utf-8")))
    except (ValidationError, YAMLError) as error:
        raise UserError(f"{NAME} 有误,应只有 county_admdvs(6 位区划)和 county_name:\n{error}") from error
    settings, today = Settings(home), china_today()
    for key, value in found.model_dump().items():
        if settings.get(key, today) is None:
            settings.set(key, value, None, f"来自数据目录的 {NAME}", "装载")
            done.append(f"已设置 {key} = {value}(来自 {NAME})。")
    return done
