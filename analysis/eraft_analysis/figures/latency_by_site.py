"""Latency over time, site by site: a row of panels per operation, a column per site of the clients."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from eraft_analysis import frame, theme
from eraft_analysis.figures.latency import percentile_handles, slo_line
from eraft_analysis.figures.windows import (
    latency_windows,
    log_milliseconds,
    percentile_lines,
    shown_sites,
    span_text,
)
from eraft_analysis.run import Run
from eraft_analysis.timeline import Clock, event_handles, tint

NAME = "latency-by-site"
TITLE = "Latency over time by site of the client"

#: So many panels stand beside each other; more sites go on in further rows.
_COLUMNS = 4


def draw(run: Run) -> Figure:
    """Draw a grid of small panels on shared axes."""
    windows = latency_windows(run)
    sites = shown_sites(run, windows)
    if windows.is_empty() or not sites:
        return frame.without_data(run, TITLE, [run.why_empty("latency_windows")])
    clock = Clock.of(run.duration)
    across = min(len(sites), _COLUMNS)
    blocks = [sites[place : place + across] for place in range(0, len(sites), across)]
    rows = [(operation, block) for block in blocks for operation in run.operations]
    made = frame.figure(run, TITLE, height=1.15 * len(rows) + 1.1)
    grid = made.subplots(len(rows), across, sharex=True, sharey=True, squeeze=False)
    handles = percentile_handles(span_text(windows))
    for row, (operation, block) in enumerate(rows):
        for column in range(across):
            panel = grid[row, column]
            if column >= len(block):
                panel.set_visible(False)
                continue
            site = block[column]
            percentile_lines(panel, windows, site, operation, clock)
            log_milliseconds(panel)
            tint(panel, run, clock)
            handles += slo_line(panel, run.slo_ms(operation))
            size = theme.WIDTH / across - 0.35
            frame.panel_title(panel, frame.shorten(f"{site}, {operation}", size, 8))
            if row == len(rows) - 1:
                panel.set_xlabel(f"Time ({clock.unit})")
        grid[row, 0].set_ylabel("Latency (ms)")
    first = grid[0, 0]
    first.set_xlim(0, run.duration / clock.seconds)
    first.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=clock.steps, prune="upper"))
    frame.legend(made, [*handles, *event_handles(run)])
    return made
