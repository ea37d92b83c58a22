"""Run the command line: ``python -m fundwatch COMMAND``."""

from fundwatch.cli import main

if __name__ == "__main__":
    main()
