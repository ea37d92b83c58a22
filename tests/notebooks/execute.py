"""Run one notebook from top to bottom in a kernel of its own: ``execute.py NOTEBOOK.py RESULT.ipynb LAST_CELL``."""

from __future__ import annotations

import sys

import jupytext
import nbformat
from nbclient import NotebookClient

#: for one cell; a loaded machine imports slowly
SECONDS = 180


def main(source: str, target: str, last: str) -> None:
    """Write the notebook with its outputs; a cell that fails ends the process with its traceback."""
    notebook = jupytext.read(source)
    notebook.cells.append(nbformat.v4.new_code_cell(last))
    NotebookClient(notebook, timeout=SECONDS, kernel_name="python3").execute()
    nbformat.write(notebook, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
