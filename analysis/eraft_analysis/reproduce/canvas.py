"""The looks that the figures of the experiments share."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from eraft_analysis import frame, theme
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.statistics import Interval

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
#: How published values are drawn, beside ours in colour.
PUBLISHED = {"facecolor": "none", "edgecolor": theme.BLACK, "linewidth": 0.7}
HATCHES = ("////", "....", "xxxx")
#: How bounds of an acceptance rule are drawn.
BOUND = {"color": theme.GREY, "linewidth": 0.9, "linestyle": (0, (4, 1.5))}


def figure(title: str, results: Results, columns: int = 1, height: float = 2.9) -> tuple[Figure, list[Axes]]:
    """Make a figure with a row of panels, its title, and the sweep that it shows."""
    made = Figure(figsize=(theme.WIDTH, height), layout="constrained")
    made.get_layout_engine().set(w_pad=0.05, h_pad=0.05, hspace=0.04, wspace=0.06)
    made.suptitle(title, x=0.012, ha="left", fontsize=10, fontweight="bold")
    seeds = len({row.cells.get("seed", "") for row in results})
    label = f"{results.directory.name}: runs {len(results)}, seeds {seeds}; bars: 95 % (Student t)"
    room = theme.WIDTH - frame.text_width(title, 10) * 1.15 - 0.4
    label = frame.shorten(label, room, 8)
    made.text(0.988, 1 - 0.07 / height, label, ha="right", va="top", fontsize=8, color=theme.GREY, gid="run-label")
    axes = made.subplots(1, columns, squeeze=False)[0]
    return made, list(axes)


def points(axes: Axes, xs: Sequence[float], ys: Sequence[Interval], label: str, number: int) -> Line2D:
    """Draw a series of means with their intervals; gives the legend's handle."""
    style = {
        "color": theme.colour(number),
        "linestyle": theme.dash(number),
        "marker": MARKERS[number % len(MARKERS)],
        "markersize": 3.5,
    }
    axes.errorbar(xs, [y.mean for y in ys], yerr=[y.half for y in ys], capsize=2, elinewidth=0.8, **style)
    return Line2D([], [], label=label, **style)


def bound(axes: Axes, y: float, label: str) -> Line2D:
    """Draw a bound of a rule across a panel; gives the legend's handle."""
    axes.axhline(y, **BOUND)
    return Line2D([], [], label=label, **BOUND)


def bars(axes: Axes, groups: Sequence[str], series: Sequence[tuple[str, Sequence[Interval]]]) -> list[Patch]:
    """Draw our means as groups of bars; gives the legend's handles. A series named `published` is hatched."""
    width = 0.8 / len(series)
    handles = []
    hatches = iter(HATCHES)
    for number, (name, values) in enumerate(series):
        is_published = name.startswith("published")
        style = {**PUBLISHED, "hatch": next(hatches)} if is_published else {"facecolor": theme.colour(number)}
        places = [group + (number - (len(series) - 1) / 2) * width for group in range(len(groups))]
        axes.bar(
            places,
            [value.mean for value in values],
            width * 0.92,
            yerr=None if is_published else [value.half for value in values],
            error_kw={"elinewidth": 0.8, "capsize": 2},
            **style,
        )
        handles.append(Patch(label=name, **style))
    axes.set_xticks(range(len(groups)), groups)
    axes.grid(axis="x", visible=False)
    axes.set_ylim(bottom=0)
    return handles
