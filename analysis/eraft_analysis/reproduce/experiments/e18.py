"""E18: the leader dies while secretaries go on relaying what it said."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.experiments.traces import check_fleet, failed_checks
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.verdicts import Finding, at_most

# paper.md 4.4 E18 (README 1.3): "no divergence; KB3/KB4/KB5/KB18 variants must be caught". The variants are caught by
# `make mutants`, not here. KB18 is a zombie secretary that keeps a dead leader's followers quiet: no election follows.


def _slower(results: Results) -> Finding:
    with_fleet = results.where(fleet="with").sound()
    for row in with_fleet:
        check_fleet(row, "secretary", "secretaries")
    without = results.where(fleet="without").sound()
    return at_most(with_fleet.ratio(without, "leaderless_ms"), 2.0, "the ratio of times without a leader")


def _draw(results: Results) -> Figure:
    made, (axes,) = canvas.figure("E18: leader change with live secretaries", results)
    fleets = results.values("fleet")
    values = [results.where(fleet=fleet).mean("leaderless_ms") for fleet in fleets]
    handles = canvas.bars(axes, [f"{fleet} secretaries" for fleet in fleets], [("time without a leader", values)])
    axes.set_ylabel("Time without a leader (ms)")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E18",
    title="Leader change with live secretaries",
    claims=(
        Claim("runs that diverged or broke a check", "0", failed_checks),
        Claim("time without a leader, with secretaries / without", "≤ 2 (no zombie keeps followers quiet)", _slower),
    ),
    draw=_draw,
)
