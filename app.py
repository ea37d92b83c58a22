"""Sign-in and routing only; every screen is a file under pages/."""

from fundwatch.ui.shell import run_app

run_app()
