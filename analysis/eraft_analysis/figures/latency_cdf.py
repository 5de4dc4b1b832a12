"""How latency is distributed: a panel per operation, a line per site of the clients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eraft_analysis import frame, theme
from eraft_analysis.figures.windows import log_numbers
from eraft_analysis.run import Run

NAME = "latency-cdf"
TITLE = "Distribution of latency by operation and site of the client"

#: Where a line has its points: evenly in the body, and closer in the tail.
_SHARES = np.concatenate((np.linspace(0, 0.99, 397), np.linspace(0.99, 1, 201)[1:]))

_COLUMNS = 3


def draw(run: Run) -> Figure:
    """Draw the empirical distribution of the successful operations after the warm-up."""
    rows = run.trace("latency", ["intended_s", "site", "operation", "latency_ms", "outcome"])
    rows = rows.filter((pl.col("outcome") == "ok") & (pl.col("intended_s") >= run.manifest.warmup_s))
    if rows.is_empty():
        return frame.without_data(run, TITLE, [run.why_empty("latency")])
    curves = _curves(rows)
    operations = _ordered(run.operations, [operation for operation, _ in curves])
    sites = _ordered(run.sites, [site for _, site in curves])
    across = min(len(operations), _COLUMNS)
    down = -(-len(operations) // across)
    made = frame.figure(run, TITLE, height=2.15 * down + 0.85)
    grid = made.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    handles = [
        Line2D([], [], color=theme.colour(number), linestyle=theme.dash(number), label=site)
        for number, site in enumerate(sites)
    ]
    for number, panel in enumerate(grid.flat):
        if number >= len(operations):
            panel.set_visible(False)
            continue
        operation = operations[number]
        count = 0
        for place, site in enumerate(sites):
            if (operation, site) not in curves:
                continue
            values, size = curves[operation, site]
            count += size
            panel.step(values, _SHARES, where="post", color=theme.colour(place), linestyle=theme.dash(place), gid="cdf")
        limit = run.slo_ms(operation)
        if limit is not None:
            handles.append(panel.axvline(limit, color=theme.BLACK, linewidth=0.9, dashes=(1, 1.2), label="SLO"))
        frame.panel_title(panel, f"{operation} (n = {count:,})")
        panel.xaxis.set_tick_params(labelbottom=number + across >= len(operations))
        if number + across >= len(operations):
            panel.set_xlabel("Latency (ms)")
        if number % across == 0:
            panel.set_ylabel("Share of operations")
    first = grid.flat[0]
    first.set_xscale("log")
    log_numbers(first.xaxis)
    first.set_ylim(0, 1.005)
    first.set_yticks([0, 0.25, 0.5, 0.75, 0.9, 0.99], ["0", "0.25", "0.50", "0.75", "0.90", "0.99"])
    frame.legend(made, handles)
    return made


def _curves(rows: pl.DataFrame) -> dict[tuple[str, str], tuple[np.ndarray, int]]:
    """The latency in ms at each share, and the number of operations, for each operation and site."""
    curves = {}
    for (operation, site), part in rows.group_by(["operation", "site"], maintain_order=True):
        values = part["latency_ms"].sort().to_numpy()
        places = np.minimum(np.ceil(_SHARES * len(values)).astype(int), len(values)) - 1
        curves[operation, site] = (values[np.maximum(places, 0)], len(values))
    return curves


def _ordered(known: Sequence[str], found: Sequence[str]) -> list[str]:
    """The names that were found, in the known order, then those not known."""
    present = dict.fromkeys(found)
    return [name for name in known if name in present] + sorted(name for name in present if name not in known)
