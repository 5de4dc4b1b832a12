"""E19: how reads scale with observers."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.experiments.traces import check_fleet
from eraft_analysis.reproduce.results import Results, RunRow
from eraft_analysis.reproduce.statistics import fit, interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, within

# paper.md 4.4 E19 (README 2.1): O = 0..32, "read throughput proportional to (1+F+O) until read-index at leader
# saturates; then batch read-index". No measurement was published. A closed loop of clients keeps all servers busy.


def _throughput(row: RunRow) -> float:
    return row.number("ok") / row.number("measured_s")


def _of(results: Results, load: str) -> Results:
    rows = results.where(load=load).sound()
    for row in rows:
        check_fleet(row, "observer", "observers")
    return rows


def _linear(results: Results) -> Finding:
    rows = _of(results, "saturating")
    observers = sorted({int(row["observers"]) for row in rows})
    if len(observers) < 3:
        raise NotComparableError("three numbers of observers are needed to judge a line")
    line = fit([int(row["observers"]) for row in rows], [_throughput(row) for row in rows])
    # One more observer must be worth as much at the end as over the whole range.
    last, before = observers[-1], observers[-2]
    slopes = [
        (_throughput(row) - _throughput(twin)) / (last - before) / line.slope
        for row, twin in rows.where(observers=str(last)).pairs(rows.where(observers=str(before)))
    ]
    return within(interval(slopes), 0.8, 1.25, f"the gain per observer at {last}, relative to the whole range,")


def _leader_load(results: Results) -> Finding:
    more, fewer = _of(results, "double"), _of(results, "single")
    most = str(max(int(value) for value in more.values("observers")))
    ratio = more.where(observers=most).ratio(fewer.where(observers=most), "leader_egress_bytes_per_s")
    return within(ratio, 0.0, 1.2, "the ratio of leader egress")


def _draw(results: Results) -> Figure:
    made, (left, right) = canvas.figure("E19: observer scaling", results, columns=2)
    handles = []
    for axes, loads in ((left, ["saturating"]), (right, ["single", "double"])):
        for load in loads:
            rows = _of(results, load)
            xs = sorted({int(value) for value in rows.values("observers")})
            groups = [rows.where(observers=str(x)) for x in xs]
            if axes is left:
                ys = [interval([_throughput(row) / 1000 for row in group]) for group in groups]
            else:
                ys = [interval([row.number("leader_egress_bytes_per_s") / 1000 for row in group]) for group in groups]
            label = {"single": "reads at the base rate", "double": "reads at twice that"}.get(load, "closed loop")
            handles.append(canvas.points(axes, xs, ys, label, len(handles)))
    for axes, title, label in (
        (left, "throughput", "Reads (thousands/s)"),
        (right, "the leader's share", "Leader egress (kB/s)"),
    ):
        frame.panel_title(axes, title)
        axes.set_xlabel("Observers")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0)
        axes.set_xlim(left=0)
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E19",
    title="Observer scaling",
    claims=(
        Claim(
            "gain in reads per observer at 32 observers, relative to the whole range",
            "1 (∝ 1 + F + O); 0.8 to 1.25",
            _linear,
        ),
        Claim(
            "leader egress at twice the linearizable reads, relative to once, with most observers",
            "1 (batched read index); ≤ 1.2",
            _leader_load,
        ),
    ),
    draw=_draw,
)
