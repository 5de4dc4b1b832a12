"""Two runs side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic import Synthetic

from eraft_analysis.cli import main


def test_a_run_is_as_itself(ordinary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(ordinary), str(ordinary), "--out", str(tmp_path), "--formats", "png,svg"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = [line.split() for line in lines if line.startswith(("read", "update", "first", "later"))]
    assert len(table) > 8
    assert {row[-1] for row in table} <= {"1.000", "-"}
    later = next(row for row in table if row[0] == "later")
    assert later[-3] == later[-2]
    assert (tmp_path / "comparison.png").read_bytes().startswith(b"\x89PNG")
    assert lines[-2:] == [str(tmp_path / "comparison.png"), str(tmp_path / "comparison.svg")]


def test_ratios_are_the_second_over_the_first(
    ordinary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Synthetic(seed=2).write(tmp_path / "other")
    assert main(["compare", str(ordinary), str(other), "--out", str(tmp_path)]) == 0
    for line in capsys.readouterr().out.splitlines():
        cells = line.split()
        if " p50 ms " in f"{line} " and cells[-1] != "-":
            first, second = (float(cell.replace(",", "")) for cell in cells[-3:-1])
            assert float(cells[-1]) == pytest.approx(second / first, rel=0.02)


def test_what_is_no_run_is_refused(ordinary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(ordinary), str(tmp_path)]) == 2
    assert "not a run directory" in capsys.readouterr().err
