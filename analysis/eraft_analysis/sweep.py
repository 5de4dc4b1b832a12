"""One figure of a sweep: a column of its table against another, one mark for each run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eraft_analysis import frame, theme
from eraft_analysis.errors import AnalysisError
from eraft_analysis.load import Warn
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.results import COLUMNS, Results, RunRow
from eraft_analysis.reproduce.verdicts import NotComparableError

#: How columns end, and the unit that this stands for; the first that fits counts.
_UNITS = (
    ("_bytes_per_s", "B/s"),
    ("goodput_per_s", "operations/s"),
    ("_per_s", "1/s"),
    ("_ms", "ms"),
    ("_usd", "USD"),
    ("_s", "s"),
)


def draw_sweep(directory: Path, x: str, y: str, by: str, formats: Sequence[str], warn: Warn) -> list[Path]:
    """Draw column `y` of a sweep's table against column `x`, the runs told apart by column `by`; returns the files.

    Runs that failed, or lack one of the numbers, are left out with a warning.
    """
    results = Results.read(directory, warn)
    if results is None:
        raise AnalysisError(f"{directory / 'sweep.csv'}: there is no complete run")
    try:
        with theme.applied():
            return theme.save(figure(results, x, y, by, warn), directory / f"{y}-against-{x}", formats)
    except OSError as error:
        raise AnalysisError(f"{error.filename or directory}: cannot be written: {error.strerror}") from error


def figure(results: Results, x: str, y: str, by: str, warn: Warn) -> Figure:
    """Make the figure; raises AnalysisError when the table lacks a column, or no run has both numbers."""
    for name in (x, y, by):
        if name not in results.rows[0].cells:
            axes = [column for column in results.rows[0].cells if column not in COLUMNS]
            raise AnalysisError(
                f"{results.directory / 'sweep.csv'}: found no column {name}, expected one of "
                f"{', '.join([*axes, *COLUMNS])}"
            )
    made = Figure(figsize=(theme.WIDTH, 3.6), layout="constrained")
    made.get_layout_engine().set(w_pad=0.05, h_pad=0.05)
    title = f"{_label(y, unit=False)} against {_label(x, unit=False).lower()}"
    made.suptitle(title, x=0.012, ha="left", fontsize=10, fontweight="bold")
    axes = made.subplots()
    handles = []
    for number, value in enumerate(results.values(by)):
        style = {
            "color": theme.colour(number),
            "marker": canvas.MARKERS[number % len(canvas.MARKERS)],
            "linestyle": "none",
            "markersize": 5.5,
            "markerfacecolor": theme.colour(number) if number < len(theme.PALETTE) else "none",
        }
        points = [point for row in results.where(**{by: value}) if (point := _point(row, x, y, warn)) is not None]
        if points:
            axes.plot(*zip(*points, strict=True), gid=f"runs-{value}", **style)
            handles.append(Line2D([], [], label=value, **style))
    if not handles:
        raise AnalysisError(f"{results.directory / 'sweep.csv'}: no sound run has both {x} and {y}")
    axes.set_xlabel(_label(x))
    axes.set_ylabel(_label(y))
    axes.set_ylim(bottom=0)
    frame.panel_title(axes, f"one mark for each run of {results.directory.name}, by {by}")
    frame.legend(made, handles)
    return made


def _point(row: RunRow, x: str, y: str, warn: Warn) -> tuple[float, float] | None:
    if row["verdict"] not in ("pass", "unknown"):
        warn(f"{row['run']} is left out: its verdict is {row['verdict']}")
        return None
    try:
        return row.number(x), row.number(y)
    except NotComparableError as reason:
        warn(f"{row['run']} is left out: {reason}")
        return None


def _label(column: str, unit: bool = True) -> str:
    """The name of a column in words, with its unit in parentheses when wanted."""
    for ending, text in _UNITS:
        if column.endswith(ending):
            stem = column.removesuffix("_per_s").removesuffix("_bytes").removesuffix(ending)
            words = stem.replace("_", " ").strip()
            words = words[:1].upper() + words[1:]
            return f"{words} ({text})" if unit else words
    words = column.replace("_", " ")
    return words[:1].upper() + words[1:]
