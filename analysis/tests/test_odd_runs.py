"""Runs that are empty, cut off, partly recorded, very long or crowded still give figures that say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from pictures import cut_off, legend_entries, named, overlaps, words
from synthetic import HEADERS, Synthetic, write_csv

from eraft_analysis.figures import FIGURES
from eraft_analysis.run import Run

Drawn = Callable[[str, Run], Figure]
EVERY = pytest.mark.parametrize("name", list(FIGURES))


def small(directory: Path, **settings: object) -> Path:
    return Synthetic(**{"duration": 8.0, "rate": 20.0, "faults": [], **settings}).write(directory)


def headers_only(directory: Path) -> Path:
    directory.mkdir()
    for trace, header in HEADERS.items():
        write_csv(directory / f"{trace}.csv", header.split(","), [])
    return directory


@EVERY
def test_without_rows(tmp_path: Path, drawn: Drawn, name: str, warnings: list[str]) -> None:
    figure = drawn(name, Run(headers_only(tmp_path / "quiet"), warnings.append))
    assert "has no rows" in words(figure)
    assert words(figure).startswith("quiet") or "\nquiet" in words(figure)
    assert overlaps(figure) == cut_off(figure) == []
    assert warnings == ["manifest.json is missing: the run is named after its directory"]


@pytest.mark.parametrize(
    ("trace", "name"),
    [
        ("latency", "latency-cdf"),
        ("latency_windows", "latency"),
        ("latency_windows", "latency-by-site"),
        ("latency_windows", "throughput"),
        ("elections", "elections"),
    ],
)
def test_without_the_file(tmp_path: Path, drawn: Drawn, trace: str, name: str) -> None:
    run = Run(small(tmp_path / "run"))
    (run.path / f"{trace}.csv").unlink()
    assert f"No data: the run has no {trace}.csv" in words(drawn(name, run))


def test_without_traffic_there_is_no_figure_of_it(tmp_path: Path) -> None:
    path = small(tmp_path / "run")
    (path / "traffic.csv").unlink()
    assert FIGURES["traffic"](Run(path)) is None


@EVERY
def test_without_events(tmp_path: Path, drawn: Drawn, name: str) -> None:
    path = Synthetic(duration=8.0, rate=20.0, faults=[]).write(tmp_path / "run", without=["faults", "outages"])
    figure = drawn(name, Run(path))
    assert named(figure, "fault-span") == []
    assert overlaps(figure) == cut_off(figure) == []


def test_an_instant_fault_is_a_line(tmp_path: Path, drawn: Drawn) -> None:
    faults = [(3.0, None, "transfer", "us-west-2.0", "us-west-2.0", "injected", "")]
    figure = drawn("latency", Run(small(tmp_path / "run", faults=faults)))
    assert len(named(figure, "fault-instant")) == 2
    assert named(figure, "fault-span") == []
    assert "fault: transfer" in legend_entries(figure)


@pytest.mark.parametrize("name", ["latency", "elections", "availability"])
def test_many_faults_stay_legible(tmp_path: Path, drawn: Drawn, name: str) -> None:
    faults = [
        (0.1 * number, 0.1 * number + 0.35, "crash", f"us-east-1.{number}", "", "injected", "") for number in range(70)
    ]
    figure = drawn(name, Run(small(tmp_path / "run", faults=faults)))
    assert len(named(figure, "fault-bar")) == 70
    assert overlaps(figure) == cut_off(figure) == []


def test_a_hundred_elections_stay_legible(tmp_path: Path, drawn: Drawn) -> None:
    path = small(tmp_path / "run")
    rows = [
        ("g0", term, "crash", "n", "s", f"site-{term % 20}.0", f"site-{term % 5}", lost, lost, lost + 0.03, 1, "30.000")
        for term in range(1, 101)
        for lost in [0.075 * term]
    ]
    write_csv(path / "elections.csv", HEADERS["elections"].split(","), rows)
    run = Run(path)
    assert named(drawn("latency", run), "election") == []
    figure = drawn("elections", run)
    assert len(named(figure, "leaderless")) == 100
    assert overlaps(figure) == cut_off(figure) == []


def test_several_groups_have_a_row_each(tmp_path: Path, drawn: Drawn) -> None:
    path = small(tmp_path / "run")
    rows = [
        (f"g{group}", 1, "initial", "", "", f"us-east-1.{group}", "us-east-1", 0, 1, 1 + group / 10, 1, "1000.000")
        for group in range(3)
    ]
    write_csv(path / "elections.csv", HEADERS["elections"].split(","), rows)
    figure = drawn("elections", Run(path))
    panel = next(axes for axes in figure.axes if axes.get_title(loc="left") == "leader by group")
    assert [label.get_text() for label in panel.get_yticklabels()] == ["g0", "g1", "g2"]


@pytest.mark.parametrize(("duration", "unit"), [(1199, "s"), (1200, "min"), (10800, "hours"), (345600, "days")])
def test_the_unit_of_time_fits_the_run(tmp_path: Path, drawn: Drawn, duration: float, unit: str) -> None:
    path = small(tmp_path / "run")
    (path / "manifest.json").write_text(f'{{"name": "long", "duration_s": {duration}, "complete": true}}\n')
    assert f"Time since the start of the run ({unit})" in words(drawn("latency", Run(path)))


def test_a_missing_window_breaks_the_line(tmp_path: Path, drawn: Drawn) -> None:
    path = small(tmp_path / "run")
    file = path / "latency_windows.csv"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("4.000000,")))
    for line in named(drawn("latency", Run(path)), "p50"):
        assert any(value != value for value in line.get_ydata())


def test_an_incomplete_run_says_so(tmp_path: Path, drawn: Drawn) -> None:
    path = small(tmp_path / "run")
    (path / "manifest.json").write_text('{"name": "x", "world": "simulated", "seed": 7, "complete": false}\n')
    assert "x, simulated, seed 7, incomplete" in words(drawn("latency", Run(path)))


def test_a_long_name_is_shortened(tmp_path: Path, drawn: Drawn) -> None:
    figure = drawn("latency-cdf", Run(small(tmp_path / "run", name="a-very-long-name" * 8)))
    assert overlaps(figure) == cut_off(figure) == []
    assert named(figure, "run-label")[0].get_text().endswith("…")
