"""The two kinds of error: what a person can mend, and what only the log should hold."""

from __future__ import annotations

import secrets


class UserError(Exception):
    """A Chinese message shown as it stands: what was found, what is wanted, what to do.

    ``exit_code`` is the command's exit status: 1 refused or failed a check, 2 wrong usage.
    """

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code


class UsageError(UserError):
    """Wrong usage of a command: exit status 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, exit_code=2)


def incident_number() -> str:
    """A short number that ties what a person saw to the entry in the log; carries no data."""
    return secrets.token_hex(4).upper()
