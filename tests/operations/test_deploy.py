"""The files in deploy/ hold together: what they name exists, and what must be closed is closed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from fundwatch.home import PROJECT

DEPLOY = PROJECT / "deploy"


def test_nginx_takes_what_the_app_takes():
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    limit = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    assert limit is not None
    assert int(limit[1]) >= config["server"]["maxUploadSize"]


def test_what_the_image_copies_exists_and_is_let_through():
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [word for line in re.findall(r"^COPY (.+)$", dockerfile, re.M) for word in line.split()[:-1]]
    assert len(sources) > 8
    for source in sources:
        assert f"!{source}" in allowed, source
        assert source == "wheelhouse" or (PROJECT / source).exists(), source
    assert not {"!data", "!data/homes", "!.streamlit"} & set(allowed)


def test_compose_publishes_nginx_only_and_passes_no_secret_in_its_text():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"postgres", "app1", "app2", "nginx"}
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["app1"]["networks"] == ["inside"]
    assert "POSTGRES_PASSWORD" not in services["postgres"]["environment"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
@pytest.mark.parametrize("name", ["fundwatch@.service", "fundwatch-backup.service", "fundwatch-backup.timer"])
def test_systemd_reads_the_units_without_a_word(name, tmp_path):
    for unit in (DEPLOY / "systemd").iterdir():
        # the program is not installed where the units expect it
        text = unit.read_text(encoding="utf-8").replace("/opt/fundwatch/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name.replace("@", "@8501")).write_text(text, encoding="utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / name.replace("@", "@8501"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert str(tmp_path) not in found.stderr
