"""A person of one role on one screen, through app.py as in the browser."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from fundwatch.access import Role
from fundwatch.home import PROJECT, Home
from fundwatch.state.sessions import Sessions
from fundwatch.state.users import Users
from fundwatch.ui.signin import SESSION

#: people who have done with their first sign-in
OWN_PASSWORD = "Own-password-2026"
NAMES = {role: f"person{number:02d}" for number, role in enumerate(Role)}


def screen_of(home: Home, path: str, role: Role, **query: str | list[str]) -> AppTest:
    """The screen of a page file after its first run; the caller has set FUNDWATCH_HOME."""
    users = Users.of(home)
    if NAMES[role] not in {user.username for user in users.listing()}:
        users.add(NAMES[role], f"{role.value}01", [role], "测试")
        users.set_password(NAMES[role], OWN_PASSWORD)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.session_state[SESSION] = Sessions.of(home).issue(NAMES[role])
    app.run()
    app.switch_page(path)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def texts(app: AppTest) -> str:
    """All words of the screen, with the escapes of markup taken out."""
    parts = [element.value for kind in ("title", "subheader", "markdown", "caption", "info", "warning", "error", "success")
             for element in app.get(kind)]  # fmt: skip
    return "\n".join(str(part) for part in parts).replace("\\", "")


def sheets(app: AppTest) -> str:
    """The text of the tables drawn as a document."""
    return "\n".join(json.loads(element.proto.json).get("html", "") for element in app.get("bidi_component"))
