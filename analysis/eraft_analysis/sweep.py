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


def draw_sweep(
    directory: Path, x: str, y: str, by: str, panels: str | None, formats: Sequence[str], warn: Warn
) -> list[Path]:
    """Draw column `y` of a sweep's table against column `x`, the runs told apart by column `by`; returns the files.

    A panel shows the runs of one value of the column `panels`, or all when there is none.

    Runs that failed, or lack one of the numbers, are left out with a warning.
    """
    results = Results.read(directory, warn)
    if results is None:
        raise AnalysisError(f"{directory / 'sweep.csv'}: there is no complete run")
    try:
        with theme.applied():
            return theme.save(figure(results, x, y, by, warn, panels), directory / f"{y}-against-{x}", formats)
    except OSError as error:
        raise AnalysisError(f"{error.filename or directory}: cannot be written: {error.strerror}") from error


def figure(results: Results, x: str, y: str, by: str, warn: Warn, panels: str | None = None) -> Figure:
    """Make the figure; raises AnalysisError when the table lacks a column, or no run has both numbers."""
    for name in (x, y, by, *([panels] if panels else [])):
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
    shown = results.values(panels) if panels else [None]
    every = made.subplots(1, len(shown), sharex=True, sharey=True, squeeze=False)[0]
    looks = {value: _look(number) for number, value in enumerate(results.values(by))}
    handles: dict[str, Line2D] = {}
    for axes, panel in zip(every, shown, strict=True):
        rows = [row for row in results if panels is None or row[panels] == panel]
        for value, look in looks.items():
            points = [point for row in rows if row[by] == value and (point := _point(row, x, y, warn)) is not None]
            if points:
                axes.plot(*zip(*points, strict=True), gid=f"runs-{value}", **look)
                handles[value] = Line2D([], [], label=value, **look)
        axes.set_xlabel(_label(x))
        all_runs = f"one mark for each run of {results.directory.name}, by {by}"
        frame.panel_title(axes, f"{panels}: {panel}" if panels else all_runs)
    if not handles:
        raise AnalysisError(f"{results.directory / 'sweep.csv'}: no sound run has both {x} and {y}")
    every[0].set_ylabel(_label(y))
    every[0].set_ylim(bottom=0)
    if panels:
        label = f"one mark for each run of {results.directory.name}"
        made.text(0.988, 1 - 0.07 / 3.6, label, ha="right", va="top", fontsize=8, color=theme.GREY, gid="run-label")
    frame.legend(made, [handles[value] for value in looks if value in handles])
    return made


def _look(number: int) -> dict[str, object]:
    return {
        "color": theme.colour(number),
        "marker": canvas.MARKERS[number % len(canvas.MARKERS)],
        "linestyle": "none",
        "markersize": 5.5,
        "markerfacecolor": theme.colour(number) if number < len(theme.PALETTE) else "none",
    }


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
