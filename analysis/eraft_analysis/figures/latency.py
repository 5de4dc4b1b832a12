"""Latency over time: the median and the 99th percentile of each operation, all sites together."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eraft_analysis import frame, theme
from eraft_analysis.figures.windows import latency_windows, log_milliseconds, percentile_lines, span_text
from eraft_analysis.run import ALL, Run
from eraft_analysis.timeline import timeline

NAME = "latency"
TITLE = "Latency over time"


def draw(run: Run) -> Figure:
    """Draw a panel per operation on one logarithmic axis."""
    windows = latency_windows(run)
    if windows.is_empty():
        return frame.without_data(run, TITLE, [run.why_empty("latency_windows")])
    operations = run.operations
    made = timeline(run, TITLE, [1.35 if len(operations) > 1 else 2.2] * len(operations))
    handles = percentile_handles(span_text(windows))
    for panel, operation in zip(made.panels, operations, strict=True):
        panel.sharey(made.panels[0])
        percentile_lines(panel, windows, ALL, operation, made.clock)
        log_milliseconds(panel)
        frame.panel_title(panel, operation)
        panel.set_ylabel("Latency (ms)")
        handles += slo_line(panel, run.slo_ms(operation))
    return made.finish(handles)


def slo_line(panel: Axes, limit_ms: float | None) -> list[Line2D]:
    """Draw the limit that the run sets for an operation, if it sets one."""
    if limit_ms is None:
        return []
    return [panel.axhline(limit_ms, color=theme.GREEN, linewidth=0.9, dashes=(1, 1.2), label="SLO", gid="slo")]


def percentile_handles(window: str) -> list[Line2D]:
    """The legend's lines for the two percentiles."""
    return [
        Line2D([], [], color=theme.BLUE, label=f"p50 in {window} windows"),
        Line2D([], [], color=theme.VERMILLION, linewidth=0.9, linestyle=(0, (5, 1)), label="p99"),
    ]
