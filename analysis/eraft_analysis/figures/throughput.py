"""What the clients asked for, what was done, and what was done in time."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from eraft_analysis import frame, theme
from eraft_analysis.figures.windows import latency_windows, of, shown_sites, span_text
from eraft_analysis.run import ALL, Run
from eraft_analysis.timeline import Clock, timeline

NAME = "throughput"
TITLE = "Throughput and goodput over time"


def draw(run: Run) -> Figure:
    """Draw the whole system's rates above, and the goodput of each site below."""
    windows = latency_windows(run)
    offered = run.trace("availability").sort("start_s", maintain_order=True)
    if windows.is_empty():
        return frame.without_data(run, TITLE, [run.why_empty("latency_windows")])
    sites = shown_sites(run, windows)
    made = timeline(run, TITLE, [1.7, 1.4] if sites else [2.0])
    clock = made.clock
    above = made.panels[0]
    handles: list[Line2D] = []
    asked = of(offered, ALL, ALL)
    if not asked.is_empty():
        style = {"color": theme.GREY, "linewidth": 0.9, "linestyle": (0, (4, 1.5))}
        x, y = _rate(asked, pl.col("offered"), clock)
        frame.line(above, x, y, gid="offered", **style)
        handles.append(Line2D([], [], label="offered (by intended start)", **style))
    total = of(windows, ALL, ALL)
    x, y = _rate(total, pl.col("count"), clock)
    frame.line(above, x, y, color=theme.BLUE, gid="throughput")
    x, y = frame.with_gaps(*_edges(total, clock), total["goodput_per_s"].to_numpy())
    above.fill_between(x, 0, y, color=theme.GREEN, alpha=0.15, linewidth=0)
    frame.line(above, x, y, color=theme.GREEN, linewidth=1.0, linestyle=(0, (1, 0.6)), gid="goodput")
    handles += [
        Line2D([], [], color=theme.BLUE, label=f"throughput (succeeded, {span_text(windows)} windows)"),
        Line2D([], [], color=theme.GREEN, linestyle=(0, (1, 0.6)), label="goodput (succeeded within the SLO)"),
    ]
    frame.panel_title(above, "all sites")
    above.set_ylabel("Rate (ops/s)")
    _whole_numbers(above)
    if sites:
        below = made.panels[1]
        for number, site in enumerate(sites):
            rows = of(windows, site, ALL)
            style = {"color": theme.colour(number), "linestyle": theme.dash(number), "linewidth": 1.0}
            x, y = frame.with_gaps(*_edges(rows, clock), rows["goodput_per_s"].to_numpy())
            frame.line(below, x, y, **style)
            handles.append(Line2D([], [], label=f"goodput, {site}", **style))
        frame.panel_title(below, "goodput by site of the client")
        below.set_ylabel("Rate (ops/s)")
        _whole_numbers(below)
    return made.finish(handles)


def _whole_numbers(panel: Axes) -> None:
    panel.set_ylim(bottom=0)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _edges(rows: pl.DataFrame, clock: Clock) -> tuple[np.ndarray, np.ndarray]:
    return rows["start_s"].to_numpy() / clock.seconds, rows["end_s"].to_numpy() / clock.seconds


def _rate(rows: pl.DataFrame, count: pl.Expr, clock: Clock) -> tuple[np.ndarray, np.ndarray]:
    """A count per window as a rate per second over time."""
    values = rows.select(count / (pl.col("end_s") - pl.col("start_s"))).to_series().to_numpy()
    return frame.with_gaps(*_edges(rows, clock), values)
