"""Who led when, and how long each group was without a leader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from eraft_analysis import frame, theme
from eraft_analysis.run import Election, Run
from eraft_analysis.timeline import Clock, timeline

NAME = "elections"
TITLE = "Leaders, elections and leaderless time"

#: More rows than this are not told apart; those that led longest are shown.
_MOST_ROWS = 16
_ROW = 0.2
_LABEL_SIZE = 6.5


@dataclass(frozen=True)
class _Reign:
    """A time under one leader, from its election to its loss."""

    row: str
    site: str
    term: int
    start: float
    end: float


def draw(run: Run) -> Figure:
    """Draw a bar per reign above, and a bar per election as long as the leaderless time before it below."""
    elections = run.elections
    if not elections:
        return frame.without_data(run, TITLE, [run.why_empty("elections")])
    reigns = _reigns(run)
    rows = _rows(reigns)
    sites = list(dict.fromkeys([*run.sites, *(reign.site for reign in reigns)]))
    sites = [site for site in sites if any(reign.site == site for reign in reigns)]
    made = timeline(run, TITLE, [max(0.75, _ROW * len(rows) + 0.15), 1.35], tinted=False)
    above, below = made.panels
    palette = theme.colours(sites)
    clock = made.clock
    for reign in reigns:
        if reign.row not in rows:
            continue
        place = rows.index(reign.row)
        start, length = reign.start / clock.seconds, (reign.end - reign.start) / clock.seconds
        above.broken_barh(
            [(start, length)], (place - 0.36, 0.72), facecolor=(palette[reign.site], 0.75), linewidth=0, gid="reign"
        )
        _inside(above, reign, place, run, clock)
    for election in elections:
        if election.leaderless_ms > 0:
            start = election.lost / clock.seconds
            above.axvspan(
                start,
                start + election.leaderless_ms / 1000 / clock.seconds,
                facecolor=(theme.BLACK, 0.35),
                linewidth=0,
                zorder=0.6,
                gid="leaderless",
            )
    above.set_yticks(range(len(rows)), rows)
    above.set_ylim(len(rows) - 0.4, -0.6)
    above.tick_params(axis="y", length=0)
    above.grid(axis="y", visible=False)
    frame.panel_title(above, "leader" if len({election.group for election in elections}) == 1 else "leader by group")
    _leaderless(below, run, clock)
    handles = [Patch(facecolor=(palette[site], 0.75), label=f"leader at {site}") for site in sites]
    handles.append(Patch(facecolor=(theme.BLACK, 0.35), label="no leader"))
    return made.finish(handles)


def _reigns(run: Run) -> list[_Reign]:
    """The reigns of all groups; a row is a node, or a group when there are several."""
    groups: dict[str, list[Election]] = {}
    for election in run.elections:
        groups.setdefault(election.group, []).append(election)
    reigns = []
    for group, won in sorted(groups.items()):
        for number, election in enumerate(won):
            end = won[number + 1].lost if number + 1 < len(won) else run.duration
            row = election.leader if len(groups) == 1 else group
            reigns.append(_Reign(row, election.site, election.term, election.won, max(end, election.won)))
    return reigns


def _rows(reigns: list[_Reign]) -> list[str]:
    """The rows of the upper panel by name; only those with the longest time in office when there are too many."""
    time: dict[str, float] = {}
    for reign in reigns:
        time[reign.row] = time.get(reign.row, 0.0) + reign.end - reign.start
    longest = sorted(time, key=lambda row: (-time[row], row))[:_MOST_ROWS]
    return sorted(longest)


def _inside(panel: Axes, reign: _Reign, place: int, run: Run, clock: Clock) -> None:
    """Write the term into a reign's bar when it fits."""
    text = f"term {reign.term}"
    room = (reign.end - reign.start) / run.duration * theme.WIDTH * 0.75
    if frame.text_width(text, _LABEL_SIZE) + 0.1 < room:
        middle = (reign.start + reign.end) / 2 / clock.seconds
        panel.text(middle, place, text, ha="center", va="center_baseline", fontsize=_LABEL_SIZE, gid="term")


def _leaderless(panel: Axes, run: Run, clock: Clock) -> None:
    """Draw a stem per election, as high as the time without a leader before it, and name those with room for it."""
    elections = run.elections
    times = [election.won / clock.seconds for election in elections]
    lengths = [election.leaderless_ms for election in elections]
    panel.vlines(times, 0, lengths, color=theme.VERMILLION, linewidth=1.8, gid="leaderless-stem")
    panel.plot(times, lengths, "o", color=theme.VERMILLION, markersize=3)
    panel.set_ylim(0, max(max(lengths) * 1.28, 1.0))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    panel.set_ylabel("Leaderless (ms)")
    frame.panel_title(panel, "leaderless time before each election")
    for number, side in _captions([election.won for election in elections], elections, run.duration).items():
        panel.annotate(
            _caption(elections[number]),
            (times[number], lengths[number]),
            xytext=(4 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="bottom" if lengths[number] < panel.get_ylim()[1] * 0.25 else "center",
            fontsize=_LABEL_SIZE,
            linespacing=1.15,
            gid="election-label",
        )


def _captions(won: Sequence[float], elections: Sequence[Election], duration: float) -> dict[int, int]:
    """Choose which elections are named, and on which side of their stem: 1 is right, -1 left.

    The longest leaderless times come first; a name may not reach over another stem, another name or an edge.
    """
    seconds = duration / (theme.WIDTH * 0.8)
    chosen: dict[int, int] = {}
    taken: list[tuple[float, float]] = []
    for number in sorted(range(len(elections)), key=lambda number: (-elections[number].leaderless_ms, number)):
        lines = _caption(elections[number]).split("\n")
        width = (max(frame.text_width(line, _LABEL_SIZE) for line in lines) * 1.08 + 0.14) * seconds
        for side in (1, -1):
            start, stop = sorted((won[number], won[number] + side * width))
            others = (time for other, time in enumerate(won) if other != number)
            if start < 0 or stop > duration or any(start <= time <= stop for time in others):
                continue
            if all(stop <= other_start or start >= other_stop for other_start, other_stop in taken):
                chosen[number] = side
                taken.append((start, stop))
                break
    return chosen


def _caption(election: Election) -> str:
    """Say what made an election, how long it took, and how many rounds when more than one."""
    rounds = f", {election.rounds} rounds" if election.rounds > 1 else ""
    return f"{election.leaderless_ms:,.0f} ms{rounds}\nterm {election.term}, {election.trigger}"
