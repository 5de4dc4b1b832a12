"""What the figures drawn from windows have in common."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from eraft_analysis import frame, theme
from eraft_analysis.run import ALL, Run
from eraft_analysis.timeline import Clock

#: Beyond this many sites a figure by site shows the busiest only, and says so.
MOST_SITES = 8


def latency_windows(run: Run) -> pl.DataFrame:
    """The windows in which an operation ended, in order of time."""
    return run.trace("latency_windows").sort("start_s", maintain_order=True)


def of(frame_: pl.DataFrame, site: str, operation: str) -> pl.DataFrame:
    """The windows of one site and operation."""
    return frame_.filter((pl.col("site") == site) & (pl.col("operation") == operation))


def span_text(windows: pl.DataFrame) -> str:
    """The usual length of a window, such as `1 s`."""
    length = (windows["end_s"] - windows["start_s"]).median()
    return f"{length:g} s" if isinstance(length, float) else "no"


def shown_sites(run: Run, windows: pl.DataFrame) -> list[str]:
    """The sites to draw: all with rows, or the busiest when there are too many, in the run's order."""
    counts = (
        windows.filter((pl.col("operation") == ALL) & (pl.col("site") != ALL))
        .group_by("site", maintain_order=True)
        .agg(pl.col("count").sum())
        .sort(["count", "site"], descending=[True, False])
    )
    busiest = set(counts["site"].to_list()[:MOST_SITES])
    return [site for site in run.sites if site in busiest]


def percentile_lines(panel: Axes, windows: pl.DataFrame, site: str, operation: str, clock: Clock) -> None:
    """Draw the median and the 99th percentile of one site and operation, with the space between them filled."""
    rows = of(windows, site, operation)
    rows = rows.filter(pl.col("count") > 0)
    if rows.is_empty():
        frame.say_no_data(panel)
        return
    starts, ends = (rows[name].to_numpy() / clock.seconds for name in ("start_s", "end_s"))
    x, p50 = frame.with_gaps(starts, ends, rows["p50_ms"].to_numpy())
    _, p99 = frame.with_gaps(starts, ends, rows["p99_ms"].to_numpy())
    panel.fill_between(x, p50, p99, color=theme.BLUE, alpha=0.10, linewidth=0)
    frame.line(panel, x, p99, color=theme.VERMILLION, linewidth=0.9, linestyle=(0, (5, 1)), gid="p99")
    frame.line(panel, x, p50, color=theme.BLUE, gid="p50")


def log_milliseconds(panel: Axes) -> None:
    """Make the y axis logarithmic with plain numbers."""
    panel.set_yscale("log")
    low, high = panel.get_ylim()
    if high / low < 10:
        middle = (high * low) ** 0.5
        panel.set_ylim(min(low, middle / 3.2), max(high, middle * 3.2))
    log_numbers(panel.yaxis)


def log_numbers(axis: Axis) -> None:
    """Label a logarithmic axis with plain numbers: 1, 2 and 5 of each decade, or decades alone when there are many."""
    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5) if high / low < 100 else (1,), numticks=8))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_locator(LogLocator(base=10, subs=tuple(range(2, 10)), numticks=8))
    axis.set_minor_formatter(NullFormatter())
