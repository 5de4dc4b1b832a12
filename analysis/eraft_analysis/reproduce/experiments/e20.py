"""E20: from whom observers take their feed."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.experiments.traces import check_fleet, counts, site_median_ms
from eraft_analysis.reproduce.results import Results, RunRow
from eraft_analysis.reproduce.statistics import Interval, interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, at_most, number

# paper.md 4.4 E20: "leader egress lowest for secretary/follower feed; staleness (wait time) ordering leader < secretary
# < follower". The material describes three feeds and measures none. A linearizable read at an observer waits until the
# feed has reached its read index, so its median latency orders the feeds by staleness.
_SOURCES = ("leader", "secretary", "follower")


def _egress(results: Results) -> Finding:
    leader = results.where(source="leader").sound()
    for row in results:
        check_fleet(row, "observer", "observers")
        check_fleet(row, "secretary", "secretaries")
    others = [results.where(source=source).sound() for source in _SOURCES[1:]]
    ratios = [other.ratio(leader, "leader_egress_bytes_per_s") for other in others]
    worst = max(ratios, key=lambda ratio: ratio.mean)
    return at_most(worst, 0.999, "the larger ratio of leader egress")


def _wait(results: Results, source: str) -> Interval:
    rows = results.where(source=source)
    return interval([site_median_ms(row, "read", _site(row)) for row in rows])


def _site(row: RunRow) -> str:
    """The site of the observers."""
    return next(iter(counts(row, "fleet", "observers")))


def _staleness(results: Results) -> Finding:
    waits = [(source, _wait(results.sound(), source)) for source in _SOURCES]
    for (earlier, one), (later, other) in pairwise(waits):
        # A tenth of a millisecond apart is together.
        if one.mean > other.mean + 0.1:
            why = f"reads take {number(one.mean)} ms with the {earlier}, {number(other.mean)} ms with the {later}"
            why += ": the read index takes longer than any feed"
            return Finding(waits[-1][1], why)
    return Finding(waits[-1][1])


def _draw(results: Results) -> Figure:
    sources = [source for source in _SOURCES if source in results.values("source")]
    if not sources:
        raise NotComparableError("no run has a known source")
    made, (left, right) = canvas.figure("E20: observer feed source", results, columns=2)
    egress = [
        interval([row.number("leader_egress_bytes_per_s") / 1000 for row in results.where(source=source)])
        for source in sources
    ]
    waits = [_wait(results, source) for source in sources]
    handles = canvas.bars(left, sources, [("mean over seeds", egress)])
    canvas.bars(right, sources, [("mean over seeds", waits)])
    left.set_ylabel("Leader egress (kB/s)")
    right.set_ylabel("Median read latency there (ms)")
    for axes in (left, right):
        axes.set_xlabel("Source of the feed")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E20",
    title="Observer feed source",
    claims=(
        Claim("leader egress, feed from secretary or follower / from the leader (the larger)", "< 1", _egress),
        Claim(
            "median latency of linearizable reads at observers fed by a follower, ms",
            "leader ≤ secretary ≤ follower",
            _staleness,
        ),
    ),
    draw=_draw,
)
