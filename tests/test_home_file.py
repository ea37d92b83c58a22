"""A folder's home.yaml names the county; what the bureau set itself stays."""

import datetime as dt

import pytest

from fundwatch.errors import UserError
from fundwatch.home import Home
from fundwatch.home_file import apply_home_file
from fundwatch.settings import Settings

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "files"
    made.mkdir()
    (made / "home.yaml").write_text('county_admdvs: "999001"\ncounty_name: 示范县\n', encoding="utf-8")
    return made


def test_an_unset_county_is_taken_from_the_folder(home, folder):
    assert len(apply_home_file(home, folder)) == 2
    assert Settings(home).get("county_admdvs", TODAY) == "999001"
    assert Settings(home).get("county_name", TODAY) == "示范县"


def test_a_second_load_changes_nothing(home, folder):
    apply_home_file(home, folder)
    assert apply_home_file(home, folder) == []


def test_a_value_set_by_the_bureau_stays(home, folder):
    Settings(home).set("county_name", "本县", None, "更名", "系统管理员")
    apply_home_file(home, folder)
    assert Settings(home).get("county_name", TODAY) == "本县"


def test_an_unknown_key_is_refused(home, folder):
    (folder / "home.yaml").write_text('county_admdvs: "999001"\ncounty: 示范县\n', encoding="utf-8")
    with pytest.raises(UserError, match="只有 county_admdvs"):
        apply_home_file(home, folder)


def test_an_outline_is_kept_for_the_map(home, folder):
    (folder / "outline.geojson").write_text("{}", encoding="utf-8")
    apply_home_file(home, folder)
    assert (home.state / "outline.geojson").read_text(encoding="utf-8") == "{}"
