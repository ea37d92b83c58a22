"""The key that signs the cookie: from the environment, from secrets.toml, or the home's own."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from fundwatch.errors import UserError
from fundwatch.state.keys import COOKIE_KEY_VARIABLE, cookie_key, open_to_others


@pytest.fixture
def no_secrets(tmp_path):
    return tmp_path / "secrets.toml"


def test_home_makes_its_own_key_once_readable_by_its_owner_only(home, no_secrets):
    key = cookie_key(home, no_secrets)
    file = home.state / "cookie.key"
    assert len(bytes.fromhex(key)) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not open_to_others(file)
    assert cookie_key(home, no_secrets) == key


def test_environment_wins_over_file_and_secrets(home, no_secrets, monkeypatch):
    no_secrets.write_text(f'cookie_key = "{"s" * 40}"', encoding="utf-8")
    assert cookie_key(home, no_secrets) == "s" * 40
    monkeypatch.setenv(COOKIE_KEY_VARIABLE, "e" * 40)
    assert cookie_key(home, no_secrets) == "e" * 40
    assert not (home.state / "cookie.key").exists()


def test_short_key_is_refused(home, no_secrets, monkeypatch):
    monkeypatch.setenv(COOKIE_KEY_VARIABLE, "short")
    with pytest.raises(UserError, match="太短"):
        cookie_key(home, no_secrets)


def test_damaged_key_file_is_named(home, no_secrets):
    (home.state / "cookie.key").write_text("", encoding="ascii")
    with pytest.raises(UserError, match=r"cookie\.key 不完整"):
        cookie_key(home, no_secrets)


def test_key_file_that_others_can_read_is_noticed(home, no_secrets):
    cookie_key(home, no_secrets)
    file = home.state / "cookie.key"
    file.chmod(0o644)
    assert open_to_others(file)


def test_many_at_once_make_one_key(home, no_secrets):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: cookie_key(home, no_secrets), range(64)))
    assert len(keys) == 1
    assert [path.name for path in home.state.iterdir() if path.name.startswith("cookie")] == ["cookie.key"]
