"""The command line: `plot RUN_DIR`, `summary RUN_DIR`, `compare RUN_DIR RUN_DIR`, `reproduce DIR`,
`sweep DIR`.

Exit code 2: the input cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eraft_analysis import theme
from eraft_analysis.compare import compare, draw_comparison
from eraft_analysis.errors import AnalysisError
from eraft_analysis.figures import FIGURES
from eraft_analysis.reproduce.command import reproduce
from eraft_analysis.reproduce.report import as_text
from eraft_analysis.run import Run
from eraft_analysis.summary import summarise
from eraft_analysis.sweep import draw_sweep


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "reproduce":
            rows, written = reproduce(options.directory, options.formats, _warn)
            print(as_text(rows))
            print(*written, sep="\n")
            return 0
        if options.command == "sweep":
            columns = (options.x, options.y, options.by, options.panels)
            print(*draw_sweep(options.directory, *columns, options.formats, _warn), sep="\n")
            return 0
        if options.command == "compare":
            left, right = Run(options.first), Run(options.second)
            print(compare(left, right))
            print(*draw_comparison(left, right, options.out or options.second / "figures", options.formats), sep="\n")
            return 0
        run = Run(options.run_dir)
        if options.command == "summary":
            print(summarise(run))
        else:
            for path in plot(run, options.out or options.run_dir / "figures", options.formats, options.only):
                print(path)
    except AnalysisError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def plot(run: Run, out: Path, formats: Sequence[str], only: Sequence[str]) -> list[Path]:
    """Draw the figures (all when none is named) into a directory; returns the files written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = []
        with theme.applied():
            for name, draw in FIGURES.items():
                if only and name not in only:
                    continue
                figure = draw(run)
                if figure is not None:
                    paths += theme.save(figure, out / name, formats)
    except OSError as error:
        raise AnalysisError(f"{error.filename or out}: cannot be written: {error.strerror}") from error
    return paths


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="eraft_analysis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("plot", help="draw the figures of a run and print their paths")
    drawing.add_argument("run_dir", metavar="RUN_DIR", type=Path, help="the run directory")
    drawing.add_argument("--out", metavar="DIR", type=Path, help="where to write (default: RUN_DIR/figures)")
    drawing.add_argument(
        "--formats", type=_formats, default=["png", "svg"], help="of png, svg, pdf; with commas (default: png,svg)"
    )
    drawing.add_argument(
        "--only", metavar="NAME", action="append", choices=list(FIGURES), default=[], help=", ".join(FIGURES)
    )
    summary = commands.add_parser("summary", help="print the numbers of a run")
    summary.add_argument("run_dir", metavar="RUN_DIR", type=Path, help="the run directory")
    comparing = commands.add_parser("compare", help="hold two runs of one spec side by side: a table and a figure")
    comparing.add_argument("first", metavar="RUN_DIR", type=Path, help="the run directory that ratios are relative to")
    comparing.add_argument("second", metavar="RUN_DIR", type=Path, help="the other one")
    comparing.add_argument("--out", metavar="DIR", type=Path, help="where to write (default: figures of the second)")
    comparing.add_argument(
        "--formats", type=_formats, default=["png", "svg"], help="of png, svg, pdf; with commas (default: png,svg)"
    )
    reproducing = commands.add_parser("reproduce", help="hold sweeps against what was published: verdicts and figures")
    reproducing.add_argument(
        "directory", metavar="DIR", type=Path, help="where the sweeps are, each below its experiment's id"
    )
    reproducing.add_argument(
        "--formats", type=_formats, default=["png", "svg"], help="of png, svg, pdf; with commas (default: png,svg)"
    )
    sweeping = commands.add_parser("sweep", help="draw one column of a sweep's table against another")
    sweeping.add_argument("directory", metavar="DIR", type=Path, help="where the sweep is")
    for name, what in (
        ("--x", "the column across"),
        ("--y", "the column upwards"),
        ("--by", "the column that marks tell apart"),
    ):
        sweeping.add_argument(name, metavar="COLUMN", required=True, help=what)
    sweeping.add_argument("--panels", metavar="COLUMN", help="the column of which every value has a panel of its own")
    sweeping.add_argument(
        "--formats", type=_formats, default=["png", "svg"], help="of png, svg, pdf; with commas (default: png,svg)"
    )
    return parser


def _warn(message: str) -> None:
    print(f"warning: {message}", file=sys.stderr)


def _formats(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in theme.FORMATS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(theme.FORMATS)}")
    if not names:
        raise argparse.ArgumentTypeError("names no format")
    return names
