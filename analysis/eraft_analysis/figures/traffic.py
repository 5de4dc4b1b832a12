"""Where the bottleneck is: what each node sends and how busy it is, with the leader's share drawn thick."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from eraft_analysis import frame, theme
from eraft_analysis.run import Run
from eraft_analysis.timeline import timeline

NAME = "traffic"
TITLE = "Egress and CPU of the nodes over time"

#: The nodes that send most are drawn; the rest would hide them.
_MOST_NODES = 7


def draw(run: Run) -> Figure | None:
    """Draw egress above and CPU below, a line per node; no figure at all when the run did not record traffic."""
    rows = run.trace("traffic").sort("start_s", maintain_order=True)
    if rows.is_empty():
        if not (run.path / "traffic.csv").exists():
            return None
        return frame.without_data(run, TITLE, [run.why_empty("traffic")])
    length = pl.col("end_s") - pl.col("start_s")
    rows = rows.with_columns((pl.col("bytes_out") * 8 / 1e6 / length).alias("egress"))
    nodes, left_out = _busiest(rows)
    made = timeline(run, TITLE, [1.6, 1.6])
    above, below = made.panels
    handles = []
    for number, node in enumerate(nodes):
        part = rows.filter(pl.col("node") == node)
        edges = [part[name].to_numpy() / made.clock.seconds for name in ("start_s", "end_s")]
        led = (part["role"] == "leader").to_numpy()
        style = {"color": theme.colour(number), "linestyle": theme.dash(number)}
        for panel, column in ((above, "egress"), (below, "cpu_busy_ratio")):
            values = part[column].to_numpy().astype(float)
            frame.line(panel, *frame.with_gaps(*edges, values), linewidth=0.9, gid="node", **style)
            thick = frame.with_gaps(*edges, np.where(led, values, np.nan))
            panel.plot(*thick, linewidth=2.6, alpha=0.55, gid="leader", color=style["color"])
        handles.append(Line2D([], [], linewidth=0.9, label=node, **style))
    handles.append(Line2D([], [], linewidth=2.6, alpha=0.55, color=theme.GREY, label="thick: while leader"))
    if left_out:
        handles.append(Line2D([], [], linestyle="", label=f"{left_out} nodes that send less are left out"))
    frame.panel_title(above, "egress")
    above.set_ylabel("Egress (Mbit/s)")
    above.set_ylim(bottom=0)
    frame.panel_title(below, "CPU")
    below.set_ylabel("CPU busy (%)")
    below.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.4g}"))
    below.set_ylim(0, None)
    return made.finish(handles)


def _busiest(rows: pl.DataFrame) -> tuple[list[str], int]:
    """The nodes that send most, by name, and how many others there are."""
    sums = (
        rows.group_by("node", maintain_order=True)
        .agg(pl.col("bytes_out").sum())
        .sort(["bytes_out", "node"], descending=[True, False])["node"]
        .to_list()
    )
    return sorted(sums[:_MOST_NODES]), max(0, len(sums) - _MOST_NODES)
