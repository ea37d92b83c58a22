"""Run Streamlit with its old ``pages/`` mode off: ``python -m fundwatch.server run app.py …``.

That mode stays on in a new process until some session has called ``st.navigation``. The first visitor who asks
for an inner page would get an English box that blocks the sign-in form; with scripts directly in ``pages/`` he
would even run them without app.py. ``PagesManager`` is internal: ``tests/auth/test_fresh_server.py`` fails when it changes.

Not part of ``fundwatch.ui``: importing that package before the server exists would leave the cookie component
unregistered.
"""

from __future__ import annotations

import os

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

if __name__ == "__main__":
    PagesManager.uses_pages_directory = False
    # the thread that computes the start screen ahead runs in servers only (fundwatch.ui.warm)
    os.environ["FUNDWATCH_SERVING"] = "1"
    cli.main(prog_name="streamlit")
