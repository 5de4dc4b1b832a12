"""E7: read latency over 50 days."""

from __future__ import annotations

from matplotlib.figure import Figure

from eraft_analysis.reproduce.experiment import FAIR, PAPER, Claim, Experiment
from eraft_analysis.reproduce.experiments import response_times as rt
from eraft_analysis.reproduce.experiments.traces import epoch_medians
from eraft_analysis.reproduce.results import Results
from eraft_analysis.reproduce.statistics import interval
from eraft_analysis.reproduce.verdicts import Finding, at_most

# paper.md 4.2, figure 7 of the poster, digitised (reading error about 0.02 s): medians for S, M, L in seconds:
# Original-Raft 1.51 1.52 1.53, Multi-Raft 0.51 0.51 0.52, Whitewater 0.30 0.26 0.26. Caveats: S, M and L are not
# defined; the prototypes confirmed reads in the baseline alone (2.2 M2), and simulated no WAN delay for the secretary
# (M3). Ratios are compared, never seconds. Rules: 4.2, E7.
_RAFT = {"S": 5.0, "M": 5.9, "L": 5.9}
_MULTI = {"S": 1.7, "M": 2.0, "L": 2.0}
_WHY = {
    FAIR: "an observer asks the leader for a read index, for one batch at a time: a read takes up to two of the round "
    "trips of which it takes one at the leader",
    PAPER: "local reads skip the leader altogether, which the published prototype may not have done for all",
}


def _stable(results: Results) -> Finding:
    changes = []
    for row in results.where(system="geo-raft").sound():
        series = epoch_medians(row, "read")
        parts = [rt.before_first_step(row, series), rt.after_last_step(row, series)]
        first, last = (sorted(value for _, value in part)[len(part) // 2] for part in parts)
        changes.append(abs(last / first - 1))
    return at_most(interval(changes), 0.1, "the change of the median")


def _spikes(results: Results) -> Finding:
    found = [rt.longest_spike(epoch_medians(row, "read")) for row in results.where(system="geo-raft").sound()]
    ours = interval([share for share, _ in found])
    finding = at_most(ours, 0.25, "the share of epochs")
    longest = max(length for _, length in found)
    if finding.why is None and longest > 50:
        return Finding(ours, f"a spike lasts {longest} epochs, above 50")
    return finding


def _claims() -> list[Claim]:
    claims = [
        Claim(
            "sizes in which read medians are ordered ours < Multi-Raft < Raft",
            "3 of 3",
            rt.order_rule("read", ours),
            mode,
        )
        for mode, ours in rt.OURS.items()
    ]
    for mode, ours in rt.OURS.items():
        for size in rt.SIZES:
            judge = rt.ratio_rule("read", size, ("raft", ours), 4, 7, _WHY[mode])
            claims.append(Claim(f"read median, Raft / ours, {size}", f"{_RAFT[size]}; 4 to 7", judge, mode))
            judge = rt.ratio_rule("read", size, ("multi-raft", ours), 1.4, 2.5, _WHY[mode])
            claims.append(Claim(f"read median, Multi-Raft / ours, {size}", f"{_MULTI[size]}; 1.4 to 2.5", judge, mode))
    claims.append(Claim("change of our read median across the load steps", "< 0.1", _stable))
    claims.append(
        Claim(
            "share of epochs in which our read median doubles; no spike above 50 epochs",
            "0.09 to 0.20; ≤ 0.25",
            _spikes,
        )
    )
    return claims


def _draw(results: Results) -> Figure:
    published = {"Raft / Whitewater": tuple(_RAFT.values()), "Multi-Raft / Whitewater": tuple(_MULTI.values())}
    return rt.draw(results, "read", "E7: read latency over 50 days", published)


EXPERIMENT = Experiment(id="E7", title="50-day read latency", claims=tuple(_claims()), draw=_draw)
