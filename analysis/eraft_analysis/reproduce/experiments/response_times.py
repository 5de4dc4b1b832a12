"""What E7 and E8 share: medians of epochs over 50 days, and how systems compare."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from matplotlib.figure import Figure

from eraft_analysis import frame, theme
from eraft_analysis.manifest import seconds
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiments.traces import epoch_medians, setting
from eraft_analysis.reproduce.results import Results, RunRow
from eraft_analysis.reproduce.statistics import Interval, interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, within

SIZES = ("S", "M", "L")
#: The system that stands for the published Whitewater, by the mode of the comparison.
OURS = {"fair": "geo-raft", "paper": "geo-raft-paper"}

Choose = Callable[[RunRow, list[tuple[int, float]]], list[tuple[int, float]]]


def every(row: RunRow, series: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """All epochs."""
    del row
    return series


def before_first_step(row: RunRow, series: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """The epochs before the load rises for the first time."""
    first = steps(row)[0]
    return [(epoch, value) for epoch, value in series if epoch < first]


def after_last_step(row: RunRow, series: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """The epochs after the load has risen for the last time."""
    last = steps(row)[-1]
    return [(epoch, value) for epoch, value in series if epoch >= last]


def steps(row: RunRow) -> list[float]:
    """The epochs in which the load rises."""
    epoch = seconds(setting(row, "sampling", "epoch"))
    workload = setting(row, "workload")
    starts = [seconds(phase.get("from")) for phase in workload or [] if isinstance(phase, dict)]
    found = [start / epoch for start in starts if epoch and start]
    if not found:
        raise NotComparableError(f"{row['run']}: the load has no steps")
    return found


def medians(results: Results, kind: str, choose: Choose = every) -> dict[str, float]:
    """The median over the chosen epochs of every run, by seed."""
    found = {}
    for row in results.sound():
        chosen = [value for _, value in choose(row, epoch_medians(row, kind))]
        if not chosen:
            raise NotComparableError(f"{row['run']} has no such epochs")
        found[row["seed"]] = statistics.median(chosen)
    return found


def ratio(results: Results, kind: str, size: str, systems: tuple[str, str], choose: Choose = every) -> Interval:
    """The ratio of two systems' medians, averaged over seeds."""
    upper = medians(results.where(system=systems[0], size=size), kind, choose)
    lower = medians(results.where(system=systems[1], size=size), kind, choose)
    both = [upper[seed] / lower[seed] for seed in upper if seed in lower]
    if not both:
        raise NotComparableError("no two runs have the same seed")
    return interval(both)


def ratio_rule(
    kind: str, size: str, systems: tuple[str, str], low: float, high: float, why: str, choose: Choose = every
) -> Callable[[Results], Finding]:
    """Judge a ratio of medians; `why` says what drives ours when it lies elsewhere."""

    def judge(results: Results) -> Finding:
        found = within(ratio(results, kind, size, systems, choose), low, high, "the ratio")
        return found if found.why is None else Finding(found.ours, f"{found.why}: {why}")

    return judge


def order_rule(kind: str, ours: str) -> Callable[[Results], Finding]:
    """Judge whether medians are in the published order in every size: ours, Multi-Raft, Raft."""

    def judge(results: Results) -> Finding:
        wrong = []
        for size in SIZES:
            means = [
                interval(list(medians(results.where(system=system, size=size), kind).values())).mean
                for system in (ours, "multi-raft", "raft")
            ]
            if not means[0] < means[1] < means[2]:
                wrong.append(size)
        why = f"another order in {', '.join(wrong)}" if wrong else None
        return Finding(Interval(float(len(SIZES) - len(wrong))), why)

    return judge


def longest_spike(series: list[tuple[int, float]]) -> tuple[float, int]:
    """The share of epochs above twice the median, and the longest run of such epochs."""
    limit = 2 * statistics.median(value for _, value in series)
    longest = run = 0
    before: int | None = None
    high = 0
    for epoch, value in series:
        if value <= limit:
            run = 0
        else:
            high += 1
            run = run + 1 if before == epoch - 1 else 1
            longest = max(longest, run)
        before = epoch
    return high / len(series), longest


def draw(results: Results, kind: str, title: str, published: dict[str, tuple[float, float, float]]) -> Figure:
    """Draw the epochs of the largest size beside all sizes' medians relative to ours and the published ratios."""
    made, (left, right) = canvas.figure(title, results, columns=2)
    systems = results.values("system")
    sizes = [size for size in SIZES if size in results.values("size")]
    if "geo-raft" not in systems or not sizes:
        raise NotComparableError("no run with system=geo-raft")
    handles = []
    for number, system in enumerate(systems):
        row = results.where(system=system, size=sizes[-1]).rows[0]
        series = epoch_medians(row, kind)
        style = {"color": theme.colour(number), "linewidth": 0.7, "linestyle": theme.dash(number)}
        left.plot([epoch for epoch, _ in series], [value for _, value in series], **style)
        handles.append(canvas.Line2D([], [], label=f"{system} (left: {sizes[-1]}, seed {row['seed']})", **style))
    left.set_xlabel("Epoch (h)")
    left.set_ylabel(f"Median {kind} latency (ms)")
    left.set_ylim(bottom=0)
    frame.panel_title(left, "the epochs of one run")
    series = []
    for other in ("raft", "multi-raft"):
        for ours in OURS.values():
            if other in systems and ours in systems:
                values = [ratio(results, kind, size, (other, ours)) for size in sizes]
                series.append((f"{other} / {ours}", values))
    for name, values in published.items():
        series.append((f"published {name}", [Interval(values[SIZES.index(size)]) for size in sizes]))
    handles += canvas.bars(right, sizes, series)
    heights = [value.mean for _, values in series for value in values]
    right.set_yscale("log")
    right.set_ylim(min(0.4, min(heights) / 2), max(12, max(heights) * 2))
    right.axhline(1, color=theme.BLACK, linewidth=0.6)
    right.set_ylabel("Ratio of medians")
    right.set_xlabel("Size")
    frame.panel_title(right, "medians over all epochs, relative to ours")
    frame.legend(made, handles)
    return made
