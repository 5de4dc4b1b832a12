"""The figure of a sweep: its marks, its labels, and what it refuses or leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from pictures import cut_off, legend_entries, named, overlaps, words
from sweeps import Sweep

from eraft_analysis import theme
from eraft_analysis.cli import main
from eraft_analysis.sweep import figure

POLICIES = ("static", "reactive", "budget", "peek", "predictive", "spot-diversified", "geo", "more")
COLUMNS = ["--x", "cost_usd", "--y", "goodput_per_s", "--by", "policy"]


def sweep(path: Path) -> Sweep:
    """Two seeds of every policy; the cost is the policy's number, and ten times as much is its goodput."""
    made = Sweep(path / "sweep")
    for number, policy in enumerate(POLICIES, start=1):
        for seed in (1, 2):
            axes = {"policy": policy, "seed": str(seed)}
            made.add(axes, {}, cost_usd=number + seed / 10, goodput_per_s=10 * number)
    return made


def drawn(made: Sweep, x: str = "cost_usd", y: str = "goodput_per_s") -> tuple[Figure, list[str]]:
    warnings: list[str] = []
    with theme.applied():
        picture = figure(made.write(), x, y, "policy", warnings.append)
        FigureCanvasAgg(picture).draw()
    return picture, warnings


def test_every_run_has_a_mark_where_its_numbers_are(tmp_path: Path) -> None:
    picture, warnings = drawn(sweep(tmp_path))
    for number, policy in enumerate(POLICIES, start=1):
        (line,) = named(picture, f"runs-{policy}")
        assert list(line.get_xdata()) == pytest.approx([number + 0.1, number + 0.2])
        assert list(line.get_ydata()) == pytest.approx([10 * number] * 2)
    assert warnings == []


def test_every_policy_has_an_entry_and_a_look_of_its_own(tmp_path: Path) -> None:
    picture, _ = drawn(sweep(tmp_path))
    assert legend_entries(picture) == list(POLICIES)
    lines = [named(picture, f"runs-{policy}")[0] for policy in POLICIES]
    looks = {(line.get_color(), line.get_marker(), line.get_markerfacecolor()) for line in lines}
    assert len(looks) == len(POLICIES)


def test_axes_have_units_and_no_text_is_hidden(tmp_path: Path) -> None:
    picture, _ = drawn(sweep(tmp_path))
    assert "Cost (USD)" in words(picture)
    assert "Goodput (operations/s)" in words(picture)
    assert overlaps(picture) == []
    assert cut_off(picture) == []


@pytest.mark.parametrize(
    ("column", "label"),
    [
        ("read_p99_ms", "Read p99 (ms)"),
        ("leader_egress_bytes_per_s", "Leader egress (B/s)"),
        ("measured_s", "Measured (s)"),
        ("revocations", "Revocations"),
    ],
)
def test_a_unit_is_read_from_the_name_of_the_column(tmp_path: Path, column: str, label: str) -> None:
    made = sweep(tmp_path)
    for row in made.rows:
        row[column] = "1"
    assert label in words(drawn(made, x=column)[0]).splitlines()


def test_a_panel_shows_the_runs_of_its_value_alone(tmp_path: Path) -> None:
    made = Sweep(tmp_path / "sweep")
    for number, read in enumerate(("local", "linearizable"), start=1):
        for policy in POLICIES[: 3 - number]:
            made.add({"policy": policy, "read": read, "seed": "1"}, {}, cost_usd=number, goodput_per_s=10 * number)
    with theme.applied():
        picture = figure(made.write(), "cost_usd", "goodput_per_s", "policy", lambda _: None, "read")
        FigureCanvasAgg(picture).draw()
    local, linearizable = picture.axes
    assert [list(line.get_xdata()) for line in local.lines] == [[1], [1]]
    assert [list(line.get_xdata()) for line in linearizable.lines] == [[2]]
    assert legend_entries(picture) == ["static", "reactive"]
    assert "read: local" in words(picture)
    assert "read: linearizable" in words(picture)
    assert overlaps(picture) == []
    assert cut_off(picture) == []


def test_a_run_that_broke_a_check_or_lacks_a_number_is_left_out_and_named(tmp_path: Path) -> None:
    made = sweep(tmp_path)
    made.rows[0]["verdict"] = "fail"
    made.rows[2]["cost_usd"] = ""
    picture, warnings = drawn(made)
    assert len(named(picture, "runs-static")[0].get_xdata()) == 1
    assert len(named(picture, "runs-reactive")[0].get_xdata()) == 1
    assert warnings == [
        "01-static-1 is left out: its verdict is fail",
        "03-reactive-1 is left out: 03-reactive-1 has no cost_usd",
    ]


def test_the_command_writes_the_figure_beside_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweep(tmp_path).write()
    directory = tmp_path / "sweep"
    assert main(["sweep", str(directory), *COLUMNS]) == 0
    expected = [directory / f"goodput_per_s-against-cost_usd.{kind}" for kind in ("png", "svg")]
    assert capsys.readouterr().out.splitlines() == [str(path) for path in expected]
    assert expected[0].read_bytes().startswith(b"\x89PNG")


def test_an_unknown_column_is_refused_with_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweep(tmp_path).write()
    assert main(["sweep", str(tmp_path / "sweep"), "--x", "price", *COLUMNS[2:]]) == 2
    error = capsys.readouterr().err
    assert "found no column price, expected one of policy, seed, run, " in error
    assert error.count("\n") == 1


def test_an_unknown_column_of_panels_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweep(tmp_path).write()
    assert main(["sweep", str(tmp_path / "sweep"), *COLUMNS, "--panels", "reads"]) == 2
    assert "found no column reads" in capsys.readouterr().err


def test_a_table_without_numbers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = sweep(tmp_path)
    for row in made.rows:
        row["cost_usd"] = ""
    made.write()
    assert main(["sweep", str(tmp_path / "sweep"), *COLUMNS]) == 2
    assert "no sound run has both cost_usd and goodput_per_s" in capsys.readouterr().err


def test_a_directory_without_a_table_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(tmp_path), *COLUMNS]) == 2
    assert "there is no complete run" in capsys.readouterr().err
