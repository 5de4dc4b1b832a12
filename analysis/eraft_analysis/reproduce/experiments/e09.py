"""E9: the bill, against Multi-Raft's and plain Raft's."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis import frame
from eraft_analysis.reproduce import canvas
from eraft_analysis.reproduce.experiment import Claim, Experiment
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.statistics import Interval, interval
from eraft_analysis.reproduce.verdicts import Finding, NotComparableError, within

# paper.md 3.1 (2) and 4.3: "reduces costs by 84.5 % compared to Multi-Raft" (the abstract; method, trace and prices are
# not recorded; spot is about a tenth of on-demand by the prototype's README). Rules: 4.3, E9. The axis `price` is the
# ratio of the spot price to the on-demand price.
_PRICE = "0.1"
#: Goodput that differs by more than this share is not the same service.
_SAME_SERVICE = 0.05


def _saving(results: Results, price: str, other: str) -> Interval:
    ours = results.where(system="geo-raft", price=price).sound()
    theirs = results.where(system=other, price=price).sound()
    service = ours.ratio(theirs, "goodput_per_s").mean
    if service < 1 - _SAME_SERVICE:
        raise NotComparableError(f"at price ratio {price} our goodput is {service:.3g} of that of {other}")
    return interval([1 - row.number("cost_usd") / twin.number("cost_usd") for row, twin in ours.pairs(theirs)])


def _multi(results: Results) -> Finding:
    return within(_saving(results, _PRICE, "multi-raft"), 0.75, 0.92, "the saving")


def _raft(results: Results) -> Finding:
    return within(_saving(results, _PRICE, "raft"), 0.75, 0.92, "the saving")


def _prices(results: Results) -> list[str]:
    return sorted(results.values("price"), key=float)


def _monotone(results: Results) -> Finding:
    prices = _prices(results)
    savings = [_saving(results, price, "multi-raft").mean for price in prices]
    for position in range(1, len(savings)):
        if savings[position] > savings[position - 1]:
            why = f"the saving grows from {prices[position - 1]} to {prices[position]}"
            return Finding(Interval(savings[-1]), why)
    if len(savings) < 2:
        raise NotComparableError("two price ratios are needed")
    return Finding(Interval(savings[-1]))


def _draw(results: Results) -> Figure:
    made, (axes,) = canvas.figure("E9: cost", results)
    prices = _prices(results)
    handles = []
    for other in ("multi-raft", "raft"):
        if other in results.values("system"):
            values = [_saving(results, price, other) for price in prices]
            xs = [float(price) for price in prices]
            handles.append(canvas.points(axes, xs, values, f"geo-raft against {other}", len(handles)))
    handles.append(canvas.bound(axes, 0.845, "published, against Multi-Raft: 0.845"))
    axes.set_xlabel("Spot price / on-demand price")
    axes.set_ylabel("Share of the bill saved")
    frame.legend(made, handles)
    return made


EXPERIMENT = Experiment(
    id="E9",
    title="Cost",
    claims=(
        Claim("share of the bill saved against Multi-Raft, price ratio 0.1", "0.845; 0.75 to 0.92", _multi),
        Claim("share of the bill saved against Raft on demand, price ratio 0.1", "0.845; 0.75 to 0.92", _raft),
        Claim("saving against Multi-Raft at the highest price ratio; falls with the ratio", "monotone", _monotone),
    ),
    draw=_draw,
    missing="no spec of it yet",
)
