"""The command line: what it writes, prints and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic import Synthetic

from eraft_analysis.cli import main
from eraft_analysis.figures import FIGURES

SIGNATURES = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return Synthetic(duration=6.0, rate=20.0, faults=[]).write(tmp_path / "run")


def test_plot_writes_every_figure_and_prints_its_path(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", str(run)]) == 0
    expected = [run / "figures" / f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg")]
    assert capsys.readouterr().out.splitlines() == [str(path) for path in expected]
    assert sorted((run / "figures").iterdir()) == sorted(expected)
    for path in expected:
        assert path.read_bytes().startswith(SIGNATURES[path.suffix[1:]])


def test_one_figure_in_every_format_twice_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    written = []
    for out in (tmp_path / "one", tmp_path / "two"):
        arguments = ["plot", str(run), "--out", str(out), "--formats", "pdf,svg,png", "--only", "elections"]
        assert main(arguments) == 0
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0] == written[1]
    assert sorted(written[0]) == ["elections.pdf", "elections.png", "elections.svg"]
    for content in written[0].values():
        for word in (b"CreationDate", b"<dc:date>", b"Matplotlib v", b"matplotlib.org"):
            assert word not in content


def test_summary(ordinary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", str(ordinary)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("run        synthetic, simulated, seed 1\n")
    assert "elections  3 won, 4,945.0 ms without a leader, longest 1,988.0 ms" in out
    assert "outages    read 1 (1.680 s), write 2 (3.730 s)" in out
    assert "faults     2 injected, 1 skipped, 0 failed" in out
    table = [line.split() for line in out.splitlines() if line.startswith(("read", "update", "all"))]
    assert len(table) == 12
    offered = {(row[0], row[1]): int(row[2].replace(",", "")) for row in table}
    assert offered["all", "all"] == offered["read", "all"] + offered["update", "all"]


def test_summary_of_a_run_without_operations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "nothing"}')
    assert main(["summary", str(tmp_path)]) == 0
    assert "no operations" in capsys.readouterr().out


def test_a_bad_trace_gives_one_line_and_exit_code_2(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = run / "elections.csv"
    file.write_text(file.read_text().replace("1312.000", "long"))
    assert main(["plot", str(run), "--only", "elections", "--formats", "svg"]) == 2
    captured = capsys.readouterr()
    assert captured.err == f"error: {file}: line 2, column leaderless_ms: 'long' is not a number\n"
    assert captured.out == ""


def test_a_cut_off_trace_warns_and_draws(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = run / "latency.csv"
    file.write_bytes(file.read_bytes()[:-20])
    assert main(["plot", str(run), "--only", "latency-cdf", "--formats", "svg"]) == 0
    assert capsys.readouterr().err.startswith("warning: latency.csv was cut off: its last line, ")


@pytest.mark.parametrize("what", ["absent", "empty"])
def test_what_is_no_run_directory(tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / what
    if what == "empty":
        path.mkdir()
    assert main(["plot", str(path)]) == 2
    assert str(path) in capsys.readouterr().err
    assert not (path / "figures").exists()


@pytest.mark.parametrize("arguments", [["--formats", "gif"], ["--formats", ","], ["--only", "everything"]])
def test_bad_arguments(run: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["plot", str(run), *arguments])
    assert caught.value.code == 2
    assert capsys.readouterr().err


def test_an_output_that_cannot_be_written(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert main(["plot", str(run), "--out", str(blocked / "figures")]) == 2
    assert "cannot be written" in capsys.readouterr().err
