"""How every figure looks: sizes, type, colours, line styles, and how it is written so that bytes repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

#: The width of a figure across both columns of a paper, in inches.
WIDTH = 7.0

#: Okabe and Ito's palette, which people with any common colour vision tell apart; the ones weak on white come last.
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
ORANGE, PURPLE, SKY, BLACK, YELLOW = "#E69F00", "#CC79A7", "#56B4E9", "#000000", "#F0E442"
PALETTE = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY, BLACK)
GREY = "#6E6E6E"
LIGHT = "#D9D9D9"

#: Told apart without colour too: a second round through the palette changes the dash.
DASHES = ("-", (0, (4, 1.5)), (0, (1, 1)))

#: A fault's tint and hatch, by its kind; both differ, so that print in grey still tells them apart.
FAULT_STYLES = {
    "crash": (VERMILLION, ""),
    "partition": (PURPLE, "////"),
    "pause": (ORANGE, r"\\\\"),
    "link": (SKY, "...."),
    "disk": (BLUE, "xxxx"),
    "clock": (YELLOW, "||||"),
    "revoke": (GREEN, "++++"),
}
OTHER_FAULT = (GREY, "----")

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#404040",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.5,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "ytick.minor.width": 0.4,
    "ytick.minor.size": 1.8,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "legend.handlelength": 2.0,
    "legend.columnspacing": 1.4,
    "lines.linewidth": 1.2,
    "lines.solid_capstyle": "butt",
    "hatch.linewidth": 0.4,
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "svg.fonttype": "path",
    "svg.hashsalt": "eraft",
    "pdf.fonttype": 42,
    "text.usetex": False,
}

#: No date, version or program name, so that equal input gives equal bytes.
_METADATA = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
FORMATS = tuple(_METADATA)


@contextmanager
def applied() -> Iterator[None]:
    """Draw and save with this theme, whatever the user's own matplotlib settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def colour(number: int) -> str:
    """The colour of the series with this number."""
    return PALETTE[number % len(PALETTE)]


def dash(number: int) -> str | tuple[float, tuple[float, ...]]:
    """The dash of the series with this number: solid until the palette starts again."""
    return DASHES[number // len(PALETTE) % len(DASHES)]


def colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name, by its place in the list."""
    return {name: colour(number) for number, name in enumerate(names)}


def fault_style(kind: str) -> tuple[str, str]:
    """The tint and hatch of a kind of fault; `link-change` is a `link`."""
    return FAULT_STYLES.get(kind, FAULT_STYLES.get(kind.replace("_", "-").split("-")[0], OTHER_FAULT))


def save(figure: Figure, stem: Path, formats: Sequence[str]) -> list[Path]:
    """Write a figure in each format; returns the paths."""
    paths = []
    for name in formats:
        path = stem.with_name(f"{stem.name}.{name}")
        figure.savefig(path, format=name, metadata=_METADATA[name])
        paths.append(path)
    return paths
