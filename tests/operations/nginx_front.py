"""deploy/nginx.conf in a real nginx in front of two real processes of one home, seen by a browser (``make test-deploy``)."""

from __future__ import annotations

import datetime as dt
import http.client
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from homes import copy_home
from playwright.sync_api import sync_playwright

from fundwatch.home import PROJECT, Home
from tests.browser.stage import CHROMIUM_FLAGS, PATIENCE_MS, add_user, free_port, served, settle, sign_in

pytestmark = pytest.mark.browser
HEADERS = (
    "strict-transport-security", "x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy",
)  # fmt: skip


@dataclass
class Front:
    port: int
    plain: int
    password: str
    processes: list[str]
    first: ExitStack
    log: Path


@pytest.fixture(scope="module")
def front(taihe_home, tmp_path_factory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    copy_home(taihe_home.root, folder / "home")
    home = Home(folder / "home")
    password = add_user(home.root, "journey", "局领导", "分析员")
    with ExitStack() as first, ExitStack() as rest:
        addresses = [first.enter_context(served(home.root)), rest.enter_context(served(home.root))]
        secure, plain = free_port(), free_port()
        where = Path(rest.enter_context(tempfile.TemporaryDirectory(prefix="fundwatch-nginx-")))
        configure(where, secure, plain, addresses)
        command = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(where), "-c", "nginx.conf"]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        process = subprocess.Popen([*command, "-g", "daemon off;"])
        try:
            wait(secure)
            yield Front(secure, plain, password, addresses, first, where / "access.log")
        finally:
            process.terminate()
            process.wait(20)


def configure(where: Path, secure: int, plain: int, addresses: list[str]) -> None:
    """The shipped file with this run's ports, names and certificate; nothing else is changed."""
    text = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("127.0.0.1:8501", addresses[0].removeprefix("http://")),
        ("127.0.0.1:8502", addresses[1].removeprefix("http://")),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("fundwatch.example", "127.0.0.1"),
        ("/etc/nginx/tls/fundwatch.crt", str(where / "crt")),
        ("/etc/nginx/tls/fundwatch.key", str(where / "key")),
        ("/var/log/nginx/fundwatch.log", str(where / "access.log")),
    ):
        assert old in text
        text = text.replace(old, new)
    places = "".join(
        f"{name}_temp_path {where / name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (where / "nginx.conf").write_text(
        f"user root;\npid {where / 'pid'};\nerror_log {where / 'error.log'};\nevents {{}}\nhttp {{\n{places}{text}}}\n",
        encoding="utf-8",
    )
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    certificate = made.sign(key, hashes.SHA256())
    (where / "crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (where / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def wait(port: int) -> None:
    for _ in range(100):
        try:
            if ask(port, "/_stcore/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("nginx did not come up")


def ask(port: int, path: str, method: str = "GET", headers: dict | None = None) -> tuple[int, dict[str, str]]:
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=False)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def test_plain_http_is_led_to_https(front):
    connection = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=30)
    connection.request("GET", "/institution-map")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("location")) == (301, "https://127.0.0.1/institution-map")
    connection.close()


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/metrics", "/no-such-page"])
def test_every_answer_carries_the_headers(front, path):
    _status, headers = ask(front.port, path)
    assert [name for name in HEADERS if name not in headers] == []
    assert headers["server"] == "nginx"


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/_stcore/metrics/", "/_stcore//metrics", "/_stcore/./metrics", "/%5fstcore/metrics", "/_stcore/%6detrics",
        "/_stcore/metrics?families=session_memory", "/_stcore/METRICS", "/x/../_stcore/metrics", "/_stcore/script-health-check",
        "/_stcore/agent/openapi.json",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_metrics_and_agent_are_closed(front, path, method):
    assert ask(front.port, path, method)[0] == 404


def test_metrics_are_open_behind_nginx_so_that_it_is_nginx_that_closes_them(front):
    connection = http.client.HTTPConnection(front.processes[0].removeprefix("http://"), timeout=30)
    connection.request("GET", "/_stcore/metrics")
    assert connection.getresponse().status == 200
    connection.close()


def test_readiness_is_for_this_machine(front):
    assert ask(front.port, "/ready")[0] == 200
    text = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert "location = /ready {\n        allow 127.0.0.1;\n        deny all;" in text


def test_uploads_are_bounded_a_little_above_the_app_s_own_limit(front):
    path = "/_stcore/upload_file/x/y"
    assert ask(front.port, path, "PUT", {"Content-Length": str(421 << 20)})[0] == 413
    assert ask(front.port, path, "PUT", {"Content-Length": "0"})[0] != 413


def test_a_person_works_through_nginx_and_stays_signed_in_when_a_process_dies(front):
    said: list[str] = []
    sockets: list[str] = []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        context = browser.new_context(locale="zh-CN", ignore_https_errors=True)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda line: said.append(line.text))
        page.on("websocket", lambda socket: sockets.append(socket.url))
        address = f"https://127.0.0.1:{front.port}"
        page.goto(f"{address}/fund-balance?level_class=secret-parameter")
        sign_in(page, "journey", front.password)
        page.get_by_role("heading", name="收支结余").wait_for()
        settle(page)
        assert sockets[0].startswith(f"wss://127.0.0.1:{front.port}/_stcore/stream")
        cookie = next(each for each in context.cookies() if each["name"] == "fundwatch_session")
        assert cookie["secure"]

        front.first.close()
        page.goto(address)
        page.get_by_role("button", name="退出登录").wait_for()
        page.get_by_role("heading", name="监管总览").wait_for()
        settle(page)
        browser.close()
    assert [line for line in said if "Content Security Policy" in line] == []
    logged = front.log.read_text(encoding="utf-8")
    assert "/fund-balance" in logged
    assert "secret-parameter" not in logged
