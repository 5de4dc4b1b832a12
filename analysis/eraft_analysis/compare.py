"""Two runs of one spec side by side, such as a simulated and a local one: a table, and one figure over the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eraft_analysis import frame, theme
from eraft_analysis.errors import AnalysisError
from eraft_analysis.run import Run

#: The percentiles of the table.
_SHARES = (0.5, 0.95)
_NOTHING = "-"


def compare(left: Run, right: Run) -> str:
    """Give the table: the percentiles of each operation at each site, and the time without a leader, with ratios."""
    names = [_name(left), _name(right)]
    rows = [("what", *names, "ratio")]
    for operation in _operations(left, right):
        for site in [*left.sites, None]:
            for share in _SHARES:
                label = f"{operation} {site or 'all'} p{share * 100:g} ms"
                rows.append(
                    _row(label, _percentile(left, operation, site, share), _percentile(right, operation, site, share))
                )
    rows.append(_row("first leader after ms", _first(left), _first(right)))
    rows.append(_row("later leaderless ms", _later(left), _later(right)))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    lines.append("ratio is the second run over the first; operations that began after the warm-up and ended well")
    return "\n".join(lines)


def draw_comparison(left: Run, right: Run, out: Path, formats: Sequence[str]) -> list[Path]:
    """Draw the distributions of latency of both runs; returns the files."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with theme.applied():
            return theme.save(figure(left, right), out / "comparison", formats)
    except OSError as error:
        raise AnalysisError(f"{error.filename or out}: cannot be written: {error.strerror}") from error


def figure(left: Run, right: Run) -> Figure:
    """Make the figure: a panel for each operation, a colour for each site, a dash for each run."""
    operations = _operations(left, right)
    if not operations:
        raise AnalysisError(f"{left.path} and {right.path}: no operation ended well in both")
    made = Figure(figsize=(theme.WIDTH, 3.2), layout="constrained")
    title = f"Latency: {left.manifest.label} and {right.manifest.label}"
    made.suptitle(title, x=0.012, ha="left", fontsize=10, fontweight="bold")
    panels = made.subplots(1, len(operations), sharey=True, squeeze=False)[0]
    colours = theme.colours(left.sites)
    for panel, operation in zip(panels, operations, strict=True):
        for run, style in ((left, "-"), (right, "--")):
            for site in left.sites:
                values = np.sort(_latencies(run, operation, site).to_numpy())
                if values.size:
                    shares = np.arange(1, values.size + 1) / values.size
                    panel.step(values, shares, where="post", color=colours[site], linestyle=style)
        frame.panel_title(panel, operation)
        panel.set_xscale("log")
        panel.set_xlabel("latency (ms)")
    panels[0].set_ylabel("share of operations")
    handles = [Line2D([], [], color=colour, label=site) for site, colour in colours.items()]
    handles += [
        Line2D([], [], color=theme.GREY, linestyle=style, label=_name(run))
        for run, style in ((left, "-"), (right, "--"))
    ]
    frame.legend(made, handles)
    return made


def _name(run: Run) -> str:
    return run.manifest.world or run.path.name


def _operations(left: Run, right: Run) -> list[str]:
    return [name for name in left.operations if name in right.operations]


def _latencies(run: Run, operation: str, site: str | None) -> pl.Series:
    rows = run.trace("latency", ["intended_s", "site", "operation", "latency_ms", "outcome"])
    kept = (pl.col("outcome") == "ok") & (pl.col("intended_s") >= (run.manifest.warmup_s))
    kept &= pl.col("operation") == operation
    if site is not None:
        kept &= pl.col("site") == site
    return rows.filter(kept)["latency_ms"]


def _percentile(run: Run, operation: str, site: str | None, share: float) -> float | None:
    return _latencies(run, operation, site).quantile(share, interpolation="lower")


def _first(run: Run) -> float | None:
    first = [election.leaderless_ms for election in run.elections if election.old_leader is None]
    return first[0] if first else None


def _later(run: Run) -> float:
    return sum(election.leaderless_ms for election in run.elections if election.old_leader is not None)


def _row(label: str, left: float | None, right: float | None) -> tuple[str, str, str, str]:
    ratio = f"{right / left:.3f}" if left and right is not None else _NOTHING
    return (label, *(_NOTHING if value is None else f"{value:,.1f}" for value in (left, right)), ratio)
