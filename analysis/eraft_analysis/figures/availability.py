"""Which share of the operations succeeded, and when none of a kind did."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from eraft_analysis import frame, theme
from eraft_analysis.figures.windows import of
from eraft_analysis.run import ALL, READS, Run
from eraft_analysis.timeline import Clock, timeline

NAME = "availability"
TITLE = "Availability over time"

_LABEL_SIZE = 6.5
_SUCCESS = {"color": theme.BLUE}
_WITHIN = {"color": theme.GREEN, "linewidth": 1.0, "linestyle": (0, (4, 1))}
_OUTAGE = {"facecolor": (theme.BLACK, 0.30), "edgecolor": "none", "linewidth": 0}


def draw(run: Run) -> Figure:
    """Draw a panel per operation with its outages shaded, and the outages themselves with their causes below."""
    windows = run.trace("availability").sort("start_s", maintain_order=True)
    outages = run.trace("outages").sort("start_s", maintain_order=True)
    if windows.is_empty() and outages.is_empty():
        return frame.without_data(run, TITLE, [run.why_empty("availability"), run.why_empty("outages")])
    operations = run.operations or [ALL]
    kinds = sorted(outages["kind"].unique(maintain_order=True).to_list(), key=lambda kind: (kind not in READS, kind))
    heights = [1.1 if len(operations) > 1 else 1.8] * len(operations) + ([0.18 * len(kinds) + 0.2] if kinds else [])
    made = timeline(run, TITLE, heights)
    for panel, operation in zip(made.panels, operations, strict=False):
        _ratios(panel, of(windows, ALL, operation), made.clock)
        _shade(panel, outages, operation, made.clock)
        frame.panel_title(panel, operation)
        panel.set_ylabel("Share")
    handles: list[Line2D | Patch] = [
        Line2D([], [], label="succeeded, of the operations offered", **_SUCCESS),
        Line2D([], [], label="succeeded within the SLO", **_WITHIN),
    ]
    if kinds:
        _bars(made.panels[-1], run, outages, kinds, made.clock)
        handles.append(Patch(label="outage: no operation of the kind succeeded", **_OUTAGE))
    return made.finish(handles)


def concerns(kind: str, operation: str) -> bool:
    """Tell whether an outage of a kind is one of an operation: `read` and `write` stand for all such operations."""
    return kind in (operation, ALL) or kind.rstrip("s") == ("read" if operation in READS else "write")


def _ratios(panel: Axes, rows: pl.DataFrame, clock: Clock) -> None:
    if rows.is_empty():
        frame.say_no_data(panel)
    else:
        edges = [rows[name].to_numpy() / clock.seconds for name in ("start_s", "end_s")]
        for column, style in (("success_ratio", _SUCCESS), ("within_slo_ratio", _WITHIN)):
            x, y = frame.with_gaps(*edges, rows[column].to_numpy())
            frame.line(panel, x, y, gid=column, clip_on=False, zorder=3, **style)
    panel.set_ylim(0, 1)
    panel.set_yticks([0, 0.5, 1])
    panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def _shade(panel: Axes, outages: pl.DataFrame, operation: str, clock: Clock) -> None:
    for outage in outages.iter_rows(named=True):
        if concerns(outage["kind"], operation):
            panel.axvspan(
                outage["start_s"] / clock.seconds, outage["end_s"] / clock.seconds, zorder=0.6, gid="outage", **_OUTAGE
            )


def _bars(panel: Axes, run: Run, outages: pl.DataFrame, kinds: list[str], clock: Clock) -> None:
    """Draw each outage as a bar in the row of its kind, and its length and cause beside it where they fit."""
    inches = theme.WIDTH * 0.8 / run.duration
    for row, kind in enumerate(kinds):
        bars = list(outages.filter(pl.col("kind") == kind).iter_rows(named=True))
        free_from = 0.0
        for number, outage in enumerate(bars):
            start, end = outage["start_s"], outage["end_s"]
            style = _OUTAGE | {"facecolor": (theme.BLACK, 0.7)}
            bar = [(start / clock.seconds, (end - start) / clock.seconds)]
            panel.broken_barh(bar, (row - 0.32, 0.64), gid="outage-bar", **style)
            limit = bars[number + 1]["start_s"] if number + 1 < len(bars) else run.duration
            free_from, label = _beside(outage, free_from, limit, inches)
            if label is not None:
                text, place, side = label
                place /= clock.seconds
                panel.text(place, row, text, ha=side, va="center_baseline", fontsize=_LABEL_SIZE, gid="outage-label")
    panel.set_yticks(range(len(kinds)), kinds)
    panel.set_ylim(len(kinds) - 0.4, -0.6)
    panel.tick_params(axis="y", length=0)
    panel.grid(axis="y", visible=False)
    frame.panel_title(panel, "outages")


def _beside(
    outage: dict[str, Any], free_from: float, limit: float, inches: float
) -> tuple[float, tuple[str, float, str] | None]:
    """Find what can be written beside an outage: its length and cause, or its length alone, to the right or the left.

    Gives from where on the row is free after that, and the text, its place in seconds and its side, if one fits.
    """
    length = f"{outage['duration_s']:.2f} s"
    start, end, pad = outage["start_s"], outage["end_s"], 0.05 / inches
    texts = [length]
    if outage["cause"] is not None:
        whole = f"{length}, {outage['cause']}"
        room = (limit - end) * inches / 1.08 - 0.12
        cut = frame.shorten(whole, room, _LABEL_SIZE)
        texts = [frame.shorten(whole, 2.8, _LABEL_SIZE), *([cut] if room > 1.2 else []), length]
    for text in texts:
        width = (frame.text_width(text, _LABEL_SIZE) * 1.08 + 0.1) / inches
        if end + width <= limit:
            return end + width, (text, end + pad, "left")
        if start - width >= free_from:
            return end, (text, start - pad, "right")
    return end, None
