"""E21: acknowledgements straight to the leader, or carried by the secretary."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.experiments.traces import check_fleet
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.statistics import interval
from eraft_analysis.reproduce.verdicts import Finding, at_most, within

# paper.md 4.4 E21: "A (direct): commit delay = WAN one-way + local + WAN one-way; B (carried) as coded adds <= 2 x
# 150 ms ticks; B event-driven = A". Ours is event-driven. The published prototypes implement one topology each (TEN A,
# MYR B) and no measurement compares them.


def _of(results: Results, kind: str) -> Results:
    rows = results.where(acknowledgements=kind).sound()
    for row in rows:
        check_fleet(row, "secretary", "secretaries")
    return rows


def _delay(results: Results) -> Finding:
    ratio = _of(results, "carried").ratio(_of(results, "direct"), "write_p50_ms")
    return within(ratio, 0.9, 1.1, "the ratio of medians")


def _ticks(results: Results) -> Finding:
    pairs = _of(results, "carried").pairs(_of(results, "direct"))
    gains = [row.number("write_p50_ms") - twin.number("write_p50_ms") for row, twin in pairs]
    return at_most(interval(gains), 300, "the added delay in ms")


def _draw(results: Results) -> Figure:
    made, (axes,) = canvas.figure("E21: acknowledgement topologies", results)
    kinds = results.values("acknowledgements")
    series = [
        (name, [results.where(acknowledgements=kind).mean(column) for kind in kinds])
        for name, column in (("median", "write_p50_ms"), ("95th percentile", "write_p95_ms"))
    ]
    handles = canvas.bars(axes, kinds, series)
    axes.set_ylabel("Write latency (ms)")
    axes.set_xlabel("Way of the acknowledgements")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E21",
    title="Acknowledgement topologies",
    claims=(
        Claim("median write latency, carried / direct", "≈ 1 (event-driven); 0.9 to 1.1", _delay),
        Claim("median write latency added by carrying, ms", "≤ 300 (two ticks of 150 ms, as coded)", _ticks),
    ),
    draw=_draw,
)
