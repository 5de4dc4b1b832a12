"""Figures over the run's time: their axis, and the faults and elections marked on every panel.

Above the panels runs a strip that names each fault beside its bar; the panels carry the same faults as tints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from eraft_analysis import frame, theme
from eraft_analysis.run import Run

_LANE = 0.16
#: Faults that find no room in so many lanes share one more, without names.
_MOST_LANES = 5
_MOST_ELECTION_LINES = 30
_LABEL_SIZE = 6.5
#: The part of a figure's width that its panels surely have.
_PANEL_SHARE = 0.84


@dataclass(frozen=True)
class Clock:
    """The unit of a time axis, chosen by the run's length."""

    unit: str
    seconds: float

    @classmethod
    def of(cls, duration: float) -> Clock:
        """Choose the unit for a run of so many seconds."""
        for unit, size, least in (("days", 86400.0, 4), ("hours", 3600.0, 3), ("min", 60.0, 20)):
            if duration >= size * least:
                return cls(unit, size)
        return cls("s", 1.0)

    @property
    def steps(self) -> list[float]:
        """What ticks may be apart, times a power of ten."""
        return [1, 2, 5, 10] if self.unit in ("s", "days") else [1, 2, 3, 6, 10]

    @property
    def label(self) -> str:
        """The label of the axis."""
        return f"Time since the start of the run ({self.unit})"


@dataclass
class Timeline:
    """A figure whose panels share one time axis; draw in units of `clock`."""

    figure: Figure
    panels: list[Axes]
    strip: Axes | None
    clock: Clock
    handles: list[Artist]

    def finish(self, handles: Sequence[Artist] = ()) -> Figure:
        """Add the legend: the given series first, then the events."""
        frame.legend(self.figure, [*handles, *self.handles])
        self.figure.align_ylabels(self.panels)
        return self.figure


def timeline(run: Run, title: str, heights: Sequence[float], tinted: bool = True) -> Timeline:
    """Make a figure with a panel of each height, in inches, under a strip of events when the run has any."""
    clock = Clock.of(run.duration)
    lanes = _lanes(run)
    depth = 1 + max((lane for lane, _, _ in lanes), default=-1)
    has_strip = depth > 0 or bool(run.elections)
    rows = depth + (1 if run.elections else 0)
    ratios = [*([rows * _LANE + 0.08] if has_strip else []), *heights]
    made = frame.figure(run, title, height=sum(ratios) + 0.22 * len(heights) + 1.05)
    axes = made.subplots(len(ratios), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": ratios})[:, 0]
    strip, panels = (axes[0], list(axes[1:])) if has_strip else (None, list(axes))
    panels[-1].set_xlim(0, run.duration / clock.seconds)
    panels[-1].set_xlabel(clock.label)
    panels[-1].xaxis.set_major_locator(MaxNLocator(nbins=13, steps=clock.steps, min_n_ticks=4))
    if strip is not None:
        _draw_strip(strip, run, clock, lanes, rows)
    if tinted:
        for panel in panels:
            tint(panel, run, clock)
    return Timeline(made, panels, strip, clock, event_handles(run, tinted))


def tint(panel: Axes, run: Run, clock: Clock) -> None:
    """Shade each fault that lasted, and draw a line at each that was an instant and at each election."""
    for fault in run.faults:
        colour, hatch = theme.fault_style(fault.kind)
        if fault.end is None:
            panel.axvline(fault.start / clock.seconds, color=colour, linewidth=0.9, linestyle=":", gid="fault-instant")
        else:
            panel.axvspan(
                fault.start / clock.seconds,
                fault.end / clock.seconds,
                facecolor=(colour, 0.12),
                edgecolor=(colour, 0.35),
                hatch=hatch,
                linewidth=0,
                zorder=0.5,
                gid="fault-span",
            )
    if len(run.elections) <= _MOST_ELECTION_LINES:
        for election in run.elections:
            panel.axvline(election.won / clock.seconds, color=theme.BLACK, linewidth=0.7, dashes=(3, 2), gid="election")


def event_handles(run: Run, tinted: bool = True) -> list[Artist]:
    """The legend's entries for the faults and elections of a run."""
    handles: list[Artist] = []
    for kind in dict.fromkeys(fault.kind for fault in run.faults):
        colour, hatch = theme.fault_style(kind)
        handles.append(
            Patch(facecolor=(colour, 0.25), edgecolor=(colour, 0.7), hatch=hatch, linewidth=0.4, label=f"fault: {kind}")
        )
    if run.elections:
        line = "--" if tinted and len(run.elections) <= _MOST_ELECTION_LINES else ""
        handles.append(
            Line2D(
                [],
                [],
                color=theme.BLACK,
                linestyle=line,
                linewidth=0.7,
                marker="v",
                markersize=3.5,
                label="election won",
            )
        )
    return handles


def _lanes(run: Run) -> list[tuple[int, str, bool]]:
    """Give each fault a lane in which neither its bar nor its name meets another's, its name, and on which side it is.

    A name goes to the right of its bar, or to the left where the run's end is too near.
    """
    scale = run.duration / (theme.WIDTH * _PANEL_SHARE)
    ends: list[float] = []
    placed = []
    for fault in run.faults:
        end = fault.end if fault.end is not None else fault.start
        bar_from, bar_to = min(fault.start, run.duration), min(end, run.duration)
        label = frame.shorten(fault.label, 2.6, _LABEL_SIZE)
        width = (frame.text_width(label, _LABEL_SIZE) * 1.08 + 0.1) * scale
        right = bar_to + width <= run.duration or bar_from - width < 0
        start, stop = (bar_from, bar_to + width) if right else (bar_from - width, bar_to)
        lane = next((number for number, busy in enumerate(ends) if busy <= start), None)
        if lane is None:
            if len(ends) == _MOST_LANES:
                placed.append((_MOST_LANES, "", right))
                continue
            lane = len(ends)
            ends.append(0.0)
        ends[lane] = stop + 0.04 * scale
        placed.append((lane, label, right))
    return placed


def _draw_strip(strip: Axes, run: Run, clock: Clock, lanes: list[tuple[int, str, bool]], rows: int) -> None:
    strip.set_ylim(rows, 0)
    strip.set_yticks([])
    strip.grid(False)
    strip.tick_params(axis="x", bottom=False, labelbottom=False)
    for side in ("left", "bottom"):
        strip.spines[side].set_visible(False)
    pad = 0.05 * run.duration / clock.seconds / (theme.WIDTH * _PANEL_SHARE)
    for fault, (lane, label, right) in zip(run.faults, lanes, strict=True):
        colour, hatch = theme.fault_style(fault.kind)
        start, middle = fault.start / clock.seconds, lane + 0.5
        end = min(fault.end if fault.end is not None else fault.start, run.duration) / clock.seconds
        if fault.end is None:
            strip.plot([start], [middle], marker="|", color=colour, markersize=7, markeredgewidth=1.6)
        else:
            bar = {"facecolor": (colour, 0.25), "edgecolor": (colour, 0.7), "hatch": hatch, "linewidth": 0.4}
            strip.broken_barh([(start, end - start)], (lane + 0.18, 0.64), gid="fault-bar", **bar)
        if label:
            place, side = (end + pad, "left") if right else (start - pad, "right")
            strip.text(place, middle, label, ha=side, va="center_baseline", fontsize=_LABEL_SIZE, gid="fault-label")
    if run.elections:
        times = [election.won / clock.seconds for election in run.elections]
        strip.plot(times, [rows - 0.5] * len(times), "v", color=theme.BLACK, markersize=4)
