"""E13: how many nodes a system carries."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.statistics import Interval, fit
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, at_least, at_most

# paper.md 3.1 (3): "processing a 50X increase in the number of nodes compared to the original Raft"; how is not
# recorded. 3.3 defines: the most nodes (voters, secretaries, observers; for Raft voters and learners) at which
# the p95 of writes is at most 1.2 times that of the smallest cluster, divided by the same for Raft. Rules: 4.3, E13.
_SLOWER = 1.2


def _of(results: Results, system: str) -> list[tuple[int, Results]]:
    """The runs of a system by their number of nodes; the axis names them `raft-25`."""
    names = [name for name in results.values("nodes") if name.rpartition("-")[0] == system]
    if not names:
        raise NotComparableError(f"no run of {system}")
    return sorted(
        ((int(name.rpartition("-")[2]), results.where(nodes=name).sound()) for name in names), key=lambda x: x[0]
    )


def _capacity(results: Results, system: str) -> int:
    groups = _of(results, system)
    limit = _SLOWER * groups[0][1].mean("write_p95_ms").mean
    most = groups[0][0]
    for nodes, rows in groups[1:]:
        # Without a single write that ended well there is no percentile, and no service.
        served = all(row["write_p95_ms"] for row in rows)
        if not served or rows.mean("write_p95_ms").mean > limit:
            break
        most = nodes
    return most


def _scale(results: Results) -> Finding:
    ours, raft = _capacity(results, "geo-raft"), _capacity(results, "raft")
    found = at_least(Interval(ours / raft), 50, "the ratio")
    if found.why is None:
        return found
    tried = max(nodes for nodes, _ in _of(results, "geo-raft"))
    driver = f"{ours} nodes against {raft}" + (f"; no more than {tried} were tried" if ours == tried else "")
    return Finding(found.ours, f"{found.why}: {driver}")


def _linear(results: Results) -> Finding:
    points = [(nodes, rows.mean("leader_egress_bytes_per_s").mean) for nodes, rows in _of(results, "raft")]
    if len(points) < 3:
        raise NotComparableError("three numbers of nodes are needed to judge a line")
    line = fit([x for x, _ in points], [y for _, y in points])
    return at_least(Interval(line.r_squared), 0.99, "R²")


def _flat(results: Results) -> Finding:
    groups = _of(results, "geo-raft")
    ratio = groups[-1][1].ratio(groups[0][1], "leader_egress_bytes_per_s")
    return at_most(ratio, 1.2, "the ratio of leader egress")


def _draw(results: Results) -> Figure:
    made, (left, right) = canvas.figure("E13: node scale", results, columns=2)
    handles = []
    for number, system in enumerate(("raft", "geo-raft")):
        groups = _of(results, system)
        for axes, column, scale in ((left, "write_p95_ms", 1), (right, "leader_egress_bytes_per_s", 1e6)):
            shown = [(nodes, rows) for nodes, rows in groups if all(row[column] for row in rows)]
            means = [rows.mean(column) for _, rows in shown]
            scaled = [
                Interval(
                    m.mean / scale, None if m.low is None else m.low / scale, None if m.high is None else m.high / scale
                )
                for m in means
            ]
            handle = canvas.points(axes, [nodes for nodes, _ in shown], scaled, system, number)
        handles.append(handle)
    for axes, label in ((left, "Write latency, p95 (ms)"), (right, "Leader egress (MB/s)")):
        axes.set_xscale("log")
        axes.set_xlabel("Nodes")
        axes.set_ylabel(label)
        axes.set_yscale("log")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E13",
    title="Node scale",
    claims=(
        Claim("most nodes at an equal write p95, ours / Raft", "50; ≥ 50", _scale),
        Claim("leader egress of Raft is linear in its nodes (R²)", "≥ 0.99", _linear),
        Claim("leader egress of ours, most nodes / fewest", "flat; ≤ 1.2", _flat),
    ),
    draw=_draw,
)
