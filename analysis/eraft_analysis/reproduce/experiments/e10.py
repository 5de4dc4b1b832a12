"""E10: by how many nodes a system grows at a time."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.results import Results, RunRow
from eraft_analysis.reproduce.statistics import Interval, interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, within

# paper.md 3.1 (2, 3) and 3.2: "resource footprint increments 5-7X smaller than Multi-Raft, and 2X better than original
# Raft". 3.2 infers that a step of Multi-Raft is a group with a voter at each of 5 to 7 sites, one of Raft two voters,
# one of ours a single node. Rules: 4.3, E10. A step is what joins at one moment, by epochs.csv, after the first epoch.


def _step(row: RunRow) -> float:
    columns = ["voters", "learners", "secretaries", "observers"]
    rows = row.traces.trace("epochs", columns)
    sizes = rows.select(pl.sum_horizontal(*(pl.col(name).cast(pl.Int64) for name in columns)))["voters"].to_list()
    growth = [after - before for before, after in pairwise(sizes) if after > before]
    if not growth:
        raise NotComparableError(f"{row['run']} never grows")
    return sum(growth) / len(growth)


def _ratio(results: Results, other: str) -> Interval:
    ours = results.where(system="geo-raft").sound()
    return interval([_step(twin) / _step(row) for row, twin in ours.pairs(results.where(system=other).sound())])


def _multi(results: Results) -> Finding:
    return within(_ratio(results, "multi-raft"), 5, 7, "the ratio of steps")


def _raft(results: Results) -> Finding:
    if "raft" not in results.values("system"):
        raise NotComparableError("no policy here grows plain Raft, whose step of two voters is a definition")
    return within(_ratio(results, "raft"), 1.8, 2.2, "the ratio of steps")


def _draw(results: Results) -> Figure:
    made, (axes,) = canvas.figure("E10: footprint increments", results)
    systems = results.values("system")
    values = [interval([_step(row) for row in results.where(system=system)]) for system in systems]
    handles = canvas.bars(axes, systems, [("mean step", values)])
    if "geo-raft" in systems:
        for times in (5, 7):
            height = times * values[systems.index("geo-raft")].mean
            line = canvas.bound(axes, height, "published: 5 to 7 times ours")
        axes.set_ylim(top=height * 1.1)
        handles.append(line)
    axes.set_ylabel("Nodes added by a step")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E10",
    title="Footprint increments",
    claims=(
        Claim("nodes added by a step, Multi-Raft / ours", "5 to 7", _multi),
        Claim("nodes added by a step, Raft / ours", "2; 1.8 to 2.2", _raft),
    ),
    draw=_draw,
)
