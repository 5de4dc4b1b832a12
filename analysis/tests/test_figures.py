"""The figures of the ordinary run, looked at as a reader would."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from pictures import cut_off, legend_entries, named, overlaps, words
from synthetic import NODES, OPERATIONS, REIGNS, SITES

from eraft_analysis import theme
from eraft_analysis.figures import FIGURES

Figures = dict[str, Figure]
EVERY = pytest.mark.parametrize("name", list(FIGURES))
OVER_TIME = ("latency", "throughput", "availability", "traffic")


def axis_labels(figure: Figure) -> set[str]:
    labels = {label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())}
    return labels - {""}


@EVERY
def test_no_text_meets_another(figures: Figures, name: str) -> None:
    assert overlaps(figures[name]) == []


@EVERY
def test_no_text_is_cut_off(figures: Figures, name: str) -> None:
    assert cut_off(figures[name]) == []


@EVERY
def test_the_run_is_named(figures: Figures, name: str) -> None:
    (label,) = named(figures[name], "run-label")
    assert label.get_text() == "synthetic, simulated, seed 1"


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("latency", {"Latency (ms)", "Time since the start of the run (s)"}),
        ("latency-by-site", {"Latency (ms)", "Time (s)"}),
        ("latency-cdf", {"Latency (ms)", "Share of operations"}),
        ("throughput", {"Rate (ops/s)", "Time since the start of the run (s)"}),
        ("elections", {"Leaderless (ms)", "Time since the start of the run (s)"}),
        ("availability", {"Share", "Time since the start of the run (s)"}),
        ("traffic", {"Egress (Mbit/s)", "CPU busy (%)", "Time since the start of the run (s)"}),
    ],
)
def test_axes_have_units(figures: Figures, name: str, labels: set[str]) -> None:
    assert axis_labels(figures[name]) == labels


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("latency", ["p50 in 1 s windows", "p99", "SLO", "fault: crash", "fault: partition", "election won"]),
        ("latency-cdf", [*SITES, "SLO"]),
        ("throughput", ["offered (by intended start)", *(f"goodput, {site}" for site in SITES), "fault: crash"]),
        ("elections", ["leader at us-east-1", "leader at us-west-2", "no leader", "fault: partition", "election won"]),
        ("availability", ["succeeded within the SLO", "outage: no operation of the kind succeeded"]),
        ("traffic", [*NODES, "thick: while leader"]),
    ],
)
def test_legends_name_what_is_drawn(figures: Figures, name: str, entries: list[str]) -> None:
    assert set(entries) <= set(legend_entries(figures[name]))
    assert len(legend_entries(figures[name])) == len(set(legend_entries(figures[name])))


@pytest.mark.parametrize("name", OVER_TIME)
def test_each_lasting_fault_is_shaded_on_every_panel(figures: Figures, name: str) -> None:
    spans = named(figures[name], "fault-span")
    panels = {span.axes for span in spans}
    assert len(spans) == 2 * len(panels)
    assert len(panels) == len(figures[name].axes) - 1
    for panel in panels:
        edges = [(span.get_x(), span.get_x() + span.get_width()) for span in spans if span.axes is panel]
        assert edges == [(20, 35), (35, 45)]


@pytest.mark.parametrize("name", OVER_TIME)
def test_each_election_is_a_line_on_every_panel(figures: Figures, name: str) -> None:
    lines = named(figures[name], "election")
    assert len(lines) == 3 * (len(figures[name].axes) - 1)
    assert {line.get_xdata()[0] for line in lines} == {begin for begin, _, _ in REIGNS}


def test_a_skipped_fault_is_not_drawn(figures: Figures) -> None:
    assert "transfer" not in words(figures["latency"])
    assert [text.get_text() for text in named(figures["latency"], "fault-label")] == [
        "crash us-east-1.0",
        "partition us-west-2 | us-east-1, eu-central-1",
    ]


def test_latency_has_a_median_and_a_tail_for_each_operation(figures: Figures) -> None:
    assert len(named(figures["latency"], "p50")) == len(named(figures["latency"], "p99")) == len(OPERATIONS)
    assert len(named(figures["latency-by-site"], "p50")) == len(OPERATIONS) * len(SITES)


def test_distributions_rise_from_zero_to_one(figures: Figures) -> None:
    curves = named(figures["latency-cdf"], "cdf")
    assert len(curves) == len(OPERATIONS) * len(SITES)
    for curve in curves:
        x, y = curve.get_data()
        assert (x[1:] >= x[:-1]).all()
        assert (y[1:] > y[:-1]).all()
        assert (y[0], y[-1]) == (0, 1)


def test_reigns_and_the_times_between_them(figures: Figures) -> None:
    figure = figures["elections"]
    assert len(named(figure, "reign")) == 3
    spans = [(span.get_x(), span.get_x() + span.get_width()) for span in named(figure, "leaderless")]
    assert spans == [pytest.approx(span) for span in [(0, 1.312), (20, 21.645), (35, 36.988)]]
    assert len(named(figure, "election-label")) == 3
    assert "1,645 ms, 2 rounds\nterm 2, crash" in words(figure)
    assert [text.get_text() for text in named(figure, "term")] == ["term 1", "term 2", "term 3"]


def test_outages_shade_the_operations_they_concern(figures: Figures) -> None:
    figure = figures["availability"]
    shaded = {
        axes.get_title(loc="left"): sum(span.axes is axes for span in named(figure, "outage")) for axes in figure.axes
    }
    assert shaded["read"] == 1
    assert shaded["update"] == 2
    assert len(named(figure, "outage-bar")) == 3
    assert "2.03 s, partition us-west-2" in words(figure)


def test_the_leader_is_drawn_thick(figures: Figures) -> None:
    thick = [line for line in named(figures["traffic"], "leader") if line.axes.get_ylabel() == "Egress (Mbit/s)"]
    shown = sum(int((line.get_ydata() == line.get_ydata()).sum()) for line in thick)
    assert shown == sum(1 for second in range(60) if any(begin <= second < end for begin, end, _ in REIGNS))


def test_colours_are_those_of_the_palette(figures: Figures) -> None:
    for name in ("latency", "latency-cdf", "throughput", "traffic"):
        for axes in figures[name].axes:
            for line in axes.get_lines():
                assert line.get_color() in {*theme.PALETTE, theme.GREY}
