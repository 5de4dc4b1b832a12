"""E12: six months without losing anything."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis import frame, theme
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.statistics import interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError

# paper.md 3.1 (2) and 3.3: "operates key-value services for 6 months without losing data or crash". Rules: 4.3, E12:
# 0 lost, 0 violations; the longest time without writes is reported. That known-bad variants are found is shown by
# `make mutants`. 180 days are 4320 epochs of an hour.
_EPOCHS = 4320


def _epochs(results: Results) -> None:
    for row in results:
        found = len(row.traces.trace("epochs", ["epoch"]))
        if found < _EPOCHS:
            raise NotComparableError(f"{row['run']} has {found} epochs, fewer than the {_EPOCHS} of six months")


def _lost(results: Results) -> Finding:
    failed = [row for row in results if row["verdict"] != "pass"]
    if not failed:
        _epochs(results)
    why = f"{failed[0]['run']}: the checks say {failed[0]['verdict']}" if failed else None
    return Finding(interval([float(row in failed) for row in results]), why)


def _outage_s(results: Results) -> list[float]:
    found = []
    for row in results:
        outages = row.traces.trace("outages", ["kind", "duration_s"])
        writes = outages.filter(outages["kind"] == "write")["duration_s"]
        found.append(float(writes.max() or 0.0))
    return found


def _longest(results: Results) -> Finding:
    _epochs(results.sound())
    raise NotComparableError("no value was published", interval(_outage_s(results)))


def _draw(results: Results) -> Figure:
    made, (left, right) = canvas.figure("E12: six months", results, columns=2)
    style = {"linewidth": 0.6}
    for number, row in enumerate(results):
        rows = row.traces.trace("epochs", ["epoch", "ok", "offered", "revocations"]).filter(
            row.traces.trace("epochs")["offered"] > 0
        )
        days = rows["epoch"].to_numpy() / 24
        left.plot(days, rows["ok"].to_numpy() / rows["offered"].to_numpy(), color=theme.colour(number), **style)
        right.plot(days, rows["revocations"].to_numpy().cumsum(), color=theme.colour(number), **style)
    handles = [
        canvas.Line2D([], [], color=theme.colour(number), label=f"seed {row['seed']}")
        for number, row in enumerate(results)
    ]
    for axes, label in ((left, "Share that ended well"), (right, "Machines taken back")):
        axes.set_xlabel("Day")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0)
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E12",
    title="Six months",
    claims=(
        Claim("runs of six months that lost a write, broke a check or crashed", "0", _lost),
        Claim("longest time without a write in the sampled parts, s", "none", _longest),
    ),
    draw=_draw,
)
