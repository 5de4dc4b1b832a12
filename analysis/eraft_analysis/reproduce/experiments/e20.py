"""E20: from whom observers take their feed."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.statistics import interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, at_most

# paper.md 4.4 E20: "leader egress lowest for secretary/follower feed; staleness (wait time) ordering leader < secretary
# < follower". The material describes three feeds and measures none. A linearizable read at an observer waits until the
# feed has reached its read index, so its median latency orders the feeds by staleness.
_SOURCES = ("leader", "secretary", "follower")


def _egress(results: Results) -> Finding:
    leader = results.where(source="leader").sound()
    others = [results.where(source=source).sound() for source in _SOURCES[1:]]
    ratios = [other.ratio(leader, "leader_egress_bytes_per_s") for other in others]
    worst = max(ratios, key=lambda ratio: ratio.mean)
    return at_most(worst, 0.999, "the larger ratio of leader egress")


def _staleness(results: Results) -> Finding:
    medians = [results.where(source=source).sound().mean("read_p50_ms") for source in _SOURCES]
    for (earlier, one), (later, other) in zip(
        zip(_SOURCES, medians, strict=True), list(zip(_SOURCES, medians, strict=True))[1:], strict=False
    ):
        if one.mean > other.mean:
            ours = interval([value.mean for value in medians])
            return Finding(ours, f"reads wait {one.mean:.3g} ms with a {earlier}, {other.mean:.3g} ms with a {later}")
    return Finding(medians[0])


def _draw(results: Results) -> Figure:
    sources = [source for source in _SOURCES if source in results.values("source")]
    if not sources:
        raise NotComparableError("no run has a known source")
    made, (left, right) = canvas.figure("E20: observer feed source", results, columns=2)
    egress = [
        interval([row.number("leader_egress_bytes_per_s") / 1000 for row in results.where(source=source)])
        for source in sources
    ]
    waits = [results.where(source=source).mean("read_p50_ms") for source in sources]
    handles = canvas.bars(left, sources, [("ours", egress)])
    canvas.bars(right, sources, [("ours", waits)])
    left.set_ylabel("Leader egress (kB/s)")
    right.set_ylabel("Median read latency (ms)")
    for axes in (left, right):
        axes.set_xlabel("Source of the feed")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E20",
    title="Observer feed source",
    claims=(
        Claim("leader egress, feed from secretary or follower / from the leader (the larger)", "< 1", _egress),
        Claim("median wait of linearizable reads, ms (leader ≤ secretary ≤ follower)", "ordering", _staleness),
    ),
    draw=_draw,
)
