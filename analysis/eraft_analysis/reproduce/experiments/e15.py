"""E15: what the leader no longer sends once secretaries relay its log."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.experiments.traces import check_fleet, counts, leader_site
from eraft_analysis.reproduce.results import Results, RunRow
from eraft_analysis.reproduce.statistics import Interval, fit, interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, at_most, number

# paper.md 4.4, from the prototype's README 1.1: with S secretaries and F_rest followers that none of them serves, the
# leader sends (F_rest + S) x L, L being the bytes of its log; without secretaries F x L. No measurement was published.
# Our bound of 5 % leaves out heartbeats, acknowledgements and answers to clients, which the formula does not count: a
# line through the runs without secretaries gives L (its slope, heartbeats included) and the rest (its intercept).
_BOUND = 0.05


@dataclass(frozen=True)
class _Point:
    row: RunRow
    followers: int
    secretaries: int
    streams: int
    egress: float


def _points(results: Results) -> list[_Point]:
    found = []
    for row in results.sound():
        voters = counts(row, "group", "voters")
        fleet = counts(row, "fleet", "secretaries")
        check_fleet(row, "secretary", "secretaries")
        leader = leader_site(row)
        followers = {site: count - (site == leader) for site, count in voters.items()}
        unserved = sum(count for site, count in followers.items() if site not in fleet)
        # A secretary without followers at its site is sent nothing.
        serving = sum(count for site, count in fleet.items() if followers.get(site, 0) > 0)
        found.append(
            _Point(row, sum(voters.values()) - 1, serving, unserved + serving, row.number("leader_egress_bytes_per_s"))
        )
    return found


def _log(points: list[_Point]) -> tuple[float, float]:
    """The bytes per second of one copy of the log, and what the leader sends besides."""
    plain = [point for point in points if point.secretaries == 0]
    if len({point.followers for point in plain}) < 2:
        raise NotComparableError("two numbers of followers without secretaries are needed to measure the log")
    line = fit([point.followers for point in plain], [point.egress for point in plain])
    return line.slope, line.intercept


def _formula(results: Results) -> Finding:
    points = _points(results)
    log, rest = _log(points)
    if log <= 0:
        raise NotComparableError("without secretaries the leader sends no more to more followers")
    settings: dict[tuple[int, int], list[float]] = {}
    for point in points:
        if point.secretaries:
            share = (point.egress - rest) / (point.streams * log)
            settings.setdefault((point.followers, point.secretaries), []).append(abs(share - 1))
    if not settings:
        raise NotComparableError("no run has secretaries")
    worst = max(settings, key=lambda key: interval(settings[key]).mean)
    return at_most(interval(settings[worst]), _BOUND, f"the deviation with F={worst[0]}, S={worst[1]}")


def _linear(results: Results) -> Finding:
    points = [point for point in _points(results) if point.secretaries == 0]
    if len({point.followers for point in points}) < 3:
        raise NotComparableError("three numbers of followers without secretaries are needed to judge a line")
    line = fit([point.followers for point in points], [point.egress for point in points])
    ours = Interval(line.r_squared)
    return Finding(ours, None if line.r_squared >= 0.99 else f"R² is {number(line.r_squared)}, below 0.99")


def _draw(results: Results) -> Figure:
    points = _points(results)
    log, rest = _log(points)
    made, (left, right) = canvas.figure("E15: leader offload", results, columns=2)
    handles = []
    for position, secretaries in enumerate(sorted({point.secretaries for point in points})):
        label = f"S = {secretaries}" if secretaries else "S = 0 (no secretaries)"
        mine = [point for point in points if point.secretaries == secretaries]
        for axes, key in ((left, "followers"), (right, "streams")):
            xs = sorted({getattr(point, key) for point in mine})
            ys = [interval([point.egress / 1e6 for point in mine if getattr(point, key) == x]) for x in xs]
            handle = canvas.points(axes, xs, ys, label, position)
        handles.append(handle)
    ends = (0, max(point.streams for point in points))
    right.plot(ends, [(rest + log * end) / 1e6 for end in ends], **canvas.BOUND)
    handles.append(canvas.Line2D([], [], label="(F_rest + S) × L, L from S = 0", **canvas.BOUND))
    frame.panel_title(left, "by followers")
    frame.panel_title(right, "by the formula's copies of the log")
    left.set_xlabel("Followers F")
    right.set_xlabel("F_rest + S")
    for axes in (left, right):
        axes.set_ylim(bottom=0)
        axes.set_ylabel("Leader egress (MB/s)")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E15",
    title="Leader offload",
    claims=(
        Claim(
            "largest deviation of leader egress from (F_rest + S) × L, for F = 4 to 30",
            "formula; ≤ 0.05",
            _formula,
        ),
        Claim("leader egress without secretaries is linear in F (R²)", "formula; ≥ 0.99", _linear),
    ),
    draw=_draw,
)
