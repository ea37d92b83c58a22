"""Run Streamlit with its old ``pages/`` mode off: ``python -m fundwatch.server run app.py …``.

That mode stays on in a new process until some session has called ``st.navigation``. The first visitor who asks
for an inner page would get an English box that blocks the sign-in form; with scripts directly in ``pages/`` he
would even run them without app.py. ``PagesManager`` is internal: ``tests/auth/test_fresh_server.py`` fails when it changes.

An error that no part of a screen has caught would be an English box too: the runtime is given a handler that says it in Chinese,
with an incident number, as everywhere else.

Not part of ``fundwatch.ui``: importing that package before the server exists would leave the cookie component
unregistered.
"""

from __future__ import annotations

import dataclasses
import os

from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.runtime import Runtime, RuntimeConfig
from streamlit.web import cli


def say_error(error: Exception) -> bool:
    """Show an error of a script or fragment in Chinese; True: Streamlit shows nothing more."""
    # imported here: not before the server exists
    from fundwatch.ui.states import failed

    failed("本页", error)
    return True


def handle_errors() -> None:
    """Give the runtime that the command line makes the handler above; its own option is not on the command line."""
    make = Runtime.__init__

    def with_handler(self: Runtime, config: RuntimeConfig) -> None:
        make(self, dataclasses.replace(config, on_script_error=say_error))

    Runtime.__init__ = with_handler  # type: ignore[method-assign]


if __name__ == "__main__":
    PagesManager.uses_pages_directory = False
    handle_errors()
    # the thread that computes the start screen ahead runs in servers only (fundwatch.ui.warm)
    os.environ["FUNDWATCH_SERVING"] = "1"
    cli.main(prog_name="streamlit")
