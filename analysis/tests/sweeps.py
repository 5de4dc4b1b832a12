"""Makes what a sweep leaves, with the numbers that a test wants."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eraft_analysis.reproduce.experiment import Experiment, Row, rows
from eraft_analysis.reproduce.results import COLUMNS, Results
from eraft_analysis.schema import COUNT, NUMBER, SCHEMAS

Trace = Sequence[Mapping[str, Any]]


class Sweep:
    """A sweep below a directory; runs are added one by one, and the table is written last."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.rows: list[dict[str, str]] = []
        directory.mkdir(parents=True, exist_ok=True)

    def add(
        self, axes: Mapping[str, str], spec: Mapping[str, Any], traces: Mapping[str, Trace] | None = None, **cells: Any
    ) -> None:
        """Add a run; traces have the columns that are given, and others with a neutral value."""
        name = f"{len(self.rows) + 1:02}-" + "-".join(axes.values())
        run = self.directory / name
        run.mkdir(exist_ok=True)
        manifest = {
            "format": 1,
            "name": "test",
            "world": "simulated",
            "seed": 1,
            "complete": True,
            "spec": json.dumps(spec),
        }
        (run / "manifest.json").write_text(json.dumps(manifest))
        for trace, lines in (traces or {}).items():
            _write(run / f"{trace}.csv", trace, lines)
        neutral = {column: "" for column in COLUMNS} | {"verdict": "pass", "measured_s": "10", "elections": "1"}
        self.rows.append({**neutral, "run": name, **axes, **{key: str(value) for key, value in cells.items()}})

    def write(self) -> Results:
        """Write the table and read it back."""
        header = ["run", *(name for name in self.rows[0] if name not in COLUMNS), *COLUMNS[1:]]
        with (self.directory / "sweep.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)
        results = Results.read(self.directory, _no_warning)
        assert results is not None
        return results


def verdicts(experiment: Experiment, results: Results | None) -> list[str]:
    """What is said of each claim, in order."""
    return [row.verdict for row in judged(experiment, results)]


def judged(experiment: Experiment, results: Results | None) -> list[Row]:
    """The rows of the table of an experiment."""
    return rows(experiment, results)


def _no_warning(message: str) -> None:
    raise AssertionError(message)


def _write(path: Path, trace: str, lines: Trace) -> None:
    columns = SCHEMAS[trace].columns
    neutral = {
        c.name: "" if c.optional else c.values[0] if c.values else 0 if c.type in (NUMBER, COUNT) else "x"
        for c in columns
    }
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in columns], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**neutral, **line} for line in lines)
