"""Lets `python -m eraft_analysis` start the command line."""

import sys

from eraft_analysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
