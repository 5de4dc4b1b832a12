"""E17: a secretary is taken away under load, with notice and without."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.experiments.traces import duration_ms, largest_latency_ms
from eraft_analysis.reproduce.results import Results, RunRow
from eraft_analysis.reproduce.statistics import interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, at_most

# paper.md 4.4 E17: "no election, take-over <= 2 heartbeats, 0 lost". The published prototypes have no take-over at all
# (KB19), so the bounds are what their README asks for. A write that began just before the secretary died waits for the
# whole take-over: the largest write latency around the revocation, less the largest one before it, is the delay.
#: How long before the first revocation is compared, and how long after each, in seconds.
_BEFORE, _AFTER = 10.0, 5.0


def _delay_ms(row: RunRow) -> float:
    struck = [fault.start for fault in row.traces.faults if fault.kind == "revoke"]
    if not struck:
        raise NotComparableError(f"{row['run']}: no secretary was revoked")
    run = row.traces
    normal = largest_latency_ms(run, "write", struck[0] - _BEFORE, struck[0])
    worst = max(largest_latency_ms(run, "write", int(moment), moment + _AFTER) for moment in struck)
    return max(worst - normal, 0.0)


def _delay_in(unit: Callable[[RunRow], float], notice: str, most: float, what: str) -> Callable[[Results], Finding]:
    def judge(results: Results) -> Finding:
        rows = results.where(notice=notice).sound()
        return at_most(interval([_delay_ms(row) / unit(row) for row in rows]), most, what)

    return judge


def _heartbeat(row: RunRow) -> float:
    return duration_ms(row, "group", "heartbeat")


def _stated_bound(row: RunRow) -> float:
    # Silence is noticed after the timeout, at the next heartbeat at the latest.
    return duration_ms(row, "group", "relay", "timeout") + _heartbeat(row)


def _elections(results: Results) -> Finding:
    # The first election is that of the run's start.
    return at_most(interval([row.number("elections") - 1 for row in results]), 0, "the number of elections")


def _lost(results: Results) -> Finding:
    failed = [row for row in results if row["verdict"] in ("fail", "error")]
    why = f"{len(failed)} runs failed their checks, such as {failed[0]['run']}" if failed else None
    return Finding(interval([float(row in failed) for row in results]), why)


def _draw(results: Results) -> Figure:
    made, (axes,) = canvas.figure("E17: secretary interruption", results)
    notices = results.values("notice")
    values = [interval([_delay_ms(row) for row in results.where(notice=notice)]) for notice in notices]
    handles = canvas.bars(axes, [f"{notice} notice" for notice in notices], [("delay of the slowest write", values)])
    beat = _heartbeat(results.rows[0])
    handles.append(canvas.bound(axes, beat, "1 heartbeat (bound with notice)"))
    two = {**canvas.BOUND, "linestyle": ":"}
    axes.axhline(2 * beat, **two)
    handles.append(canvas.Line2D([], [], label="2 heartbeats (bound without notice)", **two))
    axes.set_ylabel("Delay beyond normal (ms)")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E17",
    title="Secretary interruption",
    claims=(
        Claim("elections caused by revoked secretaries", "0", _elections),
        Claim("runs with a lost or contradicted write", "0", _lost),
        Claim(
            "delay of the slowest write with notice, in heartbeats",
            "≤ 1",
            _delay_in(_heartbeat, "with", 1, "the delay in heartbeats"),
        ),
        Claim(
            "take-over without notice, in heartbeats",
            "≤ 2",
            _delay_in(_heartbeat, "without", 2, "the delay in heartbeats"),
        ),
        Claim(
            "take-over without notice, as a share of the stated bound (relay timeout and one heartbeat)",
            "≤ 1",
            _delay_in(_stated_bound, "without", 1, "the share of the bound"),
        ),
    ),
    draw=_draw,
)
