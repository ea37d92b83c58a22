"""The web server: ``python -m fundwatch.server --address A --port N``, as ``fundwatch serve`` starts it.

Streamlit's old ``pages/`` mode is off: it stays on in a new process until some session has called ``st.navigation``. The first visitor
who asks for an inner page would get an English box that blocks the sign-in form; with scripts directly in ``pages/`` he
would even run them without app.py. ``PagesManager`` is internal: ``tests/auth/test_fresh_server.py`` fails when it changes.

An error that no part of a screen has caught would be an English box too: it is said in Chinese, with an incident number,
as everywhere else. ``/ready`` tells nginx, compose and systemd whether people can be sent here.

Not part of ``fundwatch.ui``: importing that package before the server exists would leave the cookie component
unregistered.
"""

from __future__ import annotations

import argparse
import os
import sys

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from fundwatch.health import is_ready, readiness
from fundwatch.home import PROJECT, find_home
from fundwatch.logs import LOG, log_to
from fundwatch.state.single_sign_on import configured, derived

READY_PATH = "/ready"


def say_error(error: Exception) -> bool:
    """Show an error of a script or fragment in Chinese; True: Streamlit shows nothing more."""
    # imported here: not before the server exists
    from fundwatch.ui.states import failed

    failed("本页", error)
    return True


def ready(_request: Request) -> JSONResponse:
    """200 or 503 with a word for each part; runs in Starlette's threads, so a slow database stops nobody's screen."""
    parts = readiness(find_home())
    able = is_ready(parts)
    return JSONResponse(
        {"ready": able, **parts}, status_code=200 if able else 503, headers={"Cache-Control": "no-store"}
    )


def main(arguments: list[str]) -> None:
    """Serve until stopped."""
    options = argparse.ArgumentParser()
    options.add_argument("--address", required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--host", action="append", default=[], help="accepted Host of a websocket, else any")
    chosen = options.parse_args(arguments)
    home = find_home()
    log_to(home, f"serve-{chosen.port}")
    PagesManager.uses_pages_directory = False
    # the thread that computes the start screen ahead runs in servers only (fundwatch.ui.warm)
    os.environ["FUNDWATCH_SERVING"] = "1"
    # Streamlit puts the folder of what was started on the import path: not this package's, whose modules have names of the library
    script = PROJECT / "app.py"
    sys.argv = [str(script)]
    LOG.info("serving on %s:%d", chosen.address, chosen.port)
    # signed cookies of Streamlit itself must hold in every process of the home, and after a restart
    os.environ.setdefault("STREAMLIT_SERVER_COOKIE_SECRET", derived(home, "streamlit"))
    provider = configured(home)
    secrets = {"auth": provider.auth} if provider else None
    app = st.App(script, routes=[Route(READY_PATH, ready)], on_script_error=say_error, secrets=secrets)
    app.run(
        config={
            "server.address": chosen.address,
            "server.port": chosen.port,
            "server.allowedHosts": chosen.host,
            "logger.level": "warning",
        }
    )


if __name__ == "__main__":
    main(sys.argv[1:])
