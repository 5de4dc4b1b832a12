"""The frame that figures share: title, run name, panels, legend, and the text that stands where data is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from eraft_analysis import theme
from eraft_analysis.run import Run

_INCH = 72.0


def figure(run: Run, title: str, height: float, width: float = theme.WIDTH) -> Figure:
    """Make an empty figure with its title at the left and the run's name at the right of the same line."""
    made = Figure(figsize=(width, height), layout="constrained")
    made.get_layout_engine().set(w_pad=0.05, h_pad=0.05, hspace=0.04, wspace=0.04)
    made.suptitle(title, x=0.012, ha="left", fontsize=10, fontweight="bold")
    room = width - text_width(title, 10) * 1.15 - 0.4
    label = shorten(run.manifest.label, room, 8)
    made.text(0.988, 1 - 0.07 / height, label, ha="right", va="top", fontsize=8, color=theme.GREY, gid="run-label")
    return made


def without_data(run: Run, title: str, reasons: Sequence[str]) -> Figure:
    """Make a figure that says why there is nothing to draw."""
    made = figure(run, title, height=1.6)
    axes = made.subplots()
    axes.set_axis_off()
    axes.text(0.5, 0.5, f"No data: {'; '.join(reasons)}", ha="center", va="center", color=theme.GREY, gid="no-data")
    return made


def say_no_data(axes: Axes, text: str = "No data") -> None:
    """Say in a panel that it has nothing to draw."""
    axes.text(0.5, 0.5, text, ha="center", va="center", color=theme.GREY, transform=axes.transAxes, gid="no-data")


def panel_title(axes: Axes, text: str) -> None:
    """Name a panel at its upper left."""
    axes.set_title(text, loc="left", fontsize=8, fontweight="bold", pad=3)


def legend(made: Figure, handles: Sequence[Artist]) -> None:
    """Put one legend under all panels, each label once, in as many columns as its text leaves room for."""
    unique: dict[str, Artist] = {}
    for handle in handles:
        label = str(handle.get_label())
        if label and not label.startswith("_"):
            unique.setdefault(label, handle)
    if not unique:
        return
    widest = max(text_width(label, 7.5) for label in unique) + 0.48
    columns = max(1, min(len(unique), int((made.get_size_inches()[0] - 0.2) / widest)))
    made.legend(unique.values(), unique.keys(), loc="outside lower center", ncols=columns)


def text_width(text: str, size: float) -> float:
    """How wide a text is, in inches, at a size in points."""
    return TextPath((0, 0), text, size=size).get_extents().width / _INCH if text.strip() else 0.0


def shorten(text: str, room: float, size: float) -> str:
    """Cut a text to a width in inches; three dots show that something is gone."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


def with_gaps(starts: np.ndarray, ends: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a windowed series as points at the windows' middles, with a break where windows are missing."""
    middles = (starts + ends) / 2
    values = values.astype(float)
    if len(middles) < 2:
        return middles, values
    breaks = np.flatnonzero(starts[1:] > ends[:-1] + 1e-6) + 1
    return np.insert(middles, breaks, np.nan), np.insert(values, breaks, np.nan)


def line(axes: Axes, x: np.ndarray, y: np.ndarray, **style: object) -> Artist:
    """Draw a line; a point with a gap on both sides, which a line would not show, becomes a dot."""
    (drawn,) = axes.plot(x, y, **style)
    good = np.isfinite(y)
    before = np.concatenate(([False], good[:-1]))
    after = np.concatenate((good[1:], [False]))
    alone = good & ~before & ~after
    if alone.any():
        axes.plot(x[alone], y[alone], ".", color=drawn.get_color(), markersize=2.5, label="_alone")
    return drawn
